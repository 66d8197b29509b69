"""A feed as RSS 2.0 and as Atom 1.0 (RFC 4287). Written with the standard library: no markup is pasted together."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from xml.etree import ElementTree as ET

from alerts.feeds.feed import Feed, FeedItem

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_XML = "http://www.w3.org/XML/1998/namespace"

for _prefix, _space in (("atom", _ATOM), ("dc", _DC), ("content", _CONTENT)):
    ET.register_namespace(_prefix, _space)


def rss(feed: Feed, self_url: str | None) -> bytes:
    """The feed as RSS 2.0, with the outlet as ``dc:creator`` and the whole as ``content:encoded``."""
    root = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(root, "channel")
    _text(channel, "title", feed.title)
    _text(channel, "link", feed.home_url)
    _text(channel, "description", feed.description)
    _text(channel, "lastBuildDate", _mail_date(feed.updated_at))
    _text(channel, "generator", "tipwatch")
    if self_url is not None:
        link = {"href": self_url, "rel": "self", "type": "application/rss+xml"}
        ET.SubElement(channel, f"{{{_ATOM}}}link", link)
    for item in feed.items:
        _rss_item(ET.SubElement(channel, "item"), item)
    return _bytes(root)


def atom(feed: Feed, self_url: str | None) -> bytes:
    """The feed as Atom 1.0."""
    root = ET.Element("feed", {"xmlns": _ATOM})  # no prefix: simple readers know none
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "subtitle", feed.description)
    _text(root, "updated", _stamp(feed.updated_at))
    _text(root, "generator", "tipwatch")
    if not feed.home_url.startswith("mailto:"):
        ET.SubElement(root, "link", {"href": feed.home_url, "rel": "alternate"})
    if self_url is not None:
        link = {"href": self_url, "rel": "self", "type": "application/atom+xml"}
        ET.SubElement(root, "link", link)
    for item in feed.items:
        _atom_entry(ET.SubElement(root, "entry"), item)
    return _bytes(root)


def _rss_item(into: ET.Element, item: FeedItem) -> None:
    _text(into, "title", item.title)
    if item.url is not None:
        _text(into, "link", item.url)
    ET.SubElement(into, "guid", {"isPermaLink": "false"}).text = item.id
    _text(into, "pubDate", _mail_date(item.published_at))
    _text(into, f"{{{_ATOM}}}updated", _stamp(item.updated_at))
    _text(into, f"{{{_DC}}}creator", item.outlet)
    if item.language is not None:
        _text(into, f"{{{_DC}}}language", item.language)
    for topic in item.topics:
        _text(into, "category", topic)
    _text(into, "description", escape(item.summary, quote=False))  # readers take it for HTML
    _text(into, f"{{{_CONTENT}}}encoded", item.html)


def _atom_entry(into: ET.Element, item: FeedItem) -> None:
    tongue = {f"{{{_XML}}}lang": item.language} if item.language else {}
    _text(into, "id", item.id)
    ET.SubElement(into, "title", tongue).text = item.title
    if item.url is not None:
        ET.SubElement(into, "link", {"href": item.url, "rel": "alternate"})
    _text(into, "published", _stamp(item.published_at))
    _text(into, "updated", _stamp(item.updated_at))
    _text(ET.SubElement(into, "author"), "name", item.outlet)
    for topic in item.topics:
        ET.SubElement(into, "category", {"term": topic})
    ET.SubElement(into, "summary", tongue).text = item.summary
    ET.SubElement(into, "content", {"type": "html", **tongue}).text = item.html


def _text(into: ET.Element, name: str, text: str) -> None:
    ET.SubElement(into, name).text = text


def _bytes(root: ET.Element) -> bytes:
    ET.indent(root, " ")
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _mail_date(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)
