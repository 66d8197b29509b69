"""When an article was published, and when it was changed: every place that says so is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import chain

from pipeline.article import Published
from pipeline.extract.ago import find_relative
from pipeline.extract.declared import dates_in_scripts, dates_of_document, declared_changes, declared_dates
from pipeline.extract.labels import Said, labelled_parts
from pipeline.extract.language import normalise
from pipeline.extract.metadata import Metadata
from pipeline.extract.page import PageInput
from pipeline.extract.printed import Moment, find_moments, may_hold_date
from pipeline.extract.stamps import read_stamp
from pipeline.extract.verdict import (
    EARLIEST,
    LATEST_AHEAD,
    Candidate,
    Circumstances,
    at_source,
    best_of,
    has_time,
    problem_of,
    published,
    settle,
)
from pipeline.extract.zones import offset_of

_URL_DATE = re.compile(r"[/_-]((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?([0-2]\d|3[01])(?=[/_.-]|$)")
#: characters of a line that is no paragraph, with and without a time; and how far in a dateline begins
_LINE_CHARS, _SHORT_LINE, _HEAD_CHARS = 160, 80, 40
_DATELINE_END = re.compile(r"[\s,.]{0,3}(?:г\.?|году?)?\s{0,2}[(/\[|:\u2014\u2013-]")
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
    if not any(map(has_time, candidates)):
        candidates += _relative(page, visible, language)
        candidates += [] if candidates else _in_scripts(page)
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


def declares_instant(found: Metadata) -> bool:
    """Whether the page declares its times so well that what it prints for people adds nothing: exact, and in a zone of its own.

    A stamp in UTC is not enough: some are local clocks with a false "Z", which the printed time may show.
    """
    printed = next((printed for _, printed in declared_dates(found, None)), None)
    moment = read_stamp(printed, month_first=None) if printed else None
    if moment is None or not moment.offset_minutes or not has_time(Candidate(moment, "", "")):
        return False
    return next(declared_changes(found), None) is not None


def read_modified(
    page: PageInput, found: Metadata, visible: Iterable[str] = (), language: str | None = None
) -> datetime | None:
    """When it was last changed, aware UTC, as declared or printed with a time; None when it is not, or impossible."""
    known = Circumstances(page.fetched_at, page.timezone)
    order = _order(page, found, language)
    stamps = (
        read_stamp(printed, month_first=order, language=language) for printed in declared_changes(found)
    )
    for moment in chain(stamps, _changes(visible, order, language)):
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


def _order(page: PageInput, found: Metadata, language: str | None) -> bool | None:
    """How numbers read on this page; dates are printed by its template, so its language counts beside that of the text."""
    order = month_first(page.country, language, _region(found))
    template = normalise(found.html_lang or "")
    return False if order is None and page.country is None and template not in {None, "en"} else order


def _candidates(
    page: PageInput, found: Metadata, visible: Iterable[str], language: str | None
) -> Iterator[Candidate]:
    """Every readable answer, most trusted place first."""
    order = _order(page, found, language)
    for origin, printed in declared_dates(found, page.entry):
        moment = read_stamp(printed, month_first=order, language=language)
        if moment is not None:
            yield Candidate(at_source(moment, page.timezone), origin, printed)
    if page.entry is not None and page.entry.published is not None:
        printed = page.entry.published_raw or page.entry.published.isoformat()
        moment = read_stamp(page.entry.published.astimezone(UTC).isoformat(), month_first=False)
        if moment is not None:
            yield Candidate(at_source(moment, page.timezone), "feed", printed)
    yield from sorted(_visible(visible, order, language), key=lambda one: not one.labelled)
    for printed in dates_of_document(found):
        if moment := read_stamp(printed, month_first=order, language=language):
            yield Candidate(at_source(moment, page.timezone), "meta", printed)
    if in_url := _URL_DATE.search(page.url):
        moment = read_stamp("-".join(in_url.groups()), month_first=False)
        if moment is not None:
            yield Candidate(moment, "url", in_url[0].strip("/_-"))


def _visible(visible: Iterable[str], order: bool | None, language: str | None) -> Iterator[Candidate]:  # noqa: FBT001 - as month_first
    for piece in filter(may_hold_date, visible):
        for said, part in labelled_parts(piece):
            if said is Said.CHANGED:
                continue
            for moment in find_moments(part, month_first=order, language=language):
                if said is Said.PUBLISHED or _is_date_of_line(moment, part, len(piece)):
                    printed = part[moment.span[0] : moment.span[1]].strip()
                    yield Candidate(moment, "visible", printed, said is Said.PUBLISHED)


def _is_date_of_line(moment: Moment, part: str, chars: int) -> bool:
    """Whether a line is about its date: it is short, has a time, or is a dateline ("MINSK, 11 November 2023 (BelTA) -")."""
    if chars <= _SHORT_LINE or (chars <= _LINE_CHARS and moment.hour is not None):
        return True
    return moment.span[0] <= _HEAD_CHARS and _DATELINE_END.match(part, moment.span[1]) is not None


def _changes(visible: Iterable[str], order: bool | None, language: str | None) -> Iterator[Moment]:  # noqa: FBT001 - as month_first
    for piece in filter(may_hold_date, visible):
        for said, part in labelled_parts(piece):
            if said is Said.CHANGED:
                yield from find_moments(part, month_first=order, language=language)


def _relative(page: PageInput, visible: Iterable[str], language: str | None) -> Iterator[Candidate]:
    offset = offset_of(page.timezone, page.fetched_at.replace(tzinfo=None)) if page.timezone else None
    now = page.fetched_at.astimezone(timezone(timedelta(minutes=offset or 0)))
    for piece in visible:
        for said, part in labelled_parts(piece):
            if said is not Said.CHANGED and (moment := find_relative(part, now, language)):
                yield Candidate(moment, "visible", " ".join(part.split())[:60])


def _in_scripts(page: PageInput) -> list[Candidate]:
    """The time of publication that a page without any other carries for its scripts, where these name one day only."""
    found = [
        Candidate(at_source(moment, page.timezone), "script", printed)
        for printed in dates_in_scripts(page.body)
        if (moment := read_stamp(printed, month_first=None)) and not moment.ambiguous
    ]
    return found if len({one.moment.day for one in found}) == 1 else []


def _region(found: Metadata) -> str | None:
    for code in (found.html_lang, found.first("og:locale", "content-language")):
        if code and (region := _REGION.match(code.strip())):
            return region[1].lower()
    return None


def _silence(visible: Iterable[str]) -> str:
    if any(said is Said.CHANGED for piece in visible for said, _ in labelled_parts(piece)):
        return "only a time of change is printed"
    return "no date on the page, in the feed or in the address"
