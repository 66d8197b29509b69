"""The door of the room: one crawl of some visits, in this process, until all of them are closed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Sequence

from scrapy import Request
from scrapy.crawler import AsyncCrawlerProcess

from crawler.errors import CrawlError
from crawler.intake import Intake
from crawler.middlewares.guard import AddressGuard
from crawler.pace import Pace
from crawler.page import Visit
from crawler.settings import CrawlSettings, scrapy_settings
from crawler.spiders.fetch import Fetcher
from crawler.spiders.tour import Progress, Tour
from crawler.spiders.visit import VisitSpider
from crawler.urls import host_of
from crawler.worker import Workers

log = logging.getLogger(__name__)

_SELF_TEST_S = 5.0
#: a kill forgets at most the delays of so many seconds
_KEPT_EVERY_S = 2.0


def crawl(
    visits: Sequence[Visit],
    settings: CrawlSettings,
    intake: Intake,
    workers: Workers,
    *,
    on_progress: Callable[[Progress], None] | None = None,
) -> None:
    """Walk the visits; returns when each of them is closed, or was told to stop and has.

    Once in the life of a process, in its main thread: a Twisted reactor cannot be started again. SIGTERM, SIGINT and
    the wall limit stop it: requests in flight may end within a grace, visits not through are closed as cut short, and
    what they had not taken in is left as it was. A second signal does not wait.

    Raises:
        CrawlError: the intake raised (it is the cause), the address guard does not hold, or Scrapy did not start.
    """
    process = _quiet_process(settings)
    tour = Tour(settings, intake, workers, Pace(settings.hosts), Progress(len(visits)), on_progress)
    running = process.crawl(_Crawl, tour=tour, visits=visits)
    process.start(install_signal_handlers=False)
    if tour.first_error is not None:
        raise CrawlError(f"the crawl was ended by an error: {tour.first_error}") from tour.first_error
    failure = running.exception() if running.done() and not running.cancelled() else None
    if failure is not None or not tour.is_over:
        raise CrawlError("the crawl did not come to its end: see the log") from failure


def _quiet_process(settings: CrawlSettings) -> AsyncCrawlerProcess:
    """Scrapy sets its loggers to DEBUG and introduces itself; we log visits and articles, it only its warnings."""
    before = logging.root.manager.disable
    logging.disable(logging.INFO)
    try:
        process = AsyncCrawlerProcess(scrapy_settings(settings))
    finally:
        logging.disable(before)
    for noisy in ("scrapy", "twisted"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    for told_as_outcomes in ("scrapy.core.downloader", "scrapy.core.http", "scrapy.utils._download_handlers"):
        logging.getLogger(told_as_outcomes).setLevel(logging.ERROR)
    return process


class _Crawl(VisitSpider):
    """The visits, with what belongs around them: the guard's test, signals, the wall limit."""

    async def round_of(self, fetcher: Fetcher) -> None:
        """Walk, able to be stopped from outside."""
        try:
            await self._check_guard()
            async with _remembering(self.tour):
                with _stoppable(self.tour, fetcher):
                    await super().round_of(fetcher)
                await fetcher.close()
        except CrawlError as error:
            self.tour.fail(error)
        self.tour.is_over = True

    async def _check_guard(self) -> None:
        """Try what must not work: the resolver that guards is silently left out by some ways to start Scrapy.

        Raises:
            CrawlError: this machine could be reached although it is not allowed.
        """
        settings = self.tour.settings
        if AddressGuard(settings.allow_networks).allows_loopback:
            return
        reached = asyncio.Event()
        proxy_host = host_of(settings.proxy) if settings.proxy else ""
        name = "localhost" if proxy_host == "127.0.0.1" else "127.0.0.1"

        async def on_connection(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            reached.set()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            writer.close()

        async with await asyncio.start_server(on_connection, "127.0.0.1", 0) as canary:
            port = canary.sockets[0].getsockname()[1]
            meta = {
                "is_self_test": True,
                "proxy": None,
                "max_retry_times": 0,
                "download_timeout": _SELF_TEST_S,
            }
            assert self.crawler.engine is not None
            with contextlib.suppress(Exception):  # that it fails is what we hope for, in whatever way
                await self.crawler.engine.download_async(Request(f"http://{name}:{port}/", meta=meta))
        if reached.is_set():
            raise CrawlError(
                "the address guard is not in force: this machine itself can be reached; not crawling"
            )


@contextlib.asynccontextmanager
async def _remembering(tour: Tour) -> AsyncIterator[None]:
    """While this is entered, what is owed to hosts is kept every few seconds, and once more at the end."""

    async def keep() -> None:
        try:
            changed = tour.pace.take_changed()
            if changed:
                await tour.intake.remember_hosts(changed)
        except Exception as error:  # ours: it ends the crawl and is raised from there
            tour.fail(error)

    async def keep_on() -> None:
        while True:
            await asyncio.sleep(_KEPT_EVERY_S)
            await keep()

    keeping = asyncio.ensure_future(keep_on())
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.wait([keeping])
        await keep()


@contextlib.contextmanager
def _stoppable(tour: Tour, fetcher: Fetcher) -> Iterator[None]:
    """Signals and the wall limit stop the tour while this is entered."""
    loop = asyncio.get_running_loop()

    def stop(reason: str) -> None:
        if tour.pace.stopping:
            fetcher.cut()
            return
        log.warning("stopping the crawl: %s", reason)
        tour.pace.stop()
        loop.call_later(tour.settings.stop_grace_s, fetcher.cut)

    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        with contextlib.suppress(ValueError, RuntimeError):  # not in the main thread: then nobody signals us
            loop.add_signal_handler(number, stop, signal.Signals(number).name)
    limit_s = tour.settings.wall_limit_s
    timer = loop.call_later(limit_s, stop, f"{limit_s:g} s are over") if limit_s is not None else None
    try:
        yield
    finally:
        if timer is not None:
            timer.cancel()
        for number in signals:
            loop.remove_signal_handler(number)
