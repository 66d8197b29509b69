"""Mailboxes that refuse, are left or are closed: what is counted, what is held back, and how it is undone."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.outbox import DeliveryState, Next
from alerts.subscription import Recipient
from pipeline.store import (
    Mailbox,
    MailboxRecord,
    MailboxRule,
    NewDelivery,
    NewDigest,
    Store,
    suppressed_by,
)

DAY = timedelta(days=1)
READER = "Reader@Bücher.example"
KEY = "reader@xn--bcher-kva.example"


def build(store: Store, now: datetime, digest: str, subscription: str, *mails: NewDelivery) -> None:
    store.digests.register([subscription], now)
    assert store.digests.save(NewDigest(digest, subscription, now - DAY, now, ()), mails, now)


def mail(name: str, address: str = READER, channel: str = "smtp", **more: str) -> NewDelivery:
    return NewDelivery(Recipient(address), channel, f"<{name}@x>", "s", name, b"raw", **more)


def rule_for(store: Store, address: str, subscription: str = "desk") -> MailboxRule | None:
    record = suppressed_by(store.mailboxes.standing([address]), Recipient(address), subscription)
    return record.rule if record else None


def test_the_third_refusal_in_a_row_closes_a_mailbox(store: Store, noon: datetime) -> None:
    for day in range(3):
        assert rule_for(store, READER) is None
        last = store.mailboxes.refused(READER, "550 5.1.1 no such user", noon + day * DAY)
    assert (last.rule, last.refusals, last.since) == (MailboxRule.REFUSED_FOR_GOOD, 3, noon + 2 * DAY)
    assert rule_for(store, KEY.upper()) is MailboxRule.REFUSED_FOR_GOOD
    assert rule_for(store, "other@example.org") is None
    assert "550 5.1.1 no such user" in last.words
    assert f"tipwatch mailboxes restore {KEY}" in last.words


def test_an_hour_in_which_a_server_refuses_everything_closes_nothing(store: Store, noon: datetime) -> None:
    for minute in range(50):
        last = store.mailboxes.refused(READER, "550", noon + timedelta(minutes=minute))
    assert (last.rule, last.refusals, last.since) == (None, 50, noon)
    assert store.mailboxes.refused(READER, "550", noon + DAY).rule is MailboxRule.REFUSED_FOR_GOOD


def test_a_mail_that_is_taken_ends_the_row_of_refusals(store: Store, noon: datetime) -> None:
    assert not store.mailboxes.accepted(READER)
    for day in range(2):
        store.mailboxes.refused(READER, "550", noon + day * DAY)
    assert store.mailboxes.accepted(READER)
    assert store.mailboxes.listed() == ()
    assert store.mailboxes.refused(READER, "550", noon + 3 * DAY).refusals == 1


def test_a_mail_taken_opens_what_refusals_closed_and_nothing_else(store: Store, noon: datetime) -> None:
    for day in range(3):
        store.mailboxes.refused(READER, "550", noon + day * DAY)
        store.mailboxes.refused("closed@example.org", "550", noon + day * DAY)
    store.mailboxes.suppress(Mailbox("closed@example.org"), MailboxRule.BY_OPERATOR, "", noon)
    assert store.mailboxes.accepted(READER)
    assert store.mailboxes.accepted("closed@example.org")
    assert [(one.mailbox.address, one.rule, one.refusals) for one in store.mailboxes.listed()] == [
        ("closed@example.org", MailboxRule.BY_OPERATOR, 0)
    ]


def test_a_reader_leaves_one_subscription_and_is_told_by_the_others(store: Store, noon: datetime) -> None:
    store.mailboxes.suppress(Mailbox(READER, "desk"), MailboxRule.UNSUBSCRIBED, "one click", noon)
    assert rule_for(store, READER, "desk") is MailboxRule.UNSUBSCRIBED
    assert rule_for(store, READER, "night") is None
    store.mailboxes.suppress(Mailbox(READER), MailboxRule.BY_OPERATOR, "", noon)
    assert rule_for(store, READER, "night") is MailboxRule.BY_OPERATOR


def test_closing_again_keeps_the_day_and_takes_the_new_note(store: Store, noon: datetime) -> None:
    closed = Mailbox(READER)
    store.mailboxes.suppress(closed, MailboxRule.BY_OPERATOR, "on leave", noon)
    again = store.mailboxes.suppress(closed, MailboxRule.BY_OPERATOR, "left the house", noon + DAY)
    assert (again.since, again.note) == (noon, "left the house")
    refused = store.mailboxes.refused(READER, "550", noon + DAY)  # sent by hand, say
    assert (refused.rule, refused.note, refused.refusals) == (MailboxRule.BY_OPERATOR, "left the house", 1)


def test_what_waits_for_a_mailbox_is_held_back_when_it_closes(store: Store, noon: datetime) -> None:
    build(store, noon, "d1", "desk", mail("a", KEY), mail("b", "other@example.org"))
    build(store, noon, "d2", "night", mail("c"))
    build(store, noon, "d3", "dawn", mail("d"))
    sent = store.outbox.claim(noon, 600)
    assert sent is not None
    store.outbox.mark(sent, Next(DeliveryState.SENT, None), noon)
    store.mailboxes.suppress(Mailbox(READER, "night"), MailboxRule.UNSUBSCRIBED, "one click", noon)
    states = {row.name: row.state for row in store.outbox.listed()}
    assert states == {
        "a": DeliveryState.SENT,
        "b": DeliveryState.PENDING,
        "c": DeliveryState.SUPPRESSED,
        "d": DeliveryState.PENDING,
    }
    store.mailboxes.suppress(Mailbox(READER), MailboxRule.BY_OPERATOR, "", noon)
    rows = {row.name: row for row in store.outbox.listed()}
    assert rows["d"].state is DeliveryState.SUPPRESSED
    assert "was closed" in rows["d"].last_error
    assert "left night" in rows["c"].last_error
    assert rows["b"].state is DeliveryState.PENDING
    assert store.mailboxes.held_back(KEY) == 2
    assert store.outbox.claim(noon, 600).name == "b"
    assert store.outbox.claim(noon + 9 * DAY, 600).name == "b"  # its lease ran out; nothing else is due


def test_a_mail_for_a_closed_mailbox_is_kept_with_its_rule_and_never_sent(
    store: Store, noon: datetime
) -> None:
    record = store.mailboxes.suppress(Mailbox(READER), MailboxRule.BY_OPERATOR, "on leave", noon)
    build(store, noon, "d1", "desk", mail("a", rule=str(record.rule), why=record.words))
    (row,) = store.outbox.listed()
    assert (row.state, row.last_error) == (DeliveryState.SUPPRESSED, record.words)
    assert store.outbox.raw(row.id) == b"raw"
    assert store.outbox.claim(noon + 9 * DAY, 600) is None


def test_a_mailbox_is_opened_for_one_subscription_or_altogether(store: Store, noon: datetime) -> None:
    for subscription in ("", "desk", "night"):
        store.mailboxes.suppress(Mailbox(READER, subscription), MailboxRule.BY_OPERATOR, "", noon)
    (gone,) = store.mailboxes.restore(KEY, "desk")
    assert gone.mailbox == Mailbox(KEY, "desk")
    (gone,) = store.mailboxes.restore(KEY, "")
    assert gone.mailbox == Mailbox(KEY)
    assert [one.mailbox for one in store.mailboxes.listed()] == [Mailbox(KEY, "night")]
    assert len(store.mailboxes.restore(READER)) == 1
    assert store.mailboxes.restore(READER) == ()
    assert rule_for(store, READER, "night") is None


def test_many_addresses_are_asked_for_at_once(store: Store, noon: datetime) -> None:
    addresses = [f"r{number}@example.org" for number in range(1200)]
    store.mailboxes.suppress(Mailbox(addresses[1100]), MailboxRule.BY_OPERATOR, "", noon)
    assert list(store.mailboxes.standing(addresses)) == [Mailbox(addresses[1100])]
    assert store.mailboxes.standing([]) == {}


def test_refusals_counted_by_several_at_once_are_all_counted(store: Store, noon: datetime) -> None:
    threads = [threading.Thread(target=store.mailboxes.refused, args=(READER, "550", noon)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.refusals for one in store.mailboxes.listed()] == [8]


@pytest.mark.parametrize("rule", list(MailboxRule))
def test_every_rule_says_in_words_what_it_is_and_how_to_end_it(rule: MailboxRule, noon: datetime) -> None:
    record = MailboxRecord(Mailbox(KEY, "desk"), 3, rule, noon, "a note")
    assert KEY in record.words
    assert "a note" in record.words
    assert "tipwatch mailboxes restore" in record.words
    assert "\n" not in record.words
    assert "refused 3 times" in replace(record, rule=None).words


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["desk", "night"]), st.sampled_from(["desk", "night", ""]), st.booleans())
def test_a_mail_is_suppressed_exactly_when_a_rule_names_its_mailbox_and_subscription(
    asked: str, closed: str, other_person: bool
) -> None:
    mailbox = Mailbox("x@example.org" if other_person else KEY, closed)
    record = MailboxRecord(mailbox, 0, MailboxRule.BY_OPERATOR, datetime(2026, 1, 1), "")  # noqa: DTZ001
    found = suppressed_by({mailbox: record}, Recipient(READER), asked)
    assert (found is record) == (not other_person and closed in ("", asked))
    unruled = replace(record, rule=None)
    assert suppressed_by({mailbox: unruled}, Recipient(READER), asked) is None
