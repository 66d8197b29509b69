"""Many pages through killable workers, and the command that reads them: in order, each with an answer."""

# ruff: noqa: E501 - pages stand on their lines as they would be sent
from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.page import FetchedPage
from crawler.source import Source
from crawler.worker import Broken, BrokenWhy, Workers
from pipeline.article import Article, OutcomeKind
from pipeline.extract import PageInput, Unreadable
from pipeline.extract.worker import PRELOAD, extract_all, settled

PAGE = '<html lang="en"><head><title>{title}</title></head><body><h1>{title}</h1><span>11.11.2023, 13:41</span><p>The text was adopted by consensus on Friday evening in the large hall.</p></body></html>'

PROGRAM = """
import sys

import typer

from tipwatch.cli.extract import extract_command
from tipwatch.errors import UsageError

app = typer.Typer()
app.command()(extract_command)
if __name__ == "__main__":
    try:
        app()
    except UsageError as error:
        print(error, file=sys.stderr)
        sys.exit(error.code)
"""


def test_a_fetched_page_is_read_under_the_address_redirects_led_to() -> None:
    source = Source("courier", "Evening Courier", country="GB", languages=("en",), timezone="Europe/London")
    page = PageInput.from_page(
        FetchedPage(
            source, "https://c.example/1", "https://c.example/2", b"x", None, datetime(2026, 3, 1, tzinfo=UTC)
        )
    )
    assert page.url == "https://c.example/2"
    assert (page.outlet, page.languages, page.timezone) == ("Evening Courier", ("en",), "Europe/London")


def test_answers_come_in_order_and_bad_pages_do_not_stop_them(make_page: Callable[..., PageInput]) -> None:
    titles = [f"Story number {n} of the day" for n in range(12)]
    pages = [make_page(PAGE.format(title=title)) for title in titles]
    pages[5] = make_page("")
    with Workers(2, preload=PRELOAD) as workers:
        found = list(extract_all(pages, workers, timeout_s=60))
    assert [one.title for one in found if isinstance(one, Article)] == titles[:5] + titles[6:]
    assert isinstance(found[5], Unreadable)


def test_a_killed_worker_is_a_named_outcome() -> None:
    found = settled(Broken(BrokenWhy.TIMEOUT, "more than 8 s"))
    assert found == Unreadable(OutcomeKind.EXTRACTION_KILLED, "timeout: more than 8 s")


@pytest.fixture
def run_extract(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`tipwatch extract` as a user runs it."""
    script = tmp_path / "extract_as_a_program.py"
    script.write_text(PROGRAM)

    def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(script), *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            timeout=100,
            check=False,
        )

    return run


def test_json_lines_are_answered_in_order_with_errors_in_their_place(
    run_extract: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "b.html.gz").write_bytes(
        gzip.compress(PAGE.format(title="The second story").encode())
    )
    lines = [
        json.dumps(
            {
                "id": "a",
                "url": "https://c.example/1",
                "html": PAGE.format(title="The first story"),
                "source_timezone": "Europe/Minsk",
            }
        ),
        "no json",
        json.dumps({"id": "b", "url": "https://c.example/2", "file": "b.html.gz"}),
        json.dumps({"id": "c", "url": "https://c.example/3", "file": "missing.html"}),
        json.dumps({"id": "d", "html": ""}),
    ]
    (tmp_path / "pages" / "in.jsonl").write_text("\n".join(lines))
    done = run_extract("--jsonl", "pages/in.jsonl")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 3, done.stderr
    assert [one["id"] for one in found] == ["a", 2, "b", "c", "d"]
    assert found[0]["title"] == "The first story"
    assert (found[0]["published_at"], found[0]["published_precision"], found[0]["zone_origin"]) == (
        "2023-11-11T10:41:00Z",
        "minute",
        "source",
    )
    assert found[1]["error"]["kind"] == "input"
    assert (found[2]["title"], found[2]["zone_origin"]) == ("The second story", "unknown")
    assert found[3]["error"]["kind"] == "input"
    assert found[4]["error"]["kind"] == "extraction_empty"


def test_nothing_readable_exits_1_and_wrong_usage_2(
    run_extract: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    assert run_extract("--jsonl", stdin="nonsense\n").returncode == 1
    assert run_extract("no-such-file.html").returncode == 2
    assert run_extract().returncode == 2
