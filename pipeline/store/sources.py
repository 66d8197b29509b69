"""Sources as we remember them: what their next visit should know, when it is due, how they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import Connection, select

from crawler.page import Entry, ListKind, Validators, VisitReport
from crawler.rhythm import bounds_of, gone_until
from crawler.source import Source
from pipeline.article import OutcomeKind
from pipeline.store.database import Database, reads, writes
from pipeline.store.pages import again
from pipeline.store.records import FeedHealth, SourceHealth, VisitMemory
from pipeline.store.tables import AnyRow, feeds, pages, sources
from pipeline.store.visited import close_visit

#: days on which a feed must say that it has moved for good before it is asked at its new address
MOVED_DAYS = 3
#: failures in a row after which the new address is not believed any more
_NEW_ADDRESS_FAILURES = 3
#: sources asked for in one statement
_BATCH = 500
#: a visit that lies further in the future was remembered by a clock that has been set back since
_CLOCK_SLACK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Sources:
    """Questions about sources."""

    database: Database

    @reads
    def visit_memory(self, connection: Connection, source_id: str, now: datetime) -> VisitMemory:
        """What the next visit should know."""
        return _memories(connection, (source_id,), now)[source_id]

    @reads
    def visit_memories(
        self, connection: Connection, source_ids: Sequence[str], now: datetime
    ) -> dict[str, VisitMemory]:
        """The same of many sources, by id: asked one by one, thousands of them take seconds."""
        found: dict[str, VisitMemory] = {}
        for start in range(0, len(source_ids), _BATCH):
            found |= _memories(connection, source_ids[start : start + _BATCH], now)
        return found

    @writes
    def close_visit(
        self, connection: Connection, report: VisitReport, now: datetime, every_s: float = 1800.0
    ) -> None:
        """Remember a visit: validators of the feeds that gave some, how the source does, and when it is due next.

        A feed that gave no validators keeps those we had: at worst it is read once more. The report has at least one
        feed; `every_s` are the seconds between two visits as configured (see `crawler.rhythm.bounds_of`).
        """
        close_visit(connection, report, now, every_s)

    @reads
    def due(
        self, connection: Connection, wanted: Sequence[Source], now: datetime, every_s: float
    ) -> tuple[Source, ...]:
        """Those to be visited now, the longest waiting first: never visited, or due by their own rhythm.

        `every_s` as in `close_visit`: what it allows now counts, also when it allowed more at the last visit.
        """
        states = {row.id: row for row in connection.execute(select(sources))}
        due: list[tuple[float, int, Source]] = []
        for place, source in enumerate(wanted):
            row = states.get(source.id)
            at = None if row is None else _due_at(row, source, every_s)
            if at is None or at <= now or (row is not None and row.last_visit_at > now + _CLOCK_SLACK):
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


def _memories(connection: Connection, ids: Sequence[str], now: datetime) -> dict[str, VisitMemory]:
    lists: dict[str, list[AnyRow]] = {source_id: [] for source_id in ids}
    for row in connection.execute(select(feeds).where(feeds.c.source_id.in_(ids))):
        lists.setdefault(row.source_id, []).append(row)  # kept ids are clean text
    states = {row.id: row for row in connection.execute(select(sources).where(sources.c.id.in_(ids)))}
    owing = _owing(connection, ids, now)
    return {
        source_id: _memory(
            rows, states.get(source_id), again(connection, source_id, now) if source_id in owing else (), now
        )
        for source_id, rows in lists.items()
    }


def _memory(
    rows: Sequence[AnyRow], source: AnyRow | None, owed: tuple[Entry, ...], now: datetime
) -> VisitMemory:
    since = source.gap_since if source is not None else None
    validators = {
        row.url: Validators(row.etag, row.last_modified)
        for row in rows
        # after a gap the lists that may fill it are read even when they are unchanged
        if (row.etag or row.last_modified) and (since is None or row.kind == ListKind.FEED.value)
    }
    return VisitMemory(
        validators=MappingProxyType(validators),
        again=owed,
        since=since,
        newest=source.last_new_at if source is not None else None,
        read_before=frozenset(row.url for row in rows if row.entries),
        moved=MappingProxyType(_moved(rows)),
        gone=frozenset(
            row.url for row in rows if row.gone_at and now < gone_until(row.gone_at, row.last_result_at)
        ),
    )


def _owing(connection: Connection, ids: Sequence[str], now: datetime) -> frozenset[str]:
    """Those of the sources of which `pages.again` gives any entry."""
    whose = select(pages.c.source_id).distinct().where(pages.c.source_id.in_(ids))
    # two questions, each answered by an index of its own
    owed = (pages.c.outcome == OutcomeKind.PENDING.value, pages.c.next_try_at <= now)
    return frozenset(one for why in owed for one in connection.execute(whose.where(why)).scalars())


def _moved(rows: Sequence[AnyRow]) -> dict[str, str]:
    """Feeds that said on several days that they have moved for good, and where to, as long as it is right."""
    failing = {row.url for row in rows if row.failures >= _NEW_ADDRESS_FAILURES}
    return {
        row.url: row.moved_to
        for row in rows
        if row.moved_to is not None and row.moved_days >= MOVED_DAYS and row.moved_to not in failing
    }


def _due_at(row: AnyRow, source: Source, every_s: float) -> datetime | None:
    """When the source is due; None: at once."""
    visited: datetime | None = row.last_visit_at
    if visited is None:
        return None
    bounds = bounds_of(source, every_s)
    if row.next_due_at is None:  # visited last by a version that did not write it down
        return visited + timedelta(seconds=bounds.start_s)
    due_at: datetime = row.next_due_at
    latest = visited + timedelta(seconds=bounds.max_s)
    return min(due_at, latest) if row.failures == 0 else due_at


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
