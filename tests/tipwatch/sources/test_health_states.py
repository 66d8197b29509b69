"""Judgements on made histories: pure, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.source import Manners, Source
from pipeline.store.source_states import ListState, SourceDay, SourceMemory
from tipwatch.sources_health import (
    State,
    patience,
    pauses,
    state_of,
    suddenly_short,
    usual_per_day,
)

NOW = datetime(2023, 11, 11, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
FEED = "https://gazette.example/rss"
GAZETTE = Source("gazette", "The Gazette", (FEED,))
DAY = timedelta(days=1)


def history(*new: int, chars: int = 3000) -> tuple[SourceDay, ...]:
    """Days with so many new entries, the last of them today."""
    first = TODAY - (len(new) - 1) * DAY
    return tuple(
        SourceDay(first + place * DAY, visits=48, found=48 * 20, new=count, pages=count, chars=chars * count)
        for place, count in enumerate(new)
    )


def memory(days: tuple[SourceDay, ...] = (), **more: object) -> SourceMemory:
    last_new = next((day.day for day in reversed(days) if day.new), None)
    known = SourceMemory(
        "gazette",
        "The Gazette",
        last_visit_at=NOW - timedelta(minutes=10),
        last_success_at=NOW - timedelta(minutes=10),
        last_new_at=datetime.combine(last_new, NOW.timetz()) if last_new else None,
        days=days,
    )
    return replace(known, **more)  # type: ignore[arg-type]


def states(known: SourceMemory | None, source: Source = GAZETTE) -> list[State]:
    return [finding.state for finding in state_of(source, known, NOW, 1800.0).findings]


def test_a_source_that_brings_something_every_day_is_well() -> None:
    found = state_of(GAZETTE, memory(history(*[10] * 30)), NOW, 1800.0)
    assert (found.state, found.findings, found.has_problem) == (State.OK, (), False)
    assert (found.new_today, found.new_yesterday, found.usual_per_day) == (10, 10, 10.0)
    assert found.next_due_at == NOW + timedelta(minutes=20)


def test_a_source_never_visited_is_no_problem_yet() -> None:
    found = state_of(GAZETTE, None, NOW, 1800.0)
    assert (found.state, found.has_problem) == (State.UNVISITED, False)


@pytest.mark.parametrize(("quiet_days", "is_silent"), [(1, False), (2, False), (3, True), (9, True)])
def test_a_daily_source_is_silent_after_more_than_two_days(quiet_days: int, is_silent: bool) -> None:
    assert states(memory(history(*[9] * 25, *[0] * quiet_days))) == ([State.SILENT] if is_silent else [])


def test_a_source_that_rests_at_weekends_is_given_three_times_as_long() -> None:
    week = (5, 5, 5, 5, 5, 0, 0)
    assert patience(history(*week * 4)) == timedelta(days=7.5)
    assert states(memory(history(*week * 4, *[0] * 3))) == []
    assert states(memory(history(*week * 4, *[0] * 6))) == [State.SILENT]


def test_one_long_outage_does_not_make_a_source_slow() -> None:
    assert patience(history(*[4] * 15, *[0] * 20, *[4] * 15)) == timedelta(days=2)


def test_days_on_which_we_did_not_listen_are_not_the_sources_silence() -> None:
    days = [*history(*[9] * 20, *[0] * 6)]
    deaf = tuple(
        replace_day(day, visits=3, failures=3) if place >= 20 else day for place, day in enumerate(days)
    )
    assert State.SILENT not in states(memory(deaf))
    assert max(pauses((*deaf[:10], *deaf[20:], *history(1)))) < 2


def replace_day(day: SourceDay, **counts: int) -> SourceDay:
    return day._replace(**counts)


def test_too_short_a_history_has_no_rhythm() -> None:
    assert patience(history(3, 0, 3, 0, 3)) is None
    assert states(memory(history(3, 0, 0, 0, 0))) == []


def test_a_source_that_never_listed_anything_is_silent_after_a_week() -> None:
    assert states(memory(history(*[0] * 5))) == []
    assert states(memory(history(*[0] * 12))) == [State.SILENT]


def test_texts_that_are_suddenly_short_are_noticed() -> None:
    before, now = history(*[5] * 28), history(*[5] * 3, chars=500)
    shifted = tuple(day._replace(day=day.day - 3 * DAY) for day in before)
    assert suddenly_short((*shifted, *now), TODAY) == (500, 3000)
    assert states(memory((*shifted, *now))) == [State.SHORT]


@pytest.mark.parametrize(("chars", "pages"), [(1300, 5), (500, 1)])
def test_a_few_short_texts_or_somewhat_shorter_ones_are_no_alarm(chars: int, pages: int) -> None:
    shifted = tuple(day._replace(day=day.day - 3 * DAY) for day in history(*[5] * 28))
    assert suddenly_short((*shifted, *history(*[pages] * 3, chars=chars)), TODAY) is None


def test_failing_says_since_when_and_with_what() -> None:
    last_good = NOW - 3 * DAY
    failed = memory(
        history(*[9] * 20), failures=7, last_success_at=last_good, last_problem=f"{FEED}: HTTP 500"
    )
    finding = state_of(GAZETTE, failed, NOW, 1800.0).findings[0]
    assert (finding.state, finding.since) == (State.FAILING, last_good)
    assert finding.what == f"7 visits in a row failed: {FEED}: HTTP 500"


def test_one_failed_visit_is_a_stumble() -> None:
    assert states(memory(history(*[9] * 20), failures=1)) == []


def test_a_failing_source_is_not_called_silent_too() -> None:
    known = memory(history(*[9] * 20, *[0] * 9), failures=3)
    assert states(known) == [State.FAILING]


def test_a_gap_is_told_for_a_week() -> None:
    days = history(*[9] * 20)
    assert states(memory(days, last_gap_at=NOW - 2 * DAY, gaps=1)) == [State.GAP]
    assert states(memory(days, last_gap_at=NOW - 8 * DAY, gaps=1)) == []


def listed(**more: object) -> ListState:
    return replace(ListState(FEED, "feed", "ok", NOW, 20, ""), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"moved_to": "https://gazette.example/new"}, State.MOVED),
        ({"gone_at": NOW, "result": "failed", "problem": "HTTP 410"}, State.GONE),
        ({"result": "failed", "problem": "robots.txt forbids it"}, State.BLOCKED),
        ({"result": "failed", "problem": "HTTP 404", "failures": 5}, State.PARTLY),
    ],
)
def test_what_a_list_said_is_told(said: dict[str, object], expected: State) -> None:
    assert states(memory(history(*[9] * 20), lists=(listed(**said),))) == [expected]


def test_lists_that_are_no_longer_configured_say_nothing() -> None:
    other = listed(url="https://gazette.example/old", gone_at=NOW)
    assert states(memory(history(*[9] * 20), lists=(other,))) == []


def test_pages_closed_by_robots_are_told() -> None:
    days = tuple(day._replace(blocked=9, pages=0) for day in history(*[9] * 3))
    assert states(memory(days)) == [State.BLOCKED]


def test_what_was_ordered_is_shown_and_is_no_problem() -> None:
    rude = replace(GAZETTE, manners=Manners(obey_robots=False, verify_tls=False))
    found = state_of(rude, memory(history(*[9] * 20)), NOW, 1800.0)
    assert [one.state for one in found.findings] == [State.ROBOTS_IGNORED, State.TLS_UNVERIFIED]
    assert not found.has_problem


def test_the_worst_comes_first() -> None:
    known = memory(
        history(*[9] * 20, *[0] * 9), lists=(listed(gone_at=NOW), listed(moved_to="https://x.example/"))
    )
    assert states(known)[:2] == [State.GONE, State.SILENT]


counts = st.integers(0, 50)
days_of_history = st.lists(
    st.tuples(counts, counts, counts, counts, st.integers(0, 10**6), counts), min_size=0, max_size=130
)


@given(days_of_history, st.integers(0, 9))
def test_no_history_breaks_the_judgement(given_days: list[tuple[int, ...]], failures: int) -> None:
    days = tuple(
        SourceDay(TODAY - (len(given_days) - place) * DAY, visits, failed, new, new, read, chars, blocked)
        for place, (visits, failed, new, read, chars, blocked) in enumerate(given_days)
    )
    found = state_of(GAZETTE, memory(days, failures=failures), NOW, 1800.0)
    ranks = [list(State).index(one.state) for one in found.findings]
    assert ranks == sorted(ranks)
    assert (usual_per_day(days, TODAY) or 0) >= 0


@given(st.lists(counts, min_size=10, max_size=60))
def test_patience_never_shrinks_when_the_source_rests_longer(new: list[int]) -> None:
    slower = [count for one in new for count in (one, 0)]
    first, second = patience(history(*new)), patience(history(*slower))
    assert first is None or second is None or second >= first
