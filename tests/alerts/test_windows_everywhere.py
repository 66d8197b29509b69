"""S13: exactly one digest for each local date, in every zone, through every change of clocks, at every quarter of an hour.

The expected instants are worked out here from the changes themselves, by plain arithmetic with offsets.
"""

from __future__ import annotations

import itertools
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from alerts.subscription import QuietHours, Recipient, Schedule, Subscription
from alerts.windows import Window, instant_of, next_due, quiet_until, windows_due

FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
TIMES_OF_DAY = [time(minute // 60, minute % 60) for minute in range(0, 24 * 60, 15)]
#: looked through for changes at this step; no zone of these years changes twice within it
STEP_S = 3 * 86_400
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Change:
    """A change of a zone's clocks: the first instant (UTC) of the new offset."""

    at: datetime
    before: timedelta
    after: timedelta

    def expected(self, day: date, at: time) -> datetime:
        """When the wall clock first shows that time on that day; of a skipped time, the change."""
        local = datetime.combine(day, at, UTC)
        by_old, by_new = local - self.before, local - self.after
        if by_old < self.at:
            return by_old
        return max(by_new, self.at)

    def wall(self, instant: datetime) -> datetime:
        """What the clock on the wall shows; naive."""
        return (instant + (self.before if instant < self.at else self.after)).replace(tzinfo=None)

    def days(self) -> Iterator[date]:
        """The local dates on either side of it."""
        first = self.wall(self.at - SECOND).date() - timedelta(days=1)
        return (first + timedelta(days=n) for n in range(4))


def offset(zone: zoneinfo.ZoneInfo, second: int) -> timedelta:
    found = datetime.fromtimestamp(second, zone).utcoffset()
    assert found is not None
    return found


def changes_of(zone: zoneinfo.ZoneInfo) -> tuple[Change, ...]:
    """All changes from 2026 to 2030, found by bisection."""
    found = []
    second, end = int(FIRST.timestamp()), int(LAST.timestamp())
    before = offset(zone, second)
    while second < end:
        following = second + STEP_S
        if offset(zone, following) == before:
            second = following
            continue
        while following - second > 1:
            middle = (second + following) // 2
            if offset(zone, middle) == before:
                second = middle
            else:
                following = middle
        after = offset(zone, following)
        found.append(Change(datetime.fromtimestamp(following, UTC), before, after))
        before, second = after, following
    return tuple(found)


def rules() -> dict[tuple[timedelta, tuple[Change, ...]], list[str]]:
    """The zones of tzdata by what their clocks do in these years: those that do the same are looked at once."""
    by_rule: dict[tuple[timedelta, tuple[Change, ...]], list[str]] = {}
    for name in sorted(zoneinfo.available_timezones() - {"localtime"}):
        zone = zoneinfo.ZoneInfo(name)
        by_rule.setdefault((offset(zone, int(FIRST.timestamp())), changes_of(zone)), []).append(name)
    return by_rule


RULES = rules()
#: each change of each rule, with a zone that has it
CHANGES = [(names[0], change) for (_, changes), names in RULES.items() for change in changes]


def daily(zone: str, at: time, quiet: QuietHours | None = None) -> Subscription:
    return Subscription(
        "desk", "Desk", (Recipient("desk@example.org"),), ("t",), zone, Schedule((at,)), quiet=quiet
    )


def test_s13_the_sample_is_all_of_tzdata():
    """So that an empty or poor tzdata does not make the tests below say nothing."""
    assert sum(map(len, RULES.values())) >= 590
    assert len(RULES) >= 50
    assert len(CHANGES) >= 200
    shifts = {change.after - change.before for _, change in CHANGES}
    assert {timedelta(hours=1), timedelta(hours=-1), timedelta(minutes=30), timedelta(hours=2)} <= shifts


def test_s13_a_time_is_due_at_its_first_coming_or_at_the_change_that_skips_it():
    for name, change in CHANGES:
        zone = zoneinfo.ZoneInfo(name)
        for day in change.days():
            for at in TIMES_OF_DAY:
                assert instant_of(day, at, zone) == change.expected(day, at), (name, day, at)


def test_s13_each_local_date_has_exactly_one_digest_through_every_change_of_every_zone():
    for name, change in CHANGES:
        days = list(change.days())
        for at in TIMES_OF_DAY:
            desk = daily(name, at)
            ends = [change.expected(day, at) for day in days]
            last = ends[0]
            for end in ends[1:]:
                assert windows_due(desk, last, last, end - SECOND) == (), (name, at, end)
                assert windows_due(desk, last, last, end) == (Window(last, end),), (name, at, end)
                last = end


def test_s13_what_is_due_next_is_what_will_be_due():
    for name, change in CHANGES:
        days = list(change.days())
        for at in TIMES_OF_DAY[::3]:
            desk = daily(name, at)
            for day, following in itertools.pairwise(days):
                due = change.expected(day, at)
                assert next_due(desk, due) == change.expected(following, at), (name, at, day)
                assert next_due(desk, due - SECOND) == due, (name, at, day)


#: over midnight, by day, around the hours in which clocks change, around midnight; the last lies in what spring skips
QUIET = [
    QuietHours(time(22), time(7)),
    QuietHours(time(13), time(14)),
    QuietHours(time(22), time(2, 30)),
    QuietHours(time(2, 30), time(7)),
    QuietHours(time(23, 30), time(0, 30)),
    QuietHours(time(2, 15), time(2, 45)),
]


def test_s13_nothing_is_told_at_once_while_the_wall_clock_shows_quiet_hours_in_any_zone():
    step = timedelta(minutes=15)
    for name, change in CHANGES:
        for quiet in QUIET:
            desk = daily(name, time(7, 30), quiet)
            now = change.at - 20 * step
            while now < change.at + 20 * step:
                over = quiet_until(desk, now)
                held = quiet.hold(change.wall(now).time())
                assert over is not None or not held, (name, quiet, now)
                if over is not None:
                    assert now < over <= now + timedelta(hours=15)
                    assert quiet_until(desk, over) is None, (name, quiet, now)
                    assert not quiet.hold(change.wall(over).time()), (name, quiet, now)
                now += step
