"""Who wrote an article: names of people and desks; agencies apart; no job titles, no links, no outlet beside its people."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, islice

from pipeline.extract import jsonld
from pipeline.extract.byline_marks import (
    dated_bylines,
    marked_bylines,
    opened_bylines,
    signatures,
)
from pipeline.extract.metadata import Metadata
from pipeline.extract.person_names import Names, read_names
from pipeline.extract.title import plain
from pipeline.extract.tree import Element

_META = (
    "author",
    "article:author",
    "article:authors",
    "dc.creator",
    "dc.creator.personalname",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
    "citation_author",
    "cxenseparse:author",
    "dable:author",
    "twitter:misc:written by",
)
_WRITTEN_BY = (
    "written by",
    "author",
    "autor",
    "verfasst",
    "geschrieben",
    "écrit",
    "escrito",
    "автор",
    "написано",
)
_MAX_REFERENCES, _MAX_TRIED = 12, 12


@dataclass(frozen=True, slots=True)
class Byline:
    """Who signs an article.

    Attributes:
        authors: people and desks, as printed; the outlet's own name or an agency's only where nobody else signs.
        agencies: agencies and other outlets of the byline, as printed.
    """

    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()


def read_byline(page: Metadata, root: Element, sites: list[str], feed_author: str | None) -> Byline:
    """The byline: JSON-LD, else meta, else what is visible, else the feed; empty when none is given.

    Agencies and outlets are no authors beside people. Where nobody else is named, whoever signs stands: a house byline is one as
    well, and so is an agency's (which is credited besides).
    """
    own = {plain(site) for site in sites}
    seen: list[Names] = []
    for printed, listed in (
        (_declared(page), True),
        ([*_labelled(page), *page.every(*_META)], False),
    ):
        seen.append(read_names(printed, own, listed=listed))
        if seen[-1].people:
            return _byline(seen, own)
    declared = list(seen)
    if not any(names.agencies or names.staff for names in declared):
        for texts in islice(chain(marked_bylines(root), opened_bylines(root)), _MAX_TRIED):
            names = read_names(texts, own)
            if names.people:
                return _byline([*seen, names], own)
            if names.agencies:
                seen.append(names)
                break
        if feed_author:
            seen.append(read_names([feed_author], own))
            if seen[-1].people:
                return _byline(seen, own)
    houses = [name for names in declared for name in (*names.staff.values(), *names.house.values())]
    agencies = _agencies(seen)
    return Byline(tuple(houses[:1]) or agencies, agencies)


def signed(byline: Byline, text: str, dated: list[str], sites: list[str]) -> Byline:
    """The byline; where it names nobody, the name beside the date (`dated` lines), or who signs the text itself."""
    own = {plain(site) for site in sites}
    if byline.authors != byline.agencies and not own.issuperset(map(plain, byline.authors)):
        return byline
    for texts in chain(dated_bylines(dated, own), signatures(text)):
        names = read_names(texts, own)
        if names.people:
            return Byline(names.authors, tuple(dict.fromkeys([*byline.agencies, *_agencies([names])])))
    return byline


def _byline(seen: list[Names], own: set[str]) -> Byline:
    """The people named last, and every agency and other outlet that signs with them."""
    others = [name for names in seen for key, name in names.house.items() if key not in own]
    return Byline(seen[-1].authors, tuple(dict.fromkeys([*_agencies(seen), *others])))


def _agencies(seen: list[Names]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for names in seen:
        for key, name in names.agencies.items():
            found.setdefault(key, name)
    return tuple(found.values())


def _declared(page: Metadata) -> list[str]:
    """Names in the JSON-LD author, references to other nodes of the page followed."""
    author = page.article.get("author") or page.article.get("creator")
    found = jsonld.names(author)
    if found:
        return found
    by_id = {
        node.get("@id"): node for node in page.nodes if isinstance(node.get("@id"), str) and node.get("name")
    }
    references = author if isinstance(author, list) else [author]
    for one in references[:_MAX_REFERENCES]:
        node = (
            by_id.get(one.get("@id")) if isinstance(one, dict) and isinstance(one.get("@id"), str) else None
        )
        if node is not None:
            found += jsonld.names(node.get("name"))
    return found


def _labelled(page: Metadata) -> list[str]:
    """The name under a "Written by" label in the tags for link previews."""
    label = (page.first("twitter:label1") or "").casefold()
    name = page.first("twitter:data1")
    return [name] if name and any(word in label for word in _WRITTEN_BY) else []
