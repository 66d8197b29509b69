"""`tipwatch extract`: what extraction makes of saved pages, of URLs, or of a stream of JSON lines."""

from __future__ import annotations

import gzip
import json
import os
import sys
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.context import Context, out, say
from tipwatch.errors import FAILED, OK, PARTLY_FAILED, UsageError

if TYPE_CHECKING:
    from crawler.page import FetchedPage, FetchFailure
    from pipeline.article import Article, Published
    from pipeline.extract import PageInput, Unreadable

    Fetch = Callable[[str], FetchedPage | FetchFailure]

#: one byte more than extraction reads, so that it can say so; also what a compressed file may grow to
_MAX_BYTES = 5 * 1024 * 1024 + 1
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Asked:
    """One page asked for: `page` to be read, or the problem (kind and detail) why there is none."""

    id: object
    page: PageInput | None = None
    problem: tuple[str, str] | None = None


@dataclass(slots=True)
class Tally:
    """What came of a run, for the exit code."""

    read: int = 0
    unreadable: int = 0
    bad: int = 0

    @property
    def code(self) -> int:
        """0 all input was usable, 3 some was not, 1 no article could be read at all."""
        if not self.read:
            return FAILED if self.bad or self.unreadable else OK
        return PARTLY_FAILED if self.bad else OK


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
    if jsonl:
        asked, total = _from_lines(given[0] if given else None, utc_now())
    else:
        asked, total = (_from_subject(one, url, utc_now(), ctx.obj) for one in given), len(given)
    tally = run(asked, total, cards=not jsonl and not as_json and sys.stdout.isatty())
    raise typer.Exit(tally.code)


def run(asked: Iterable[Asked], total: int | None, *, cards: bool) -> Tally:
    """Read what was asked for, in order with all cores busy, and print each result as soon as its turn comes."""
    from crawler.worker import Workers
    from pipeline.extract import Unreadable
    from pipeline.extract.worker import PRELOAD

    tally = Tally()
    cores = os.cpu_count() or 1
    with Workers(min(cores, total or cores), preload=PRELOAD) as workers:
        for one, found in _progress(_answers(asked, workers), total):
            if isinstance(found, tuple):
                tally.bad += 1
            elif isinstance(found, Unreadable):
                tally.unreadable += 1
            else:
                tally.read += 1
            if cards:
                _print_card(one, found)
            else:
                out(json.dumps(as_object(one, found), ensure_ascii=False))
    return tally


def as_object(one: Asked, found: Article | Unreadable | tuple[str, str]) -> dict[str, object]:
    """A result as a JSON object: the article's fields, or ``error`` with kind and detail."""
    from pipeline.article import Article

    if isinstance(found, tuple):
        return {"id": one.id, "error": {"kind": found[0], "detail": found[1]}}
    if not isinstance(found, Article):
        return {"id": one.id, "error": {"kind": found.kind.value, "detail": found.detail}}
    when = found.published
    return {
        "id": one.id,
        "title": found.title,
        "text": found.text,
        "authors": list(found.authors),
        "published_at": stamp(when) if when else None,
        "published_precision": when.precision.value if when else None,
        "published_origin": when.origin if when else None,
        "published_problem": found.published_problem,
        "zone_origin": when.zone_origin if when else None,
        "offset_minutes": when.offset_minutes if when else None,
        "language": found.language,
        "credits": [credit.name for credit in found.credits],
        "partial": found.partial,
        "canonical_url": found.canonical_url or None,
    }


def stamp(when: Published) -> str:
    """ISO 8601: the instant in UTC with Z; only the printed day when no more is known."""
    from datetime import timedelta

    if when.precision.value == "day":
        return (when.at + timedelta(minutes=when.offset_minutes or 0)).date().isoformat()
    return when.at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _answers(
    asked: Iterable[Asked], workers: object
) -> Iterator[tuple[Asked, Article | Unreadable | tuple[str, str]]]:
    """Each question with its answer, in order; questions that have no page are answered by their problem."""
    from pipeline.extract.worker import extract_all

    waiting: deque[Asked] = deque()

    def pages() -> Iterator[PageInput]:
        for one in asked:
            waiting.append(one)
            if one.page is not None:
                yield one.page

    def without_page() -> Iterator[tuple[Asked, tuple[str, str]]]:
        while waiting and waiting[0].page is None:
            one = waiting.popleft()
            yield one, one.problem or ("internal", "")

    for found in extract_all(pages(), workers):  # type: ignore[arg-type]  # the class is imported only where it is made
        yield from without_page()
        yield waiting.popleft(), found
    yield from without_page()


def _progress(
    answers: Iterator[tuple[Asked, Article | Unreadable | tuple[str, str]]], total: int | None
) -> Iterator[tuple[Asked, Article | Unreadable | tuple[str, str]]]:
    """The same, with a bar on stderr when that is a terminal and there is more than one page."""
    if not sys.stderr.isatty() or total == 1:
        yield from answers
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(
        answers, total=total, description="reading", console=Console(stderr=True), transient=True
    )


def _from_lines(name: str | None, now: datetime) -> tuple[Iterator[Asked], int | None]:
    """Questions from JSON lines, and how many there are (None for a stream)."""
    if name is None:
        return _asked(sys.stdin.buffer, Path(), now), None
    path = Path(name)
    if not path.is_file():
        raise UsageError(f"{name}: no such file")
    with path.open("rb") as file:
        total = sum(1 for line in file if line.strip())

    def lines() -> Iterator[Asked]:
        with path.open("rb") as file:
            yield from _asked(file, path.parent, now)

    return lines(), total


def _asked(lines: IO[bytes], folder: Path, now: datetime) -> Iterator[Asked]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _from_line(line, number, folder, now)


def _from_line(line: bytes, number: int, folder: Path, now: datetime) -> Asked:
    """The question of one JSON line: ``html``, or ``file`` (relative to `folder`)."""
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Asked(number, problem=("input", f"line {number}: no JSON: {error}"))
    if not isinstance(given, dict):
        return Asked(number, problem=("input", f"line {number}: not a JSON object"))
    name = given.get("id", number)
    if isinstance(given.get("html"), str):
        body: bytes | str = given["html"].encode("utf-8", "surrogatepass")
    elif isinstance(given.get("file"), str):
        body = _read_file(folder / given["file"])
    else:
        body = 'neither "html" nor "file" is given as a text'
    if isinstance(body, str):
        return Asked(name, problem=("input", f"line {number}: {body}"))
    texts = [
        given.get(key) if isinstance(given.get(key), str) else None
        for key in ("url", "language", "source_timezone")
    ]
    return Asked(name, _page(body, texts[0], now, language=texts[1], timezone=texts[2]))


def _from_subject(subject: str, url: str | None, now: datetime, context: Context) -> Asked:
    """The question a file or a URL on the command line asks. Raises UsageError when it is neither."""
    from crawler.page import FetchFailure
    from crawler.urls import is_fetchable
    from pipeline.extract import PageInput

    path = Path(subject)
    if path.is_file():
        body = _read_file(path)
        if isinstance(body, str):
            return Asked(subject, problem=("input", body))
        return Asked(subject, _page(body, url, now))
    if not is_fetchable(subject):
        raise UsageError(f"{subject}: neither a file nor an http or https URL")
    fetched = _fetch(context)(subject)
    if isinstance(fetched, FetchFailure):
        return Asked(subject, problem=(fetched.why.value, fetched.detail))
    return Asked(subject, PageInput.from_page(fetched))


def _fetch(context: Context) -> Fetch:
    """How a URL is fetched: through the crawl door, with the configuration's manners."""
    from functools import partial

    from tipwatch.fetch import fetch_one

    return partial(fetch_one, config=context.config())


def _page(
    body: bytes, url: str | None, now: datetime, *, language: str | None = None, timezone: str | None = None
) -> PageInput:
    from pipeline.extract import PageInput

    return PageInput(
        body=body,
        url=url or "",
        content_type=None,
        source_id="",
        outlet="",
        country=None,
        languages=(language,) if language else (),
        timezone=timezone,
        entry=None,
        fetched_at=now,
    )


def _read_file(path: Path) -> bytes | str:
    """The file's bytes, decompressed, or what is wrong with it."""
    try:
        with path.open("rb") as raw:
            if raw.read(2) != _GZIP:
                raw.seek(0)
                return raw.read(_MAX_BYTES)
        with gzip.open(path) as unpacked:
            return unpacked.read(_MAX_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        return f"{path}: {error}"


def _print_card(one: Asked, found: Article | Unreadable | tuple[str, str]) -> None:
    """A readable card on the terminal."""
    from rich.console import Console
    from rich.markup import escape
    from rich.panel import Panel

    from pipeline.article import Article

    if not isinstance(found, Article):
        kind, detail = found if isinstance(found, tuple) else (found.kind.value, found.detail)
        say(f"{one.id}: {kind}: {detail}")
        return
    when = found.published
    time = (
        f"{stamp(when)} ({when.precision.value}; from {when.origin}: {when.printed!r}; zone: {when.zone_origin})"
        if when
        else f"no time: {found.published_problem}"
    )
    rows = [
        ", ".join(found.authors) or "no byline",
        time,
        f"language {found.language or 'unknown'} ({found.language_origin})"
        + (", only a teaser" if found.partial else ""),
        "credits: " + (" < ".join(credit.name for credit in found.credits) or "none"),
    ]
    body = "\n".join(
        [*(f"[dim]{escape(row)}[/dim]" for row in rows), "", escape(found.text.replace("\n", "\n\n"))]
    )
    Console().print(
        Panel(
            body,
            title=f"[bold]{escape(found.title)}[/bold]",
            subtitle=escape(found.canonical_url),
            padding=(1, 2),
        )
    )
