"""The outbox: rows claimed by lease, each by one sender only, and marked with what became of them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from alerts.outbox import WAITING, DeliveryState, Next, OutboxItem, lease_expired
from alerts.subscription import Recipient
from pipeline.store.database import Database, reads, writes_durably
from pipeline.store.records import DeliveryRecord
from pipeline.store.tables import outbox

_WAITING = sorted(state.value for state in WAITING)


@dataclass(frozen=True, slots=True)
class Outbox:
    """Mails on their way; an `alerts.outbox.OutboxPort`."""

    database: Database

    @writes_durably
    def claim(self, connection: Connection, now: datetime, lease_s: float) -> OutboxItem | None:
        """Lease one due row for `lease_s` seconds; None when nothing is due.

        First, rows being sent whose lease ran out become what `alerts.outbox.lease_expired` says.
        """
        _give_up_leases(connection, now)
        due = or_(outbox.c.next_try_at <= now, _never_tried())
        row = connection.execute(
            select(outbox)
            .where(outbox.c.state.in_(_WAITING), due)
            .order_by(outbox.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if row is None:
            return None
        token = secrets.token_hex(16)
        connection.execute(
            update(outbox)
            .where(outbox.c.id == row.id)
            .values(
                state=DeliveryState.SENDING.value,
                attempts=row.attempts + 1,
                lease_until=now + timedelta(seconds=lease_s),
                lease_token=token,
            )
        )
        return OutboxItem(
            id=row.id,
            token=token,
            channel=row.channel,
            recipient=Recipient(row.recipient, row.recipient_name),
            raw=bytes(row.raw),
            attempts=row.attempts + 1,
            name=row.name,
            doubts=row.doubts,
        )

    @writes_durably
    def mark(self, connection: Connection, item: OutboxItem, becomes: Next, now: datetime) -> bool:
        """Record how the attempt ended; False (and no change) when the lease is no longer ours."""
        ours = and_(
            outbox.c.id == item.id,
            outbox.c.lease_token == item.token,
            outbox.c.state == DeliveryState.SENDING.value,
        )
        return _become(connection, ours, becomes, now) == 1

    @reads
    def listed(
        self, connection: Connection, states: Iterable[DeliveryState] = (), limit: int = 200
    ) -> list[DeliveryRecord]:
        """Rows, newest first; only those in `states` when any are named."""
        named = [state.value for state in states]
        wanted = outbox.c.state.in_(named) if named else outbox.c.id > 0
        return deliveries(connection, wanted, newest=limit)

    @reads
    def counts(self, connection: Connection) -> dict[DeliveryState, int]:
        """Rows by state."""
        query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
        return {DeliveryState(state): count for state, count in connection.execute(query)}

    @reads
    def raw(self, connection: Connection, row_id: int) -> bytes | None:
        """The message as built; None when there is no such row."""
        found = connection.execute(select(outbox.c.raw).where(outbox.c.id == row_id)).scalar()
        return None if found is None else bytes(found)


def deliveries(
    connection: Connection, wanted: ColumnElement[bool], *, newest: int | None = None
) -> list[DeliveryRecord]:
    """The rows that fulfil `wanted`, without their bytes: in order, or the `newest` so many, newest first."""
    columns = [column for column in outbox.c if column.name != "raw"]
    query = select(*columns).where(wanted)
    query = (
        query.order_by(outbox.c.id) if newest is None else query.order_by(outbox.c.id.desc()).limit(newest)
    )
    return [
        DeliveryRecord(
            id=row.id,
            digest_id=row.digest_id,
            recipient=Recipient(row.recipient, row.recipient_name),
            channel=row.channel,
            message_id=row.message_id,
            subject=row.subject,
            name=row.name,
            state=DeliveryState(row.state),
            attempts=row.attempts,
            next_try_at=row.next_try_at,
            last_error=row.last_error,
            created_at=row.created_at,
            sent_at=row.sent_at,
        )
        for row in connection.execute(query)
    ]


def _never_tried() -> ColumnElement[bool]:
    return and_(outbox.c.state == DeliveryState.PENDING.value, outbox.c.next_try_at.is_(None))


def _give_up_leases(connection: Connection, now: datetime) -> None:
    late = and_(outbox.c.state == DeliveryState.SENDING.value, outbox.c.lease_until < now)
    expired = select(outbox.c.id, outbox.c.doubts).where(late).with_for_update(skip_locked=True)
    for row in connection.execute(expired).all():
        becomes = lease_expired(now, doubts=row.doubts)
        _become(connection, and_(outbox.c.id == row.id, late), becomes, now)


def _become(connection: Connection, which: ColumnElement[bool], becomes: Next, now: datetime) -> int:
    """Rows changed."""
    return connection.execute(
        update(outbox)
        .where(which)
        .values(
            state=becomes.state.value,
            next_try_at=becomes.next_try_at,
            last_error=becomes.error,
            doubts=becomes.doubts,
            lease_until=None,
            lease_token=None,
            sent_at=now if becomes.state is DeliveryState.SENT else None,
        )
    ).rowcount
