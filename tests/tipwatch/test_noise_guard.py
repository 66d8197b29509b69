from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from alerts.digest import Flood
from alerts.windows import Window
from pipeline.store import SeenOf
from tipwatch.rounds.noise import expected_stories, flood_of

END = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)
DAY = timedelta(days=1)
MINSK = ZoneInfo("Europe/Minsk")
WINDOW = Window(END - DAY, END)


def a_month_of(stories_a_day: int) -> list[SeenOf]:
    return [
        SeenOf(f"s{back}-{number}", WINDOW.start - back * DAY)
        for back in range(28)
        for number in range(stories_a_day)
    ]


def test_what_is_usual_is_the_average_of_four_weeks() -> None:
    assert expected_stories(a_month_of(3), WINDOW, MINSK, END - 90 * DAY) == pytest.approx(3.0)


def test_a_weekend_is_expected_to_bring_as_much_as_its_days() -> None:
    three_days = Window(END - 3 * DAY, END)
    seen = [SeenOf(one.story_id, one.at - 2 * DAY) for one in a_month_of(3)]
    assert expected_stories(seen, three_days, MINSK, END - 90 * DAY) == pytest.approx(9.0)


def test_ten_copies_of_a_story_on_a_day_are_one_story() -> None:
    seen = [SeenOf("s1", WINDOW.start - DAY + timedelta(minutes=n)) for n in range(10)]
    assert expected_stories(seen, WINDOW, MINSK, END - 90 * DAY) == pytest.approx(1 / 28)


def test_with_less_than_a_week_nothing_is_known_and_with_two_weeks_those_count() -> None:
    assert expected_stories(a_month_of(3), WINDOW, MINSK, WINDOW.start - 6 * DAY) is None
    assert expected_stories([], WINDOW, MINSK, None) is None
    two_weeks = [one for one in a_month_of(3) if one.at > WINDOW.start - 14 * DAY]
    assert expected_stories(two_weeks, WINDOW, MINSK, WINDOW.start - 14 * DAY) == pytest.approx(3.0)


def test_what_came_in_the_window_itself_is_no_measure_of_what_is_usual() -> None:
    seen = [SeenOf(f"s{n}", END - timedelta(minutes=n)) for n in range(500)]
    assert expected_stories(seen, WINDOW, MINSK, END - 90 * DAY) == 0.0


@pytest.mark.parametrize(
    ("came", "expected", "most", "flood"),
    [
        (10, 0.0, 40, None),  # ten are read in two minutes
        (11, 0.0, 40, Flood(0.0, 11)),
        (30, 6.0, 40, None),
        (31, 6.0, 40, Flood(6.0, 31)),
        (60, 40.0, 40, None),  # more than is shown, but no more than usual
        (200, None, 40, None),  # nobody knows yet what is usual
        (201, None, 40, Flood(None, 201)),
    ],
)
def test_a_flood_is_five_times_what_is_usual_and_more_than_ten(
    came: int, expected: float | None, most: int, flood: Flood | None
) -> None:
    assert flood_of(came, expected, most) == flood
