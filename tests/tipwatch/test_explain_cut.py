"""What was not compared of a text is said beside why it is in, or not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tipwatch.cli import run


def test_what_was_not_read_of_an_endless_text_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules, config, text = tmp_path / "rules.yaml", tmp_path / "config.yaml", tmp_path / "long.txt"
    rules.write_text("topics: {fruit: {title: Fruit, query: apple}}\n", encoding="utf-8")
    config.write_text(
        "database: sqlite:///watch.db\nmail: {transport: folder, folder: mail/}\npacks: [rules.yaml]\n"
        "sources:\n  - {id: gazette, name: Gazette, languages: [en], feeds: [https://gazette.example/rss]}\n"
        "subscriptions:\n  - {id: desk, to: [desk@example.org], topics: [fruit]}\n",
        encoding="utf-8",
    )
    text.write_text("News\n" + "many words here. " * 8_000 + "apple", encoding="utf-8")
    run(["--config", str(config), "explain", "--json", str(text)])
    steps = [step["text"] for step in json.loads(capsys.readouterr().out)["steps"]]
    assert "not all of it was compared: only the first 100,000 characters of the text were read" in steps
