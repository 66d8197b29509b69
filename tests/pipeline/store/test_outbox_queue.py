"""The queue as a whole, on both engines: channels that wait, mails made smaller, put back, suppressed, and clocks that lie."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from alerts.outbox import DeliveryState, Next, OutboxItem
from alerts.subscription import Recipient
from pipeline.store import NewDelivery, NewDigest, Store
from pipeline.store.mailboxes import Mailbox, MailboxRule

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
def queue(store: Store, noon: datetime) -> Store:
    """Three mails and a chat message, all due."""
    store.digests.register(["desk"], noon)
    mails = [
        NewDelivery(Recipient(f"r{n}@example.org"), "smtp", f"<{n}@x>", "s", f"n{n}", b"large %d" % n)
        for n in range(3)
    ]
    chat = NewDelivery(Recipient("newsroom"), "newsroom", "<chat@x>", "s", "chat", b"hello")
    assert store.digests.save(NewDigest("d1", "desk", noon, noon, ()), [*mails, chat], noon)
    return store


def claimed(store: Store, now: datetime, only: str | None = None) -> OutboxItem:
    item = store.outbox.claim(now, 600, only=only)
    assert item is not None
    return item


def failed(store: Store, now: datetime, *, works: bool | None = None, error: str = "550 gone") -> OutboxItem:
    item = claimed(store, now, "smtp")
    assert store.outbox.mark(item, Next(DeliveryState.FAILED, None, error, address_works=works), now)
    return item


def test_a_channel_claims_its_own_rows_only(queue: Store, noon: datetime) -> None:
    assert claimed(queue, noon, "newsroom").name == "chat"
    assert queue.outbox.claim(noon, 600, only="newsroom") is None
    assert queue.outbox.claim(noon, 600, only="pigeon") is None
    assert [claimed(queue, noon, "smtp").name for _ in range(3)] == ["n0", "n1", "n2"]


def test_rows_of_channels_that_nobody_serves_are_found(queue: Store, noon: datetime) -> None:
    item = queue.outbox.claim(noon, 600, besides={"smtp"})
    assert item is not None
    assert item.channel == "newsroom"
    assert queue.outbox.claim(noon, 600, besides={"smtp", "newsroom"}) is None


def test_m15_a_channel_that_is_held_waits_without_having_been_tried_and_the_others_go_on(
    queue: Store, noon: datetime
) -> None:
    first = claimed(queue, noon, "smtp")
    queue.outbox.mark(first, Next(DeliveryState.RETRY, noon + 30 * MINUTE, "421 too many"), noon)
    assert queue.outbox.hold("smtp", noon + 5 * MINUTE, "waits: 421 too many") == 2
    assert queue.outbox.claim(noon + 5 * MINUTE - timedelta(seconds=1), 600, only="smtp") is None
    assert claimed(queue, noon, "newsroom").attempts == 1
    rows = {row.name: row for row in queue.outbox.listed()}
    assert (rows["n1"].state, rows["n1"].attempts) == (DeliveryState.PENDING, 0)
    assert rows["n1"].last_error == "waits: 421 too many"
    assert rows["n0"].last_error == "421 too many"
    again = claimed(queue, noon + 5 * MINUTE, "smtp")
    assert (again.name, again.attempts) == ("n1", 1)


def test_m08_a_mail_made_smaller_keeps_its_new_bytes_and_is_known_as_such(
    queue: Store, noon: datetime
) -> None:
    item = claimed(queue, noon, "smtp")
    assert queue.outbox.mark(item, Next(DeliveryState.RETRY, noon, "552 too large", raw=b"small"), noon)
    again = claimed(queue, noon, "smtp")
    assert (again.id, again.raw, again.shrunk, again.attempts) == (item.id, b"small", True, 2)
    assert queue.outbox.raw(item.id) == b"small"
    queue.outbox.mark(again, Next(DeliveryState.RETRY, noon + MINUTE, "451 later"), noon)
    later = claimed(queue, noon + 9 * MINUTE, "smtp")
    while later.id != item.id:
        later = claimed(queue, noon + 9 * MINUTE, "smtp")
    assert (later.raw, later.shrunk) == (b"small", True)


def test_a_mark_whose_lease_is_lost_changes_no_bytes(queue: Store, noon: datetime) -> None:
    dead = claimed(queue, noon, "smtp")
    assert claimed(queue, noon + 20 * MINUTE, "smtp").id == dead.id
    late = Next(DeliveryState.RETRY, noon, "552", raw=b"small", address_works=False)
    assert not queue.outbox.mark(dead, late, noon + 20 * MINUTE)
    assert queue.outbox.raw(dead.id) == b"large 0"
    assert queue.mailboxes.listed() == ()


def test_m06_an_address_refused_for_good_on_three_days_is_written_to_no_more(
    queue: Store, noon: datetime
) -> None:
    item = failed(queue, noon, works=False)
    for days in (1, 2):
        assert queue.outbox.requeue([item.id], noon + days * DAY) == 1
        failed(queue, noon + days * DAY, works=False)
    (record,) = queue.mailboxes.listed()
    assert (record.mailbox.address, record.rule) == ("r0@example.org", MailboxRule.REFUSED_FOR_GOOD)
    assert queue.outbox.requeue([item.id], noon + 3 * DAY) == 1
    assert claimed(queue, noon + 3 * DAY, "smtp").name == "n1"
    row = next(row for row in queue.outbox.listed() if row.id == item.id)
    assert (row.state, row.attempts) == (DeliveryState.SUPPRESSED, 3)
    assert "tipwatch mailboxes restore r0@example.org" in row.last_error


def test_m06_a_refusal_that_is_not_about_the_address_counts_for_nothing(queue: Store, noon: datetime) -> None:
    failed(queue, noon, works=None, error="550 5.7.1 by policy")
    assert queue.mailboxes.listed() == ()


def test_a_mail_that_arrives_forgets_the_refusals_before(queue: Store, noon: datetime) -> None:
    item = failed(queue, noon, works=False)
    queue.outbox.requeue([item.id], noon)
    again = claimed(queue, noon, "smtp")
    queue.outbox.mark(again, Next(DeliveryState.SENT, None, address_works=True), noon)
    assert queue.mailboxes.listed() == ()


def test_a_mailbox_closed_while_its_mail_was_on_its_way_gets_no_further_attempt(
    queue: Store, noon: datetime
) -> None:
    item = claimed(queue, noon, "smtp")  # from here on, suppressing cannot reach the row
    queue.mailboxes.suppress(Mailbox("R0@example.org", "desk"), MailboxRule.UNSUBSCRIBED, "", noon)
    queue.outbox.mark(item, Next(DeliveryState.RETRY, noon + MINUTE, "451 later"), noon)
    assert claimed(queue, noon + MINUTE, "smtp").name == "n1"
    (row,) = queue.outbox.listed([DeliveryState.SUPPRESSED])
    assert (row.name, row.attempts, row.next_try_at) == ("n0", 1, None)


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.SENT])
def test_a_row_that_is_over_is_put_back_with_its_bytes_and_its_history(
    queue: Store, noon: datetime, state: DeliveryState
) -> None:
    item = claimed(queue, noon, "smtp")
    error = "" if state is DeliveryState.SENT else "550 gone"
    queue.outbox.mark(item, Next(state, None, error, 1), noon)
    before = next(row for row in queue.outbox.listed() if row.id == item.id)
    assert queue.outbox.requeue([item.id, item.id, 999_999], noon + DAY) == 1
    put_back = next(row for row in queue.outbox.listed() if row.id == item.id)
    assert put_back.state is DeliveryState.PENDING
    assert put_back.message_id == before.message_id
    assert put_back.attempts == 1
    assert f"before, {state}" in put_back.last_error
    assert error in put_back.last_error
    assert put_back.sent_at == before.sent_at
    again = claimed(queue, noon + DAY, "smtp")
    assert (again.id, again.raw, again.attempts, again.doubts) == (item.id, item.raw, 1, 1)
    queue.outbox.mark(again, Next(DeliveryState.SENT, None), noon + DAY)
    (sent,) = queue.outbox.listed([DeliveryState.SENT])
    assert (sent.attempts, sent.sent_at) == (2, noon + DAY)


def test_rows_still_on_their_way_are_not_put_back(queue: Store, noon: datetime) -> None:
    sending, waiting = claimed(queue, noon, "smtp"), claimed(queue, noon, "smtp")
    queue.outbox.mark(waiting, Next(DeliveryState.UNKNOWN, noon + 30 * MINUTE, "lost", 1), noon)
    ids = [row.id for row in queue.outbox.listed()]
    assert queue.outbox.requeue(ids, noon) == 0
    assert queue.outbox.mark(sending, Next(DeliveryState.SENT, None), noon)


def test_the_queue_is_summed_up_by_state(queue: Store, noon: datetime) -> None:
    failed(queue, noon)
    later = claimed(queue, noon, "smtp")
    queue.outbox.mark(later, Next(DeliveryState.RETRY, noon + 5 * MINUTE, "451"), noon)
    pending, retry, gone = queue.outbox.queue_summary(noon + 2 * MINUTE)
    assert (pending.state, pending.rows, pending.due) == (DeliveryState.PENDING, 2, 2)
    assert (retry.state, retry.rows, retry.due, retry.next_try_at) == (
        DeliveryState.RETRY,
        1,
        0,
        noon + 5 * MINUTE,
    )
    assert (gone.state, gone.due) == (DeliveryState.FAILED, 0)
    assert pending.oldest_age_s(noon + 2 * MINUTE) == 120
    assert queue.outbox.queue_summary(noon + 9 * MINUTE)[1].due == 1


def test_s14_a_time_set_by_a_clock_that_was_years_ahead_silences_nothing(
    queue: Store, noon: datetime
) -> None:
    wrong = noon + 3650 * DAY
    retried = claimed(queue, wrong, "smtp")
    queue.outbox.mark(retried, Next(DeliveryState.RETRY, wrong + 5 * MINUTE, "451"), wrong)
    leased = claimed(queue, wrong, "smtp")  # its sender dies
    assert [claimed(queue, noon, "smtp").id for _ in range(2)] == [retried.id, leased.id]


def test_an_empty_queue_has_no_states(store: Store, noon: datetime) -> None:
    assert store.outbox.queue_summary(noon) == []
