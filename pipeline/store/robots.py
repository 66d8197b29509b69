"""Copies of robots.txt, so that a host is not asked for it more than once a day (RFC 9309, 2.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from crawler.page import RobotsCopy
from pipeline.store.database import Database, reads, writes
from pipeline.store.tables import robots

#: RFC 9309, 2.4: a copy should not be used for more than 24 hours
FRESH_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Robots:
    """Questions about robots.txt."""

    database: Database

    @reads
    def fresh(self, connection: Connection, now: datetime) -> dict[str, RobotsCopy]:
        """All copies younger than 24 hours, by origin (``scheme://host[:port]``)."""
        rows = connection.execute(select(robots).where(robots.c.fetched_at > now - FRESH_FOR))
        return {row.origin: RobotsCopy(row.origin, row.status, row.text, row.fetched_at) for row in rows}

    @writes
    def save(self, connection: Connection, copy: RobotsCopy) -> None:
        """Keep a copy in place of the one we had, unless ours is younger."""
        self.database.alone(connection, "robots")
        held = connection.execute(select(robots.c.fetched_at).where(robots.c.origin == copy.origin)).scalar()
        if held is not None and held > copy.fetched_at:
            return
        connection.execute(delete(robots).where(robots.c.origin == copy.origin))
        connection.execute(
            insert(robots).values(
                origin=copy.origin, status=copy.status, text=copy.text, fetched_at=copy.fetched_at
            )
        )
