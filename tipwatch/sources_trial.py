"""Lists and pages asked for once and not kept: through the same door, guard and manners as any crawl."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace

from crawler.crawl import crawl
from crawler.page import (
    Entry,
    FeedReport,
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
from crawler.urls import identity
from crawler.worker import Broken, Done, Workers
from tipwatch.config import Config

#: what a worker makes of a page; it and its result cross process borders
ReadPage = Callable[[FetchedPage], object]

#: for reading one page in a worker, seconds
READ_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be asked for, in one visit.

    Attributes:
        source: its lists are read, with its manners; its id names what comes of it.
        pages: URLs fetched beside its lists.
        follow: so many of the articles that its lists name are fetched, too.
    """

    source: Source
    pages: tuple[str, ...] = ()
    follow: int = 0


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page that came: where redirects led, and what the worker made of it (a `Broken` where it broke over it)."""

    url: str
    final_url: str
    content_type: str | None
    size: int
    entry: Entry | None
    read: object


@dataclass(slots=True)
class Came:
    """What came of one wish.

    Attributes:
        lists: reports of the source's lists, with those of the sitemaps that an index names.
        entries: all that its lists named, each URL identity once, as far as they were read.
    """

    lists: tuple[FeedReport, ...] = ()
    entries: dict[str, Entry] = field(default_factory=dict)
    pages: list[PageRead | FetchFailure] = field(default_factory=list)
    followed: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of some wishes, by the ids of their sources; `robots` by origin, `hosts` by name."""

    came: dict[str, Came]
    robots: dict[str, RobotsCopy]
    hosts: dict[str, HostMemory]


def try_out(wishes: Sequence[Wish], config: Config, read: ReadPage, before: Trial | None = None) -> Trial:
    """Ask for all of it once; nothing is kept.

    In a process of its own, because a Twisted reactor runs once per process and one may try several times.

    Args:
        wishes: with sources of different ids.
        config: whose contact, proxy and bounds are used.
        read: what a worker makes of each page.
        before: an earlier trial, whose robots.txt and delays are remembered.

    Raises:
        CrawlError: the crawl itself could not be run.
    """
    settings = replace(  # plain mappings: they travel to the child
        config.crawl_settings(),
        robots=dict(before.robots) if before else {},
        hosts=dict(before.hosts) if before else {},
    )
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as child:
        trial = child.submit(try_here, tuple(wishes), settings, read).result()
    if before is None:
        return trial
    return Trial(trial.came, {**before.robots, **trial.robots}, {**before.hosts, **trial.hosts})


def try_here(wishes: Sequence[Wish], settings: CrawlSettings, read: ReadPage) -> Trial:
    """The trial, in this process: to be called once in its life."""
    with Workers(1, preload=("crawler.feeds",)) as workers:
        basket = Basket({wish.source.id: wish for wish in wishes}, workers, read)
        crawl([Visit(source=wish.source, pages=wish.pages) for wish in wishes], settings, basket, workers)
    return Trial(basket.came, basket.robots, basket.hosts)


class Basket:
    """An intake that takes things in and keeps nothing beyond its own life (a `crawler.intake.Intake`)."""

    def __init__(self, wishes: dict[str, Wish], workers: Workers, read: ReadPage) -> None:
        self._wishes = wishes
        self._workers = workers
        self._read = read
        self.came = {key: Came() for key in wishes}
        self.robots: dict[str, RobotsCopy] = {}
        self.hosts: dict[str, HostMemory] = {}

    async def sight(self, source: Source, entries: Sequence[Entry]) -> Sequence[Entry]:
        """As many as are to be followed."""
        came = self.came[source.id]
        self._note(source, entries)
        wanted = list({identity(entry.url): entry for entry in entries}.values())
        chosen = wanted[: max(0, self._wishes[source.id].follow - came.followed)]
        came.followed += len(chosen)
        return chosen

    async def unknown(
        self, source: Source, entries: Sequence[Entry], *, passed_over: bool = False
    ) -> Sequence[Entry]:
        """Nothing is known."""
        del passed_over
        self._note(source, entries)
        return list({identity(entry.url): entry for entry in reversed(entries)}.values())[::-1]

    async def pass_over(self, source: Source, entries: Sequence[Entry], why: str) -> None:
        """Nothing is remembered."""

    async def take_in(self, page: FetchedPage | UnchangedPage | FetchFailure) -> None:
        """Have it read."""
        if isinstance(page, UnchangedPage):  # nothing was asked conditionally
            return
        self.came[page.source.id].pages.append(
            page if isinstance(page, FetchFailure) else await self._read_page(page)
        )

    async def remember_robots(self, copy: RobotsCopy) -> None:
        """For the next trial."""
        self.robots[copy.origin] = copy

    async def remember_hosts(self, hosts: Sequence[HostMemory]) -> None:
        """For the next trial."""
        self.hosts |= {one.host: one for one in hosts}

    async def close_visit(self, report: VisitReport) -> None:
        """Keep what the lists answered."""
        self.came[report.source.id].lists = report.feeds

    def _note(self, source: Source, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self.came[source.id].entries.setdefault(identity(entry.url), entry)

    async def _read_page(self, page: FetchedPage) -> PageRead:
        ended: Done[object] | Broken = await self._workers.run(self._read, page, timeout_s=READ_TIMEOUT_S)
        made = ended if isinstance(ended, Broken) else ended.value
        return PageRead(page.url, page.final_url, page.content_type, len(page.body), page.entry, made)
