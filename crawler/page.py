"""What flows out of a crawl: feed entries, pages, failures as values, and one report per visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from crawler.source import Source


@dataclass(frozen=True, slots=True)
class Validators:
    """What makes the next fetch of a URL conditional (RFC 9110, 8.8); None where the host gave none."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed says about one article, before the article itself is read.

    Attributes:
        url: URL of the article, absolute, as the feed gives it. It may be of any scheme: what cannot be asked for
            ends as a `FetchFailure` of kind URL.
        title: plain text; None when the feed gives none.
        published: aware UTC; None when missing, unreadable or without a zone (then see `published_raw`).
        published_raw: the date as printed; None when missing.
        summary: plain text, at most 2,000 characters; None when missing.
        author: as printed; None when missing.
        guid: the feed's own identity of the entry; None when missing.
        language: declared by entry or feed; None when missing.
        updated: when the publisher changed it last, aware UTC; None when not said.
        seen: set by the intake where the URL was known before: what makes another look at its page conditional, empty
            when nothing does; None for a URL never seen.
    """

    url: str
    title: str | None = None
    published: datetime | None = None
    published_raw: str | None = None
    summary: str | None = None
    author: str | None = None
    guid: str | None = None
    language: str | None = None
    updated: datetime | None = None
    seen: Validators | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class RobotsCopy:
    """A host's robots.txt as last read.

    Attributes:
        origin: ``scheme://host[:port]``.
        status: HTTP status; 0 when the host could not be reached.
        text: what was read (at most 500 KiB); empty when there was nothing.
        fetched_at: aware UTC.
        failing_since: first of the tries in a row that could not read it, aware UTC; None: it was read.
        last_good: what it said before; empty when it allowed everything, None when it was never read.
    """

    origin: str
    status: int
    text: str
    fetched_at: datetime
    failing_since: datetime | None = None
    last_good: str | None = None


@dataclass(frozen=True, slots=True)
class HostMemory:
    """What we owe a host, kept from crawl to crawl.

    Attributes:
        asked_at: when it answered us last, aware UTC: the next request waits for the rest of its delay; None: not known.
        busy_until: it asked to be left alone until then (RFC 9110, 10.2.3), aware UTC; None: it did not.
        why: in words for people; empty when it is not busy.
    """

    host: str
    asked_at: datetime | None = None
    busy_until: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """A source with what we remember of it, ready to be crawled.

    Attributes:
        validators: per feed, sitemap and listing URL, and per article page in `again` (the page's own).
        again: entries whose page is still owed (interrupted, or failed in passing): fetched even when the
            feed is unchanged.
        pages: single article URLs asked for by hand.
        since: how far back sitemaps and listings are read, aware UTC; None: to what we know already.
        newest: latest publication that we know of the source, aware UTC; None: none.
        read_before: feeds that gave entries before: one that now shares none with what we know has lost some.
    """

    source: Source
    validators: Mapping[str, Validators] = field(default_factory=lambda: MappingProxyType({}))
    again: tuple[Entry, ...] = ()
    pages: tuple[str, ...] = ()
    since: datetime | None = None
    newest: datetime | None = None
    read_before: frozenset[str] = frozenset()


class FailureKind(StrEnum):
    """Why a fetch gave no page: a closed set."""

    ROBOTS = "robots"
    ADDRESS = "address"  # not an address we may connect to (F03)
    URL = "url"  # not an http(s) URL we can ask for
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    HTTP = "http"  # an error status
    BUSY = "busy"  # 429 or 503: asked to come back later
    REDIRECT = "redirect"  # too many, or to a place we may not follow
    TOO_LARGE = "too_large"
    TRUNCATED = "truncated"
    EMPTY = "empty"
    NOT_TEXT = "not_text"  # a PDF, a film, an image
    PARSE = "parse"  # a feed that even a lenient parser cannot read
    PARSE_KILLED = "parse_killed"  # a document that a worker had to be killed over
    INTERNAL = "internal"


#: failures worth another try in a later round
PASSING = frozenset(
    {
        FailureKind.DNS,
        FailureKind.CONNECT,
        FailureKind.TIMEOUT,
        FailureKind.BUSY,
        FailureKind.TRUNCATED,
        FailureKind.INTERNAL,
    }
)


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """An article page as the host sent it (decompressed), status 200.

    Attributes:
        url: what we asked for; `final_url` where redirects led.
        content_type: the header's value; None when missing.
        body: at most `CrawlSettings.max_body_bytes`.
        entry: what the feed said about it; None for a URL asked for by hand.
        fetched_at: aware UTC.
        validators: its own; None when the host gave none.
    """

    source: Source
    url: str
    final_url: str
    body: bytes
    content_type: str | None
    fetched_at: datetime
    entry: Entry | None = None
    validators: Validators | None = None


@dataclass(frozen=True, slots=True)
class UnchangedPage:
    """A page read before that is still what it was (status 304)."""

    source: Source
    url: str
    at: datetime
    entry: Entry | None = None
    validators: Validators | None = None


@dataclass(frozen=True, slots=True)
class FetchFailure:
    """An article URL that gave no page, and why.

    Attributes:
        detail: one line for people, e.g. ``HTTP 404`` or ``no answer within 30 s``.
        status: HTTP status; None when there was no answer.
    """

    source: Source
    url: str
    why: FailureKind
    detail: str
    at: datetime
    status: int | None = None
    entry: Entry | None = None

    @property
    def passing(self) -> bool:
        """Whether a later round should try again."""
        # ROBOTS with an error of the server's: the rules could not be read this time (RFC 9309, 2.3.1.4)
        has_server_failed = self.why in {FailureKind.HTTP, FailureKind.ROBOTS} and (self.status or 0) >= 500
        return self.why in PASSING or has_server_failed


class FeedResult(StrEnum):
    """How the fetch of a feed ended."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    FAILED = "failed"


class ListKind(StrEnum):
    """What kind of document lists a source's articles."""

    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"


@dataclass(frozen=True, slots=True)
class FeedReport:
    """One feed, once.

    Attributes:
        validators: to be remembered for the next visit; None when the feed failed or gave none.
        entries: entries with a usable URL; 0 when not modified.
        why, detail: set when `result` is FAILED (or, with OK, what was wrong but survivable: `why` None).
        moved_to: target of a permanent redirect; None otherwise.
        kind: what it is.
        new: entries not known before; None when nobody counted.
        gap: it was read before, and shares no entry with what was known: items were probably lost in between.
        span_s: seconds between the publication of its oldest and its newest entry; None when fewer than two are dated.
        wish_s: seconds for which it asks not to be read again (ttl, sy:updatePeriod, Cache-Control); None: nothing asked.
    """

    url: str
    result: FeedResult
    at: datetime
    entries: int = 0
    validators: Validators | None = None
    why: FailureKind | None = None
    detail: str = ""
    status: int | None = None
    moved_to: str | None = None
    kind: ListKind = ListKind.FEED
    new: int | None = None
    gap: bool = False
    span_s: float | None = None
    wish_s: float | None = None


@dataclass(frozen=True, slots=True)
class VisitReport:
    """What a visit found: given once per visit, after its last page.

    Attributes:
        requests: requests asked for on its behalf, redirects and robots.txt not counted.
        cut_short: the crawl was stopped before the visit was through; then no feed hands over validators.
    """

    source: Source
    started_at: datetime
    finished_at: datetime
    feeds: tuple[FeedReport, ...] = ()
    requests: int = 0
    cut_short: bool = False
