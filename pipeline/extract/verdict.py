"""Several places say when an article was published: which one is believed, made how exact, and in which zone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from pipeline.article import Precision, Published
from pipeline.extract.printed import Moment
from pipeline.extract.zones import offset_of

#: what claims to be older is a fault (faults P16): the epoch, year 1, a template's date
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
#: a clock and a zone may be wrong by so much
LATEST_AHEAD = timedelta(hours=26)
#: a stamp in true UTC is not this far ahead of the fetch that found it; hosts' clocks are that good
_UTC_AHEAD = timedelta(minutes=10)
#: minutes of the zones that are no whole hours from UTC (tz database, 2026)
_BROKEN_OFFSETS = frozenset({-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765})


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place's word about the time of publication.

    Attributes:
        labelled: the page prints beside it that it is the publication.
    """

    moment: Moment
    origin: str
    printed: str
    labelled: bool = False


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known apart from the dates: when the page was fetched (aware UTC), and the source's IANA zone or None."""

    fetched_at: datetime
    timezone: str | None


def problem_of(candidate: Candidate, known: Circumstances) -> str | None:
    """Why a date cannot be the publication's, in words; None when it can."""
    if not 1 < candidate.moment.day.year < 9999:
        return "no such year"
    at = published(candidate, known).at
    if at < EARLIEST:
        return "before 1995"
    if at > known.fetched_at + LATEST_AHEAD:
        return "in the future"
    return None


def settle(candidate: Candidate, days: set[date], known: Circumstances) -> Candidate | None:
    """A date whose day and month could be exchanged, read the one way that other dates allow; None when both stay open.

    Args:
        candidate: an ambiguous one.
        known: the circumstances.
        days: calendar days that other places give for this article.
    """
    readings = (candidate.moment, candidate.moment.exchanged)
    told = [one for one in readings if one.day in days]
    if len(told) != 1:
        told = [
            one
            for one in readings
            if problem_of(replace(candidate, moment=replace(one, ambiguous=False)), known) is None
        ]
    return replace(candidate, moment=replace(told[0], ambiguous=False)) if len(told) == 1 else None


def best_of(valid: list[Candidate], known: Circumstances) -> Candidate:
    """The most trusted answer, made as exact as others that agree with it allow; `valid` is not empty."""
    best = _address_outvotes(valid)
    others = [one for one in valid if one is not best]
    if not has_time(best):
        day = best.moment.day
        timed = (one for one in others if has_time(one) and day in {one.moment.day, _local_day(one, known)})
        if (better := next(timed, None)) is not None:
            best, others = better, [one for one in valid if one is not better]
    if best.moment.hour is None:
        return best
    return _with_zone(best, others, known)


def _address_outvotes(valid: list[Candidate]) -> Candidate:
    """The first answer, unless the address names another day, and another place that day as well."""
    first = valid[0]
    in_address = next((one.moment.day for one in valid if one.origin == "url"), None)
    if in_address is None or abs(first.moment.day - in_address) <= timedelta(days=1):
        return first
    if any(one.moment.day == first.moment.day and one.origin != first.origin for one in valid):
        return first
    return next((one for one in valid if one.origin != "url" and one.moment.day == in_address), first)


def _with_zone(best: Candidate, others: list[Candidate], known: Circumstances) -> Candidate:
    """The answer with the zone that other places tell for its clock."""
    moment = best.moment
    if moment.offset_minutes is None:
        for one in others:
            if one.moment.offset_minutes is not None and _same_clock(moment, one.moment):
                return _at_offset(best, one.moment.offset_minutes)
        return _zone_from_instant(best, others)
    if moment.offset_minutes == 0 and has_time(best):
        return _true_utc(best, others, known)
    return best


def _zone_from_instant(best: Candidate, others: list[Candidate]) -> Candidate:
    """A clock without a zone beside the same instant in a zone elsewhere: the difference tells its own."""
    for one in others:
        offset = one.moment.offset_minutes
        if offset is None or one.moment.hour is None:
            continue
        minutes = _zone_between(best.moment, one.moment, offset)
        if minutes is not None:
            return _at_offset(best, minutes)
    return best


def _true_utc(best: Candidate, others: list[Candidate], known: Circumstances) -> Candidate:
    """A stamp in UTC, or what it means where it is a local clock with a false "Z" after it.

    It is false where the same clock is given with another zone elsewhere, or where it is still to come in UTC and past in the
    source's zone. The same clock printed for readers proves nothing: some sites print UTC.
    """
    for one in others:
        if _same_clock(best.moment, one.moment) and one.moment.offset_minutes:
            return _at_offset(best, one.moment.offset_minutes)
    local = offset_of(known.timezone, best.moment.local) if known.timezone else None
    if local and best.moment.at(0) > known.fetched_at + _UTC_AHEAD >= best.moment.at(local):
        return _at_offset(best, local)
    return best


def _zone_between(clock: Moment, other: Moment, offset: int) -> int | None:
    """The UTC offset that makes a clock the same instant as `other`; None when no country has it."""
    gap = clock.local - other.at(offset).replace(tzinfo=None)
    if clock.second is None or other.second is None:
        gap += timedelta(seconds=(other.second or 0) - (clock.second or 0))
    minutes, rest = divmod(round(gap.total_seconds()), 60)
    if rest or not -12 * 60 <= minutes <= 14 * 60:
        return None
    return minutes if minutes % 60 == 0 or minutes in _BROKEN_OFFSETS else None


def _at_offset(candidate: Candidate, minutes: int) -> Candidate:
    return replace(candidate, moment=replace(candidate.moment, offset_minutes=minutes))


def _same_clock(one: Moment, other: Moment) -> bool:
    return one.hour is not None and (one.day, one.hour, one.minute) == (other.day, other.hour, other.minute)


def has_time(candidate: Candidate) -> bool:
    """Whether a time of day is given; an exact midnight in metadata is a day in disguise."""
    moment = candidate.moment
    return moment.hour is not None and (moment.hour, moment.minute, moment.second or 0) != (0, 0, 0)


def at_source(moment: Moment, timezone: str | None) -> Moment:
    """A moment as it is, but a midnight of the source's zone that is told in UTC as the day that it means."""
    if timezone is None or moment.offset_minutes != 0 or moment.hour is None or moment.second != 0:
        return moment
    local = _local(moment, timezone)
    if (local.hour, local.minute) != (0, 0) or local == moment.local:
        return moment
    return Moment(local.date(), 0, 0, 0, round((local - moment.local).total_seconds() / 60))


def _local_day(candidate: Candidate, known: Circumstances) -> date:
    """The calendar day at the source."""
    moment = candidate.moment
    if moment.offset_minutes != 0 or known.timezone is None:
        return moment.day
    return _local(moment, known.timezone).date()


def _local(moment: Moment, timezone: str) -> datetime:
    """The clock at the source at a moment told in UTC."""
    return moment.local + timedelta(minutes=offset_of(timezone, moment.local) or 0)


def published(candidate: Candidate, known: Circumstances) -> Published:
    """A candidate as the record keeps it; raises OverflowError for years 1 and 9999."""
    moment = candidate.moment
    offset, zone_origin = moment.offset_minutes, "page"
    if offset is None:
        offset = offset_of(known.timezone, moment.local) if known.timezone else None
        zone_origin = "source" if offset is not None else "unknown"
    precision = Precision.SECOND if moment.second is not None else Precision.MINUTE
    if not has_time(candidate):
        precision = Precision.DAY
    return Published(
        moment.at(offset or 0), precision, offset, candidate.origin, zone_origin, candidate.printed
    )
