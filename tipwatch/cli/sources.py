"""`tipwatch sources`: the sources of the configuration."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.context import Context, out, say, table_console

if TYPE_CHECKING:
    from crawler.source import Source

sources_app = typer.Typer(help="The sources of the configuration.", no_args_is_help=True)


@sources_app.callback()
def sources() -> None:
    """The sources of the configuration."""


@sources_app.command("list")
def list_sources(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """Every source with its feeds, in the order of the configuration."""
    context: Context = ctx.obj
    config = context.config()
    if as_json:
        for source in config.sources:
            out(json.dumps(source_object(source), ensure_ascii=False))
    elif sys.stdout.isatty():
        print_table(config.sources)
    else:
        for source in config.sources:
            out(
                "\t".join(
                    (source.id, source.name, source.country or "-", ",".join(source.languages), *source.feeds)
                )
            )
    if not config.sources:
        say(f"{config.locate(('sources',))}: no source yet: see docs/how-to/add-a-source.md")


def source_object(source: Source) -> dict[str, object]:
    """A source as JSON."""
    return {
        "id": source.id,
        "name": source.name,
        "country": source.country,
        "languages": list(source.languages),
        "timezone": source.timezone,
        "tier": source.tier,
        "feeds": list(source.feeds),
        "manners": {
            "delay_s": source.manners.delay_s,
            "per_host": source.manners.per_host,
            "obey_robots": source.manners.obey_robots,
        },
    }


def print_table(listed: tuple[Source, ...]) -> None:
    """The sources as a table as wide as the terminal."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("id", "name", "country", "languages", "tier", "feeds"):
        table.add_column(heading, overflow="fold")
    for source in listed:
        cells = (
            source.id,
            source.name,
            source.country or "-",
            " ".join(source.languages),
            str(source.tier or "-"),
            "\n".join(source.feeds),
        )
        table.add_row(*(Text(cell) for cell in cells))  # Text: a name is never read as markup
    table_console().print(table)
