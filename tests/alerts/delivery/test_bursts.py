"""M15: many mails at once, servers that want fewer, channels that are down or slow beside others that are not."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from alerts.channels.email import EmailChannel, SmtpSettings
from alerts.channels.folder import FolderChannel
from alerts.channels.pace import Pace, per_minute_of
from alerts.deliver import deliver
from alerts.outbox import DeliveryState, SendResult
from alerts.subscription import Recipient
from pipeline.store import NewDelivery, NewDigest

MINUTE = timedelta(minutes=1)
MANY = [f"r{n:03}@example.org" for n in range(40)]


class HandClock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_s += seconds

    def pace(self, per_minute: int | None) -> Pace:
        return Pace(per_minute, self.monotonic, self.sleep)


def paced(office: Any, hand: HandClock, per_minute: int, **more: Any) -> Any:
    smtp = EmailChannel(SmtpSettings("127.0.0.1", **office.settings, per_minute=per_minute))
    return deliver(office.store.outbox, {"smtp": smtp}, office.clock, pace=hand.pace, **more)


def test_m15_a_server_is_given_at_most_so_many_mails_in_any_minute(office: Any) -> None:
    office.write(*MANY[:25])
    hand, taken = HandClock(), []
    original = office.script.handle_DATA

    async def timed(server: Any, session: Any, envelope: Any) -> str:
        taken.append(hand.now_s)
        return await original(server, session, envelope)

    office.script.handle_DATA = timed
    assert paced(office, hand, 10).sent == 25
    assert all(sum(at <= other < at + 60 for other in taken) <= 10 for at in taken)
    assert hand.now_s == pytest.approx(120, abs=1)
    assert max(hand.slept) <= 0.25  # whoever asks us to stop does not wait long


def test_m15_the_shipped_pace_is_sixty_a_minute_and_folders_have_none() -> None:
    assert per_minute_of(EmailChannel(SmtpSettings("mail.example.org"))) == 60
    assert per_minute_of(FolderChannel(Path())) is None


def test_m15_waiting_for_the_next_minute_ends_when_asked_to_stop(office: Any) -> None:
    office.write(*MANY[:5])
    hand = HandClock()
    report = paced(office, hand, 2, stop=lambda: hand.now_s > 1)
    assert report.sent == 2
    assert hand.now_s < 2
    assert office.states().count(DeliveryState.PENDING) == 3  # waiting is done before a row is claimed


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("banner", "421 4.7.0 too many connections"),
        ("MAIL", "421 too busy"),
        ("RCPT", "450 4.7.1 too many messages, slow down"),
        ("RCPT", "451 4.7.28 our system has detected an unusual rate; limit exceeded"),
        (".", "421 4.7.0 try again later"),
    ],
)
def test_m15_a_server_that_asks_us_to_slow_down_is_not_asked_again_for_each_mail(
    office: Any, step: str, answer: str
) -> None:
    office.write(*MANY)
    # on a connection in use, 421 may only mean that it was idle for too long: it is believed on a fresh one
    office.script.next_times[step] = [answer] if step == "banner" else [None, None, answer, answer]
    report = office.send()
    came = 0 if step == "banner" else 2
    assert report.sent == came
    assert len(report.deliveries) == came + 1
    rows = office.rows()
    waiting = rows[came + 1 :]
    assert {row.attempts for row in waiting} == {0}
    assert {office.wait(row) for row in rows[came:]} == {5 * MINUTE}
    assert all(answer[:3] in row.last_error for row in waiting)
    (held,) = report.held
    assert (held.channel, held.rows, held.until) == ("smtp", len(waiting), office.now + 5 * MINUTE)
    assert office.send().deliveries == ()
    office.later(minutes=5)
    office.script.next_times.clear()
    assert office.send().sent == len(MANY) - came
    assert len(office.script.mails) == len(MANY)


def test_m15_a_server_that_stays_busy_is_given_ever_more_time_up_to_half_an_hour(office: Any) -> None:
    office.write(MANY[0])
    office.script.always["MAIL"] = "421 busy"
    rests = []
    for _ in range(6):
        (held,) = office.send().held
        rests.append((held.until - office.now) / MINUTE)
        office.now = office.row.next_try_at
    assert rests == [5, 15, 30, 30, 30, 30]


def test_m15_a_server_that_is_down_is_tried_once_a_round_and_not_for_every_mail(
    office: Any, unused_port: int
) -> None:
    office.write(*MANY)
    up, office.settings["port"] = office.settings["port"], 1
    report = office.send()
    assert len(report.deliveries) == 1
    assert [held.until for held in report.held] == [None]
    assert "nothing listens" in report.held[0].why
    assert [row.attempts for row in office.rows()] == [1] + [0] * (len(MANY) - 1)
    assert len(office.send().deliveries) == 1  # the next round tries another one
    office.settings["port"] = up
    office.later(minutes=5)
    assert office.send().sent == len(MANY)


def test_m15_a_mail_that_makes_the_server_break_off_does_not_give_up_the_channel(office: Any) -> None:
    office.write("poison@example.org", *MANY[:3])
    office.script.always["poison@example.org"] = "cut"
    report = office.send()
    assert report.sent == 3
    assert office.states()[0] is DeliveryState.RETRY


def test_m15_a_server_that_breaks_off_every_time_is_left_alone_after_the_third(office: Any) -> None:
    office.write(*MANY)
    office.script.always["RCPT"] = "cut"
    assert len(office.send().deliveries) == 3


class Stalled:
    """A channel whose other side does not answer."""

    def __init__(self) -> None:
        self.asked, self.released = threading.Event(), threading.Event()

    def send(self, raw: bytes, recipient: Recipient, name: str) -> SendResult:
        self.asked.set()
        assert self.released.wait(60)
        return SendResult.accepted()

    def close(self) -> None:
        """Nothing is held open."""


def also_by_chat(office: Any) -> None:
    chat = NewDelivery(Recipient("chat"), "chat", "<chat@x>", "News", "chat", b"hello")
    digest = NewDigest("chat", "desk", office.now, office.now - MINUTE, ())
    assert office.store.digests.save(digest, [chat], office.now)


def test_m15_a_channel_that_does_not_answer_holds_up_no_other(office: Any) -> None:
    also_by_chat(office)
    office.write(*MANY[:3])
    stalled = Stalled()
    smtp = EmailChannel(SmtpSettings("127.0.0.1", **office.settings))
    reports: list[Any] = []
    round_ = threading.Thread(
        target=lambda: reports.append(
            deliver(office.store.outbox, {"chat": stalled, "smtp": smtp}, office.clock)
        )
    )
    round_.start()
    assert stalled.asked.wait(60)
    for _ in range(600):
        if len(office.script.mails) == 3:
            break
        threading.Event().wait(0.1)
    assert len(office.script.mails) == 3  # all mail is out while the other channel still waits for its answer
    stalled.released.set()
    round_.join(60)
    assert reports[0].sent == 4


def test_m15_a_store_that_fails_under_one_channel_ends_the_round_and_is_told(
    office: Any, tmp_path: Path
) -> None:
    also_by_chat(office)
    office.write(*MANY[:3])

    class Failing:
        def __getattr__(self, name: str) -> Any:
            return getattr(office.store.outbox, name)

        def mark(self, *_: Any) -> bool:
            raise OSError("disk full")

    channels = {
        "folder": FolderChannel(tmp_path),
        "smtp": EmailChannel(SmtpSettings("127.0.0.1", **office.settings)),
    }
    with pytest.raises(OSError, match="disk full"):
        deliver(Failing(), channels, office.clock)
