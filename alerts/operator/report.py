"""How the machine fares, as values, and which of it needs a person: pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

#: the id under which the operator's windows are kept; no subscription may bear it
OPERATOR = "operator"

#: a source that has not answered for so long needs a look; a shorter silence passes mostly by itself
SILENT_AFTER = timedelta(hours=24)
#: a mail that has waited for so long needs a look: most servers that greylist take it within the hour
WAITING_LONG = timedelta(hours=4)
#: bytes free below which the disk needs a look: a crawl stops at 200 MB
LITTLE_DISK = 1_000_000_000


class NeedKind(StrEnum):
    """What a person is needed for: a closed set, the gravest first."""

    EXCEPTIONS = "exceptions"  # the ledger of deliveries found what must never be
    FAILED = "failed"  # mails refused for good
    UNKNOWN = "unknown"  # mails that may or may not have arrived
    WAITING = "waiting"  # mails that wait for long
    OVERDUE = "overdue"  # windows that are over and have no digest
    MAILBOXES = "mailboxes"  # to which nothing is sent any more
    NO_CRAWL = "no_crawl"  # no source was read at all
    SILENT = "silent"  # sources that do not answer
    MOVED = "moved"  # feeds that say they live elsewhere
    DISK = "disk"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that needs a person; `count`: of what the kind counts."""

    kind: NeedKind
    count: int


@dataclass(frozen=True, slots=True)
class SubscriptionCount:
    """What became of the articles of one subscription, of the days that are proven every night.

    Attributes:
        overdue_since: since when its open window is over; None: it is not.
    """

    id: str
    articles: int
    delivered: int
    folded: int
    suppressed: int
    pending: int
    failed: int
    unknown: int
    exceptions: int
    overdue_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExceptionNote:
    """One finding of the ledger: `what` it is, `where`, why it is wrong and what to do."""

    what: str
    where: str
    why: str
    to_do: str


@dataclass(frozen=True, slots=True)
class DeliveryNote:
    """A mail that is not through; `state`: ``failed``, ``unknown`` or ``waiting``; `since`: it was built."""

    state: str
    recipient: str
    digest_id: str
    error: str
    since: datetime
    next_try_at: datetime | None


@dataclass(frozen=True, slots=True)
class SourceNote:
    """A source with which something is the matter.

    Attributes:
        reason: one line; of a feed that moved: where to.
        last_success_at: None: never.
        partly: some of its feeds answered.
    """

    name: str
    reason: str
    last_success_at: datetime | None = None
    partly: bool = False


@dataclass(frozen=True, slots=True)
class DayOfWork:
    """Pages read, articles kept of them, and articles found to be on a topic, on a day of the reader's zone."""

    day: date
    read: int
    kept: int
    matched: int


@dataclass(frozen=True, slots=True)
class OperatorReport:
    """How the machine fares.

    Attributes:
        window_start, window_end: what it answers for, aware UTC.
        proven_days: so far back the ledger was checked.
        exceptions: of the ledger, some of them; `exceptions_found`: all.
        deliveries: that are not through, the gravest first.
        mailboxes: to which nothing is sent since the window began, one line each.
        sources, visited: configured, and of these ever visited.
        silent: sources of whose feeds some or all failed at their last visit.
        moved: feeds that say they live elsewhere.
        pages_failed: reasons with their counts, most first.
        days: oldest first.
        last_success_at: when any source was read last; None: never.
        disk_free_bytes: where the database is; None: not known.
    """

    window_start: datetime
    window_end: datetime
    timezone: str
    language: str = "en"
    version: str = ""
    rules_version: str = ""
    proven_days: int = 35
    subscriptions: tuple[SubscriptionCount, ...] = ()
    exceptions: tuple[ExceptionNote, ...] = ()
    exceptions_found: int = 0
    deliveries: tuple[DeliveryNote, ...] = ()
    mailboxes: tuple[str, ...] = ()
    sources: int = 0
    visited: int = 0
    silent: tuple[SourceNote, ...] = ()
    moved: tuple[SourceNote, ...] = ()
    pages_failed: tuple[tuple[str, int], ...] = ()
    days: tuple[DayOfWork, ...] = ()
    last_success_at: datetime | None = None
    database_bytes: int = 0
    disk_free_bytes: int | None = None

    @property
    def needs(self) -> tuple[Need, ...]:
        """What needs a person, the gravest first; empty: all is well."""
        return tuple(need for need in self._counted() if need.count)

    def _counted(self) -> Iterator[Need]:
        yield Need(NeedKind.EXCEPTIONS, self.exceptions_found)
        for kind in (NeedKind.FAILED, NeedKind.UNKNOWN, NeedKind.WAITING):
            yield Need(kind, sum(one.state == kind.value for one in self.deliveries))
        yield Need(NeedKind.OVERDUE, sum(one.overdue_since is not None for one in self.subscriptions))
        yield Need(NeedKind.MAILBOXES, len(self.mailboxes))
        yield Need(NeedKind.NO_CRAWL, int(self.sources > 0 and self._long_ago(self.last_success_at)))
        silent = [one for one in self.silent if not one.partly]
        yield Need(NeedKind.SILENT, sum(self._long_ago(one.last_success_at) for one in silent))
        yield Need(NeedKind.MOVED, len(self.moved))
        yield Need(NeedKind.DISK, int((self.disk_free_bytes or LITTLE_DISK) < LITTLE_DISK))

    def _long_ago(self, at: datetime | None) -> bool:
        return at is None or self.window_end - at >= SILENT_AFTER
