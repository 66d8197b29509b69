"""``tipwatch classify`` and ``tipwatch rules`` as people and programs use them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tipwatch.cli import app

GOOD = {
    "id": "a",
    "title": "UN committee adopts resolution against trafficking in persons",
    "text": "The Third Committee on Friday adopted by consensus a resolution against trafficking in persons.",
}


@pytest.fixture
def runner() -> CliRunner:
    return CliRunner()


def test_lines_are_answered_in_order(runner: CliRunner) -> None:
    lines = [json.dumps({**GOOD, "id": number}) for number in range(5)]
    result = runner.invoke(app, ["classify", "--jsonl", "--pack", "builtin"], input="\n".join(lines))
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [each["id"] for each in answers] == [0, 1, 2, 3, 4]
    assert result.exit_code == 0
    (topic,) = answers[0]["topics"]
    assert topic["topic"] == "trafficking-resolutions"
    for each in topic["evidence"]:
        assert GOOD[each["field"]][each["start"] : each["end"]] == each["quote"]


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        b"[1, 2]",
        b'{"id": 1}',
        b'{"id": 1, "text": 5}',
        b'{"id": {}, "text": ""}',
        b'{"text": "\xff"}',
        b"[" * 100_000,
        b'{"id": 1, "text": "x", "title": []}',
    ],
)
def test_a_bad_line_is_an_answer_and_the_rest_goes_on(runner: CliRunner, line: bytes) -> None:
    given = line + b"\n\n" + json.dumps(GOOD).encode()
    result = runner.invoke(app, ["classify", "--jsonl", "--pack", "builtin"], input=given)
    first, second = (json.loads(each) for each in result.stdout.splitlines())
    assert first["id"] is None
    assert first["error"]
    assert second["id"] == "a"
    assert result.exit_code == 3


IN_OFFICE = """
entities:
  the-chair:
    kind: person
    from: 2024-01-01
    to: 2024-12-31
    names: {en: [lindqvist]}
topics:
  words-of-the-chair:
    title: What the chair says
    query: "#the-chair"
"""


@pytest.mark.parametrize(
    ("published_at", "topics"),
    [
        ("2024-06-01T23:30:00+03:00", ["words-of-the-chair"]),
        ("2025-06-01", []),
        ("", ["words-of-the-chair"]),
        (None, ["words-of-the-chair"]),
    ],
)
def test_a_person_in_office_counts_on_the_days_in_office(
    runner: CliRunner, tmp_path: Path, published_at: str | None, topics: list[str]
) -> None:
    pack = tmp_path / "chair.yaml"
    pack.write_text(IN_OFFICE, encoding="utf-8")
    line = json.dumps({"id": 1, "text": "Ms Lindqvist opened the session.", "published_at": published_at})
    result = runner.invoke(app, ["classify", "--jsonl", "--pack", str(pack)], input=line)
    assert [topic["topic"] for topic in json.loads(result.stdout)["topics"]] == topics


def test_a_time_that_is_none_is_said_to_be_none(runner: CliRunner) -> None:
    line = json.dumps({**GOOD, "published_at": "last Friday"})
    result = runner.invoke(app, ["classify", "--jsonl", "--pack", "builtin"], input=line)
    assert "'published_at'" in json.loads(result.stdout)["error"]
    assert result.exit_code == 3


def test_half_a_surrogate_pair_does_not_stop_the_stream(runner: CliRunner) -> None:
    result = runner.invoke(
        app, ["classify", "--jsonl", "--pack", "builtin"], input='{"id": "\\ud800", "text": "\\udc00 x"}'
    )
    assert result.exit_code == 0
    assert json.loads(result.stdout)["id"] == "\ufffd"


def test_a_plain_file_is_told_in_words(runner: CliRunner, tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text(f"{GOOD['title']}\n\n{GOOD['text']}", encoding="utf-8")
    result = runner.invoke(app, ["classify", str(path), "--pack", "builtin"])
    assert "on trafficking-resolutions" in result.stdout
    assert "trafficking in persons" in result.stdout
    as_json = runner.invoke(app, ["classify", str(path), "--json", "--pack", "builtin"])
    assert json.loads(as_json.stdout)["topics"]


def test_a_missing_file_is_a_usage_error(runner: CliRunner) -> None:
    assert runner.invoke(app, ["classify", "nowhere.txt", "--pack", "builtin"]).exit_code == 2


def test_the_built_in_rules_pass_their_check(runner: CliRunner) -> None:
    result = runner.invoke(app, ["rules", "check", "builtin"])
    assert result.exit_code == 0, result.output
    assert "0 wrong, 0 harmless" in result.output


def test_a_failed_example_fails_the_check(runner: CliRunner, tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        "topics:\n  a:\n    title: A\n    query: cod\n    must:\n      - text: herring\n    must_not:\n      - text: cod\n"
    )
    result = runner.invoke(app, ["rules", "check", str(path)])
    assert result.exit_code == 1
    assert f"{path}:6:9: must be on a, but is not" in result.output
    assert f"{path}:8:9: must not be on a, but is" in result.output


def test_labelled_texts_are_measured(runner: CliRunner, tmp_path: Path) -> None:
    path = tmp_path / "labelled.jsonl"
    rows = [
        {**GOOD, "label": "resolution", "lang": "en"},
        {
            "id": "b",
            "title": "Cup final",
            "text": "A late goal.",
            "label": "trafficking_other",
            "alt_label": "resolution",
            "lang": "en",
        },
        {"id": "c", "title": "Cup final", "text": "A late goal.", "label": "negative", "lang": "de"},
        {"id": "d", "text": "x", "label": "unheard"},
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows))
    result = runner.invoke(app, ["rules", "test", str(path), "--pack", "builtin"])
    assert result.exit_code == 3
    assert "3 texts, 1 confused" in result.output
    assert "b [en] trafficking_other, but came out as no topic" in result.output
    assert "line 4" in result.output
