from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from crawler.page import Entry
from pipeline.article import Outcome, OutcomeKind
from pipeline.store import Store
from pipeline.store.pages import TRY_AGAIN_AFTER

URL = "https://example.org/story/1"
IN_PASSING = Outcome(OutcomeKind.FAILED, "timeout: no answer within 30 s", passing=True)


def test_twelve_spellings_of_one_url_are_one_row_and_fetched_once(store: Store, noon: datetime) -> None:
    spellings = [
        URL,
        "http://example.org/story/1",
        "https://www.example.org/story/1",
        "https://m.example.org/story/1/",
        "https://EXAMPLE.org:443/story/1",
        f"{URL}?utm_source=rss&utm_medium=feed",
        f"{URL}?fbclid=abc",
        f"{URL}#top",
        f"{URL}/",
        "https://example.org/x/../story/1",
        "https://example.org/story/1/amp",
        f"{URL}?gclid=1#a",
    ]
    assert store.pages.sight("paper", [Entry(url) for url in spellings], noon) == [Entry(URL)]
    assert store.pages.total() == 1
    assert store.pages.counts() == {OutcomeKind.PENDING: 1}


def test_what_was_decided_is_not_fetched_again(store: Store, noon: datetime) -> None:
    entries = [Entry(URL), Entry(f"{URL}0")]
    store.pages.sight("paper", entries, noon)
    store.pages.record(URL, "paper", Outcome(OutcomeKind.NOT_ARTICLE, "a front page"), noon)
    assert store.pages.sight("paper", entries, noon) == [Entry(f"{URL}0")]


def test_an_interrupted_page_is_owed_and_keeps_what_the_feed_said(store: Store, noon: datetime) -> None:
    entry = Entry(
        URL, title="Talks", published=noon, published_raw="today", summary="s", author="a", guid="g"
    )
    store.pages.sight("paper", [entry, entry], noon)
    assert store.sources.visit_memory("paper", noon).again == (entry,)
    assert store.sources.visit_memory("other", noon).again == ()
    store.pages.record(URL, "paper", Outcome(OutcomeKind.ROBOTS, "/story"), noon)
    assert store.pages.again("paper", noon) == ()


def test_the_first_source_owns_a_url_and_other_sightings_are_counted(store: Store, noon: datetime) -> None:
    store.pages.sight("paper", [Entry(URL)], noon)
    assert store.pages.sight("portal", [Entry(f"{URL}?utm_source=portal")], noon) != []
    page = store.pages.find(f"{URL}#comments")
    assert page is not None
    assert (page.source_id, page.seen_elsewhere, page.url) == ("paper", 1, URL)


def test_a_passing_failure_is_tried_again_at_growing_distances_then_fails_for_good(
    store: Store, noon: datetime
) -> None:
    store.pages.sight("paper", [Entry(URL)], noon)
    now = noon
    for wait in TRY_AGAIN_AFTER:
        assert store.pages.record(URL, "paper", IN_PASSING, now) == IN_PASSING
        assert store.pages.again("paper", now + wait - timedelta(seconds=1)) == ()
        assert store.pages.sight("paper", [Entry(URL)], now + wait - timedelta(seconds=1)) == []
        now += wait
        assert store.pages.again("paper", now) == (Entry(URL),)
        assert store.pages.sight("paper", [Entry(URL)], now) == [Entry(URL)]
    gone = store.pages.record(URL, "paper", IN_PASSING, now)
    assert (gone.kind, gone.detail, gone.passing) == (OutcomeKind.FAILED, IN_PASSING.detail, False)
    assert store.pages.again("paper", now + timedelta(days=30)) == ()


def test_a_page_asked_for_by_hand_needs_no_sighting(store: Store, noon: datetime) -> None:
    store.pages.record(URL, "hand", IN_PASSING, noon)
    page = store.pages.find(URL)
    assert page is not None
    assert (page.tries, page.entry, page.source_id) == (1, None, "hand")
    assert store.pages.again("hand", noon + TRY_AGAIN_AFTER[0]) == (Entry(URL),)


def test_counts_since_leave_out_what_was_decided_before(store: Store, noon: datetime) -> None:
    store.pages.record(URL, "paper", Outcome(OutcomeKind.ROBOTS), noon)
    later = noon + timedelta(hours=1)
    store.pages.record(f"{URL}2", "paper", Outcome(OutcomeKind.FAILED, "http: HTTP 404"), later)
    assert store.pages.counts(since=later) == {OutcomeKind.FAILED: 1}
    assert store.pages.counts() == {OutcomeKind.ROBOTS: 1, OutcomeKind.FAILED: 1}


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "", "http://[", "https://x.example/\ud800\0"]
)
def test_any_string_a_feed_calls_a_link_has_its_row(store: Store, noon: datetime, url: str) -> None:
    store.pages.sight("paper", [Entry(url)], noon)
    store.pages.record(url, "paper", Outcome(OutcomeKind.FAILED, "url: not http"), noon)
    assert store.pages.counts() == {OutcomeKind.FAILED: 1}


def test_a_url_longer_than_an_index_row_may_be_has_its_row(store: Store, noon: datetime) -> None:
    long = f"{URL}?q=" + "x" * 20_000
    assert store.pages.sight("paper", [Entry(long), Entry(long + "y")], noon) == [
        Entry(long),
        Entry(long + "y"),
    ]


#: a ledger filled without going through every URL
_FILL = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
    " INSERT INTO pages (key, url, source_id, outcome, detail, tries, first_seen_at, seen_elsewhere)"
    " SELECT randomblob(16), 'u' || i, 'paper', 'no_match', '', 0, '2023-11-11 12:00:00.000000', 0 FROM n",
    "postgresql": "INSERT INTO pages (key, url, source_id, outcome, detail, tries, first_seen_at, seen_elsewhere)"
    " SELECT decode(md5(i::text), 'hex'), 'u' || i, 'paper', 'no_match', '', 0, '2023-11-11T12:00Z', 0"
    " FROM generate_series(1, 100000) i",
}


def test_a_hundred_thousand_urls_do_not_slow_a_sighting(store: Store, noon: datetime) -> None:
    database = store.pages.database
    with database.writing() as connection:
        connection.execute(text(_FILL[connection.dialect.name]))
    fifty = [Entry(f"https://example.org/{number}") for number in range(50)]
    store.pages.sight("paper", fifty, noon)
    began = time.perf_counter()
    for _ in range(20):
        store.pages.sight("paper", fifty, noon)
    assert (time.perf_counter() - began) / 20 < 0.1  # 1 to 2 ms; a scan of the table would take longer
    assert store.pages.total() == 100_050


def test_times_come_back_aware_and_in_utc(store: Store) -> None:
    seen = datetime.fromisoformat("2023-11-11T20:45:00+04:00")
    store.pages.sight("paper", [Entry(URL, published=seen)], seen)
    page = store.pages.find(URL)
    assert page is not None
    assert page.first_seen_at == datetime(2023, 11, 11, 16, 45, tzinfo=UTC)
    assert page.first_seen_at.tzinfo is UTC
    assert page.entry == Entry(URL, published=seen)
