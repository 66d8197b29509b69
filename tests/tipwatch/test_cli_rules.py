"""``tipwatch rules`` on an archive, as people and programs use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tipwatch.cli import run

CONFIG = """\
database: sqlite:///watch.db
mail: {transport: folder, folder: mail/}
packs: [rules.yaml]
subscriptions:
  - {id: desk, to: [desk@example.org], topics: [fruit], digest: {at: "07:30"}}
"""
RULES = """\
concepts:
  fruit: {label: fruit, patterns: {en: [apple*]}}
topics:
  fruit:
    title: Fruit policy
    query: "@fruit"
    must: [{text: Apples everywhere.}]
"""


def line(number: int, title: str) -> str:
    return json.dumps(
        {
            "url": f"https://paper.example/{number}",
            "title": title,
            "text": f"{title} {' '.join(f'w{number}x{n}' for n in range(40))}",
            "language": "en",
            "outlet": "Paper",
            "published_at": f"2026-11-{number:02}T08:00:00Z",
            "published_precision": "minute",
        }
    )


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run a command in a newsroom's folder: its exit code, its stdout, its stderr."""
    for variable in ("TIPWATCH_CONFIG", "TIPWATCH_DATABASE_URL", "COLUMNS"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "rules.yaml").write_text(RULES)

    def tell(*command: str) -> tuple[int, str, str]:
        code = run(command)
        heard = capsys.readouterr()
        return code, heard.out, heard.err

    return tell


@pytest.fixture
def stocked(told, tmp_path: Path):
    titles = ["Apples win.", "Nuts.", "A pear falls.", "More apples."]
    lines = "\n".join(line(number, title) for number, title in enumerate(titles, 1))
    (tmp_path / "in.jsonl").write_text(lines + "\n")
    assert told("digest", "preview")[0] == 0, "the subscription begins before the articles come in"
    assert told("import", "in.jsonl")[0] == 0
    return told


@pytest.mark.parametrize("command", [["try", "apples"], ["backtest"], ["rescore"]], ids=" ".join)
def test_an_empty_archive_says_what_to_do(told, command):
    code, out, err = told("rules", *command)
    assert (code, out) == (1, "")
    assert "the archive is empty: `tipwatch crawl` fills it, or `tipwatch import FILE.jsonl`" in err


@pytest.mark.parametrize("command", [["try", "apples"], ["backtest"], ["rescore"]], ids=" ".join)
def test_a_time_without_articles_says_so_and_a_time_that_is_none_is_refused(stocked, command):
    assert stocked("rules", *command, "--since", "2099-01-01")[0::2] == (
        1,
        "no article came in since then: name an earlier time with --since\n",
    )
    code, _, err = stocked("rules", *command, "--since", "yesterday")
    assert code == 2
    assert "--since yesterday: write 30d, 8w, 12h, or a date such as 2026-11-12" in err


def test_a_query_is_tried_with_its_words_marked_and_a_forecast(stocked):
    code, out, err = stocked("rules", "try", "@fruit OR pear", "--limit", "2")
    assert (code, err) == (0, "")
    assert out.startswith("found 3 of 4 articles\n")
    assert "2026-11-04  Paper [en]  More apples.  (number 4)" in out
    assert "fruit: More *apples*." in out
    assert "Apples win" not in out, "the newest two only"
    assert "noise forecast, by the articles' own dates, over" in out
    assert "by outlet: Paper 3" in out
    assert "by language: en 3" in out


def test_a_tried_query_as_json(stocked):
    given = json.loads(stocked("rules", "try", "pear", "--json", "--since", "30d")[1])
    assert (given["read"], given["found"]) == (4, 1)
    (newest,) = given["newest"]
    assert (newest["title"], newest["evidence"][0]["quote"]) == ("A pear falls.", "pear")
    assert given["forecast"]["counted_by"] == "publication"


def test_a_wrong_query_is_shown_with_a_mark_below_its_place(stocked):
    code, out, err = stocked("rules", "try", "apples (")
    assert (code, out) == (2, "")
    assert err.endswith("    apples (\n           ^\n")


def test_an_edit_is_compared_rescored_and_told_as_found_late(stocked, tmp_path):
    (tmp_path / "new.yaml").write_text(
        RULES.replace("apple*", "pear*, more").replace("Apples everywhere", "A pear")
    )
    code, out, _ = stocked("rules", "backtest", "--pack", "new.yaml")
    assert code == 0
    assert "fruit: adds 1, drops 1, 1 stay" in out
    assert "  + A pear falls.  (Paper [en], number 3)\n      now 1.00: fruit “pear”" in out
    assert "      before not: nothing in it was found" in out
    assert "  - Apples win.  (Paper [en], number 1)\n      before 1.00: fruit “Apples”" in out
    assert stocked("rules", "backtest")[1].endswith("nothing changes\n"), "the edit is not in force"
    (tmp_path / "new.yaml").rename(tmp_path / "rules.yaml")
    given = json.loads(stocked("rules", "backtest", "--json")[1])
    diff = given["topics"]["fruit"]
    assert (given["old"], diff["adds"], diff["drops"], diff["stays"]) == (None, 1, 1, 1)
    code, out, _ = stocked("rules", "rescore")
    assert code == 0
    assert (
        "1 found late, told by the next digest in a section of their own; 1 match withdrawn, 1 stand" in out
    )
    assert "nothing to do" in stocked("rules", "rescore")[1]
    assert json.loads(stocked("rules", "rescore", "--all", "--json")[1])["read"] == 4
    code, out, _ = stocked("digest", "preview", "--json")
    shown = json.loads(out)
    assert (code, shown["stories"], shown["found_late"]) == (0, 1, 1)
    assert stocked("digest", "send", "--now")[1].startswith(
        "desk: 1 story and 1 story found late for 1 recipient"
    )
    assert stocked("digest", "send", "--now")[1].startswith("desk: nothing to send")


def test_the_packs_own_examples_are_tested_without_any_file(stocked, tmp_path):
    assert stocked("rules", "test")[:2] == (0, "1 example of the packs, 0 wrong\n")
    (tmp_path / "rules.yaml").write_text(RULES.replace("Apples everywhere", "Pears"))
    code, out, _ = stocked("rules", "test")
    assert code == 1
    assert "rules.yaml:7:12: must be on fruit, but is not: nothing in it was found" in out


def test_labelled_texts_with_topics_as_labels_are_measured_as_json(stocked, tmp_path):
    rows = [
        {"id": "a", "text": "apples", "label": "fruit", "language": "en"},
        {"id": "b", "text": "apples", "label": "none", "language": "en"},
    ]
    (tmp_path / "l.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    code, out, _ = stocked("rules", "test", "l.jsonl", "--json")
    given = json.loads(out)
    assert (code, given["texts"], given["misses"], given["examples_wrong"]) == (0, 2, [], [])
    assert [each["id"] for each in given["confusions"]] == ["b"]
    whole = next(each for each in given["measures"] if each["language"] == "all")
    assert (whole["topic"], whole["precision"], whole["recall"]) == ("fruit", 0.5, 1.0)


def test_a_check_as_json_names_places(stocked, tmp_path):
    (tmp_path / "rules.yaml").write_text(RULES.replace("[apple*]", "[apple*, the, apples]"))
    given = json.loads(stocked("rules", "check", "--json")[1])
    assert given["wrong"] == 0
    (complaint,) = given["complaints"]
    assert (complaint["line"], complaint["serious"]) == (2, False)
    assert len(json.loads(stocked("rules", "check", "--hints", "--json")[1])["complaints"]) == 2


@pytest.mark.parametrize("start", ["<!DOCTYPE html>\n<html>", "\ufeff  <html lang=en>"])
def test_a_web_page_is_not_classified_as_if_its_tags_were_words(told, start) -> None:
    Path("page.html").write_text(f"{start}<p>Apples</p>")
    code, out, err = told("classify", "page.html")
    assert (code, out) == (2, "")
    assert "`tipwatch explain page.html` reads it" in err


def test_what_is_no_text_is_not_classified(told) -> None:
    Path("page.pdf").write_bytes(b"%PDF-1.7 apples")
    Path("blob").write_bytes(b"apples\0\x1b[2J")
    for name in ("page.pdf", "blob"):
        code, out, err = told("classify", name)
        assert (code, out) == (2, "")
        assert f"{name}: no text" in err


def test_a_text_sends_nothing_to_the_terminal_but_signs(told) -> None:
    Path("text.txt").write_text("Apples \x1b[2J\nMore apples.\n")
    code, out, _ = told("classify", "text.txt")
    assert code == 0
    assert "Apples \ufffd[2J" in out
    assert "\x1b" not in out


def test_remarks_on_the_shipped_rules_are_not_for_those_who_extend_them(told) -> None:
    Path("mine.yaml").write_text(
        "extends: builtin\nconcepts:\n  unused: {label: unused, patterns: {en: [apple]}}\n"
        "topics:\n  trafficking-resolutions: {how: replace, title: Short, query: '@trafficking'}\n"
    )

    def remarks(*options: str) -> list[str]:
        _, _, err = told("rules", "check", "mine.yaml", *options)
        return [line.partition(":")[0] for line in err.splitlines() if line.endswith("(harmless)")]

    assert set(remarks()) == {"mine.yaml"}
    assert any(file.startswith("builtin/") for file in remarks("--hints"))


def test_a_file_without_lines_has_no_figures(told) -> None:
    Path("empty.jsonl").write_text("")
    code, out, _ = told("rules", "test", "empty.jsonl")
    assert code == 0
    assert "0 texts, 0 confused" in out
    assert "precision" not in out
