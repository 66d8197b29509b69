"""Which days a brief is about: the last full week where nobody says otherwise. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from alerts.render.words import nominal_day
from alerts.windows import instant_of
from tipwatch.errors import UsageError

DAY, WEEK_DAYS = timedelta(days=1), 7
#: more is no brief
MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Period:
    """Days of a zone, both inclusive."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1

    @property
    def start(self) -> datetime:
        """When its first day begins, aware UTC."""
        return instant_of(self.first, time(0), self.zone)

    @property
    def end(self) -> datetime:
        """When its last day is over, aware UTC: the first instant that does not belong to it."""
        return instant_of(self.last + DAY, time(0), self.zone)

    def before(self, days: int) -> Period:
        """So many days before it."""
        return Period(self.first - days * DAY, self.first - DAY, self.zone)

    def day_of(self, published: datetime | None, seen: datetime, *, to_the_day: bool) -> date:
        """Where an article belongs: the day on which it was published if that lies within, else that on which it was seen.

        `to_the_day`: of `published` only the day is known.
        """
        if published is not None:
            day = nominal_day(published) if to_the_day else published.astimezone(self.zone).date()
            if self.first <= day <= self.last:
                return day
        return seen.astimezone(self.zone).date()


def period_of(first: date | None, last: date | None, now: datetime, zone: ZoneInfo) -> Period:
    """The days asked for; without a wish the last full week, Monday to Sunday.

    `first` alone: from then to today. `last` alone: the seven days up to it.

    Raises:
        UsageError: the days lie ahead, are in the wrong order or too many.
    """
    today = now.astimezone(zone).date()
    if first is None and last is None:
        last = today - timedelta(days=today.isoweekday())
    last = last or today
    first = first or last - (WEEK_DAYS - 1) * DAY
    if first > last:
        raise UsageError(f"--since {first} comes after --until {last}: give the earlier day first")
    if last > today:
        raise UsageError(f"--until {last} lies ahead: today is {today} in {zone.key}")
    period = Period(first, last, zone)
    if period.days > MOST_DAYS:
        raise UsageError(f"{first} to {last} are {period.days} days: a brief has at most {MOST_DAYS}")
    return period
