"""The ledger: every URL identity ever seen is one row, and every row ends in exactly one outcome."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from crawler.page import Entry, UnchangedPage, Validators
from pipeline.article import Outcome, OutcomeKind
from pipeline.store.database import Database, reads, writes
from pipeline.store.days import count_day
from pipeline.store.entries import entry_from_json, entry_to_json
from pipeline.store.keys import key_of, page_key
from pipeline.store.records import PageRecord
from pipeline.store.tables import AnyRow, matches, pages

#: waits after the first, second ... fetch that failed in passing; one more failure and it failed for good
TRY_AGAIN_AFTER = (
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
)

#: a known article is looked at again at most so often, not before an hour has passed, and while it is young
MAX_LOOKS = 3
LOOK_AFTER = timedelta(hours=1)
YOUNG_FOR = timedelta(days=7)
_ARTICLES = {OutcomeKind.KEPT.value, OutcomeKind.NO_MATCH.value, OutcomeKind.REVISION.value}

#: keys asked for in one statement
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Read:
    """What came along with a page that was read: its validators, its entry, and the length of the article's text."""

    validators: Validators = field(default_factory=Validators)
    chars: int = 0
    entry: Entry | None = None

    def values(self, now: datetime) -> dict[str, Any]:
        """As kept."""
        now_says = None if self.entry is None else print_of(self.entry)
        return {
            "etag": self.validators.etag,
            "last_modified": self.validators.last_modified,
            "read_at": now,
            **({} if now_says is None else {"entry_print": now_says}),
        }


@dataclass(frozen=True, slots=True)
class Pages:
    """Questions about URLs."""

    database: Database

    @writes
    def sight(
        self, connection: Connection, source_id: str, entries: Sequence[Entry], now: datetime
    ) -> list[Entry]:
        """Record the entries' URLs as seen; those to fetch now, in their order, each URL identity once.

        To fetch are unknown URLs, those still owed whose next try is due, and articles of which the source now says
        something else than before (see `asks_for_a_look`); the latter two say so in `Entry.seen`.
        """
        wanted: dict[bytes, Entry] = {}
        for entry in entries:
            wanted.setdefault(page_key(entry.url), entry)
        known = _known(connection, wanted)
        unknown = [key for key in wanted if key not in known]
        if unknown:
            rows = [_sighting(key, wanted[key], source_id, now) for key in unknown]
            connection.execute(_insert_unless_known(connection), rows)
        elsewhere = [row.id for row in known.values() if row.source_id != source_id]
        if elsewhere:
            connection.execute(_SEEN_ELSEWHERE, [{"page_id": page_id} for page_id in elsewhere])
        looks = _looks(connection, source_id, wanted, known, now)
        return [
            entry if key not in known else replace(entry, seen=looks.get(key, Validators()))
            for key, entry in wanted.items()
            if key not in known or key in looks or _owed(known[key], now)
        ]

    @writes
    def looked(self, connection: Connection, page: UnchangedPage, now: datetime) -> None:
        """A page known was asked for again and is what it was: its outcome stays."""
        told = page.validators or Validators()
        values: dict[str, Any] = {"etag": told.etag, "last_modified": told.last_modified}
        values["entry_print"] = None if page.entry is None else print_of(page.entry)
        kept = {name: value for name, value in values.items() if value is not None}
        connection.execute(update(pages).where(pages.c.key == page_key(page.url)).values(read_at=now, **kept))

    @reads
    def again(self, connection: Connection, source_id: str, now: datetime) -> tuple[Entry, ...]:
        """The entries of a source whose page is still owed and due: interrupted, or failed in passing."""
        return again(connection, source_id, now)

    @writes
    def record(
        self,
        connection: Connection,
        url: str,
        source_id: str,
        outcome: Outcome,
        now: datetime,
        read: Read | None = None,
    ) -> Outcome:
        """Record how the URL's way ended; the outcome as it now stands.

        A failure in passing is tried again later, at growing distances, until it has failed for good. What has
        led to an article keeps that outcome, whatever a later fetch meets.
        """
        return record(connection, url, source_id, outcome, now, read)

    @reads
    def find(self, connection: Connection, url: str) -> PageRecord | None:
        """The ledger's row of a URL, in whatever spelling; None when it was never seen."""
        row = connection.execute(select(pages).where(pages.c.key == page_key(url))).first()
        if row is None:
            return None
        return PageRecord(
            url=row.url,
            source_id=row.source_id,
            outcome=_outcome(connection, row),
            tries=row.tries,
            next_try_at=row.next_try_at,
            first_seen_at=row.first_seen_at,
            decided_at=row.decided_at,
            seen_elsewhere=row.seen_elsewhere,
            entry=None if row.entry is None else entry_from_json(row.entry),
        )

    @reads
    def on_host(
        self, connection: Connection, host: str, source_id: str | None = None, limit: int = 2000
    ) -> list[str]:
        """URLs seen on a host (of a source, where it is known), newest first."""
        query = select(pages.c.url).where(pages.c.url.contains(f"//{host}", autoescape=True))
        if source_id is not None:
            query = query.where(pages.c.source_id == source_id)
        return list(connection.execute(query.order_by(pages.c.id.desc()).limit(limit)).scalars())

    @reads
    def first_sighting(self, connection: Connection, source_id: str) -> datetime | None:
        """When a source's first URL was seen; None when none was."""
        earliest: datetime | None = connection.execute(
            select(func.min(pages.c.first_seen_at)).where(pages.c.source_id == source_id)
        ).scalar()
        return earliest

    @reads
    def counts(self, connection: Connection, since: datetime | None = None) -> dict[OutcomeKind, int]:
        """URLs by outcome; with `since`, those decided (or, while pending, first seen) then or later."""
        query = select(pages.c.outcome, func.count()).group_by(pages.c.outcome)
        if since is not None:
            query = query.where(func.coalesce(pages.c.decided_at, pages.c.first_seen_at) >= since)
        return {OutcomeKind(outcome): count for outcome, count in connection.execute(query)}

    @reads
    def total(self, connection: Connection) -> int:
        """URL identities ever seen."""
        return connection.execute(select(func.count()).select_from(pages)).scalar_one()


def again(connection: Connection, source_id: str, now: datetime) -> tuple[Entry, ...]:
    """See `Pages.again`."""
    query = (
        select(pages.c.url, pages.c.entry)
        .where(pages.c.source_id == source_id)
        .where(or_(pages.c.outcome == OutcomeKind.PENDING.value, pages.c.next_try_at <= now))
        .order_by(pages.c.id)
    )
    rows = connection.execute(query)
    return tuple(Entry(row.url) if row.entry is None else entry_from_json(row.entry) for row in rows)


def record(
    connection: Connection,
    url: str,
    source_id: str,
    outcome: Outcome,
    now: datetime,
    read: Read | None = None,
) -> Outcome:
    """See `Pages.record`."""
    key = page_key(url)
    row = connection.execute(_LOCK_PAGE, {"page_key": key}).first()
    if row is None:
        connection.execute(
            _insert_unless_known(connection), [_sighting(key, Entry(url), source_id, now, by_hand=True)]
        )
        row = connection.execute(_LOCK_PAGE, {"page_key": key}).one()
    if row.article_id is not None and outcome.article_id is None:
        return _outcome(connection, row)
    _count(connection, row, source_id, outcome, now, read)
    tries, next_try_at = row.tries, None
    if outcome.passing:
        tries += 1
        next_try_at = next_try(tries, now)
        outcome = replace(outcome, passing=next_try_at is not None)
    connection.execute(
        _DECIDE,
        {
            "page_id": row.id,
            "outcome": outcome.kind.value,
            "detail": outcome.detail,
            "tries": tries,
            "next_try_at": next_try_at,
            "decided_at": now,
            "article_id": outcome.article_id,
            "entry": row.entry if outcome.passing else None,
            **({} if read is None else read.values(now)),
        },
    )
    return outcome


def _count(
    connection: Connection,
    row: AnyRow,
    source_id: str,
    outcome: Outcome,
    now: datetime,
    read: Read | None,
) -> None:
    """Count what the page gave, once, and once more when it has changed."""
    if outcome.kind is OutcomeKind.ROBOTS:
        count_day(connection, source_id, now, blocked=1)
        return
    is_first = row.article_id is None or outcome.kind is OutcomeKind.REVISION
    if read is not None and outcome.article_id is not None and is_first:
        count_day(connection, source_id, now, pages=1, chars=read.chars)


def next_try(tries: int, now: datetime) -> datetime | None:
    """When to try again after that many failures in passing (>= 1); None when it has failed for good."""
    return now + TRY_AGAIN_AFTER[tries - 1] if tries <= len(TRY_AGAIN_AFTER) else None


_LOCK_PAGE = select(pages).where(pages.c.key == bindparam("page_key")).with_for_update()
_DECIDE = update(pages).where(pages.c.id == bindparam("page_id"))
_SEEN_ELSEWHERE = (
    update(pages).where(pages.c.id == bindparam("page_id")).values(seen_elsewhere=pages.c.seen_elsewhere + 1)
)
_INSERT_SQLITE = sqlite.insert(pages).on_conflict_do_nothing(index_elements=["key"])
_INSERT_POSTGRES = postgresql.insert(pages).on_conflict_do_nothing(index_elements=["key"])


def _insert_unless_known(connection: Connection) -> sqlite.Insert | postgresql.Insert:
    return _INSERT_POSTGRES if connection.dialect.name == "postgresql" else _INSERT_SQLITE


def _sighting(
    key: bytes, entry: Entry, source_id: str, now: datetime, *, by_hand: bool = False
) -> dict[str, Any]:
    return {
        "key": key,
        "url": entry.url,
        "source_id": source_id,
        "entry": None if by_hand else entry_to_json(entry),
        "entry_print": None if by_hand else print_of(entry),
        "outcome": OutcomeKind.PENDING.value,
        "detail": "",
        "tries": 0,
        "first_seen_at": now,
        "seen_elsewhere": 0,
    }


def _known(connection: Connection, keys: Iterable[bytes]) -> dict[bytes, AnyRow]:
    listed = list(keys)
    known: dict[bytes, AnyRow] = {}
    for start in range(0, len(listed), _BATCH):
        rows = connection.execute(select(*_KNOWN).where(pages.c.key.in_(listed[start : start + _BATCH])))
        known |= {row.key: row for row in rows}
    return known


_KNOWN = (
    pages.c.id,
    pages.c.key,
    pages.c.source_id,
    pages.c.outcome,
    pages.c.next_try_at,
    pages.c.first_seen_at,
    pages.c.etag,
    pages.c.last_modified,
    pages.c.entry_print,
    pages.c.read_at,
    pages.c.looks,
)
_LOOK = (
    update(pages)
    .where(pages.c.id == bindparam("page_id"))
    .values(read_at=bindparam("at"), looks=pages.c.looks + 1)
)
_PRINT = update(pages).where(pages.c.id == bindparam("page_id")).values(entry_print=bindparam("print"))


def print_of(entry: Entry) -> bytes | None:
    """A key of what a feed says of an article that tells whether it changed: title and update; None: it says neither."""
    if entry.title is None and entry.updated is None:
        return None
    updated = "" if entry.updated is None else entry.updated.isoformat()
    return key_of(f"{' '.join((entry.title or '').split())}\n{updated}")


def asks_for_a_look(row: AnyRow, entry: Entry, now: datetime) -> bool:
    """Whether a known article is to be read again: its entry changed, or was updated after we read it."""
    if row.outcome not in _ARTICLES or row.looks >= MAX_LOOKS or now - row.first_seen_at > YOUNG_FOR:
        return False
    read_at = row.read_at or row.first_seen_at
    if now - read_at < LOOK_AFTER:
        return False
    now_says = print_of(entry)
    has_changed = None not in {row.entry_print, now_says} and row.entry_print != now_says
    return has_changed or (entry.updated is not None and read_at < entry.updated <= now)


def _looks(
    connection: Connection,
    source_id: str,
    entries: Mapping[bytes, Entry],
    known: Mapping[bytes, AnyRow],
    now: datetime,
) -> dict[bytes, Validators]:
    """The articles that are to be read again, with their validators. Only the source that owns a URL can ask for it."""
    own = {key: row for key, row in known.items() if row.source_id == source_id}
    looks = {key: row for key, row in own.items() if asks_for_a_look(row, entries[key], now)}
    unsaid = [
        {"page_id": row.id, "print": print_of(entries[key])}
        for key, row in own.items()
        if row.entry_print is None and key not in looks and print_of(entries[key]) is not None
    ]
    if unsaid:
        connection.execute(_PRINT, unsaid)
    if looks:
        # what its entry says now is noted when the page has been answered: a kill before that must not hide the change
        connection.execute(_LOOK, [{"page_id": row.id, "at": now} for row in looks.values()])
    return {key: Validators(row.etag, row.last_modified) for key, row in looks.items()}


def _owed(row: AnyRow, now: datetime) -> bool:
    if row.outcome == OutcomeKind.PENDING.value:
        return True
    return row.next_try_at is not None and bool(row.next_try_at <= now)


def _outcome(connection: Connection, row: AnyRow) -> Outcome:
    kind = OutcomeKind(row.outcome)
    topics: tuple[str, ...] = ()
    if kind in {OutcomeKind.KEPT, OutcomeKind.REVISION}:
        query = (
            select(matches.c.topic)
            .where(matches.c.article_id == row.article_id, matches.c.withdrawn_at.is_(None))
            .order_by(matches.c.score.desc())
        )
        topics = tuple(connection.execute(query).scalars())
    return Outcome(kind, row.detail, row.article_id, topics, passing=row.next_try_at is not None)
