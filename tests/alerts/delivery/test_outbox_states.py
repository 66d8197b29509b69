"""A machine that drives real outbox rows through everything that can happen, with a real store on SQLite (M04, M05).

Two senders claim, hand over, lose answers, are refused, die at any step and come back; clocks are put forward and back;
people put rows back. Afterwards time goes on until nothing is on its way any more.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from alerts.outbox import ENDED, LEASE_S, Concern, DeliveryState, OutboxItem, SendResult, after
from alerts.subscription import Recipient
from pipeline.store import DeliveryRecord, NewDelivery, NewDigest, Store, open_store

START = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
CHANNELS = ("smtp", "chat")
SENDERS = st.sampled_from(["one", "other"])

#: how an attempt ends, and whether the other side then has the mail
ANSWERS = {
    "accepted": (SendResult.accepted(), True),
    "lost, and it has it": (SendResult.unknown("connection lost"), True),
    "lost, and it has it not": (SendResult.unknown("connection lost"), False),
    "later": (SendResult.refused(451, "later", permanent=False), False),
    "never": (SendResult.refused(554, "never", permanent=True), False),
    "too large": (SendResult.refused(552, "too large", permanent=True).about(Concern.SIZE), False),
    "down": (SendResult.unreachable("nothing listens"), False),
}


class OutboxMachine(RuleBasedStateMachine):
    """The outbox, two senders, and what the other side has."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name) / "machine.db"
        shutil.copy(self.template, path)
        self.store: Store = open_store(f"sqlite:///{path}", now=lambda: START)
        self.now = START
        self.digests = 0
        self.in_hand: dict[str, OutboxItem | None] = {"one": None, "other": None}
        self.arrived: dict[int, list[bytes]] = defaultdict(list)
        self.doubtful: dict[int, int] = defaultdict(
            int
        )  # attempts whose outcome nobody recorded, or nobody knew
        self.put_back: dict[int, int] = defaultdict(int)
        self.built: dict[int, DeliveryRecord] = {}
        self.ended: dict[int, DeliveryState] = {}

    def teardown(self) -> None:
        try:
            self.everything_ends()
        finally:
            self.store.close()
            self._folder.cleanup()

    @initialize()
    def a_subscription(self) -> None:
        self.store.digests.register(["desk"], START)

    @rule(readers=st.integers(1, 3))
    def a_digest_is_built(self, readers: int) -> None:
        self.digests += 1
        name = f"d{self.digests}"
        mails = [
            NewDelivery(
                Recipient(f"r{n}@x.org"),
                channel,
                f"<{name}.{n}.{channel}>",
                "s",
                f"{name}.{n}.{channel}",
                b"large",
            )
            for n in range(readers)
            for channel in CHANNELS
        ]
        end = START + timedelta(seconds=self.digests)
        digest = NewDigest(name, "desk", end - timedelta(seconds=1), end, ())
        assert self.store.digests.save(digest, mails, self.now)
        assert not self.store.digests.save(digest, mails, self.now)  # another builder comes too late
        for row in self.rows():
            self.built.setdefault(row.id, row)

    @rule(sender=SENDERS, only=st.sampled_from([None, *CHANNELS]))
    def claims(self, sender: str, only: str | None) -> None:
        if self.in_hand[sender] is not None:
            self.dies(sender)
        item = self.store.outbox.claim(self.now, LEASE_S, only=only)
        if item is not None:
            assert only in (None, item.channel)
            assert item.id not in self.ended
            self.in_hand[sender] = item

    @precondition(lambda self: any(self.in_hand.values()))
    @rule(sender=SENDERS, answer=st.sampled_from(sorted(ANSWERS)))
    def is_answered(self, sender: str, answer: str) -> None:
        item = self.in_hand[sender]
        if item is None:
            return
        result, has_it = ANSWERS[answer]
        if has_it:
            self.arrived[item.id].append(item.raw)
        smaller = b"small" if not item.shrunk else None
        becomes = after(result, item.attempts, self.now, doubts=item.doubts, smaller=smaller)
        marked = self.store.outbox.mark(item, becomes, self.now)
        if not marked or becomes.state is DeliveryState.UNKNOWN:
            self.doubtful[item.id] += 1
        self.in_hand[sender] = None
        assert not self.store.outbox.mark(item, becomes, self.now)  # a second time it changes nothing

    @precondition(lambda self: any(self.in_hand.values()))
    @rule(sender=SENDERS, handed_over=st.booleans())
    def is_killed(self, sender: str, handed_over: bool) -> None:
        item = self.in_hand[sender]
        if item is not None:
            if handed_over:
                self.arrived[item.id].append(item.raw)
            self.dies(sender)

    def dies(self, sender: str) -> None:
        item = self.in_hand[sender]
        assert item is not None
        self.doubtful[item.id] += 1
        self.in_hand[sender] = None

    @rule(minutes=st.sampled_from([1, 5, 29, 31, 60, 24 * 60, 3 * 24 * 60]))
    def time_goes_on(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(hours=st.sampled_from([-6, -1, 6, -24 * 400, 24 * 400]))
    def the_clock_is_put(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(channel=st.sampled_from(CHANNELS), minutes=st.integers(1, 30))
    def a_channel_asks_for_time(self, channel: str, minutes: int) -> None:
        until = self.now + timedelta(minutes=minutes)
        before = {row.id: row.attempts for row in self.rows()}
        self.store.outbox.hold(channel, until, "waits: 421")
        assert {row.id: row.attempts for row in self.rows()} == before
        claimed = self.store.outbox.claim(self.now, LEASE_S, only=channel)
        if claimed is not None:  # only what a clock far ahead had set may still be due
            self.doubtful[claimed.id] += 1

    @precondition(lambda self: self.ended)
    @rule(pick=st.randoms(use_true_random=False))
    def people_put_one_back(self, pick: Any) -> None:
        row_id = pick.choice(sorted(self.ended))
        assert self.store.outbox.requeue([row_id], self.now) == 1
        self.put_back[row_id] += 1
        del self.ended[row_id]

    @invariant()
    def the_promises_hold(self) -> None:
        rows = self.rows()
        assert len(rows) == len(self.built)
        for row in rows:
            built = self.built[row.id]
            assert (row.message_id, row.channel, row.recipient) == (
                built.message_id,
                built.channel,
                built.recipient,
            )
            if row.id in self.ended:
                assert row.state is self.ended[row.id], "what has ended stays as it is"
            elif row.state in ENDED:
                self.ended[row.id] = row.state
            if row.state is DeliveryState.SENT:
                assert self.arrived[row.id], "sent means that the other side has it"
            copies = self.arrived[row.id]
            assert len(copies) <= 1 + self.doubtful[row.id] + self.put_back[row.id]
            # a claim in hand may be one that another sender took over meanwhile: then it counts when it ends
            assert set(copies) <= {b"large", b"small"}
        keys = {(row.digest_id, row.recipient.address, row.channel) for row in rows}
        assert len(keys) == len({row.message_id for row in rows}) == len(rows)

    def everything_ends(self) -> None:
        """Given time and a channel that works, each row ends, and nothing is lost but by a refusal for good."""
        for sender in self.in_hand:
            if self.in_hand[sender] is not None:
                self.dies(sender)
        for _ in range(12):
            while (item := self.store.outbox.claim(self.now, LEASE_S)) is not None:
                self.arrived[item.id].append(item.raw)
                assert self.store.outbox.mark(
                    item, after(SendResult.accepted(), item.attempts, self.now), self.now
                )
            self.now += timedelta(hours=5)
        for row in self.rows():
            open_to_people = row.state is DeliveryState.UNKNOWN and row.next_try_at is None
            assert row.state in ENDED or open_to_people, row
            assert self.arrived[row.id] or row.state is not DeliveryState.SENT
            if open_to_people:
                assert self.doubtful[row.id]
                assert "resend" in row.last_error
            if row.state is DeliveryState.FAILED:
                assert row.last_error
        self.the_promises_hold()

    def rows(self) -> list[DeliveryRecord]:
        return self.store.outbox.listed(limit=100_000)


def test_m05_whatever_happens_to_rows_and_senders_the_promises_hold(
    sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OutboxMachine, "template", sqlite_template, raising=False)
    run_state_machine_as_test(
        OutboxMachine,
        settings=settings(
            max_examples=20,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
