"""One URL asked for in its turn: an answer, or the trouble there was. Every hop of its way has a turn of its own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from scrapy import Request
from scrapy.core.engine import ExecutionEngine
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.browser import NoBrowserError, Piece, Renderer
from crawler.middlewares.busy import BUSY_STATUSES, asked_rest_s, trouble_of_rest, trouble_of_resting
from crawler.middlewares.failures import LARGER, SLOW, Trouble, trouble_of
from crawler.middlewares.guard import AddressGuard, GuardMiddleware
from crawler.middlewares.robots import MAX_ROBOTS_BYTES, ROBOTS_TIMEOUT_S
from crawler.pace import RestingError, StoppedError
from crawler.page import FailureKind, FetchedPage, FetchFailure
from crawler.settings import MIB
from crawler.source import Manners
from crawler.spiders.hops import Way
from crawler.spiders.rulebook import Rulebook
from crawler.spiders.tour import Tour
from crawler.urls import host_of, same_site


@dataclass(frozen=True, slots=True)
class Ask:
    """A URL to be asked for, and how.

    Attributes:
        is_robots: it is a robots.txt: under no rules, quicker, never again, and never more than anybody must read.
    """

    url: str
    manners: Manners
    max_bytes: int
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    is_robots: bool = False


class Fetcher:
    """Asks hosts through Scrapy's downloader and its middlewares, within the bounds of the crawl."""

    def __init__(self, tour: Tour, engine: ExecutionEngine) -> None:
        settings = tour.settings
        self._tour = tour
        self._engine = engine
        self._transfers = asyncio.Semaphore(settings.concurrency)
        # answers held in memory, from the request until they are taken in: a slow intake slows the crawl down
        self._desk = asyncio.Semaphore(2 * settings.concurrency)
        self._running: set[asyncio.Timeout] = set()
        self._is_cut = False
        self._renderer: Renderer | None = None
        self._guard = GuardMiddleware(AddressGuard(settings.allow_networks), has_proxy=bool(settings.proxy))
        self._rules = Rulebook(tour, self._robots)

    @asynccontextmanager
    async def fetched(self, ask: Ask) -> AsyncIterator[Response | Trouble]:
        """The answer, which counts as held in memory until the block is left.

        Raises:
            StoppedError: the crawl is to stop; nothing was asked, or the request was given up.
        """
        async with AsyncExitStack() as held:
            yield await self._walk(ask, held)

    async def rendered(self, page: FetchedPage) -> FetchedPage | FetchFailure:
        """The page as a browser shows it once its scripts have run; what they ask for waits its turn like all else.

        Raises:
            StoppedError: the crawl is to stop.
        """
        if self._renderer is None:
            self._renderer = Renderer(self._tour.settings.user_agent)
        manners, max_bytes = page.source.manners, self._tour.settings.max_body_bytes

        async def ask_for(url: str) -> Piece | None:
            with contextlib.suppress(StoppedError):
                async with self.fetched(Ask(url, manners, max_bytes, {"Accept": "*/*"})) as answer:
                    if isinstance(answer, Response):
                        label = answer.headers.get("Content-Type") or b"text/plain"
                        return Piece(answer.status, label.decode("latin-1"), answer.body)
            return None

        first = Piece(200, page.content_type or "text/html", page.body)
        try:
            html = await self._renderer.render(page.final_url, first, ask_for)
        except (NoBrowserError, TimeoutError) as error:
            why = FailureKind.INTERNAL if isinstance(error, NoBrowserError) else FailureKind.TIMEOUT
            detail = str(error) or "the browser did not come to an end with it"
            return FetchFailure(page.source, page.url, why, detail, self._tour.clock(), entry=page.entry)
        if self._tour.pace.stopping:
            raise StoppedError
        body = html.encode("utf-8", "replace")[:max_bytes]
        return replace(page, body=body, content_type="text/html; charset=utf-8")

    async def close(self) -> None:
        """End the browser, if one was needed."""
        if self._renderer is not None:
            await self._renderer.close()

    def cut(self) -> None:
        """Give up the requests in flight."""
        self._is_cut = True
        now = asyncio.get_running_loop().time()
        for limit in self._running:
            limit.reschedule(now)

    async def _robots(self, url: str, manners: Manners) -> Response | Trouble:
        headers = {"Accept": "text/plain,*/*;q=0.5", "Accept-Encoding": "identity"}
        async with self.fetched(Ask(url, manners, MAX_ROBOTS_BYTES, headers, is_robots=True)) as answer:
            return answer

    async def _walk(self, ask: Ask, held: AsyncExitStack) -> Response | Trouble:
        """The answer at the end of the way; it stays on the desk until `held` is left."""
        way = Way(ask.url)
        while True:
            trouble = self._guard.refusal(way.url)
            if trouble is None and not ask.is_robots:
                trouble = await self._rules.refusal(way.url, ask.manners)
            if trouble is not None:
                return trouble
            async with AsyncExitStack() as desk:
                answer = await self._hop(ask, way, desk)
                if answer is None:
                    continue
                on = way.after(answer) if isinstance(answer, Response) else None
                if not isinstance(on, Way):
                    held.push_async_callback(desk.pop_all().aclose)
                    return on or answer
                way = on

    async def _hop(self, ask: Ask, way: Way, desk: AsyncExitStack) -> Response | Trouble | None:
        """One request in its turn; None when the host asked for a short rest, to be asked again after."""
        try:
            async with self._tour.pace.turn(host_of(way.url), ask.manners):
                await desk.enter_async_context(self._desk)
                async with self._transfers:
                    answer = await self._download(ask, way)
                if isinstance(answer, Response) and answer.status in BUSY_STATUSES:
                    return await self._rest(ask, way, answer)
                return answer
        except RestingError as error:
            return trouble_of_resting(error)

    async def _rest(self, ask: Ask, way: Way, answer: Response) -> Response | Trouble | None:
        """Note for how long the host wishes to be left alone, before anybody else gets a turn."""
        seconds = asked_rest_s(answer, self._tour.clock())
        if ask.is_robots and seconds is None:  # what it means for the rules is said elsewhere
            return answer
        pace, why = self._tour.pace, f"HTTP {answer.status}"
        is_waited_out = pace.rest(host_of(way.url), seconds, why, ask.manners)
        await self._tour.intake.remember_hosts(pace.take_changed())  # at once: a kill must not undo it
        if ask.is_robots:
            return answer
        return None if is_waited_out else trouble_of_rest(answer.status, seconds)

    async def _download(self, ask: Ask, way: Way) -> Response | Trouble:
        if self._tour.pace.stopping:
            raise StoppedError
        limit_s = self._limit_s(ask, way)
        try:
            async with asyncio.timeout(limit_s) as limit:
                self._running.add(limit)
                try:
                    return await self._engine.download_async(self._request(ask, way))
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
        if trouble.why is FailureKind.TIMEOUT and not trouble.detail.startswith(SLOW):
            limit_s = ROBOTS_TIMEOUT_S if ask.is_robots else self._tour.settings.page_timeout_s
            return Trouble(trouble.why, f"no answer within {limit_s:g} s")
        if trouble.detail.startswith(LARGER):
            limit = f"larger than {ask.max_bytes / MIB:.3g} MiB"
            return Trouble(trouble.why, trouble.detail.replace(LARGER, limit, 1), trouble.status)
        return trouble

    def _limit_s(self, ask: Ask, way: Way) -> float:
        """Scrapy bounds each request; this bounds a request and its retry together, should anything hang in between."""
        if ask.is_robots:
            return ROBOTS_TIMEOUT_S + 5
        gap_s = self._tour.pace.agree(host_of(way.url), ask.manners).gap_s
        return 2 * self._tour.settings.page_timeout_s + gap_s + 15

    def _request(self, ask: Ask, way: Way) -> Request:
        meta = {
            **way.meta,
            "manners": ask.manners,
            "proxy": self._tour.settings.proxy,  # also when None: then the environment is not looked at
            "download_maxsize": ask.max_bytes,
            # a site that redirects elsewhere does not speak for the certificate there
            "verify_tls": ask.manners.verify_tls or not same_site(way.url, ask.url),
        }
        if ask.is_robots:
            meta |= {
                "download_timeout": ROBOTS_TIMEOUT_S,
                "max_retry_times": 0,
                "enough_bytes": MAX_ROBOTS_BYTES,  # of a longer one as much is read, instead of nothing
                "download_maxsize": 0,
            }
        return Request(way.url, headers=dict(ask.headers), meta=meta, callback=NO_CALLBACK, dont_filter=True)
