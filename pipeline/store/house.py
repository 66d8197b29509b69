"""How the house itself fares: work by day, pages that gave nothing, how large the database is. Only reads."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, distinct, func, select, text

from pipeline.article import OutcomeKind
from pipeline.store.database import Database, reads
from pipeline.store.tables import articles, matches, pages


@dataclass(frozen=True, slots=True)
class Work:
    """What was done in a stretch of time: pages whose way ended, articles kept, articles found to be on a topic."""

    read: int
    kept: int
    matched: int


@dataclass(frozen=True, slots=True)
class House:
    """Questions about the house itself."""

    database: Database

    @property
    def file(self) -> str | None:
        """The database's file; None where it is a server's."""
        return None if self.database.postgres else self.database.file

    @reads
    def work(self, connection: Connection, start: datetime, end: datetime) -> Work:
        """What was done after `start` and up to `end`."""
        read = select(func.count()).where(pages.c.decided_at > start, pages.c.decided_at <= end)
        kept = select(func.count()).where(articles.c.first_seen_at > start, articles.c.first_seen_at <= end)
        matched = select(func.count(distinct(matches.c.article_id))).where(
            matches.c.found_at > start, matches.c.found_at <= end, matches.c.withdrawn_at.is_(None)
        )
        return Work(*(connection.execute(query).scalar_one() for query in (read, kept, matched)))

    @reads
    def pages_without(
        self, connection: Connection, kinds: Collection[OutcomeKind], start: datetime, end: datetime
    ) -> list[tuple[OutcomeKind, str, int]]:
        """Pages that ended in one of these outcomes in that time: outcome, detail and how many, most first."""
        number = func.count()
        query = (
            select(pages.c.outcome, pages.c.detail, number)
            .where(pages.c.outcome.in_([kind.value for kind in kinds]))
            .where(pages.c.decided_at > start, pages.c.decided_at <= end)
            .group_by(pages.c.outcome, pages.c.detail)
            .order_by(number.desc(), pages.c.detail)
        )
        return [(OutcomeKind(row[0]), row[1], row[2]) for row in connection.execute(query)]

    @reads
    def size_bytes(self, connection: Connection) -> int:
        """How large the database is."""
        asked = (
            "SELECT pg_database_size(current_database())"
            if self.database.postgres
            else "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        )
        return int(connection.execute(text(asked)).scalar_one())
