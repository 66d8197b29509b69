"""How each source fares, judged by its own history: ok, silent, failing, suddenly short, with a gap, blocked, gone or moved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from statistics import median
from types import MappingProxyType

from crawler.source import Source
from pipeline.store import Store
from pipeline.store.source_states import ListState, SourceDay, SourceMemory
from tipwatch.config import Config

DAY = timedelta(days=1)
#: how much of a source's history is looked at for its rhythm, and for what a usual day is
RHYTHM_DAYS = 120
USUAL_DAYS = 28
#: page failures and feed gaps older than this are over
RECENT_DAYS = 7
#: silence: so many times its longest usual pause, and never less than two days
PATIENCE = 3
LEAST_SILENCE = 2 * DAY
#: pauses known before a rhythm is one
MIN_PAUSES = 4
#: from so many on, the longest pause is taken for an outage
PAUSES_WITH_AN_ODD_ONE = 10
#: without any rhythm yet: a source that was read for so long and never listed anything new
NEVER_ANYTHING = 7 * DAY
#: extraction is suddenly short when the pages of the last days hold less than this part of what pages held before
SHORT_DAYS = 3
SHORT_SHARE = 0.4
SHORT_MIN_PAGES = 5
USUAL_MIN_PAGES = 20
USUAL_MIN_DAYS = 5
#: visits in a row that failed, from which on a source is failing and not merely stumbling
FAILING_FROM = 2


_FORBIDDEN = re.compile(r"robots\.txt (?:forbids|asks for|answered HTTP)")


class State(StrEnum):
    """What there is to say of a source, the worst first."""

    GONE = "gone"
    FAILING = "failing"
    BLOCKED = "blocked"
    SILENT = "silent"
    SHORT = "short"
    GAP = "gap"
    MOVED = "moved"
    PARTLY = "partly"  # some of its lists fail
    ROBOTS_IGNORED = "robots_ignored"
    TLS_UNVERIFIED = "tls_unverified"
    UNVISITED = "unvisited"
    OK = "ok"


RANK: Mapping[State, int] = MappingProxyType({state: place for place, state in enumerate(State)})
#: states that nobody has to act upon: they are by order, or will pass by themselves
NOTES = frozenset({State.ROBOTS_IGNORED, State.TLS_UNVERIFIED, State.UNVISITED, State.OK})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a source: `since` is aware UTC, None when not known; `what` and `advice` are for people."""

    state: State
    what: str
    since: datetime | None = None
    advice: str = ""


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a source fares; times are aware UTC, None: never.

    Attributes:
        findings: the worst first; empty when all is well.
        new_today, new_yesterday: entries not known before, by UTC day.
        usual_per_day: median of new entries over the 28 days before today since it is known; None: known for less than a day.
        page_failures: why pages gave nothing in the last seven days, with their counts.
    """

    id: str
    name: str
    tier: int | None = None
    findings: tuple[Finding, ...] = ()
    last_success_at: datetime | None = None
    last_failure_at: datetime | None = None
    failures: int = 0
    last_problem: str = ""
    last_new_at: datetime | None = None
    next_due_at: datetime | None = None
    every_s: float | None = None
    new_today: int = 0
    new_yesterday: int = 0
    usual_per_day: float | None = None
    last_gap_at: datetime | None = None
    gaps: int = 0
    page_failures: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    lists: tuple[ListState, ...] = ()
    days: tuple[SourceDay, ...] = ()

    @property
    def state(self) -> State:
        """The worst there is to say."""
        return self.findings[0].state if self.findings else State.OK

    @property
    def has_problem(self) -> bool:
        """Whether somebody should act."""
        return any(finding.state not in NOTES for finding in self.findings)


def health_of(store: Store, config: Config, now: datetime) -> tuple[SourceState, ...]:
    """Every configured source, the worst off first; then by tier and id."""
    remembered = store.source_states.remembered(now, RHYTHM_DAYS, RECENT_DAYS)
    states = [
        state_of(source, remembered.get(source.id), now, config.crawl.poll_every_s)
        for source in config.sources
    ]
    return tuple(sorted(states, key=lambda one: (RANK[one.state], one.tier or 9, one.id)))


def state_of(source: Source, memory: SourceMemory | None, now: datetime, poll_every_s: float) -> SourceState:
    """How the source fares by what is remembered of it (None: nothing is)."""
    if memory is None or memory.last_visit_at is None:
        unvisited = Finding(State.UNVISITED, "never visited so far", None, "crawl it, or run the daemon")
        return SourceState(source.id, source.name, source.tier, (unvisited, *by_order(source)))
    listed = {*source.feeds, *source.sitemaps, *(listing.url for listing in source.listings)}
    listed |= {one.moved_to for one in memory.lists if one.url in listed and one.moved_to}
    lists = tuple(one for one in memory.lists if one.url in listed)
    found = sorted(findings(source, memory, lists, now), key=lambda one: RANK[one.state])
    today = now.astimezone(UTC).date()
    by_day = {day.day: day.new for day in memory.days}
    every_s = memory.every_s or poll_every_s
    return SourceState(
        id=source.id,
        name=source.name,
        tier=source.tier,
        findings=tuple(found),
        last_success_at=memory.last_success_at,
        last_failure_at=memory.last_failure_at,
        failures=memory.failures,
        last_problem=memory.last_problem,
        last_new_at=memory.last_new_at,
        next_due_at=memory.next_due_at or memory.last_visit_at + timedelta(seconds=every_s),
        every_s=every_s,
        new_today=by_day.get(today, 0),
        new_yesterday=by_day.get(today - DAY, 0),
        usual_per_day=usual_per_day(memory.days, today),
        last_gap_at=memory.last_gap_at,
        gaps=memory.gaps,
        page_failures=memory.page_failures,
        lists=lists,
        days=memory.days[-USUAL_DAYS:],
    )


def findings(
    source: Source, memory: SourceMemory, lists: Sequence[ListState], now: datetime
) -> Iterator[Finding]:
    """All there is to say, in any order."""
    today = now.astimezone(UTC).date()
    yield from by_order(source)
    yield from of_lists(lists)
    failing = failing_since(memory)
    if failing is not None:
        times = f"{memory.failures} visits in a row failed"
        yield Finding(
            State.FAILING, f"{times}: {memory.last_problem}", failing, f"tipwatch sources check {source.id}"
        )
    else:
        failed = [one for one in lists if one.failures >= FAILING_FROM and one.gone_at is None]
        for one in failed[:1]:
            what = f"{len(failed)} of {len(lists)} lists fail, e.g. {one.url}: {one.problem}"
            yield Finding(State.PARTLY, what, None, f"tipwatch sources check {source.id}")
        yield from of_silence(memory, now)
    short = suddenly_short(memory.days, today)
    if short is not None:
        what = f"texts hold {short[0]:,.0f} characters a page, {short[1]:,.0f} before"
        yield Finding(State.SHORT, what, None, "its pages may have changed: tipwatch extract one of them")
    if memory.last_gap_at is not None and now - memory.last_gap_at < RECENT_DAYS * DAY:
        what = f"a feed shared no entry with what was known ({memory.gaps} times so far): some may be lost"
        yield Finding(State.GAP, what, memory.last_gap_at, "poll it faster, or add its sitemap")
    blocked = mostly_blocked(memory.days, today)
    if blocked:
        what = f"robots.txt forbade {blocked} of its pages in {SHORT_DAYS} days"
        yield Finding(State.BLOCKED, what, None, "ask the outlet, or leave these pages out")


def by_order(source: Source) -> Iterator[Finding]:
    """What the operator ordered and should not forget."""
    if not source.manners.obey_robots:
        yield Finding(State.ROBOTS_IGNORED, "robots.txt is not obeyed, by order (obey_robots: false)")
    if not source.manners.verify_tls:
        yield Finding(State.TLS_UNVERIFIED, "certificates are not verified, by order (verify_tls: false)")


def of_lists(lists: Sequence[ListState]) -> Iterator[Finding]:
    """What the lists themselves said last."""
    for one in lists:
        if one.gone_at is not None:
            yield Finding(
                State.GONE, f"gone for good: {one.url}", one.gone_at, "remove it from the configuration"
            )
        elif one.moved_to:
            what = f"{one.url} has moved to {one.moved_to}"
            yield Finding(State.MOVED, what, one.moved_since, "write the new address into the configuration")
        elif one.result == "failed" and _FORBIDDEN.search(one.problem):
            yield Finding(
                State.BLOCKED, f"{one.url}: {one.problem}", one.at, "ask the outlet, or leave it out"
            )


def failing_since(memory: SourceMemory) -> datetime | None:
    """Since when nothing of the source can be read: its last success, else its first known day; None: it can."""
    if memory.failures < FAILING_FROM:
        return None
    if memory.last_success_at is not None:
        return memory.last_success_at
    return midnight(memory.days[0].day) if memory.days else memory.last_failure_at


def of_silence(memory: SourceMemory, now: datetime) -> Iterator[Finding]:
    """That nothing new came for longer than its own rhythm says."""
    if memory.last_new_at is None:
        if memory.days and now - midnight(memory.days[0].day) > NEVER_ANYTHING:
            what = "read many times, and never listed anything"
            yield Finding(State.SILENT, what, midnight(memory.days[0].day), "is it the right address?")
        return
    limit = patience(memory.days)
    waited = time_heard(memory.days, memory.last_new_at, now)
    if limit is not None and waited > limit:
        usual = f"its longest usual pause is {in_days(limit / PATIENCE)}"
        if limit == LEAST_SILENCE:
            usual = "it usually has something every day"
        what = f"nothing new for {in_days(waited)}; {usual}"
        yield Finding(State.SILENT, what, memory.last_new_at, "look at its site: has the feed been given up?")


def patience(days: Sequence[SourceDay]) -> timedelta | None:
    """How long a source with this history may say nothing; None when too little is known of its rhythm."""
    known = sorted(pauses(days))
    if len(known) < MIN_PAUSES:
        return None
    longest = known[-2] if len(known) >= PAUSES_WITH_AN_ODD_ONE else known[-1]
    return max(PATIENCE * longest * DAY, LEAST_SILENCE)


def pauses(days: Sequence[SourceDay]) -> list[float]:
    """Days without anything new between two days with something, and half a day for their ends.

    Days on which we did not listen are not the source's.
    """
    heard = [day for day in days if listened(day)]
    steps: list[float] = []
    since = None
    for number, day in enumerate(heard):
        if day.new:
            if since is not None:
                steps.append(number - since - 0.5)
            since = number
    return steps


def time_heard(days: Sequence[SourceDay], since: datetime, now: datetime) -> timedelta:
    """The time since then, without whole days on which nothing could be read."""
    first, last = since.astimezone(UTC).date(), now.astimezone(UTC).date()
    heard = {day.day for day in days if listened(day)}
    between = [first + number * DAY for number in range(1, (last - first).days)]
    deaf = sum(1 for day in between if day not in heard)
    return max(timedelta(), now - since - deaf * DAY)


def listened(day: SourceDay) -> bool:
    """Whether the source could be read on that day."""
    return day.visits > day.failures or day.new > 0


def suddenly_short(days: Sequence[SourceDay], today: date) -> tuple[float, float] | None:
    """Characters a page in the last three days and usually before, when the first is suddenly short; else None."""
    recent = [day for day in days if today - day.day < SHORT_DAYS * DAY and day.pages]
    start = today - (SHORT_DAYS + USUAL_DAYS) * DAY
    before = [day for day in days if start < day.day <= today - SHORT_DAYS * DAY and day.pages]
    is_enough = (
        sum(day.pages for day in recent) >= SHORT_MIN_PAGES
        and sum(day.pages for day in before) >= USUAL_MIN_PAGES
        and len(before) >= USUAL_MIN_DAYS
    )
    if not is_enough:
        return None
    now_chars = median(day.chars / day.pages for day in recent)
    usual = median(day.chars / day.pages for day in before)
    return (now_chars, usual) if now_chars < SHORT_SHARE * usual else None


def mostly_blocked(days: Sequence[SourceDay], today: date) -> int:
    """Pages that robots.txt forbade in the last three days, when those are half of all or more; else 0."""
    recent = [day for day in days if today - day.day < SHORT_DAYS * DAY]
    blocked, read = sum(day.blocked for day in recent), sum(day.pages for day in recent)
    return blocked if blocked >= max(3, read) else 0


def usual_per_day(days: Sequence[SourceDay], today: date) -> float | None:
    """New entries on a usual day: the median over the 28 days before today on which we listened; None without any."""
    before = [day.new for day in days if timedelta() < today - day.day <= USUAL_DAYS * DAY and listened(day)]
    return float(median(before)) if before else None


def midnight(day: date) -> datetime:
    """The begin of a UTC day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def in_days(stretch: timedelta) -> str:
    """A stretch of time in days, or in hours below two days."""
    hours = stretch / timedelta(hours=1)
    return f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} h"
