from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipwatch.brief_period import Period, period_of
from tipwatch.errors import UsageError

MINSK = ZoneInfo("Europe/Minsk")
#: a Tuesday, 05:00 in Minsk
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def days(period: Period) -> tuple[str, str]:
    return period.first.isoformat(), period.last.isoformat()


@pytest.mark.parametrize(
    ("now", "week"),
    [
        (datetime(2026, 11, 22, 20, 59, tzinfo=UTC), ("2026-11-09", "2026-11-15")),  # Sunday, 23:59 in Minsk
        (datetime(2026, 11, 22, 21, 0, tzinfo=UTC), ("2026-11-16", "2026-11-22")),  # Monday, 00:00 in Minsk
        (NOW, ("2026-11-16", "2026-11-22")),
    ],
)
def test_the_last_full_week_is_meant_where_nobody_says_otherwise(
    now: datetime, week: tuple[str, str]
) -> None:
    period = period_of(None, None, now, MINSK)
    assert days(period) == week
    assert period.end <= now


def test_a_week_begins_and_ends_at_midnight_of_its_zone() -> None:
    period = period_of(None, None, NOW, MINSK)
    assert (period.start, period.end) == (
        datetime(2026, 11, 15, 21, tzinfo=UTC),
        datetime(2026, 11, 22, 21, tzinfo=UTC),
    )
    assert days(period.before(7)) == ("2026-11-09", "2026-11-15")
    assert period.before(7).end == period.start


def test_a_first_day_alone_goes_to_today_and_a_last_day_alone_has_a_week_before_it() -> None:
    assert days(period_of(date(2026, 11, 20), None, NOW, MINSK)) == ("2026-11-20", "2026-11-24")
    assert days(period_of(None, date(2026, 11, 20), NOW, MINSK)) == ("2026-11-14", "2026-11-20")
    assert period_of(date(2026, 11, 20), date(2026, 11, 20), NOW, MINSK).days == 1


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 11, 21), date(2026, 11, 20), "comes after"),
        (date(2026, 11, 25), None, "comes after"),
        (None, date(2026, 11, 25), "lies ahead"),
        (date(2025, 1, 1), date(2026, 11, 1), "at most 366"),
    ],
)
def test_days_that_make_no_brief_are_refused(first: date | None, last: date | None, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        period_of(first, last, NOW, MINSK)


def test_weeks_with_a_clock_change_are_an_hour_longer_or_shorter() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    spring = period_of(None, date(2026, 3, 29), NOW, berlin)
    autumn = period_of(None, date(2026, 10, 25), NOW, berlin)
    assert spring.end - spring.start == timedelta(days=7, hours=-1)
    assert autumn.end - autumn.start == timedelta(days=7, hours=1)


def test_an_article_stands_under_the_day_it_was_published_if_that_lies_within() -> None:
    period = period_of(None, None, NOW, MINSK)
    seen = datetime(2026, 11, 20, 12, tzinfo=UTC)
    late = datetime(2026, 11, 18, 21, 30, tzinfo=UTC)
    assert period.day_of(late, seen, to_the_day=False) == date(2026, 11, 19)
    assert period.day_of(datetime(2026, 11, 18, tzinfo=UTC), seen, to_the_day=True) == date(2026, 11, 18)
    assert period.day_of(datetime(2023, 1, 1, tzinfo=UTC), seen, to_the_day=False) == date(2026, 11, 20)
    assert period.day_of(None, seen, to_the_day=False) == date(2026, 11, 20)


@given(
    st.sampled_from(sorted(available_timezones())),
    st.integers(0, 6 * 366 * 24).map(lambda hours: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=hours)),
)
def test_in_every_zone_the_last_full_week_is_over_and_the_next_is_not(zone: str, now: datetime) -> None:
    period = period_of(None, None, now, ZoneInfo(zone))
    assert period.days == 7
    assert period.first.isoweekday() == 1
    assert period.end <= now < period.end + timedelta(days=8)
    assert period.before(7).end == period.start
