"""The port through which a crawl hands over what it finds; the pipeline answers it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from crawler.page import (
    Entry,
    FetchedPage,
    FetchFailure,
    HostMemory,
    RobotsCopy,
    UnchangedPage,
    VisitReport,
)
from crawler.source import Source


class Intake(Protocol):
    """Whoever takes in what a crawl finds; awaited in the crawl's event loop, which it must not block."""

    async def sight(self, source: Source, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Record the entries' URLs as seen; those whose page is to be fetched now, each identity once."""

    async def unknown(
        self, source: Source, entries: Sequence[Entry], *, passed_over: bool = False
    ) -> Sequence[Entry]:
        """Those of the entries never sighted, each identity once; `passed_over`: also those that were passed over."""

    async def pass_over(self, source: Source, entries: Sequence[Entry], why: str) -> None:
        """Record the entries' URLs as seen and not to be fetched, unless they are known."""

    async def take_in(self, page: FetchedPage | UnchangedPage | FetchFailure) -> None:
        """Take one page or failure; record exactly one outcome for its URL."""

    async def remember_robots(self, copy: RobotsCopy) -> None:
        """Keep a robots.txt that was just read."""

    async def remember_hosts(self, hosts: Sequence[HostMemory]) -> None:
        """Keep what is owed to hosts: when they answered last, and until when they wish to be left alone."""

    async def close_visit(self, report: VisitReport) -> None:
        """The visit is over: every page it led to has been taken in."""
