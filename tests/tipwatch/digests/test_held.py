"""What is said of a channel whose mails wait."""

from __future__ import annotations

from datetime import UTC, datetime

from alerts.deliver import DeliveryReport, Held
from tipwatch.cli.digest_shown import report, result_object
from tipwatch.rounds.digesting import DigestResult

WAITING = Held("smtp", datetime(2026, 11, 24, 5, 35, tzinfo=UTC), "421 too many messages", 39)


def test_mails_that_wait_for_their_channel_are_told_with_the_reason(capsys) -> None:
    result = DigestResult((), DeliveryReport((), (WAITING, Held("chat", None, "no connection"))))
    report(result)
    told = capsys.readouterr().err
    assert "smtp: 39 mails wait until 2026-11-24 05:35 UTC: 421 too many messages" in told
    assert "chat: further mails wait for the next round: no connection" in told
    assert [one["mails"] for one in result_object(result)["held"]] == [39, 0]
    assert "channel smtp: 39 mails wait: 421 too many messages" in list(result.lines())
