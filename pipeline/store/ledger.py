"""The ledger of deliveries: what was asked for, what was told and what became of each mail. Only reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select, union

from pipeline.store.database import Database, reads
from pipeline.store.ledger_records import (
    ArticleAccount,
    DigestAccount,
    KeptMatch,
    RowAccount,
    StoredMail,
    StrayRow,
    Telling,
)
from pipeline.store.records import Asked, DigestKind
from pipeline.store.tables import AnyRow, articles, digests, matches, outbox, subscriptions, told

#: articles looked at in one transaction: none may hold up the clearing of the write-ahead log for long
_BATCH = 1000
#: mails held in memory at once
_MAILS = 50

_ROW = tuple(outbox.c[name] for name in RowAccount._fields)
_MATCH = tuple(matches.c[name] for name in KeptMatch._fields)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Questions about who was told what."""

    database: Database

    @reads
    def subscriptions(self, connection: Connection) -> dict[str, datetime]:
        """Since when each subscription runs that was ever registered, those no longer configured included."""
        rows = connection.execute(select(subscriptions).order_by(subscriptions.c.id))
        return {row.id: row.since for row in rows}

    @reads
    def digests(self, connection: Connection, subscription_id: str) -> list[DigestAccount]:
        """All digests of a subscription, of every kind, by the end of their windows."""
        mine = digests.c.subscription_id == subscription_id
        rows = connection.execute(
            select(*_ROW).join(digests, digests.c.id == outbox.c.digest_id).where(mine).order_by(outbox.c.id)
        )
        by_digest: dict[str, list[RowAccount]] = {}
        for row in rows:
            by_digest.setdefault(row.digest_id, []).append(RowAccount(*row))
        counted = select(told.c.digest_id, func.count()).group_by(told.c.digest_id)
        counts = {
            row[0]: row[1]
            for row in connection.execute(counted.where(told.c.subscription_id == subscription_id))
        }
        listed = connection.execute(select(digests).where(mine).order_by(digests.c.window_end, digests.c.id))
        return [_account(row, counts.get(row.id, 0), by_digest.get(row.id, ())) for row in listed]

    def articles(
        self, subscription_id: str, topics: Sequence[str], since: datetime | None = None
    ) -> Iterator[ArticleAccount]:
        """Every article that is or was on one of the topics, and every one told to the subscription; by id.

        `since`: only those found, or told in a digest built, then or later. A thousand are in memory at a time.
        """
        ids = self._article_ids(subscription_id, topics, since)
        for start in range(0, len(ids), _BATCH):
            yield from self.accounts(subscription_id, topics, ids[start : start + _BATCH])

    @reads
    def _article_ids(
        self, connection: Connection, subscription_id: str, topics: Sequence[str], since: datetime | None
    ) -> list[int]:
        asked = select(matches.c.article_id).where(matches.c.topic.in_(topics))
        heard = select(told.c.article_id).where(told.c.subscription_id == subscription_id)
        if since is not None:
            asked = asked.where(matches.c.found_at >= since)
            heard = heard.join(digests, digests.c.id == told.c.digest_id).where(digests.c.created_at >= since)
        return sorted(connection.execute(union(asked, heard)).scalars())

    @reads
    def accounts(
        self, connection: Connection, subscription_id: str, topics: Sequence[str], ids: Sequence[int]
    ) -> list[ArticleAccount]:
        """These articles, at most a thousand, by id: with their matches on the topics, and how they were told."""
        found = connection.execute(
            select(matches.c.article_id, *_MATCH)
            .where(matches.c.article_id.in_(ids), matches.c.topic.in_(topics))
            .order_by(matches.c.article_id)
        )
        by_article = {
            article_id: tuple(KeptMatch(*row[1:]) for row in rows)
            for article_id, rows in groupby(found, key=lambda row: row[0])
        }
        rows = connection.execute(_with_telling(subscription_id).where(articles.c.id.in_(ids)))
        accounts = [ArticleAccount(**row._asdict(), matches=by_article.get(row.id, ())) for row in rows.all()]
        return sorted(accounts, key=lambda account: account.id)

    @reads
    def tellings(self, connection: Connection, article_ids: Sequence[int]) -> list[Telling]:
        """Who was told these articles, by article."""
        query = select(*(told.c[name] for name in Telling._fields)).order_by(told.c.article_id)
        rows: list[Telling] = []
        for start in range(0, len(article_ids), _BATCH):
            some = query.where(told.c.article_id.in_(article_ids[start : start + _BATCH]))
            rows += [Telling(*row) for row in connection.execute(some)]
        return rows

    @reads
    def strays(self, connection: Connection) -> list[StrayRow]:
        """What no table should hold.

        ``told without digest``, ``told elsewhere`` (in another subscription's digest), ``delivery without digest``,
        ``two rows`` and ``two message ids`` (of one digest for one recipient), ``one message id`` (of several rows).
        """
        return [
            *_strays_told(connection),
            *_strays_sent(connection),
            *_strays_doubled(connection),
        ]

    @reads
    def last_window_end(
        self, connection: Connection, subscription_id: str, kind: DigestKind
    ) -> datetime | None:
        """When the last window of that kind ended; None: there was none."""
        mine = and_(digests.c.subscription_id == subscription_id, digests.c.kind == kind.value)
        ended: datetime | None = connection.execute(
            select(func.max(digests.c.window_end)).where(mine)
        ).scalar()
        return ended

    def mails(self, since: datetime | None = None) -> Iterator[StoredMail]:
        """The bytes of every outbox row (built then or later), a few in memory at a time."""
        after = 0
        while batch := self._mails(after, since):
            yield from batch
            after = batch[-1].id

    @reads
    def _mails(self, connection: Connection, after: int, since: datetime | None) -> list[StoredMail]:
        columns = (outbox.c[name] for name in StoredMail._fields)
        query = select(*columns).where(outbox.c.id > after).order_by(outbox.c.id).limit(_MAILS)
        if since is not None:
            query = query.where(outbox.c.created_at >= since)
        return [StoredMail(*row) for row in connection.execute(query)]


def _with_telling(subscription_id: str) -> Select[*tuple[Any, ...]]:
    hers = and_(told.c.article_id == articles.c.id, told.c.subscription_id == subscription_id)
    columns = [
        articles.c[name]
        for name in ("id", "story_id", "source_id", "country", "language", "first_seen_at", "revised_at")
    ]
    telling = (
        told.c.digest_id.label("told_in"),
        digests.c.subscription_id.label("told_to"),
        told.c.way,
    )
    return (
        select(*columns, *telling)
        .select_from(articles)
        .outerjoin(told, hers)
        .outerjoin(digests, digests.c.id == told.c.digest_id)
    )


def _account(row: AnyRow, articles_told: int, rows: Sequence[RowAccount]) -> DigestAccount:
    return DigestAccount(
        id=row.id,
        kind=DigestKind(row.kind),
        subscription_id=row.subscription_id,
        window_start=row.window_start,
        window_end=row.window_end,
        created_at=row.created_at,
        asked=None if row.asked is None else _asked(row.asked),
        articles=row.articles,
        mails=row.mails,
        newest_match=row.newest_match,
        told=articles_told,
        rows=tuple(rows),
    )


def _asked(kept: Mapping[str, Any]) -> Asked:
    """What was asked, read back; a word of a later version is passed over."""

    def words(name: str) -> tuple[str, ...]:
        return tuple(kept.get(name, ()))

    return Asked(
        words("topics"), words("languages"), words("countries"), words("outlets"), kept.get("min_score", 0.0)
    )


def _strays_told(connection: Connection) -> Iterator[StrayRow]:
    query = (
        select(told, digests.c.subscription_id.label("owner"))
        .outerjoin(digests, digests.c.id == told.c.digest_id)
        .where(or_(digests.c.id.is_(None), digests.c.subscription_id != told.c.subscription_id))
    )
    for row in connection.execute(query):
        what = "told without digest" if row.owner is None else "told elsewhere"
        yield StrayRow(what, row.digest_id, row.owner or "", row.article_id, row.subscription_id)


def _strays_sent(connection: Connection) -> Iterator[StrayRow]:
    unbuilt = ~exists().where(digests.c.id == outbox.c.digest_id)
    for row in connection.execute(select(outbox.c.id, outbox.c.digest_id, outbox.c.state).where(unbuilt)):
        yield StrayRow("delivery without digest", row.digest_id, f"row {row.id}, {row.state}")


def _strays_doubled(connection: Connection) -> Iterator[StrayRow]:
    ids = func.count(func.distinct(outbox.c.message_id))
    pairs = (
        select(outbox.c.digest_id, outbox.c.recipient, ids.label("ids"))
        .group_by(outbox.c.digest_id, outbox.c.recipient)
        .having(func.count() > 1)
    )
    for row in connection.execute(pairs):
        what = "two message ids" if row.ids > 1 else "two rows"
        yield StrayRow(what, row.digest_id, row.recipient)
    of_several: ColumnElement[bool] = func.count(func.distinct(outbox.c.digest_id + outbox.c.recipient)) > 1
    shared = (
        select(outbox.c.message_id, func.min(outbox.c.digest_id).label("digest"))
        .group_by(outbox.c.message_id)
        .having(of_several)
    )
    for row in connection.execute(shared):
        yield StrayRow("one message id", row.digest, row.message_id)
