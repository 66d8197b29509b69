"""The spider that walks visits: each one its feeds, sitemaps and listings, then the pages they lead to, then its report."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from scrapy import Request, Spider

from crawler.novelty import Choice, by_date, choose, cutoff_of, moment_of
from crawler.pace import StoppedError
from crawler.page import Entry, FeedReport, FetchFailure, ListKind, Visit, VisitReport
from crawler.source import Source
from crawler.spiders.feed import read_feed
from crawler.spiders.fetch import Fetcher
from crawler.spiders.listing import read_section
from crawler.spiders.lists import Reading, Trip
from crawler.spiders.page import Wanted, take_page
from crawler.spiders.sitemap import read_sitemap
from crawler.spiders.tour import Tour
from crawler.urls import host_of, identity

#: entries that a feed must list before all of them being new means that it lost some
_GAP = 3
_PASSED_OVER = "listed before we first looked, and not new then"
#: known entries of a long list that are looked at for changes
_KNOWN_SIGHTED = 1000


@dataclass(slots=True, eq=False)
class _Walk:
    """A visit on its way."""

    visit: Visit
    started_at: datetime
    feeds: list[FeedReport] = field(default_factory=list)
    requests: int = 0
    cut_short: bool = False

    def report(self, finished_at: datetime) -> VisitReport:
        """What to tell of it; nothing that would make the next visit skip what this one did not see."""
        feeds = [replace(feed, validators=None) for feed in self.feeds] if self.cut_short else self.feeds
        source, started_at = self.visit.source, self.started_at
        return VisitReport(source, started_at, finished_at, tuple(feeds), self.requests, self.cut_short)


def _since(visit: Visit, read: Reading) -> datetime | None:
    """Back to when the list is read; a feed has no pages to turn back."""
    return visit.since if read.report.kind is not ListKind.FEED else None


def _with_revived(sighted: Sequence[Entry], choice: Choice) -> Iterable[Entry]:
    """What was sighted, with what was asked for although it had been passed over before."""
    told = {identity(entry.url) for entry in sighted}
    return (*sighted, *(entry for entry in choice.now if identity(entry.url) not in told))


def _counted(report: FeedReport, visit: Visit, choice: Choice, sighted: Sequence[Entry]) -> FeedReport:
    """The report with what was new; what is left for later must not be hidden by an answer that nothing changed."""
    new = sum(1 for entry in sighted if entry.seen is None)
    listed = len({identity(entry.url) for entry in choice.now})
    gap = report.url in visit.read_before and new == listed >= _GAP and report.kind is ListKind.FEED
    left = [f"{len(choice.later)} more new pages are left for later visits"] if choice.later else []
    passed = [f"{len(choice.archive)} older ones passed over"] if choice.archive else []
    detail = "; ".join([part for part in (report.detail, *left, *passed) if part])
    validators = None if choice.later else report.validators
    return replace(report, new=new, gap=gap, detail=detail, validators=validators)


class VisitSpider(Spider):
    """Walks all visits of a tour at once; the pace of each host and the fetcher hold the requests back.

    Requests go straight to Scrapy's downloader, not through its scheduler: what waits, waits in the line of its own
    host, where it neither takes a place from other hosts nor is asked for after its host has said no.
    """

    name = "visits"
    tour: Tour
    visits: Sequence[Visit]

    async def start(self) -> AsyncIterator[Request]:
        """No requests: when this ends, the crawl has ended."""
        assert self.crawler.engine is not None
        fetcher = Fetcher(self.tour, self.crawler.engine)
        await self.round_of(fetcher)
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    async def round_of(self, fetcher: Fetcher) -> None:
        """Walk; replaced by whoever starts the crawl with what belongs around it."""
        await VisitWalker(self.tour, fetcher).walk(self.visits)


class VisitWalker:
    """Walks visits, and sees to it that each URL is fetched once and each visit closed once."""

    def __init__(self, tour: Tour, fetcher: Fetcher) -> None:
        self._tour = tour
        self._fetcher = fetcher
        self._known: set[str] = set()

    async def walk(self, visits: Iterable[Visit]) -> None:
        """Walk all of them; errors of ours end in `Tour.first_error`."""
        await asyncio.gather(*(self._attempt(self._visit(visit)) for visit in visits))

    async def _attempt(self, work: Coroutine[Any, Any, None]) -> bool:
        """Whether the work came to its end; an error of ours stops the crawl."""
        try:
            await work
        except StoppedError:
            return False
        except Exception as error:  # whatever the intake raises ends the crawl, and is raised by it
            self._tour.fail(error)
            return False
        return True

    async def _visit(self, visit: Visit) -> None:
        walk = _Walk(visit, self._tour.clock())
        async with asyncio.TaskGroup() as pages:
            # lists come first in the line of their host; pages queue behind them
            await asyncio.gather(*(self._list(walk, reading, pages) for reading in self._readings(visit)))
            owed = [Wanted(entry.url, entry) for entry in visit.again]
            self._send_for(walk, [*owed, *(Wanted(url) for url in visit.pages)], pages)
        await self._tour.intake.close_visit(walk.report(self._tour.clock()))
        progress = self._tour.progress
        self._tour.report(replace(progress, visits_done=progress.visits_done + 1))

    def _readings(self, visit: Visit) -> list[Coroutine[Any, Any, Reading]]:
        """All that lists the source's articles, each to be read once."""
        trip, source = Trip(self._tour, self._fetcher, visit), visit.source
        listings = {listing.url: listing for listing in reversed(source.listings)}
        return [
            *(read_feed(trip, url) for url in dict.fromkeys(source.feeds)),
            *(read_sitemap(trip, url) for url in dict.fromkeys(source.sitemaps)),
            *(read_section(trip, listing) for listing in reversed(listings.values())),
        ]

    async def _list(
        self, walk: _Walk, reading: Coroutine[Any, Any, Reading], pages: asyncio.TaskGroup
    ) -> None:
        if not await self._attempt(self._read_list(walk, reading, pages)):
            walk.cut_short = True

    async def _read_list(
        self, walk: _Walk, reading: Coroutine[Any, Any, Reading], pages: asyncio.TaskGroup
    ) -> None:
        read = await reading
        walk.requests += read.requests
        report = read.report
        if read.entries:
            choice, known = await self._choose(walk.visit, read)
            sighted = await self._tour.intake.sight(walk.visit.source, (*choice.now, *known))
            wanted = sighted if _since(walk.visit, read) is None else _with_revived(sighted, choice)
            self._send_for(walk, [Wanted(entry.url, entry) for entry in wanted], pages)
            report = _counted(report, walk.visit, choice, sighted)
        walk.feeds += [report, *read.parts]

    async def _choose(self, visit: Visit, read: Reading) -> tuple[Choice, tuple[Entry, ...]]:
        """As much news as the list may bring, and what of it is known, in case that it changed."""
        source, entries, since = visit.source, read.entries, _since(visit, read)
        if read.report.kind is ListKind.FEED and len(entries) <= read.bounds.per_visit:
            return Choice(by_date(entries)), ()  # all of it is sighted, whatever is known: no question needed
        if since is not None:
            entries = tuple(entry for entry in entries if (moment_of(entry) or since) >= since)
        dated = [entry for entry in entries if moment_of(entry) is not None]
        undated = [entry for entry in entries if moment_of(entry) is None]
        ask = self._tour.intake.unknown
        # what was passed over is read after all where its date says that it was asked for
        unknown = [*await ask(source, dated, passed_over=since is not None), *await ask(source, undated)]
        told = {identity(entry.url) for entry in unknown}
        known = tuple(entry for entry in entries if identity(entry.url) not in told)
        is_first = read.report.url not in visit.read_before and since is None and len(known) < len(unknown)
        choice = choose(unknown, cutoff_of(visit, self._tour.clock()), read.bounds, is_first=is_first)
        if choice.archive:
            await self._tour.intake.pass_over(source, choice.archive, _PASSED_OVER)
        # several lists name one article in several ways: where there is a feed, only what that says tells of changes
        tells_changes = read.report.kind is ListKind.FEED or not source.feeds
        return choice, known[:_KNOWN_SIGHTED] if tells_changes else ()

    def _send_for(self, walk: _Walk, wanted: Iterable[Wanted], pages: asyncio.TaskGroup) -> None:
        """Start as many fetches at once as the hosts allow; the rest follow them."""
        queues: dict[str, deque[Wanted]] = defaultdict(deque)
        for one in wanted:
            key = identity(one.url)
            if key not in self._known:
                self._known.add(key)
                queues[host_of(one.url)].append(one)
        progress = self._tour.progress
        count = sum(map(len, queues.values()))
        if count:
            self._tour.report(replace(progress, pages_found=progress.pages_found + count))
        for queue in queues.values():
            for _ in range(min(max(1, walk.visit.source.manners.per_host), len(queue))):
                pages.create_task(self._work_off(walk, queue))

    async def _work_off(self, walk: _Walk, queue: deque[Wanted]) -> None:
        while queue:
            if not await self._attempt(self._page(walk, walk.visit.source, queue.popleft())):
                walk.cut_short = True
                return

    async def _page(self, walk: _Walk, source: Source, wanted: Wanted) -> None:
        walk.requests += 1
        taken = await take_page(self._tour, self._fetcher, source, wanted)
        progress, failed = self._tour.progress, isinstance(taken, FetchFailure)
        done, failures = progress.pages_done + 1, progress.failures + failed
        self._tour.report(replace(progress, pages_done=done, failures=failures))
