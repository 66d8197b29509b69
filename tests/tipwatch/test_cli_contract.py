"""The command line's contract: exit codes, JSON shapes, messages on stderr, articles out and in again."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.source import Source
from pipeline.article import Outcome, OutcomeKind
from tipwatch.cli import run
from tipwatch.cli.crawl import exit_code, print_table
from tipwatch.rounds.crawling import CrawlOrder
from tipwatch.rounds.tally import Tally

CONFIG = """\
database: sqlite:///watch.db
packs: [rules.yaml]
sources:
  - {id: gazette, name: Gazette, country: AZ, languages: [en], feeds: [http://gazette.invalid/rss]}
subscriptions:
  - id: desk
    to: [desk@example.org]
    topics: [trafficking-resolutions]
    timezone: Europe/Minsk
    digest: {at: "07:30", days: daily}
mail: {transport: folder, folder: outbox/}
"""

RULES = """\
topics:
  trafficking-resolutions:
    title: Resolutions against trafficking in persons
    query: resolution AND "trafficking in persons"
"""

RESOLUTION = {
    "url": "http://gazette.invalid/world/1",
    "title": "UN committee adopts resolution against trafficking in persons",
    "text": 'The Third Committee on Friday adopted by consensus a draft resolution, "for all", against trafficking\n'
    "in persons, Gazette reports, citing Beresta Wire.",
    "published_at": "2026-03-06T16:45:00Z",
    "published_precision": "minute",
    "language": "en",
    "source": "gazette",
    "authors": ["A. Writer"],
    "credits": ["Beresta Wire"],
}
CUP = {
    "url": "http://gazette.invalid/sport/2",
    "title": "=Cup final",
    "text": "A late goal decided it.",
    "language": "en",
}

EXPORTED = {
    "url",
    "canonical_url",
    "title",
    "text",
    "authors",
    "published_at",
    "published_precision",
    "language",
    "outlet",
    "country",
    "source",
    "credits",
    "topics",
    "story",
    "role",
    "first_seen_at",
}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in ("TIPWATCH_CONFIG", "TIPWATCH_DATABASE_URL", "COLUMNS"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "rules.yaml").write_text(RULES)
    (tmp_path / "two.jsonl").write_text("\n".join(json.dumps(each) for each in (RESOLUTION, CUP)) + "\n")
    return tmp_path


@pytest.fixture
def told(desk: Path, capsys: pytest.CaptureFixture[str]):
    """Run a command: its exit code, its stdout, its stderr."""

    def tell(*command: str) -> tuple[int, str, str]:
        code = run(command)
        heard = capsys.readouterr()
        return code, heard.out, heard.err

    return tell


@pytest.fixture
def stocked(told):
    assert told("import", "two.jsonl")[0] == 0
    return told


@pytest.mark.parametrize(
    "command",
    [
        ["nonsense"],
        ["crawl", "--nonsense"],
        ["crawl", "nobody"],
        ["crawl", "--due", "--url", "http://gazette.invalid/1"],
        ["crawl", "--url", "nonsense"],
        ["crawl", "--feed", "ftp://gazette.invalid/"],
        ["crawl", "--opml", "nowhere.opml"],
        ["crawl", "--opml", "two.jsonl"],
        ["extract"],
        ["extract", "nowhere.html"],
        ["classify", "nowhere.txt"],
        ["explain"],
        ["explain", "nonsense"],
        ["explain", "99"],
        ["explain", "http://[bad"],
        ["import", "nowhere.jsonl"],
        ["export", "--format", "xml"],
        ["export", "--since", "yesterday"],
        ["export", "--to", "nowhere/articles.jsonl"],
        ["story", "nonsense"],
        ["digest", "show", "nonsense"],
        ["digest", "send", "--subscription", "nobody"],
        ["digest", "preview", "--subscription", "nobody"],
        ["digest", "preview", "--folder", "two.jsonl"],
        ["rules", "check", "nowhere.yaml"],
        ["rules", "test", "nowhere.jsonl"],
        ["check-config", "--config", "nowhere.yaml"],
        ["demo", "--folder", "two.jsonl"],
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_exits_2_with_words_on_stderr_alone(told, command):
    code, out, err = told(*command)
    assert (code, out) == (2, "")
    assert err


def test_a_list_that_is_no_opml_is_named(told):
    assert told("crawl", "--opml", "two.jsonl")[2].startswith("tipwatch: two.jsonl: not an OPML list")


def test_help_comes_at_once_and_loads_neither_parsers_nor_rules():
    began = time.monotonic()
    code = (
        "import sys; from tipwatch.cli import run; code = run(['--help']);"
        "print([name for name in ('lark', 'pydantic', 'sqlalchemy', 'scrapy', 'lxml') if name in sys.modules], code)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == "[] 0"
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("command", [["crawl"], ["digest", "preview"], ["export"]], ids=" ".join)
def test_help_keeps_its_defaults_and_brackets(told, command):
    code, out, _ = told(*command, "-h")
    assert code == 0
    assert "default" in out
    assert "[[" not in out


def test_exported_articles_have_the_keys_of_the_contract(stocked):
    code, out, err = stocked("export")
    (line,) = out.splitlines()
    article = json.loads(line)
    assert (code, err) == (0, "")
    assert set(article) == EXPORTED
    assert [each["topic"] for each in article["topics"]] == ["trafficking-resolutions"]
    assert article["published_at"] == "2026-03-06T16:45:00Z"
    assert (article["outlet"], article["country"], article["role"]) == ("Gazette", "AZ", "first")


def test_what_was_exported_can_be_imported_elsewhere(stocked, desk):
    stocked("export", "--all", "--to", "out.jsonl")
    (desk / "other.yaml").write_text(CONFIG.replace("watch.db", "other.db"))
    code, out, _ = stocked("--config", "other.yaml", "import", "out.jsonl", "--json")
    assert code == 0
    assert json.loads(out) == {"outcomes": {"kept": 1, "no_match": 1}, "refused": 0, "problems": []}
    before = [json.loads(line) for line in stocked("export", "--all")[1].splitlines()]
    after = [
        json.loads(line) for line in stocked("export", "--all", "--config", "other.yaml")[1].splitlines()
    ]
    for article in (*before, *after):
        del article["first_seen_at"]  # when this database first saw it
    assert after == before


def test_importing_twice_keeps_nothing_twice(stocked):
    stocked("import", "two.jsonl")
    assert len(stocked("export", "--all")[1].splitlines()) == 2


def test_csv_is_one_record_per_article_whatever_the_text_holds(stocked):
    _, out, _ = stocked("export", "--all", "--format", "csv")
    head, *records = csv.reader(io.StringIO(out))
    assert set(head) == EXPORTED
    assert [len(record) for record in records] == [len(head)] * 2
    first, second = (dict(zip(head, record, strict=True)) for record in records)
    assert first["text"] == RESOLUTION["text"]
    assert second["title"] == "'=Cup final"


def test_a_file_of_another_kind_is_refused_in_few_lines(told, desk):
    (desk / "notes.md").write_text("notes\n" * 500)
    code, out, err = told("import", "notes.md")
    assert code == 1
    assert "500 lines refused" in out
    assert err.splitlines()[0].startswith("notes.md:1: not JSON")
    assert len(err.splitlines()) == 21


def test_the_good_lines_of_a_file_are_taken_in(told, desk):
    (desk / "mixed.jsonl").write_text(f'{json.dumps(CUP)}\n\n{{"url": 5}}\n')
    code, out, err = told("import", "mixed.jsonl", "--json")
    assert code == 3
    assert json.loads(out)["refused"] == 1
    assert err.startswith("mixed.jsonl:3: ")


def test_stories_and_a_story_have_members_with_roles(stocked):
    code, out, err = stocked("stories", "--json")
    (line,) = out.splitlines()
    story = json.loads(line)
    assert (code, err) == (0, "")
    assert [(member["role"], member["outlet"]) for member in story["members"]] == [("first", "Gazette")]
    assert json.loads(stocked("story", story["story"], "--json")[1]) == story
    assert f"article {story['members'][0]['id']}:" in stocked("story", story["story"])[1]


def test_no_stories_since_a_day_to_come_is_no_empty_database(stocked):
    assert stocked("stories", "--since", "2999-01-01")[1:] == ("", "no stories since then\n")


def test_an_article_is_explained_by_its_number_and_by_its_url(stocked):
    for subject in ("1", RESOLUTION["url"]):
        code, out, _ = stocked("explain", subject, "--json")
        found = json.loads(out)
        assert (code, found["found"]) == (0, True)
        assert found["topics"][0]["topic"] == "trafficking-resolutions"
        assert set(found["topics"][0]["evidence"][0]) == {"clause", "field", "start", "end", "quote"}
    assert json.loads(stocked("explain", "2", "--json")[1])["found"] is False


def test_the_stations_of_an_explanation_stand_below_each_other(stocked):
    walk = [line for line in stocked("explain", "1")[1].splitlines() if line.startswith("  + ")]
    texts = {line.index(word) for line in walk for word in ("score 1.00", "en (", "number 1") if word in line}
    assert len(texts) == 1


def test_a_saved_page_of_unknown_origin_is_explained(told, desk):
    text = str(RESOLUTION["text"])
    (desk / "page.html").write_text(
        f"<html><head><title>{RESOLUTION['title']}</title></head><body><article><h1>{RESOLUTION['title']}</h1>"
        f"<p>{text}</p><p>{text.replace('Friday', 'Thursday')}</p></article></body></html>"
    )
    code, out, _ = told("explain", "page.html")
    assert code == 0
    assert out.startswith("It is on: ")


def test_a_digest_goes_out_once_and_can_be_looked_up(stocked):
    code, out, _ = stocked("digest", "preview", "--json")
    shown = json.loads(out)
    assert (code, shown["stories"]) == (0, 1)
    assert set(shown) >= {"subscription", "subject", "stories", "updates", "found_late", "html", "txt", "eml"}
    assert stocked("digest", "list")[1] == ""
    code, out, _ = stocked("digest", "send", "--now", "--json")
    first = json.loads(out)
    assert (code, first["sent"]) == (0, 1)
    again = json.loads(stocked("digest", "send", "--now", "--json")[1])
    assert (again["sent"], again["digests"]) == (0, [])
    (listed,) = (json.loads(line) for line in stocked("digest", "list", "--json")[1].splitlines())
    assert listed["digest"] == first["digests"][0]["digest"]
    shown = json.loads(stocked("digest", "show", listed["digest"], "--json")[1])
    assert [one["way"] for one in shown.pop("told")] == ["entry"]
    assert shown == listed


def test_a_crawl_with_nothing_due_says_so(desk, told):
    (desk / "config.yaml").write_text("sources: []\ndatabase: sqlite:///watch.db\n")
    assert told("crawl", "--due")[:2] == (0, "")
    code, out, _ = told("crawl", "--due", "--json")
    assert code == 0
    assert set(json.loads(out)) == {"sources", "outcomes", "urls_seen", "seconds"}


def test_lines_that_cannot_be_classified_are_counted_as_the_file_has_them(told, desk):
    (desk / "labelled.jsonl").write_text('\n\n{"label": 5}\n')
    code, _, err = told("rules", "test", "labelled.jsonl")
    assert code == 1
    assert "line 3" in err


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        ([OutcomeKind.KEPT, OutcomeKind.NO_MATCH], 0),
        ([OutcomeKind.DUPLICATE], 0),
        ([OutcomeKind.ROBOTS], 1),
        ([OutcomeKind.NOT_ARTICLE], 1),
        ([OutcomeKind.KEPT, OutcomeKind.FAILED], 3),
    ],
)
def test_a_page_asked_for_by_hand_that_gave_no_article_is_a_failure(kinds, code):
    source = Source(id="gazette", name="Gazette")
    urls = tuple(f"http://gazette.invalid/{number}" for number in range(len(kinds)))
    tally = Tally()
    for url, kind in zip(urls, kinds, strict=True):
        tally.ended(source, url, Outcome(kind))
    assert exit_code(tally, CrawlOrder(urls=urls)) == code


def test_a_long_id_leaves_room_for_the_reasons_on_a_narrow_terminal(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    name = "a-source-with-a-very-long-identifier-that-nobody-would-type"
    tally = Tally()
    tally.row(Source(id=name, name="X")).why["feed: robots.txt forbids it"] += 1
    print_table(tally)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert any("feed: robots.txt" in line for line in lines)
    assert "".join(line.split(" ")[0] for line in lines[1:4]) == name
