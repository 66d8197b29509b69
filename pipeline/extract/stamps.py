"""Machine-readable dates: ISO 8601 of metadata, RFC 5322 of feeds, epoch counts, all with their usual faults."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_tz

from pipeline.extract.printed import Moment, find_moments
from pipeline.extract.zones import offset_of

_ISO = re.compile(
    r"^\s*(\d{4})([-/.]?)(\d{2})\2(\d{2})(?:(?:[T ]{1,2}|(?<=\d{8}))(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,:]\d{1,9})?)?)?"
    r"\s{0,2}(?:(Z|UTC|GMT)|(?:UTC|GMT)?([+\u2212-])(\d{1,2}):?(\d{2})?)?\s*(?:\[?([A-Z][A-Za-z_]+/[\w/]+)\]?)?\s*$",
    re.IGNORECASE,
)
#: seconds or milliseconds since 1970, bare or as .NET writes them; counts of fewer digits are before 2001 or no dates
_EPOCH = re.compile(r"^\s*(?:/?Date\()?(\d{10})(\d{3})?(?:\.\d+)?(?:([+-])(\d{2})(\d{2}))?(?:\)/?)?\s*$")
#: RFC 5322, 3.3, with or without its weekday, with a zone that it names; others are read as print ("-0000" is no zone there)
_MAIL = re.compile(
    r"^(?:[A-Za-z]{3,9},?\s{1,3})?\d{1,2}[\s-][A-Za-z]{3,9}[\s-]\d{2,4}\s{1,3}\d{1,2}:\d\d(?::\d\d)?\s{0,3}"
    r"(?:(?!-0000)[+-]\d{4}|GMT|UTC?|Z|[ECMP][SD]T)\s{0,3}(?:\(.*)?$"
)
_MAX_CHARS = 80


def read_stamp(printed: str, *, month_first: bool | None, language: str | None = None) -> Moment | None:
    """The moment a metadata value gives, possibly an ambiguous one; None when it cannot be read as one."""
    printed = printed.strip()[:_MAX_CHARS]
    if found := _EPOCH.match(printed):
        return _from_epoch(found)
    if found := _ISO.match(printed):
        return _from_iso(found)
    if _MAIL.match(printed) and (parsed := parsedate_tz(printed)):
        return _from_mail(parsed)
    found_moments = find_moments(printed, month_first=month_first, language=language)
    return found_moments[0] if found_moments else None


def _from_epoch(found: re.Match[str]) -> Moment:
    at = datetime.fromtimestamp(int(found[1]), UTC)
    return Moment(at.date(), at.hour, at.minute, at.second, 0)


def _from_mail(parsed: tuple[int | None, ...]) -> Moment | None:
    year, month, number, hour, minute, second = parsed[:6]
    try:
        day = date(year or 0, month or 0, number or 0)
    except ValueError:
        return None
    if hour is None or minute is None:
        return Moment(day)
    if not (0 <= hour < 24 and 0 <= minute < 60):
        return None
    offset = parsed[9]
    return Moment(
        day,
        hour,
        minute,
        None if second is None else min(second, 59),
        None if offset is None else offset // 60,
    )


def _from_iso(found: re.Match[str]) -> Moment | None:
    year, _, month, number, hours, minutes, seconds, utc, sign, off_hours, off_minutes, place = found.groups()
    try:
        day = date(int(year), int(month), int(number))
    except ValueError:
        return None
    if hours is None:
        return Moment(day)
    hour, minute, second = int(hours), int(minutes), int(seconds) if seconds else None
    if hour > 23 or minute > 59 or (second or 0) > 60:
        return None
    moment = Moment(day, hour, minute, None if second is None else min(second, 59))
    offset = 0 if utc else offset_of(place, moment.local) if place and not sign else None
    if sign:
        offset = int(off_hours) * 60 + int(off_minutes or 0)
        if offset > 14 * 60:
            return None
        offset = offset if sign == "+" else -offset
    return Moment(day, hour, minute, moment.second, offset)
