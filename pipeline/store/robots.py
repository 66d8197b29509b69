"""Copies of robots.txt, so that a host is not asked for it more than once a day (RFC 9309, 2.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from crawler.page import RobotsCopy
from pipeline.store.database import Database, reads, writes
from pipeline.store.tables import AnyRow, robots

#: RFC 9309, 2.4: a copy should not be used for more than 24 hours
FRESH_FOR = timedelta(hours=24)
#: RFC 9309, 2.3.1.4: for 30 days it matters since when a host does not answer
KNOWN_FOR = timedelta(days=40)


@dataclass(frozen=True, slots=True)
class Robots:
    """Questions about robots.txt."""

    database: Database

    @reads
    def fresh(self, connection: Connection, now: datetime) -> dict[str, RobotsCopy]:
        """All copies younger than 24 hours, by origin (``scheme://host[:port]``)."""
        rows = connection.execute(select(robots).where(robots.c.fetched_at > now - FRESH_FOR))
        return {row.origin: _copy(row) for row in rows}

    @reads
    def known(self, connection: Connection, now: datetime) -> dict[str, RobotsCopy]:
        """All copies of the last 40 days, by origin: what a host said before counts while it does not answer."""
        rows = connection.execute(select(robots).where(robots.c.fetched_at > now - KNOWN_FOR))
        return {row.origin: _copy(row) for row in rows}

    @writes
    def save(self, connection: Connection, copy: RobotsCopy) -> None:
        """Keep a copy in place of the one we had, unless ours is younger."""
        values = {
            "origin": copy.origin,
            "status": copy.status,
            "text": copy.text,
            "fetched_at": copy.fetched_at,
            "failing_since": copy.failing_since,
            "last_good": copy.last_good,
        }
        connection.execute(_SAVE[connection.dialect.name], values)


def _copy(row: AnyRow) -> RobotsCopy:
    return RobotsCopy(row.origin, row.status, row.text, row.fetched_at, row.failing_since, row.last_good)


_COPIED = ("status", "text", "fetched_at", "failing_since", "last_good")


def _saving(make: Callable[[Table], Any]) -> Any:
    statement = make(robots)
    offered = statement.excluded
    changes = {name: offered[name] for name in _COPIED}
    younger = robots.c.fetched_at < offered.fetched_at
    return statement.on_conflict_do_update(index_elements=["origin"], set_=changes, where=younger)


# prepared once: building it anew for every host cost more than running it (measured)
_SAVE = {"sqlite": _saving(sqlite.insert), "postgresql": _saving(postgresql.insert)}
