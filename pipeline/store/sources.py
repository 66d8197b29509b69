"""Sources as we remember them: validators of their feeds, when they were visited, how they do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from crawler.page import FeedReport, FeedResult, Validators, VisitReport
from crawler.source import Source
from pipeline.store.database import Database, reads, writes
from pipeline.store.keys import key_of
from pipeline.store.pages import again
from pipeline.store.records import FeedHealth, SourceHealth, VisitMemory
from pipeline.store.tables import AnyRow, feeds, sources


@dataclass(frozen=True, slots=True)
class Sources:
    """Questions about sources."""

    database: Database

    @reads
    def visit_memory(self, connection: Connection, source_id: str, now: datetime) -> VisitMemory:
        """What the next visit should know."""
        rows = connection.execute(select(feeds).where(feeds.c.source_id == source_id))
        validators = {
            row.url: Validators(row.etag, row.last_modified) for row in rows if row.etag or row.last_modified
        }
        return VisitMemory(MappingProxyType(validators), again(connection, source_id, now))

    @writes
    def close_visit(self, connection: Connection, report: VisitReport, now: datetime) -> None:
        """Remember a visit: validators of the feeds that gave some, and how the source does.

        A feed that gave no validators keeps those we had: at worst it is read once more.
        """
        for feed in report.feeds:
            _remember_feed(connection, report.source.id, feed)
        _remember_source(connection, report, now)

    @reads
    def due(
        self, connection: Connection, wanted: Sequence[Source], now: datetime, every_s: float
    ) -> tuple[Source, ...]:
        """Those to be visited now, the longest waiting first: never visited, or not since `every_s` seconds.

        A source whose feeds fail is visited less often (`SourceHealth.next_due_at`).
        """
        states = {row.id: _health(row, ()) for row in connection.execute(select(sources))}
        due: list[tuple[float, int, Source]] = []
        for place, source in enumerate(wanted):
            at = states[source.id].next_due_at(every_s) if source.id in states else None
            if at is None or at <= now:
                due.append((0.0 if at is None else at.timestamp(), place, source))
        return tuple(source for _, _, source in sorted(due, key=lambda one: one[:2]))

    @reads
    def health(self, connection: Connection) -> dict[str, SourceHealth]:
        """Every source ever visited, by id."""
        listed: dict[str, list[FeedHealth]] = {}
        for row in connection.execute(select(feeds).order_by(feeds.c.url)):
            health = FeedHealth(
                row.url, row.last_result, row.last_result_at, row.entries, row.problem, row.moved_to
            )
            listed.setdefault(row.source_id, []).append(health)
        rows = connection.execute(select(sources).order_by(sources.c.id))
        return {row.id: _health(row, tuple(listed.get(row.id, ()))) for row in rows}


Upsert = Mapping[str, sqlite.Insert | postgresql.Insert]


def _upserts(table: Table, keys: Sequence[str], changes: Callable[[Any], Mapping[str, Any]]) -> Upsert:
    """One statement per engine that inserts a row, or makes `changes` (of the row that was offered) to the one there is."""
    made: dict[str, sqlite.Insert | postgresql.Insert] = {}
    for name, make in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert)):
        statement = make(table)
        made[name] = statement.on_conflict_do_update(
            index_elements=list(keys), set_=changes(statement.excluded)
        )
    return made


def _offered(*names: str) -> Callable[[Any], Mapping[str, Any]]:
    return lambda row: {name: row[name] for name in names}


# prepared once: building them anew for every visit cost more than running them (measured)
_FEED = ("last_result", "last_result_at", "entries", "problem", "moved_to")
_FEED_READ = _upserts(feeds, ("source_id", "key"), _offered(*_FEED, "etag", "last_modified"))
_FEED_ASKED = _upserts(feeds, ("source_id", "key"), _offered(*_FEED))
_SOURCE = ("name", "last_visit_at", "last_problem")
_SOURCE_HEARD = _upserts(sources, ("id",), _offered(*_SOURCE, "failures", "last_success_at"))
_SOURCE_SILENT = _upserts(
    sources,
    ("id",),
    lambda row: {**_offered(*_SOURCE, "last_failure_at")(row), "failures": sources.c.failures + 1},
)


def _remember_feed(connection: Connection, source_id: str, feed: FeedReport) -> None:
    told = feed.validators if feed.result is not FeedResult.FAILED else None
    values = {
        "source_id": source_id,
        "key": key_of(feed.url),
        "url": feed.url,
        "last_result": feed.result.value,
        "last_result_at": feed.at,
        "entries": feed.entries,
        "problem": feed.detail,
        "moved_to": feed.moved_to,
        "etag": told.etag if told else None,
        "last_modified": told.last_modified if told else None,
    }
    statement = _FEED_READ if told else _FEED_ASKED
    connection.execute(statement[connection.dialect.name], values)


def _remember_source(connection: Connection, report: VisitReport, now: datetime) -> None:
    failed = [feed for feed in report.feeds if feed.result is FeedResult.FAILED]
    silent = bool(failed) and len(failed) == len(report.feeds)
    values = {
        "id": report.source.id,
        "name": report.source.name,
        "last_visit_at": now,
        "failures": 1 if silent else 0,
        "last_problem": "; ".join(f"{feed.url}: {feed.detail or feed.why}" for feed in failed)[:1000],
        "last_failure_at" if silent else "last_success_at": now,
    }
    statement = _SOURCE_SILENT if silent else _SOURCE_HEARD
    connection.execute(statement[connection.dialect.name], values)


def _health(row: AnyRow, listed: tuple[FeedHealth, ...]) -> SourceHealth:
    return SourceHealth(
        source_id=row.id,
        name=row.name,
        last_visit_at=row.last_visit_at,
        last_success_at=row.last_success_at,
        last_failure_at=row.last_failure_at,
        failures=row.failures,
        last_problem=row.last_problem,
        feeds=listed,
    )
