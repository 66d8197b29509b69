"""Scrapy's own slots, kept to the pace of each host: also redirects and retries wait for their turn."""

from __future__ import annotations

import time
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.source import Manners
from crawler.spiders.tour import tour_of
from crawler.urls import host_of


class PaceMiddleware:
    """Puts each request into the slot of its own host (a redirect would stay in the slot it came from)."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Set the slot, and bring it to the host's pace."""
        host = host_of(request.url)
        if request.meta.get("is_robots"):
            # its own slot: the first page need not wait for the rules it is asked under
            request.meta["download_slot"] = f"robots.txt of {host}"
            self._set_slot(request.meta["download_slot"], 0.0, 1)
            return
        pace = tour_of(self._crawler).pace.agree(host, request.meta.get("manners") or Manners())
        request.meta["download_slot"] = host
        self._set_slot(host, pace.gap_s, pace.per_host)

    def process_response(self, request: Request, response: Response) -> Response:
        """The response; a redirect or a retry counts its delay from here."""
        slot = self._slots.get(request.meta.get("download_slot"))
        if slot is not None:
            slot.lastseen = time.monotonic()
        return response

    @property
    def _slots(self) -> dict[Any, Any]:
        downloader: Any = self._crawler.engine.downloader
        slots: dict[Any, Any] = downloader.slots
        return slots

    def _set_slot(self, key: str, delay_s: float, concurrency: int) -> None:
        downloader: Any = self._crawler.engine.downloader
        wanted = {"delay": delay_s, "concurrency": concurrency, "jitter": 0}
        if downloader.per_slot_settings.get(key) == wanted:
            return
        downloader.per_slot_settings[key] = (
            wanted  # for the slot to come: idle ones are dropped after a minute
        )
        slot = self._slots.get(key)
        if slot is not None:
            slot.delay, slot.concurrency = delay_s, concurrency
