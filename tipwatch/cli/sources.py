"""`tipwatch sources`: the sources of the configuration, listed; discovery, trials, lists and health beside it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.context import Context, out, say, table_console
from tipwatch.cli.sources_check import check_command
from tipwatch.cli.sources_discover import discover_command
from tipwatch.cli.sources_health import health_command
from tipwatch.cli.sources_lists import export_command, import_command
from tipwatch.cli.sources_shown import lists_of, orders_of, source_object

if TYPE_CHECKING:
    from crawler.source import Source

sources_app = typer.Typer(help="Find, try, list and watch over sources.", no_args_is_help=True)
sources_app.command("discover")(discover_command)
sources_app.command("check")(check_command)
sources_app.command("import")(import_command)
sources_app.command("export")(export_command)
sources_app.command("health")(health_command)


@sources_app.callback()
def sources() -> None:
    """Find, try, list and watch over sources."""


@sources_app.command("list")
def list_sources(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """Every source with its lists, in the order of the configuration."""
    context: Context = ctx.obj
    config = context.config()
    if as_json:
        for source in config.sources:
            out(json.dumps(source_object(source), ensure_ascii=False))
    elif sys.stdout.isatty():
        print_table(config.sources)
    else:
        for source in config.sources:
            languages = ",".join(source.languages)
            out("\t".join((source.id, source.name, source.country or "-", languages, *lists_of(source))))
    if not config.sources:
        say(f"{config.locate(('sources',))}: no source yet: see docs/how-to/add-a-source.md")


def print_table(listed: tuple[Source, ...]) -> None:
    """The sources as a table as wide as the terminal."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("id", "name", "country", "languages", "tier", "feeds, sitemaps, listings", "by order"):
        table.add_column(heading, overflow="fold")
    for source in listed:
        cells = (
            source.id,
            source.name,
            source.country or "-",
            " ".join(source.languages),
            str(source.tier or "-"),
            "\n".join(lists_of(source)),
            "\n".join(orders_of(source)),
        )
        table.add_row(*(Text(cell) for cell in cells))  # Text: a name is never read as markup
    table_console().print(table)
