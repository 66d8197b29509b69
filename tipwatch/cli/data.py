"""`tipwatch export` and `tipwatch import`: articles to and from other systems."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.context import Context, counted, out, say, tell_problems
from tipwatch.errors import FAILED, OK, PARTLY_FAILED, UsageError

if TYPE_CHECKING:
    from pipeline.rules import RulePack
    from pipeline.store import ArticleRecord, Store
    from tipwatch.config import Config


class Format(StrEnum):
    """What `export` can write."""

    JSONL = "jsonl"
    CSV = "csv"
    RSS = "rss"
    ATOM = "atom"
    JSONFEED = "jsonfeed"


#: stories in an exported feed, the newest: feed readers read a whole feed at a time
FEED_STORIES = 1_000


def export_command(
    ctx: typer.Context,
    form: Annotated[
        Format, typer.Option("--format", help="jsonl, csv; or a feed of stories: rss, atom, jsonfeed.")
    ] = Format.JSONL,
    everything: Annotated[bool, typer.Option("--all", help="Unmatched articles as well.")] = False,
    since: Annotated[
        datetime | None, typer.Option(help="Only articles first seen after this time (UTC).")
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", help="File to write; default: stdout.")] = None,
) -> None:
    """Write the stored articles that matched a topic, oldest first; in a feed, their stories, newest first."""
    context: Context = ctx.obj
    start = since.replace(tzinfo=UTC) if since is not None and since.tzinfo is None else since
    if form not in (Format.JSONL, Format.CSV):
        export_feed(context, form, start, to, everything=everything)
        return
    with context.store(context.config()) as store:
        lines = written(store.articles.export(matched_only=not everything, since=start), form)
        if to is None:
            for line in lines:
                out(line)
            return
        try:
            with to.open("w", encoding="utf-8", newline="") as file:
                count = sum(1 for line in lines if file.write(line + "\n"))
        except OSError as error:
            raise UsageError(
                f"{to}: cannot be written ({error.strerror}): name another file with --to"
            ) from error
    say(f"{counted(max(0, count - (form is Format.CSV)), 'article')} written to {to}")


def export_feed(
    context: Context, form: Format, since: datetime | None, to: Path | None, *, everything: bool
) -> None:
    """Write the newest stories with matched articles as one feed. Raises UsageError."""
    from alerts.feeds import FeedForm
    from alerts.feeds import written as feed_written
    from tipwatch.rounds.publishing import feed_of, newest_items

    if everything:
        raise UsageError("a feed holds stories on a topic only: leave --all out, or export jsonl or csv")
    config, pack = context.config_and_pack()
    with context.store(config) as store:
        items, left_out = newest_items(config, store, pack, since, FEED_STORIES)
    feed = feed_of(config, "feed:export", "All topics", items)
    raw = feed_written(feed, FeedForm.JSON if form is Format.JSONFEED else FeedForm(form.value))
    if to is None:
        out(raw.decode().rstrip("\n"))
    else:
        try:
            to.write_bytes(raw)
        except OSError as error:
            raise UsageError(
                f"{to}: cannot be written ({error.strerror}): name another file with --to"
            ) from error
        say(f"{counted(len(items), 'story', 'stories')} written to {to}")
    if left_out:
        say(f"{counted(left_out, 'older story', 'older stories')} left out: --since, or jsonl, has them")


def written(records: Iterable[ArticleRecord], form: Format) -> Iterator[str]:
    """The articles in the wanted format, line by line, without line ends."""
    from tipwatch.jsonl import as_object

    first = True
    for record in records:
        values = as_object(record)
        if form is Format.JSONL:
            yield json.dumps(values, ensure_ascii=False)
            continue
        if first:
            yield csv_line(values.keys())
            first = False
        yield csv_line(flat(value) for value in values.values())


def csv_line(cells: Iterable[object]) -> str:
    """One CSV record (RFC 4180) without its line end."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(
        list(cells)
    )  # quotes only what holds a part of the line end
    return buffer.getvalue().removesuffix("\r\n")


def flat(value: object) -> str:
    """A cell's text; a leading apostrophe keeps a spreadsheet from taking it for a formula (OWASP, CSV injection)."""
    if isinstance(value, list):
        text = "; ".join(
            f"{one['topic']} {one['score']:.2f}" if isinstance(one, dict) else str(one) for one in value
        )
    else:
        text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def import_command(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE.jsonl", help="JSON lines as `export` writes them; - for stdin.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Take in articles from elsewhere: they are classified, placed in stories and told like crawled ones."""
    context: Context = ctx.obj
    config, pack = context.config_and_pack()
    outcomes: Counter[str] = Counter()
    problems: list[str] = []
    with context.store(config) as store:
        for number, line in enumerate(read_lines(file), 1):
            if not line.strip():
                continue
            result = import_line(line, config, pack, store)
            if isinstance(result, str):
                outcomes[result] += 1
            else:
                problems.append(f"{file}:{number}: {result[0]}")
    tell_problems(problems)
    if as_json:
        out(
            json.dumps(
                {"outcomes": dict(sorted(outcomes.items())), "refused": len(problems), "problems": problems},
                ensure_ascii=False,
            )
        )
    else:
        told = ", ".join(f"{count} {kind}" for kind, count in sorted(outcomes.items())) or "nothing"
        out(f"{told}; {counted(len(problems), 'line')} refused")
    if problems:
        raise typer.Exit(PARTLY_FAILED if outcomes else FAILED)
    raise typer.Exit(OK)


def read_lines(file: Path) -> Iterator[str]:
    """The lines of a file, or of stdin for ``-``. Broken encoding gives replacement characters, not an error."""
    if str(file) == "-":
        yield from sys.stdin
        return
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            yield from lines
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from error


def import_line(line: str, config: Config, pack: RulePack, store: Store) -> str | tuple[str]:
    """Take in one line; the outcome's name, or a one-tuple with what is wrong with the line."""
    from pipeline.understand import understand_article
    from tipwatch.clock import utc_now
    from tipwatch.jsonl import BadLine, article_from

    try:
        article = article_from(json.loads(line), config)
    except (ValueError, RecursionError) as error:
        return (f"not JSON: {error}",)
    if isinstance(article, BadLine):
        return (article.why,)
    return str(store.articles.add(understand_article(article, pack), utc_now()).kind)
