"""What a page and its feed declare about times, in their own words: JSON-LD, metadata of many spellings, time elements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from crawler.page import Entry
from pipeline.extract.jsonld import string, types_of
from pipeline.extract.labels import ends_with_change_label
from pipeline.extract.metadata import Metadata
from pipeline.extract.tree import Element
from pipeline.extract.visible import in_other_box, text_before

#: names of metadata, without their punctuation, most trusted first
_OPENGRAPH = (
    "articlepublishedtime", "articlepublished", "articlepublisheddate", "articlepublishtime", "ogpublishedtime",
    "ogarticlepublishedtime", "articlearticlepublishedtime", "ogpublished",
)  # fmt: skip
_META = (
    "datepublished", "pubdate", "publishdate", "publisheddate", "publishedtime", "publishtime", "published", "publicationdate",
    "firstpublished", "firstpublisheddate", "firstpublicationdate", "originalpublicationdate", "articledateoriginal",
    "parselypubdate", "sailthrudate", "cxenseparserecspublishtime", "cxenseparsepublishtime", "mediatorpublishedtime",
    "dcdateissued", "dctermsissued", "dcdatecreated", "dctermscreated", "citationpublicationdate", "citationdate",
    "articledate", "btpubdate", "ogpubdate", "ogreleasedate", "releasedate", "videoreleasedate", "dcdate", "dctermsdate", "date",
)  # fmt: skip
#: of the document, which may be older or younger than the article
_CREATED = (
    "articlecreated",
    "datecreated",
    "lastmodifiedoriginal",
    "timestamp",
)
_MODIFIED = (
    "articlemodifiedtime", "ogupdatedtime", "articlemodified", "datemodified", "lastmodified", "dctermsmodified",
    "dcdatemodified",
)  # fmt: skip
_PUNCTUATION = re.compile(r"[^a-z0-9]")
_MAX_TIMES, _MAX_NAME, _MAX_IN_SCRIPTS = 40, 60, 50
#: a time of publication in the objects from which scripts build the page, quotes possibly escaped
_IN_SCRIPT = re.compile(
    rb"""[\\]{0,3}["'](?:date_?published|published_?(?:at|date|time|on)?|publish_?(?:date|time)|pub_?date|first_?published_?(?:at|date|time)?|"""
    rb"""publication_?(?:date|time)|release_?date)[\\]{0,3}["']\s{0,2}:\s{0,2}(?:[\\]{0,3}["']([^"'\\<>]{8,40})[\\]{0,3}["']|(\d{13}|\d{10})(?!\d))""",
    re.IGNORECASE,
)


def declared_dates(found: Metadata, entry: Entry | None) -> Iterator[tuple[str, str]]:
    """Origin and value of everything that claims to be the time of publication, most trusted first."""
    named = _named(found)
    if printed := string(found.article.get("datePublished")):
        yield "json-ld", printed
    yield from (("opengraph", printed) for key in _OPENGRAPH for printed in named.get(key, ()))
    marked, others = _times(found)
    yield from (("time-element", printed) for printed in marked)
    for node in found.nodes:
        if types_of(node) & {"webpage", "itempage"} and (printed := string(node.get("datePublished"))):
            yield "json-ld", printed
    yield from (("meta", printed) for key in _META for printed in named.get(key, ()))
    for key in ("dateCreated", "uploadDate"):
        if printed := string(found.article.get(key)):
            yield "json-ld", printed
    if not marked:
        yield from (("time-element", printed) for printed in others[:1])
    if entry is not None and entry.published_raw:
        yield "feed", entry.published_raw


def dates_of_document(found: Metadata) -> Iterator[str]:
    """When the document was made, which may be before or after the article: for want of anything better."""
    named = _named(found)
    yield from (printed for key in _CREATED for printed in named.get(key, ()))


def dates_in_scripts(body: bytes) -> list[str]:
    """What the page's scripts name as a time of publication, each value once; of this article only if they agree."""
    found = (one[1] or one[2] for one in islice(_IN_SCRIPT.finditer(body), _MAX_IN_SCRIPTS))
    return [value.decode("utf-8", "replace") for value in dict.fromkeys(found)]


def declared_changes(found: Metadata) -> Iterator[str]:
    """Everything that claims to be the time of the last change, most trusted first."""
    if printed := string(found.article.get("dateModified")):
        yield printed
    named = _named(found)
    yield from (printed for key in _MODIFIED for printed in named.get(key, ()))


def _named(found: Metadata) -> dict[str, list[str]]:
    """Contents of the metadata by name in small letters without punctuation, which varies: "article:published:time"."""
    named: dict[str, list[str]] = {}
    for key, values in found.meta.items():
        if len(key) <= _MAX_NAME:
            named.setdefault(_PUNCTUATION.sub("", key), []).extend(value for value in values if value)
    return named


def _times(found: Metadata) -> tuple[list[str], list[str]]:
    """What time elements say: those marked as the publication, and the others, without times of change and of other articles."""
    marked: list[str] = []
    others: list[str] = []
    for printed, element in found.times[:_MAX_TIMES]:
        if _is_change(element) or in_other_box(element):
            continue
        is_marked = (
            element.get("pubdate") is not None or "datepublished" in (element.get("itemprop") or "").lower()
        )
        (marked if is_marked else others).append(printed)
    return marked[:1], others


def _is_change(element: Element) -> bool:
    marks = f"{element.get('itemprop') or ''} {element.get('class') or ''}".lower()
    return "modif" in marks or "updated" in marks.split() or ends_with_change_label(text_before(element))
