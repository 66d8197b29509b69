"""A crawl round: which sources, with what memory of them, into which intake."""

from __future__ import annotations

import difflib
import logging
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from crawler.crawl import crawl
from crawler.opml import feed_source, read_opml
from crawler.page import Visit
from crawler.source import Listing, Manners, Source
from crawler.urls import is_fetchable
from crawler.worker import Workers
from pipeline.intake import ArticleIntake, prepare_worker
from pipeline.store import Store, VisitMemory
from tipwatch.clock import utc_now
from tipwatch.config import Config
from tipwatch.errors import UsageError
from tipwatch.rounds.tally import CountingIntake, Tally
from tipwatch.sites import source_on_site

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CrawlOrder:
    """What to crawl. Nothing named: every configured source.

    Attributes:
        source_ids: configured sources by id.
        due: only sources whose next visit is due.
        urls: article URLs, one by one.
        feeds, sitemaps, listings: URLs that need not be configured; `opml`: a list of such feeds.
        since: sitemaps and listings are read back to then, aware UTC; None: to what is known.
    """

    source_ids: tuple[str, ...] = ()
    due: bool = False
    urls: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    opml: bytes | None = None
    sitemaps: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    since: datetime | None = None

    @property
    def names_lists(self) -> bool:
        """Whether it names lists by their addresses."""
        return bool(self.feeds or self.opml or self.sitemaps or self.listings)


def crawl_round(config: Config, store: Store, order: CrawlOrder, show: Callable[[Tally], None]) -> Tally:
    """Run one round in this process (once per process: a Twisted reactor does not start twice); return the tally.

    Raises:
        UsageError: the order names something that does not exist.
        CrawlError: the crawl could not be run.
    """
    began = time.monotonic()
    visits = plan(config, store, order)
    tally = Tally.of(visit.source for visit in visits)
    show(tally)
    if visits:
        run(config, store, visits, tally, lambda: show(tally))
    tally.finish(time.monotonic() - began)
    return tally


def run(
    config: Config, store: Store, visits: list[Visit], tally: Tally, on_change: Callable[[], None]
) -> None:
    """Crawl the visits into the store."""
    now = utc_now()
    store.hosts.forget(now)
    settings = replace(config.crawl_settings(), robots=store.robots.known(now), hosts=store.hosts.known(now))
    count = config.crawl.workers or os.cpu_count() or 1
    with Workers(
        count, preload=("pipeline.preload",), setup=prepare_worker, setup_args=(tuple(config.packs),)
    ) as workers:
        intake = ArticleIntake(
            store,
            workers,
            now=utc_now,
            on_outcome=tally.ended,
            page_timeout_s=config.crawl.page_limit_s,
            poll_every_s=config.crawl.poll_every_s,
        )
        try:
            crawl(visits, settings, CountingIntake(intake, tally, on_change), workers)
        finally:
            intake.close()


def default_manners(config: Config) -> Manners:
    """How hosts are treated that no source speaks for."""
    return Manners(delay_s=config.crawl.per_host_delay_s)


def plan(config: Config, store: Store, order: CrawlOrder) -> list[Visit]:
    """The visits to make, each with what is remembered of its source."""
    now = utc_now()
    sources: Sequence[Source] = chosen(config, order)
    if order.due:
        sources = store.sources.due(sources, now, config.crawl.poll_every_s)
    by_hand = bool(order.source_ids) or order.names_lists
    memories = store.sources.visit_memories([source.id for source in sources], now)
    visits = [remembered(memories[source.id], source, by_hand=by_hand) for source in sources]
    if order.since is not None:
        visits = [replace(visit, since=order.since) for visit in visits]
    return [*visits, *page_visits(config, order)]


def remembered(memory: VisitMemory, source: Source, *, by_hand: bool = False) -> Visit:
    """A visit to the source, with what the store remembers of it.

    Feeds that have moved for good are asked where they are now. Lists that are gone for good are left out until they are
    to be tried again, unless they are all there is (then the visit itself is what waits), or a person asks for them.
    """
    feeds = tuple(dict.fromkeys(memory.moved.get(url, url) for url in source.feeds))
    gone = frozenset[str]() if by_hand else memory.gone
    left = replace(
        source,
        feeds=tuple(url for url in feeds if url not in gone),
        sitemaps=tuple(url for url in source.sitemaps if url not in gone),
        listings=tuple(listing for listing in source.listings if listing.url not in gone),
    )
    has_lists = bool(left.feeds or left.sitemaps or left.listings)
    return Visit(
        source=left if has_lists else replace(source, feeds=feeds),
        validators=memory.validators,
        again=memory.again,
        since=memory.since if source.sitemaps or source.listings else None,
        newest=memory.newest,
        read_before=memory.read_before,
    )


def chosen(config: Config, order: CrawlOrder) -> list[Source]:
    """The sources to visit: those named, or all when nothing at all is named."""
    manners = default_manners(config)
    for url in (*order.feeds, *order.urls, *order.sitemaps, *order.listings):
        if not is_fetchable(url):
            raise UsageError(f"{url}: not an http or https URL that can be fetched")
    named = [by_id(config, wanted) for wanted in order.source_ids]
    extra = [configured_feed(config, url) or feed_source(url, None, manners) for url in order.feeds]
    opml = read_opml(order.opml, manners) if order.opml is not None else ()
    listed = [configured_feed(config, source.feeds[0]) or source for source in opml]
    maps = [replace(bare(outlet_of(config, url)), sitemaps=(url,)) for url in order.sitemaps]
    sections = [section_of(config, url) for url in order.listings]
    chosen_sources = [*named, *extra, *listed, *maps, *sections]
    if not chosen_sources and not order.urls:
        return list(config.sources)
    return merged(chosen_sources)


def merged(sources: Iterable[Source]) -> list[Source]:
    """Each source once, with all the lists it was named with."""
    by_name: dict[str, Source] = {}
    for source in sources:
        held = by_name.get(source.id, source)
        by_name[source.id] = replace(
            held,
            feeds=tuple(dict.fromkeys((*held.feeds, *source.feeds))),
            sitemaps=tuple(dict.fromkeys((*held.sitemaps, *source.sitemaps))),
            listings=tuple(dict.fromkeys((*held.listings, *source.listings))),
        )
    return list(by_name.values())


def bare(source: Source) -> Source:
    """The source without its lists."""
    return replace(source, feeds=(), sitemaps=(), listings=())


def section_of(config: Config, url: str) -> Source:
    """The source with this section page alone, as it is configured if it is."""
    known = next(
        (one for source in config.sources for one in source.listings if one.url == url), Listing(url)
    )
    return replace(bare(outlet_of(config, url)), listings=(known,))


def by_id(config: Config, wanted: str) -> Source:
    """The configured source. Raises UsageError with a suggestion."""
    known = {source.id: source for source in config.sources}
    if wanted in known:
        return known[wanted]
    close = difflib.get_close_matches(wanted, known, n=1)
    hint = f"did you mean {close[0]}?" if close else "`tipwatch sources list` names them"
    raise UsageError(f"no source has the id {wanted}: {hint}")


def configured_feed(config: Config, feed_url: str) -> Source | None:
    """The configured source that has this very feed, so that its name and zone are used; None when there is none."""
    for source in config.sources:
        if feed_url in source.feeds:
            return replace(bare(source), feeds=(feed_url,))
    return None


def page_visits(config: Config, order: CrawlOrder) -> list[Visit]:
    """Visits for pages asked for by hand, grouped by the source they belong to."""
    grouped: dict[str, tuple[Source, list[str]]] = {}
    for url in order.urls:
        source = outlet_of(config, url)
        grouped.setdefault(source.id, (source, []))[1].append(url)
    return [Visit(source=bare(source), pages=tuple(urls)) for source, urls in grouped.values()]


def outlet_of(config: Config, url: str) -> Source:
    """The configured source on whose site it lies, else a source named after the host."""
    host = (urlsplit(url).hostname or "page").removeprefix("www.")
    lone = Source(id=host, name=host, manners=default_manners(config))
    return source_on_site(config.sources, url) or lone
