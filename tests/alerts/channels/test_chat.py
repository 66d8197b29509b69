"""A digest as a chat message: as much as fits, the rest counted, and nobody called by what a stranger wrote."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.channels.chat import chat_text, cut, harmless, length
from alerts.digest import FoundLate, Segment, StoryUpdate
from alerts.digest import Warning as HeadlineWarning


def test_stories_stand_in_order_with_outlet_time_copies_and_link(day_digest) -> None:
    text = chat_text(day_digest, 20_000)
    first = text.split("\n\n")[0].splitlines()
    assert first == [
        "• UN committee backs Belarus text on coordinating action against trafficking in persons",
        "Azernews (AZ), 2026-11-22 19:45",
        "also: MENAFN, SB. Belarus Today, Xalq",
        "https://www.azernews.az/region/218001.html",
    ]
    assert "Al-Sabah (EG), 2026-11-22\n" in text  # known to the day: no time is claimed
    assert text.endswith("Not shown here: 2")


def test_what_has_no_room_is_counted(day_digest) -> None:
    whole = chat_text(day_digest, 20_000)
    for room in range(30, length(whole), 7):
        text = chat_text(day_digest, room)
        assert length(text) <= room
        shown = text.count("• ")
        assert f"Not shown here: {5 - shown + 2}" in text


def test_updates_and_what_is_found_late_stand_under_their_headings(day_digest) -> None:
    one, two, *_ = day_digest.entries
    digest = replace(
        day_digest,
        entries=(),
        left_out=0,
        updates=(StoryUpdate("Earlier", day_digest.window_start, one),),
        found_late=(FoundLate(day_digest.window_start, (two,), left_out=3),),
        language="ru",
    )
    text = chat_text(digest, 20_000)
    assert text.startswith("Продолжение того, о чём уже сообщалось:\n• UN committee")
    assert "\n\nНайдено позже, после изменения правил:\n• В Минске" in text
    assert text.endswith("Здесь не показано: 3")


@pytest.mark.parametrize("language", ["en", "ru", "az"])
@pytest.mark.parametrize("warning", list(HeadlineWarning))
def test_a_headline_that_says_too_much_is_warned_of(
    day_digest, language: str, warning: HeadlineWarning
) -> None:
    entry = replace(day_digest.entries[0], warning=warning)
    text = chat_text(replace(day_digest, entries=(entry,), language=language), 5_000)
    assert text.splitlines()[1].startswith("! ")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Nothing new."), ("ru", "Нового нет."), ("az", "Yeni heç nə yoxdur.")]
)
def test_an_empty_digest_says_so(day_digest, language: str, words: str) -> None:
    assert chat_text(replace(day_digest, entries=(), left_out=0, language=language), 500) == words


@pytest.mark.parametrize(
    "call", ["@everyone", "@here", "<!channel>", "<!here|x>", "<@U012AB>", "<@&77>", "<#C1>"]
)
def test_a_headline_calls_nobody(day_digest, call: str) -> None:
    entry = replace(
        day_digest.entries[0],
        headline=(Segment("Read "), Segment(call[:2], marked=True), Segment(call[2:])),
        url="https://example.org/@everyone/x",
        outlet=call,
    )
    text = chat_text(replace(day_digest, entries=(entry,)), 5_000)
    assert call not in text
    assert call in text.replace("\u2060", "")
    assert "https://example.org/%40everyone/x" in text


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://a.example/x y", "https://a.example/>|<", "http://a/\u202e"]
)
def test_an_address_that_may_be_read_as_something_else_is_left_out(day_digest, url: str) -> None:
    entry = replace(day_digest.entries[0], url=url, copies=())
    assert url not in chat_text(replace(day_digest, entries=(entry,)), 5_000)


@given(st.text(max_size=400), st.integers(0, 200))
@settings(max_examples=150)
def test_a_cut_text_takes_no_more_than_its_room(text: str, room: int) -> None:
    assert length(cut(text, room)) <= max(room, 0)
    assert cut(text, 2_000) == text


@given(st.text(max_size=200))
@settings(max_examples=150)
def test_any_text_becomes_one_line_that_calls_nobody(text: str) -> None:
    line = harmless(text)
    assert "\n" not in line
    assert "@everyone" not in harmless(text + "@everyone")
