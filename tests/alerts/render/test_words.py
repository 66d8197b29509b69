"""The parts a digest is set from: times, lags, links, quotes and lines."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.digest import Segment
from alerts.render.cut import around, cut, one_line
from alerts.render.links import safe_link, shown_domain
from alerts.render.plain import WIDTH, bulleted, width_of, wrapped
from alerts.render.words import Words, nominal_day
from alerts.windows import zone_named


def test_times_are_shown_as_exactly_as_they_are_known():
    words = Words("en", zone_named("Asia/Baku"))
    at = datetime(2023, 11, 11, 16, 45, tzinfo=UTC)
    assert words.moment(at, "minute") == "11 Nov 2023, 20:45"
    assert words.moment(None, None) == "time not given"
    assert words.moment(datetime(2023, 11, 10, 20, 0, tzinfo=UTC), "day") == "11 Nov 2023"


@pytest.mark.parametrize("offset_h", [-9.5, -8, -5, 0, 3, 4, 5.75, 9, 13, 14])
def test_a_day_is_named_as_it_was_printed_whatever_the_zone(offset_h):
    midnight = datetime(2026, 11, 11, tzinfo=UTC).timestamp() - offset_h * 3600
    assert nominal_day(datetime.fromtimestamp(midnight, UTC)).day == 11


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("2026-11-22T16:45", "at the same time"),
        ("2026-11-22T17:05", "20 min later"),
        ("2026-11-22T22:49", "6 h 04 min later"),
        ("2026-11-22T14:45", "2 h earlier"),
        ("2026-11-25T16:45", "3 days later"),
    ],
)
def test_how_much_later_a_copy_came_is_said_in_words(then, words):
    first = datetime(2026, 11, 22, 16, 45, tzinfo=UTC)
    lag = Words("en", zone_named("UTC")).lag(first, datetime.fromisoformat(then).replace(tzinfo=UTC))
    assert lag == words


def test_a_long_quote_is_shown_around_its_first_marked_word():
    before, behind = "one two three four five " * 20, " six seven eight nine ten" * 20
    shown = around((Segment(before), Segment("trafficking", marked=True), Segment(behind)), 60)
    text = "".join(segment.text for segment in shown)
    assert text == "…\u00a0two three four five trafficking six seven eight nine ten\u00a0…"
    assert [segment.text for segment in shown if segment.marked] == ["trafficking"]


@given(st.lists(st.builds(Segment, st.text(max_size=90), st.booleans()), max_size=6), st.integers(20, 120))
def test_a_quote_of_any_shape_keeps_its_first_mark_and_stays_short(segments, limit):
    shown, whole = around(segments, limit), cut(segments, 10 * limit)
    text = "".join(segment.text for segment in shown)
    marks = [segment.text for segment in whole if segment.marked]
    assert len(text) <= max(limit, len(marks[0]) if marks else 0) + 5
    if marks:
        assert marks[0] in text


def test_marks_piled_on_a_letter_do_not_cover_the_lines_above():
    assert one_line("Z" + "\u0351\u036b" * 40 + "e\u0301", 100) == "Z" + "\u0351\u036b" * 2 + "e\u0301"


def test_links_show_whose_they_are_in_plain_letters():
    assert safe_link("https://аzernews.az/x") == "https://xn--zernews-1fg.az/x"
    assert shown_domain("https://xn--zernews-6nf.az/x") == "xn--zernews-6nf.az"
    assert shown_domain("https://www.bbc.co.uk/news") == "bbc.co.uk"
    assert shown_domain("http://127.0.0.1:8000/a") == "127.0.0.1"
    assert safe_link("HTTPS://Example.org/Ä?a=%20&b=ü#x") == "https://example.org/%C3%84?a=%20&b=%C3%BC#x"


@given(st.text(max_size=400), st.integers(0, 12))
def test_no_line_of_the_text_part_is_wider_than_it_should_be(text, indent):
    for lines in (wrapped(text, indent), bulleted(text, indent)):
        assert all(width_of(line) <= WIDTH for line in lines.split("\n"))
        assert "".join(lines.split()).removeprefix("-") in {"".join(text.split()), "".join(text.split())[1:]}


def test_chinese_is_wrapped_by_its_width_and_keeps_its_punctuation():
    lines = wrapped("各国应当交换信息，" * 20).split("\n")
    assert len(lines) > 4
    assert not any(line.startswith("，") for line in lines)


@pytest.mark.parametrize(
    ("language", "zone", "time", "sentence"),
    [
        ("en", "UTC", "UTC", "Times are UTC."),
        ("ru", "UTC", "UTC", "Указано время UTC."),
        ("az", "Etc/UTC", "UTC", "Vaxtlar UTC ilə göstərilib."),
        ("en", "Europe/London", "London time", "Times are London time (UTC)."),
        ("ru", "Europe/Minsk", "время: Минск", "Указано время пояса «Минск» (UTC+3)."),
    ],
)
def test_utc_is_no_city(language: str, zone: str, time: str, sentence: str) -> None:
    words = Words(language, zone_named(zone))
    assert words.zone_time() == time
    assert words.times_are(datetime(2026, 11, 23, tzinfo=UTC)) == sentence
