"""One section page and those behind it: the articles they link to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from scrapy.http import Response

from crawler.listings import MAX_BYTES, ListingPage, read_listing
from crawler.middlewares.failures import Trouble
from crawler.novelty import LISTING, moment_of
from crawler.page import Entry, FailureKind, FeedReport, ListKind
from crawler.source import Listing
from crawler.spiders.lists import Job, ListAsk, Reading, Trip, gave_nothing, read_document, span_of
from crawler.spiders.page import content_type_of, is_text
from crawler.urls import identity

_ACCEPT = "text/html,application/xhtml+xml,*/*;q=0.8"
#: pages of a listing in one visit, whatever the source says
MAX_PAGES = 20


@dataclass(slots=True)
class _Leafing:
    """How far we have leafed: `articles` by identity, in the order found."""

    listing: Listing
    articles: dict[str, Entry] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    problem: str = ""

    def add(self, page: ListingPage) -> list[Entry]:
        """The page's articles that no page before had."""
        fresh = [entry for entry in page.entries if identity(entry.url) not in self.articles]
        self.articles |= {identity(entry.url): entry for entry in fresh}
        return fresh


async def read_section(trip: Trip, listing: Listing) -> Reading:
    """The articles that a listing's pages link to, and its report.

    Further pages are read up to `Listing.pages`, as long as they hold something that the ledger does not know; with
    `Visit.since` up to `MAX_PAGES`, until one holds only older articles. A page that repeats what was seen ends it.

    Raises:
        StoppedError: the crawl is to stop; the listing was not read.
    """
    leafing = _Leafing(listing)
    first: FeedReport | None = None
    url: str | None = listing.url
    while url is not None:
        leafing.asked.append(url)
        report, page = await _page(trip, leafing, url)
        first = first or report
        if page is None:
            leafing.problem = "" if len(leafing.asked) == 1 else f"page {len(leafing.asked)}: {report.detail}"
            break
        if len(leafing.asked) == 1 and not page.entries:
            return Reading(gave_nothing(report, FailureKind.PARSE, page.problem or "no links to articles"))
        fresh = leafing.add(page)
        url = page.more if page.more and await _goes_on(trip, leafing, fresh, page.more) else None
    assert first is not None
    entries = _wanted(trip, leafing)
    told = replace(
        first, entries=len(entries), detail=first.detail or leafing.problem, span_s=span_of(entries)
    )
    return Reading(told, entries, LISTING, requests=len(leafing.asked))


async def _page(trip: Trip, leafing: _Leafing, url: str) -> tuple[FeedReport, ListingPage | None]:
    number = len(leafing.asked)

    def job(response: Response) -> Job[ListingPage] | Trouble:
        label = content_type_of(response)
        if not is_text(label, response.body):
            return Trouble(FailureKind.NOT_TEXT, f"{label or 'unlabelled'}, no web page", response.status)
        return Job(read_listing, (label, leafing.listing, number), MAX_BYTES)

    conditional = number == 1 and trip.visit.since is None
    answer = await read_document(trip, ListAsk(url, ListKind.LISTING, _ACCEPT, conditional), job)
    return answer.report, answer.value


async def _goes_on(trip: Trip, leafing: _Leafing, fresh: list[Entry], more: str) -> bool:
    """Whether the next page is worth asking for."""
    since = trip.visit.since
    limit = MAX_PAGES if since is not None else min(leafing.listing.pages, MAX_PAGES)
    if not fresh or len(leafing.asked) >= limit or more in leafing.asked:
        return False
    if since is None:
        return bool(await trip.tour.intake.unknown(trip.visit.source, fresh))
    moments = [moment for entry in fresh if (moment := moment_of(entry)) is not None]
    return not moments or max(moments) >= since


def _wanted(trip: Trip, leafing: _Leafing) -> tuple[Entry, ...]:
    """The articles found; with `Visit.since` those that are not dated before it."""
    since = trip.visit.since
    found = leafing.articles.values()
    if since is None:
        return tuple(found)
    return tuple(entry for entry in found if (moment_of(entry) or since) >= since)
