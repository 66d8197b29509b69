"""The operator's mail: a subject that says whether to open it, and everything that needs a person at its top."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from lxml import html as reader

from alerts.operator import (
    DayOfWork,
    DeliveryNote,
    ExceptionNote,
    NeedKind,
    OperatorReport,
    SourceNote,
    SubscriptionCount,
    render_report,
)
from alerts.operator.words import PHRASES

END = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
WELL = OperatorReport(
    window_start=END - DAY,
    window_end=END,
    timezone="Europe/Minsk",
    version="0.1.0",
    rules_version="4f2a9c01b7de",
    subscriptions=(SubscriptionCount("desk", 12, 9, 2, 1, 0, 0, 0, 0),),
    sources=3,
    visited=3,
    days=(DayOfWork(date(2026, 11, 23), 40, 31, 4), DayOfWork(date(2026, 11, 24), 5, 4, 1)),
    last_success_at=END - timedelta(minutes=4),
    database_bytes=184_320_000,
    disk_free_bytes=41_200_000_000,
)
LOST = ExceptionNote("lost", "desk, article 7", "its window was closed without it", "tell it by hand")
FAILED = DeliveryNote("failed", "desk@example.org", "d1", "550 no such user", END - DAY, None)
BUSY = replace(
    WELL,
    subscriptions=(SubscriptionCount("desk", 12, 8, 0, 0, 1, 1, 1, 1, overdue_since=END - DAY),),
    exceptions=(LOST,),
    exceptions_found=3,
    deliveries=(
        FAILED,
        replace(FAILED, state="unknown", error="no answer"),
        replace(FAILED, state="waiting", next_try_at=END),
    ),
    mailboxes=("old@example.org was refused 3 times in a row",),
    silent=(
        SourceNote("Trend", "HTTP 503", END - 3 * DAY),
        SourceNote("Never", "HTTP 404"),
        SourceNote("Partly", "one feed: HTTP 500", END - DAY * 9, partly=True),
    ),
    moved=(SourceNote("UN News", "https://news.example/new.xml"),),
    pages_failed=(("HTTP 404", 12),),
    last_success_at=END - 2 * DAY,
    disk_free_bytes=100_000_000,
)


def test_when_all_is_well_the_subject_says_so() -> None:
    mail = render_report(WELL)
    assert mail.subject == "tipwatch: all well, 2026-11-24"
    assert "desk: articles 12, delivered 9, folded 2, held back 1" in mail.text
    assert "All 3 sources answered at their last visit." in mail.text
    assert "2026-11-23  40 pages read, 31 kept, 4 matched" in mail.text
    assert "last source read 2026-11-24 05:56" in mail.text, "in the reader's zone"
    assert "41.2 GB free" in mail.text


def test_everything_that_can_need_a_person_is_counted_once_and_said_first() -> None:
    assert [(need.kind, need.count) for need in BUSY.needs] == [
        (NeedKind.EXCEPTIONS, 3),
        (NeedKind.FAILED, 1),
        (NeedKind.UNKNOWN, 1),
        (NeedKind.WAITING, 1),
        (NeedKind.OVERDUE, 1),
        (NeedKind.MAILBOXES, 1),
        (NeedKind.NO_CRAWL, 1),
        (NeedKind.SILENT, 2),
        (NeedKind.MOVED, 1),
        (NeedKind.DISK, 1),
    ]
    assert {need.kind for need in BUSY.needs} == set(NeedKind)
    mail = render_report(BUSY)
    assert mail.subject == "tipwatch: 10 things need you, 2026-11-24"
    assert mail.text.index("Exceptions in the ledger of deliveries: 3") < mail.text.index("desk, article 7")
    assert "What to do: tell it by hand" in mail.text
    assert "and 2 more: `tipwatch ledger check` lists them" in mail.text
    assert "550 no such user" in mail.text


@pytest.mark.parametrize(
    ("language", "said"), [("en", "no source was ever read"), ("ru", "ни один источник")]
)
def test_before_the_first_visit_the_mail_says_so_once(language: str, said: str) -> None:
    mail = render_report(replace(BUSY, last_success_at=None), language=language)
    assert said in mail.text
    assert "read never" not in mail.text


def test_one_need_is_one_thing() -> None:
    assert (
        render_report(replace(WELL, mailboxes=("gone",))).subject == "tipwatch: 1 thing needs you, 2026-11-24"
    )


def test_a_short_silence_is_told_and_needs_nobody() -> None:
    report = replace(WELL, silent=(SourceNote("Trend", "HTTP 503", END - timedelta(hours=2)),))
    assert report.needs == ()
    assert "Trend: no answer at the last visit, last read 2026-11-24 04:00" in render_report(report).text


@pytest.mark.parametrize("language", PHRASES)
def test_text_and_html_say_the_same_in_every_language(language: str) -> None:
    mail = render_report(BUSY, language=language)
    shown = " ".join(reader.fromstring(mail.html).text_content().split())
    for word in ("550 no such user", "desk, article 7", "Trend", "HTTP 404", "https://news.example/new.xml"):
        assert word in mail.text
        assert word in shown
    for name in NeedKind:
        said = PHRASES[language][f"need_{name.value}"].split("{")[0]
        assert said in mail.text
        assert " ".join(said.split()) in shown


@pytest.mark.parametrize("language", PHRASES)
def test_every_language_has_every_phrase_with_the_same_parts(language: str) -> None:
    def parts(phrase: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}

    assert PHRASES[language].keys() == PHRASES["en"].keys()
    for name, phrase in PHRASES[language].items():
        optional = {"count"} if name == "one_needs" else set()
        assert parts(phrase) | optional == parts(PHRASES["en"][name]) | optional


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}{% raw %}",
    "line\r\nBcc: all@example.org\x00\x1b[31m\u202e",
    "javascript:alert(1)",
)


@pytest.mark.parametrize("words", HOSTILE)
def test_words_from_outside_stay_words(words: str) -> None:
    report = replace(
        BUSY,
        exceptions=(ExceptionNote(words, words, words, words),),
        deliveries=(replace(FAILED, recipient=words, error=words),),
        mailboxes=(words,),
        silent=(SourceNote(words, words),),
        moved=(SourceNote(words, words),),
        pages_failed=((words, 1),),
    )
    mail = render_report(report)
    page = reader.fromstring(mail.html)
    assert not page.xpath("//script | //img | //a | //form | //svg | //iframe")
    assert not [name for element in page.iter() for name in element.attrib if name.startswith("on")]
    assert not set(mail.text) & {"\r", "\x00", "\x1b", "\u202e"}
    assert "\n" not in mail.subject
    assert "49" not in mail.text


def test_the_mail_is_small_and_loads_nothing() -> None:
    mail = render_report(BUSY)
    assert len(mail.html) < 40_000
    assert "http" not in mail.html.replace("https://news.example/new.xml", "").replace("HTTP", "")
