"""What a source gave on a day (UTC): counts that grow in the transactions that they count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, delete
from sqlalchemy.dialects import postgresql, sqlite

from pipeline.store.tables import source_days

#: a year can be compared with the one before
KEPT_FOR = timedelta(days=400)

_COUNTS = ("visits", "failures", "found", "new", "pages", "chars", "blocked")


def count_day(connection: Connection, source_id: str, now: datetime, **counts: int) -> None:
    """Add to the source's counts of the day; those that are not named grow by nothing."""
    row = dict.fromkeys(_COUNTS, 0) | counts
    day = now.astimezone(UTC).date().isoformat()
    connection.execute(_ADD[connection.dialect.name], {"source_id": source_id, "day": day, **row})


def forget_days(connection: Connection, source_id: str, now: datetime) -> None:
    """Drop the source's days that are over for longer than they are kept."""
    first = (now - KEPT_FOR).astimezone(UTC).date().isoformat()
    old = source_days.c.day < first
    connection.execute(delete(source_days).where(source_days.c.source_id == source_id, old))


def _adding(make: Callable[[Table], Any]) -> Any:
    statement = make(source_days)
    offered = statement.excluded
    sums = {name: source_days.c[name] + offered[name] for name in _COUNTS}
    return statement.on_conflict_do_update(index_elements=["source_id", "day"], set_=sums)


_ADD = {"sqlite": _adding(sqlite.insert), "postgresql": _adding(postgresql.insert)}
