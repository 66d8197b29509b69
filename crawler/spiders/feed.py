"""One feed: asked for conditionally, read in a worker, reported."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy.http import Response

from crawler.entries import ParsedFeed
from crawler.feeds import parse_feed
from crawler.page import Entry, FailureKind, FeedReport, FeedResult, Validators, Visit
from crawler.spiders.failures import Trouble
from crawler.spiders.fetch import Ask, Fetcher
from crawler.spiders.page import content_type_of, header_of
from crawler.spiders.tour import Tour
from crawler.worker import Broken, BrokenWhy

_ACCEPT = "application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,text/xml;q=0.9,*/*;q=0.5"
_PERMANENT = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class FeedReading:
    """What reading a feed gave: its report, and the entries to be sighted."""

    report: FeedReport
    entries: tuple[Entry, ...] = ()


async def read_feed(tour: Tour, fetcher: Fetcher, visit: Visit, url: str) -> FeedReading:
    """The feed's entries and report.

    Raises:
        StoppedError: the crawl is to stop; the feed was not read.
    """
    known = visit.validators.get(url)
    ask = Ask(url, visit.source.manners, tour.settings.feed_max_bytes, _headers(known))
    async with fetcher.fetched(ask) as answer:
        if isinstance(answer, Trouble):
            return _failed(tour, url, answer)
        if answer.status == 304:
            return FeedReading(_unchanged(tour, url, answer, known))
        if answer.status != 200:
            trouble = Trouble(FailureKind.HTTP, f"HTTP {answer.status}", answer.status)
            return _failed(tour, url, trouble, answer)
        if not answer.body.strip():
            return _failed(tour, url, Trouble(FailureKind.EMPTY, "an empty body", 200), answer)
        label, limit_s = content_type_of(answer), tour.settings.parse_timeout_s
        parsed = await tour.workers.run(parse_feed, answer.body, answer.url, label, timeout_s=limit_s)
        if isinstance(parsed, Broken):
            return _failed(tour, url, _trouble_of_parsing(parsed), answer)
        return _read(tour, url, answer, parsed.value)


def moved_to(response: Response) -> str | None:
    """Where the permanent redirects at the beginning of the way led; None when there were none."""
    if response.request is None:
        return None
    meta = response.request.meta
    hops = [*meta.get("redirect_urls", ()), response.url][1:]
    target = None
    for hop, reason in zip(hops, meta.get("redirect_reasons", ()), strict=False):
        if reason not in _PERMANENT:
            break
        target = hop
    return target


def _headers(known: Validators | None) -> dict[str, str]:
    headers = {"Accept": _ACCEPT}
    if known is not None and known.etag:
        headers["If-None-Match"] = known.etag
    if known is not None and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return headers


def _validators(response: Response) -> Validators | None:
    etag, last_modified = header_of(response, "ETag"), header_of(response, "Last-Modified")
    return Validators(etag, last_modified) if etag or last_modified else None


def _unchanged(tour: Tour, url: str, response: Response, known: Validators | None) -> FeedReport:
    return FeedReport(
        url,
        FeedResult.NOT_MODIFIED,
        tour.clock(),
        validators=_validators(response) or known,
        status=304,
        moved_to=moved_to(response),
    )


def _read(tour: Tour, url: str, response: Response, feed: ParsedFeed) -> FeedReading:
    if not feed.entries and not feed.kind:
        trouble = Trouble(FailureKind.PARSE, feed.problem or "not a feed", response.status)
        return _failed(tour, url, trouble, response)
    report = FeedReport(
        url,
        FeedResult.OK,
        tour.clock(),
        entries=len(feed.entries),
        validators=_validators(response),
        detail=feed.problem or "",
        status=response.status,
        moved_to=moved_to(response),
    )
    return FeedReading(report, feed.entries)


def _failed(tour: Tour, url: str, trouble: Trouble, response: Response | None = None) -> FeedReading:
    return FeedReading(
        FeedReport(
            url,
            FeedResult.FAILED,
            tour.clock(),
            why=trouble.why,
            detail=trouble.detail,
            status=trouble.status,
            moved_to=moved_to(response) if response is not None else None,
        )
    )


def _trouble_of_parsing(broken: Broken) -> Trouble:
    why = FailureKind.PARSE if broken.why is BrokenWhy.RAISED else FailureKind.PARSE_KILLED
    return Trouble(why, broken.detail, 200)
