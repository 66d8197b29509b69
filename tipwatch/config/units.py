"""Words of the configuration -> values: durations, sizes, times of day and weekdays.

Each reader raises ValueError saying what to write.
"""

from __future__ import annotations

import re
from datetime import time

from alerts.subscription import QuietHours
from tipwatch.config.problems import shown

DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) ?(ms|s|m|h|d)")
SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}

SIZE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) ?(B|KiB|MiB|GiB)")
BYTES = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}

TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONG_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_SETS = {
    "daily": frozenset(range(1, 8)),
    "weekdays": frozenset(range(1, 6)),
    "weekends": frozenset({6, 7}),
}


def named(value: object) -> str:
    """`value` as it would stand in the file, for messages."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{shown(value)}"'
    if isinstance(value, int | float):
        return shown(str(value))
    return "a list" if isinstance(value, list) else "a mapping"


def seconds(value: object) -> float:
    """Seconds of a duration such as ``2s``, ``500ms``, ``5m``, ``1h``, ``1d``."""
    found = DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        unit = (
            f'; with its unit it reads "{value}s"'
            if isinstance(value, int) and not isinstance(value, bool)
            else ""
        )
        raise ValueError(
            f'{named(value)} is not a duration: write a number with ms, s, m, h or d, e.g. "30s"{unit}'
        )
    return float(found[1]) * SECONDS[found[2]]


def size_bytes(value: object) -> int:
    """Bytes of a size such as ``10MiB``, ``500KiB``, ``4096B``."""
    found = SIZE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(
            f'{named(value)} is not a size: write a number with B, KiB, MiB or GiB, e.g. "10MiB"'
        )
    return int(float(found[1]) * BYTES[found[2]])


def times_of_day(value: object) -> tuple[time, ...]:
    """Local times of day, earliest first, from ``07:30`` or a list of such."""
    given = value if isinstance(value, list) else [value]
    if not given:
        raise ValueError('no time is given: write at least one, e.g. "07:30"')
    return tuple(sorted({time_of_day(one) for one in given}))


def time_of_day(value: object) -> time:
    """One time of day of the 24-hour clock; zone-less by intent: the subscription's zone applies."""
    found = TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        cron = (
            '; cron lines are not read here, the days go under "days"'
            if isinstance(value, str) and "*" in value
            else ""
        )
        raise ValueError(f'{named(value)} is not a time of day: write "HH:MM" from "00:00" to "23:59"{cron}')
    return time(int(found[1]), int(found[2]))


def quiet_hours(value: object) -> QuietHours:
    """Two times of day such as ``22:00-07:00``; over midnight when the second is not after the first."""
    ends = re.split(r" ?[-\u2013] ?", value) if isinstance(value, str) else []
    if len(ends) != 2:
        raise ValueError(
            f'{named(value)} are no quiet hours: write "HH:MM-HH:MM", from when to when, e.g. "22:00-07:00"'
        )
    start, end = time_of_day(ends[0]), time_of_day(ends[1])
    if start == end:
        raise ValueError(
            f"{named(value)} would be the whole day: write two different times, or remove instant"
        )
    return QuietHours(start, end)


def iso_weekdays(value: object) -> frozenset[int]:
    """ISO weekdays (Monday 1 to Sunday 7) from ``daily``, ``weekdays``, ``weekends`` or a list of names.

    Digits are refused: cron counts Sunday as 0, APScheduler Monday, ISO 8601 Monday as 1.
    """
    if isinstance(value, str) and value.lower() in DAY_SETS:
        return DAY_SETS[value.lower()]
    given = value if isinstance(value, list) else [value]
    if not given:
        raise ValueError("no day is given: write daily, weekdays, or names such as [mon, thu]")
    return frozenset(iso_weekday(one) for one in given)


def iso_weekday(value: object) -> int:
    """1 (Monday) to 7 (Sunday) for a day's English name or its first three letters."""
    if isinstance(value, int | float) or (isinstance(value, str) and re.search(r"[0-9*]", value)):
        raise ValueError(
            f"{named(value)} is a day by number, which programs count differently: "
            "write daily, weekdays, or names such as [mon, thu]"
        )
    name = value.lower() if isinstance(value, str) else ""
    for names in (WEEKDAYS, LONG_WEEKDAYS):
        if name in names:
            return names.index(name) + 1
    raise ValueError(
        f"{named(value)} is not a day: write daily, weekdays, weekends, or names such as [mon, thu]"
    )
