"""Mailboxes with which something is the matter: refused for good, left by their reader, or closed by who runs the house."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update

from alerts.address import mailbox_key
from alerts.outbox import WAITING, DeliveryState
from alerts.subscription import Recipient
from pipeline.store.database import Database, reads, writes, writes_durably
from pipeline.store.tables import AnyRow, digests, mailboxes, outbox

#: refusals in a row after which nothing more is sent to a mailbox ...
REFUSALS = 3
#: ... if they lie at least so far apart: an hour in which a server refuses everybody must not cost readers for good
REFUSED_OVER = timedelta(days=1)

_ASKED_AT_ONCE = 500


class MailboxRule(StrEnum):
    """Why nothing is sent to a mailbox: a closed set."""

    REFUSED_FOR_GOOD = "refused_for_good"  # its server said for days that there is no such mailbox
    UNSUBSCRIBED = "unsubscribed"  # its reader asked to leave
    BY_OPERATOR = "by_operator"  # who runs the house closed it


class Mailbox(NamedTuple):
    """A mailbox, for the mail of one subscription; an empty `subscription_id` means all mail."""

    address: str
    subscription_id: str = ""


@dataclass(frozen=True, slots=True)
class MailboxRecord:
    """A mailbox as it stands.

    Attributes:
        refusals: permanent ones in a row, of the address.
        rule: why nothing is sent to it; None: it is sent to.
        since: of the rule; without one, of the first of the refusals. Aware UTC.
        note: what the server said, or why it was closed.
    """

    mailbox: Mailbox
    refusals: int
    rule: MailboxRule | None
    since: datetime
    note: str

    @property
    def words(self) -> str:
        """Why it gets nothing, and what to do about that; one line for people."""
        address, subscription_id = self.mailbox
        if self.rule is None:
            return f"{address} was refused {self.refusals} times in a row since {self.since:%Y-%m-%d}: {self.note}"
        why = {
            MailboxRule.REFUSED_FOR_GOOD: f"{address} was refused {self.refusals} times in a row",
            MailboxRule.UNSUBSCRIBED: f"{address} left {subscription_id or 'all subscriptions'}",
            MailboxRule.BY_OPERATOR: f"{address} was closed"
            + (f" for {subscription_id}" if subscription_id else ""),
        }[self.rule]
        said = f": {self.note}" if self.note else ""
        return (
            f"{why}, since {self.since:%Y-%m-%d}{said}; `tipwatch mailboxes restore {address}` opens it again"
        )


def suppressed_by(
    standing: Mapping[Mailbox, MailboxRecord], recipient: Recipient, subscription_id: str
) -> MailboxRecord | None:
    """What keeps a subscription's mail from a recipient, by what `Mailboxes.standing` says; None: nothing does."""
    address = mailbox_key(recipient.address)
    for mailbox in (Mailbox(address), Mailbox(address, subscription_id)):
        record = standing.get(mailbox)
        if record is not None and record.rule is not None:
            return record
    return None


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """Questions about mailboxes. Addresses may be given in any spelling (`alerts.address.mailbox_key`)."""

    database: Database

    @writes
    def refused(self, connection: Connection, address: str, note: str, now: datetime) -> MailboxRecord:
        """Count a permanent refusal of the address itself (not of one mail), with what the server said.

        The third in a row, a day or more after the first, closes the mailbox; mails that wait for it are held back.
        """
        mailbox = Mailbox(mailbox_key(address))
        before = self._found(connection, mailbox)
        if before is None:
            after = MailboxRecord(mailbox, 1, None, now, note)
        elif before.rule is not None:
            after = MailboxRecord(mailbox, before.refusals + 1, before.rule, before.since, before.note)
        elif before.refusals + 1 >= REFUSALS and now - before.since >= REFUSED_OVER:
            after = MailboxRecord(mailbox, before.refusals + 1, MailboxRule.REFUSED_FOR_GOOD, now, note)
        else:
            after = MailboxRecord(mailbox, before.refusals + 1, None, before.since, note)
        _keep(connection, before, after)
        return after

    def accepted(self, address: str) -> bool:
        """A mail was taken for the address: its refusals are forgotten, and so is their rule. Whether there were any."""
        mailbox = Mailbox(mailbox_key(address))
        return self._refusals(mailbox) > 0 and self._forget(mailbox)

    @writes_durably
    def suppress(
        self, connection: Connection, mailbox: Mailbox, rule: MailboxRule, note: str, now: datetime
    ) -> MailboxRecord:
        """Send nothing more to a mailbox; mails that wait for it are held back (suppressed, by this rule)."""
        mailbox = Mailbox(mailbox_key(mailbox.address), mailbox.subscription_id)
        before = self._found(connection, mailbox)
        refusals = before.refusals if before else 0
        since = before.since if before and before.rule is rule else now
        after = MailboxRecord(mailbox, refusals, rule, since, note)
        _keep(connection, before, after)
        return after

    @writes_durably
    def restore(
        self, connection: Connection, address: str, subscription_id: str | None = None
    ) -> tuple[MailboxRecord, ...]:
        """Forget what is the matter with a mailbox, and say what that was; mails held back meanwhile stay held back.

        With a `subscription_id` only what concerns that one is forgotten; an empty one stands for what concerns all.
        """
        this = mailboxes.c.address == mailbox_key(address)
        if subscription_id is not None:
            this = and_(this, mailboxes.c.subscription_id == subscription_id)
        found = _records(connection, this)
        connection.execute(delete(mailboxes).where(this))
        return found

    @reads
    def standing(self, connection: Connection, addresses: Iterable[str]) -> dict[Mailbox, MailboxRecord]:
        """What is known of those addresses, for all subscriptions and for single ones; nothing of the others."""
        keys = sorted({mailbox_key(address) for address in addresses})
        batches = [keys[start : start + _ASKED_AT_ONCE] for start in range(0, len(keys), _ASKED_AT_ONCE)]
        return {
            record.mailbox: record
            for batch in batches
            for record in _records(connection, mailboxes.c.address.in_(batch))
        }

    @reads
    def listed(self, connection: Connection) -> tuple[MailboxRecord, ...]:
        """All mailboxes with which something is the matter, by address."""
        return _records(connection, mailboxes.c.address != "")

    @reads
    def held_back(self, connection: Connection, address: str) -> int:
        """How many mails to the address were suppressed, in all digests."""
        state = outbox.c.state == DeliveryState.SUPPRESSED.value
        query = select(outbox.c.recipient, func.count()).where(state).group_by(outbox.c.recipient)
        wanted = mailbox_key(address)
        return sum(
            count for recipient, count in connection.execute(query) if mailbox_key(recipient) == wanted
        )

    @reads
    def _refusals(self, connection: Connection, mailbox: Mailbox) -> int:
        return connection.execute(select(mailboxes.c.refusals).where(_is(mailbox))).scalar() or 0

    @writes
    def _forget(self, connection: Connection, mailbox: Mailbox) -> bool:
        before = self._found(connection, mailbox)
        if before is None or not before.refusals:
            return False
        if before.rule in (None, MailboxRule.REFUSED_FOR_GOOD):
            connection.execute(delete(mailboxes).where(_is(mailbox)))
        else:
            connection.execute(update(mailboxes).where(_is(mailbox)).values(refusals=0))
        return True

    def _found(self, connection: Connection, mailbox: Mailbox) -> MailboxRecord | None:
        """The row, nobody else changing it until this transaction ends."""
        self.database.alone(connection, f"mailbox {mailbox.address}")
        return next(iter(_records(connection, _is(mailbox))), None)


def _is(mailbox: Mailbox) -> ColumnElement[bool]:
    return and_(
        mailboxes.c.address == mailbox.address, mailboxes.c.subscription_id == mailbox.subscription_id
    )


def _records(connection: Connection, wanted: ColumnElement[bool]) -> tuple[MailboxRecord, ...]:
    query = select(mailboxes).where(wanted).order_by(mailboxes.c.address, mailboxes.c.subscription_id)
    return tuple(_record(row) for row in connection.execute(query))


def _record(row: AnyRow) -> MailboxRecord:
    return MailboxRecord(
        mailbox=Mailbox(row.address, row.subscription_id),
        refusals=row.refusals,
        rule=MailboxRule(row.rule) if row.rule else None,
        since=row.since,
        note=row.note,
    )


def _keep(connection: Connection, before: MailboxRecord | None, after: MailboxRecord) -> None:
    values = {
        "refusals": after.refusals,
        "rule": after.rule.value if after.rule else "",
        "since": after.since,
        "note": after.note[:1000],
    }
    if before is None:
        connection.execute(insert(mailboxes).values(**after.mailbox._asdict(), **values))
    else:
        connection.execute(update(mailboxes).where(_is(after.mailbox)).values(**values))
    if after.rule is not None and (before is None or before.rule is not after.rule):
        _hold_back(connection, after)


def _hold_back(connection: Connection, record: MailboxRecord) -> None:
    """Suppress the mails that wait for a mailbox, by its rule. One being sent at this moment is not recalled."""
    waiting = or_(outbox.c.state == DeliveryState.PENDING.value, outbox.c.next_try_at.is_not(None))
    named = outbox.c.state.in_(sorted(state.value for state in WAITING))
    query = select(outbox.c.id, outbox.c.recipient).join(digests).where(named, waiting)
    if record.mailbox.subscription_id:
        query = query.where(digests.c.subscription_id == record.mailbox.subscription_id)
    rows = [
        row.id
        for row in connection.execute(query.with_for_update(of=outbox)).all()
        if mailbox_key(row.recipient) == record.mailbox.address
    ]
    for start in range(0, len(rows), _ASKED_AT_ONCE):
        connection.execute(
            update(outbox)
            .where(outbox.c.id.in_(rows[start : start + _ASKED_AT_ONCE]), named)
            .values(
                state=DeliveryState.SUPPRESSED.value,
                rule=record.rule,
                last_error=record.words,
                next_try_at=None,
            )
        )
