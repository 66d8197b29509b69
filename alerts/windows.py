"""When a digest is due: windows from local times in an IANA zone, right through clock changes. Pure.

Cron expressions and plain time zone arithmetic lose or repeat a day when clocks change, so the instants are
computed here: a local time that does not exist is due at the next instant that does, one that comes twice at
its first coming.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alerts.errors import AlertError
from alerts.subscription import Schedule, Subscription

#: a week, and a day on either side: no zone is further than a day from UTC, nor ever skipped more than a day
_DAYS_LOOKED_AT = 9


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time one digest covers: aware UTC, `start` exclusive, `end` inclusive."""

    start: datetime
    end: datetime


def windows_due(
    subscription: Subscription, since: datetime, last_end: datetime | None, now: datetime
) -> tuple[Window, ...]:
    """The window that is over and has no digest yet: none or one.

    It starts where the last one ended (`last_end`; the first window at `since`, when the subscription began)
    and ends at the latest scheduled time not after `now`. After downtime this is one window over the whole
    gap. A clock that was set back gives nothing until it has caught up.

    Raises:
        AlertError: the subscription's zone is not known, or its schedule names no time or day.
    """
    start = (last_end or since).astimezone(UTC)
    end = _latest_due(subscription, now)
    return (Window(start, end),) if end > start else ()


def next_due(subscription: Subscription, after: datetime) -> datetime:
    """The first scheduled time later than `after`, aware UTC.

    Raises:
        AlertError: as for `windows_due`.
    """
    zone = zone_named(subscription.timezone)
    first = after.astimezone(zone).date() - timedelta(days=1)
    days = (first + timedelta(days=n) for n in range(_DAYS_LOOKED_AT + 1))
    return next(due for due in _instants(subscription.schedule, zone, days) if due > after)


def zone_named(name: str) -> ZoneInfo:
    """The IANA zone of that name.

    Raises:
        AlertError: there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (
        ZoneInfoNotFoundError,
        ValueError,
        OSError,
    ) as error:  # OSError: a name that is a folder of tzdata
        msg = f"no time zone is named {name!r}; use an IANA name such as Europe/Minsk"
        raise AlertError(msg) from error


def instant_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When that local time is reached on that day, aware UTC.

    A time skipped by a clock change: the instant of the change. A time that comes twice: its first coming.
    """
    return _comings(day, at, zone)[0]


def quiet_until(subscription: Subscription, now: datetime) -> datetime | None:
    """When the quiet hours that `now` lies in are over, aware UTC; None: it lies in none.

    They last from the first coming of their start to the last coming of their end, so that a night on which clocks
    are set back does not interrupt or shorten them.

    Raises:
        AlertError: the subscription's zone is not known.
    """
    quiet = subscription.quiet
    if quiet is None:
        return None
    zone = zone_named(subscription.timezone)
    today = now.astimezone(zone).date()
    over_midnight = timedelta(days=0 if quiet.start < quiet.end else 1)
    spans = (
        (_comings(day, quiet.start, zone)[0], _comings(day + over_midnight, quiet.end, zone)[1])
        for day in (today - timedelta(days=2), today - timedelta(days=1), today, today + timedelta(days=1))
    )
    return max((end for start, end in spans if start <= now < end), default=None)


def _comings(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first and the last instant at which that local time is reached on that day; of a skipped time the change."""
    local = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    first = local.replace(tzinfo=zone).astimezone(UTC)
    # PEP 495: in a fold, fold=1 is the second coming; in a gap it reads the clock by the rule after the change and lands
    # before the change, fold=0 behind it
    last = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None, fold=0) == local:
        return first, last
    change = _change_between(last, first, zone)
    return change, change


def _latest_due(subscription: Subscription, now: datetime) -> datetime:
    zone = zone_named(subscription.timezone)
    last = now.astimezone(zone).date() + timedelta(days=1)
    days = (last - timedelta(days=n) for n in range(_DAYS_LOOKED_AT + 1))
    return next(due for due in _instants(subscription.schedule, zone, days, latest=True) if due <= now)


def _instants(
    schedule: Schedule, zone: ZoneInfo, days: Iterator[date], *, latest: bool = False
) -> Iterator[datetime]:
    """The instants of these days, in their order, of each day the earliest (or `latest`) first.

    That is their order in time as well: a later local time never comes first before an earlier one.
    """
    if not schedule.at or not schedule.days & frozenset(range(1, 8)):
        msg = "a schedule needs at least one time of day and one day of the week (1 Monday to 7 Sunday)"
        raise AlertError(msg)
    times = sorted(schedule.at, reverse=latest)
    return (instant_of(day, at, zone) for day in days if day.isoweekday() in schedule.days for at in times)


def _change_between(before: datetime, behind: datetime, zone: ZoneInfo) -> datetime:
    """The first instant, to the second, with the offset of `behind`; one change lies between the two."""
    new_offset = behind.astimezone(zone).utcoffset()
    low, high = 0, int((behind - before).total_seconds())
    while low < high:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == new_offset:
            high = middle
        else:
            low = middle + 1
    return before + timedelta(seconds=high)
