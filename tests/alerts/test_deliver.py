"""Rounds of deliveries: everything once, through refusals, lost answers and senders that die (M04-M07)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts.channels import CHANNELS
from alerts.channels.email import EmailChannel, Envelope, SmtpSettings, TlsMode, build_message, message_id
from alerts.channels.folder import FolderChannel
from alerts.deliver import deliver
from alerts.digest import RenderedMail
from alerts.outbox import LEASE_S, WAITING, DeliveryState, OutboxItem, SendResult, lease_expired
from alerts.subscription import Recipient

START = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)


class Row:
    def __init__(self, item: OutboxItem) -> None:
        self.item = item
        self.state = DeliveryState.PENDING
        self.due_at: datetime | None = START
        self.leased_until = START
        self.errors: list[str] = []


class MemoryOutbox:
    """The port, answered in memory."""

    def __init__(self, *items: OutboxItem) -> None:
        self.rows = {item.id: Row(item) for item in items}

    def claim(self, now, lease_s, *, only=None, besides=()):
        for row in self.rows.values():
            if row.state is DeliveryState.SENDING and row.leased_until < now:
                self._become(row, lease_expired(now, doubts=row.item.doubts))
        for row in self.rows.values():
            asked = row.item.channel == only if only else row.item.channel not in besides
            if asked and row.state in WAITING and row.due_at is not None and row.due_at <= now:
                row.state = DeliveryState.SENDING
                row.leased_until = now + timedelta(seconds=lease_s)
                attempts = row.item.attempts + 1
                row.item = replace(row.item, attempts=attempts, token=f"{row.item.id}.{attempts}")
                return row.item
        return None

    def mark(self, item, becomes, now):
        row = self.rows[item.id]
        if row.state is not DeliveryState.SENDING or row.item.token != item.token:
            return False
        self._become(row, becomes)
        return True

    def hold(self, channel, until, why):
        waiting = [
            row
            for row in self.rows.values()
            if row.item.channel == channel and row.state in WAITING and row.due_at and row.due_at < until
        ]
        for row in waiting:
            row.due_at = until
            row.errors.append(why)
        return len(waiting)

    def _become(self, row, becomes):
        row.state, row.due_at = becomes.state, becomes.next_try_at
        row.item = replace(row.item, doubts=becomes.doubts)
        if becomes.raw is not None:
            row.item = replace(row.item, raw=becomes.raw, shrunk=True)
        row.errors.append(becomes.error)

    def states(self):
        return [row.state for row in self.rows.values()]


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


def outbox_row(number: int, channel: str = "smtp") -> OutboxItem:
    reader = Recipient(f"reader{number}@example.org")
    envelope = Envelope(
        sender=Recipient("tipwatch@example.org"),
        recipient=reader,
        message_id=message_id("desk-1", reader, "example.org"),
        date=START,
        list_id="desk.example.org",
    )
    raw = build_message(RenderedMail("s", "t\n", "<p>h</p>\n"), envelope)
    return OutboxItem(number, "", channel, reader, raw, 0, f"desk-1-{number}")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def smtp_to():
    def connect(port: int) -> EmailChannel:
        return EmailChannel(
            SmtpSettings("127.0.0.1", port, tls=TlsMode.NONE, timeout_s=2, data_timeout_s=0.5)
        )

    return connect


def test_every_mail_is_sent_once_and_a_second_round_sends_nothing(mail_server, new_sink, smtp_to, clock):
    sink = new_sink()
    outbox = MemoryOutbox(*(outbox_row(n) for n in range(3)))
    channels = {"smtp": smtp_to(mail_server(sink))}
    assert deliver(outbox, channels, clock).sent == 3
    assert deliver(outbox, channels, clock).deliveries == ()
    assert sorted(mail[1][0] for mail in sink.mails) == [f"reader{n}@example.org" for n in range(3)]
    assert outbox.states() == [DeliveryState.SENT] * 3


def test_m06_a_greylisted_mail_is_sent_when_its_time_has_come(mail_server, new_sink, smtp_to, clock):
    sink = new_sink(on_rcpt="451 greylisted")
    outbox, channels = MemoryOutbox(outbox_row(1)), {"smtp": smtp_to(mail_server(sink))}
    (delivery,) = deliver(outbox, channels, clock).deliveries
    assert (delivery.state, delivery.error) == (DeliveryState.RETRY, "451 greylisted")
    sink.on_rcpt = ""
    clock.forward(minutes=4)
    assert deliver(outbox, channels, clock).sent == 0
    clock.forward(minutes=1)
    assert deliver(outbox, channels, clock).sent == 1


def test_m04_a_lost_answer_leads_to_one_identical_copy_and_no_more(mail_server, new_sink, smtp_to, clock):
    sink = new_sink(on_data="cut")
    outbox, channels = MemoryOutbox(outbox_row(1)), {"smtp": smtp_to(mail_server(sink))}
    for _ in range(30):
        deliver(outbox, channels, clock)
        clock.forward(minutes=10)
    assert len(sink.mails) == 2
    assert sink.mails[0] == sink.mails[1]
    assert outbox.states() == [DeliveryState.UNKNOWN]


def test_m05_a_sender_that_dies_after_handing_over_leads_to_one_identical_copy(
    mail_server, new_sink, smtp_to, clock
):
    sink = new_sink()
    channel = smtp_to(mail_server(sink))
    outbox = MemoryOutbox(outbox_row(1))
    item = outbox.claim(clock(), LEASE_S)
    channel.send(item.raw, item.recipient, item.name)  # and dies here, before marking
    assert deliver(outbox, {"smtp": channel}, clock).deliveries == ()
    clock.forward(seconds=LEASE_S + 1)
    assert deliver(outbox, {"smtp": channel}, clock).sent == 1
    assert len(sink.mails) == 2
    assert sink.mails[0] == sink.mails[1]
    assert outbox.mark(item, lease_expired(clock()), clock()) is False


def test_m07_one_refused_recipient_keeps_nobody_else_from_the_mail(mail_server, new_sink, smtp_to, clock):
    class Picky(new_sink):
        async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
            self.on_rcpt = "550 no such mailbox" if address.startswith("reader1@") else ""
            return await super().handle_RCPT(server, session, envelope, address, options)

    sink = Picky()
    outbox = MemoryOutbox(*(outbox_row(n) for n in range(3)))
    report = deliver(outbox, {"smtp": smtp_to(mail_server(sink))}, clock)
    assert dict(report.counts) == {DeliveryState.SENT: 2, DeliveryState.FAILED: 1}
    assert outbox.states() == [DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.SENT]
    (error,) = outbox.rows[1].errors
    assert error.startswith("550 no such mailbox; correct the address")


def test_a_mail_for_a_channel_that_is_not_configured_waits(tmp_path, clock):
    outbox = MemoryOutbox(outbox_row(1, "pigeon"), outbox_row(2, "folder"))
    report = deliver(outbox, {"folder": FolderChannel(tmp_path)}, clock)
    assert [d.state for d in report.deliveries] == [DeliveryState.RETRY, DeliveryState.SENT]
    assert "pigeon" in report.deliveries[0].error
    assert report.deliveries[1].where.endswith("desk-1-2.eml")


def test_a_fault_inside_one_channel_stops_no_other_delivery(tmp_path, clock, caplog):
    class Broken:
        def send(self, raw, recipient, name):
            raise KeyError(name)

        def close(self):
            pass

    outbox = MemoryOutbox(outbox_row(1), outbox_row(2, "folder"))
    deliver(outbox, {"smtp": Broken(), "folder": FolderChannel(tmp_path)}, clock)
    assert outbox.states() == [DeliveryState.UNKNOWN, DeliveryState.SENT]
    assert "KeyError" in outbox.rows[1].errors[0]
    assert "reader1@" not in caplog.text


def test_a_round_asked_to_stop_leaves_the_rest_due(tmp_path, clock):
    outbox = MemoryOutbox(outbox_row(1, "folder"), outbox_row(2, "folder"))
    answers = iter([False, True])
    deliver(outbox, {"folder": FolderChannel(tmp_path)}, clock, stop=lambda: next(answers))
    assert outbox.states() == [DeliveryState.SENT, DeliveryState.PENDING]


def test_a_lease_that_ran_out_while_sending_is_reported_and_changes_nothing(clock):
    outbox = MemoryOutbox(outbox_row(1))

    class Slow:
        def send(self, raw, recipient, name):
            clock.forward(hours=1)
            outbox.claim(clock(), LEASE_S)  # another sender takes the row over
            return SendResult.accepted()

        def close(self):
            pass

    report = deliver(outbox, {"smtp": Slow()}, clock)
    assert [d.marked for d in report.deliveries] == [False]
    assert outbox.states() == [DeliveryState.SENDING]


def test_the_table_of_channels_names_those_that_the_configuration_may():
    assert set(CHANNELS) == {"folder", "smtp"}
