"""The ledger's promise, whatever comes in whatever order: every URL seen has exactly one outcome."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.page import Entry
from pipeline.article import Outcome, OutcomeKind
from pipeline.store import NewArticle, Store

_runs = itertools.count()

#: (what happens, which page, which spelling, killed before the commit?)
_Step = tuple[str, int, str, bool]
_steps = st.lists(
    st.tuples(
        st.sampled_from(["sight", "fail", "pass", "robots", "keep", "other text"]),
        st.integers(0, 4),
        st.sampled_from(["", "?utm_source=a", "#b", "/"]),
        st.booleans(),
    ),
    max_size=25,
)


class KilledError(BaseException):
    """Stands for the end of the process: nothing that was not committed remains."""


@dataclass
class Ledger:
    """Does the steps to a store; knows what must have been seen."""

    store: Store
    make: Callable[..., NewArticle]
    now: datetime
    run: int
    seen: set[int]

    def do(self, step: _Step) -> None:
        what, page, spelling, killed = step
        self.now += timedelta(hours=7)
        if not killed:
            self.act(what, page, spelling)
            self.seen.add(page)
            return
        before_commit = patch("sqlalchemy.engine.default.DefaultDialect.do_commit", side_effect=KilledError)
        with before_commit, pytest.raises(KilledError):
            self.act(what, page, spelling)

    def act(self, what: str, page: int, spelling: str) -> None:
        url = f"https://run{self.run}.example/{page}{spelling}"
        pages = self.store.pages
        if what == "sight":
            pages.sight("paper", [Entry(url), Entry(url)], self.now)
        elif what in {"keep", "other text"}:
            words = " ".join(f"{what[0]}{self.run}-{page}-{number}" for number in range(40))
            self.store.articles.add(self.make(url, outlet=f"Paper {self.run}", text=words), self.now)
        else:
            kind = OutcomeKind.ROBOTS if what == "robots" else OutcomeKind.FAILED
            pages.record(url, "paper", Outcome(kind, what, passing=what == "pass"), self.now)


def kinds_of(store: Store, run: int, seen: set[int]) -> Iterator[OutcomeKind]:
    for page in seen:
        found = store.pages.find(f"https://run{run}.example/{page}")
        assert found is not None
        yield found.outcome.kind


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=_steps)
def test_the_outcomes_add_up_to_the_urls_seen_whatever_happens(
    store: Store, noon: datetime, new_article: Callable[..., NewArticle], steps: list[_Step]
) -> None:
    before, total_before = Counter(store.pages.counts()), store.pages.total()
    ledger = Ledger(store, new_article, noon, next(_runs), set())
    for step in steps:
        ledger.do(step)
    counted = Counter(store.pages.counts()) - before
    assert store.pages.total() - total_before == len(ledger.seen)
    assert sum(store.pages.counts().values()) == store.pages.total()
    assert counted == Counter(kinds_of(store, ledger.run, ledger.seen))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_steps)
def test_what_led_to_an_article_never_loses_it(
    store: Store, noon: datetime, new_article: Callable[..., NewArticle], steps: list[_Step]
) -> None:
    ledger = Ledger(store, new_article, noon, next(_runs), set())
    ledger.do(("keep", 0, "", False))
    for step in steps:
        ledger.do(step)
    page = store.pages.find(f"https://run{ledger.run}.example/0")
    assert page is not None
    assert page.outcome.kind in {OutcomeKind.KEPT, OutcomeKind.REVISION}
    assert store.articles.find(f"https://run{ledger.run}.example/0") is not None
