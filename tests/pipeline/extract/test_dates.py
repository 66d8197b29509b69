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
    "meta",
    [
        'name="article:published:time"', 'property="article:published_time"', 'name="publish-date"', 'name="Publish_Date"', 'itemprop="datePublished"',
        'name="cXenseParse:publishtime"', 'name="DC.date.issued"', 'name="parsely-pub-date"', 'name="sailthru.date"', 'name="dcterms.created"',
    ],
)  # fmt: skip
def test_metadata_are_known_by_many_spellings(read: Any, meta: str) -> None:
    found = read(page(f'<meta {meta} content="2023-11-11T20:45:00+04:00">')).published
    assert (found.at, found.offset_minutes) == (datetime(2023, 11, 11, 16, 45, tzinfo=UTC), 240)


def test_a_date_of_the_document_yields_to_one_of_the_article(read: Any) -> None:
    found = read(
        page('<meta itemprop="dateCreated" content="2025-05-07T17:00:52+02:00">', "12.10.2023, 19:16")
    ).published
    assert found.at == datetime(2023, 10, 12, 19, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    ["Updated: 12 November 2023 09:00 UTC", "Stand: 12.11.2023 09:00 UTC", "Обновлено 12.11.2023 в 09:00 UTC", "Mis à jour le 12.11.2023 à 09:00 UTC"],
)  # fmt: skip
def test_a_printed_time_of_change_is_kept_as_such(read: Any, line: str) -> None:
    article = read(page(visible=line))
    assert article.published is None
    assert article.published_problem == "only a time of change is printed"
    assert article.modified_at == datetime(2023, 11, 12, 9, tzinfo=UTC)


def test_a_label_in_an_element_of_its_own_governs_the_next(read: Any) -> None:
    article = read(
        page(visible='<b class="label">Last modified:</b> <span class="date">12 November 2023 09:00</span>')
    )
    assert article.published is None


def test_a_time_element_of_change_is_not_the_publication(read: Any) -> None:
    marked = '<p>Last updated: <time datetime="2023-11-12T09:00:00Z">on Sunday</time></p><p>Published <time datetime="2023-11-11T09:00:00Z">on Saturday</time></p>'
    assert read(page(visible=marked)).published.at.day == 11


@pytest.mark.parametrize("box", ["comments", "related-articles", "sidebar", "most-read"])
def test_dates_of_comments_and_of_other_articles_are_not_the_article_s(read: Any, box: str) -> None:
    other = f'<div class="{box}"><ul><li>Somebody said <time datetime="2023-10-01T08:00:00Z" class="date">1 October 2023</time></li></ul></div>'
    assert read(page().replace("</body>", f"{other}</body>")).published is None


def test_a_local_clock_with_a_false_z_takes_the_zone_given_for_it_elsewhere(read: Any) -> None:
    marked = '<time pubdate datetime="2023-11-11T20:45:00+04:00">11 November 2023, 20:45</time>'
    found = read(page(json_ld("2023-11-11T20:45:00Z"), marked)).published
    assert (found.at, found.offset_minutes) == (datetime(2023, 11, 11, 16, 45, tzinfo=UTC), 240)


def test_a_stamp_that_is_still_to_come_in_utc_is_the_source_s_clock(read: Any) -> None:
    fetched_at = datetime(2023, 11, 11, 17, tzinfo=UTC)
    false = read(page(json_ld("2023-11-11T20:45:00Z")), timezone="Asia/Baku", fetched_at=fetched_at).published
    true = read(page(json_ld("2023-11-11T16:45:00Z")), timezone="Asia/Baku", fetched_at=fetched_at).published
    assert false.at == true.at == datetime(2023, 11, 11, 16, 45, tzinfo=UTC)


def test_the_same_clock_printed_without_a_zone_proves_no_false_z(read: Any) -> None:
    found = read(page(json_ld("2023-11-11T16:45:00Z"), "11.11.2023, 16:45"), timezone="Asia/Baku").published
    assert (found.at, found.zone_origin) == (datetime(2023, 11, 11, 16, 45, tzinfo=UTC), "page")


def test_a_midnight_at_the_source_told_in_utc_is_a_day(read: Any) -> None:
    bare = read(page(json_ld("2023-11-10T20:00:00Z")), timezone="Asia/Baku").published
    timed = read(page(json_ld("2023-11-10T20:00:00Z"), "11.11.2023, 14:05"), timezone="Asia/Baku").published
    assert (bare.precision, bare.offset_minutes) == (Precision.DAY, 240)
    assert (timed.precision, timed.at) == (Precision.MINUTE, datetime(2023, 11, 11, 10, 5, tzinfo=UTC))


def test_the_address_and_another_place_outvote_a_lone_answer(read: Any) -> None:
    url = "https://courier.example/2023/11/11/text-adopted"
    assert (
        read(page(json_ld("2021-12-06T10:00:00+04:00"), "11.11.2023, 14:05"), url=url).published.origin
        == "visible"
    )
    assert read(page(json_ld("2021-12-06T10:00:00+04:00")), url=url).published.origin == "json-ld"


def test_another_date_of_the_page_tells_the_day_from_the_month(read: Any) -> None:
    url = "https://courier.example/2023/04/03/text-adopted"
    assert read(page(visible="03/04/2023 10:00"), url=url).published.at == datetime(
        2023, 4, 3, 10, tzinfo=UTC
    )


def test_a_month_still_to_come_tells_the_day_from_the_month(read: Any) -> None:
    found = read(page(visible="03/11/2023 10:00"), fetched_at=datetime(2023, 3, 12, tzinfo=UTC)).published
    assert found.at.date() == date(2023, 3, 11)


def test_the_locale_of_the_page_tells_the_order(read: Any) -> None:
    assert read(page(visible="03/04/2023 10:00", lang="en-GB")).published.at.month == 4
    refused = read(page(visible="03/04/2023 10:00", lang="en-US"))  # the default of many templates
    assert "could be exchanged" in (refused.published_problem or "")


def test_a_date_told_in_running_text_is_no_date_of_publication(read: Any) -> None:
    told = "<p>On 3 March 2011 the parliament adopted the first law of its kind, and forty states have followed its example since.</p>"
    dateline = told.replace("On 3 March 2011 the", "MINSK, 11 November 2023 (BelTA) - The")
    assert read(page().replace(TEXT, told + TEXT)).published is None
    assert read(page().replace(TEXT, dateline + TEXT)).published.at.date() == date(2023, 11, 11)


def test_a_distance_is_read_against_the_fetch_in_the_source_s_zone(read: Any) -> None:
    late = datetime(2023, 11, 11, 21, 30, tzinfo=UTC)  # half past one on the 12th in Baku
    today = read(page(visible="Today, 00:40"), timezone="Asia/Baku", fetched_at=late).published
    ago = read(page(visible="20 minutes ago"), timezone="Asia/Baku", fetched_at=late).published
    assert (today.at, today.zone_origin) == (datetime(2023, 11, 11, 20, 40, tzinfo=UTC), "source")
    assert (ago.at, ago.precision) == (datetime(2023, 11, 11, 21, 10, tzinfo=UTC), Precision.MINUTE)


def test_a_distance_yields_to_every_date(read: Any) -> None:
    assert (
        read(page(json_ld("2023-11-09T10:00:00+04:00"), "Yesterday at 18:05")).published.origin == "json-ld"
    )


def test_yesterday_in_another_language_is_a_word_like_any(read: Any) -> None:
    german = (
        "Der Text wurde im großen Saal im Konsens angenommen, und der Vorsitzende dankte allen für ihre Geduld. "
        * 2
    )
    assert read(page(visible="Hier", lang="de").replace(TEXT, f"<p>{german}</p>")).published is None


def test_a_page_with_no_other_date_is_asked_for_what_its_scripts_know(read: Any) -> None:
    script = '<script>window.state={"id":1,"publishedAt":"2023-11-11T16:45:00Z"}</script>'
    found = read(page(script)).published
    assert (found.at, found.origin) == (datetime(2023, 11, 11, 16, 45, tzinfo=UTC), "script")
    other = script.replace("2023-11-11", "2023-10-01")
    assert read(page(script + other)).published is None  # a list of articles


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
