"""One URL asked for in its turn: an answer, or the trouble there was."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from types import MappingProxyType

from scrapy import Request
from scrapy.core.engine import ExecutionEngine
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.pace import StoppedError
from crawler.page import FailureKind
from crawler.settings import MIB
from crawler.source import Manners
from crawler.spiders.failures import LARGER, Trouble, trouble_of
from crawler.spiders.tour import Tour
from crawler.urls import host_of, is_fetchable


@dataclass(frozen=True, slots=True)
class Ask:
    """A URL to be asked for, and how."""

    url: str
    manners: Manners
    max_bytes: int
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class Fetcher:
    """Asks hosts through Scrapy's downloader and its middlewares, within the bounds of the crawl."""

    def __init__(self, tour: Tour, engine: ExecutionEngine) -> None:
        self._tour = tour
        self._engine = engine
        self._transfers = asyncio.Semaphore(tour.settings.concurrency)
        # answers held in memory, from the request until they are taken in: a slow intake slows the crawl down
        self._desk = asyncio.Semaphore(2 * tour.settings.concurrency)
        self._running: set[asyncio.Timeout] = set()
        self._is_cut = False

    @asynccontextmanager
    async def fetched(self, ask: Ask) -> AsyncIterator[Response | Trouble]:
        """The answer, which counts as held in memory until the block is left.

        Raises:
            StoppedError: the crawl is to stop; nothing was asked, or the request was given up.
        """
        if not is_fetchable(ask.url):
            yield Trouble(FailureKind.URL, "not a plain http(s) URL")
            return
        async with AsyncExitStack() as held:
            async with self._tour.pace.turn(host_of(ask.url), ask.manners):
                await held.enter_async_context(self._desk)
                async with self._transfers:
                    answer = await self._download(ask)
            yield answer

    def cut(self) -> None:
        """Give up the requests in flight."""
        self._is_cut = True
        now = asyncio.get_running_loop().time()
        for limit in self._running:
            limit.reschedule(now)

    async def _download(self, ask: Ask) -> Response | Trouble:
        if self._tour.pace.stopping:
            raise StoppedError
        # Scrapy bounds each hop; this bounds robots.txt, retry and redirects together
        limit_s = 2 * self._tour.settings.page_timeout_s + 15
        try:
            async with asyncio.timeout(limit_s) as limit:
                self._running.add(limit)
                try:
                    return await self._engine.download_async(self._request(ask))
                finally:
                    self._running.discard(limit)
        except TimeoutError as error:
            if self._is_cut:
                raise StoppedError from error
            return Trouble(FailureKind.TIMEOUT, f"no answer within {limit_s:g} s")
        except Exception as error:  # the border to the outside: whatever a download raises is an outcome
            return self._in_words(trouble_of(error), ask)

    def _in_words(self, trouble: Trouble, ask: Ask) -> Trouble:
        """The trouble, with the bound that was passed."""
        if trouble.why is FailureKind.TIMEOUT:
            return Trouble(trouble.why, f"no answer within {self._tour.settings.page_timeout_s:g} s")
        if trouble.detail.startswith(LARGER):
            limit = f"larger than {ask.max_bytes / MIB:.3g} MiB"
            return Trouble(trouble.why, trouble.detail.replace(LARGER, limit, 1), trouble.status)
        return trouble

    def _request(self, ask: Ask) -> Request:
        meta = {
            "manners": ask.manners,
            "proxy": self._tour.settings.proxy,  # also when None: then the environment is not looked at
            "download_maxsize": ask.max_bytes,
        }
        return Request(ask.url, headers=dict(ask.headers), meta=meta, callback=NO_CALLBACK, dont_filter=True)
