"""The count of a crawl round, per source and in all, kept while it runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from crawler.intake import Intake
from crawler.page import (
    Entry,
    FeedResult,
    FetchedPage,
    FetchFailure,
    HostMemory,
    RobotsCopy,
    UnchangedPage,
    VisitReport,
)
from crawler.source import Source
from crawler.urls import identity
from pipeline.article import Outcome, OutcomeKind

#: outcomes whose article is in the store
STORED = frozenset({OutcomeKind.KEPT, OutcomeKind.NO_MATCH, OutcomeKind.REVISION})
#: outcomes that mean that a page gave us nothing although it should have
FAILURES = frozenset(
    {
        OutcomeKind.PENDING,
        OutcomeKind.FAILED,
        OutcomeKind.EXTRACTION_EMPTY,
        OutcomeKind.EXTRACTION_KILLED,
        OutcomeKind.TOO_DEEP,
        OutcomeKind.TOO_LARGE,
    }
)
#: how a URL is counted whose outcome an earlier round recorded
KNOWN = "known"
#: what a source's row says when its visit was stopped
CUT_SHORT = "stopped before it was through: the rest follows in the next round"
#: what a source's row says when a feed was read too seldom
GAP = "feed gap: it shared no entry with what was known, some may be lost"
#: outcomes without an article that say nothing about the source, but that one wants to read the reason of
_TOLD = frozenset({OutcomeKind.NOT_ARTICLE, OutcomeKind.ROBOTS})


@dataclass(slots=True)
class SourceTally:
    """What one source gave in this round.

    Attributes:
        found: URLs that its feeds listed (identities); `new`: of these, never seen before.
        kept: articles stored; `matched`: of these, on a topic; `failed`: URLs that gave nothing although they should have.
        why: reasons with their counts: of failures, and of pages that are closed to us or no article.
        feeds_failed, feeds_read: of the source's feeds, sitemaps and listings.
        gaps: feeds that shared no entry with what was known; `blocked`: pages that robots.txt forbids.
        orders: what the operator ordered of it that is out of the common, in words.
        done: its visit is over.
    """

    id: str
    name: str
    found: int = 0
    new: int = 0
    kept: int = 0
    matched: int = 0
    failed: int = 0
    feeds_read: int = 0
    feeds_failed: int = 0
    unchanged: int = 0
    requests: int = 0
    gaps: int = 0
    blocked: int = 0
    orders: tuple[str, ...] = ()
    why: Counter[str] = field(default_factory=Counter)
    done: bool = False


@dataclass(slots=True)
class Tally:
    """The whole round: one row per source, one count per outcome; `sum(outcomes) == urls_seen` holds when it is over.

    Attributes:
        wanted: URLs that were to be fetched; those without an outcome in the end are still owed (``pending``).
        cut_short: some visit was stopped before it was through.
    """

    sources: dict[str, SourceTally] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
    wanted: set[str] = field(default_factory=set)
    decided: dict[str, OutcomeKind] = field(default_factory=dict)
    seconds: float = 0.0
    cut_short: bool = False

    @classmethod
    def of(cls, sources: Iterable[Source]) -> Tally:
        """An empty tally with a row for each source."""
        return cls(sources={source.id: row_of(source) for source in sources})

    @property
    def urls_seen(self) -> int:
        """Distinct URLs this round came across."""
        return len(self.seen)

    def row(self, source: Source) -> SourceTally:
        """The source's row."""
        return self.sources.setdefault(source.id, row_of(source))

    def sighted(self, source: Source, entries: Sequence[Entry], wanted: Sequence[Entry]) -> None:
        """A feed listed `entries`, of which `wanted` are fetched now."""
        keys = {identity(entry.url) for entry in entries}
        row = self.row(source)
        row.found += len(keys - self.seen)
        new = {identity(entry.url) for entry in wanted if entry.seen is None}
        row.new += len(new - self.seen)
        self.seen |= keys
        self.wanted |= {identity(entry.url) for entry in wanted}

    def ended(self, source: Source, url: str, outcome: Outcome) -> None:
        """The way of `url` ended."""
        key = identity(url)
        row = self.row(source)
        self.seen.add(key)
        self.decided[key] = outcome.kind
        row.kept += outcome.kind in STORED
        row.matched += bool(outcome.topics)
        row.failed += outcome.kind in FAILURES
        row.blocked += outcome.kind is OutcomeKind.ROBOTS
        if outcome.kind in FAILURES | _TOLD:
            row.why[reason(outcome)] += 1

    def closed(self, report: VisitReport) -> None:
        """The visit is over."""
        row = self.row(report.source)
        row.done = True
        row.requests = report.requests
        if report.cut_short:
            self.cut_short = True
            row.why[CUT_SHORT] += 1
        for feed in report.feeds:
            failed = feed.result is FeedResult.FAILED
            row.feeds_read += not failed
            row.feeds_failed += failed
            row.unchanged += feed.result is FeedResult.NOT_MODIFIED
            if failed:
                row.why[f"{feed.kind}: {feed.detail or feed.why}"] += 1
            if feed.gap:
                row.gaps += 1
                row.why[GAP] += 1

    def finish(self, seconds: float) -> None:
        """Count the outcomes once everything is in; URLs without one are still owed, or were known before."""
        self.seconds = seconds
        self.outcomes = Counter(str(kind) for kind in self.decided.values())
        left = self.seen - self.decided.keys()
        for kind, urls in ((str(OutcomeKind.PENDING), left & self.wanted), (KNOWN, left - self.wanted)):
            if urls:
                self.outcomes[kind] += len(urls)


def row_of(source: Source) -> SourceTally:
    """An empty row."""
    orders = {
        "robots.txt ignored by order": not source.manners.obey_robots,
        "certificates not verified by order": not source.manners.verify_tls,
    }
    return SourceTally(source.id, source.name, orders=tuple(said for said, holds in orders.items() if holds))


def reason(outcome: Outcome) -> str:
    """A failure in few words, the same for failures alike, so that they can be counted."""
    text = outcome.detail or str(outcome.kind)
    return text if len(text) <= 80 else text[:79] + "…"


class CountingIntake:
    """An intake that keeps the tally and passes everything on; `on_change` is called after each step."""

    def __init__(self, inner: Intake, tally: Tally, on_change: Callable[[], None] | None = None) -> None:
        self._inner, self._tally = inner, tally
        self._on_change = on_change or (lambda: None)

    async def sight(self, source: Source, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Pass on, count what was found."""
        wanted = await self._inner.sight(source, entries)
        self._tally.sighted(source, entries, wanted)
        self._on_change()
        return wanted

    async def unknown(
        self, source: Source, entries: Sequence[Entry], *, passed_over: bool = False
    ) -> Sequence[Entry]:
        """Pass on."""
        return await self._inner.unknown(source, entries, passed_over=passed_over)

    async def pass_over(self, source: Source, entries: Sequence[Entry], why: str) -> None:
        """Pass on; what is passed over does not count as found."""
        await self._inner.pass_over(source, entries, why)

    async def take_in(self, page: FetchedPage | UnchangedPage | FetchFailure) -> None:
        """Pass on; the outcome is counted by `Tally.ended`. What is unchanged keeps the one of an earlier round."""
        await self._inner.take_in(page)
        if isinstance(page, UnchangedPage):
            self._tally.wanted.discard(identity(page.url))
        self._on_change()

    async def remember_robots(self, copy: RobotsCopy) -> None:
        """Pass on."""
        await self._inner.remember_robots(copy)

    async def remember_hosts(self, hosts: Sequence[HostMemory]) -> None:
        """Pass on."""
        await self._inner.remember_hosts(hosts)

    async def close_visit(self, report: VisitReport) -> None:
        """Pass on, count the feeds."""
        await self._inner.close_visit(report)
        self._tally.closed(report)
        self._on_change()
