"""When an article was published, and when it was changed: every place that says so is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone

from pipeline.article import Published
from pipeline.extract.ago import find_relative
from pipeline.extract.jsonld import string, types_of
from pipeline.extract.labels import Said, ends_with_change_label, labelled_parts
from pipeline.extract.metadata import Metadata
from pipeline.extract.page import PageInput
from pipeline.extract.printed import find_moments
from pipeline.extract.stamps import read_stamp
from pipeline.extract.tree import Element
from pipeline.extract.verdict import (
    EARLIEST,
    LATEST_AHEAD,
    Candidate,
    Circumstances,
    at_source,
    best_of,
    problem_of,
    published,
    settle,
)
from pipeline.extract.visible import in_other_box, text_before
from pipeline.extract.zones import offset_of

#: names of metadata, without their punctuation, most trusted first
_OPENGRAPH = (
    "articlepublishedtime", "articlepublished", "articlepublisheddate", "articlepublishtime", "ogpublishedtime",
    "ogarticlepublishedtime", "articlearticlepublishedtime", "ogpublished",
)  # fmt: skip
_META = (
    "datepublished", "pubdate", "publishdate", "publisheddate", "publishedtime", "publishtime", "published", "publicationdate",
    "firstpublished", "firstpublisheddate", "firstpublicationdate", "originalpublicationdate", "articledateoriginal",
    "parselypubdate", "sailthrudate", "cxenseparserecspublishtime", "cxenseparsepublishtime", "mediatorpublishedtime",
    "dcdateissued", "dctermsissued", "citationpublicationdate", "citationdate", "articledate", "btpubdate", "ogpubdate",
    "ogreleasedate", "releasedate", "videoreleasedate", "dcdate", "dctermsdate", "date",
)  # fmt: skip
#: of the document, which may be older or younger than the article
_CREATED = (
    "dcdatecreated",
    "dctermscreated",
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
_URL_DATE = re.compile(r"[/_-]((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?([0-2]\d|3[01])(?=[/_.-]|$)")
#: a line of running text is a date line no further than this
_HEAD_CHARS, _LINE_CHARS = 80, 160
_MONTH_FIRST_COUNTRIES = frozenset({"US", "PH", "FM", "MH", "PW"})
#: English of these countries puts the day first; Canada's does both
_DAY_FIRST_REGIONS = "gb uk ie au nz in za ng ke gh ug tz zm zw pk bd lk sg my hk mt jm tt"
_DAY_FIRST_ENGLISH = frozenset(_DAY_FIRST_REGIONS.split())
_REGION = re.compile(r"^[a-zA-Z]{2,3}[-_](?:[A-Za-z]{4}[-_])?([A-Za-z]{2})\b")


def read_published(
    page: PageInput, found: Metadata, visible: Iterable[str], language: str | None
) -> tuple[Published | None, str | None]:
    """When it was published, and, when that is None, one line that says why.

    Args:
        page: the page with what is known of its source.
        found: what the page declares.
        visible: pieces of text near the headline, the most likely first.
        language: ISO 639-1 of the text.
    """
    known = Circumstances(page.fetched_at, page.timezone)
    candidates = list(_candidates(page, found, visible, language))
    days = {one.moment.day for one in candidates if not one.moment.ambiguous}
    refused: list[str] = []
    valid: list[Candidate] = []
    for candidate in candidates:
        settled = settle(candidate, days, known) if candidate.moment.ambiguous else candidate
        problem = "day and month could be exchanged" if settled is None else problem_of(settled, known)
        if settled is None or problem:
            refused.append(f"{candidate.origin} {candidate.printed!r}: {problem}")
        else:
            valid.append(settled)
    if not valid:
        return None, "; ".join(dict.fromkeys(refused[:3])) or _silence(visible)
    return published(best_of(valid, known), known), None


def read_modified(
    page: PageInput, found: Metadata, visible: Iterable[str] = (), language: str | None = None
) -> datetime | None:
    """When it was last changed, aware UTC, as declared or printed with a time; None when it is not, or impossible."""
    known = Circumstances(page.fetched_at, page.timezone)
    order = month_first(page.country, language, _region(found))
    named = _named(found)
    declared = [
        string(found.article.get("dateModified")),
        *(value for key in _MODIFIED for value in named.get(key, ())),
    ]
    moments = [read_stamp(printed, month_first=order, language=language) for printed in declared if printed]
    moments += [
        moment
        for piece in visible
        for said, part in labelled_parts(piece)
        if said is Said.CHANGED
        for moment in find_moments(part, month_first=order, language=language)
    ]
    for moment in moments:
        if moment is None or moment.hour is None or moment.ambiguous or not 1 < moment.day.year < 9999:
            continue
        at = published(Candidate(moment, "", ""), known).at
        if EARLIEST <= at <= page.fetched_at + LATEST_AHEAD:
            return at
    return None


def month_first(country: str | None, language: str | None, region: str | None = None) -> bool | None:
    """How 3/4/2026 reads there: True month first, False day first, None when nothing tells.

    Args:
        country: of the outlet, ISO 3166 alpha-2, or "INT".
        language: ISO 639-1 of the text. Only English, and others in America, are in doubt.
        region: of the locale that the page declares, lower case. American English says nothing: templates begin with it.
    """
    if language not in {None, "en"}:
        return None if country in _MONTH_FIRST_COUNTRIES else False
    if country in _MONTH_FIRST_COUNTRIES:
        return True
    if country is None or country == "INT":
        return False if region in _DAY_FIRST_ENGLISH else None
    return None if country == "CA" else False


def _candidates(
    page: PageInput, found: Metadata, visible: Iterable[str], language: str | None
) -> Iterator[Candidate]:
    """Every readable answer, most trusted place first."""
    order = month_first(page.country, language, _region(found))
    for origin, printed in _declared(page, found):
        moment = read_stamp(printed, month_first=order, language=language)
        if moment is not None:
            yield Candidate(at_source(moment, page.timezone), origin, printed)
    if page.entry is not None and page.entry.published is not None:
        printed = page.entry.published_raw or page.entry.published.isoformat()
        moment = read_stamp(page.entry.published.astimezone(UTC).isoformat(), month_first=False)
        if moment is not None:
            yield Candidate(at_source(moment, page.timezone), "feed", printed)
    yield from sorted(_visible(visible, order, language), key=lambda one: not one.labelled)
    named = _named(found)
    for printed in (value for key in _CREATED for value in named.get(key, ())):
        if moment := read_stamp(printed, month_first=order, language=language):
            yield Candidate(at_source(moment, page.timezone), "meta", printed)
    if in_url := _URL_DATE.search(page.url):
        moment = read_stamp("-".join(in_url.groups()), month_first=False)
        if moment is not None:
            yield Candidate(moment, "url", in_url[0].strip("/_-"))
    yield from _relative(page, visible, language)


def _visible(visible: Iterable[str], order: bool | None, language: str | None) -> Iterator[Candidate]:  # noqa: FBT001 - as month_first
    for piece in visible:
        for said, part in labelled_parts(piece):
            if said is Said.CHANGED:
                continue
            for moment in find_moments(part, month_first=order, language=language):
                if len(piece) <= _LINE_CHARS or moment.span[1] <= _HEAD_CHARS:
                    printed = part[moment.span[0] : moment.span[1]].strip()
                    yield Candidate(moment, "visible", printed, said is Said.PUBLISHED)


def _relative(page: PageInput, visible: Iterable[str], language: str | None) -> Iterator[Candidate]:
    offset = offset_of(page.timezone, page.fetched_at.replace(tzinfo=None)) if page.timezone else None
    now = page.fetched_at.astimezone(timezone(timedelta(minutes=offset or 0)))
    for piece in visible:
        for said, part in labelled_parts(piece):
            if said is not Said.CHANGED and (moment := find_relative(part, now, language)):
                yield Candidate(moment, "visible", " ".join(part.split())[:60])


def _declared(page: PageInput, found: Metadata) -> Iterator[tuple[str, str]]:
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
    if page.entry is not None and page.entry.published_raw:
        yield "feed", page.entry.published_raw


def _named(found: Metadata) -> dict[str, list[str]]:
    """Contents of the metadata by name in small letters without punctuation, which varies: "article:published:time"."""
    named: dict[str, list[str]] = {}
    for key, values in found.meta.items():
        if len(key) <= 60:
            named.setdefault(_PUNCTUATION.sub("", key), []).extend(value for value in values if value)
    return named


def _times(found: Metadata) -> tuple[list[str], list[str]]:
    """What time elements say: those marked as the publication, and the others, without times of change and of other articles."""
    marked: list[str] = []
    others: list[str] = []
    for printed, element in found.times[:40]:
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


def _region(found: Metadata) -> str | None:
    for code in (found.html_lang, found.first("og:locale", "content-language")):
        if code and (region := _REGION.match(code.strip())):
            return region[1].lower()
    return None


def _silence(visible: Iterable[str]) -> str:
    if any(said is Said.CHANGED for piece in visible for said, _ in labelled_parts(piece)):
        return "only a time of change is printed"
    return "no date on the page, in the feed or in the address"
