"""One page in, exactly one outcome out: what a crawl finds is understood in workers and kept by one writer."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from crawler.errors import WorkerError
from crawler.page import (
    Entry,
    FailureKind,
    FetchedPage,
    FetchFailure,
    HostMemory,
    RobotsCopy,
    UnchangedPage,
    VisitReport,
)
from crawler.source import Source
from crawler.worker import Broken, BrokenWhy, Workers
from pipeline.article import Outcome, OutcomeKind
from pipeline.store import NewArticle, Store

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

#: a normal page takes 30 ms, the slowest real one measured 0.5 s
PAGE_TIMEOUT_S = 10.0

#: failures that have an outcome of their own; all others are FAILED, and tried again when they may pass
_OWN_OUTCOME = {
    FailureKind.ROBOTS: OutcomeKind.ROBOTS,
    FailureKind.TOO_LARGE: OutcomeKind.TOO_LARGE,
    FailureKind.NOT_TEXT: OutcomeKind.NOT_ARTICLE,
    FailureKind.EMPTY: OutcomeKind.EXTRACTION_EMPTY,
    FailureKind.PARSE_KILLED: OutcomeKind.EXTRACTION_KILLED,
}

OnOutcome = Callable[[Source, str, Outcome], None]


class ArticleIntake:
    """Takes in what a crawl finds (a `crawler.intake.Intake`); a context manager.

    The event loop is never blocked: pages are understood in worker processes, and one thread of our own writes.

    Args:
        store: where everything is kept.
        workers: with `prepare_worker` as their setup.
        now: the clock, aware UTC.
        on_outcome: told of each URL's outcome as recorded; called in the event loop.
        page_timeout_s: after that a page's worker is killed.
        poll_every_s: seconds between two visits of a source of whose rhythm nothing is known.
    """

    def __init__(
        self,
        store: Store,
        workers: Workers,
        *,
        now: Callable[[], datetime],
        on_outcome: OnOutcome | None = None,
        page_timeout_s: float = PAGE_TIMEOUT_S,
        poll_every_s: float = 1800.0,
    ) -> None:
        self._store = store
        self._workers = workers
        self._now = now
        self._on_outcome = on_outcome
        self._page_timeout_s = page_timeout_s
        self._poll_every_s = poll_every_s
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store-writer")

    async def sight(self, source: Source, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Record the entries' URLs as seen; those whose page is to be fetched now, each URL identity once."""
        return await self._write(self._store.pages.sight, source.id, entries, self._now())

    async def unknown(
        self, source: Source, entries: Sequence[Entry], *, passed_over: bool = False
    ) -> Sequence[Entry]:
        """Those of the entries never sighted, each URL identity once; `passed_over`: also those that were passed over."""
        del source  # a URL is known or not, whoever lists it
        return await self._write(self._store.listed.unknown, entries, passed_over=passed_over)

    async def pass_over(self, source: Source, entries: Sequence[Entry], why: str) -> None:
        """Record the entries' URLs as seen, older than what is read; what is known stays as it is."""
        await self._write(self._store.listed.pass_over, source.id, entries, why, self._now())

    async def take_in(self, page: FetchedPage | UnchangedPage | FetchFailure) -> None:
        """Record exactly one outcome for the URL; a page that is unchanged keeps the one it has.

        Whatever goes wrong with one page is that page's outcome (FAILED, ``internal: ...``) and stops no round.

        Raises:
            StoreError: not even that could be recorded.
            WorkerError: no worker can be had; the page is still owed.
        """
        if isinstance(page, UnchangedPage):
            await self._write(self._store.pages.looked, page, self._now())
            return
        try:
            outcome = await self._decided(page)
        except WorkerError:  # nothing is wrong with the page
            raise
        except Exception as error:  # the border of the round: one page must not end it, whatever is wrong
            log.exception("%s: could not be taken in", page.url)
            failed = Outcome(OutcomeKind.FAILED, f"internal: {type(error).__name__}: {error}"[:500])
            outcome = await self._record(page, failed)
        if self._on_outcome is not None:
            self._on_outcome(page.source, page.url, outcome)

    async def remember_robots(self, copy: RobotsCopy) -> None:
        """Keep a robots.txt that was just read."""
        await self._write(self._store.robots.save, copy)

    async def remember_hosts(self, hosts: Sequence[HostMemory]) -> None:
        """Keep what is owed to hosts."""
        await self._write(self._store.hosts.save, hosts)

    async def close_visit(self, report: VisitReport) -> None:
        """Remember the visit's validators and how the source does.

        A visit that was cut short counts as none, so that the source stays due: restarts in a row must not end polling.
        Nor does one that read no feed: single pages asked for by hand say nothing of how the source does.
        """
        if report.cut_short or not report.feeds:
            return
        await self._write(self._store.sources.close_visit, report, self._now(), self._poll_every_s)

    def close(self) -> None:
        """Wait until all is written; closing twice is fine."""
        self._writer.shutdown(wait=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    async def _decided(self, page: FetchedPage | FetchFailure) -> Outcome:
        if isinstance(page, FetchFailure):
            return await self._record(page, outcome_of_failure(page))
        ended = await self._workers.run(read_page, page, timeout_s=self._page_timeout_s)
        found = _outcome_of_broken(ended) if isinstance(ended, Broken) else ended.value
        if isinstance(found, NewArticle):
            return await self._write(
                self._store.articles.add, found, self._now(), page.validators, page.entry
            )
        return await self._record(page, found)

    async def _record(self, page: FetchedPage | FetchFailure, outcome: Outcome) -> Outcome:
        return await self._write(self._store.pages.record, page.url, page.source.id, outcome, self._now())

    async def _write(self, question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, functools.partial(question, *args, **kwargs))


# The parsers are imported in the workers only: the crawl itself never calls them, and would start 1 s later (measured).


def prepare_worker(pack_names: Sequence[str]) -> None:
    """Load the rules by which a worker understands pages: the `setup` of its `crawler.worker.Workers`.

    Args:
        pack_names: ``builtin`` or paths of YAML files.

    Raises:
        RuleError: a pack cannot be read.
    """
    from pipeline.understand import prepare  # noqa: PLC0415 - see above

    prepare(pack_names)


def read_page(page: FetchedPage) -> NewArticle | Outcome:
    """What a page says, or how its way ends because it says nothing; runs in a worker."""
    from pipeline.extract import PageInput, Unreadable  # noqa: PLC0415 - see above
    from pipeline.understand import understand  # noqa: PLC0415 - see above

    found = understand(PageInput.from_page(page), page.url, page.source.tier)
    return Outcome(found.kind, found.detail) if isinstance(found, Unreadable) else found


def outcome_of_failure(failure: FetchFailure) -> Outcome:
    """How the way of a URL ends that gave no page."""
    own = _OWN_OUTCOME.get(failure.why)
    if own is not None:
        return Outcome(own, failure.detail, passing=failure.passing)
    return Outcome(OutcomeKind.FAILED, f"{failure.why.value}: {failure.detail}", passing=failure.passing)


def _outcome_of_broken(broken: Broken) -> Outcome:
    if broken.why is BrokenWhy.RAISED:
        log.error("a page could not be understood: %s", broken.detail)
        return Outcome(OutcomeKind.FAILED, f"internal: {broken.detail}")
    # a worker that died took nothing of the page's with it: the page may be innocent
    died = broken.why is BrokenWhy.DIED
    return Outcome(OutcomeKind.EXTRACTION_KILLED, f"{broken.why.value}: {broken.detail}", passing=died)
