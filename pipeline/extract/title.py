"""The headline of a page, without the site's name and without what separates the two."""

from __future__ import annotations

import re

from pipeline.extract.decode import clean_line
from pipeline.extract.jsonld import string, types_of
from pipeline.extract.metadata import Metadata
from pipeline.extract.tree import text_of

_SEPARATOR = re.compile(
    r"\s+[|\u2022\u00b7\u2013\u2014\u00bb\u00ab:/>~-]+\s+|\s*[|\u00bb\u2502\uff5c_]\s*|\s+::\s+"
)
_NOT_A_WORD = re.compile(r"\W+")
_TITLE_CLASS = re.compile(
    r"(^|[\s_-])(title|headline|heading|header-title|zagolovok|entry-title|post-title)", re.IGNORECASE
)
_MAX_CHARS = 400


def read_title(page: Metadata, outlet: str) -> str:
    """The headline: JSON-LD, OpenGraph, heading or page title, whichever the others bear out; empty when there is none."""
    sites = site_names(page, outlet)
    declared = clean_line(string(page.article.get("headline") or page.article.get("name")))
    social = clean_line(page.first("og:title", "twitter:title", "dc.title") or "")
    candidates = [strip_site(text, sites) for text in (declared, social) if text and not _is_cut(text)]
    if (
        len(candidates) == 2
        and plain(candidates[0]) == plain(candidates[1])
        and not _is_site(candidates[0], sites)
    ):
        return candidates[0][:_MAX_CHARS]
    heading = _heading(page, candidates, sites)
    if candidates and len(candidates[0]) > 20 and plain(heading).endswith(plain(candidates[0])):
        # a kicker stands in the same heading
        return candidates[0][:_MAX_CHARS]
    if heading and (not candidates or any(_akin(heading, one) for one in [*candidates, page.page_title])):
        return heading[:_MAX_CHARS]
    for one in candidates:
        if one and not _is_site(one, sites):
            return one[:_MAX_CHARS]
    return (strip_site(page.page_title, sites) or heading)[:_MAX_CHARS]


def site_names(page: Metadata, outlet: str) -> list[str]:
    """Names under which the site may stand beside a headline, longest first."""
    found = [
        outlet,
        *page.every(
            "og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site", "publisher"
        ),
    ]
    found += [
        string(node.get("name"))
        for node in page.nodes
        if types_of(node) & {"website", "newsmediaorganization"}
    ]
    publisher = page.article.get("publisher")
    if isinstance(publisher, dict):
        found.append(string(publisher.get("name")))
    host = (
        page.url.partition("//")[2]
        .partition("/")[0]
        .rpartition("@")[2]
        .partition(":")[0]
        .removeprefix("www.")
    )
    found += [host, host.partition(".")[0]]
    return sorted(
        {clean_line(name).lstrip("@") for name in found if len(clean_line(name)) > 1}, key=len, reverse=True
    )


def strip_site(title: str, sites: list[str]) -> str:
    """The title without a leading or trailing part that names the site."""
    for _ in range(3):
        cuts = list(_SEPARATOR.finditer(title))
        if not cuts:
            break
        first, last = cuts[0], cuts[-1]
        if _is_site(title[last.end() :], sites) and title[: last.start()].strip():
            title = title[: last.start()].strip()
        elif _is_site(title[: first.start()], sites) and title[first.end() :].strip():
            title = title[first.end() :].strip()
        else:
            break
    return title


def plain(text: str) -> str:
    """Letters and digits only, case folded: for comparing titles."""
    return _NOT_A_WORD.sub("", text).casefold()


def _is_site(part: str, sites: list[str]) -> bool:
    bare = plain(part)
    if len(bare) < 2:
        return False
    return any(bare == plain(site) or (len(bare) > 3 and plain(site).startswith(bare)) for site in sites)


def _is_cut(title: str) -> bool:
    return title.endswith(("...", "\u2026"))


def _heading(page: Metadata, candidates: list[str], sites: list[str]) -> str:
    """The visible heading of the article; empty when none can be told."""
    tops = [text for text in page.main_headings if 3 < len(text) <= _MAX_CHARS and not _is_site(text, sites)]
    for known in [*candidates, page.page_title]:
        for text in tops:
            if _akin(text, known):
                return text
    if len(tops) == 1:
        return tops[0]
    for element in page.headings:
        text = text_of(element)
        if len(text) > 8 and plain(text) in plain(page.page_title):
            return text
        if (
            _TITLE_CLASS.search(element.get("class") or "")
            and element.tag == "h2"
            and not tops
            and not candidates
        ):
            return text
    return tops[0] if tops else ""


def _akin(one: str, other: str) -> bool:
    """Whether two titles are one, give or take a site's name or a kicker."""
    a, b = plain(one), plain(other)
    if not a or not b:
        return False
    short, long = sorted((a, b), key=len)
    return short in long and len(short) * 10 >= len(long) * 4
