"""Digests: since when a subscription runs, what it was told, and the mails that were built with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, distinct, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from alerts.outbox import DeliveryState
from pipeline.errors import StoreError
from pipeline.store.database import Database, reads, writes, writes_durably
from pipeline.store.outbox import deliveries
from pipeline.store.records import (
    DigestFacts,
    DigestKind,
    DigestRecord,
    NewDelivery,
    NewDigest,
    SubscriptionState,
    Told,
    ToldRecord,
)
from pipeline.store.tables import AnyRow, articles, digests, matches, outbox, sources, subscriptions, told


@dataclass(frozen=True, slots=True)
class Digests:
    """Questions about subscriptions and what they were told."""

    database: Database

    @writes
    def register(self, connection: Connection, subscription_ids: Iterable[str], now: datetime) -> None:
        """Remember when a subscription was first seen: nothing older is told to it."""
        rows = [{"id": subscription_id, "since": now} for subscription_id in dict.fromkeys(subscription_ids)]
        if not rows:
            return
        make = postgresql.insert if self.database.postgres else sqlite.insert
        connection.execute(make(subscriptions).on_conflict_do_nothing(index_elements=["id"]), rows)

    @reads
    def state(
        self, connection: Connection, subscription_id: str, now: datetime | None = None
    ) -> SubscriptionState:
        """Where a subscription stands.

        With `now`, windows that end later by more than an hour were closed by a clock that was ahead, and do not count:
        else there would be silence until their end comes. What they told stays told. Smaller differences are those of two
        hosts, or of a clock set right by its time server: their end is waited for, and no stretch of time closed twice.

        Raises:
            StoreError: it was never registered.
        """
        since = connection.execute(
            select(subscriptions.c.since).where(subscriptions.c.id == subscription_id)
        ).scalar()
        if since is None:
            message = f"subscription {subscription_id!r} is not known to the store: register it first"
            raise StoreError(message)
        mine = and_(digests.c.subscription_id == subscription_id, digests.c.kind == DigestKind.DIGEST.value)
        if now is not None:
            mine = and_(mine, digests.c.window_end <= now + _CLOCKS_DIFFER)
        count = connection.execute(select(func.count()).select_from(digests).where(mine)).scalar_one()
        last = connection.execute(
            select(digests.c.window_end, digests.c.newest_match)
            .where(mine)
            .order_by(digests.c.window_end.desc())
            .limit(1)
        ).first()
        if last is None:
            return SubscriptionState(subscription_id, since, None, count)
        return SubscriptionState(subscription_id, since, last.window_end, count, last.newest_match)

    @reads
    def newest_match(self, connection: Connection) -> int:
        """The number of the newest match there is; 0: there is none."""
        return connection.execute(select(func.max(matches.c.id))).scalar() or 0

    @reads
    def facts(self, connection: Connection, start: datetime, end: datetime) -> DigestFacts:
        """What was read in a window (start exclusive, end inclusive)."""
        inside = (articles.c.first_seen_at > start, articles.c.first_seen_at <= end)
        count, outlets = connection.execute(
            select(func.count(), func.count(distinct(articles.c.source_id))).where(*inside)
        ).one()
        heard = select(func.count()).where(sources.c.last_success_at > start).select_from(sources)
        silent = select(sources.c.name).where(sources.c.failures > 0).order_by(sources.c.name)
        read = max(outlets, connection.execute(heard).scalar_one())
        success = connection.execute(select(func.max(sources.c.last_success_at))).scalar()
        began = connection.execute(select(func.min(articles.c.first_seen_at))).scalar()
        return DigestFacts(count, read, tuple(connection.execute(silent).scalars()), success, began)

    @writes_durably
    def save(
        self, connection: Connection, new: NewDigest, mails: Sequence[NewDelivery], now: datetime
    ) -> bool:
        """Keep a digest, what it tells, and its mails: one transaction, on disk before this returns.

        False, and nothing kept, when that window was told already, or one of its articles was.
        """
        self.database.alone(connection, f"digest {new.subscription_id}")
        if _told_already(connection, new, now):
            return False
        connection.execute(
            insert(digests).values(
                id=new.id,
                kind=new.kind.value,
                subscription_id=new.subscription_id,
                window_start=new.window_start,
                window_end=new.window_end,
                created_at=now,
                asked=None if new.asked is None else asdict(new.asked),
                articles=len(set(new.article_ids)),
                mails=len(mails),
                newest_match=new.newest_match,
            )
        )
        told_rows = [
            {
                "subscription_id": new.subscription_id,
                "article_id": article_id,
                "digest_id": new.id,
                "way": new.ways.get(article_id, Told.ENTRY).value,
            }
            for article_id in dict.fromkeys(new.article_ids)
        ]
        if told_rows:
            connection.execute(insert(told), told_rows)
        if mails:
            connection.execute(insert(outbox), [_outbox_row(new.id, mail, now) for mail in mails])
        return True

    @reads
    def listed(
        self, connection: Connection, subscription_id: str | None = None, limit: int = 50
    ) -> list[DigestRecord]:
        """Digests built, newest first."""
        query = select(digests).order_by(digests.c.created_at.desc(), digests.c.id).limit(limit)
        if subscription_id is not None:
            query = query.where(digests.c.subscription_id == subscription_id)
        return [_record(connection, row) for row in connection.execute(query).all()]

    @reads
    def instants_since(self, connection: Connection, subscription_id: str, since: datetime) -> int:
        """How many instant digests a subscription was given since then."""
        mine = and_(digests.c.subscription_id == subscription_id, digests.c.kind == DigestKind.INSTANT.value)
        counted = select(func.count()).select_from(digests).where(mine, digests.c.created_at > since)
        return connection.execute(counted).scalar_one()

    @reads
    def told_before(
        self, connection: Connection, subscription_id: str, article_ids: Sequence[int]
    ) -> list[ToldRecord]:
        """Which of these articles the subscription was told, by which digest and as what; the earliest first."""
        asked = (
            select(told.c.article_id, told.c.digest_id, digests.c.kind, digests.c.window_end, told.c.way)
            .join(digests, digests.c.id == told.c.digest_id)
            .where(told.c.subscription_id == subscription_id)
        )
        found = [
            ToldRecord(row.article_id, row.digest_id, DigestKind(row.kind), row.window_end, Told(row.way))
            for start in range(0, len(article_ids), _ASKED_AT_ONCE)
            for row in connection.execute(
                asked.where(told.c.article_id.in_(article_ids[start : start + _ASKED_AT_ONCE]))
            )
        ]
        return sorted(found, key=lambda one: (one.window_end, one.article_id))

    @reads
    def instants_of(
        self, connection: Connection, subscription_id: str, article_ids: Sequence[int]
    ) -> list[DigestRecord]:
        """The instant digests that told the subscription any of these articles, oldest first."""
        telling = select(told.c.digest_id).where(
            told.c.subscription_id == subscription_id, told.c.article_id.in_(article_ids)
        )
        rows = connection.execute(
            select(digests)
            .where(digests.c.kind == DigestKind.INSTANT.value, digests.c.id.in_(telling))
            .order_by(digests.c.created_at, digests.c.window_end)
        )
        return [_record(connection, row) for row in rows.all()]

    @reads
    def show(self, connection: Connection, digest_id: str) -> DigestRecord | None:
        """One digest; None when there is none of this id."""
        row = connection.execute(select(digests).where(digests.c.id == digest_id)).first()
        return None if row is None else _record(connection, row)

    @reads
    def telling(self, connection: Connection, article_id: int) -> list[DigestRecord]:
        """The digests that told this article (one per subscription), oldest first."""
        telling = select(told.c.digest_id).where(told.c.article_id == article_id)
        rows = connection.execute(
            select(digests).where(digests.c.id.in_(telling)).order_by(digests.c.created_at)
        )
        return [_record(connection, row) for row in rows.all()]


_ASKED_AT_ONCE = 500

#: a window that ends this much after now is no sign of a clock that was wrong
_CLOCKS_DIFFER = timedelta(hours=1)

#: kinds whose windows follow one another; an instant mail or a back issue lies within such windows
_IN_A_ROW = frozenset({DigestKind.DIGEST, DigestKind.OPERATOR})


def _told_already(connection: Connection, new: NewDigest, now: datetime) -> bool:
    mine = and_(digests.c.subscription_id == new.subscription_id, digests.c.kind == new.kind.value)
    told_window = digests.c.window_end == new.window_end
    if (
        new.kind in _IN_A_ROW
    ):  # two that disagree on the schedule; windows of a clock that was ahead do not count
        ended = digests.c.window_end <= now + _CLOCKS_DIFFER
        told_window |= (digests.c.window_end > new.window_start) & ended
    same = select(digests.c.id).where((digests.c.id == new.id) | (mine & told_window))
    if connection.execute(same).first() is not None:
        return True
    before = select(told.c.article_id).where(told.c.subscription_id == new.subscription_id).limit(1)
    batches = range(0, len(new.article_ids), _ASKED_AT_ONCE)
    return any(
        connection.execute(
            before.where(told.c.article_id.in_(new.article_ids[start : start + _ASKED_AT_ONCE]))
        ).first()
        is not None
        for start in batches
    )


def _outbox_row(digest_id: str, mail: NewDelivery, now: datetime) -> dict[str, object]:
    return {
        "digest_id": digest_id,
        "recipient": mail.recipient.address,
        "recipient_name": mail.recipient.name,
        "channel": mail.channel,
        "message_id": mail.message_id,
        "subject": mail.subject,
        "name": mail.name,
        "raw": mail.raw,
        "state": (DeliveryState.SUPPRESSED if mail.rule else DeliveryState.PENDING).value,
        "rule": mail.rule,
        "last_error": mail.why if mail.rule else "",
        "created_at": now,
    }


def _record(connection: Connection, row: AnyRow) -> DigestRecord:
    telling = select(told.c.article_id, told.c.way).where(told.c.digest_id == row.id)
    ways = {one.article_id: Told(one.way) for one in connection.execute(telling.order_by(told.c.article_id))}
    return DigestRecord(
        id=row.id,
        subscription_id=row.subscription_id,
        window_start=row.window_start,
        window_end=row.window_end,
        created_at=row.created_at,
        article_ids=tuple(ways),
        deliveries=tuple(deliveries(connection, outbox.c.digest_id == row.id)),
        kind=DigestKind(row.kind),
        ways=ways,
    )
