"""`tipwatch mailboxes`: closing an address by hand, seeing why it is closed, opening it again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts.subscription import Recipient
from pipeline.store import Mailbox, MailboxRule, NewDelivery, NewDigest, Store, open_store
from tipwatch.cli import run

CONFIG = """\
database: sqlite:///watch.db
packs: [rules.yaml]
sources:
  - {id: gazette, name: Gazette, country: AZ, languages: [en], feeds: [http://gazette.invalid/rss]}
subscriptions:
  - {id: desk, to: ["Desk <desk@example.org>", "r@bücher.example"], topics: [trafficking-resolutions]}
  - {id: night, to: [desk@example.org], topics: [trafficking-resolutions]}
mail: {transport: folder, folder: outbox/}
"""
RULES = """\
topics:
  trafficking-resolutions:
    title: Resolutions against trafficking in persons
    query: resolution AND "trafficking in persons"
"""
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def closing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run a `mailboxes` command: its exit code, stdout, stderr."""
    for variable in ("TIPWATCH_CONFIG", "TIPWATCH_DATABASE_URL", "COLUMNS"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "rules.yaml").write_text(RULES)

    def tell(*command: str) -> tuple[int, str, str]:
        code = run(["mailboxes", *command])
        heard = capsys.readouterr()
        return code, heard.out, heard.err

    return tell


@pytest.fixture
def watch_store(closing, tmp_path: Path):
    with open_store(f"sqlite:///{tmp_path / 'watch.db'}", now=lambda: NOON) as store:
        yield store


def build(store: Store, digest: str, subscription: str, address: str) -> None:
    mail = NewDelivery(Recipient(address), "folder", f"<{digest}@x>", "s", digest, b"raw")
    store.digests.register([subscription], NOON)
    assert store.digests.save(NewDigest(digest, subscription, NOON, NOON, ()), [mail], NOON)


def test_without_trouble_there_is_nothing_to_list(closing) -> None:
    code, out, err = closing("list")
    assert (code, out) == (0, "")
    assert err == "nothing is the matter with any mailbox\n"


def test_a_mailbox_is_closed_shown_and_opened_again(closing) -> None:
    code, out, err = closing("suppress", "R@Bücher.example", "--note", "on leave")
    assert (code, err) == (0, "")
    assert out.startswith("r@xn--bcher-kva.example was closed")
    assert "on leave" in closing("list")[1]
    code, out, err = closing("restore", "r@bücher.example")
    assert code == 0
    assert "on leave" in out
    assert closing("list")[1] == ""


def test_a_mailbox_closed_for_one_subscription_hears_from_the_others(closing, watch_store: Store) -> None:
    build(watch_store, "d1", "desk", "desk@example.org")
    build(watch_store, "d2", "night", "desk@example.org")
    assert closing("suppress", "desk@example.org", "--subscription", "night")[0] == 0
    assert {row.name: str(row.state) for row in watch_store.outbox.listed()} == {
        "d1": "pending",
        "d2": "suppressed",
    }
    (line,) = closing("list", "--json")[1].splitlines()
    shown = json.loads(line)
    since = datetime.fromisoformat(shown.pop("since"))
    assert since.tzinfo is not None
    assert shown == {
        "address": "desk@example.org",
        "subscription": "night",
        "rule": "by_operator",
        "refusals": 0,
        "note": "",
        "held_back": 1,
    }


def test_opening_says_what_was_held_back_and_what_stays_closed(closing, watch_store: Store) -> None:
    build(watch_store, "d1", "desk", "desk@example.org")
    watch_store.mailboxes.suppress(
        Mailbox("desk@example.org", "desk"), MailboxRule.UNSUBSCRIBED, "one click", NOON
    )
    closing("suppress", "desk@example.org")
    code, out, err = closing("restore", "desk@example.org", "--subscription", "desk")
    assert code == 0
    assert (
        "open again: desk@example.org for desk; it was left by its reader since 2026-11-20: one click" in out
    )
    assert "still closed: desk@example.org, closed by hand since" in err
    assert "1 mail to it held back so far: `tipwatch digest resend" in err
    code, out, _ = closing("restore", "desk@example.org", "--json")
    assert json.loads(out) == {
        "address": "desk@example.org",
        "restored": [{"subscription": None, "rule": "by_operator"}],
        "held_back": 1,
    }


def test_refusals_are_listed_before_they_close_anything(closing, watch_store: Store) -> None:
    for day in range(3):
        watch_store.mailboxes.refused(
            "gone@example.org", "550 5.1.1 [bold]no[/bold] such user", NOON + timedelta(days=day)
        )
    watch_store.mailboxes.refused("late@example.org", "550\x1b[2J", NOON)
    _, out, _ = closing("list")
    assert "no: refused_for_good" in out
    assert "[bold]no[/bold]" in out
    assert "\x1b" not in out
    rows = {one["address"]: one for one in map(json.loads, closing("list", "--json")[1].splitlines())}
    assert (rows["gone@example.org"]["rule"], rows["gone@example.org"]["refusals"]) == ("refused_for_good", 3)
    assert (rows["late@example.org"]["rule"], rows["late@example.org"]["refusals"]) == (None, 1)


def test_an_address_that_nobody_writes_to_is_closed_with_a_question(closing) -> None:
    code, _, err = closing("suppress", "desc@example.org")
    assert code == 0
    assert "no subscription names desc@example.org" in err
    assert (
        "subscription night does not name r@bücher.example"
        in closing("suppress", "r@bücher.example", "-s", "night")[2]
    )


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["suppress", "nonsense"], "has no @"),
        (["suppress", "почта@example.org"], "plain ASCII"),
        (["suppress", "desk@example.org", "-s", "nobody"], "known here: desk, night"),
        (["restore", "nonsense"], "has no @"),
        (["restore", "desk@example.org"], "nothing is the matter with desk@example.org"),
        (
            ["restore", "desk@example.org", "-s", "desk"],
            "nothing is the matter with desk@example.org for desk",
        ),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_said_and_exits_2(closing, command: list[str], words: str) -> None:
    code, out, err = closing(*command)
    assert (code, out) == (2, "")
    assert words in err
