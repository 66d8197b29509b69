"""Hosts that ask to be left alone (429, 503): nothing more is asked of them in this crawl."""

from __future__ import annotations

import asyncio
import email.utils
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.page import FailureKind
from crawler.spiders.failures import RefusedError, Trouble
from crawler.urls import host_of

#: statuses by which a host asks us to come back later (RFC 6585, 4; RFC 9110, 15.6.4)
BUSY_STATUSES = frozenset({429, 503})
#: a shorter wish is waited out, once per host
MAX_WAIT_S = 10.0
#: a longer one is taken as a mistake (one host said 99,999,999,999 s)
MAX_RETRY_AFTER_S = 86_400


@dataclass(slots=True)
class _Rest:
    """A host's wish; `until` is monotonic, None: not in this crawl."""

    status: int
    seconds: int | None
    until: float | None

    @property
    def trouble(self) -> Trouble:
        when = (
            f"asked to come back in {self.seconds} s"
            if self.seconds is not None
            else "asked to come back later"
        )
        return Trouble(FailureKind.BUSY, f"HTTP {self.status}, {when}", self.status)


def retry_after_s(value: str | None, now: datetime) -> int | None:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3), 0 to a day; None when it says nothing usable."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:12]), MAX_RETRY_AFTER_S)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0, min(round((moment - now).total_seconds()), MAX_RETRY_AFTER_S))


class BusyMiddleware:
    """Remembers which hosts are busy."""

    def __init__(self) -> None:
        self._resting: dict[str, _Rest] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:  # noqa: ARG003 - Scrapy's signature
        """As Scrapy makes it."""
        return cls()

    async def process_request(self, request: Request) -> None:
        """Let it pass, perhaps after a rest, or raise.

        Raises:
            RefusedError: of kind BUSY.
        """
        rest = self._resting.get(host_of(request.url))
        if rest is None or request.meta.get("is_robots"):
            return
        if rest.until is None:
            raise RefusedError(rest.trouble)
        await asyncio.sleep(max(0.0, rest.until - time.monotonic()))

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """The response; or the request again, when the host asked for a short rest for the first time.

        Raises:
            RefusedError: of kind BUSY.
        """
        if response.status not in BUSY_STATUSES or request.meta.get("is_robots"):
            return response
        host = host_of(request.url)
        printed = response.headers.get("Retry-After")
        seconds = retry_after_s(printed.decode("latin-1") if printed else None, datetime.now(UTC))
        if seconds is not None and seconds <= MAX_WAIT_S and host not in self._resting:
            self._resting[host] = _Rest(response.status, seconds, time.monotonic() + seconds)
            return request.replace(dont_filter=True)
        self._resting[host] = rest = _Rest(response.status, seconds, None)
        raise RefusedError(rest.trouble)
