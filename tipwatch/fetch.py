"""One page asked for by hand, through the same door, guard and manners as any crawl; nothing is kept."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from urllib.parse import urlsplit

from crawler.crawl import crawl
from crawler.errors import CrawlError
from crawler.page import (
    Entry,
    FetchedPage,
    FetchFailure,
    HostMemory,
    RobotsCopy,
    UnchangedPage,
    Visit,
    VisitReport,
)
from crawler.settings import CrawlSettings
from crawler.source import Source
from crawler.worker import Workers
from tipwatch.config import Config
from tipwatch.sites import source_on_site


def fetch_one(url: str, config: Config) -> FetchedPage | FetchFailure:
    """The page at `url`, or why there is none.

    In a process of its own, because a Twisted reactor runs once per process and one may ask for several pages.

    Raises:
        CrawlError: the crawl itself could not be run.
    """
    host = urlsplit(url).hostname or "page"
    source = source_on_site(config.sources, url) or Source(id=host, name=host)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as child:
        settings = replace(
            config.crawl_settings(), robots={}, hosts={}
        )  # plain mappings: they travel to the child
        return child.submit(fetch_here, url, source, settings).result()


def fetch_here(url: str, source: Source, settings: CrawlSettings) -> FetchedPage | FetchFailure:
    """The page, fetched in this process: to be called once in its life."""
    basket = Basket()
    lone = Source(
        id=source.id,
        name=source.name,
        country=source.country,
        languages=source.languages,
        timezone=source.timezone,
        manners=source.manners,
    )
    with Workers(1) as workers:
        crawl([Visit(source=lone, pages=(url,))], settings, basket, workers)
    if basket.got is None:
        raise CrawlError(f"{url}: the crawl ended without an answer")
    return basket.got


class Basket:
    """An intake that keeps the one page it is given (a `crawler.intake.Intake`)."""

    def __init__(self) -> None:
        self.got: FetchedPage | FetchFailure | None = None

    async def sight(self, source: Source, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Whatever is listed is wanted."""
        del source
        return entries

    async def unknown(
        self, source: Source, entries: Sequence[Entry], *, passed_over: bool = False
    ) -> Sequence[Entry]:
        """Nothing is known."""
        del source, passed_over
        return entries

    async def pass_over(self, source: Source, entries: Sequence[Entry], why: str) -> None:
        """Nothing is remembered."""

    async def take_in(self, page: FetchedPage | UnchangedPage | FetchFailure) -> None:
        """Keep it."""
        if not isinstance(page, UnchangedPage):  # nothing was asked conditionally
            self.got = page

    async def remember_robots(self, copy: RobotsCopy) -> None:
        """Nothing is remembered."""

    async def remember_hosts(self, hosts: Sequence[HostMemory]) -> None:
        """Nothing is remembered."""

    async def close_visit(self, report: VisitReport) -> None:
        """Nothing is remembered."""
