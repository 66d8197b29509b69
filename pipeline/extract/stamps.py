"""Machine-readable dates: ISO 8601 as found in metadata, RFC 5322 as found in feeds, both with all their usual faults."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_tz

from pipeline.extract.printed import Moment, find_moments

_ISO = re.compile(
    r"^\s*(\d{4})-?(\d{2})-?(\d{2})(?:[T ]{1,2}(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,:]\d{1,9})?)?)?"
    r"\s{0,2}(?:(Z|UTC|GMT)|([+\u2212-])(\d{2}):?(\d{2})?)?\s*(?:\[[\w/]+\])?\s*$",
    re.IGNORECASE,
)


def read_stamp(printed: str, *, month_first: bool | None) -> Moment | None:
    """The moment a metadata value gives; None when it cannot be read as one."""
    printed = printed.strip()[:80]
    if found := _ISO.match(printed):
        return _from_iso(found)
    if parsed := parsedate_tz(printed):
        try:
            day = date(*parsed[:3])
        except ValueError:
            return None
        offset = parsed[9]
        # parsedate_tz gives no time as midnight, and an unknown zone ("-0000", RFC 5322, 3.3) as None
        hour, minute, second = (None, None, None) if ":" not in printed else parsed[3:6]
        if hour is not None and not (0 <= hour < 24 and 0 <= (minute or 0) < 60):
            return None
        return Moment(
            day,
            hour,
            minute,
            min(second, 59) if second is not None else None,
            None if offset is None else offset // 60,
        )
    found_moments = find_moments(printed, month_first=month_first)
    return found_moments[0] if found_moments and not found_moments[0].ambiguous else None


def _from_iso(found: re.Match[str]) -> Moment | None:
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    offset: int | None = None
    if found[7]:
        offset = 0
    elif found[8]:
        offset = int(found[9]) * 60 + int(found[10] or 0)
        if offset > 14 * 60:
            return None
        offset = offset if found[8] == "+" else -offset
    if found[4] is None:
        return Moment(day)
    hour, minute, second = int(found[4]), int(found[5]), int(found[6]) if found[6] else None
    if hour > 23 or minute > 59 or (second or 0) > 60:
        return None
    return Moment(day, hour, minute, min(second, 59) if second is not None else None, offset)
