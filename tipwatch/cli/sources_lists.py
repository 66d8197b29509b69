"""`tipwatch sources import` and `export`: sources from and to lists of other programs."""

from __future__ import annotations

import csv
import io
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.context import Context, counted, out, say
from tipwatch.errors import UsageError

if TYPE_CHECKING:
    from crawler.source import Source
    from tipwatch.config import Config

#: a list of 20,000 feeds has some 5 MB
MAX_LIST_BYTES = 20 << 20


class ListFormat(StrEnum):
    """How sources are written down."""

    OPML = "opml"
    YAML = "yaml"
    CSV = "csv"


def import_command(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="An OPML subscription list.", exists=True, dir_okay=False)],
    append: Annotated[bool, typer.Option("--append", help="Add them to the configuration file.")] = False,
) -> None:
    """Sources from an OPML list, as YAML for the configuration; those it has are left out."""
    from crawler.errors import CrawlError
    from tipwatch.rounds.crawling import default_manners
    from tipwatch.sources_opml import import_opml

    context: Context = ctx.obj
    config = context.config()
    try:
        with file.open("rb") as opened:
            document = opened.read(MAX_LIST_BYTES + 1)
        if len(document) > MAX_LIST_BYTES:
            raise UsageError(f"{file}: larger than {MAX_LIST_BYTES >> 20} MiB")
        found = import_opml(document, default_manners(config), config.sources)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from error
    except CrawlError as error:
        raise UsageError(f"{file}: {error}") from error
    if found.known:
        say(f"{counted(len(found.known), 'feed')} left out: configured already")
    for feed in found.unusable:
        say(f"left out: {feed}: not a URL that can be fetched")
    hand_over(config, found.sources, append=append)


def hand_over(config: Config, sources: tuple[Source, ...], *, append: bool) -> None:
    """Print the sources as YAML, or add them to the configuration's file."""
    from tipwatch.rounds.crawling import default_manners
    from tipwatch.sources_yaml import append as write
    from tipwatch.sources_yaml import entry_of

    entries = [entry_of(source, default_manners(config)) for source in sources]
    if not sources:
        say("nothing to add")
    elif append:
        path = write(config, entries, sources)
        say(f"{counted(len(sources), 'source')} added to {path}: now `tipwatch sources check` them")
    else:
        out("sources:\n" + "".join(entries).rstrip("\n"))
        say(f"{counted(len(sources), 'source')}; --append adds them to the configuration")


def export_command(
    ctx: typer.Context,
    form: Annotated[ListFormat, typer.Option("--format", help="How to write them.")] = ListFormat.OPML,
    to: Annotated[Path | None, typer.Option(help="A file; default: stdout.", dir_okay=False)] = None,
) -> None:
    """The sources of the configuration as OPML 2.0, YAML or CSV."""
    context: Context = ctx.obj
    config = context.config()
    text = written(config, form)
    if to is None:
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        try:
            to.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise UsageError(f"{to}: {error.strerror or error}") from error
        say(f"{counted(len(config.sources), 'source')} written to {to}")
    without = [source.id for source in config.sources if source.sitemaps or source.listings]
    if form is ListFormat.OPML and without:
        say(f"OPML has no place for sitemaps and listings: left out of {', '.join(without)}")


def written(config: Config, form: ListFormat) -> str:
    """All sources in that form."""
    from tipwatch.clock import utc_now
    from tipwatch.rounds.crawling import default_manners
    from tipwatch.sources_opml import as_opml
    from tipwatch.sources_yaml import entry_of

    if form is ListFormat.OPML:
        return as_opml(config.sources, utc_now())
    if form is ListFormat.YAML:
        entries = "".join(entry_of(source, default_manners(config)) for source in config.sources)
        return f"sources:\n{entries}" if entries else "sources: []\n"
    return as_csv(config.sources)


def as_csv(sources: tuple[Source, ...]) -> str:
    """One line per list (RFC 4180)."""
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(["id", "name", "country", "languages", "timezone", "tier", "kind", "url"])
    for source in sources:
        lists = [("feed", url) for url in source.feeds] + [("sitemap", url) for url in source.sitemaps]
        lists += [("listing", one.url) for one in source.listings]
        facts = [source.country or "", " ".join(source.languages), source.timezone or "", source.tier or ""]
        rows.writerows([source.id, plain_cell(source.name), *facts, kind, url] for kind, url in lists)
    return file.getvalue()


def plain_cell(text: str) -> str:
    """A text that spreadsheets do not take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
