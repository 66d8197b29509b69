"""`check-config` and `sources list`: what a person and a program are told, and the exit code."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import dedent, indent

import pytest

from tipwatch.cli import run
from tipwatch.config import load_config

REPOSITORY = Path(__file__).parents[2]

RIGHT = """\
database: sqlite:///news.db
crawl: {proxy: "http://me:hunter2@proxy.example:3128"}
sources:
  - id: gazette
    name: "[bold]Gazette"
    country: AZ
    languages: [en, az]
    feeds: [https://gazette.example/rss, https://gazette.example/az]
subscriptions:
  - id: desk
    to: [desk@example.org]
    topics: [trafficking-resolutions]
    timezone: Asia/Baku
    digest: {at: "07:30", days: weekdays}
mail:
  transport: smtp
  host: mail.example.org
  username: watch
  password_env: TIPWATCH_TEST_SECRET
"""


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TIPWATCH_CONFIG", raising=False)
    monkeypatch.delenv("TIPWATCH_DATABASE_URL", raising=False)
    monkeypatch.setenv("TIPWATCH_TEST_SECRET", "hunter2")

    def write(text: str) -> Path:
        path = tmp_path / "config.yaml"
        path.write_text(text)
        return path

    return write


def test_a_right_configuration_is_summed_up_without_its_secrets(configured, capsys):
    configured(RIGHT)
    assert run(["check-config"]) == 0
    told = capsys.readouterr().out
    assert "news.db" in told
    assert "http://me:<redacted>@proxy.example:3128" in told
    assert "by mail.example.org:587 (starttls), as watch with password <redacted>" in told
    assert "desk: trafficking-resolutions to desk@example.org, 07:30 mon tue wed thu fri Asia/Baku" in told
    assert "1 with 2 feeds; visited at first every 30 min, then by their own rhythm" in told
    assert "hunter2" not in told


def test_a_right_configuration_is_summed_up_for_programs(configured, capsys):
    configured(RIGHT)
    assert run(["check-config", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is True
    assert told["problems"] == []
    assert "hunter2" not in json.dumps(told)


def test_a_wrong_configuration_gives_its_lines_on_stderr_and_exit_2(configured, capsys):
    path = configured(
        "subscriptions:\n  - id: desk\n    to: [desk@example.org]\n    topics: [t]\n    timezone: X/Y\n    tot: 1"
    )
    assert run(["--config", str(path), "check-config"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    lines = told.err.splitlines()
    assert lines[0].startswith(f'{path}:5:15: subscriptions.0.timezone: "X/Y" is not an IANA time zone')
    assert lines[1].startswith(f"{path}:6:5: subscriptions.0.tot: unknown key")
    assert len(lines) == 2


def test_a_topic_that_no_pack_has_is_pointed_at(configured, capsys):
    configured(RIGHT.replace("[trafficking-resolutions]", "[trafficking-news, trafficking-resolution]"))
    assert run(["check-config"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("config.yaml:12:32: subscriptions.0.topics.1: ")


def test_a_wrong_configuration_is_one_json_object_for_programs(configured, capsys):
    configured("crawl:\n  concurency: 5")
    assert run(["check-config", "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    [problem] = told["problems"]
    assert (problem["file"], problem["line"], problem["column"], problem["path"]) == (
        "config.yaml",
        2,
        3,
        "crawl.concurency",
    )
    assert problem["text"] == 'config.yaml:2:3: crawl.concurency: unknown key (did you mean "concurrency"?)'


def test_sources_are_listed_for_programs(configured, capsys):
    configured(RIGHT)
    assert run(["sources", "list", "--json"]) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {
        "id": "gazette",
        "name": "[bold]Gazette",
        "country": "AZ",
        "languages": ["en", "az"],
        "timezone": None,
        "tier": None,
        "feeds": ["https://gazette.example/rss", "https://gazette.example/az"],
        "sitemaps": [],
        "listings": [],
        "manners": {"delay_s": 2.0, "per_host": 1, "obey_robots": True, "verify_tls": True},
        "poll_min_s": None,
        "poll_max_s": None,
        "render": False,
    }


def test_sources_are_listed_one_to_a_line_in_a_pipe_and_in_a_table_on_a_terminal(
    configured, capsys, monkeypatch
):
    configured(RIGHT)
    assert run(["sources", "list"]) == 0
    assert capsys.readouterr().out == (
        "gazette\t[bold]Gazette\tAZ\ten,az\thttps://gazette.example/rss\thttps://gazette.example/az\n"
    )
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert run(["sources", "list"]) == 0
    table = capsys.readouterr().out
    assert "[bold]Gazette" in table
    assert "https://gazette.example/az" in table


def test_no_source_is_said_so(configured, capsys):
    configured("sources: []")
    assert run(["sources", "list"]) == 0
    assert "config.yaml:1:10: no source yet" in capsys.readouterr().err


DOCUMENTS = ("docs/how-to/add-a-source.md", "docs/how-to/operate.md")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_whole_example_of_the_documents_is_right(document, configured, monkeypatch):
    monkeypatch.setenv("TIPWATCH_MAIL_PASSWORD", "x")
    text = (REPOSITORY / document).read_text(encoding="utf-8")
    examples = [dedent(block) for block in re.findall(r"(?ms)^ *```yaml\n(.*?)^ *```", text)]
    assert examples
    for block in examples:
        load_config(configured(completed(block)))


def completed(block: str) -> str:
    """An example as a whole file: some show an entry of `sources` alone, or some of its keys."""
    if block.startswith(("manners:", "listings:")):
        keys = block if "feeds:" in block else f"feeds: [https://outlet.example/rss]\n{block}"
        block = "- id: outlet\n" + indent(keys, "  ")
    return f"sources:\n{block}" if block.startswith("- id:") else block
