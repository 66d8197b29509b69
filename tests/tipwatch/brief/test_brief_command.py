from __future__ import annotations

import io
import json
import webbrowser
from functools import partial
from pathlib import Path

import docx
import lxml.html
import pytest
from pypdf import PdfReader

from alerts.brief import pdf
from tipwatch.cli import run

CONFIG = """\
database: sqlite:///watch.db
sources:
  - {id: gazette, name: Gazette, country: AZ, languages: [en], feeds: [http://gazette.invalid/rss]}
subscriptions:
  - {id: desk, to: [desk@example.org], topics: [trafficking-resolutions], timezone: Europe/Minsk}
  - {id: bureau, to: [b@example.org], topics: [trafficking-news], timezone: Asia/Baku, language: ru}
"""
RESOLUTION = {
    "url": "http://gazette.invalid/world/1",
    "title": "UN committee adopts resolution against trafficking in persons",
    "text": "The Third Committee on Friday adopted by consensus a draft resolution against trafficking\nin persons.",
    "published_at": "2026-03-06T16:45:00Z",
    "language": "en",
    "source": "gazette",
}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in ("TIPWATCH_CONFIG", "TIPWATCH_DATABASE_URL"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "one.jsonl").write_text(json.dumps(RESOLUTION) + "\n")
    return tmp_path


@pytest.fixture
def told(desk: Path, capsys: pytest.CaptureFixture[str]):
    def tell(*command: str) -> tuple[int, str, str]:
        code = run(command)
        heard = capsys.readouterr()
        return code, heard.out, heard.err

    return tell


def today(told) -> str:
    """A day that is today in the subscription's zone, whatever the time is here."""
    return json.loads(told("brief", "-s", "desk", "--since", "2026-01-01", "--format", "html", "--json")[1])[
        "until"
    ]


def test_a_brief_is_written_in_three_forms(told, desk: Path) -> None:
    assert told("import", "one.jsonl")[0] == 0
    day = today(told)
    code, out, err = told("brief", "-s", "desk", "--since", day, "--out", "out", "--json")
    made = json.loads(out)
    assert (code, err, made["stories"], made["articles"]) == (0, "", 1, 1)
    assert made["files"] == {kind: f"out/brief-desk-{day}-{day}.{kind}" for kind in ("html", "docx", "pdf")}
    headline = RESOLUTION["title"]
    page = lxml.html.document_fromstring((desk / made["files"]["html"]).read_text())
    assert headline in page.text_content()
    word = docx.Document(io.BytesIO((desk / made["files"]["docx"]).read_bytes()))
    assert word.tables[0].rows[1].cells[0].text == "Adopted in committee"
    assert headline in word.tables[0].rows[2].cells[0].text
    reader = PdfReader(desk / made["files"]["pdf"])
    assert headline in " ".join(reader.pages[0].extract_text().split())


def test_every_subscription_has_its_brief_in_its_language(told, desk: Path) -> None:
    code, out, _ = told("brief", "--format", "html")
    assert code == 0
    assert next(line for line in out.splitlines() if not line.startswith(" ")).endswith(
        "(Europe/Minsk): nothing found"
    )
    pages = {path.name.split("-")[1]: path.read_text() for path in (desk / "briefs").iterdir()}
    assert set(pages) == {"desk", "bureau"}
    assert '<html lang="ru"' in pages["bureau"]
    assert '<html lang="en"' in pages["desk"]


def test_a_topic_has_a_brief_without_any_subscription(told, desk: Path) -> None:
    (desk / "config.yaml").write_text("sources: []\ndatabase: sqlite:///watch.db\n")
    command = ("brief", "--topic", "trafficking-news", "--language", "az", "--format", "pdf,html", "--json")
    code, out, _ = told(*command)
    made = json.loads(out)
    assert (code, made["language"], made["timezone"]) == (0, "az", "UTC")
    assert list(made["files"]) == ["pdf", "html"]


def test_the_first_file_is_opened(told, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    assert told("brief", "-s", "desk", "--format", "html,docx", "--open")[0] == 0
    assert [url.startswith("file:///") and url.endswith(".html") for url in opened] == [True]


def test_missing_fonts_are_said_with_what_to_install(
    told, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    title = "联合国委员会通过打击贩运人口的决议 resolution against trafficking in persons adopted by the Third Committee"
    (desk / "one.jsonl").write_text(json.dumps({**RESOLUTION, "title": title}) + "\n")
    assert told("import", "one.jsonl")[0] == 0
    monkeypatch.setattr(pdf, "pdf_of", partial(pdf.pdf_of, system_fonts=False))
    code, _, err = told("brief", "-s", "desk", "--since", "2026-01-01", "--format", "pdf")
    assert code == 0
    assert "no font on this machine has 联 合 国" in err
    assert "fonts-noto-cjk" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-s", "nobody"], "there are: desk, bureau"),
        (["--topic", "nothing"], "there are migrant-smuggling, trafficking-news"),
        (["--topic", "trafficking-news", "-s", "desk"], "either --subscription or --topic"),
        (["--language", "xx"], "choose from en, ru, az"),
        (["--format", "odt"], "choose from html, docx, pdf"),
        (["--format", ","], "choose from html, docx, pdf"),
        (["--since", "yesterday"], "yesterday"),
        (["--since", "2026-02-02", "--until", "2026-02-01"], "comes after"),
        (["--until", "2999-01-01"], "lies ahead"),
        (["--out", "one.jsonl", "--format", "html"], "name another folder with --out"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_wrong_command_line_exits_2_and_says_what_there_is(told, arguments: list[str], said: str) -> None:
    code, out, err = told("brief", *arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_without_subscriptions_a_topic_must_be_named(told, desk: Path) -> None:
    (desk / "config.yaml").write_text("sources: []\ndatabase: sqlite:///watch.db\n")
    code, _, err = told("brief")
    assert code == 2
    assert "--topic" in err
