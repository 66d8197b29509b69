"""The headline of a page as its readers see it, without kicker, site and what separates them: decided by agreement."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from pipeline.extract.decode import clean_line
from pipeline.extract.jsonld import string
from pipeline.extract.metadata import Metadata
from pipeline.extract.sites import is_site, plain, site_names, strip_guessed, strip_site
from pipeline.extract.tree import Element, text_of

__all__ = ["plain", "read_title", "site_names", "strip_site"]

_TITLE_CLASS = re.compile(
    r"(^|[\s_-])(title|headline|heading|header-title|zagolovok|entry-title|post-title)", re.IGNORECASE
)
#: what stands above or before the headline inside the same h1
_KICKER_CLASS = re.compile(
    r"kicker|topline|top-line|overline|over-line|eyebrow|dachzeile|spitzmarke|roofline|rubri[ck]|categor|surtitre|antetitulo|"
    r"cintillo|supertitle|super-title|pretitle|pre-title|label|(?:^|[\s_-])(?:tag|topic|section|badge)(?:$|[\s_-])",
    re.IGNORECASE,
)
#: where a site writes its own name
_MAST_CLASS = re.compile(r"logo|brand|masthead|site-?(?:title|name|header)", re.IGNORECASE)
_ARTICLE_CLASS = re.compile(r"article|entry|post|story|content|headline", re.IGNORECASE)
_WORD = re.compile(r"[^\W\u3040-\u9fff\uac00-\ud7af]{3,}")
_SIGNS = re.compile(r"(?=([\u3040-\u9fff\uac00-\ud7af]{2}))")
_RESTS = " :|/\u2013\u2014\u00b7\u2022.-"
_MAX_CHARS, _MAX_RAW = 400, 2_000
#: a declared headline this long, inside the visible one, is the whole headline and the rest its kicker or subline
_SURE_CHARS = 20
#: words (pairs of signs) that two wordings of one headline share, and as a share of the shorter's: a section's name shares none
_SAME_WORDS, _SAME_SHARE = 2, 0.3
_TRIED, _LEVELS = 8, 5


def read_title(page: Metadata, outlet: str, feed: str = "") -> str:
    """The headline: as printed in the page where what it declares bears that out, else as declared; empty when there is none.

    Args:
        page: what the page declares, and its headings.
        outlet: the source's name; may be empty.
        feed: the title that the feed gave; empty when there is none.
    """
    sites = site_names(page, outlet)
    sections = [*page.every("article:section", "section"), string(page.article.get("articleSection"))]
    stripped = [strip_site(clean_line(one[:_MAX_RAW]), sites, sections) for one in (*_declared(page), feed)]
    stripped = [one for one in stripped if one and not is_site(one, sites)]
    others = [*page.main_headings, page.page_title, *stripped]
    declared = [one for one in stripped if not _is_cut(one, others)]
    printed = strip_site(page.page_title, sites, sections)
    printed = "" if is_site(printed, sites) else printed
    visible = _visible(page, [one for one in (*declared, printed, *stripped) if one], sites)
    if (
        page.echo
        and not declared
        and not (visible and visible in page.page_title and len(visible) > len(page.echo))
    ):
        return page.echo
    if visible:
        return _as_read(visible, declared, printed, _twice(page, declared))[:_MAX_CHARS]
    if declared:
        return _shortest_start(declared[0], declared)[:_MAX_CHARS]
    return (strip_guessed(printed) or next(iter(stripped), ""))[:_MAX_CHARS]


def _declared(page: Metadata) -> list[str]:
    """What the page calls its headline for machines, most telling first."""
    return [
        string(page.article.get("headline") or page.article.get("name")),
        page.first("headline") or "",
        page.first("og:title") or "",
        page.first("twitter:title") or "",
        page.first("dc.title", "title") or "",
    ]


def _twice(page: Metadata, declared: list[str]) -> str:
    """The headline that both JSON-LD and the tags for link previews give; empty when they differ or one is missing."""
    both = page.article.get("headline") and page.first("og:title", "twitter:title")
    return declared[0] if both and any(plain(one) == plain(declared[0]) for one in declared[1:3]) else ""


def _as_read(visible: str, declared: list[str], printed: str, twice: str) -> str:
    """The visible headline, without what stands about it in the same heading.

    Args:
        visible: the heading that readers see.
        declared: headlines the page declares, most telling first.
        printed: its title, without the site's name.
        twice: the headline that JSON-LD and the tags for link previews agree upon; empty when they do not.
    """
    for one in declared:
        if plain(one) == plain(visible):
            return _richer(visible, one)
    for number, one in enumerate(declared):
        if _is_part(one, visible) and (len(one) > _SURE_CHARS or _akin(one, visible)):
            borne_out = any(plain(one) == plain(other) for other in declared[number + 1 :])
            # a kicker and the like; but a declared headline of its own wording may have been cut short
            return visible if plain(visible) == plain(printed) and not borne_out else one
    # another wording: two against one, and readers' before machines'
    outvoted = twice and plain(visible) != plain(printed) and not _is_part(visible, twice)
    return twice if outvoted else visible


def _richer(visible: str, declared: str) -> str:
    """The spelling with more signs between the words: what style alone parts, or quotes a template ate; else the visible one."""
    if len(visible.split()) < len(declared.split()):
        return declared
    return declared if _signs(declared) > _signs(visible) else visible


def _signs(text: str) -> int:
    return sum(not (char.isalnum() or char.isspace()) for char in text)


def _shortest_start(text: str, others: Iterable[str]) -> str:
    """The text, or what another says it begins with before a separator."""
    for other in others:
        rest = text.removeprefix(other)
        if len(other) > _SURE_CHARS and rest != text and rest.lstrip()[:1] in set(_RESTS):
            text = other
    return text


def _visible(page: Metadata, known: list[str], sites: list[str]) -> str:
    """The visible heading of the article; empty when none can be told."""
    tops = [
        (text, element)
        for text, element in page.tops[:_TRIED]
        if 3 < len(text) <= _MAX_CHARS and not is_site(text, sites)
    ]
    for one in known:
        for text, element in tops:
            if _akin(text, one):
                return _without_kicker(text, element, known)
    own = [(text, element) for text, element in tops if not _is_mast(element)]
    for text, element in own:
        if not known or any(_same_news(text, one) for one in known):
            return _without_kicker(text, element, known)
    if len(own) == 1 and not any(_declared(page)) and not _same_news(_last_of(page.url), page.page_title):
        # a title that is the same on every page of the site
        return own[0][0]
    return _lower_heading(page, known)


def _last_of(url: str) -> str:
    """The words of the last part of an address."""
    return url.partition("?")[0].rstrip("/").rpartition("/")[2].replace("-", " ").replace("_", " ")


def _lower_heading(page: Metadata, known: list[str]) -> str:
    """The headline among the h2, for pages that print it there: one that the title holds, or that is marked as one."""
    for element in page.headings:
        if element.tag != "h2":
            continue
        text = text_of(element)
        if len(text) > 8 and any(plain(text) in plain(one) and _akin(text, one) for one in known):
            return _without_kicker(text, element, known)
        if not known and _TITLE_CLASS.search(element.get("class") or ""):
            return text
    return ""


def _without_kicker(text: str, heading: Element, known: list[str]) -> str:
    """The heading's text without an element marked as its kicker, unless the page declares the two together."""
    together = any(plain(text) == plain(one) for one in known)
    for element in heading.iterdescendants("span", "small", "div", "p", "a", "strong", "em", "b", "i"):
        if _KICKER_CLASS.search(element.get("class") or ""):
            kicker = text_of(element)
            rest = text.removeprefix(kicker).lstrip(_RESTS)
            fits = kicker and rest != text and len(rest) > len(kicker) // 2 and len(rest) > 8
            alone = any(plain(rest) == plain(one) for one in known)
            return rest if fits and (alone or not together) else text
    return text


def _is_mast(heading: Element) -> bool:
    """Whether a heading is the site's own: in the head of the page, marked as its logo, or a link to its front page."""
    if any(link.get("href") in {"/", "./", "#"} for link in heading.iterdescendants("a")):
        return True
    for element in [heading, *islice(heading.iterancestors(), _LEVELS)]:
        marks = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element.tag in {"article", "main", "body"} or _ARTICLE_CLASS.search(marks):
            return False
        if element.tag in {"header", "nav", "footer"} or _MAST_CLASS.search(marks):
            return True
    return False


def _is_cut(title: str, others: Iterable[str]) -> bool:
    """Whether another wording goes on where this one ends in dots; some headlines just end in them."""
    if not title.endswith(("...", "\u2026")):
        return False
    start = plain(title)
    return any(plain(other).startswith(start) and len(plain(other)) > len(start) for other in others)


def _is_part(short: str, long: str) -> bool:
    """Whether one headline begins or ends with the other, and goes on."""
    a, b = plain(short), plain(long)
    return 0 < len(a) < len(b) and (b.startswith(a) or b.endswith(a))


def _akin(one: str, other: str) -> bool:
    """Whether two titles are one, give or take a site's name or a kicker."""
    a, b = plain(one), plain(other)
    if not a or not b:
        return False
    short, long = sorted((a, b), key=len)
    return short in long and len(short) * 10 >= len(long) * 4


def _same_news(one: str, other: str) -> bool:
    """Whether two titles are wordings of one: for readers and for search engines."""
    a, b = _words(one), _words(other)
    shared = len(a & b)
    return shared >= _SAME_WORDS and shared >= _SAME_SHARE * min(len(a), len(b))


def _words(text: str) -> set[str]:
    folded = text.casefold()
    return {*_WORD.findall(folded), *_SIGNS.findall(folded)}
