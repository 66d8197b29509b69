"""What is fetched now, later and never: nothing new is lost, and no archive becomes a flood."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.novelty import Bounds, choose, cutoff_of, day_in, loose_moment, month_in
from crawler.page import Entry, Visit
from crawler.source import Source

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BOUNDS = Bounds(per_visit=8, at_first=3)
_ages = st.lists(st.none() | st.integers(0, 40), max_size=30)


def _entries(ages: list[int | None]) -> list[Entry]:
    return [
        Entry(f"https://o.test/{place}", published=None if age is None else NOW - timedelta(days=age))
        for place, age in enumerate(ages)
    ]


@settings(max_examples=200, deadline=None)
@given(_ages, st.booleans())
def test_every_entry_is_taken_now_or_later_or_is_archive_and_only_once(
    ages: list[int | None], is_first: bool
) -> None:
    entries = _entries(ages)
    choice = choose(entries, NOW - timedelta(days=2), BOUNDS, is_first=is_first)
    parts = [*choice.now, *choice.later, *choice.archive]
    assert sorted(entry.url for entry in parts) == sorted(entry.url for entry in entries)
    assert len(choice.now) <= BOUNDS.per_visit
    assert is_first or not choice.archive, "what was read before has no archive"
    recent = {
        entry.url for entry in entries if entry.published and entry.published >= NOW - timedelta(days=2)
    }
    assert not recent & {entry.url for entry in choice.archive}, "news is never passed over"


def test_what_is_left_for_later_is_all_taken_in_a_few_visits() -> None:
    left = _entries([n % 5 for n in range(30)])
    visits = 0
    while left:
        choice = choose(left, NOW - timedelta(days=2), BOUNDS, is_first=False)
        left, visits = list(choice.later), visits + 1
    assert visits == 4


def test_news_counts_from_the_date_asked_for_or_from_two_days_before_the_newest_known() -> None:
    source, day = Source("one", "one"), timedelta(days=1)
    assert cutoff_of(Visit(source), NOW) == NOW - 2 * day
    assert cutoff_of(Visit(source, newest=NOW - 9 * day), NOW) == NOW - 11 * day
    assert cutoff_of(Visit(source, newest=NOW + 9 * day), NOW) == NOW - 2 * day
    assert cutoff_of(Visit(source, newest=NOW, since=NOW - 50 * day), NOW) == NOW - 50 * day


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://o.test/2026/11/23/story", datetime(2026, 11, 23, tzinfo=UTC)),
        ("https://o.test/story-2026-11-23_en", datetime(2026, 11, 23, tzinfo=UTC)),
        ("https://o.test/20261123-story", datetime(2026, 11, 23, tzinfo=UTC)),
        ("https://o.test/2026/02/31/story", None),
        ("https://o.test/912026112399", None),
        ("https://o.test/story", None),
    ],
)
def test_many_urls_name_the_day(url: str, expected: datetime | None) -> None:
    assert day_in(url) == expected


def test_a_month_lasts_to_its_end_and_years_are_dates_too() -> None:
    assert month_in("https://o.test/sitemap-2026-11.xml") == datetime(2026, 12, 2, tzinfo=UTC)
    assert loose_moment("2026-11") == datetime(2026, 11, 1, tzinfo=UTC)
    assert loose_moment("2026-11-23T10:00") == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert loose_moment("soon") is None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_no_text_makes_the_readers_of_dates_raise(text: str) -> None:
    for found in (loose_moment(text), day_in(text), month_in(text)):
        assert found is None or found.tzinfo is UTC
