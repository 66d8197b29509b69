"""A site's address -> a source: what it offers is judged, sorted, and made into an entry of the configuration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.page import ListKind
from crawler.source import Listing, Source
from crawler.urls import host_of
from crawler.worker import Done, Workers
from tipwatch.config import Config
from tipwatch.rounds.crawling import default_manners
from tipwatch.sites import source_on_site
from tipwatch.sources_gist import languages_of
from tipwatch.sources_identity import country_of, id_of
from tipwatch.sources_reading import Kind
from tipwatch.sources_search import Candidate, Search

#: a list that names nothing newer is not worth reading
STALE = timedelta(days=60)
#: article links that make a page a list of articles
MIN_LISTED = 5
#: lists of one kind that are proposed; more are named, and commented out
PROPOSED = 5
#: for telling the languages of all lists, with the time it takes to load the model
LANGUAGE_TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class Judged:
    """A list that could be read. `reason`: why it is not proposed; empty when it is."""

    candidate: Candidate
    reason: str = ""

    @property
    def url(self) -> str:
        """Its address, after redirects."""
        return self.candidate.url


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found of a site.

    Attributes:
        home: where the address led; empty when it could not be read.
        source: ready to be watched; None when nothing was found.
        lists: all lists that could be read: those proposed first, best first.
        tried: what was asked for and gave nothing, in words.
        offsets: zones that its dates carry, most frequent first.
        is_old: nothing that is proposed is newer than `STALE`.
        known_as: id of the configured source that is on this site already; None: none is.
    """

    url: str
    at: datetime
    home: str
    source: Source | None
    lists: tuple[Judged, ...] = ()
    tried: tuple[str, ...] = ()
    offsets: tuple[str, ...] = ()
    is_old: bool = False
    known_as: str | None = None


def discover(url: str, config: Config, now: datetime) -> Discovery:
    """Look at the site; nothing is kept.

    Raises:
        CrawlError: the crawl itself could not be run.
    """
    known = source_on_site(config.sources, url)
    manners = known.manners if known else default_manners(config)
    search = Search(config, manners, now)
    search.run(url)
    lists = judged(search.found, now)
    return Discovery(
        url=url,
        at=now,
        home=search.home,
        source=proposal(search, lists, {source.id for source in config.sources}),
        lists=lists,
        tried=tuple(search.tried),
        offsets=offsets_of(lists),
        is_old=are_old(lists, now),
        known_as=known.id if known else None,
    )


def proposal(search: Search, lists: Sequence[Judged], taken: set[str]) -> Source | None:
    """The source with its proposed lists; None when none is."""
    chosen = [one.candidate for one in lists if not one.reason]
    if not chosen:
        return None
    site = search.site
    return Source(
        id=id_of(search.home, taken),
        name=site.name or host_of(search.home).removeprefix("www."),
        feeds=tuple(one.url for one in chosen if one.kind is ListKind.FEED),
        country=country_of(search.home),
        languages=languages_told(chosen, search.declared),
        manners=search.manners,
        sitemaps=tuple(one.url for one in chosen if one.kind is ListKind.SITEMAP),
        listings=tuple(Listing(one.url) for one in chosen if one.kind is ListKind.LISTING),
    )


def languages_told(chosen: Sequence[Candidate], declared: str | None) -> tuple[str, ...]:
    """The languages of the lists' titles, most frequent first; what the site declares where they do not tell."""
    asked = tuple((one.document.titles, one.document.declared or declared) for one in chosen)
    with Workers(1) as workers:
        ended = workers.submit(languages_of, asked, timeout_s=LANGUAGE_TIMEOUT_S).result()
    told = ended.value if isinstance(ended, Done) else ()
    return tuple(code for code, _ in Counter(code for code in told if code).most_common(3))


def are_old(lists: Sequence[Judged], now: datetime) -> bool:
    """Whether there are proposed lists, dated, and none of them has anything new."""
    newest = [one.candidate.document.newest for one in lists if not one.reason]
    return any(newest) and all(moment is not None and now - moment > STALE for moment in newest)


def offsets_of(lists: Sequence[Judged]) -> tuple[str, ...]:
    """The zones that the proposed lists' dates carry."""
    return tuple(
        dict.fromkeys(offset for one in lists if not one.reason for offset in one.candidate.document.offsets)
    )[:3]


def judged(found: Sequence[Candidate], now: datetime) -> tuple[Judged, ...]:
    """All lists, those to be proposed first. Old ones only where there is nothing newer: some outlets say little."""
    fresh = judged_by(found, now, STALE)
    return fresh if any(not one.reason for one in fresh) else judged_by(found, now, timedelta.max)


def judged_by(found: Sequence[Candidate], now: datetime, stale: timedelta) -> tuple[Judged, ...]:
    """Feeds, news sitemaps, and where there is neither, what else lists articles; none with nothing new for so long."""
    sorted_lists = sorted(found, key=lambda one: rank(one, now))
    feeds = [one for one in sorted_lists if one.kind is ListKind.FEED]
    sitemaps = [one for one in sorted_lists if one.kind is ListKind.SITEMAP]
    listings = [one for one in sorted_lists if one.kind is ListKind.LISTING]
    of_feeds = list(chosen_feeds(feeds, now, stale))
    has_feed = any(not one.reason for one in of_feeds)
    of_sitemaps = list(chosen_sitemaps(sitemaps, now, stale, has_feed=has_feed))
    has_list = has_feed or any(not one.reason for one in of_sitemaps)
    everything = [*of_feeds, *of_sitemaps, *chosen_listings(listings, has_list=has_list)]
    return tuple(sorted(everything, key=lambda one: bool(one.reason)))


def rank(one: Candidate, now: datetime) -> tuple[float, ...]:
    """Sort key: fresh ones first, then those with more articles; undated ones behind dated ones."""
    newest = one.document.newest
    age_days = (now - newest) / timedelta(days=1) if newest else 30.0
    return (float(max(0, age_days) > 2), float(one.document.is_of_comments), -one.document.count)


def chosen_feeds(feeds: Sequence[Candidate], now: datetime, stale: timedelta) -> Iterator[Judged]:
    """Each feed with the reason against it, if there is one."""
    seen: list[frozenset[str]] = []
    for one in feeds:
        reason = against(one, now, stale)
        if not reason and any(one.document.keys <= keys for keys in seen):
            reason = "another one lists all of it"
        if not reason and len(seen) >= PROPOSED:
            reason = "one feed more"
        if not reason:
            seen.append(one.document.keys)
        yield Judged(one, reason)


def chosen_sitemaps(
    sitemaps: Sequence[Candidate], now: datetime, stale: timedelta, *, has_feed: bool
) -> Iterator[Judged]:
    """News sitemaps always; others only where there is no feed."""
    count = 0
    for one in sitemaps:
        reason = against(one, now, stale) if one.document.kind is not Kind.INDEX else ""
        if not reason and has_feed and not one.document.is_news:
            reason = "a sitemap of everything: the feeds are enough"
        if not reason and count >= 2:
            reason = "one sitemap more"
        count += not reason
        yield Judged(one, reason)


def chosen_listings(listings: Sequence[Candidate], *, has_list: bool) -> Iterator[Judged]:
    """Section pages, where nothing better is found: the one with most articles."""
    is_taken = has_list
    for one in sorted(listings, key=lambda one: -one.document.count):
        reason = ""
        if one.document.count < MIN_LISTED:
            reason = f"links to {one.document.count} articles only"
        elif has_list:
            reason = "not needed: what is above lists articles with their dates"
        elif is_taken:
            reason = "one section more"
        is_taken = is_taken or not reason
        yield Judged(one, reason)


def against(one: Candidate, now: datetime, stale: timedelta) -> str:
    """What speaks against any list; empty when nothing does."""
    document = one.document
    if document.is_of_comments:
        return "readers' comments"
    if not document.count:
        return "empty" + (f": {document.problem}" if document.problem else "")
    if document.newest is not None and now - document.newest > stale:
        return "nothing new for a long time"
    return "links to other sites" if document.own < 0.5 else ""
