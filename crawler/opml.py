"""OPML subscription lists -> sources, with a parser that refuses entities."""

from __future__ import annotations

from urllib.parse import urlsplit

from lxml import etree

from crawler.errors import CrawlError
from crawler.source import Manners, Source

MAX_OUTLINES = 20_000


def read_opml(document: bytes, manners: Manners) -> tuple[Source, ...]:
    """The feeds of an OPML list, one source each, in document order; outlines without an http(s) xmlUrl are passed over.

    Raises:
        CrawlError: it is not XML, or holds no feed.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise CrawlError(f"not an OPML list: {error.msg}") from error
    found: dict[str, Source] = {}
    for outline in list(root.iter("outline"))[:MAX_OUTLINES]:
        url = (outline.get("xmlUrl") or "").strip()
        if urlsplit(url).scheme in ("http", "https") and url not in found:
            found[url] = feed_source(url, outline.get("title") or outline.get("text"), manners)
    if not found:
        raise CrawlError("the OPML list holds no feed: no outline has an http or https xmlUrl")
    return tuple(found.values())


def feed_source(feed_url: str, name: str | None, manners: Manners) -> Source:
    """A source for a feed that no configuration names; its id is the feed's host and path, so it is stable across runs."""
    parts = urlsplit(feed_url)
    path = parts.path.strip("/").replace("/", "-")
    query = f"-{parts.query}" if parts.query else ""
    host = parts.hostname or "feed"
    return Source(
        id=f"{host}-{path}{query}".strip("-"),
        name=(name or host).strip() or host,
        feeds=(feed_url,),
        manners=manners,
    )
