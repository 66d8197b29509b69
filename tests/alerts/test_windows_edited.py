"""Windows of one subscription: no gap, no overlap, whatever is edited, whenever the clock ticks or jumps (S08, S09, S14)."""

from __future__ import annotations

import itertools
import zoneinfo
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alerts.subscription import QuietHours, Recipient, Schedule, Subscription
from alerts.windows import Window, next_due, quiet_until, windows_due

ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})
SINCE = datetime(2026, 11, 1, 11, 17, tzinfo=UTC)
DESK = Subscription("desk", "Desk", (Recipient("desk@example.org"),), ("t",), "Europe/Berlin")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def run(ticks: list[tuple[datetime, Subscription]], since: datetime = SINCE) -> list[Window]:
    """The windows closed when the daemon asks at these moments, the configuration being as it is then."""
    closed: list[Window] = []
    for now, subscription in ticks:
        closed += windows_due(subscription, since, closed[-1].end if closed else None, now)
    return closed


def assert_seamless(windows: list[Window], since: datetime = SINCE) -> None:
    """No gap, no overlap, none empty; the first begins with the subscription."""
    assert not windows or windows[0].start == since
    assert all(window.start < window.end for window in windows)
    assert all(one.end == following.start for one, following in itertools.pairwise(windows))


minutes = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))
schedules = st.builds(
    Schedule,
    st.lists(minutes, min_size=1, max_size=3).map(tuple),
    st.sets(st.integers(1, 7), min_size=1).map(frozenset),
)
subscriptions = st.builds(
    lambda zone, schedule: replace(DESK, timezone=zone, schedule=schedule),
    st.sampled_from(ZONES),
    schedules,
)
#: between two ticks: seconds, hours, weeks; and clocks that are set back
pauses = st.one_of(
    st.integers(0, 90), st.integers(0, 40 * 3600), st.integers(0, 40 * 86_400), st.integers(-30 * 86_400, 0)
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(pauses, subscriptions), max_size=25))
def test_edits_of_zone_and_schedule_between_any_ticks_leave_no_gap_and_no_overlap(steps):
    now, ticks = SINCE, []
    for pause_s, subscription in steps:
        now += timedelta(seconds=pause_s)
        ticks.append((now, subscription))
    windows = run(ticks)
    assert_seamless(windows)
    assert len(set(windows)) == len(windows)
    assert all(any(window.end <= now for now, _ in ticks) for window in windows)


@settings(max_examples=200, deadline=None)
@given(subscriptions, st.lists(st.integers(1, 36 * 3600), min_size=1, max_size=60))
def test_s08_s09_however_seldom_or_often_it_is_asked_each_window_ends_at_a_scheduled_time_once(
    desk, pauses_s
):
    """Downtime is a long pause; a daemon that restarts every few seconds asks often and keeps nothing in between."""
    moments = [
        SINCE + timedelta(seconds=passed) for passed in itertools.accumulate(pauses_s) if passed < 86_400 * 60
    ]
    windows = run([(now, desk) for now in moments])
    assert_seamless(windows)
    for window in windows:
        assert next_due(desk, window.end - timedelta(seconds=1)) == window.end
    if moments:  # nothing that was due is left behind
        reached = windows[-1].end if windows else SINCE
        assert next_due(desk, reached) > moments[-1]


def test_s09_a_daemon_that_restarts_every_five_seconds_misses_no_window_and_repeats_none():
    day = [SINCE + timedelta(seconds=5 * n) for n in range(86_400 // 5 * 2)]
    windows = run([(now, DESK) for now in day])
    assert [window.end for window in windows] == [utc("2026-11-02T06:30"), utc("2026-11-03T06:30")]
    assert_seamless(windows)


def test_s08_after_three_weeks_down_there_is_one_digest_and_then_the_usual_ones():
    ticks = [SINCE, utc("2026-11-23T05:00"), utc("2026-11-23T05:00:20"), utc("2026-11-23T06:30")]
    windows = run([(now, DESK) for now in ticks])
    assert [window.end for window in windows] == [utc("2026-11-22T06:30"), utc("2026-11-23T06:30")]
    assert_seamless(windows)


@pytest.mark.parametrize("step", [timedelta(hours=6), timedelta(hours=-6)])
def test_s14_a_clock_that_is_six_hours_off_for_a_day_costs_no_window_and_repeats_none(step):
    true = [SINCE + timedelta(minutes=7 * n) for n in range(5 * 24 * 60 // 7)]
    wrong_from, wrong_to = utc("2026-11-03T04:00"), utc("2026-11-04T04:00")
    shown = [moment + step if wrong_from <= moment < wrong_to else moment for moment in true]
    windows = run([(now, DESK) for now in shown])
    assert_seamless(windows)
    assert [window.end for window in windows] == [utc(f"2026-11-0{day}T06:30") for day in (2, 3, 4, 5, 6)]


def test_s14_a_clock_that_runs_years_ahead_for_a_moment_gives_one_window_and_goes_on_when_it_is_passed():
    """What was closed in the future stays closed: a second digest of the same days would repeat them."""
    ticks = [SINCE, utc("2031-05-05T05:05"), utc("2026-11-02T07:00"), utc("2026-12-24T12:00")]
    windows = run([(now, DESK) for now in ticks])
    assert [window.end for window in windows] == [utc("2031-05-04T05:30")]


def test_s14_a_clock_that_begins_years_ago_closes_nothing_until_it_is_right():
    ticks = [utc("1970-01-01T00:00:07"), utc("2000-01-01T12:00"), utc("2026-11-02T06:30")]
    windows = run([(now, DESK) for now in ticks])
    assert windows == [Window(SINCE, utc("2026-11-02T06:30"))]


def test_a_zone_changed_to_one_further_west_does_not_close_the_same_morning_twice():
    berlin, new_york = DESK, replace(DESK, timezone="America/New_York")
    ticks = [(utc("2026-11-02T06:31"), berlin), (utc("2026-11-02T12:29"), new_york)]
    assert [window.end for window in run(ticks)] == [utc("2026-11-02T06:30")]
    ticks.append((utc("2026-11-02T12:30"), new_york))
    assert [window.end for window in run(ticks)] == [utc("2026-11-02T06:30"), utc("2026-11-02T12:30")]


def test_a_time_moved_to_earlier_today_closes_what_is_open_up_to_it_and_no_more():
    moved = replace(DESK, schedule=Schedule((time(5),)))
    windows = run([(utc("2026-11-02T06:31"), DESK), (utc("2026-11-02T07:00"), moved)])
    assert [window.end for window in windows] == [utc("2026-11-02T06:30")]


QUIET = replace(DESK, quiet=QuietHours(time(22), time(7)))


@pytest.mark.parametrize(
    ("now", "over"),
    [
        ("2026-11-02T20:59:59", None),
        ("2026-11-02T21:00", "2026-11-03T06:00"),
        ("2026-11-03T00:30", "2026-11-03T06:00"),
        ("2026-11-03T05:59:59", "2026-11-03T06:00"),
        ("2026-11-03T06:00", None),
    ],
)
def test_quiet_hours_are_those_of_the_subscriptions_zone(now, over):
    assert quiet_until(QUIET, utc(now)) == (utc(over) if over else None)


def test_quiet_hours_by_day_begin_and_end_on_one_day():
    noon = replace(DESK, quiet=QuietHours(time(12), time(13)))
    assert quiet_until(noon, utc("2026-11-02T11:30")) == utc("2026-11-02T12:00")
    assert quiet_until(noon, utc("2026-11-02T12:30")) is None


def test_quiet_hours_last_to_the_second_coming_of_their_end_when_clocks_are_set_back():
    night = replace(DESK, quiet=QuietHours(time(22), time(2, 30)))
    assert quiet_until(night, utc("2026-10-24T21:00")) == utc("2026-10-25T01:30")
    assert quiet_until(night, utc("2026-10-25T01:15")) == utc("2026-10-25T01:30")


def test_quiet_hours_that_end_in_the_skipped_hour_end_at_the_change():
    night = replace(DESK, quiet=QuietHours(time(22), time(2, 30)))
    assert quiet_until(night, utc("2027-03-27T23:00")) == utc("2027-03-28T01:00")


def test_without_quiet_hours_nothing_is_quiet():
    assert quiet_until(DESK, utc("2026-11-02T23:00")) is None


@settings(max_examples=200, deadline=None)
@example("Europe/Berlin", QuietHours(time(2), time(3)), 0)
@given(
    zone=st.sampled_from(ZONES),
    quiet=st.tuples(minutes, minutes).filter(lambda ends: ends[0] != ends[1]).map(lambda e: QuietHours(*e)),
    minute=st.integers(0, 5 * 365 * 24 * 60),
)
def test_quiet_hours_end_outside_themselves_and_are_soon_over_in_any_zone(zone, quiet, minute):
    desk = replace(QUIET, timezone=zone, quiet=quiet)
    now = SINCE + timedelta(minutes=minute)
    over = quiet_until(desk, now) or now
    assert now <= over <= now + timedelta(hours=27)
    assert quiet_until(desk, over) is None
    assert not quiet.hold(over.astimezone(zoneinfo.ZoneInfo(zone)).time())
