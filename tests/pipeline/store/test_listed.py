"""What lists name: known or not, and passed over without touching what is known."""

from __future__ import annotations

from datetime import datetime

from crawler.page import Entry
from pipeline.article import Outcome, OutcomeKind
from pipeline.store import Store

URLS = [f"https://paper.test/{number}" for number in range(4)]
ENTRIES = [Entry(url) for url in URLS]


def test_unknown_is_what_was_never_sighted_and_asking_writes_nothing(store: Store, noon: datetime) -> None:
    store.pages.sight("paper", ENTRIES[:1], noon)
    twice = [*ENTRIES, Entry(f"{URLS[1]}?utm_source=x")]
    assert [entry.url for entry in store.listed.unknown(twice, passed_over=False)] == URLS[1:]
    assert store.pages.total() == 1


def test_what_is_passed_over_is_neither_fetched_nor_unknown_and_keeps_other_outcomes(
    store: Store, noon: datetime
) -> None:
    store.pages.sight("paper", ENTRIES[:1], noon)
    store.pages.record(URLS[0], "paper", Outcome(OutcomeKind.NOT_ARTICLE, "a film"), noon)
    store.listed.pass_over("paper", ENTRIES, "listed before we first looked", noon)
    outcomes = [page.outcome.kind for url in URLS if (page := store.pages.find(url))]
    assert outcomes == [OutcomeKind.NOT_ARTICLE, *[OutcomeKind.TOO_OLD] * 3]
    assert store.pages.sight("paper", ENTRIES, noon) == []
    assert store.listed.unknown(ENTRIES, passed_over=False) == []
    assert [entry.url for entry in store.listed.unknown(ENTRIES, passed_over=True)] == URLS[1:]


def test_what_was_passed_over_can_be_read_later(store: Store, noon: datetime) -> None:
    store.listed.pass_over("paper", ENTRIES, "old", noon)
    store.pages.record(URLS[0], "paper", Outcome(OutcomeKind.NOT_ARTICLE, "a film"), noon)
    page = store.pages.find(URLS[0])
    assert page is not None
    assert page.outcome.kind is OutcomeKind.NOT_ARTICLE
