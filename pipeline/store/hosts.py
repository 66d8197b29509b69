"""Hosts as we owe them: when they answered last, and until when they wish to be left alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from crawler.page import HostMemory
from pipeline.store.database import Database, reads, writes
from pipeline.store.tables import hosts

#: no delay is longer: an answer from before says nothing about the next request
_FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hosts:
    """Questions about hosts."""

    database: Database

    @reads
    def known(self, connection: Connection, now: datetime) -> dict[str, HostMemory]:
        """Those that answered within a day or wish to be left alone, by name."""
        young = hosts.c.asked_at > now - _FORGOTTEN_AFTER
        rows = connection.execute(select(hosts).where(or_(young, hosts.c.busy_until > now)))
        return {row.host: HostMemory(row.host, row.asked_at, row.busy_until, row.why) for row in rows}

    @writes
    def save(self, connection: Connection, memories: Sequence[HostMemory]) -> None:
        """Keep what is owed to these hosts. A wish ends by its time only: a later answer does not take it back."""
        rows = [
            {"host": one.host, "asked_at": one.asked_at, "busy_until": one.busy_until, "why": one.why}
            for one in memories
        ]
        if rows:
            connection.execute(_SAVE[connection.dialect.name], rows)

    @writes
    def forget(self, connection: Connection, now: datetime) -> None:
        """Drop those to whom nothing is owed any more."""
        old = or_(hosts.c.asked_at.is_(None), hosts.c.asked_at <= now - _FORGOTTEN_AFTER)
        at_rest = or_(hosts.c.busy_until.is_(None), hosts.c.busy_until <= now)
        connection.execute(delete(hosts).where(old, at_rest))


def _saving(make: Callable[[Table], Any]) -> Any:
    statement = make(hosts)
    offered = statement.excluded
    changes = {name: offered[name] for name in ("asked_at", "busy_until", "why")}
    return statement.on_conflict_do_update(index_elements=["host"], set_=changes)


_SAVE = {"sqlite": _saving(sqlite.insert), "postgresql": _saving(postgresql.insert)}
