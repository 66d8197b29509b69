"""Another look at articles known: only when their source says something else of them, seldom, and while they are young."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from crawler.page import Entry, UnchangedPage, Validators
from crawler.source import Source
from pipeline.article import Outcome, OutcomeKind
from pipeline.store import NewArticle, Store
from pipeline.store.pages import MAX_LOOKS

URL = "https://paper.example/news/1"
PAPER = Source("morning-paper", "Morning Paper")
ENTRY = Entry(URL, title="Committee adopts resolution")
CHANGED = replace(ENTRY, title="Committee adopts resolution by consensus")
ETAG = Validators('"1"', "Sat, 11 Nov 2023 12:00:00 GMT")

Make = Callable[..., NewArticle]


@pytest.fixture
def known(store: Store, new_article: Make, noon: datetime) -> Store:
    """A store that read the article at noon."""
    store.pages.sight(PAPER.id, [ENTRY], noon)
    store.articles.add(new_article(URL), noon, ETAG)
    return store


def looks(store: Store, entry: Entry, now: datetime) -> list[Validators | None]:
    return [wanted.seen for wanted in store.pages.sight(PAPER.id, [entry], now)]


def test_an_entry_that_says_the_same_asks_for_nothing(known: Store, noon: datetime) -> None:
    assert looks(known, ENTRY, noon + timedelta(days=1)) == []
    assert looks(known, replace(ENTRY, title=" Committee  adopts resolution"), noon + timedelta(days=1)) == []


def test_a_changed_title_asks_once_with_the_pages_own_validators(known: Store, noon: datetime) -> None:
    assert looks(known, CHANGED, noon + timedelta(minutes=59)) == [], "not within an hour"
    later = noon + timedelta(hours=1)
    assert looks(known, CHANGED, later) == [ETAG]
    assert looks(known, CHANGED, later + timedelta(hours=1)) == [ETAG], "nobody came to ask for the page"
    known.pages.looked(UnchangedPage(PAPER, URL, later, CHANGED), later)
    assert looks(known, CHANGED, noon + timedelta(hours=9)) == []


def test_an_update_after_we_read_it_asks_even_when_nothing_else_is_known(
    known: Store, noon: datetime
) -> None:
    later = noon + timedelta(hours=2)
    assert (
        looks(known, replace(ENTRY, updated=noon - timedelta(hours=1)), later - timedelta(minutes=90)) == []
    )
    assert looks(known, replace(ENTRY, updated=later + timedelta(days=300)), noon) == []
    assert looks(known, replace(ENTRY, updated=noon + timedelta(hours=1)), later) == [ETAG]


def test_a_title_that_never_stands_still_is_looked_at_three_times(known: Store, noon: datetime) -> None:
    wanted = [
        looks(known, replace(ENTRY, title=f"Live: {hour}"), noon + timedelta(hours=hour))
        for hour in range(1, 12)
    ]
    assert sum(map(len, wanted)) == MAX_LOOKS


def test_what_is_old_or_belongs_to_another_source_or_is_no_article_is_left(
    known: Store, noon: datetime
) -> None:
    assert looks(known, CHANGED, noon + timedelta(days=7, seconds=1)) == []
    assert known.pages.sight("portal", [CHANGED], noon + timedelta(hours=2)) == []
    other = replace(ENTRY, url=f"{URL}0")
    known.pages.sight(PAPER.id, [other], noon)
    known.pages.record(other.url, PAPER.id, Outcome(OutcomeKind.NOT_ARTICLE, "a front page"), noon)
    assert looks(known, replace(CHANGED, url=other.url), noon + timedelta(hours=2)) == []


def test_what_is_unchanged_keeps_its_outcome_and_what_changed_is_a_revision(
    known: Store, new_article: Make, noon: datetime
) -> None:
    at = noon + timedelta(hours=2)
    looks(known, CHANGED, at)
    newer = Validators('"2"')
    known.pages.looked(UnchangedPage(PAPER, URL, at, CHANGED, newer), at)
    page = known.pages.find(URL)
    assert page is not None
    assert (page.outcome.kind, page.decided_at) == (OutcomeKind.KEPT, noon)
    again = replace(CHANGED, title="Committee adopts resolution, 97 countries sponsor it")
    at += timedelta(hours=2)
    assert looks(known, again, at) == [Validators('"2"', ETAG.last_modified)]
    new_text = new_article(URL, text=new_article(URL).article.text + " It was adopted without a vote.")
    outcome = known.articles.add(new_text, at, Validators())
    assert outcome.kind is OutcomeKind.REVISION
    assert len(list(known.articles.export(matched_only=False))) == 1


def test_what_was_read_and_what_was_closed_to_us_is_counted_by_the_day(
    known: Store, new_article: Make, noon: datetime
) -> None:
    known.articles.add(new_article(URL), noon, ETAG)  # read again, and the same: counted once
    known.pages.sight(PAPER.id, [Entry(f"{URL}2")], noon)
    known.pages.record(f"{URL}2", PAPER.id, Outcome(OutcomeKind.ROBOTS, "robots.txt forbids it"), noon)
    with known.sources.database.reading() as connection:
        (row,) = connection.exec_driver_sql("SELECT pages, chars, blocked FROM source_days").all()
    assert tuple(row) == (1, len(new_article(URL).article.text), 1)
