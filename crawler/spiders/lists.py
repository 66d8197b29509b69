"""A document that lists articles: asked for conditionally, read in a worker, reported."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from scrapy.http import Response

from crawler.middlewares.failures import Trouble
from crawler.novelty import FEED, Bounds
from crawler.page import Entry, FailureKind, FeedReport, FeedResult, ListKind, Validators, Visit
from crawler.spiders.fetch import Ask, Fetcher
from crawler.spiders.page import header_of
from crawler.spiders.tour import Tour
from crawler.worker import Broken, BrokenWhy

T = TypeVar("T")

_PERMANENT = frozenset({301, 308})
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Trip:
    """What a reader of lists needs to go and ask."""

    tour: Tour
    fetcher: Fetcher
    visit: Visit


@dataclass(frozen=True, slots=True)
class ListAsk:
    """A document to be asked for.

    Attributes:
        conditional: an answer that it is unchanged is enough.
    """

    url: str
    kind: ListKind
    accept: str
    conditional: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a source's feed, sitemap or listing gave.

    Attributes:
        report: of the whole list.
        entries: to be compared with the ledger.
        bounds: how many new pages it may bring.
        parts: reports of the documents it consists of, where they have validators of their own.
        requests: requests made for it.
    """

    report: FeedReport
    entries: tuple[Entry, ...] = ()
    bounds: Bounds = FEED
    parts: tuple[FeedReport, ...] = ()
    requests: int = 1


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """One document: its report, and what it says when it was read (`value` is None otherwise)."""

    report: FeedReport
    value: T | None = None


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """What a worker does with the body: called with the body, the URL where it was found, and `more`.

    Attributes:
        max_bytes: so much of the body is handed over; None: all of it.
    """

    function: Callable[..., T]
    more: tuple[Any, ...] = field(default=())
    max_bytes: int | None = None


async def read_document(trip: Trip, ask: ListAsk, job: Callable[[Response], Job[T] | Trouble]) -> Answer[T]:
    """One document asked for once, and read when it has changed.

    Raises:
        StoppedError: the crawl is to stop; it was not read.
    """
    known = trip.visit.validators.get(ask.url) if ask.conditional else None
    settings = trip.tour.settings
    request = Ask(ask.url, trip.visit.source.manners, settings.feed_max_bytes, _headers(ask.accept, known))
    async with trip.fetcher.fetched(request) as answer:
        if isinstance(answer, Trouble):
            return Answer(failed(trip, ask, answer))
        if answer.status == 304:
            validators = _validators(answer) or known
            return Answer(_report(trip, ask, answer, FeedResult.NOT_MODIFIED, validators))
        work = _trouble_with(answer) or job(answer)
        if isinstance(work, Trouble):
            return Answer(failed(trip, ask, work, answer))
        limit_s = settings.parse_timeout_s
        read = await trip.tour.workers.run(
            work.function, answer.body[: work.max_bytes], answer.url, *work.more, timeout_s=limit_s
        )
        if isinstance(read, Broken):
            return Answer(failed(trip, ask, _trouble_of_parsing(read), answer))
        return Answer(_report(trip, ask, answer, FeedResult.OK, _validators(answer)), read.value)


def failed(trip: Trip, ask: ListAsk, trouble: Trouble, response: Response | None = None) -> FeedReport:
    """The report of a document that gave nothing."""
    return FeedReport(
        ask.url,
        FeedResult.FAILED,
        trip.tour.clock(),
        why=trouble.why,
        detail=trouble.detail,
        status=trouble.status,
        moved_to=moved_to(response) if response is not None else None,
        kind=ask.kind,
    )


def gave_nothing(report: FeedReport, why: FailureKind, detail: str) -> FeedReport:
    """The report turned into a failure: the document came, and was no list of articles."""
    return replace(report, result=FeedResult.FAILED, entries=0, validators=None, why=why, detail=detail)


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


def span_of(entries: tuple[Entry, ...]) -> float | None:
    """Seconds between the oldest and the newest publication; None when fewer than two are dated."""
    dated = [entry.published for entry in entries if entry.published is not None]
    return (max(dated) - min(dated)).total_seconds() if len(dated) > 1 else None


def _trouble_with(response: Response) -> Trouble | None:
    if response.status != 200:
        return Trouble(FailureKind.HTTP, f"HTTP {response.status}", response.status)
    if not response.body.strip():
        return Trouble(FailureKind.EMPTY, "an empty body", 200)
    return None


def _headers(accept: str, known: Validators | None) -> dict[str, str]:
    headers = {"Accept": accept}
    if known is not None and known.etag:
        headers["If-None-Match"] = known.etag
    if known is not None and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return headers


def _validators(response: Response) -> Validators | None:
    etag, last_modified = header_of(response, "ETag"), header_of(response, "Last-Modified")
    return Validators(etag, last_modified) if etag or last_modified else None


def _report(
    trip: Trip, ask: ListAsk, response: Response, result: FeedResult, validators: Validators | None
) -> FeedReport:
    max_age = _MAX_AGE.search(header_of(response, "Cache-Control") or "")
    return FeedReport(
        ask.url,
        result,
        trip.tour.clock(),
        validators=validators,
        status=response.status,
        moved_to=moved_to(response),
        kind=ask.kind,
        wish_s=float(max_age[1]) if max_age else None,
    )


def _trouble_of_parsing(broken: Broken) -> Trouble:
    why = FailureKind.PARSE if broken.why is BrokenWhy.RAISED else FailureKind.PARSE_KILLED
    return Trouble(why, broken.detail, 200)
