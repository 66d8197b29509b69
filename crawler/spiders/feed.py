"""One feed: asked for conditionally, read in a worker, reported."""

from __future__ import annotations

from dataclasses import replace

from scrapy.http import Response

from crawler.entries import ParsedFeed
from crawler.feeds import parse_feed
from crawler.novelty import FEED
from crawler.page import FailureKind, FeedReport, ListKind
from crawler.spiders.lists import Job, ListAsk, Reading, Trip, gave_nothing, read_document, span_of
from crawler.spiders.page import content_type_of

_ACCEPT = "application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,text/xml;q=0.9,*/*;q=0.5"


async def read_feed(trip: Trip, url: str) -> Reading:
    """The feed's entries and report.

    Raises:
        StoppedError: the crawl is to stop; the feed was not read.
    """
    answer = await read_document(trip, ListAsk(url, ListKind.FEED, _ACCEPT), _job)
    if answer.value is None:
        return Reading(answer.report)
    return _read(answer.report, answer.value)


def _job(response: Response) -> Job[ParsedFeed]:
    return Job(parse_feed, (content_type_of(response),))


def _read(report: FeedReport, feed: ParsedFeed) -> Reading:
    if feed.entries:
        wishes = [wish for wish in (report.wish_s, feed.wish_s) if wish is not None]
        told = replace(
            report,
            entries=len(feed.entries),
            detail=feed.problem or "",
            span_s=span_of(feed.entries),
            wish_s=max(wishes, default=None),
        )
        return Reading(told, feed.entries, FEED)
    if feed.kind:  # an outlet whose feed lists nothing is not read, whatever the status says
        nothing = (
            f"a feed without entries that link anywhere ({feed.problem})"
            if feed.problem
            else "a feed without entries"
        )
        return Reading(gave_nothing(report, FailureKind.EMPTY, nothing))
    return Reading(gave_nothing(report, FailureKind.PARSE, feed.problem or "not a feed"))
