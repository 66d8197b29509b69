"""The port through which a crawl hands over what it finds; the pipeline answers it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from crawler.page import Entry, FetchedPage, FetchFailure, RobotsCopy, VisitReport
from crawler.source import Source


class Intake(Protocol):
    """Whoever takes in what a crawl finds; awaited in the crawl's event loop, which it must not block."""

    async def sight(self, source: Source, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Record the entries' URLs as seen; those whose page is to be fetched now, each identity once."""

    async def take_in(self, page: FetchedPage | FetchFailure) -> None:
        """Take one page or failure; record exactly one outcome for its URL."""

    async def remember_robots(self, copy: RobotsCopy) -> None:
        """Keep a robots.txt that was just read."""

    async def close_visit(self, report: VisitReport) -> None:
        """The visit is over: every page it led to has been taken in."""
