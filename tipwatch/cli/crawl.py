"""`tipwatch crawl`: one round over sources, with progress on a terminal and a table at the end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.context import Context, counted, out, say, table_console
from tipwatch.errors import FAILED, OK, PARTLY_FAILED, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from tipwatch.config import Config
    from tipwatch.rounds.crawling import CrawlOrder
    from tipwatch.rounds.tally import SourceTally, Tally

REASONS_SHOWN = 3
#: outcomes of a page that gave an article
READ = ("kept", "no_match", "duplicate", "revision")
COUNTS_WIDTH = 37  # characters of the five counts and the space around them


def crawl_command(
    ctx: typer.Context,
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="SOURCE", help="Source ids; default: all.")
    ] = None,
    due: Annotated[bool, typer.Option("--due", help="Only sources whose next visit is due.")] = False,
    url: Annotated[list[str] | None, typer.Option(help="An article's URL; may be repeated.")] = None,
    feed: Annotated[
        list[str] | None, typer.Option(help="A feed that no configuration names; may be repeated.")
    ] = None,
    opml: Annotated[Path | None, typer.Option(help="A list of feeds.", exists=True, dir_okay=False)] = None,
    sitemap: Annotated[
        list[str] | None, typer.Option(help="A sitemap that no configuration names; may be repeated.")
    ] = None,
    listing: Annotated[
        list[str] | None, typer.Option(help="A section page that links to articles; may be repeated.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="Read sitemaps and listings back to then: 30d, 8w, 12h, or a date."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    die_with_parent: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Crawl once: read the feeds, fetch what is new, understand it and keep it."""
    from tipwatch import parent
    from tipwatch.cli.rules_shown import since_when
    from tipwatch.clock import utc_now
    from tipwatch.rounds.crawling import CrawlOrder, crawl_round

    if die_with_parent is not None:
        parent.die_with(die_with_parent)
    context: Context = ctx.obj
    order = CrawlOrder(
        source_ids=tuple(sources or ()),
        due=due,
        urls=tuple(url or ()),
        feeds=tuple(feed or ()),
        opml=read_list(opml) if opml else None,
        sitemaps=tuple(sitemap or ()),
        listings=tuple(listing or ()),
        since=since_when(since, utc_now()),
    )
    refuse_contradictions(order, utc_now())
    config = context.config()  # with its rule packs: a wrong one is told before anything is fetched
    tell_vain_since(config, order)
    with context.store(config) as store, progress_bar() as show:
        tally = crawl_round(config, store, order, show)
    if as_json:
        out(json.dumps(as_object(tally), ensure_ascii=False))
    else:
        print_table(tally)
    raise typer.Exit(exit_code(tally, order))


def read_list(opml: Path) -> bytes:
    """The OPML list, once it is known to be one. Raises UsageError."""
    from crawler.errors import CrawlError
    from crawler.opml import read_opml
    from crawler.source import Manners

    try:
        document = opml.read_bytes()
        read_opml(document, Manners())
    except OSError as error:
        raise UsageError(f"{opml}: {error.strerror or error}") from error
    except CrawlError as error:
        raise UsageError(f"{opml}: {error}") from error
    return document


def refuse_contradictions(order: CrawlOrder, now: datetime) -> None:
    """Raise UsageError for options that do not go together."""
    if order.since is not None and order.since > now:
        raise UsageError("--since lies ahead: sitemaps and listings are read back to a time that is over")
    if order.due and (order.urls or order.names_lists):
        raise UsageError(
            "--due goes with configured sources, not with --url, --feed, --sitemap, --listing or --opml"
        )


def tell_vain_since(config: Config, order: CrawlOrder) -> None:
    """Say so when there is nothing that can be read back: a feed holds what it holds."""
    from tipwatch.rounds.crawling import chosen

    if order.since is not None and not any(
        source.sitemaps or source.listings for source in chosen(config, order)
    ):
        say("--since changes nothing here: none of these sources has a sitemap or a listing")


@contextmanager
def progress_bar() -> Iterator[Callable[[Tally], None]]:
    """A function to be called with the tally as it grows; draws on stderr if that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _tally: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[articles]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as progress:
        task = progress.add_task("sources", total=None, articles="")

        def show(tally: Tally) -> None:
            visits = tally.sources.values()
            matched, kept = sum(v.matched for v in visits), sum(v.kept for v in visits)
            progress.update(
                task,
                total=len(tally.sources),
                completed=sum(v.done for v in visits),
                articles=f"{len(tally.decided)} of {len(tally.seen)} URLs, {kept} kept, {matched} matched",
            )

        yield show


def as_object(tally: Tally) -> dict[str, object]:
    """The contract of --json."""
    return {
        "sources": [
            {
                "id": row.id,
                "name": row.name,
                "found": row.found,
                "new": row.new,
                "kept": row.kept,
                "matched": row.matched,
                "failed": row.failed,
                "feeds_read": row.feeds_read,
                "feeds_unchanged": row.unchanged,
                "feeds_failed": row.feeds_failed,
                "feed_gaps": row.gaps,
                "blocked": row.blocked,
                "by_order": list(row.orders),
                "requests": row.requests,
                "why": dict(row.why.most_common()),
            }
            for row in tally.sources.values()
        ],
        "outcomes": dict(sorted(tally.outcomes.items())),
        "urls_seen": tally.urls_seen,
        "seconds": round(tally.seconds, 3),
    }


def print_table(tally: Tally) -> None:
    """The table at the end: one line per source, and the sums."""
    from rich.table import Table

    rows = list(tally.sources.values())
    if not rows:
        say("no source is due")
        return
    console = table_console()
    table = Table(box=None, header_style="bold", pad_edge=False)
    # a long id folds rather than leave no room for the reasons
    table.add_column("source", overflow="fold", max_width=max(12, (console.width - COUNTS_WIDTH) // 2))
    for name in ("found", "new", "kept", "matched", "failed"):
        table.add_column(name, justify="right", no_wrap=True, min_width=len(name))
    table.add_column("why", overflow="fold")
    for row in rows:
        table.add_row(row.id, *counts(row), reasons(row), style="red" if broken(row) else None)
    sums = [
        str(sum(getattr(row, name) for row in rows)) for name in ("found", "new", "kept", "matched", "failed")
    ]
    table.add_section()
    table.add_row(counted(len(rows), "source"), *sums, "", style="bold")
    console.print(table)
    ended = ", ".join(f"{count} {kind}" for kind, count in sorted(tally.outcomes.items())) or "nothing new"
    say(f"{counted(tally.urls_seen, 'URL')} in {tally.seconds:.1f} s: {ended}")
    if tally.cut_short:
        say("stopped before the end: what is still owed is fetched by the next crawl")


def counts(row: SourceTally) -> list[str]:
    """The numbers of a row; a zero is a dot, so that what happened stands out."""
    return [str(n) if n else "·" for n in (row.found, row.new, row.kept, row.matched, row.failed)]


def reasons(row: SourceTally) -> str:
    """Why things failed, most frequent first."""
    shown = [f"{text} ({count})" if count > 1 else text for text, count in row.why.most_common(REASONS_SHOWN)]
    more = len(row.why) - len(shown)
    if not shown and row.unchanged and row.unchanged == row.feeds_read:
        shown = ["unchanged"]
    return "; ".join([*shown, *([f"and {more} more"] if more > 0 else []), *row.orders])


def broken(row: SourceTally) -> bool:
    """Whether the source gave nothing at all because its feeds failed."""
    return row.feeds_failed > 0 and row.feeds_read == 0


def exit_code(tally: Tally, order: CrawlOrder) -> int:
    """0: every feed (and every page asked for by hand) was read; 1: none was; 3: some were, or it was stopped."""
    from crawler.urls import identity

    rows = list(tally.sources.values())
    good, bad = sum(row.feeds_read for row in rows), sum(row.feeds_failed for row in rows)
    if order.urls:
        ended = [tally.decided.get(identity(url)) for url in order.urls]
        good += sum(kind in READ for kind in ended)
        bad += sum(kind not in READ for kind in ended)
    bad += tally.cut_short
    if not bad:
        return OK
    return PARTLY_FAILED if good else FAILED
