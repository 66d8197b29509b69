from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from alerts.outbox import DeliveryState, Next, OutboxItem, OutboxPort
from alerts.subscription import Recipient
from pipeline.store import NewDelivery, NewDigest, Store, open_store

MINUTE = timedelta(minutes=1)


def fill(store: Store, noon: datetime, count: int = 1) -> None:
    store.digests.register(["desk"], noon)
    mails = [
        NewDelivery(
            Recipient(f"r{number}@example.org"),
            "email",
            f"<{number}@x>",
            "s",
            f"n{number}",
            b"raw%d" % number,
        )
        for number in range(count)
    ]
    assert store.digests.save(NewDigest("d1", "desk", noon, noon, ()), mails, noon)


def claimed(store: Store, now: datetime) -> OutboxItem:
    item = store.outbox.claim(now, 600)
    assert item is not None
    return item


def test_the_store_is_what_alerts_asks_for(store: Store) -> None:
    port: OutboxPort = store.outbox
    assert port is store.outbox


def test_a_row_is_claimed_once_and_sent_once(store: Store, noon: datetime) -> None:
    fill(store, noon)
    item = claimed(store, noon)
    assert (item.raw, item.attempts, item.channel, item.name) == (b"raw0", 1, "email", "n0")
    assert store.outbox.claim(noon, 600) is None
    assert store.outbox.mark(item, Next(DeliveryState.SENT, None), noon + MINUTE)
    (row,) = store.outbox.listed()
    assert (row.state, row.sent_at, row.attempts) == (DeliveryState.SENT, noon + MINUTE, 1)
    assert store.outbox.claim(noon + timedelta(days=9), 600) is None


def test_a_refused_row_waits_for_its_next_try(store: Store, noon: datetime) -> None:
    fill(store, noon)
    store.outbox.mark(
        claimed(store, noon), Next(DeliveryState.RETRY, noon + 5 * MINUTE, "451 later", 1), noon
    )
    assert store.outbox.claim(noon + 5 * MINUTE - timedelta(seconds=1), 600) is None
    again = claimed(store, noon + 5 * MINUTE)
    assert (again.attempts, again.doubts, again.raw) == (2, 1, b"raw0")


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.SUPPRESSED, DeliveryState.UNKNOWN])
def test_a_row_without_a_next_try_is_left_to_people(
    store: Store, noon: datetime, state: DeliveryState
) -> None:
    fill(store, noon)
    store.outbox.mark(claimed(store, noon), Next(state, None, "no such mailbox"), noon)
    assert store.outbox.claim(noon + timedelta(days=30), 600) is None
    assert [row.last_error for row in store.outbox.listed([state])] == ["no such mailbox"]
    assert store.outbox.listed([DeliveryState.SENT]) == []


def test_an_expired_lease_gives_the_same_bytes_to_another_and_the_old_claim_marks_nothing(
    store: Store, noon: datetime
) -> None:
    fill(store, noon)
    dead = claimed(store, noon)
    assert store.outbox.claim(noon + timedelta(seconds=600), 600) is None  # the lease still holds
    heir = claimed(store, noon + timedelta(seconds=601))
    assert (heir.raw, heir.attempts, heir.doubts) == (dead.raw, 2, 1)
    assert not store.outbox.mark(dead, Next(DeliveryState.SENT, None), noon)
    assert store.outbox.counts() == {DeliveryState.SENDING: 1}
    assert store.outbox.mark(heir, Next(DeliveryState.SENT, None), noon)


def test_two_stores_that_claim_at_once_never_get_one_row_twice(
    store: Store, store_url: str, noon: datetime
) -> None:
    fill(store, noon, count=40)
    taken: list[int] = []

    def work() -> None:
        with open_store(store_url, now=lambda: noon) as own:
            while (item := own.outbox.claim(noon, 600)) is not None:
                taken.append(item.id)
                own.outbox.mark(item, Next(DeliveryState.SENT, None), noon)

    both = [threading.Thread(target=work) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(taken) == len(set(taken)) == 40
    assert store.outbox.counts() == {DeliveryState.SENT: 40}
