"""What a digest says: the golden text, nothing hostile in the HTML (M11), never too large (M08), right in every script."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import html as lxml_html

from alerts.channels.email import size_as_sent
from alerts.digest import Segment
from alerts.errors import AlertError
from alerts.render import MAX_HTML_BYTES, render


def test_the_subject_names_the_digest_the_count_and_the_first_story(day_digest):
    assert render(day_digest).subject == (
        "Trafficking resolutions, daily · 7 stories: "
        "UN committee backs Belarus text on coordinating action against trafficking in persons"
    )


def test_marked_words_are_marked_in_both_parts(day_digest):
    mail = render(day_digest)
    page = lxml_html.document_fromstring(mail.html)
    assert "trafficking in persons" in {mark.text_content() for mark in page.iter("mark")}
    assert "*trafficking in persons*" in mail.text


def test_an_arabic_entry_reads_from_right_to_left_and_names_its_language(day_digest):
    page = lxml_html.document_fromstring(render(day_digest).html)
    (headline,) = [h for h in page.iter("h2") if "الاتجار" in h.text_content()]
    assert (headline.get("dir"), headline.get("lang")) == ("rtl", "ar")
    (russian,) = [h for h in page.iter("h2") if "Минске" in h.text_content()]
    assert (russian.get("dir"), russian.get("lang")) == ("ltr", "ru")


def test_what_is_not_known_is_left_out(day_digest):
    bare = replace(
        day_digest.entries[0], country=None, language=None, why=(), credits=(), copies=(), topics=(), lead=()
    )
    mail = render(replace(day_digest, entries=(bare,), left_out=0, silent_sources=(), sources_read=0))
    for part in (mail.text, mail.html):
        assert "Why it is here" not in part
        assert "Also in" not in part
        assert "Citing" not in part
        assert "silent" not in part
        assert "None" not in part
        assert " ·  · " not in part


def test_a_window_without_stories_says_so_and_how_much_was_read(day_digest):
    mail = render(replace(day_digest, entries=(), left_out=0))
    assert mail.subject == "Trafficking resolutions, daily · quiet: nothing yet"
    assert "Nothing new in this window. Nothing has matched yet." in mail.text
    assert "412 articles read from 37 sources; 2 silent: Ruh News, Harbour Post." in mail.text


def test_m08_ten_thousand_stories_fit_and_the_rest_is_counted(day_digest):
    entries = tuple(
        replace(day_digest.entries[n % 5], story_id=f"s{n}", url=f"https://example.org/{n}")
        for n in range(10_000)
    )
    mail = render(replace(day_digest, entries=entries, left_out=5))
    assert size_as_sent(mail.html) <= MAX_HTML_BYTES
    assert size_as_sent(mail.html) > 0.8 * MAX_HTML_BYTES
    page = lxml_html.document_fromstring(mail.html)
    full = len([h for h in page.iter("h2") if "head" in h.get("class").split()])
    briefs = len([p for p in page.iter("p") if "brief" in p.get("class", "").split()])
    assert full > 3
    assert briefs > 20
    assert f"and {len(mail.listed)} more stories in this window: in the attached list" in mail.text
    assert (
        f"and {10_005 - full - briefs - len(mail.listed)} more stories in this window, not shown" in mail.text
    )
    assert len(mail.text.encode()) < 300_000


def test_m08_stories_that_do_not_fit_in_full_keep_their_links(day_digest):
    entries = tuple(
        replace(day_digest.entries[n % 5], story_id=f"s{n}", url=f"https://example.org/{n}")
        for n in range(40)
    )
    mail = render(replace(day_digest, entries=entries, left_out=0))
    assert size_as_sent(mail.html) <= MAX_HTML_BYTES
    for n in range(40):
        assert f'href="https://example.org/{n}"' in mail.html
        assert f"https://example.org/{n}\n" in mail.text


def test_one_endless_text_does_not_fill_the_mail(day_digest):
    endless = replace(
        day_digest.entries[0], lead=(Segment("слово " * 100_000),), headline=(Segment("я" * 100_000),)
    )
    mail = render(replace(day_digest, entries=(endless,)))
    assert size_as_sent(mail.html) < 20_000
    assert "…" in mail.text


def test_a_frame_that_nobody_wrote_is_an_error(day_digest):
    with pytest.raises(AlertError, match="en"):
        render(day_digest, language="tlh")
    with pytest.raises(AlertError, match="larger"):
        render(day_digest, max_html_bytes=1000)


def test_no_lag_is_claimed_for_a_report_dated_to_the_day(day_digest):
    first = day_digest.entries[0]
    copies = tuple(replace(copy, precision="day") for copy in first.copies)
    mail = render(replace(day_digest, entries=(replace(first, copies=copies),)))
    assert "later" not in mail.text


def test_a_window_within_one_day_names_the_day_once(day_digest):
    mail = render(replace(day_digest, window_start=datetime(2026, 11, 23, 1, 30, tzinfo=UTC)))
    assert "23 Nov 2026, 04:30 – 07:30, Minsk time" in mail.text


def test_a_window_within_one_minute_names_one_time(day_digest):
    at = day_digest.window_end
    shown = render(replace(day_digest, window_start=at.replace(second=0), window_end=at.replace(second=30)))
    quiet = render(day_digest)
    assert " – " not in next(line for line in shown.text.splitlines() if line.endswith(" time"))
    assert " – " in next(line for line in quiet.text.splitlines() if line.endswith(" time"))
