"""A section page's bytes -> the articles it links to, and where its next page is. Runs in a worker process."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urljoin, urlsplit

from cssselect import SelectorError
from lxml import etree, html
from lxml.cssselect import CSSSelector

from crawler.decoding import html_encoding
from crawler.entries import MAX_TITLE_CHARS, plain_text, read_date
from crawler.headlines import looks_like_article
from crawler.page import Entry
from crawler.source import Listing
from crawler.urls import host_of, identity, is_fetchable, same_site

#: links looked at on one page, counted while iterating: a page with a million cost 90 s (measured)
MAX_LINKS = 2000
#: bytes read of one page: 15 MB of links took 240 MB as a tree (measured), and the newest links come first
MAX_BYTES = 4 << 20
#: bounds on the URLs of further pages, against calendars and other traps that never end
MAX_PAGE_URL = 2048
MAX_PARAMETERS = 8
MAX_SAME_SEGMENTS = 2

_PAGE = "{page}"
#: how far up from a link its date is looked for
_CARD_LEVELS = 4
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True)
class ListingPage:
    """What one page of a listing links to.

    Attributes:
        entries: articles in the page's order, each URL identity once.
        more: URL of the next page; None when there is none, or none that may be followed.
        problem: one line about what was wrong; None when all was well.
    """

    entries: tuple[Entry, ...] = ()
    more: str | None = None
    problem: str | None = None


@dataclass(slots=True)
class _Found:
    """One article as its links show it."""

    url: str
    title: str = ""
    published_raw: str | None = None


@dataclass(slots=True)
class _Links:
    """The articles found so far, by identity."""

    listing: Listing
    base: str
    found: dict[str, _Found] = field(default_factory=dict)


def read_listing(
    body: bytes, url: str, content_type: str | None, listing: Listing, number: int = 1
) -> ListingPage:
    """The articles that a section page links to, and its next page; never raises for what the document does.

    Args:
        body: as fetched, decompressed.
        url: where it was read; relative links are resolved against it.
        content_type: the header's value, whose charset counts; None when missing.
        listing: what is known of the section.
        number: which of its pages this is (>= 1), for ``{page}``.
    """
    root = _tree(body, content_type)
    if root is None:
        return ListingPage(problem="no web page")
    base = _base(root, url)
    links = _Links(listing, base)
    try:
        for anchor in _anchors(root, listing.css):
            _take(links, anchor)
        more = _more(root, base, listing, number)
    except (SelectorError, etree.XPathError) as error:  # a selector that cannot be asked for
        return ListingPage(problem=f"the selector does not work: {error}"[:200])
    entries = tuple(_entry(one) for one in links.found.values())
    return ListingPage(entries, more, None if entries else "no links to articles")


def matches(pattern: str, url: str) -> bool:
    """Whether a URL is of the form that `Listing.links` describes; a slash at the end makes no difference."""
    parts = urlsplit(url)
    asked = f"{parts.path}?{parts.query}" if "?" in pattern else parts.path
    whole = f"{parts.scheme}://{parts.netloc}{asked}" if "://" in pattern else asked
    return _form(pattern).fullmatch(whole) is not None


def may_follow(url: str, first: str) -> bool:
    """Whether a further page may be asked for: on the listing's own site, and not of a form that traps have (F31)."""
    if not is_fetchable(url) or len(url) > MAX_PAGE_URL or not same_site(url, first):
        return False
    parts = urlsplit(url)
    repeated = Counter(segment for segment in parts.path.split("/") if segment)
    parameters = parse_qsl(parts.query, keep_blank_values=True)
    return len(parameters) <= MAX_PARAMETERS and max(repeated.values(), default=0) <= MAX_SAME_SEGMENTS


def _form(pattern: str) -> re.Pattern[str]:
    pieces = re.split(r"(\*+)", pattern.rstrip("/"))
    readable = {"*": r"[^/]*"}
    form = "".join(
        re.escape(piece) if not piece.startswith("*") else readable.get(piece, ".*") for piece in pieces
    )
    return re.compile(form + "/?", re.DOTALL)


def _tree(body: bytes, content_type: str | None) -> etree._Element | None:
    try:
        parser = _parser(html_encoding(body, content_type))
    except LookupError:  # Python knows encodings that libxml2 does not
        parser = _parser(None)
    try:
        return html.document_fromstring(body[:MAX_BYTES], parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, LookupError, ValueError):  # nothing in it
        return None


def _parser(encoding: str | None) -> html.HTMLParser:
    """Raises LookupError for an encoding that libxml2 does not know."""
    return html.HTMLParser(encoding=encoding, no_network=True, huge_tree=False, recover=True)


def _base(root: etree._Element, url: str) -> str:
    """The page's own base, where it is on the same site."""
    for element in root.iter("base"):
        base = _absolute(element.get("href"), url)
        if base is not None and same_site(base, url):
            return base
        break
    return url


def _anchors(root: etree._Element, css: str) -> Iterator[etree._Element]:
    """The page's links, or those in what the selector picks; at most `MAX_LINKS`."""
    left = MAX_LINKS
    for holder in _selected(root, css) if css else (root,):
        for anchor in holder.iter("a"):
            if left == 0:
                return
            left -= 1
            yield anchor


def _selected(root: etree._Element, css: str) -> list[etree._Element]:
    """Raises what cssselect and lxml raise for a selector that cannot be asked for."""
    found = CSSSelector(css, translator="html")(root)
    return list(found) if isinstance(found, list) else []  # type: ignore[arg-type]  # a selector picks elements only


def _take(links: _Links, anchor: etree._Element) -> None:
    """Add the link, if it is one to an article; of several to the same article the longest text is its title."""
    listing = links.listing
    url = _absolute(anchor.get("href"), links.base)
    if url is None or not is_fetchable(url) or not same_site(url, listing.url):
        return
    key = identity(url)
    if key == identity(listing.url):
        return
    title = plain_text(" ".join(_texts(anchor)), MAX_TITLE_CHARS) or ""
    known = links.found.get(key)
    if known is None:
        if not _is_wanted(listing, url, title, anchor):
            return
        known = links.found[key] = _Found(url, published_raw=_date_beside(anchor, links.base))
    if len(title) > len(known.title):
        known.title = title


def _is_wanted(listing: Listing, url: str, title: str, anchor: etree._Element) -> bool:
    if listing.links:
        return matches(listing.links, url)
    if listing.css:
        return True
    return looks_like_article(url, title, in_heading=_is_in_heading(anchor))


def _is_in_heading(anchor: etree._Element) -> bool:
    around = [one for one, _ in zip(anchor.iterancestors(), range(3), strict=False)]
    return any(one.tag in _HEADINGS for one in around) or any(
        child.tag in _HEADINGS for child, _ in zip(anchor.iterdescendants(), range(20), strict=False)
    )


def _texts(anchor: etree._Element) -> Iterator[str]:
    """The link's words, and what its picture shows where it has none."""
    words = [str(text) for text, _ in zip(anchor.itertext(), range(100), strict=False)]
    if any(word.strip() for word in words):
        yield from words
        return
    yield from (anchor.get("title") or anchor.get("aria-label") or "",)


def _date_beside(anchor: etree._Element, base: str) -> str | None:
    """The `datetime` of a ``<time>`` in the link's card: the smallest element around that holds one, and no other link."""
    card = anchor
    for _ in range(_CARD_LEVELS):
        times = [one.get("datetime") for one, _ in zip(card.iter("time"), range(2), strict=False)]
        if times:
            return plain_text(times[0], 100) if len(times) == 1 else None
        parent = card.getparent()
        if parent is None or _leads_elsewhere(parent, anchor, base):
            return None
        card = parent
    return None


def _leads_elsewhere(card: etree._Element, anchor: etree._Element, base: str) -> bool:
    """Whether it holds titles of several articles: then a date in it is not that of this one."""
    own = _absolute(anchor.get("href"), base)
    several = [one for one, _ in zip(card.iter("a"), range(12), strict=False)]
    others = {_absolute(one.get("href"), base) for one in several if len(" ".join(_texts(one)).split()) > 3}
    return len(several) == 12 or bool(others - {own})


def _entry(found: _Found) -> Entry:
    return Entry(
        url=found.url,
        title=found.title or None,
        published=read_date(found.published_raw),
        published_raw=found.published_raw,
    )


def _more(root: etree._Element, base: str, listing: Listing, number: int) -> str | None:
    """The next page's URL, when it may be followed."""
    if _PAGE in listing.more:
        url = _absolute(listing.more.replace(_PAGE, str(number + 1)), listing.url)
    else:
        url = next(
            (link for one in _next_links(root, listing.more) if (link := _absolute(one.get("href"), base))),
            None,
        )
    return url if url is not None and may_follow(url, listing.url) else None


def _next_links(root: etree._Element, css: str) -> Iterator[etree._Element]:
    if css:
        for holder in _selected(root, css):
            yield from holder.iter("a", "link")
        return
    for element in root.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split():
            yield element


def _absolute(link: str | None, base: str) -> str | None:
    """Without a fragment; None for what leads nowhere else."""
    cleaned = (link or "").strip()
    if not cleaned or cleaned.startswith("#"):
        return None
    try:
        url = urljoin(base, cleaned).partition("#")[0]
    except ValueError:
        return None
    return url.replace(" ", "%20") if host_of(url) else None
