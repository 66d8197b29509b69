"""Where a source lists its articles when it has no feed: forms of link patterns and selectors, and how often it is visited.

Each reader raises ValueError saying what to write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cssselect import HTMLTranslator, SelectorError

from tipwatch.config.addresses import web_url
from tipwatch.config.document import Document, Plain
from tipwatch.config.problems import KeyPath, Problem
from tipwatch.config.units import named

MAX_CHARS = 500
PAGE = "{page}"
LISTS = ("feeds", "sitemaps", "listings")


def link_pattern(value: object) -> str:
    """What an article's path (or whole URL) looks like: ``*`` any characters but a slash, ``**`` any at all."""
    if not isinstance(value, str) or not 0 < len(value) <= MAX_CHARS or re.search(r"[\x00-\x20\x7f]", value):
        raise ValueError(f'{named(value)} is not a pattern for links: write a path, e.g. "/news/*/*.html"')
    if value.startswith(("^", "(")) or value.endswith("$"):
        raise ValueError(
            f'{named(value)} looks like a regular expression: write * for any characters, ** across slashes, e.g. "/news/**"'
        )
    if not value.startswith(("/", "*", "http://", "https://")):
        raise ValueError(
            f'{named(value)} can match no link: begin with a slash, e.g. "/news/*", or with https://'
        )
    return value


def selector(value: object) -> str:
    """A CSS selector that can be asked for."""
    if not isinstance(value, str) or not 0 < len(value) <= MAX_CHARS:
        raise ValueError(f'{named(value)} is not a CSS selector: write one, e.g. "main h2 a"')
    try:
        HTMLTranslator().css_to_xpath(value)
    except SelectorError:
        raise ValueError(f'{named(value)} is not a CSS selector: write one, e.g. "main h2 a"') from None
    return value


def further_pages(value: object) -> str:
    """A CSS selector of the link to the next page, or a URL (whole, or from the slash on) with ``{page}`` in it."""
    if not isinstance(value, str) or PAGE not in value:
        return selector(value)
    shown = value.replace(PAGE, "2")
    if value.startswith(("/", "?")) and not re.search(r"[\x00-\x20\x7f\\]", value):
        return value
    web_url(shown)
    return value


def list_problems(document: Document, sources: Plain) -> Iterator[Problem]:
    """Sources that list nothing, lists given twice, and bounds of visits that contradict each other."""
    first: dict[str, int] = {}
    for index, entry in enumerate(sources if isinstance(sources, list) else []):
        if not isinstance(entry, dict):
            continue
        yield from nothing_listed(document, index, entry)
        yield from bounds_crossed(document, index, entry)
        for key in LISTS:
            yield from listed_twice(document, ("sources", index, key), entry.get(key), first)


def nothing_listed(document: Document, index: int, entry: dict[str, Plain]) -> Iterator[Problem]:
    """A source without any feed, sitemap or listing."""
    given = [key for key in LISTS if key in entry]
    if not given:
        yield document.problem(
            ("sources", index), "has nothing to read: add `feeds: ...` here (or sitemaps, or listings)"
        )
    elif all(entry[key] == [] for key in given):
        path: KeyPath = ("sources", index, given[0])
        yield document.problem(path, "must not be empty: write at least one, or give sitemaps or listings")


def bounds_crossed(document: Document, index: int, entry: dict[str, Plain]) -> Iterator[Problem]:
    """A rhythm that cannot be kept."""
    poll = entry.get("poll")
    if isinstance(poll, dict) and "every" in poll and ("min" in poll or "max" in poll):
        path: KeyPath = ("sources", index, "poll", "every")
        yield document.problem(path, "leaves nothing to min and max: write either every, or those", key=True)


def listed_twice(
    document: Document, path: KeyPath, listed: Plain, first: dict[str, int]
) -> Iterator[Problem]:
    """URLs that are listed a second time, by the same source or another; `first` says on which line before."""
    what = str(path[-1]).removesuffix("s")
    for number, item in enumerate(listed if isinstance(listed, list) else []):
        url = item.get("url") if isinstance(item, dict) else item
        if not isinstance(url, str):
            continue
        place: KeyPath = (*path, number)
        if url in first:
            yield document.problem(
                place, f"this {what} is already listed on line {first[url]}: remove one of the two"
            )
        elif (position := document.position(place)) is not None:
            first[url] = position.line
