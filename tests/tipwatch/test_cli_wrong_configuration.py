"""Every command that reads the configuration tells each of its problems on one line, with its place, and exits 2."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tipwatch.cli import run
from tipwatch.cli.check_config import summary
from tipwatch.cli.context import Context

RIGHT = """\
database: sqlite:///watch.db
packs: [rules.yaml]
sources:
  - id: gazette
    name: Gazette
    languages: [en]
    timezone: Asia/Baku
    feeds: [http://gazette.invalid/rss]
subscriptions:
  - id: desk
    to: [desk@example.org]
    topics: [trafficking-resolutions]
    timezone: Europe/Minsk
    digest: {at: "07:30", days: weekdays}
mail: {transport: folder, folder: outbox/}
"""

RULES = """\
topics:
  trafficking-resolutions:
    title: Resolutions against trafficking in persons
    query: resolution AND "trafficking in persons"
"""

SECOND_GAZETTE = "  - {id: gazette, languages: [en], feeds: [http://b.invalid/rss]}\nsubscriptions:"

WRONG = {
    "an unknown key": ("    name: Gazette", "    nane: Gazette", r"5:5: .*unknown key"),
    "a bad zone": ("Asia/Baku", "Asia/Bakuu", r"7:15: .*not an IANA time zone"),
    "days by number": ("weekdays", '"1-5"', r"14:33: .*a day by number"),
    "a cron line": ('"07:30"', '"30 7 * * *"', r"14:18: .*not a time of day"),
    "a missing secret": (
        "{transport: folder, folder: outbox/}",
        "{transport: smtp, host: mail.invalid, username: watch, password_env: NOT_SET_HERE}",
        r"15:\d+: .*NOT_SET_HERE",
    ),
    "a duplicate id": ("subscriptions:", SECOND_GAZETTE, r"9:10: .*already the id on line 4"),
    "an unknown topic": ("trafficking-resolutions", "fishing", r"12:14: .*no rule pack has the topic"),
    "an unknown pack": ("[rules.yaml]", "[mine.yaml]", r"2:9: .*not a file"),
}

UNREACHABLE = {
    "a folder that is not there": "sqlite:///nowhere/watch.db",
    "a closed port": "postgresql://watch:hunter2@127.0.0.1:9/watch",
}

COMMANDS = [
    ["check-config"],
    ["crawl"],
    ["crawl", "--due", "--json"],
    ["explain", "http://gazette.invalid/a"],
    ["import", "none.jsonl"],
    ["export"],
    ["stories", "--json"],
    ["story", "x"],
    ["digest", "preview"],
    ["digest", "send"],
    ["digest", "list"],
    ["digest", "show", "x"],
    ["sources", "list"],
    ["rules", "check"],
    ["rules", "test", "none.jsonl"],
    ["classify", "text.txt"],
    ["run"],
]

OFFLINE = {"sources", "rules", "classify"}


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for variable in ("TIPWATCH_CONFIG", "TIPWATCH_DATABASE_URL", "NOT_SET_HERE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "none.jsonl").touch()
    (tmp_path / "rules.yaml").write_text(RULES)
    (tmp_path / "text.txt").write_text("Title\nText.")

    def write(old: str = "", new: str = "") -> None:
        assert old in RIGHT
        (tmp_path / "config.yaml").write_text(RIGHT.replace(old, new) if old else RIGHT)

    return write


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_configuration_is_one_line_and_exit_2_for_every_command(written, capsys, wrong, command):
    old, new, place = WRONG[wrong]
    written(old, new)
    assert run(command) == 2
    told = capsys.readouterr()
    assert told.out == ""
    (line,) = told.err.splitlines()
    assert re.fullmatch(rf"config\.yaml:{place}.*", line), line


@pytest.mark.parametrize("command", [each for each in COMMANDS if each[0] not in OFFLINE], ids=" ".join)
@pytest.mark.parametrize("which", UNREACHABLE)
def test_a_database_out_of_reach_is_one_line_and_exit_2(written, capsys, which, command):
    written("sqlite:///watch.db", UNREACHABLE[which])
    assert run(command) == 2
    told = capsys.readouterr()
    assert told.out == ""
    (line,) = told.err.splitlines()
    assert line.startswith("config.yaml:1:11: ")
    assert "hunter2" not in line


def test_every_problem_has_its_own_line(written, capsys, tmp_path):
    written("Asia/Baku", "Asia/Bakuu")
    path = tmp_path / "config.yaml"
    path.write_text(path.read_text().replace("Europe/Minsk", "Minsk").replace("name:", "nane:"))
    assert run(["crawl"]) == 2
    places = [line.split(": ")[0] for line in capsys.readouterr().err.splitlines()]
    assert places == ["config.yaml:5:5", "config.yaml:7:15", "config.yaml:13:15"]


def test_a_broken_rule_pack_stops_a_crawl_before_anything_is_fetched(written, capsys, tmp_path):
    written("[rules.yaml]", "[rules.yaml, mine.yaml]")
    (tmp_path / "mine.yaml").write_text("topics: [a\n  b: c: d\n")
    for command in (["crawl"], ["check-config"]):
        assert run(command) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert "mine.yaml:2:" in line
    assert not (tmp_path / "watch.db").exists()


def test_a_broken_rule_pack_is_told_to_programs_as_well(written, capsys, tmp_path):
    written("[rules.yaml]", "[rules.yaml, mine.yaml]")
    (tmp_path / "mine.yaml").write_text("topics: [a\n  b: c: d\n")
    assert run(["check-config", "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert told["problems"][0]["line"] == 2


def test_who_writes_rules_sees_the_spot(written, capsys, tmp_path):
    written()
    (tmp_path / "mine.yaml").write_text("topics: [a\n  b: c: d\n")
    assert run(["rules", "check", "mine.yaml"]) == 2
    assert "^" in capsys.readouterr().err


def test_checking_makes_no_database(written, capsys, tmp_path):
    written()
    assert run(["check-config"]) == 0
    assert not (tmp_path / "watch.db").exists()


def test_checking_tells_of_a_file_that_is_no_database(written, capsys, tmp_path):
    written()
    (tmp_path / "watch.db").write_text("minutes of a meeting\n" * 100)
    assert run(["check-config"]) == 2
    assert capsys.readouterr().err.startswith("config.yaml:1:11: ")


def test_the_summary_of_a_postgresql_hides_its_password(written):
    written("sqlite:///watch.db", "postgresql://watch:hunter2@db.invalid/watch")
    config, pack = Context().config_and_pack()
    assert summary(config, pack)["database"] == "postgresql://watch:<redacted>@db.invalid/watch"
