"""The outbox: rows claimed by lease, each by one sender only, and marked with what became of them."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select, update

from alerts.outbox import ENDED, LONGEST_WAIT, WAITING, DeliveryState, Next, OutboxItem, lease_expired
from alerts.subscription import Recipient
from pipeline.store.database import Database, reads, writes_durably
from pipeline.store.mailboxes import Mailboxes, MailboxRecord, suppressed_by
from pipeline.store.records import DeliveryRecord
from pipeline.store.tables import digests, outbox

_WAITING = sorted(state.value for state in WAITING)
_LONGEST_ERROR = 1000  # characters kept of what went wrong


@dataclass(frozen=True, slots=True)
class QueueState:
    """The rows of one state.

    Attributes:
        due: of these rows, those to be tried now.
        oldest_at: when the oldest of them was built.
        next_try_at: the earliest next try of them; None when none has one.
    """

    state: DeliveryState
    rows: int
    due: int
    oldest_at: datetime
    next_try_at: datetime | None

    def oldest_age_s(self, now: datetime) -> float:
        """Seconds since the oldest was built; never below 0."""
        return max(0.0, (now - self.oldest_at).total_seconds())


@dataclass(frozen=True, slots=True)
class Outbox:
    """Mails on their way; an `alerts.outbox.OutboxPort`."""

    database: Database

    def claim(
        self, now: datetime, lease_s: float, *, only: str | None = None, besides: Collection[str] = ()
    ) -> OutboxItem | None:
        """Lease one due row for `lease_s` seconds; None when nothing is due.

        First, rows being sent whose lease ran out become what `alerts.outbox.lease_expired` says. A row whose mailbox
        was closed since it was built is suppressed instead.

        Args:
            now: aware UTC.
            lease_s: how long the claim holds.
            only: only rows of this channel.
            besides: only rows of other channels than these.
        """
        channels = outbox.c.channel == only if only is not None else outbox.c.channel.not_in(sorted(besides))
        known = Mailboxes(self.database)
        while (claimed := self._claim(now, lease_s, channels)) is not None:
            item, subscription_id = claimed
            standing = known.standing([item.recipient.address])
            closed = suppressed_by(standing, item.recipient, subscription_id)
            if closed is None:
                return item
            self._suppress(item, closed)
        return None

    def mark(self, item: OutboxItem, becomes: Next, now: datetime) -> bool:
        """Record how the attempt ended; False (and no change) when the lease is no longer ours.

        What the attempt says of the recipient's address is recorded with the mailbox.
        """
        marked = self._mark(item, becomes, now)
        # a transaction of its own: should we die between the two, a mailbox is closed one refusal later
        if marked and becomes.address_works is not None:
            known, address = Mailboxes(self.database), item.recipient.address
            if becomes.address_works:
                known.accepted(address)
            else:
                known.refused(address, becomes.error, now)
        return marked

    @writes_durably
    def _claim(
        self, connection: Connection, now: datetime, lease_s: float, channels: ColumnElement[bool]
    ) -> tuple[OutboxItem, str] | None:
        """A row, leased, and the subscription it was built for."""
        _give_up_leases(connection, now)
        row = connection.execute(
            select(outbox, digests.c.subscription_id)
            .join(digests)
            .where(_due(now), channels)
            .order_by(outbox.c.id)
            .limit(1)
            .with_for_update(of=outbox, skip_locked=True)
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
        item = OutboxItem(
            id=row.id,
            token=token,
            channel=row.channel,
            recipient=Recipient(row.recipient, row.recipient_name),
            raw=bytes(row.raw),
            attempts=row.attempts + 1 - row.attempts_before,
            name=row.name,
            doubts=row.doubts,
            shrunk=row.shrunk,
        )
        return item, row.subscription_id

    @writes_durably
    def _mark(self, connection: Connection, item: OutboxItem, becomes: Next, now: datetime) -> bool:
        return _become(connection, _leased(item), becomes, now) == 1

    @writes_durably
    def _suppress(self, connection: Connection, item: OutboxItem, closed: MailboxRecord) -> None:
        """The claimed row is not to be sent, and was not tried."""
        connection.execute(
            update(outbox)
            .where(_leased(item))
            .values(
                state=DeliveryState.SUPPRESSED.value,
                rule=closed.rule or "",
                last_error=closed.words[:_LONGEST_ERROR],
                attempts=outbox.c.attempts - 1,
                next_try_at=None,
                lease_until=None,
                lease_token=None,
            )
        )

    @writes_durably
    def hold(self, connection: Connection, channel: str, until: datetime, why: str) -> int:
        """Let all rows of the channel wait until then, as if not tried; the number of rows that now wait longer."""
        earlier = or_(outbox.c.next_try_at < until, _never_tried())
        rows = connection.execute(
            select(outbox.c.id, outbox.c.last_error)
            .where(outbox.c.channel == channel, outbox.c.state.in_(_WAITING), earlier)
            .order_by(outbox.c.id)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            connection.execute(
                update(outbox)
                .where(outbox.c.id == row.id)
                .values(next_try_at=until, last_error=row.last_error or why)
            )
        return len(rows)

    @writes_durably
    def requeue(self, connection: Connection, row_ids: Iterable[int], now: datetime) -> int:
        """Put rows that are over (sent, failed, suppressed, or unknown without a next try) back, due at once.

        Their bytes and Message-ID stay; the waits between attempts begin anew. What they were before stands in
        `last_error`, and a row that was sent once keeps its `sent_at`. Rows still on their way are left alone.

        Returns:
            the number of rows put back.
        """
        over = or_(
            outbox.c.state.in_([state.value for state in ENDED]),
            and_(outbox.c.state == DeliveryState.UNKNOWN.value, outbox.c.next_try_at.is_(None)),
        )
        wanted = sorted(set(row_ids))
        back = 0
        for row_id in wanted:
            mine = and_(outbox.c.id == row_id, over)
            columns = (outbox.c.state, outbox.c.attempts, outbox.c.last_error)
            row = connection.execute(select(*columns).where(mine).with_for_update()).first()
            if row is None:
                continue
            was = f"{row.state}: {row.last_error}" if row.last_error else row.state
            put_back = update(outbox).where(mine)
            back += connection.execute(
                put_back.values(
                    state=DeliveryState.PENDING.value,
                    next_try_at=None,
                    attempts_before=row.attempts,
                    rule="",
                    last_error=f"put back on {now:%Y-%m-%d %H:%M} UTC; before, {was}"[:_LONGEST_ERROR],
                )
            ).rowcount
        return back

    @reads
    def queue_summary(self, connection: Connection, now: datetime) -> list[QueueState]:
        """Rows by state, in the order of the states; `now` tells what is due. States without rows are missing."""
        due = case((_due(now), 1), else_=0)
        query = select(
            outbox.c.state,
            func.count().label("rows"),
            func.sum(due).label("due"),
            func.min(outbox.c.created_at).label("oldest_at"),
            func.min(outbox.c.next_try_at).label("next_try_at"),
        ).group_by(outbox.c.state)
        found = {
            row.state: QueueState(DeliveryState(row.state), row.rows, row.due, row.oldest_at, row.next_try_at)
            for row in connection.execute(query)
        }
        return [found[state] for state in DeliveryState if state in found]

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
            rule=row.rule,
        )
        for row in connection.execute(query)
    ]


def _never_tried() -> ColumnElement[bool]:
    return and_(outbox.c.state == DeliveryState.PENDING.value, outbox.c.next_try_at.is_(None))


def _leased(item: OutboxItem) -> ColumnElement[bool]:
    return and_(
        outbox.c.id == item.id,
        outbox.c.lease_token == item.token,
        outbox.c.state == DeliveryState.SENDING.value,
    )


def _due(now: datetime) -> ColumnElement[bool]:
    """Rows to be tried now; also those that would wait longer than anything does, since a clock was wrong."""
    reached = or_(outbox.c.next_try_at <= now, outbox.c.next_try_at > now + LONGEST_WAIT)
    return and_(outbox.c.state.in_(_WAITING), or_(reached, _never_tried()))


def _give_up_leases(connection: Connection, now: datetime) -> None:
    over = or_(outbox.c.lease_until < now, outbox.c.lease_until > now + LONGEST_WAIT)
    late = and_(outbox.c.state == DeliveryState.SENDING.value, over)
    expired = select(outbox.c.id, outbox.c.doubts).where(late).with_for_update(skip_locked=True)
    for row in connection.execute(expired).all():
        becomes = lease_expired(now, doubts=row.doubts)
        _become(connection, and_(outbox.c.id == row.id, late), becomes, now)


def _become(connection: Connection, which: ColumnElement[bool], becomes: Next, now: datetime) -> int:
    """Rows changed."""
    values: dict[str, object] = {
        "state": becomes.state.value,
        "next_try_at": becomes.next_try_at,
        "last_error": becomes.error[:_LONGEST_ERROR],
        "doubts": becomes.doubts,
        "lease_until": None,
        "lease_token": None,
    }
    if becomes.state is DeliveryState.SENT:
        values["sent_at"] = now
    if becomes.raw is not None:
        values |= {"raw": becomes.raw, "shrunk": True}
    return connection.execute(update(outbox).where(which).values(**values)).rowcount
