"""The operator's round: once for each window, at its local time, and never at the cost of a digest."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest

from alerts.operator import NeedKind
from alerts.subscription import Recipient, Schedule
from pipeline.store import DigestKind
from tipwatch.cli import service
from tipwatch.config import Operator
from tipwatch.rounds import operating
from tipwatch.rounds.desk import Desk
from tipwatch.rounds.operating import Operated, operator_preview, operator_round

if TYPE_CHECKING:
    from tests.tipwatch.ledger.conftest import LedgerRoom

DAY = timedelta(days=1)


@pytest.fixture
def manned_room(ledger_room: LedgerRoom) -> LedgerRoom:
    """A newsroom whose operator is told at six in the morning in Minsk, one of them in Russian."""
    readers = (Recipient("ops@example.org"), Recipient("admin@example.org", "Admin", language="ru"))
    operator = Operator(readers, Schedule(at=(time(6),)), "Europe/Minsk", "en")
    ledger_room.config = replace(ledger_room.config, operator=operator)
    return ledger_room


def operate(room: LedgerRoom, **order: bool) -> Operated:
    return operator_round(room.config, room.store, room.pack, lambda: room.now, **order)  # type: ignore[arg-type]


def mails(room: LedgerRoom) -> list[EmailMessage]:
    found = (room.folder / "mail").rglob("operator*.eml")
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(found)]  # type: ignore[misc]


def test_each_window_is_told_once_at_its_local_time(manned_room: LedgerRoom) -> None:
    assert operate(manned_room).report is None, "it was configured just now"
    manned_room.now = datetime(2026, 11, 13, 2, 59, tzinfo=UTC)
    assert operate(manned_room).report is None
    manned_room.later()
    assert operate(manned_room).report is not None
    manned_room.later()
    assert operate(manned_room).report is None
    manned_room.later(days=3)
    told = operate(manned_room).report
    assert told is not None
    assert (told.window_start, told.window_end) == (
        datetime(2026, 11, 13, 3, 0, tzinfo=UTC),
        datetime(2026, 11, 16, 3, 0, tzinfo=UTC),
    ), "one mail for all the days that nobody was there"
    assert manned_room.check(mails=True).findings == []


def test_every_reader_gets_a_mail_in_the_own_language(manned_room: LedgerRoom) -> None:
    operate(manned_room)
    manned_room.later(days=1)
    operate(manned_room)
    first, second = sorted(mails(manned_room), key=lambda mail: str(mail["To"]))
    assert str(second["To"]) == "ops@example.org"
    assert "all well" in str(second["Subject"])
    assert "всё в порядке" in str(first["Subject"])
    assert first["Auto-Submitted"] == "auto-generated"
    assert "operator" in first["List-Id"]
    assert first["Message-ID"] != second["Message-ID"]
    assert not any(one.kind is DigestKind.DIGEST for one in manned_room.store.digests.listed("operator"))


def test_two_processes_make_one_mail(manned_room: LedgerRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    operate(manned_room)
    manned_room.later(days=1)
    desk = Desk(manned_room.config, manned_room.store, manned_room.pack, manned_room.now)
    assert manned_room.config.operator is not None
    window = operating.window_over(desk, manned_room.config.operator, at_once=False)
    assert operate(manned_room).report is not None
    monkeypatch.setattr(operating, "window_over", lambda *_args, **_kwargs: window)
    assert operate(manned_room).report is None, "the slower of two that both found the window over"
    assert len(mails(manned_room)) == 2


def test_what_the_house_did_and_what_went_wrong_is_told(manned_room: LedgerRoom) -> None:
    manned_room.tells("apple", "apple")
    manned_room.later(hours=3)
    manned_room.tells("apple")
    with manned_room.broken() as run:
        run("UPDATE outbox SET state = 'failed', last_error = '550 no such user' WHERE id = 1")
        run("DELETE FROM told WHERE article_id = 2")
    operate(manned_room)
    manned_room.later(days=1)
    manned_room.round()
    report = operate(manned_room).report
    assert report is not None
    needs = {need.kind: need.count for need in report.needs}
    assert needs == {NeedKind.EXCEPTIONS: 2, NeedKind.FAILED: 1}
    assert [one.what for one in report.exceptions] == ["lost", "tellings missing"]
    assert "The apple of the day" in report.exceptions[0].where
    assert report.deliveries[0].error == "550 no such user"
    (desk,) = report.subscriptions
    assert (desk.id, desk.articles, desk.failed, desk.exceptions) == ("desk", 3, 1, 1)
    assert [(one.kept, one.matched) for one in report.days][-2:] == [(3, 3), (0, 0)]
    assert report.database_bytes > 0
    assert report.disk_free_bytes is not None


def test_a_failed_mail_is_not_told_of_for_ever(manned_room: LedgerRoom) -> None:
    manned_room.tells("apple")
    with manned_room.broken() as run:
        run("UPDATE outbox SET state = 'failed' WHERE id = 1")
    operate(manned_room)
    manned_room.later(days=6)
    manned_room.round()
    report = operate(manned_room).report
    assert report is not None
    assert report.deliveries == ()


def test_a_preview_changes_nothing_and_needs_no_operator(ledger_room: LedgerRoom) -> None:
    ledger_room.tells("apple")
    shown = operator_preview(Desk(ledger_room.config, ledger_room.store, ledger_room.pack, ledger_room.now))
    assert shown.raw is None
    assert "desk: articles 1, delivered 1" in shown.mail.text
    assert "operator" not in ledger_room.store.ledger.subscriptions()


def test_nobody_is_told_where_no_operator_is_configured(ledger_room: LedgerRoom) -> None:
    ledger_room.later(days=2)
    assert operate(ledger_room).report is None
    assert "operator" not in ledger_room.store.ledger.subscriptions()


def test_an_operators_mail_that_cannot_be_built_costs_no_digest(
    manned_room: LedgerRoom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    manned_room.later()
    manned_room.publishes("apple")

    def breaks(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("no report today")

    monkeypatch.setattr(operating, "operator_round", breaks)
    with caplog.at_level(logging.ERROR):
        service.digest(manned_room.config, manned_room.store, manned_room.pack, lambda: False)
    assert len(manned_room.store.digests.listed("desk")) == 1
    assert "no report today" in caplog.text


def test_the_daemons_digest_round_tells_the_operator_too(manned_room: LedgerRoom) -> None:
    service.digest(manned_room.config, manned_room.store, manned_room.pack, lambda: False)
    assert "operator" in manned_room.store.ledger.subscriptions()
