"""The cards of `tipwatch extract`: what a person reads of an article, or of why there is none."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from pipeline.article import Article, Credit, OutcomeKind, Precision, Published
from pipeline.extract import Unreadable
from tipwatch.cli import run
from tipwatch.cli.card import card, time_in_words
from tipwatch.extracting import Answer, Problem

AT = datetime(2023, 11, 11, 16, 45, 13, tzinfo=UTC)
PUBLISHED = Published(AT, Precision.MINUTE, 240, "json-ld", "page", "2023-11-11T20:45+04:00")
ARTICLE = Article(
    url="https://gazette.example/world/1",
    canonical_url="https://gazette.example/world/1",
    source_id="gazette",
    outlet="Gazette",
    country="AZ",
    title="UN committee adopts a text [bold]against[/bold] trafficking",
    text="The committee adopted the text by consensus on Friday, Beresta reports.\nA vote in plenary will follow.",
    authors=("Mara Lind", "Ilya Brook"),
    published=PUBLISHED,
    modified_at=datetime(2023, 11, 12, 5, 0, tzinfo=UTC),
    language="en",
    language_origin="declared",
    credits=(Credit("Beresta", "BERESTA", 55, 62), Credit("ministry's press service", "ministry's press service", 1, 2)),
)  # fmt: skip


@pytest.fixture
def shown() -> Callable[..., str]:
    """A card as a terminal of that width shows it, without its colours."""

    def show(found: Answer, width: int = 80) -> str:
        console = Console(width=width, highlight=False, color_system=None)
        with console.capture() as heard:
            console.print(card("https://gazette.example/world/1", found))
        return heard.get()

    return show


def test_a_card_tells_title_byline_outlet_times_language_credits_and_text(shown: Callable[..., str]) -> None:
    told = " ".join(shown(ARTICLE, 120).split())
    for expected in (
        "UN committee adopts a text [bold]against[/bold] trafficking",  # as it stands: nothing is markup
        "By Mara Lind, Ilya Brook",
        "Outlet Gazette",
        "Published 11 November 2023, 20:45 (UTC+04:00) · minute · from the page's JSON-LD",
        "Modified 12 November 2023, 09:00 (UTC+04:00)",
        "Language English (as declared)",
        "Credits Beresta <- ministry's press service",
        "by consensus on Friday, Beresta reports. A vote",
    ):
        assert expected in told
    assert "Partial" not in told


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (PUBLISHED, "11 November 2023, 20:45 (UTC+04:00) · minute · from the page's JSON-LD"),
        (
            replace(PUBLISHED, precision=Precision.SECOND, offset_minutes=-210, origin="meta"),
            "11 November 2023, 13:15:13 (UTC-03:30) · second · from the page's meta tags",
        ),
        (
            replace(PUBLISHED, zone_origin="source", origin="visible", printed="11.11.2023, 20:45"),
            "11 November 2023, 20:45 (UTC+04:00, the source's zone) · minute · from the page's text: “11.11.2023, 20:45”",
        ),
        (
            replace(PUBLISHED, offset_minutes=None, zone_origin="unknown", origin="feed"),
            "11 November 2023, 16:45 (zone not known) · minute · from the feed",
        ),
        (
            replace(PUBLISHED, offset_minutes=0, origin="time-element"),
            "11 November 2023, 16:45 (UTC) · minute · from the page's time element",
        ),
        (
            replace(PUBLISHED, precision=Precision.DAY, at=datetime(2023, 11, 10, 20, tzinfo=UTC), origin="url"),
            "11 November 2023 · day · from the address",
        ),
    ],
)  # fmt: skip
def test_a_time_is_told_in_words_with_its_zone_and_where_it_was_read(
    published: Published, expected: str
) -> None:
    assert time_in_words(published) == expected


def test_what_is_not_known_is_said_so(shown: Callable[..., str]) -> None:
    bare = replace(
        ARTICLE,
        authors=(),
        outlet="",
        published=None,
        published_problem="1970-01-01 is no date of a news article",
        modified_at=None,
        language=None,
        credits=(),
        partial=True,
    )
    told = " ".join(shown(bare, 120).split())
    for expected in (
        "By no byline",
        "Outlet not named",
        "Published not known: 1970-01-01 is no",
        "not recognised",
        "only a teaser",
    ):
        assert expected in told
    assert "Credits" not in told


@pytest.mark.parametrize("width", [40, 80, 120, 200])
@pytest.mark.parametrize(
    "text",
    [
        "اعتمدت اللجنة مشروع النص بتوافق الآراء يوم الجمعة " * 9,
        "委员会星期五以协商一致方式通过决议草案。" * 20,
    ],
)
def test_no_line_is_wider_than_the_terminal_or_than_is_good_to_read(
    shown: Callable[..., str], text: str, width: int
) -> None:
    told = shown(
        replace(ARTICLE, title=text[:90], text=text, canonical_url="https://g.example/" + "x" * 150), width
    )
    assert max(cell_len(line) for line in told.splitlines()) <= min(width, 100)


def test_a_hostile_page_sends_nothing_to_the_terminal_but_signs(shown: Callable[..., str]) -> None:
    evil = "\x1b]0;owned\x07 \x1b[2J \u202eterces \x9b31m"
    found = replace(ARTICLE, title=evil, text=evil, authors=(evil,), canonical_url=evil)
    for told in (shown(found), shown(Problem("http", evil))):
        assert not set(told) & set("\x1b\x07\x9b\u202e")


@pytest.mark.parametrize(
    "found",
    [
        *(
            Unreadable(kind, "the reason")
            for kind in (
                OutcomeKind.NOT_ARTICLE,
                OutcomeKind.EXTRACTION_EMPTY,
                OutcomeKind.TOO_DEEP,
                OutcomeKind.TOO_LARGE,
                OutcomeKind.EXTRACTION_KILLED,
                OutcomeKind.FAILED,
            )
        ),
        *(
            Problem(kind, "the reason")
            for kind in ("input", "robots", "http", "dns", "timeout", "tls", "busy")
        ),
    ],
    ids=lambda found: str(found.kind),
)
def test_why_there_is_none_is_told_with_what_to_do(shown: Callable[..., str], found: Answer) -> None:
    assert not isinstance(found, Article)
    told = " ".join(shown(found, 120).split())
    kind = found.kind if isinstance(found, Problem) else found.kind.value
    assert f"Outcome {kind.replace('_', ' ')}" in told
    assert "Why the reason" in told
    assert len(told.partition("What to do ")[2]) > 20


@pytest.mark.parametrize("detail", ["HTTP 404", "HTTP 410"])
def test_a_page_that_is_not_there_is_not_to_be_saved_from_a_browser(
    shown: Callable[..., str], detail: str
) -> None:
    told = " ".join(shown(Problem("http", detail), 120).split())
    assert "check the address" in told
    assert "browser" not in told


def test_a_folder_is_no_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["extract", str(tmp_path)]) == 2
    assert "a folder: name the files in it" in capsys.readouterr().err


def test_a_terminal_is_shown_a_card_and_a_pipe_a_line_of_json(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        '<html lang="en"><head><title>The first story of the day</title></head><body><h1>The first story of the day</h1>'
        "<p>The text was adopted by consensus on Friday evening in the large hall.</p></body></html>"
    )
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "tipwatch", "extract", "page.html"],
        stdout=theirs,
        cwd=tmp_path,
        timeout=100,
        check=False,
    )
    os.close(theirs)
    told = os.read(ours, 65536).decode()
    os.close(ours)
    assert done.returncode == 0
    assert "The first story of the day" in told
    assert '"title"' not in told
    assert "Language" in told
