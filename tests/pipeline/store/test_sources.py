from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from crawler.page import (
    Entry,
    FailureKind,
    FeedReport,
    FeedResult,
    HostMemory,
    RobotsCopy,
    Validators,
    VisitReport,
)
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
    memory = store.sources.visit_memory("paper", noon)
    assert memory.validators == {FEED: Validators('"v2"', None)}
    assert memory.again == ()
    assert store.sources.visit_memory("other", noon).validators == {}


def test_many_sources_are_remembered_at_once_as_each_is_alone(store: Store, noon: datetime) -> None:
    ids = [f"paper{number:04}" for number in range(1201)]
    for number in (3, 700, 1200):
        source = replace(PAPER, id=ids[number])
        feed = FeedReport(FEED, FeedResult.OK, noon, entries=number, validators=ETAG)
        store.sources.close_visit(VisitReport(source, noon, noon, (feed,)), noon)
        store.pages.sight(source.id, [Entry(f"https://paper.example/{number}")], noon)
    memories = store.sources.visit_memories(ids, noon)
    assert list(memories) == ids
    assert {id_ for id_, memory in memories.items() if memory.again and memory.validators} == {
        "paper0003",
        "paper0700",
        "paper1200",
    }
    for id_ in ("paper0000", "paper0003", "paper1200"):
        assert memories[id_] == store.sources.visit_memory(id_, noon)


def test_a_silent_source_counts_its_failures_and_is_asked_less_often(store: Store, noon: datetime) -> None:
    assert store.sources.due([PAPER], noon, 900) == (PAPER,)
    store.sources.close_visit(report(FeedResult.OK, noon), noon, 900)
    assert store.sources.due([PAPER], noon + timedelta(seconds=899), 900) == ()
    assert store.sources.due([PAPER], noon + timedelta(seconds=900), 900) == (PAPER,)
    for _ in range(2):
        store.sources.close_visit(report(FeedResult.FAILED, noon), noon, 900)
    health = store.sources.health()["paper"]
    assert (health.failures, health.last_problem) == (2, f"{FEED}: no answer within 30 s")
    assert health.feeds[0].result == "failed"
    assert store.sources.due([PAPER], noon + timedelta(seconds=3200), 900) == ()
    assert store.sources.due([PAPER], noon + timedelta(seconds=4000), 900) == (PAPER,)
    for _ in range(50):
        store.sources.close_visit(report(FeedResult.FAILED, noon), noon, 900)
    assert store.sources.due([PAPER], noon + timedelta(hours=20), 900) == ()
    assert store.sources.due([PAPER], noon + timedelta(hours=24), 900) == (PAPER,), "nobody is given up"
    store.sources.close_visit(report(FeedResult.NOT_MODIFIED, noon), noon)
    assert store.sources.health()["paper"].failures == 0


def _fed(at: datetime, new: int | None, **more: Any) -> VisitReport:
    feed = FeedReport(FEED, FeedResult.OK, at, entries=20, new=new, **more)
    return VisitReport(PAPER, at, at, (feed,))


def _wait(store: Store, now: datetime) -> timedelta:
    """How long after `now` the paper is due, to the minute."""
    minutes = next(m for m in range(2000) if store.sources.due([PAPER], now + timedelta(minutes=m), 1800))
    return timedelta(minutes=minutes)


def test_a_lively_source_is_visited_sooner_and_a_quiet_one_later(store: Store, noon: datetime) -> None:
    now, waits = noon, []
    for new in [10] * 6 + [0] * 20:
        store.sources.close_visit(_fed(now, new), now, 1800)
        waits.append(_wait(store, now))
        now += waits[-1]
    assert timedelta(minutes=5) <= waits[5] <= timedelta(minutes=8)
    assert waits[-1] == timedelta(hours=6)


def test_a_gap_is_counted_and_what_came_since_is_looked_for(store: Store, noon: datetime) -> None:
    store.sources.close_visit(_fed(noon, 20), noon)
    assert store.sources.visit_memory("paper", noon).since is None
    assert store.sources.visit_memory("paper", noon).read_before == {FEED}
    later = noon + timedelta(hours=2)
    store.sources.close_visit(_fed(later, 20, gap=True), later)
    assert _wait(store, later) <= timedelta(minutes=8)
    assert store.sources.visit_memory("paper", later).since == noon
    assert store.source_states.remembered(later, 7, 7)["paper"].gaps == 1
    store.sources.close_visit(_fed(later, 1), later)
    assert store.sources.visit_memory("paper", later).since is None


def test_a_source_that_is_gone_for_good_is_tried_after_a_week_and_then_monthly(
    store: Store, noon: datetime
) -> None:
    gone = FeedReport(FEED, FeedResult.FAILED, noon, why=FailureKind.HTTP, detail="HTTP 410", status=410)
    store.sources.close_visit(VisitReport(PAPER, noon, noon, (gone,)), noon)
    assert store.sources.due([PAPER], noon + timedelta(days=6, hours=23), 900) == ()
    assert store.sources.due([PAPER], noon + timedelta(days=7), 900) == (PAPER,)
    assert store.sources.visit_memory("paper", noon + timedelta(days=6)).gone == {FEED}
    again = noon + timedelta(days=7)
    store.sources.close_visit(VisitReport(PAPER, again, again, (replace(gone, at=again),)), again)
    assert store.sources.due([PAPER], again + timedelta(days=29), 900) == ()
    assert store.sources.due([PAPER], again + timedelta(days=30), 900) == (PAPER,)
    store.sources.close_visit(report(FeedResult.OK, again), again)
    assert store.sources.visit_memory("paper", again).gone == frozenset()


def test_a_feed_that_says_on_three_days_that_it_has_moved_is_asked_where_it_is(
    store: Store, noon: datetime
) -> None:
    new = "https://paper.example/new.xml"
    for hours in (0, 1, 24, 25):
        at = noon + timedelta(hours=hours)
        store.sources.close_visit(_fed(at, 1, moved_to=new), at)
        assert store.sources.visit_memory("paper", at).moved == {}
    at = noon + timedelta(hours=48)
    store.sources.close_visit(_fed(at, 1, moved_to=new), at)
    assert store.sources.visit_memory("paper", at).moved == {FEED: new}
    for _ in range(3):  # the new address was a mistake
        dead = FeedReport(new, FeedResult.FAILED, at, why=FailureKind.HTTP, status=404)
        store.sources.close_visit(VisitReport(PAPER, at, at, (dead,)), at)
    assert store.sources.visit_memory("paper", at).moved == {}


def test_a_host_that_asked_for_rest_is_not_visited_before_it_is_over(store: Store, noon: datetime) -> None:
    until = noon + timedelta(hours=5)
    store.hosts.save([HostMemory("paper.example", noon, until, "HTTP 429")])
    busy = FeedReport(FEED, FeedResult.FAILED, noon, why=FailureKind.BUSY, status=429)
    store.sources.close_visit(VisitReport(PAPER, noon, noon, (busy,)), noon)
    assert store.sources.due([PAPER], until - timedelta(seconds=1), 900) == ()
    assert store.sources.due([PAPER], until, 900) == (PAPER,)


def test_days_are_counted_and_forgotten_after_a_year(store: Store, noon: datetime) -> None:
    store.sources.close_visit(_fed(noon, 5), noon)
    store.sources.close_visit(report(FeedResult.FAILED, noon), noon)
    (day,) = store.source_states.remembered(noon, 7, 7)["paper"].days
    assert (day.visits, day.failures, day.found, day.new) == (2, 1, 20, 5)
    later = noon + timedelta(days=401)
    store.sources.close_visit(_fed(later, 0), later)
    days = store.source_states.remembered(later, 500, 7)["paper"].days
    assert [one.day for one in days] == [later.date()]


def test_a_clock_that_was_set_back_does_not_silence_a_source(store: Store, noon: datetime) -> None:
    store.sources.close_visit(_fed(noon, 1), noon)
    assert store.sources.due([PAPER], noon - timedelta(hours=6), 900) == (PAPER,)


def test_hosts_are_remembered_as_long_as_they_are_owed_something(store: Store, noon: datetime) -> None:
    asked = HostMemory("asked.example", noon)
    busy = HostMemory("busy.example", noon - timedelta(days=3), noon + timedelta(hours=1), "HTTP 503")
    store.hosts.save([asked, busy])
    assert store.hosts.known(noon) == {"asked.example": asked, "busy.example": busy}
    store.hosts.forget(noon + timedelta(hours=2))
    assert store.hosts.known(noon) == {"asked.example": asked}


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
