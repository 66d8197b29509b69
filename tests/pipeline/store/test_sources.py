from __future__ import annotations

from datetime import datetime, timedelta

from crawler.page import FailureKind, FeedReport, FeedResult, RobotsCopy, Validators, VisitReport
from crawler.source import Source
from pipeline.store import Store

PAPER = Source("paper", "The Paper", feeds=("https://paper.example/rss",))
FEED = "https://paper.example/rss"
ETAG = Validators('"v1"', "Sat, 11 Nov 2023 12:00:00 GMT")


def report(result: FeedResult, at: datetime, validators: Validators | None = None) -> VisitReport:
    why = FailureKind.TIMEOUT if result is FeedResult.FAILED else None
    detail = "no answer within 30 s" if why else ""
    feed = FeedReport(FEED, result, at, entries=3, validators=validators, why=why, detail=detail)
    return VisitReport(PAPER, at, at, (feed,))


def test_validators_are_remembered_per_feed_until_newer_ones_come(store: Store, noon: datetime) -> None:
    assert store.sources.visit_memory("paper", noon).validators == {}
    store.sources.close_visit(report(FeedResult.OK, noon, ETAG), noon)
    assert store.sources.visit_memory("paper", noon).validators == {FEED: ETAG}
    for told_nothing in (FeedResult.NOT_MODIFIED, FeedResult.FAILED):
        store.sources.close_visit(report(told_nothing, noon), noon)
        assert store.sources.visit_memory("paper", noon).validators == {FEED: ETAG}
    store.sources.close_visit(report(FeedResult.OK, noon, Validators('"v2"')), noon)
    validators, again = store.sources.visit_memory("paper", noon)
    assert validators == {FEED: Validators('"v2"', None)}
    assert again == ()
    assert store.sources.visit_memory("other", noon).validators == {}


def test_a_silent_source_counts_its_failures_and_is_asked_less_often(store: Store, noon: datetime) -> None:
    assert store.sources.due([PAPER], noon, 900) == (PAPER,)
    store.sources.close_visit(report(FeedResult.OK, noon), noon)
    assert store.sources.due([PAPER], noon + timedelta(seconds=899), 900) == ()
    assert store.sources.due([PAPER], noon + timedelta(seconds=900), 900) == (PAPER,)
    for _ in range(2):
        store.sources.close_visit(report(FeedResult.FAILED, noon), noon)
    health = store.sources.health()["paper"]
    assert (health.failures, health.last_problem) == (2, f"{FEED}: no answer within 30 s")
    assert health.feeds[0].result == "failed"
    assert store.sources.due([PAPER], noon + timedelta(seconds=3599), 900) == ()
    assert store.sources.due([PAPER], noon + timedelta(seconds=3600), 900) == (PAPER,)
    for _ in range(50):
        store.sources.close_visit(report(FeedResult.FAILED, noon), noon)
    assert store.sources.due([PAPER], noon + timedelta(hours=6), 900) == (PAPER,)
    store.sources.close_visit(report(FeedResult.NOT_MODIFIED, noon), noon)
    assert store.sources.health()["paper"].failures == 0


def test_the_longest_waiting_source_comes_first(store: Store, noon: datetime) -> None:
    fresh = Source("fresh", "Fresh")
    store.sources.close_visit(report(FeedResult.OK, noon), noon)
    assert store.sources.due([PAPER, fresh], noon + timedelta(days=1), 900) == (fresh, PAPER)


def test_robots_copies_are_used_for_a_day_and_never_replaced_by_older_ones(
    store: Store, noon: datetime
) -> None:
    copy = RobotsCopy("https://paper.example", 200, "User-agent: *\nDisallow: /x\0", noon)
    store.robots.save(copy)
    store.robots.save(RobotsCopy("https://paper.example", 500, "", noon - timedelta(hours=1)))
    kept = store.robots.fresh(noon + timedelta(hours=23))["https://paper.example"]
    assert (kept.status, kept.text, kept.fetched_at) == (200, copy.text.replace("\0", "\ufffd"), noon)
    assert store.robots.fresh(noon + timedelta(hours=24)) == {}
