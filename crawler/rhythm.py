"""When a source is visited next: by its own rhythm, within bounds. Pure.

A source that lists much that is new is visited sooner, one that lists nothing new later; one that fails much later, and
once a day for as long as it does; one that is gone for good is tried again after a week, and then once a month.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.page import FeedReport, FeedResult
from crawler.source import Source

#: bounds where neither source nor configuration names any
POLL_MIN_S, POLL_MAX_S = 300.0, 6 * 3600.0
#: nobody is given up: a dead source is tried once a day
REVIVAL_S = 24 * 3600.0
#: at the next visit no more than this share of a list should be new: what was listed in between is then still there
_SHARE = 0.25
_SLOWER, _AFTER_GAP = 1.25, 0.25
_JITTER = 0.1
GONE_FIRST, GONE_THEN = timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds between two visits: at least, at most, and while nothing is known of the source's rhythm."""

    min_s: float = POLL_MIN_S
    max_s: float = POLL_MAX_S
    start_s: float = 1800.0

    def clamp(self, seconds: float) -> float:
        """The nearest that is allowed."""
        return max(self.min_s, min(self.max_s, seconds))


def bounds_of(source: Source, every_s: float) -> Bounds:
    """The source's bounds.

    Args:
        source: those of tier 1 are never visited less often than `every_s`, unless they say so themselves.
        every_s: what the configuration says for all; also a floor or ceiling where it lies outside the usual ones.
    """
    max_s = every_s if source.tier == 1 else max(POLL_MAX_S, every_s)
    max_s = max_s if source.poll_max_s is None else source.poll_max_s
    min_s = min(POLL_MIN_S, every_s) if source.poll_min_s is None else source.poll_min_s
    if source.poll_max_s is None:
        max_s = max(max_s, min_s)
    min_s = min(min_s, max_s)
    return Bounds(min_s, max_s, max(min_s, min(max_s, every_s)))


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a visit that was answered told of the source's rhythm.

    Attributes:
        entries, new: of its liveliest list: what it lists, and what of it was new; `new` None: nobody counted.
        pause_s: usual time between two publications; None: not known.
        wish_s: for so long it asks not to be visited; None: it does not ask.
        elapsed_s: since it was last answered; None: it never was.
    """

    entries: int = 0
    new: int | None = 0
    pause_s: float | None = None
    gap: bool = False
    wish_s: float | None = None
    elapsed_s: float | None = None


def pulse_of(reports: Sequence[FeedReport], elapsed_s: float | None) -> Pulse:
    """What the lists of a visit told together; the liveliest sets the pace."""
    answered = [report for report in reports if report.result is not FeedResult.FAILED]
    pauses = [
        report.span_s / (report.entries - 1)
        for report in answered
        if report.span_s is not None and report.entries > 1
    ]
    wishes = [report.wish_s for report in answered if report.wish_s is not None]
    read = [report for report in answered if report.result is FeedResult.OK and report.entries]
    liveliest = max(read, key=lambda one: (one.new or 0) / one.entries, default=None)
    return Pulse(
        entries=liveliest.entries if liveliest else 0,
        new=liveliest.new if liveliest else 0,
        pause_s=min(pauses, default=None),
        gap=any(report.gap for report in answered),
        # the list that may be read soonest decides: the others are asked conditionally beside it
        wish_s=min(wishes) if answered and len(wishes) == len(answered) else None,
        elapsed_s=elapsed_s,
    )


def next_every_s(every_s: float | None, pulse: Pulse, bounds: Bounds) -> float:
    """Seconds between this visit and the next by the source's rhythm, within its bounds.

    Args:
        every_s: what it was; None: the source was never answered.
        pulse: what the visit told.
        bounds: the source's.
    """
    now_s = bounds.clamp(bounds.start_s if every_s is None else every_s)
    if pulse.gap:
        return bounds.clamp(now_s * _AFTER_GAP)
    if pulse.new is None:
        return now_s
    if pulse.elapsed_s is None:  # all of it is new to us: only its own dates tell anything
        return bounds.clamp(min(now_s, pulse.pause_s or now_s))
    if not pulse.new or not pulse.entries:
        return bounds.clamp(now_s * _SLOWER)
    a_share_s = pulse.elapsed_s * _SHARE * pulse.entries / pulse.new
    one_s = pulse.elapsed_s / pulse.new if pulse.pause_s is None else pulse.pause_s
    wanted_s = bounds.clamp(min(one_s, a_share_s))
    return bounds.clamp(math.sqrt(now_s * wanted_s))  # half of the way: one visit may mislead


def wait_s(every_s: float, pulse: Pulse, bounds: Bounds) -> float:
    """Seconds until the next visit: `every_s`, or longer where the source asks for it, within its bounds."""
    return bounds.clamp(max(every_s, pulse.wish_s or 0.0))


def failing_wait_s(source_id: str, every_s: float | None, failures: int, bounds: Bounds) -> float:
    """Seconds until a source is tried again that failed `failures` (>= 1) times in a row: doubled each time, to a day.

    Spread by a tenth, each source always to the same side: those that failed together do not come back together.
    """
    now_s = bounds.clamp(bounds.start_s if every_s is None else every_s)
    longest_s = max(REVIVAL_S, bounds.min_s)
    digest = hashlib.blake2b(source_id.encode("utf-8", "replace"), digest_size=2).digest()
    spread = 1 + _JITTER * (2 * int.from_bytes(digest, "big") / 0xFFFF - 1)
    return max(bounds.min_s, min(longest_s, now_s * 2.0 ** min(failures, 20) * spread))


def gone_until(gone_at: datetime, asked_at: datetime) -> datetime:
    """Until when a list that is gone for good (410) is not asked for: a week after it said so, then a month each time."""
    first = gone_at + GONE_FIRST
    return first if asked_at < first else asked_at + GONE_THEN
