"""Sending a digest's mails again: the same bytes under the same Message-ID, for those who did not get them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.address import mailbox_key
from alerts.deliver import DeliveryReport
from alerts.outbox import DeliveryState
from pipeline.store import (
    DeliveryRecord,
    DigestRecord,
    Mailbox,
    MailboxRecord,
    Store,
    suppressed_by,
)
from tipwatch.clock import utc_now
from tipwatch.config import Config
from tipwatch.errors import UsageError
from tipwatch.rounds.digesting import send_due


@dataclass(frozen=True, slots=True)
class ResendOrder:
    """Which mails of a digest are to go out again.

    Attributes:
        addresses: only to these (addresses, or names of channels); empty: to all.
        sent_too: those that arrived already as well.
    """

    digest_id: str
    addresses: tuple[str, ...] = ()
    sent_too: bool = False


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A mail that is not sent again, and why: one line for people."""

    row: DeliveryRecord
    why: str


@dataclass(frozen=True, slots=True)
class Resent:
    """What became of the order.

    Attributes:
        again: the mails put back into the outbox, as they were.
        left: those left alone.
        delivered: what the delivery did then, mails of other digests that were due included.
    """

    digest: DigestRecord
    again: tuple[DeliveryRecord, ...]
    left: tuple[LeftAlone, ...]
    delivered: DeliveryReport


def resend(
    config: Config, store: Store, order: ResendOrder, clock: Callable[[], datetime] = utc_now
) -> Resent:
    """Put the mails back into the outbox, and deliver what is due.

    Raises:
        UsageError: there is no such digest, or it went to none of these addresses.
    """
    digest = store.digests.show(order.digest_id)
    if digest is None:
        raise UsageError(f"no digest has the id {order.digest_id}: `tipwatch digest list` names them")
    rows = rows_of(digest, order.addresses)
    standing = store.mailboxes.standing([row.recipient.address for row in rows])
    reasons = {row.id: why_not(row, digest.subscription_id, order, standing) for row in rows}
    again = tuple(row for row in rows if not reasons[row.id])
    left = tuple(LeftAlone(row, reasons[row.id]) for row in rows if reasons[row.id])
    if not again:
        return Resent(digest, (), left, DeliveryReport())
    store.outbox.requeue([row.id for row in again], clock())
    return Resent(digest, again, left, send_due(config, store, clock))


def rows_of(digest: DigestRecord, addresses: Sequence[str]) -> tuple[DeliveryRecord, ...]:
    """The digest's rows for these addresses; all when none is named. Raises UsageError for one that got none."""
    wanted = {mailbox_key(address): address for address in addresses}
    rows = {mailbox_key(row.recipient.address) for row in digest.deliveries}
    strangers = [address for key, address in wanted.items() if key not in rows]
    if strangers:
        known = ", ".join(row.recipient.address for row in digest.deliveries) or "nobody"
        raise UsageError(f"digest {digest.id} has no mail for {', '.join(strangers)} (it went to: {known})")
    return tuple(
        row for row in digest.deliveries if not wanted or mailbox_key(row.recipient.address) in wanted
    )


def why_not(
    row: DeliveryRecord,
    subscription_id: str,
    order: ResendOrder,
    standing: Mapping[Mailbox, MailboxRecord],
) -> str:
    """Why a mail is not sent again; empty: it is."""
    closed = suppressed_by(standing, row.recipient, subscription_id)
    if closed is not None:
        return closed.words
    if row.state is DeliveryState.SENT:
        when = f" on {row.sent_at:%Y-%m-%d %H:%M} UTC" if row.sent_at else ""
        return "" if order.sent_too else f"sent already{when}; --all sends it once more"
    if row.state in (DeliveryState.FAILED, DeliveryState.SUPPRESSED):
        return ""
    if row.state is DeliveryState.UNKNOWN and row.next_try_at is None:
        return ""
    when = f", next try {row.next_try_at:%Y-%m-%d %H:%M} UTC" if row.next_try_at else ""
    return f"still on its way ({row.state}{when}): `tipwatch digest send` delivers what is due"
