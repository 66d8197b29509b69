"""When a source is visited next, whatever it does: always within its bounds, sooner when it is lively, never given up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.page import FeedReport, FeedResult
from crawler.rhythm import (
    REVIVAL_S,
    Bounds,
    Pulse,
    bounds_of,
    failing_wait_s,
    gone_until,
    next_every_s,
    pulse_of,
    wait_s,
)
from crawler.source import Source

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY_S = 86_400.0

seconds = st.floats(1, 40 * DAY_S)
maybe = st.none() | st.floats(0, 40 * DAY_S)
all_bounds = st.builds(
    lambda low, high, start: Bounds(min(low, high), max(low, high), max(low, min(start, high))),
    st.floats(60, DAY_S),
    st.floats(60, DAY_S),
    st.floats(60, DAY_S),
)
pulses = st.builds(
    lambda entries, share, pause, gap, wish, elapsed: Pulse(
        entries, round(entries * share), pause, gap, wish, elapsed
    ),
    st.integers(0, 1000),
    st.floats(0, 1),
    maybe,
    st.booleans(),
    maybe,
    st.none() | seconds,
)


@settings(max_examples=200, deadline=None)
@given(st.none() | seconds, pulses, all_bounds)
def test_the_next_visit_is_within_the_bounds_whatever_happened(
    every_s: float | None, pulse: Pulse, bounds: Bounds
) -> None:
    following = next_every_s(every_s, pulse, bounds)
    assert bounds.min_s <= following <= bounds.max_s
    assert following <= wait_s(following, pulse, bounds) <= bounds.max_s


@settings(max_examples=200, deadline=None)
@given(seconds, pulses, all_bounds)
def test_a_gap_never_makes_it_later_and_silence_never_sooner(
    every_s: float, pulse: Pulse, bounds: Bounds
) -> None:
    now_s = bounds.clamp(every_s)
    assert next_every_s(every_s, replace(pulse, gap=True), bounds) <= now_s
    unchanged = Pulse(new=0, elapsed_s=pulse.elapsed_s or 1.0)
    assert next_every_s(every_s, unchanged, bounds) >= now_s


@settings(max_examples=200, deadline=None)
@given(seconds, st.integers(1, 500), st.data(), all_bounds)
def test_more_that_is_new_never_makes_it_later(
    every_s: float, entries: int, data: st.DataObject, bounds: Bounds
) -> None:
    fewer, more = sorted(data.draw(st.tuples(st.integers(1, entries), st.integers(1, entries))))
    quiet, lively = (Pulse(entries, new, elapsed_s=every_s) for new in (fewer, more))
    assert next_every_s(every_s, lively, bounds) <= next_every_s(every_s, quiet, bounds) * 1.000001


@settings(max_examples=200, deadline=None)
@given(st.text(), st.none() | seconds, st.integers(1, 10_000), all_bounds)
def test_a_source_that_fails_is_tried_less_often_but_at_least_daily(
    name: str, every_s: float | None, failures: int, bounds: Bounds
) -> None:
    wait = failing_wait_s(name, every_s, failures, bounds)
    assert bounds.min_s <= wait <= max(REVIVAL_S, bounds.min_s)
    assert wait <= failing_wait_s(name, every_s, failures + 1, bounds)
    assert wait == failing_wait_s(name, every_s, failures, bounds), "always to the same side"


def test_sources_that_failed_together_do_not_come_back_together() -> None:
    waits = {failing_wait_s(f"source-{number}", 1800, 1, Bounds()) for number in range(50)}
    assert len(waits) > 40
    assert max(waits) - min(waits) > 300


@pytest.mark.parametrize(
    ("source", "every_s", "expected"),
    [
        (Source("a", "A"), 1800, (300, 21_600, 1800)),
        (Source("a", "A", tier=1), 1800, (300, 1800, 1800)),
        (Source("a", "A", tier=1, poll_max_s=7200), 1800, (300, 7200, 1800)),
        (Source("a", "A"), 60, (60, 21_600, 60)),
        (Source("a", "A"), 2 * DAY_S, (300, 2 * DAY_S, 2 * DAY_S)),
        (Source("a", "A", poll_min_s=3600), 1800, (3600, 21_600, 3600)),
        (Source("a", "A", tier=1, poll_min_s=3600), 1800, (3600, 3600, 3600)),
        (Source("a", "A", poll_max_s=600), 1800, (300, 600, 600)),
    ],
)
def test_the_bounds_are_those_of_the_source_where_it_names_some(
    source: Source, every_s: float, expected: tuple[float, float, float]
) -> None:
    bounds = bounds_of(source, every_s)
    assert (bounds.min_s, bounds.max_s, bounds.start_s) == expected


def test_what_is_gone_is_tried_after_a_week_and_then_every_month() -> None:
    asked, tries = NOON, []
    for _ in range(3):
        asked = gone_until(NOON, asked)
        tries.append((asked - NOON) // timedelta(days=1))
    assert tries == [7, 37, 67]


def test_the_liveliest_list_sets_the_pace_and_wishes_count_only_when_all_have_one() -> None:
    busy = FeedReport("u", FeedResult.OK, NOON, entries=10, new=5, span_s=9000, wish_s=600)
    calm = FeedReport("v", FeedResult.OK, NOON, entries=100, new=6, span_s=99_000, wish_s=3600)
    dead = FeedReport("w", FeedResult.FAILED, NOON)
    same = FeedReport("x", FeedResult.NOT_MODIFIED, NOON)
    pulse = pulse_of([busy, calm, dead], 60.0)
    assert (pulse.entries, pulse.new, pulse.pause_s, pulse.wish_s) == (10, 5, 1000, 600)
    assert pulse_of([busy, same], 60.0).wish_s is None
    assert (pulse_of([same], 60.0).entries, pulse_of([same], 60.0).new) == (0, 0)
