"""When a digest is due, in every zone and through every change of clocks (S08-S14)."""

from __future__ import annotations

import itertools
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.errors import AlertError
from alerts.subscription import Recipient, Schedule, Subscription
from alerts.windows import Window, instant_of, next_due, windows_due

ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})


def subscription(
    zone: str = "Europe/Berlin", *times: time, days: frozenset[int] | None = None
) -> Subscription:
    schedule = Schedule(times or (time(7, 30),), days or frozenset(range(1, 8)))
    return Subscription("desk", "Desk", (Recipient("desk@example.org"),), ("t",), zone, schedule)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_window_runs_from_the_last_ones_end_to_the_scheduled_time():
    due = windows_due(
        subscription(), utc("2026-11-01T00:00"), utc("2026-11-22T06:30"), utc("2026-11-23T06:31")
    )
    assert due == (Window(utc("2026-11-22T06:30"), utc("2026-11-23T06:30")),)


def test_nothing_is_due_before_the_time_and_not_twice_at_it():
    last = utc("2026-11-22T06:30")
    assert windows_due(subscription(), last, last, utc("2026-11-23T06:29:59")) == ()
    at_it = utc("2026-11-23T06:30")
    (window,) = windows_due(subscription(), last, last, at_it)
    assert window.end == at_it
    assert windows_due(subscription(), last, window.end, at_it) == ()


def test_the_first_window_starts_when_the_subscription_began():
    since = utc("2026-11-22T12:00")
    assert windows_due(subscription(), since, None, utc("2026-11-22T13:00")) == ()
    assert windows_due(subscription(), since, None, utc("2026-11-23T07:00"))[0].start == since


def test_after_downtime_one_window_covers_the_whole_gap():
    due = windows_due(
        subscription(), utc("2026-11-01T00:00"), utc("2026-11-10T06:30"), utc("2026-11-23T05:00")
    )
    assert due == (Window(utc("2026-11-10T06:30"), utc("2026-11-22T06:30")),)


def test_a_clock_set_back_gives_nothing_until_it_has_caught_up():
    last = utc("2026-11-23T06:30")
    assert windows_due(subscription(), last, last, utc("2026-11-20T12:00")) == ()


def test_only_the_chosen_days_count():
    weekdays = subscription(days=frozenset(range(1, 6)))
    friday = utc("2026-11-20T06:30")
    assert windows_due(weekdays, friday, friday, utc("2026-11-22T12:00")) == ()
    assert next_due(weekdays, friday) == utc("2026-11-23T06:30")


def test_a_time_that_spring_skips_is_due_at_the_change():
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    assert instant_of(date(2027, 3, 28), time(2, 30), berlin) == utc("2027-03-28T01:00")


def test_a_time_that_autumn_repeats_is_due_at_its_first_coming():
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    assert instant_of(date(2026, 10, 25), time(2, 30), berlin) == utc("2026-10-25T00:30")


def test_midnight_is_not_lost_where_clocks_change_at_midnight():
    beirut = subscription("Asia/Beirut", time(0, 0))
    first = next_due(beirut, utc("2027-03-26T12:00"))
    assert next_due(beirut, first) - first <= timedelta(hours=24)


def test_a_day_that_a_zone_skipped_is_due_when_the_next_one_begins():
    apia = zoneinfo.ZoneInfo("Pacific/Apia")
    assert instant_of(date(2011, 12, 30), time(7, 30), apia) == utc("2011-12-30T10:00")


def test_an_unknown_zone_is_told_in_words():
    with pytest.raises(AlertError, match="Europe/Minsk"):
        next_due(subscription("Europe/Atlantis"), utc("2026-01-01T00:00"))


@pytest.mark.parametrize("schedule", [Schedule(()), Schedule((time(1),), frozenset())])
def test_a_schedule_without_time_or_day_is_an_error(schedule):
    never = Subscription("desk", "Desk", (), ("t",), "UTC", schedule)
    with pytest.raises(AlertError, match="at least one"):
        next_due(never, utc("2026-01-01T00:00"))


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    times=st.lists(st.times().map(lambda t: t.replace(second=0, microsecond=0)), min_size=1, max_size=2),
    days=st.integers(0, 365 * 4 + 270),
)
def test_through_any_clock_change_each_scheduled_time_ends_exactly_one_window(zone, times, days):
    desk = subscription(zone, *times)
    tz = zoneinfo.ZoneInfo(zone)
    since = utc("2026-01-01T11:17") + timedelta(days=days)
    until = since + timedelta(days=25)
    windows: list[Window] = []
    now = since
    while now < until:
        due = windows_due(desk, since, windows[-1].end if windows else None, now)
        windows += due
        now = next_due(desk, now) if not due else now + timedelta(minutes=1)
    assert windows[0].start == since
    for one, following in itertools.pairwise(windows):
        assert following.start == one.end < following.end
    first_day, last_day = windows[0].end.astimezone(tz).date(), windows[-1].end.astimezone(tz).date()
    all_days = [first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)]
    expected = {instant_of(day, at, tz) for day in all_days for at in times}
    assert {w.end for w in windows} == {e for e in expected if windows[0].end <= e <= windows[-1].end}
