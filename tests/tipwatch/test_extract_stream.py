"""`tipwatch extract --jsonl`: a stream in, its answers out, in order and at once, whatever a page or a line does."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing import forkserver
from pathlib import Path

import pytest

from crawler.worker import Workers
from pipeline.article import Article, OutcomeKind
from pipeline.extract import PageInput, Unreadable, extract
from pipeline.extract.worker import PRELOAD, Window, answer_all

PAGE = (
    '<html lang="en"><head><title>{title}</title><meta name="author" content="Mara Lind"></head>'
    "<body><h1>{title}</h1><span>11.11.2023, 13:41</span>"
    "<p>The text was adopted by consensus on Friday evening in the large hall, Tavria Press reports.</p></body></html>"
)
COMMAND = [sys.executable, "-m", "tipwatch", "extract", "--jsonl"]
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def server_of_its_own():
    """The server that workers are forked from keeps what it was started with: another test's had another preload."""
    stop = forkserver._forkserver._stop  # type: ignore[attr-defined]  # what its own tests use; there is no other way
    stop()
    yield
    stop()


def page(body: str) -> PageInput:
    return PageInput(body.encode(), "https://c.example/1", None, "", "", None, (), None, None, NOW)


def read_or_break(given: PageInput) -> Article | Unreadable:
    """What a worker does here: a page may ask for what hostile pages cause."""
    if given.body.startswith(b"loop"):
        sum(range(10**12))
    if given.body.startswith(b"bomb"):
        taken = []
        while True:
            taken.append(bytearray(8 << 20))
    if given.body.startswith(b"crash"):
        os.kill(os.getpid(), signal.SIGKILL)
    return extract(given)


def line(name: object, title: str = "The first story of the day") -> str:
    return json.dumps({"id": name, "url": "https://c.example/1", "html": PAGE.format(title=title)}) + "\n"


@pytest.mark.usefixtures("server_of_its_own")
def test_killed_pages_have_their_outcome_and_the_pages_after_them_their_answer_in_order() -> None:
    bodies = [PAGE.format(title=f"Story number {n} of the day") for n in range(20)]
    for place, hostile in {0: "loop", 3: "bomb", 7: "loop", 8: "loop", 12: "crash", 19: "bomb"}.items():
        bodies[place] = hostile
    asked = [(n, page(body)) for n, body in enumerate(bodies)]
    with Workers(2, memory_bytes=200 << 20, preload=PRELOAD) as workers:
        answers = list(answer_all(asked, workers, 2.0, read=read_or_break))
    assert [name for name, _ in answers] == list(range(20))
    killed = {
        name: found.detail.partition(":")[0]
        for name, found in answers
        if isinstance(found, Unreadable) and found.kind is OutcomeKind.EXTRACTION_KILLED
    }
    assert killed == {0: "timeout", 3: "memory", 7: "timeout", 8: "timeout", 12: "died", 19: "memory"}
    read = {name: found.title for name, found in answers if isinstance(found, Article)}
    assert read == {n: f"Story number {n} of the day" for n in range(20) if n not in killed}


@pytest.mark.usefixtures("server_of_its_own")
@pytest.mark.parametrize("hostile", ["loop", "bomb", "crash"])
def test_the_page_after_a_killed_one_is_answered_soon(hostile: str) -> None:
    good = page(PAGE.format(title="The story after it"))
    with Workers(1, memory_bytes=200 << 20, preload=PRELOAD) as workers:
        assert len(list(answer_all([(0, good)], workers))) == 1  # the server is ready now
        asked = [(0, page(hostile)), (1, good)]
        answers = answer_all(asked, workers, 1.5, read=read_or_break)
        next(answers)
        killed_at = time.monotonic()
        _, after = next(answers)
    assert isinstance(after, Article)
    assert time.monotonic() - killed_at < 5  # 0.1 s on a machine that does nothing else


def test_no_more_pages_are_held_than_the_window_has_room_for_while_one_hangs() -> None:
    handed_out: list[int] = []

    def pages() -> Iterator[tuple[int, PageInput]]:
        for n in range(60):
            handed_out.append(n)
            yield n, page("loop" if n == 0 else PAGE.format(title=f"Story number {n}"))

    with Workers(2, preload=PRELOAD) as workers:
        answers = answer_all(pages(), workers, 2.0, Window(pages=10, size=1 << 20), read_or_break)
        next(answers)
        assert len(handed_out) <= 13  # ten, the one answered, the next one in each hand
        assert [name for name, _ in answers] == list(range(1, 60))


def test_what_the_questions_raise_is_raised_after_the_answers_before_it() -> None:
    def pages() -> Iterator[tuple[int, PageInput]]:
        yield 0, page(PAGE.format(title="The only story"))
        raise OSError("the disk is gone")

    with Workers(1, preload=PRELOAD) as workers:
        answers = answer_all(pages(), workers)
        assert next(answers)[0] == 0
        with pytest.raises(OSError, match="the disk is gone"):
            next(answers)


def test_an_answer_comes_while_the_stream_is_still_open_and_an_interrupt_leaves_quietly(
    tmp_path: Path,
) -> None:
    # tests run in the background ignore interrupts, and so would what they start
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        start_new_session=True,
    ) as running:
        assert running.stdin
        assert running.stdout
        assert running.stderr
        for asked, expected in ((line("a"), "a"), ("no json\n", 2), (line("c"), "c")):
            running.stdin.write(asked)
            running.stdin.flush()
            assert json.loads(running.stdout.readline())["id"] == expected
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does: to all processes
        assert running.wait(30) == 130
        assert "Traceback" not in running.stderr.read()


def test_a_reader_that_leaves_early_is_no_error_to_tell_of(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("".join(line(n) for n in range(300)))
    done = subprocess.run(
        ["bash", "-c", f"{' '.join(COMMAND)} in.jsonl | head -3"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=100,
        check=True,
    )
    assert [json.loads(each)["id"] for each in done.stdout.splitlines()] == [0, 1, 2]
    assert done.stderr == ""


def test_an_article_line_keeps_its_contract(tmp_path: Path) -> None:
    done = subprocess.run(
        COMMAND,
        input=line("half \ud800 a sign"),
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=100,
        check=True,
    )
    found = json.loads(done.stdout)
    assert set(found) == {
        "id",
        "title",
        "text",
        "authors",
        "outlet",
        "published_at",
        "published_precision",
        "published_origin",
        "published_problem",
        "zone_origin",
        "offset_minutes",
        "modified_at",
        "language",
        "language_origin",
        "credits",
        "credit_spans",
        "partial",
        "canonical_url",
    }
    assert found["id"] == "half \ud800 a sign"
    assert found["authors"] == ["Mara Lind"]
    assert (found["published_at"], found["published_precision"]) == ("2023-11-11T13:41:00Z", "minute")
    assert [span["name"] for span in found["credit_spans"]] == found["credits"]
    for span in found["credit_spans"]:
        assert found["text"][span["start"] : span["end"]] == span["printed"]


def test_a_line_without_end_is_a_bad_line_and_the_next_one_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipwatch import extracting

    (tmp_path / "in.jsonl").write_text("x" * 5_000 + "\n" + line("after"))
    with (tmp_path / "in.jsonl").open("rb") as file:
        monkeypatch.setattr(extracting, "MAX_LINE_BYTES", 1_000)
        asked = [each for each, _ in extracting.questions_from_lines(file, tmp_path, NOW)]
    assert [(each.id, each.problem is None) for each in asked] == [(1, False), ("after", True)]


def test_with_a_bar_on_the_terminal_the_results_still_go_into_the_file(tmp_path: Path) -> None:
    page = "<h1>The first story</h1><p>The text was adopted by consensus on Friday evening in the large hall.</p>"
    asked = [json.dumps({"id": number, "html": page}) for number in range(3)]
    (tmp_path / "pages.jsonl").write_text("\n".join(asked))
    ours, theirs = pty.openpty()
    with (tmp_path / "articles.jsonl").open("wb") as results:
        done = subprocess.run(
            [sys.executable, "-m", "tipwatch", "extract", "--jsonl", "pages.jsonl"],
            stdout=results,
            stderr=theirs,
            cwd=tmp_path,
            timeout=100,
            check=False,
        )
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    assert done.returncode == 0
    found = [json.loads(line) for line in (tmp_path / "articles.jsonl").read_text().splitlines()]
    assert [one["id"] for one in found] == [0, 1, 2]
    assert "3 articles" in shown
    assert "adopted by consensus" not in shown
