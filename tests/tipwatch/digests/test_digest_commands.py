"""`tipwatch digest`, as people type it: exit codes, JSON, and what is said."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tipwatch.cli import run

Told = Callable[..., tuple[int, str, str]]

CONFIG = """
database: sqlite:///watch.db
packs: [rules.yaml]
mail: {transport: folder, folder: mail/}
sources: []
subscriptions:
  - {id: desk, to: [desk@example.org, second@example.org], topics: [fruit], timezone: Europe/Minsk}
"""


def line(number: int, title: str) -> str:
    words = " ".join(f"story{number}w{n}" for n in range(50))
    article = {
        "url": f"https://paper.example/{number}",
        "title": title,
        "text": f"All about an apple. {words}",
        "language": "en",
        "source": "paper",
        "outlet": "Paper",
    }
    return json.dumps(article)


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Told:
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "rules.yaml").write_text("topics:\n  fruit: {title: Fruit, query: apple}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TIPWATCH_DATABASE_URL", raising=False)

    def give(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run([*arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return give


@pytest.fixture
def sent(told: Told, tmp_path: Path) -> Told:
    """One digest sent, to two readers."""
    told("digest", "list")
    (tmp_path / "in.jsonl").write_text(line(1, "An apple falls") + "\n")
    assert told("import", "in.jsonl")[0] == 0
    assert told("digest", "send")[0] == 0
    return told


def only_digest(told: Told) -> dict[str, object]:
    (listed,) = told("digest", "list", "--json")[1].splitlines()
    found: dict[str, object] = json.loads(listed)
    return found


def test_list_and_show_say_as_what_each_article_was_told(sent: Told) -> None:
    digest = only_digest(sent)
    assert (digest["kind"], digest["ways"]) == ("digest", {"entry": 1})
    code, out, _ = sent("digest", "show", str(digest["digest"]))
    assert code == 0
    assert "told" in out
    assert "Paper: An apple falls" in out
    assert "second@example.org (folder): sent" in out
    shown = json.loads(sent("digest", "show", str(digest["digest"]), "--json")[1])
    assert shown["told"] == [
        {
            "article": 1,
            "way": "entry",
            "story": shown["told"][0]["story"],
            "outlet": "Paper",
            "title": "An apple falls",
            "url": "https://paper.example/1",
        }
    ]
    table = sent("digest", "list")[1]
    assert "2 sent" in table


def test_a_back_issue_says_what_it_holds_and_that_windows_go_on(sent: Told, tmp_path: Path) -> None:
    (tmp_path / "more.jsonl").write_text(line(2, "Another apple") + "\n")
    sent("import", "more.jsonl")
    since = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%d")
    code, out, _ = sent("digest", "send", "--since", since)
    assert code == 0
    assert "desk: back issue b" in out
    assert "1 story for 2 recipients" in out
    assert "as before" in out
    code, out, _ = sent("digest", "send", "--since", since)
    assert (code, out) == (0, "desk: no back issue: nothing since then that was not told\n")
    result = json.loads(sent("digest", "send", "--since", since, "--again", "--json")[1])
    listed = sent("digest", "list")[1]
    assert "0 new" in listed
    repeated = next(line.split()[0] for line in listed.splitlines() if "0 new" in line)
    assert "tells no article that was not told before" in sent("digest", "show", repeated)[1]
    assert [digest["stories"] for digest in result["digests"]] == [2]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["send", "--again"], "--again needs --since"),
        (["send", "--since", "2026-01-01", "--now"], "name one of them"),
        (["send", "--since", "2999-01-01"], "a back issue begins in the past"),
        (["resend", "nonsense"], "no digest has the id nonsense"),
        (["show", "nonsense"], "no digest has the id nonsense"),
        (["send", "--subscription", "dask"], "no subscription has the id dask (there are: desk)"),
    ],
)
def test_what_cannot_be_meant_is_said_and_is_a_usage_error(
    told: Told, arguments: list[str], words: str
) -> None:
    code, out, err = told("digest", *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_what_failed_is_sent_again_on_request(sent: Told, tmp_path: Path) -> None:
    name = str(only_digest(sent)["digest"])
    code, out, err = sent("digest", "resend", name)
    assert (code, out) == (0, f"{name}: nothing to resend\n")
    assert err.count("sent already") == 2
    with closing(sqlite3.connect(tmp_path / "watch.db")) as database, database:
        database.execute("UPDATE outbox SET state = 'failed', sent_at = NULL WHERE recipient LIKE 'second%'")
    for path in (tmp_path / "mail").rglob("*second*"):
        path.unlink()
    result = json.loads(sent("digest", "resend", name, "--json")[1])
    assert [one["recipient"] for one in result["again"]] == ["second@example.org"]
    assert (result["sent"], len(result["left"])) == (1, 1)
    code, out, err = sent("digest", "resend", name, "--all", "--to", "desk@example.org")
    assert code == 0
    assert "1 mail put back, as they were" in out
    assert "may see it twice" in err


def test_open_shows_the_preview_in_a_browser(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url: opened.append(url) or True)
    code, out, _ = told("digest", "preview", "--open")
    assert code == 0
    assert opened[0].startswith("file:///")
    assert opened[0].endswith("/digest-preview/desk.html")
    monkeypatch.setattr("webbrowser.open", lambda _url: False)
    assert "no browser could be started" in told("digest", "preview", "--open")[2]
    assert "desk.eml" in out
