"""What a delivery becomes: M04 (answer lost), M05 (sender killed), M06 (refusals)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts.outbox import WAITING, DeliveryState, Next, SendOutcome, SendResult, after, lease_expired

NOW = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
BUSY = SendResult.refused(451, "try again later", permanent=False)
GONE = SendResult.refused(550, "no such mailbox", permanent=True)
LOST = SendResult.unknown("connection lost")


def test_an_accepted_mail_is_sent_and_never_due_again():
    assert after(SendResult.accepted("queued"), 1, NOW) == Next(DeliveryState.SENT, None, address_works=True)


def test_m06_passing_refusals_wait_longer_and_longer_and_end_after_two_days():
    waits = []
    attempts = 1
    while (becomes := after(BUSY, attempts, NOW)).state is DeliveryState.RETRY:
        waits.append(becomes.next_try_at - NOW)
        attempts += 1
    minutes = [wait / timedelta(minutes=1) for wait in waits]
    assert minutes[:7] == [5, 15, 30, 60, 120, 240, 240]
    assert timedelta(hours=44) < sum(waits, timedelta()) <= timedelta(hours=48)
    assert becomes == Next(DeliveryState.FAILED, None, "451 try again later (tried for two days)")


def test_m06_a_permanent_refusal_is_final_and_says_why():
    assert after(GONE, 1, NOW) == Next(DeliveryState.FAILED, None, "550 no such mailbox")


def test_a_server_that_is_not_reached_is_tried_again():
    becomes = after(SendResult.unreachable("nothing listens"), 1, NOW)
    assert (becomes.state, becomes.next_try_at) == (DeliveryState.RETRY, NOW + timedelta(minutes=5))


def test_m04_a_lost_answer_leads_to_one_more_copy_after_half_an_hour_and_no_third():
    first = after(LOST, 1, NOW)
    assert first.state is DeliveryState.UNKNOWN
    assert first.next_try_at == NOW + timedelta(minutes=30)
    second = after(LOST, 2, NOW, doubts=first.doubts)
    assert (second.state, second.next_try_at) == (DeliveryState.UNKNOWN, None)


def test_m04_a_refusal_after_a_lost_answer_says_that_the_mail_may_be_there():
    first = after(LOST, 1, NOW)
    assert "may have arrived" in after(GONE, 2, NOW, doubts=first.doubts).error


def test_m05_a_row_whose_sender_died_is_due_at_once_but_not_for_ever():
    doubts, tries = 0, 0
    while (becomes := lease_expired(NOW, doubts=doubts)).next_try_at is not None:
        assert becomes.state is DeliveryState.UNKNOWN
        assert becomes.next_try_at == NOW
        doubts, tries = becomes.doubts, tries + 1
    assert tries == 4


OUTCOMES = st.one_of(
    st.builds(SendResult, st.sampled_from(SendOutcome), st.text(max_size=20), permanent=st.booleans()),
    st.none(),  # killed while sending
)


@given(st.lists(OUTCOMES, max_size=40))
def test_whatever_happens_a_row_ends_and_is_never_due_once_it_is_sent_or_failed(happenings):
    now, doubts, possible_copies = NOW, 0, 0
    state: DeliveryState = DeliveryState.PENDING
    for attempts, result in enumerate(happenings, start=1):
        becomes = lease_expired(now, doubts=doubts)
        if result is not None:
            becomes = after(result, attempts, now, doubts=doubts)
        in_doubt = result is None or result.outcome is SendOutcome.UNKNOWN
        possible_copies += in_doubt or result.outcome is SendOutcome.ACCEPTED
        assert becomes.doubts == doubts + in_doubt
        doubts, state = becomes.doubts, becomes.state
        if becomes.next_try_at is None:
            break
        assert state in WAITING
        assert becomes.next_try_at >= now
        now = becomes.next_try_at
    assert possible_copies <= doubts + 1
    if state in {DeliveryState.SENT, DeliveryState.FAILED}:
        assert becomes.next_try_at is None
