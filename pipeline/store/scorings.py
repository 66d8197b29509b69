"""Which rules read which article: what new rules still owe the archive, and what they change in it, each article once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, insert, or_, select

from pipeline.article import Article, Match
from pipeline.store.database import Database, reads, writes
from pipeline.store.records import MatchRecord, RuleChange
from pipeline.store.rows import article_of, match_of
from pipeline.store.tables import AnyRow, articles, matches, rule_changes, scorings, told
from pipeline.store.verdicts import Change, Reread, change_matches, mark_read


@dataclass(frozen=True, slots=True)
class Unread:
    """A stored article that the rules of today have not read.

    Attributes:
        read_by: version of the rules that read it last; empty: not known.
        text_hash: of the text as it is now.
    """

    id: int
    article: Article
    read_by: str
    text_hash: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules of today say of an article that they had not read."""

    of: Unread
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Scorings:
    """Questions about which rules read which article."""

    database: Database

    def notice(self, pack_version: str, now: datetime) -> datetime:
        """Since when the rules are of this version: remembered the first time it is seen after another one."""
        last = self._last()
        return (
            last.noticed_at if last and last.pack_version == pack_version else self._note(pack_version, now)
        )

    @reads
    def _last(self, connection: Connection) -> RuleChange | None:
        return _last(connection)

    @writes
    def _note(self, connection: Connection, pack_version: str, now: datetime) -> datetime:
        self.database.alone(connection, "rules")
        last = _last(connection)
        if last is not None and last.pack_version == pack_version:  # another process was quicker
            return last.noticed_at
        connection.execute(insert(rule_changes).values(pack_version=pack_version, noticed_at=now))
        return now

    @reads
    def changes(self, connection: Connection, limit: int = 20) -> list[RuleChange]:
        """Since when the rules were what they were, newest first."""
        newest = select(rule_changes).order_by(rule_changes.c.id.desc()).limit(limit)
        return [RuleChange(row.pack_version, row.noticed_at) for row in connection.execute(newest)]

    @reads
    def owed(self, connection: Connection, pack_version: str, since: datetime | None = None) -> int:
        """How many articles (first seen since then) these rules have not read yet."""
        query = select(func.count()).select_from(scorings).where(_other(pack_version))
        if since is not None:
            query = query.join(articles).where(articles.c.first_seen_at >= since)
        return connection.execute(query).scalar_one()

    @reads
    def unread(
        self, connection: Connection, pack_version: str, limit: int, since: datetime | None = None
    ) -> list[Unread]:
        """Some of these articles, newest first among those that one version read; empty when all are read."""
        found: list[Unread] = []
        # two ranges of the index instead of one "not equal", which would walk the whole of it
        for side in (scorings.c.pack_version > pack_version, scorings.c.pack_version < pack_version):
            if len(found) < limit:
                rows = connection.execute(_unread(side, limit - len(found), since))
                found += [Unread(row.id, article_of(row), row.pack_version, row.text_hash) for row in rows]
        return found

    @writes
    def settle(
        self, connection: Connection, verdicts: Sequence[Verdict], new: RuleChange, now: datetime
    ) -> Counter[Change]:
        """Keep what the rules of today say of these articles, in one transaction; what changed, counted by match.

        An article that somebody else read or revised since it was lent out is passed over: it is read again, or was.
        """
        self.database.alone(connection, "keep")
        changes: Counter[Change] = Counter()
        still = _as_lent(connection, [verdict.of.id for verdict in verdicts])
        told_ids = _told(connection, list(still))
        for verdict in verdicts:
            one = verdict.of
            if still.get(one.id) != (one.read_by, one.text_hash):
                continue
            mark_read(connection, one.id, new.pack_version)
            reread = Reread(one.id, verdict.matches, new.pack_version, now, new.noticed_at)
            changes += change_matches(connection, reread, told=one.id in told_ids)
        return changes

    @writes
    def forget(self, connection: Connection, since: datetime | None = None) -> int:
        """Count articles (first seen since then) as read by rules unknown, so that they are read again; how many."""
        wanted = scorings.c.pack_version != ""
        if since is not None:
            recent = select(articles.c.id).where(articles.c.first_seen_at >= since)
            wanted = and_(wanted, scorings.c.article_id.in_(recent))
        return connection.execute(scorings.update().where(wanted).values(pack_version="")).rowcount

    @reads
    def verdicts(self, connection: Connection, article_id: int) -> tuple[MatchRecord, ...]:
        """An article's matches, those withdrawn included, best first."""
        query = (
            select(matches)
            .where(matches.c.article_id == article_id)
            .order_by(matches.c.withdrawn_at.is_not(None), matches.c.score.desc(), matches.c.topic)
        )
        return tuple(
            MatchRecord(match_of(row), row.found_at, row.withdrawn_at, row.withdrawn_by or "")
            for row in connection.execute(query)
        )

    @reads
    def read_by(self, connection: Connection, article_id: int) -> str:
        """The version of the rules that read an article last; empty when not known."""
        query = select(scorings.c.pack_version).where(scorings.c.article_id == article_id)
        return connection.execute(query).scalar() or ""


def _last(connection: Connection) -> RuleChange | None:
    row = connection.execute(select(rule_changes).order_by(rule_changes.c.id.desc()).limit(1)).first()
    return RuleChange(row.pack_version, row.noticed_at) if row else None


def _other(pack_version: str) -> ColumnElement[bool]:
    return or_(scorings.c.pack_version < pack_version, scorings.c.pack_version > pack_version)


def _unread(side: ColumnElement[bool], limit: int, since: datetime | None) -> Select[Any]:
    columns = [column for column in articles.c if column.name != "signature"]
    query = (
        select(*columns, scorings.c.pack_version)
        .join(scorings, scorings.c.article_id == articles.c.id)
        .where(side)
        .order_by(scorings.c.pack_version.desc(), scorings.c.article_id.desc())
        .limit(limit)
    )
    return query if since is None else query.where(articles.c.first_seen_at >= since)


def _as_lent(connection: Connection, article_ids: Sequence[int]) -> dict[int, tuple[str, bytes]]:
    """By whom each article was read last, and what its text is."""
    query = select(articles.c.id, articles.c.text_hash, scorings.c.pack_version).join(scorings)
    rows: Sequence[AnyRow] = connection.execute(query.where(articles.c.id.in_(article_ids))).all()
    return {row.id: (row.pack_version, row.text_hash) for row in rows}


def _told(connection: Connection, article_ids: Sequence[int]) -> set[int]:
    """Those of the articles that were told to somebody."""
    query = select(articles.c.id).where(
        articles.c.id.in_(article_ids), exists().where(told.c.article_id == articles.c.id)
    )
    return set(connection.execute(query).scalars())
