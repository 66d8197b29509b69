"""What a fetched document is: a feed, a sitemap, or a page of a site with what it links to. Pure; runs in a worker."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from crawler.decoding import html_encoding
from crawler.entries import plain_text
from crawler.feeds import parse_feed
from crawler.headlines import looks_like_article
from crawler.listings import read_listing
from crawler.novelty import moment_of
from crawler.page import Entry, FetchedPage
from crawler.sitemaps import Child, parse_sitemap
from crawler.source import Listing
from crawler.urls import host_of, identity, is_fetchable, same_site

#: links of a page that are looked at; entries whose links, dates and titles count
MAX_LINKS = 3000
MAX_ENTRIES = 300
TITLES = 40

_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"}
)
#: labels that feeds share with other documents: WordPress offers its interfaces for programs and for embedding so
_DOUBTFUL_TYPES = frozenset({"application/json", "application/xml", "text/xml"})
_NO_FEED = re.compile(r"wp-json|oembed|xmlrpc|opensearch|manifest|[?&]rsd\b", re.IGNORECASE)
_FEED_URL = re.compile(r"(?<![a-z])(?:rss\d?|feeds?|atom|rdf)(?![a-z])", re.IGNORECASE)
_COMMENTS = re.compile(r"/comments?(?:/|$|\?)|feed=comments|comments-rss", re.IGNORECASE)
_COMMENT_WORDS = re.compile(
    r"\bcomments?\b|комментари|каментар|коментар|kommentar|commentaires|comentarios|şərh|yorum", re.IGNORECASE
)
_OFFSET = re.compile(r"(?:[+-]\d\d:?\d\d|Z|GMT|UTC?)$")
_WEB_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^<>]{0,200}\?>\s*)?(?:<!--[^<>]{0,500}-->\s*)?<(?:!doctype\s+html|html)\b",
    re.IGNORECASE,
)
#: what stands between an outlet's name and its motto
_NAME_ENDS = re.compile(r"\s+[|\u2013\u2014\u00bb:-]+\s+|\s*[|]\s*")
_NEWS_WORDS = re.compile(
    r"news|latest|press|releases?|stories|articles|новост|лент|навін|новин|xəbər|habar|haber|жаңалық|янгилик|"
    r"actualit|noticia|nachricht|notizie|wiadomo|ştiri|știri|newsroom",
    re.IGNORECASE,
)


class Kind(StrEnum):
    """What a document is."""

    FEED = "feed"
    SITEMAP = "sitemap"
    INDEX = "index"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page with its words."""

    url: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """What a page tells of its site.

    Attributes:
        name: of the outlet; None when the page does not say.
        feeds: feeds that it declares; `hints`: links that may lead to feeds, or to pages that list some.
        sections: section pages, those that promise news first.
    """

    name: str | None = None
    feeds: tuple[Link, ...] = ()
    hints: tuple[Link, ...] = ()
    sections: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """What was found in a document.

    Attributes:
        count: articles it lists; `keys`: identities of the first of them.
        newest: when the newest was published, as far as it says; aware UTC.
        own: share of its links that lead to the document's own site, 0 to 1.
        offsets: zones that its dates carry, most frequent first; empty without dates.
        titles: the first of them, by which the language is told; `declared`: what it says itself, as printed.
        is_news: it says itself that it is a news sitemap.
        is_of_comments: it lists readers' comments.
        children: sitemaps that an index names.
        site: for pages.
    """

    kind: Kind
    count: int = 0
    keys: frozenset[str] = frozenset()
    newest: datetime | None = None
    own: float = 1.0
    offsets: tuple[str, ...] = ()
    titles: str = ""
    declared: str | None = None
    is_news: bool = False
    is_of_comments: bool = False
    children: tuple[Child, ...] = ()
    site: Site | None = None
    problem: str = ""


def read_document(page: FetchedPage) -> Document:
    """What the document is, by its content rather than its label."""
    if _WEB_PAGE.match(page.body):  # plainly one: feed readers would look through all of it for nothing
        return _page(page)
    feed = parse_feed(page.body, page.final_url, page.content_type)
    if feed.kind:
        return _listed(Kind.FEED, feed.entries, len(feed.entries), page.final_url, feed.problem)
    found = parse_sitemap(page.body, page.final_url)
    if found.kind == "index":
        return Document(Kind.INDEX, count=len(found.children), children=found.children[:5000])
    if found.kind and found.kind != "text":
        listed = _listed(Kind.SITEMAP, found.entries, found.listed, page.final_url, found.problem)
        return replace(listed, is_news=found.kind == "news")
    return _page(page)


def _page(page: FetchedPage) -> Document:
    """A web page, with the articles it links to."""
    listing = read_listing(page.body, page.final_url, page.content_type, Listing(page.final_url))
    shown = _listed(Kind.PAGE, listing.entries, len(listing.entries), page.final_url, listing.problem)
    site = read_site(page.body, page.final_url, page.content_type)
    return replace(shown, declared=shown.declared or _page_language(page), site=site)


def read_site(body: bytes, url: str, content_type: str | None) -> Site:
    """What a page tells of its site; never raises for what the document does."""
    parser = html.HTMLParser(
        encoding=html_encoding(body, content_type), no_network=True, huge_tree=False, recover=True
    )
    try:
        root = html.document_fromstring(body, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, LookupError, ValueError):  # nothing in it
        return Site()
    return Site(
        name=_name(root, url),
        feeds=tuple(_unique(_declared_feeds(root, url))),
        hints=tuple(_unique(_feed_hints(root, url)))[:10],
        sections=tuple(_sections(root, url))[:10],
    )


def of_entries(kind: Kind, entries: Sequence[Entry], count: int, url: str) -> Document:
    """The same for a list whose entries came by another way."""
    return _listed(kind, entries, count, url, None)


def _listed(kind: Kind, entries: Sequence[Entry], count: int, url: str, problem: str | None) -> Document:
    dated = [moment for entry in entries if (moment := moment_of(entry)) is not None]
    known = {identity(entry.url) for entry in entries}
    looked_at = entries[:MAX_ENTRIES]
    own = sum(1 for entry in looked_at if same_site(entry.url, url))
    offsets = Counter(
        found.group() for entry in looked_at if (found := _OFFSET.search(entry.published_raw or ""))
    )
    comments = sum(1 for entry in looked_at if "#comment" in entry.url)
    return Document(
        kind,
        count,
        frozenset(sorted(known)[: MAX_ENTRIES * 4]),
        max(dated, default=None),
        own / len(looked_at) if looked_at else 1.0,
        tuple(offset for offset, _ in offsets.most_common(3)),
        "\n".join(entry.title or "" for entry in entries[:TITLES]).strip(),
        next((entry.language for entry in entries if entry.language), None),
        is_of_comments=bool(_COMMENTS.search(urlsplit(url).path)) or comments * 2 > len(looked_at),
        problem=problem or "",
    )


def _page_language(page: FetchedPage) -> str | None:
    found = re.search(rb"<html[^>]{0,500}?\blang\s*=\s*[\"']?([a-zA-Z_-]{2,12})", page.body[:20_000])
    return found[1].decode() if found else None


def _name(root: etree._Element, base: str) -> str | None:
    """The outlet's name as the page's own markup or title says it."""
    for element in root.iter("meta"):
        key = (element.get("property") or element.get("name") or "").lower()
        if key in ("og:site_name", "application-name"):
            name = plain_text(element.get("content"), 80)
            if name:
                return name
    for element in root.iter("title"):
        title = plain_text("".join(str(part) for part in element.itertext())[:1000], 300) or ""
        parts = [part.strip()[:80] for part in _NAME_ENDS.split(title) if part.strip()]
        label = re.sub(r"[^a-z0-9]", "", host_of(base).removeprefix("www.").partition(".")[0])
        named = (part for part in parts if label and label in re.sub(r"[^a-z0-9]", "", part.lower()))
        return next(named, parts[0] if parts else None)
    return None


def _declared_feeds(root: etree._Element, base: str) -> Iterator[Link]:
    for element in root.iter("link"):
        if "alternate" not in (element.get("rel") or "").lower().split():
            continue
        url, label = _absolute(element.get("href"), base), (element.get("type") or "").lower().strip()
        title = plain_text(element.get("title"), 200) or ""
        if url is None or _NO_FEED.search(url) or is_of_comments(url, title):
            continue
        if label in _FEED_TYPES or (label in _DOUBTFUL_TYPES and _FEED_URL.search(url)):
            yield Link(url, title)


def _feed_hints(root: etree._Element, base: str) -> Iterator[Link]:
    for link in _links(root, base):
        path = urlsplit(link.url).path
        is_named = link.text.strip().lower() in ("rss", "rss feed", "rss feeds", "feed", "atom")
        is_hint = is_named or (
            _FEED_URL.search(path) and not looks_like_article(link.url, link.text, in_heading=False)
        )
        if is_hint and not _NO_FEED.search(link.url) and not is_of_comments(link.url, link.text):
            yield link


def _sections(root: etree._Element, base: str) -> list[Link]:
    """Links of few words to pages near the root that are no articles; those that promise news first."""
    found: list[tuple[bool, int, int, Link]] = []
    for link in _unique(_links(root, base)):
        parts = urlsplit(link.url)
        depth = len([segment for segment in parts.path.split("/") if segment])
        is_near = 1 <= depth <= 3 and host_of(link.url) == host_of(base) and not parts.query
        if not is_near or not 1 <= len(link.text.split()) <= 4 or _FEED_URL.search(parts.path):
            continue
        if not looks_like_article(link.url, link.text, in_heading=False):
            promises = bool(_NEWS_WORDS.search(f"{parts.path} {link.text}"))
            found.append((not promises, depth, len(found), link))
    return [one[-1] for one in sorted(found, key=lambda one: one[:3])]


def is_of_comments(url: str, title: str) -> bool:
    """Whether a feed is one of readers' comments."""
    return bool(_COMMENTS.search(url) or _COMMENT_WORDS.search(title))


def _links(root: etree._Element, base: str) -> Iterator[Link]:
    for element, _ in zip(root.iter("a"), range(MAX_LINKS), strict=False):
        url = _absolute(element.get("href"), base)
        if url is not None and same_site(url, base):
            words = "".join(str(part) for part, _ in zip(element.itertext(), range(50), strict=False))
            yield Link(url, plain_text(words or element.get("title"), 200) or "")


def _unique(links: Iterator[Link]) -> Iterator[Link]:
    seen: set[str] = set()
    for link in links:
        if link.url not in seen:
            seen.add(link.url)
            yield link


def _absolute(link: str | None, base: str) -> str | None:
    cleaned = (link or "").strip()
    if not cleaned or cleaned.startswith("#"):
        return None
    try:
        url = urljoin(base, cleaned).partition("#")[0].replace(" ", "%20")
    except ValueError:
        return None
    return url if is_fetchable(url) else None
