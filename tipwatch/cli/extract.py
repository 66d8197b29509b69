"""`tipwatch extract`: what extraction makes of saved pages, of URLs, or of a stream of JSON lines."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.context import Context, counted, out, say
from tipwatch.errors import FAILED, OK, PARTLY_FAILED, UsageError

if TYPE_CHECKING:
    from crawler.worker import Workers
    from tipwatch.extracting import Answer, Asked, Question

    Questions = tuple[Iterator[Question], int | None]
    Show = Callable[["Tally"], None]

#: `pipeline.extract.worker.PRELOAD`, named here because importing it takes as long as what it names
_PRELOAD = ("pipeline.extract.preload",)


@dataclass(slots=True)
class Tally:
    """What came of a run, for the exit code and the line at the end."""

    read: int = 0
    unreadable: int = 0
    bad: int = 0
    started_at: float = field(default_factory=time.monotonic)

    @property
    def answered(self) -> int:
        """How many questions have their answer."""
        return self.read + self.unreadable + self.bad

    @property
    def code(self) -> int:
        """0 all input was usable, 3 some was not, 1 no article could be read at all."""
        if not self.read:
            return FAILED if self.bad or self.unreadable else OK
        return PARTLY_FAILED if self.bad else OK

    def __str__(self) -> str:
        """In words."""
        seconds = max(time.monotonic() - self.started_at, 0.001)
        parts = [
            counted(self.read, "article"),
            f"{self.unreadable} without one",
            *([f"{self.bad} not to be had"] if self.bad else []),
            f"{self.answered / seconds:.0f} pages/s",
        ]
        return ", ".join(parts)


def extract_command(
    ctx: typer.Context,
    subjects: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE|URL]...", help="Saved pages (.gz too) or URLs.")
    ] = None,
    url: Annotated[str | None, typer.Option(help="For a file: where the page came from.")] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Read JSON lines from FILE or stdin.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines instead of a card.")] = False,
) -> None:
    """Read articles: title, byline, time with zone, credits and text."""
    from tipwatch.clock import utc_now

    given = subjects or []
    if url is not None and (jsonl or len(given) != 1):
        raise UsageError("--url goes with exactly one file")
    if jsonl and len(given) > 1:
        raise UsageError("--jsonl reads one file, or stdin when none is named")
    if not jsonl and not given:
        raise UsageError("name a file or a URL, or give --jsonl to read JSON lines from stdin")
    cards = not jsonl and not as_json and sys.stdout.isatty()
    with contextlib.ExitStack() as opened:
        # first: the server that workers are forked from imports what it needs while we do
        workers = opened.enter_context(start_workers(None if jsonl else len(given)))
        if jsonl:
            questions, total = from_lines(given[0] if given else None, utc_now(), opened)
        else:
            questions, total = from_subjects(given, url, utc_now(), ctx.obj)
        tally = answer(questions, workers, total, cards=cards)
    raise typer.Exit(tally.code)


def start_workers(most: int | None) -> Workers:
    """One worker process per core, and not more than there are pages."""
    from crawler.worker import Workers

    cores = os.cpu_count() or 1
    return Workers(min(cores, most or cores), preload=_PRELOAD)


def from_lines(name: str | None, now: datetime, files: contextlib.ExitStack) -> Questions:
    """Questions from JSON lines, and how many there are (None when not known)."""
    from tipwatch.extracting import questions_from_lines

    if name is None:
        # a file of our own: the thread that reads it may still wait for a line when we leave
        stdin = open(sys.stdin.fileno(), "rb", closefd=False)  # noqa: SIM115 - a descriptor; see above
        return questions_from_lines(stdin, Path(), now), None
    path = Path(name)
    if not path.is_file():
        raise UsageError(f"{name}: no such file")
    total = None
    if shows_progress():
        with path.open("rb") as file:
            total = sum(1 for line in file if line.strip())
    return questions_from_lines(files.enter_context(path.open("rb")), path.parent, now), total


def from_subjects(given: list[str], url: str | None, now: datetime, context: Context) -> Questions:
    """Questions from files and URLs, and how many there are. Raises UsageError before any is read."""
    from tipwatch.extracting import check_subjects, questions_from_subjects

    for one in given:
        if Path(one).is_dir():
            raise UsageError(
                f"{one or 'nothing named'}: a folder: name the files in it, such as {Path(one) / '*.html'}"
            )
    config = context.config() if check_subjects(given) else None
    return questions_from_subjects(given, url, now, config), len(given)


def answer(questions: Iterator[Question], workers: Workers, total: int | None, *, cards: bool) -> Tally:
    """Read what was asked for, in order with all cores busy, and print each result as soon as its turn comes."""
    from tipwatch.extracting import answers, as_object

    tally = Tally()
    with progress(total) as show:
        for asked, found in answers(questions, workers):
            count(tally, found)
            if cards:
                print_card(asked, found)
            else:
                out(json_line(as_object(asked, found)))
            show(tally)
    if shows_progress() and tally.answered > 1:
        say(str(tally))
    return tally


def count(tally: Tally, found: Answer) -> None:
    """Add an answer to the tally."""
    from pipeline.article import Article
    from tipwatch.extracting import Problem

    if isinstance(found, Article):
        tally.read += 1
    elif isinstance(found, Problem):
        tally.bad += 1
    else:
        tally.unreadable += 1


def json_line(found: dict[str, object]) -> str:
    """The object on one line; escaped where stdout cannot write it: an id may hold half a character."""
    line = json.dumps(found, ensure_ascii=False)
    try:
        line.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(found)
    return line


def print_card(asked: Asked, found: Answer) -> None:
    """The answer as people read it."""
    from rich.console import Console

    from tipwatch.cli.card import card

    Console(highlight=False).print(card(str(asked.id), found))


def shows_progress() -> bool:
    """Whether a bar is of use: on a terminal that the results do not scroll through."""
    return sys.stderr.isatty() and not sys.stdout.isatty()


@contextmanager
def progress(total: int | None) -> Iterator[Show]:
    """A bar on stderr, where it is of use and there is more than one page."""
    if not shows_progress() or total == 1:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.fields[said]}"))
    # results go where stdout leads, and not where the bar is drawn, which is Rich's default
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("", total=total, said="")

        def show(tally: Tally) -> None:
            bar.update(task, completed=tally.answered, said=str(tally))

        yield show
