"""Sitemap bytes -> entries, or the sitemaps an index names (https://www.sitemaps.org/protocol.html). Runs in a worker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from crawler.decoding import unpacked
from crawler.entries import MAX_TITLE_CHARS, clean, plain_text, read_date
from crawler.feeds import parse_feed
from crawler.novelty import day_in, loose_moment, moment_of, month_in
from crawler.page import Entry

#: the protocol's own bound on URLs in a sitemap, and on sitemaps in an index
MAX_URLS = 50_000
#: the protocol allows 50 MB; 50,000 URLs with news tags take less than 20 MB
MAX_BYTES = 20 << 20
#: a sitemap with no more URLs is compared with the ledger whole; in a longer one dates decide what is looked at
SHORT = 1000
#: so many equal dates of change are the moment when the sitemap was written, not when articles were
_SAME_DATES = 20
_HOUR = timedelta(hours=1)

#: where XML begins, be it in two bytes a character; what comes before is junk
_START = re.compile(rb"(?:\xfe\xff\x00|\xff\xfe)?<\x00?(?:\?\x00?x|!|u|s|[a-zA-Z]+[\s>:])", re.IGNORECASE)
_JUNK = 2000
#: entities that multiply make the parser give up: without their declarations the rest is read
_INTERNAL_SUBSET = re.compile(rb"<!DOCTYPE[^>\[]*\[.*?\]\s*>", re.DOTALL | re.IGNORECASE)

_NEWS = "http://www.google.com/schemas/sitemap-news/"
_KINDS = {"urlset": "urlset", "sitemapindex": "index"}
_FEEDS = frozenset({"rss", "feed", "rdf"})


@dataclass(frozen=True, slots=True)
class Child:
    """A sitemap that an index names; `changed` is aware UTC, None when not said."""

    url: str
    changed: datetime | None = None


@dataclass(frozen=True, slots=True)
class ParsedSitemap:
    """What a sitemap says.

    Attributes:
        entries: those that may be news: of a long sitemap the ones dated after the cutoff or not at all.
        children: the sitemaps of an index, in its order.
        kind: ``urlset``, ``news``, ``text``, ``index`` or ``feed``; empty when it is no sitemap.
        listed: URLs in it, whether or not they are among `entries`.
        problem: one line about what was wrong, survivable or not; None when all was well.
    """

    entries: tuple[Entry, ...] = ()
    children: tuple[Child, ...] = ()
    kind: str = ""
    listed: int = 0
    problem: str | None = None


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    base: str
    kind: str = ""
    rows: list[dict[str, str]] = field(default_factory=list)
    problem: str | None = None


def parse_sitemap(body: bytes, url: str, cutoff: datetime | None = None) -> ParsedSitemap:
    """What a sitemap of any kind says, however broken; never raises for what the document does.

    Args:
        body: as fetched; it may be a gzip file, of which at most `MAX_BYTES` are read.
        url: where it was read; relative links are resolved against it.
        cutoff: entries of a long sitemap dated before are left out, aware UTC; None: none are.
    """
    text, problem = unpacked(body, MAX_BYTES)
    start = _START.search(text, 0, _JUNK)
    if start is None:
        return _text_sitemap(text, url, problem)
    text = _INTERNAL_SUBSET.sub(b"", text[start.start() :], count=1)
    reading = _Reading(url, problem=problem)
    root = _read_xml(text, reading)
    if root in _FEEDS:  # the protocol takes feeds for sitemaps, too
        feed = parse_feed(text, url, None)
        return ParsedSitemap(feed.entries, (), "feed" if feed.kind else "", len(feed.entries), feed.problem)
    if not reading.kind:
        what = "a web page, no sitemap" if root == "html" else "not a sitemap"
        return ParsedSitemap(problem=problem or what)
    return _index(reading) if reading.kind == "index" else _url_set(reading, cutoff)


def _read_xml(text: bytes, reading: _Reading) -> str:
    """The root's name in lower case, empty when there is none; what it holds is added to `reading`."""
    root = ""
    try:
        for event, element in _events(text):
            name = _name(element)
            if not root:
                root = name.lower()
                reading.kind = _KINDS.get(root, "")
                if not reading.kind:
                    return root
                if reading.kind == "urlset" and any(
                    str(space).startswith(_NEWS) for space in element.nsmap.values()
                ):
                    reading.kind = "news"
            if event == "end" and name in ("url", "sitemap"):
                reading.rows.append(_row(element))
                element.clear()
                if len(reading.rows) >= MAX_URLS:
                    reading.problem = f"only the first {MAX_URLS} URLs were read"
                    return root
    except etree.XMLSyntaxError as error:  # even when asked to go on, it gives up on some
        reading.problem = clean(f"broken XML: {error.msg}")[:200]
    return root


def _events(text: bytes) -> Iterator[tuple[str, etree._Element]]:
    """Starts and ends of elements; no entity is expanded, nothing outside is read, and what is broken is passed by."""
    return iter(
        etree.iterparse(
            BytesIO(text),
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            recover=True,
        )
    )


def _name(element: etree._Element) -> str:
    """Without namespace or prefix (an undeclared prefix stays in the name)."""
    tag = element.tag
    return str(tag).rpartition("}")[2].rpartition(":")[2]


def _row(element: etree._Element) -> dict[str, str]:
    """The texts in a ``url`` or ``sitemap`` by name, the first of each; images, videos and translations are left out."""
    row: dict[str, str] = {}
    for child in element:
        name = _name(child)
        if name == "news":
            for inner in child.iter(etree.Element):
                row.setdefault("news:" + _name(inner), _text(inner))
        elif name in ("loc", "lastmod"):
            row.setdefault(name, _text(child))
    return row


def _text(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext())[:5000].strip()


def _index(reading: _Reading) -> ParsedSitemap:
    children = []
    for row in reading.rows:
        url = _absolute(row.get("loc"), reading.base)
        if url is not None:
            children.append(Child(url, loose_moment(row.get("lastmod"))))
    return ParsedSitemap((), tuple(children), "index", len(children), reading.problem)


def _url_set(reading: _Reading, cutoff: datetime | None) -> ParsedSitemap:
    entries = [entry for row in reading.rows if (entry := _entry(row, reading.base)) is not None]
    entries = _without_common_date(entries)
    listed = len(entries)
    kind = "news" if any(entry.published_raw for entry in entries) else reading.kind
    if cutoff is not None and listed > SHORT:
        entries = [entry for entry in entries if (moment_of(entry) or cutoff) >= cutoff]
    return ParsedSitemap(tuple(entries), (), kind, listed, reading.problem)


def _entry(row: dict[str, str], base: str) -> Entry | None:
    url = _absolute(row.get("loc"), base)
    if url is None:
        return None
    printed = plain_text(row.get("news:publication_date"), 100)
    language = row.get("news:language", "")[:3].strip("-_ ").lower()
    return Entry(
        url=url,
        title=plain_text(row.get("news:title"), MAX_TITLE_CHARS),
        published=read_date(printed),
        published_raw=printed,
        language=language if language.isascii() and language.isalpha() else None,
        updated=loose_moment(row.get("lastmod")),
    )


def _without_common_date(entries: list[Entry]) -> list[Entry]:
    """Without dates of change when all of them are from within one hour: that is when the sitemap was made."""
    changes = [entry.updated for entry in entries if entry.updated is not None]
    if len(changes) < _SAME_DATES or max(changes) - min(changes) > _HOUR:
        return entries
    return [replace(entry, updated=None) for entry in entries]


def _text_sitemap(text: bytes, url: str, problem: str | None) -> ParsedSitemap:
    """One URL a line."""
    lines = text.decode("utf-8-sig", "replace").split("\n", MAX_URLS)[:MAX_URLS]
    links = [line.strip() for line in lines if line.strip()]
    named = [link for link in links if link.lower().startswith(("http://", "https://"))]
    if not named or len(named) * 2 < len(links):
        return ParsedSitemap(problem=problem or "not a sitemap")
    entries = [Entry(found) for link in named if (found := _absolute(link, url)) is not None]
    return ParsedSitemap(tuple(entries), (), "text", len(entries), problem)


def _absolute(link: str | None, base: str) -> str | None:
    cleaned = clean(link or "").replace(" ", "%20")
    try:
        return urljoin(base, cleaned) if cleaned else None
    except ValueError:  # still somebody's link, to be refused by name
        return cleaned


def by_promise(
    children: tuple[Child, ...], cutoff: datetime, now: datetime
) -> tuple[tuple[Child, ...], tuple[Child, ...]]:
    """The children of an index that may hold news, and the others; most promising first.

    News may be in what changed since the cutoff, or is not dated at all. The date is the index's own, else the one in the
    child's URL. Of undated children those that name news come first, then the last ones: most indexes grow at their end.
    """
    dated: list[tuple[Any, ...]] = []
    undated: list[tuple[Any, ...]] = []
    old: list[tuple[Any, ...]] = []
    for place, child in enumerate(children):
        moment = child.changed or _end_of(child.url)
        if moment is None:
            undated.append((_is_news(child.url), place, child))
        else:
            ranked = (min(moment, now), _is_news(child.url), place, child)
            (dated if moment >= cutoff else old).append(ranked)
    first = [one[-1] for group in (dated, undated) for one in sorted(group, key=_rank, reverse=True)]
    return tuple(first), tuple(one[-1] for one in sorted(old, key=_rank, reverse=True))


def _rank(one: tuple[Any, ...]) -> tuple[Any, ...]:
    """Without the child itself, which has no order."""
    return one[:-1]


def _end_of(url: str) -> datetime | None:
    day = day_in(url)
    return day + timedelta(days=1) if day else month_in(url)


def _is_news(url: str) -> bool:
    return "news" in url.rpartition("/")[2].lower()
