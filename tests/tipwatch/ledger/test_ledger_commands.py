"""`tipwatch ledger check`, `show` and `mail` as people and programs see them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tipwatch.cli import run
from tipwatch.clock import utc_now

if TYPE_CHECKING:
    from tests.tipwatch.ledger.conftest import LedgerRoom


@pytest.fixture
def told_room(ledger_room: LedgerRoom, monkeypatch: pytest.MonkeyPatch) -> LedgerRoom:
    """An article told an hour ago, another that waits; commands use its configuration."""
    ledger_room.now = utc_now() - timedelta(hours=6)
    ledger_room.configure("operator: {to: [ops@example.org], timezone: Europe/Minsk}")
    with ledger_room.broken() as statement:
        statement(f"UPDATE subscriptions SET since = '{ledger_room.now:%Y-%m-%d %H:%M:%S}'")
    ledger_room.tells("apple")
    ledger_room.later(hours=5)
    ledger_room.publishes("apple")
    monkeypatch.chdir(ledger_room.folder)
    return ledger_room


def test_a_clean_check_exits_0_with_totals(told_room: LedgerRoom, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ledger", "check", "--bytes"]) == 0
    said = capsys.readouterr().out
    assert "desk" in said
    assert "no exceptions; 2 mails compared with their rows" in said


def test_an_exception_exits_1_and_is_named_with_its_article_and_what_to_do(
    told_room: LedgerRoom, capsys: pytest.CaptureFixture[str]
) -> None:
    told_room.later()
    told_room.round(now=True)
    with told_room.broken() as statement:
        statement("DELETE FROM told WHERE article_id = 1")
    assert run(["ledger", "check"]) == 1
    said = capsys.readouterr().out
    assert "EXCEPTION lost: desk, digest" in said
    assert "Paper: The apple of the day, story" in said
    assert "https://paper.example/1" in said
    assert "what to do: tell it with `tipwatch digest send --since" in said
    assert run(["ledger", "check", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["clean"] is False
    lost = next(one for one in found["exceptions"] if one["exception"] == "lost")
    assert (lost["subscription"], lost["article"], lost["url"]) == ("desk", 1, "https://paper.example/1")
    (desk,) = [one for one in found["subscriptions"] if one["subscription"] == "desk"]
    assert (desk["articles"], desk["delivered"], desk["exception"]) == (2, 1, 1)


def test_a_subscription_that_never_was_is_a_wrong_usage(
    told_room: LedgerRoom, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["ledger", "check", "-s", "dask"]) == 2
    assert "no subscription has the id dask (there are: desk)" in capsys.readouterr().err


@pytest.mark.parametrize("subject", ["https://paper.example/1", "1", "story"])
def test_who_was_told_is_shown_for_a_url_a_number_and_a_story(
    told_room: LedgerRoom, capsys: pytest.CaptureFixture[str], subject: str
) -> None:
    record = told_room.store.articles.find(1)
    assert record is not None
    assert run(["ledger", "show", record.story_id if subject == "story" else subject]) == 0
    said = capsys.readouterr().out
    assert "desk: told as entry in" in said
    assert "desk@example.org by folder: sent" in said
    assert "(Europe/Minsk)" in said


def test_who_was_not_told_is_shown_with_the_reason(
    told_room: LedgerRoom, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["ledger", "show", "2"]) == 0
    assert "desk: not told: waits for the digest due" in capsys.readouterr().out
    assert run(["ledger", "show", "2", "--json"]) == 0
    (article,) = json.loads(capsys.readouterr().out)["articles"]
    (missing,) = article["not_told"]
    assert (missing["subscription"], missing["fate"], missing["rule"]) == ("desk", "pending", None)


def test_an_article_that_never_was_is_a_wrong_usage(
    told_room: LedgerRoom, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["ledger", "show", "https://paper.example/none"]) == 2
    assert "no article has the URL or number https://paper.example/none" in capsys.readouterr().err


def test_the_operators_mail_is_looked_at_without_being_sent(
    told_room: LedgerRoom, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["ledger", "mail", "--json", "--folder", "shown"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["subject"].startswith("tipwatch: ")
    for kind in ("html", "txt", "eml"):
        assert Path(said[kind]).read_bytes()
    assert not list((told_room.folder / "mail").rglob("operator*"))


def test_the_operators_mail_can_be_sent_now(
    told_room: LedgerRoom, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["ledger", "mail", "--send"])
    capsys.readouterr()
    assert run(["ledger", "mail", "--send", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["built"]
    assert [one["state"] for one in said["deliveries"]] == ["sent"]
    assert list((told_room.folder / "mail").rglob("operator*.eml"))


def test_nobody_to_send_to_is_a_wrong_usage(
    told_room: LedgerRoom, capsys: pytest.CaptureFixture[str]
) -> None:
    told_room.configure()
    assert run(["ledger", "mail", "--send"]) == 2
    assert "name who does under `operator:`" in capsys.readouterr().err
