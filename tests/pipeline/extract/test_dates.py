"""The time of publication: which answer wins, which zone it has, and what is refused."""

# ruff: noqa: E501 - pages stand on their lines as they would be sent
from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import Precision
from pipeline.extract.months import month_number
from pipeline.extract.printed import find_moments
from pipeline.extract.stamps import read_stamp

TEXT = "<p>The text was adopted by consensus on Friday evening in the large hall.</p><p>Forty states had joined it as sponsors by then.</p>"


def page(head: str = "", visible: str = "", lang: str = "en") -> str:
    return f'<html lang="{lang}"><head><title>Text adopted</title>{head}</head><body><div><h1>Text adopted</h1><span>{visible}</span>{TEXT}</div></body></html>'


def json_ld(published: str) -> str:
    return f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Text adopted","datePublished":"{published}"}}</script>'


def test_a_clock_without_zone_takes_the_zone_printed_beside_the_same_clock(read: Any) -> None:
    found = read(page(json_ld("2023-11-11T20:45:00"), "11 November 2023 20:45 (UTC+04:00)")).published
    assert (found.at, found.origin, found.zone_origin) == (
        datetime(2023, 11, 11, 16, 45, tzinfo=UTC),
        "json-ld",
        "page",
    )


def test_a_time_beats_a_bare_day_of_the_same_day(read: Any) -> None:
    found = read(page(json_ld("2023-11-11"), "11 November 2023 20:45 (UTC+04:00)")).published
    assert (found.at, found.origin) == (datetime(2023, 11, 11, 16, 45, tzinfo=UTC), "visible")


def test_a_time_of_another_day_does_not_beat_a_bare_day(read: Any) -> None:
    found = read(page(json_ld("2023-11-11"), "9 November 2023 20:45 (UTC+04:00)")).published
    assert (found.precision, found.at.date()) == (Precision.DAY, date(2023, 11, 11))


def test_the_source_s_zone_is_used_with_the_offset_of_that_date(read: Any) -> None:
    summer = read(page(visible="11.07.2023, 13:41"), timezone="Europe/Berlin").published
    winter = read(page(visible="11.11.2023, 13:41"), timezone="Europe/Berlin").published
    assert (summer.offset_minutes, winter.offset_minutes) == (120, 60)
    assert summer.zone_origin == "source"


def test_without_any_zone_the_clock_is_kept_and_the_zone_said_to_be_unknown(read: Any) -> None:
    found = read(page(visible="11.11.2023, 13:41")).published
    assert (found.at, found.offset_minutes, found.zone_origin) == (
        datetime(2023, 11, 11, 13, 41, tzinfo=UTC),
        None,
        "unknown",
    )


def test_the_feed_is_asked_when_the_page_is_silent(read: Any, entry: Any) -> None:
    found = read(
        page(),
        entry=entry(
            published=datetime(2023, 11, 11, 16, 45, tzinfo=UTC),
            published_raw="Sat, 11 Nov 2023 20:45:00 +0400",
        ),
    ).published
    assert (found.at, found.origin, found.offset_minutes) == (
        datetime(2023, 11, 11, 16, 45, tzinfo=UTC),
        "feed",
        240,
    )


def test_the_address_is_the_last_resort_and_gives_a_day(read: Any) -> None:
    found = read(page(), url="https://courier.example/2023/11/11/text-adopted").published
    assert (found.precision, found.origin, found.at.date()) == (Precision.DAY, "url", date(2023, 11, 11))


@pytest.mark.parametrize(
    "printed",
    ["1970-01-01T00:00:00Z", "0001-01-01", "2099-01-01T10:00:00Z", "1994-12-31", "2026-03-03T10:00:00Z"],
)
def test_impossible_times_are_refused_and_the_reason_is_kept(read: Any, printed: str) -> None:
    article = read(page(json_ld(printed)))
    assert article.published is None
    assert printed in (article.published_problem or "")


def test_a_refused_time_gives_way_to_the_next_answer(read: Any) -> None:
    assert read(page(json_ld("1970-01-01T00:00:00Z"), "11 November 2023 20:45")).published.at.year == 2023


def test_a_line_about_an_update_is_not_the_publication(read: Any) -> None:
    assert read(page(visible="Updated: 12 November 2023 09:00")).published is None


def test_day_and_month_are_never_guessed(read: Any) -> None:
    assert read(page(visible="03/04/2023 10:00")).published is None
    assert read(page(visible="03/04/2023 10:00"), country="US").published.at.month == 3
    assert read(page(visible="03/04/2023 10:00"), country="GB").published.at.month == 4
    assert read(page(visible="03/04/2023 10:00", lang="fr")).published.at.month == 4
    assert read(page(visible="03/14/2023 10:00")).published.at.month == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11 November 2023 20:45 (UTC+04:00)", (2023, 11, 11, 20, 45, 240)),
        ("20:45, 11 November 2023", (2023, 11, 11, 20, 45, None)),
        ("Nov. 11, 2023 8:45 p.m. EST", (2023, 11, 11, 20, 45, -300)),
        ("11.11.2023 | 13:41 MSK", (2023, 11, 11, 13, 41, 180)),
        ("11 ноября 2023 г., 13:41", (2023, 11, 11, 13, 41, None)),
        ("11 лістапада 2023, 13:41", (2023, 11, 11, 13, 41, None)),
        ("11 noyabr 2023 14:05", (2023, 11, 11, 14, 5, None)),
        ("Le 1er août 2023 à 09h05", (2023, 8, 1, 9, 5, None)),
        ("3 de marzo de 2023", (2023, 3, 3, None, None, None)),
        ("3. März 2023, 07:30 Uhr", (2023, 3, 3, 7, 30, None)),
        ("١١ نوفمبر ٢٠٢٣ ٢٠:٤٥", (2023, 11, 11, 20, 45, None)),
        ("2023年11月11日 20:45", (2023, 11, 11, 20, 45, None)),
        ("2023-11-11 20:45 +0400", (2023, 11, 11, 20, 45, 240)),
    ],
)
def test_printed_dates_are_read(text: str, expected: tuple[int | None, ...]) -> None:
    moment = find_moments(text, month_first=False)[0]
    assert (
        moment.day.year,
        moment.day.month,
        moment.day.day,
        moment.hour,
        moment.minute,
        moment.offset_minutes,
    ) == expected


@pytest.mark.parametrize(
    "text", ["31.02.2023", "45 November 2023", "version 1.2.3456", "call 11 22 2023", "marathon 5 2023"]
)
def test_what_is_no_date_is_not_read_as_one(text: str) -> None:
    assert find_moments(text, month_first=False) == []


def test_months_are_known_in_every_language_and_near_words_are_not() -> None:
    words = "ноября лістапада noyabr novembre noviembre November نوفمبر nov"
    assert {month_number(word) for word in words.split()} == {11}
    assert month_number("снежня") == 12
    assert month_number("committee") is None


@given(st.datetimes(min_value=datetime(1996, 1, 1), max_value=datetime(2090, 1, 1)), st.integers(-56, 56))  # noqa: DTZ001 - hypothesis draws naive ones
@settings(max_examples=150)
def test_every_iso_stamp_comes_back_as_the_same_instant(local: datetime, quarters: int) -> None:
    minutes = quarters * 15
    sign = "+" if minutes >= 0 else "-"
    printed = f"{local:%Y-%m-%dT%H:%M:%S}{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    moment = read_stamp(printed, month_first=None)
    assert moment is not None
    assert moment.at(moment.offset_minutes or 0) == datetime.fromisoformat(printed)


@given(st.text(max_size=200))
@settings(max_examples=200)
def test_no_text_makes_the_readers_of_dates_fail(text: str) -> None:
    find_moments(text, month_first=None)
    read_stamp(text, month_first=True)
