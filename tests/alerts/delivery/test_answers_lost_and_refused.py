"""M04 (answer lost), M05 (sender killed), M06 (refusals), M07 (several recipients): rows, servers and waits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from alerts.channels.email import EmailChannel, SmtpSettings
from alerts.deliver import deliver
from alerts.outbox import LEASE_S, DeliveryState, Next

MINUTE = timedelta(minutes=1)
READER = "reader@example.org"
LOST = ["cut", "stall", "trickle", "thank you", "999 what", "354 go on"]


@pytest.mark.parametrize("happens", LOST)
def test_m04_an_answer_lost_after_the_final_dot_leaves_the_row_in_doubt_for_half_an_hour(
    office: Any, happens: str
) -> None:
    office.write(READER)
    office.script.always["."] = happens
    office.send(data_timeout_s=0.4)
    assert (office.row.state, office.wait()) == (DeliveryState.UNKNOWN, 30 * MINUTE)
    assert len(office.script.mails) == 1
    assert office.row.last_error
    office.later(minutes=29)
    assert office.send().deliveries == ()


def test_m04_the_further_copy_is_byte_identical_with_the_same_message_id(office: Any) -> None:
    office.write(READER)
    office.script.next_times["."] = ["cut"]
    office.send()
    office.later(minutes=30)
    office.send()
    assert (office.row.state, office.row.last_error) == (DeliveryState.SENT, "")
    first, second = office.script.mails
    assert first == second
    assert office.script.message_ids() == {office.row.message_id}


def test_m04_a_second_lost_answer_is_left_to_people_who_are_told_what_to_do(office: Any) -> None:
    office.write(READER)
    office.script.always["."] = "cut"
    for _ in range(100):
        office.send()
        office.later(minutes=30)
    assert (office.row.state, office.wait()) == (DeliveryState.UNKNOWN, None)
    assert len(office.script.mails) == 2
    assert "tipwatch digest resend" in office.row.last_error


def test_m04_a_server_slow_to_take_a_mail_over_is_given_its_time(office: Any) -> None:
    assert SmtpSettings("mail.example.org").data_timeout_s == 600  # RFC 5321, 4.5.3.2.6
    assert SmtpSettings("mail.example.org").timeout_s == 60
    smtp = SmtpSettings("mail.example.org")
    # connecting, banner, EHLO twice, STARTTLS, two steps to log in, MAIL, RCPT, DATA, the text itself
    assert 11 * smtp.timeout_s + smtp.data_timeout_s < LEASE_S


def test_m05_a_sender_killed_before_it_marked_leads_to_one_identical_copy(office: Any) -> None:
    office.write(READER)
    smtp = EmailChannel(SmtpSettings("127.0.0.1", **office.settings))
    item = office.store.outbox.claim(office.now, LEASE_S)
    smtp.send(item.raw, item.recipient, item.name)  # and dies here
    smtp.close()
    office.later(seconds=LEASE_S - 1)
    assert office.send().deliveries == ()
    office.later(seconds=2)
    assert office.send().sent == 1
    first, second = office.script.mails
    assert first == second
    assert not office.store.outbox.mark(
        item, Next(DeliveryState.FAILED, None, "late"), office.now
    )  # should the dead one rise


def test_m05_a_mail_that_kills_its_sender_every_time_is_given_up_and_said(office: Any) -> None:
    office.write(READER)
    for _ in range(20):
        office.store.outbox.claim(office.now, LEASE_S)
        office.later(seconds=LEASE_S + 1)
    assert (office.row.state, office.row.attempts, office.wait()) == (DeliveryState.UNKNOWN, 5, None)
    assert "tipwatch digest resend" in office.row.last_error


BROKEN = [
    (step, happens)
    for step in ("banner", "EHLO", "MAIL", "RCPT", "DATA")
    for happens in ("cut", "stall", "trickle", "hello?", "999 what", "220-a\r\n" * 300)
    if (step, happens) not in {("EHLO", "hello?"), ("EHLO", "999 what")}  # then we say HELO: the next test
]


@pytest.mark.parametrize(("step", "happens"), BROKEN)
def test_m04_what_breaks_off_before_the_mail_was_handed_over_is_no_doubt(
    office: Any, step: str, happens: str
) -> None:
    office.write(READER)
    office.script.always[step] = happens
    office.send(timeout_s=0.4)
    assert (office.row.state, office.wait()) == (DeliveryState.RETRY, 5 * MINUTE)
    assert office.script.mails == []
    assert "127.0.0.1" in office.row.last_error
    office.script.always.clear()
    office.later(minutes=5)
    assert office.send().sent == 1
    assert len(office.script.mails) == 1


@pytest.mark.parametrize("answer", ["hello?", "500 unknown command"])
def test_a_server_that_knows_no_ehlo_is_greeted_as_of_old(office: Any, answer: str) -> None:
    office.write(READER)
    office.script.always["EHLO"] = answer
    assert office.send().sent == 1


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "."])
@pytest.mark.parametrize("answer", ["451 4.3.0 later", "450 busy", "452-4.2.2 the box\r\n452 4.2.2 is full"])
def test_m06_a_passing_refusal_waits_five_minutes_and_tries_again(
    office: Any, step: str, answer: str
) -> None:
    office.write(READER)
    office.script.always[step] = answer
    office.send()
    assert (office.row.state, office.wait()) == (DeliveryState.RETRY, 5 * MINUTE)
    assert office.row.last_error.startswith(answer[:3])
    assert office.script.mails == []
    office.script.always.clear()
    office.later(minutes=4, seconds=59)
    assert office.send().deliveries == ()
    office.later(seconds=1)
    assert office.send().sent == 1


def test_m06_a_server_that_greylists_gets_the_mail_the_second_time(office: Any) -> None:
    office.write(READER, "other@example.org")
    office.script.next_times["RCPT"] = [
        "451 4.7.1 Greylisted, too many unknown senders",
        "451 4.7.1 Greylisted",
    ]
    report = office.send()
    assert len(report.deliveries) == 2  # one reader's greylisting holds up nobody else
    assert office.states() == [DeliveryState.RETRY] * 2
    office.later(minutes=5)
    assert office.send().sent == 2


def test_m06_passing_refusals_are_borne_for_two_days_and_then_given_up(office: Any) -> None:
    office.write(READER)
    office.script.always["RCPT"] = "451 not now"
    begun, tries = office.now, 0
    while office.row.state is not DeliveryState.FAILED:
        tries += len(office.send().deliveries)
        last = office.now
        office.now = office.row.next_try_at or office.now
    assert timedelta(hours=44) < last - begun <= timedelta(hours=48)
    assert tries == office.row.attempts == 17
    assert "tried for two days" in office.row.last_error
    office.later(days=9)
    assert office.send().deliveries == ()


@pytest.mark.parametrize("step", ["RCPT", "DATA", "."])
@pytest.mark.parametrize("answer", ["554 no", "550 5.7.1 blocked by policy", "500 what"])
def test_m06_a_refusal_for_good_ends_the_row_at_once(office: Any, step: str, answer: str) -> None:
    office.write(READER)
    office.script.always[step] = answer
    office.send()
    assert (office.row.state, office.wait()) == (DeliveryState.FAILED, None)
    assert answer in office.row.last_error
    assert office.script.mails == []
    assert office.store.mailboxes.listed() == ()  # nothing is said against the address
    office.script.always.clear()
    office.later(days=30)
    assert office.send().deliveries == ()


@pytest.mark.parametrize(
    "answer", ["550 5.1.8 sender unknown", "530 5.7.0 Authentication required", "553 not your address"]
)
def test_m06_a_refusal_of_our_sender_is_not_held_against_the_mails(office: Any, answer: str) -> None:
    office.write("a@example.org", "b@example.org", "c@example.org")
    office.script.always["MAIL"] = answer
    report = office.send()
    assert [row.attempts for row in office.rows()] == [1, 0, 0]
    assert [held.channel for held in report.held] == ["smtp"]
    assert "mail.sender" in office.rows()[0].last_error
    office.script.always.clear()  # somebody corrected the configuration
    office.later(minutes=5)
    assert office.send().sent == 3


@pytest.mark.parametrize(
    "answer", ["550 no such mailbox", "550 5.1.1 user unknown", "553 no such user", "551 5.1.6 moved away"]
)
def test_m06_an_address_that_does_not_exist_is_counted_and_closed_on_the_third_day(
    office: Any, answer: str
) -> None:
    office.script.always["RCPT"] = answer
    for _ in range(3):
        office.write(READER)
        office.send()
        office.later(days=1)
    assert office.states() == [DeliveryState.FAILED] * 3
    assert "correct the address" in office.rows()[0].last_error
    (mailbox,) = office.store.mailboxes.listed()
    assert (mailbox.mailbox.address, mailbox.refusals) == (READER, 3)
    assert mailbox.rule == "refused_for_good"
    office.write(READER)  # built before anybody looked
    office.script.heard.clear()
    assert office.send().deliveries == ()
    assert office.states()[-1] is DeliveryState.SUPPRESSED
    assert office.script.heard == []


@pytest.mark.parametrize(
    "answer", ["550 5.7.1 rejected by policy", "550 blocked: see the block list", "554 5.7.1 relay denied"]
)
def test_m06_a_refusal_by_policy_is_not_the_fault_of_the_address(office: Any, answer: str) -> None:
    office.write(READER)
    office.script.always["RCPT"] = answer
    office.send()
    assert office.row.state is DeliveryState.FAILED
    assert office.store.mailboxes.listed() == ()
    assert "policy" in office.row.last_error


def test_m07_one_refused_recipient_keeps_nobody_else_from_the_mail(office: Any) -> None:
    office.script.always |= {"gone@example.org": "550 5.1.1 gone", "busy@example.org": "450 busy"}
    office.write("a@example.org", "gone@example.org", "busy@example.org", "b@example.org")
    office.send()
    state = DeliveryState
    assert office.states() == [state.SENT, state.FAILED, state.RETRY, state.SENT]
    assert [to for _, to, _ in office.script.mails] == ["a@example.org", "b@example.org"]
    assert [office.wait(row) for row in office.rows()] == [None, None, 5 * MINUTE, None]


def test_m07_every_recipient_has_a_transaction_and_a_message_of_their_own(office: Any) -> None:
    office.write("a@example.org", "b@example.org", "c@example.org")
    office.send()
    assert len(office.script.message_ids()) == 3
    for _, to, raw in office.script.mails:
        assert raw.count(b"@example.org>") >= 1
        assert [line for line in raw.split(b"\r\n") if line.startswith(b"To: ")] == [b"To: %b" % to.encode()]
    assert office.script.connections == 1


def test_a_connection_closed_while_idle_is_opened_again_and_costs_no_attempt(office: Any) -> None:
    office.write("a@example.org", "b@example.org")
    office.script.next_times["MAIL"] = [None, "421 4.4.2 idle for too long"]
    assert office.send().sent == 2
    assert office.script.connections == 2
    assert [row.attempts for row in office.rows()] == [1, 1]


def test_an_answer_of_several_lines_is_one_answer(office: Any) -> None:
    office.write(READER)
    office.script.always["."] = "250-2.0.0 thanks\r\n250-for the\r\n250 mail"
    smtp = EmailChannel(SmtpSettings("127.0.0.1", **office.settings))
    (delivery,) = deliver(office.store.outbox, {"smtp": smtp}, office.clock).deliveries
    assert (delivery.state, delivery.where) == (DeliveryState.SENT, "2.0.0 thanks for the mail")
