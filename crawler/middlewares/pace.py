"""Scrapy's own slots, kept to the pace of each host: a retry waits there, within the turn of its request."""

from __future__ import annotations

import time
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.pace import Pace
from crawler.source import Manners
from crawler.urls import host_of


class PaceMiddleware:
    """Puts each request into the slot of its own host."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Set the slot, and bring it to the host's pace."""
        if request.meta.get("is_self_test"):
            return
        host = host_of(request.url)
        pace = self._pace.agree(host, request.meta.get("manners") or Manners())
        request.meta["download_slot"] = host
        self._set_slot(host, pace.gap_s, pace.per_host)

    def process_response(self, request: Request, response: Response) -> Response:
        """The response; a retry counts its delay from here."""
        slot = self._slots.get(request.meta.get("download_slot"))
        if slot is not None:
            slot.lastseen = time.monotonic()
        return response

    @property
    def _pace(self) -> Pace:
        pace: Pace = self._crawler.spider.tour.pace  # type: ignore[union-attr]  # ours is the only spider there is
        return pace

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
