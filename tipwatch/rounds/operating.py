"""The operator's round: at its local time, once for each window, a mail that says how the house fares."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.channels.email import Envelope, build_message, message_id
from alerts.channels.folder import file_name
from alerts.deliver import DeliveryReport
from alerts.digest import RenderedMail
from alerts.operator import OPERATOR, OperatorReport, render_report
from alerts.subscription import Recipient, Schedule, Subscription
from alerts.windows import Window, windows_due
from pipeline.rules import RulePack
from pipeline.store import DigestKind, NewDelivery, NewDigest, Store
from tipwatch.clock import utc_now
from tipwatch.config import Config, Operator
from tipwatch.rounds.desk import Desk, digest_id
from tipwatch.rounds.digesting import send_due
from tipwatch.rounds.reporting import report_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Operated:
    """What an operator's round did. `report`: None when it was not due, or another process was quicker."""

    report: OperatorReport | None
    delivered: DeliveryReport


def operator_round(
    config: Config,
    store: Store,
    pack: RulePack,
    clock: Callable[[], datetime] = utc_now,
    stop: Callable[[], bool] = lambda: False,
    *,
    at_once: bool = False,
) -> Operated:
    """Build the operator's mail if its window is over (or `at_once`), and send it.

    Nothing happens where no operator is configured. Its rows go through the same outbox as all others; one that is
    not sent here is sent by the next digest round.

    Raises:
        AlertError: the mail cannot be built; its window stays open.
    """
    operator = config.operator
    if operator is None:
        return Operated(None, DeliveryReport())
    desk = Desk(config, store, pack, clock())
    if OPERATOR not in store.ledger.subscriptions():
        store.digests.register([OPERATOR], desk.now)
    window = window_over(desk, operator, at_once=at_once)
    if window is None:
        return Operated(None, DeliveryReport())
    report = report_of(desk, operator, window)
    row = NewDigest(
        digest_id(OPERATOR, window.end), OPERATOR, window.start, window.end, (), DigestKind.OPERATOR
    )
    if not store.digests.save(row, mails(desk, operator, report, row.id), desk.now):
        log.info("the operator's window ending %s has its mail already", window.end.isoformat())
        return Operated(None, DeliveryReport())
    return Operated(report, send_due(config, store, clock, stop))


def window_over(desk: Desk, operator: Operator, *, at_once: bool) -> Window | None:
    """The window to close now; None while it is open. The first begins when an operator was first configured."""
    since = desk.store.digests.state(OPERATOR).since
    last_end = desk.store.ledger.last_window_end(OPERATOR, DigestKind.OPERATOR)
    if at_once:
        start = last_end or since
        return Window(start, desk.now) if desk.now > start else None
    due = windows_due(as_subscription(operator), since, last_end, desk.now)
    return due[0] if due else None


def as_subscription(operator: Operator) -> Subscription:
    """The operator's times and readers, as windows are computed from them."""
    return Subscription(
        id=OPERATOR,
        title="tipwatch",
        recipients=operator.recipients,
        topics=(),
        timezone=operator.timezone,
        schedule=operator.schedule,
        language=operator.language,
    )


@dataclass(frozen=True, slots=True)
class OperatorPreview:
    """The operator's mail as it would go out now; `raw` is None where nobody is configured to get it."""

    report: OperatorReport
    mail: RenderedMail
    raw: bytes | None


def operator_preview(desk: Desk) -> OperatorPreview:
    """The operator's mail as it would go out now, also where no operator is configured. Changes nothing."""
    operator = desk.config.operator or Operator((), Schedule(), "UTC", "en")
    last_end = desk.store.ledger.last_window_end(OPERATOR, DigestKind.OPERATOR)
    window = Window(last_end or desk.now - timedelta(days=1), desk.now)
    report = report_of(desk, operator, window)
    built = mails(desk, operator, report, digest_id(OPERATOR, window.end))
    first = operator.recipients[0].language if operator.recipients else None
    return OperatorPreview(report, render_report(report, language=first), built[0].raw if built else None)


def mails(desk: Desk, operator: Operator, report: OperatorReport, named: str) -> tuple[NewDelivery, ...]:
    """One mail for each reader, in the reader's language, its bytes and Message-ID fixed here."""
    readers = {reader.address.lower(): reader for reader in reversed(operator.recipients)}
    return tuple(mail_to(desk, report, named, reader) for reader in reversed(readers.values()))


def mail_to(desk: Desk, report: OperatorReport, named: str, reader: Recipient) -> NewDelivery:
    """The mail for one reader."""
    settings = desk.config.mail
    mail = render_report(report, language=reader.language)
    envelope = Envelope(
        sender=settings.sender,
        recipient=reader,
        message_id=message_id(named, reader, settings.public_name),
        date=desk.now,
        list_id=f"{OPERATOR}.{settings.public_name}",
        list_name="tipwatch",
        language=reader.language or report.language,
    )
    return NewDelivery(
        recipient=reader,
        channel=settings.transport,
        message_id=envelope.message_id,
        subject=mail.subject,
        name=file_name(OPERATOR, named, reader),
        raw=build_message(mail, envelope),
    )
