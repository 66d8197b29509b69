"""`tipwatch publish` and `tipwatch export` as feeds, as people type them."""

from __future__ import annotations

import json
from pathlib import Path

import feedparser
import pytest

from tipwatch.cli import data, run

RULES = "topics:\n  fruit: {title: Fruit, query: 'apple OR pear'}\n"
CONFIG = """\
contact: bot@us.example.org
database: sqlite:///watch.db
packs: [rules.yaml]
sources:
  - {id: gazette, name: Gazette, country: AZ, languages: [en], feeds: [http://gazette.invalid/rss]}
subscriptions: []
"""
LINES = [
    {"url": "https://a.example/1", "title": "The apple", "text": "About an apple.", "language": "en"},
    {"url": "https://a.example/2", "title": "The pear <b>", "text": "A pear & more.", "language": "en"},
    {"url": "https://a.example/3", "title": "The cheese", "text": "Cheese only.", "language": "en"},
]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run a command in a folder with two stories on fruit: its exit code, stdout, stderr."""
    for variable in ("TIPWATCH_CONFIG", "TIPWATCH_DATABASE_URL", "COLUMNS"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.yaml").write_text(RULES)
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, LINES)))
    assert run(["import", "in.jsonl"]) == 0
    capsys.readouterr()

    def tell(*command: str) -> tuple[int, str, str]:
        code = run(list(command))
        heard = capsys.readouterr()
        return code, heard.out, heard.err

    return tell


@pytest.mark.parametrize(("form", "version"), [("rss", "rss20"), ("atom", "atom10")])
def test_export_writes_a_feed_that_can_be_read(typed, form: str, version: str) -> None:
    code, out, _ = typed("export", "--format", form)
    read = feedparser.parse(out.encode())
    assert (code, read.bozo, read.version) == (0, 0, version)
    assert {entry.link for entry in read.entries} == {"https://a.example/1", "https://a.example/2"}


def test_export_writes_a_json_feed_to_a_file(typed) -> None:
    code, out, err = typed("export", "--format", "jsonfeed", "--to", "out.json")
    assert (code, out, err) == (0, "", "2 stories written to out.json\n")
    said = json.loads(Path("out.json").read_bytes())
    assert {item["title"] for item in said["items"]} == {"The apple", "The pear <b>"}
    assert "home_page_url" not in said  # the contact is a mailbox


def test_a_feed_of_a_large_archive_holds_the_newest_and_says_so(
    typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "FEED_STORIES", 1)
    code, out, err = typed("export", "--format", "jsonfeed")
    assert code == 0
    assert len(json.loads(out)["items"]) == 1
    assert err == "1 older story left out: --since, or jsonl, has them\n"


def test_unmatched_articles_have_no_place_in_a_feed(typed) -> None:
    code, _, err = typed("export", "--format", "rss", "--all")
    assert code == 2
    assert "leave --all out" in err


def test_a_file_that_cannot_be_written_is_a_usage_error(typed) -> None:
    assert typed("export", "--format", "rss", "--to", "no/such/folder.rss")[0] == 2


def test_publish_needs_a_folder_and_then_fills_it_once(typed, tmp_path: Path) -> None:
    code, _, err = typed("publish")
    assert code == 2
    assert "publish: {folder: ...}" in err
    with (tmp_path / "config.yaml").open("a") as file:
        file.write("publish: {folder: feeds/}\n")
    code, out, _ = typed("publish", "--json")
    assert (code, len(json.loads(out)["written"])) == (0, 3)
    code, out, _ = typed("publish")
    assert (code, out) == (0, "0 files written, 3 unchanged\n")
    read = feedparser.parse((tmp_path / "feeds" / "fruit.rss").read_bytes())
    assert (read.feed.link, len(read.entries)) == ("mailto:bot@us.example.org", 2)
    (tmp_path / "feeds" / "fruit.rss").unlink()
    (tmp_path / "feeds" / "fruit.rss").mkdir()
    assert typed("publish")[0] == 2
