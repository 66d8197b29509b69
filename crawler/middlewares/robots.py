"""robots.txt as RFC 9309 has it: read once a day, obeyed on every hop, and its Crawl-delay kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload

from crawler.page import FailureKind, RobotsCopy
from crawler.source import Manners
from crawler.spiders.failures import RefusedError, Trouble, trouble_of
from crawler.spiders.tour import Tour, tour_of
from crawler.urls import host_of

log = logging.getLogger(__name__)

#: the product token that rules may name us by (RFC 9309, 2.2.1)
PRODUCT = "tipwatch"
#: RFC 9309, 2.5: at least this much must be read
MAX_ROBOTS_BYTES = 500 * 1024
ROBOTS_TIMEOUT_S = 10.0
#: RFC 9309, 2.4: a copy should not be used for longer
FRESH_FOR = timedelta(hours=24)
#: how long a host whose rules could not be read is left alone
UNREACHABLE_FOR = timedelta(hours=1)
#: a longer wish would take a day for a feed: the host is left alone instead
MAX_CRAWL_DELAY_S = 30.0


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host's robots.txt means: `trouble` forbids everything; `parsed` None allows everything."""

    parsed: Protego | None = None
    trouble: Trouble | None = None
    delay_s: float = 0.0

    def refusal(self, url: str) -> Trouble | None:
        """Why this URL may not be asked for; None when it may."""
        if self.trouble is not None:
            return self.trouble
        if self.parsed is None or self.parsed.can_fetch(url, PRODUCT):
            return None
        return Trouble(FailureKind.ROBOTS, "robots.txt forbids it")


def rules_of(copy: RobotsCopy) -> Rules:
    """What a copy means (RFC 9309, 2.3.1): 2xx its text, 4xx everything is allowed, else nothing is."""
    if 400 <= copy.status < 500 and copy.status != 429:  # 429 is no answer about rules
        return Rules()
    if not 200 <= copy.status < 300:
        said = f"HTTP {copy.status}" if copy.status else "nothing"
        trouble = Trouble(FailureKind.ROBOTS, f"robots.txt answered {said}", copy.status or None)
        return Rules(trouble=trouble if copy.status else Trouble(FailureKind.CONNECT, trouble.detail))
    parsed = Protego.parse(copy.text)
    delay_s = float(parsed.crawl_delay(PRODUCT) or 0.0)
    if delay_s > MAX_CRAWL_DELAY_S:
        detail = f"robots.txt asks for {delay_s:g} s between requests: more than {MAX_CRAWL_DELAY_S:g} s"
        return Rules(trouble=Trouble(FailureKind.ROBOTS, detail))
    return Rules(parsed, delay_s=delay_s)


class RobotsMiddleware:
    """Asks each origin for its rules once, and keeps to them."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._reading: dict[str, asyncio.Future[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it."""
        made = cls(crawler)
        crawler.signals.connect(made.stop_when_enough, signal=signals.bytes_received)
        return made

    async def process_request(self, request: Request) -> None:
        """Let it pass, or raise.

        Raises:
            RefusedError: of kind ROBOTS, or of the kind of failure that kept us from reading the rules.
        """
        manners: Manners = request.meta.get("manners") or Manners()
        if request.meta.get("is_robots") or request.meta.get("is_self_test") or not manners.obey_robots:
            return
        origin = origin_of(request.url)
        if origin not in self._reading:
            # a task of its own: others wait for it, also if this request is given up
            self._reading[origin] = asyncio.ensure_future(self._read(origin, request.meta))
        rules = await asyncio.shield(self._reading[origin])
        refusal = rules.refusal(request.url)
        if refusal is not None:
            raise RefusedError(refusal)
        if rules.delay_s:
            self._tour.pace.agree(host_of(request.url), manners).robots_delay_s = rules.delay_s

    def stop_when_enough(self, data: bytes, request: Request) -> None:
        """Ends the download of a robots.txt that is longer than anybody needs.

        Raises:
            StopDownload: what has come so far is the answer.
        """
        if request.meta.get("is_robots"):
            request.meta["robots_bytes"] = request.meta.get("robots_bytes", 0) + len(data)
            if request.meta["robots_bytes"] > MAX_ROBOTS_BYTES:
                raise StopDownload(fail=False)

    @property
    def _tour(self) -> Tour:
        return tour_of(self._crawler)

    async def _read(self, origin: str, meta: Mapping[str, Any]) -> Rules:
        remembered = self._tour.settings.robots.get(origin)
        if remembered is not None and self._is_fresh(remembered):
            return rules_of(remembered)
        status, body, trouble = await self._fetch(origin, meta.get("proxy"))
        text = body.decode("utf-8", "replace")
        copy = RobotsCopy(origin, status, text, self._tour.clock())
        try:
            await self._tour.intake.remember_robots(copy)
        except Exception as error:  # ours, not the host's: it ends the crawl and is raised from there
            self._tour.fail(error)
        if trouble is not None:
            return Rules(trouble=Trouble(trouble.why, f"robots.txt: {trouble.detail}"))
        return rules_of(copy)

    def _is_fresh(self, copy: RobotsCopy) -> bool:
        was_read = 200 <= copy.status < 500 and copy.status != 429
        return self._tour.clock() - copy.fetched_at < (FRESH_FOR if was_read else UNREACHABLE_FOR)

    async def _fetch(self, origin: str, proxy: str | None) -> tuple[int, bytes, Trouble | None]:
        """Status (0 without an answer), body and what went wrong."""
        meta = {"is_robots": True, "proxy": proxy, "download_timeout": ROBOTS_TIMEOUT_S, "max_retry_times": 0}
        headers = {"Accept": "text/plain,*/*;q=0.5", "Accept-Encoding": "identity"}
        engine: Any = self._crawler.engine
        try:
            async with asyncio.timeout(ROBOTS_TIMEOUT_S):
                response = await engine.download_async(
                    Request(f"{origin}/robots.txt", headers=headers, meta=meta)
                )
        except Exception as error:  # the border to the outside: all that a download raises is a value
            trouble = trouble_of(error)
            # RFC 9309, 2.3.1.2: rules behind too many redirects are no rules
            return (404, b"", None) if trouble.why is FailureKind.REDIRECT else (0, b"", trouble)
        body = response.body[:MAX_ROBOTS_BYTES]
        if len(response.body) >= MAX_ROBOTS_BYTES:
            body = body[: body.rfind(b"\n") + 1]
        return response.status, body, None


def origin_of(url: str) -> str:
    """``scheme://host[:port]``, without a default port."""
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    port = f":{parts.port}" if parts.port not in {None, default} else ""
    host = host_of(url)
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"
