"""When an article was published: every place that says so is asked, the most trusted and most exact valid answer wins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.article import Precision, Published
from pipeline.extract.jsonld import string
from pipeline.extract.metadata import Metadata
from pipeline.extract.page import PageInput
from pipeline.extract.printed import Moment, find_moments
from pipeline.extract.stamps import read_stamp

#: what claims to be older is a fault (faults P16): the epoch, year 1, a template's date
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
#: a clock and a zone may be wrong by so much
LATEST_AHEAD = timedelta(hours=26)
_META_KEYS = (
    "date", "pubdate", "publishdate", "publish-date", "publish_date", "dc.date", "dc.date.issued",
    "dcterms.created", "dc.date.created",
    "dcterms.date", "dcterms.issued", "sailthru.date", "parsely-pub-date", "article.published",
    "cxenseparse:recs:publishtime", "datepublished",
    "date.created", "article_date_original", "originalpublicationdate", "citation_publication_date",
    "publication_date", "mediator_published_time",
    "last-modified-original", "article.created", "timestamp", "bt:pubdate", "og:release_date", "og:pubdate",
    "video:release_date",
)  # fmt: skip
_URL_DATE = re.compile(r"[/_-]((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?([0-2]\d|3[01])(?=[/_.-]|$)")
_MONTH_FIRST_COUNTRIES = frozenset({"US", "PH", "FM", "MH", "PW"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place's word about the time of publication."""

    moment: Moment
    origin: str
    printed: str


def read_published(
    page: PageInput, found: Metadata, visible: Iterable[str], language: str | None
) -> tuple[Published | None, str | None]:
    """When it was published, and, when that is None, one line that says why."""
    order = month_first(page.country, language)
    refused: list[str] = []
    valid: list[Candidate] = []
    for candidate in _candidates(page, found, visible, month_first=order):
        problem = _problem(candidate, page)
        if problem:
            refused.append(f"{candidate.origin} {candidate.printed!r}: {problem}")
        else:
            valid.append(candidate)
    if not valid:
        return None, "; ".join(refused[:3]) or "no date on the page, in the feed or in the address"
    return _published(_best(valid), page.timezone), None


def read_modified(page: PageInput, found: Metadata) -> datetime | None:
    """When it was last changed, aware UTC, as declared with a time; None when not declared, without a time, or impossible."""
    printed = string(found.article.get("dateModified")) or found.first(
        "article:modified_time", "og:updated_time", "last-modified"
    )
    moment = read_stamp(printed, month_first=month_first(page.country, None)) if printed else None
    if moment is None or moment.hour is None:
        return None
    at = _published(Candidate(moment, "", ""), page.timezone).at
    return at if EARLIEST <= at <= page.fetched_at + LATEST_AHEAD else None


def month_first(country: str | None, language: str | None) -> bool | None:
    """How 3/4/2026 reads there: month first in a few countries, None (unknown) for English of no country, else day first."""
    if country in _MONTH_FIRST_COUNTRIES:
        return True
    if country is None and (language is None or language == "en"):
        return None
    return None if country == "INT" else False


def _candidates(
    page: PageInput, found: Metadata, visible: Iterable[str], *, month_first: bool | None
) -> Iterator[Candidate]:
    """Every readable answer, most trusted place first."""
    for origin, printed in _declared(page, found):
        moment = read_stamp(printed, month_first=month_first)
        if moment is not None:
            yield Candidate(moment, origin, printed)
    if page.entry is not None and page.entry.published is not None:
        at = page.entry.published.astimezone(UTC)
        exact = Moment(at.date(), at.hour, at.minute, at.second, 0)
        yield Candidate(exact, "feed", page.entry.published_raw or at.isoformat())
    for text in visible:
        for moment in find_moments(text, month_first=month_first):
            if not moment.ambiguous:
                yield Candidate(moment, "visible", text[moment.span[0] : moment.span[1] + 16].strip()[:60])
    if in_url := _URL_DATE.search(page.url):
        moment = read_stamp("-".join(in_url.groups()), month_first=False)
        if moment is not None:
            yield Candidate(moment, "url", in_url[0].strip("/_-"))


def _declared(page: PageInput, found: Metadata) -> Iterator[tuple[str, str]]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        if printed := string(found.article.get(key)):
            yield "json-ld", printed
    for printed in found.every(
        "article:published_time", "article:published", "og:published_time", "og:article:published_time"
    ):
        yield "opengraph", printed
    for printed in found.every(*_META_KEYS):
        yield "meta", printed
    marked = [
        time
        for time in found.times
        if {"datePublished", "pubdate"} & {time[1].get("itemprop"), *time[1].keys()}
    ]
    for printed, element in marked or found.times[:1]:
        if (
            "modif" not in (element.get("itemprop") or "").lower()
            and "updated" not in (element.get("class") or "").lower().split()
        ):
            yield "time-element", printed
    if page.entry is not None and page.entry.published_raw:
        yield "feed", page.entry.published_raw


def _problem(candidate: Candidate, page: PageInput) -> str | None:
    moment = candidate.moment
    if not 1 < moment.day.year < 9999:
        return "no such year"
    at = _published(candidate, page.timezone).at
    if at < EARLIEST:
        return "before 1995"
    if at > page.fetched_at + LATEST_AHEAD:
        return "in the future"
    return None


def _best(valid: list[Candidate]) -> Candidate:
    """The most trusted answer, made as exact as others that agree with it allow."""
    best = valid[0]
    if not _has_time(best):
        for other in valid[1:]:
            if _has_time(other) and other.moment.day == best.moment.day:
                best = other
                break
    for other in valid:
        if other is best or other.moment.offset_minutes is None or not _same_clock(best.moment, other.moment):
            continue
        # a clock with no zone takes the zone printed elsewhere; "Z" after a local time is a common fault of publishing systems
        if best.moment.offset_minutes is None or (
            best.moment.offset_minutes == 0 and other.origin == "visible"
        ):
            return replace(best, moment=replace(best.moment, offset_minutes=other.moment.offset_minutes))
    if best.moment.offset_minutes is None and _has_time(best):
        return _zone_from_feed(best, valid)
    return best


def _zone_from_feed(best: Candidate, valid: list[Candidate]) -> Candidate:
    """A clock without a zone beside the same instant in UTC elsewhere: the difference is the zone."""
    for other in valid:
        if other.moment.offset_minutes is None or not _has_time(other):
            continue
        gap = best.moment.local - other.moment.at(other.moment.offset_minutes).replace(tzinfo=None)
        minutes = round(gap.total_seconds() / 60)
        if abs(minutes) <= 14 * 60 and minutes % 30 == 0:
            return replace(best, moment=replace(best.moment, offset_minutes=minutes))
    return best


def _has_time(candidate: Candidate) -> bool:
    """Whether a time of day is given; an exact midnight in metadata is a day in disguise."""
    moment = candidate.moment
    return moment.hour is not None and (moment.hour, moment.minute, moment.second or 0) != (0, 0, 0)


def _same_clock(one: Moment, other: Moment) -> bool:
    return one.hour is not None and (one.day, one.hour, one.minute) == (other.day, other.hour, other.minute)


def _published(candidate: Candidate, timezone: str | None) -> Published:
    moment = candidate.moment
    offset, zone_origin = moment.offset_minutes, "page"
    if offset is None:
        offset = source_offset(moment.local, timezone)
        zone_origin = "source" if offset is not None else "unknown"
    precision = Precision.SECOND if moment.second is not None else Precision.MINUTE
    if not _has_time(candidate):
        precision = Precision.DAY
    return Published(
        moment.at(offset or 0), precision, offset, candidate.origin, zone_origin, candidate.printed
    )


def source_offset(local: datetime, timezone: str | None) -> int | None:
    """UTC offset in minutes of a zone at a local time; None without a (known) zone."""
    if timezone is None:
        return None
    try:
        offset = local.replace(tzinfo=ZoneInfo(timezone)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError):
        return None
    return None if offset is None else round(offset.total_seconds() / 60)
