"""What a source's lists name and the ledger does not know, or knows only as passed over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Insert, select
from sqlalchemy.dialects import postgresql, sqlite

from crawler.page import Entry
from pipeline.article import OutcomeKind
from pipeline.store.database import Database, reads, writes
from pipeline.store.keys import page_key
from pipeline.store.tables import pages

#: keys asked for in one statement
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """Questions about what sitemaps, section pages and large feeds list."""

    database: Database

    @reads
    def unknown(self, connection: Connection, entries: Sequence[Entry], *, passed_over: bool) -> list[Entry]:
        """The entries never sighted, in their order, each URL identity once; nothing is written.

        With `passed_over` also those that were sighted only to be passed over (`OutcomeKind.TOO_OLD`).
        """
        named = _by_key(entries)
        outcomes = _outcomes(connection, named)
        still_new = {None, OutcomeKind.TOO_OLD.value} if passed_over else {None}
        return [entry for key, entry in named.items() if outcomes.get(key) in still_new]

    @writes
    def pass_over(
        self, connection: Connection, source_id: str, entries: Sequence[Entry], why: str, now: datetime
    ) -> None:
        """Record the entries' URLs as seen with the outcome TOO_OLD, for the reason given; what is known stays as it is."""
        rows = [
            {
                "key": key,
                "url": entry.url,
                "source_id": source_id,
                "entry": None,
                "outcome": OutcomeKind.TOO_OLD.value,
                "detail": why,
                "tries": 0,
                "first_seen_at": now,
                "decided_at": now,
                "seen_elsewhere": 0,
            }
            for key, entry in _by_key(entries).items()
        ]
        if rows:
            connection.execute(_insert(connection), rows)


def _by_key(entries: Iterable[Entry]) -> dict[bytes, Entry]:
    named: dict[bytes, Entry] = {}
    for entry in entries:
        named.setdefault(page_key(entry.url), entry)
    return named


def _outcomes(connection: Connection, keys: Iterable[bytes]) -> dict[bytes, str]:
    listed = list(keys)
    known: dict[bytes, str] = {}
    for start in range(0, len(listed), _BATCH):
        batch = listed[start : start + _BATCH]
        rows = connection.execute(select(pages.c.key, pages.c.outcome).where(pages.c.key.in_(batch)))
        known |= {row.key: row.outcome for row in rows}
    return known


def _insert(connection: Connection) -> Insert:
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return make(pages).on_conflict_do_nothing(index_elements=["key"])
