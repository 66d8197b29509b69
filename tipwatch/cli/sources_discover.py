"""`tipwatch sources discover`: what a site has to offer, as an entry ready for the configuration."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.context import Context, out, printable, say
from tipwatch.cli.sources_shown import ago, source_object
from tipwatch.errors import FAILED, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from tipwatch.config import Config
    from tipwatch.sources_discovery import Discovery, Judged


def discover_command(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="A site, e.g. https://outlet.example/.")],
    append: Annotated[bool, typer.Option("--append", help="Add it to the configuration file.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Find a site's feeds, news sitemaps and section pages, and print an entry for the configuration."""
    from crawler.urls import is_fetchable
    from tipwatch.clock import utc_now
    from tipwatch.sources_discovery import discover
    from tipwatch.sources_yaml import append as write

    asked = url if "://" in url else f"https://{url}"
    if asked.count("/") == 2:  # a host alone
        asked += "/"
    if not is_fetchable(asked):
        raise UsageError(f"{url}: not an http or https URL that can be fetched")
    context: Context = ctx.obj
    config = context.config()
    say(f"looking at {asked}: robots.txt and the pause between requests are kept, so it may take a minute")
    found = discover(asked, config, utc_now())
    if as_json:
        out(json.dumps(as_object(found), ensure_ascii=False))
    if found.source is None:
        if not as_json:
            tell_nothing(found)
        raise typer.Exit(FAILED)
    if found.known_as:
        say(f"this site is configured already, as {found.known_as}")
    if found.is_old:
        say("nothing in it is new: is the site still in use?")
    entry = entry_with_comments(found, config)
    if append:
        path = write(config, [entry], [found.source])
        say(f"{found.source.id} added to {path}: now `tipwatch sources check {found.source.id}`")
    elif not as_json:
        out("sources:\n" + entry.rstrip("\n"))
        say("--append adds it to the configuration; `tipwatch sources check` then tries it with its articles")


def entry_with_comments(found: Discovery, config: Config) -> str:
    """The YAML entry, with what is known of each list beside it."""
    from tipwatch.rounds.crawling import default_manners
    from tipwatch.sources_yaml import entry_of

    assert found.source is not None
    comments = {one.url: what_came(one, found.at) for one in found.lists if not one.reason}
    if found.source.country is None:
        comments["country"] = "two capitals, e.g. AZ: its address does not say"
    if not found.source.languages:
        comments["languages"] = "e.g. [en]: its titles do not tell"
    dated = ", ".join(found.offsets)
    comments["timezone"] = (
        f"not needed while its dates carry a zone: {dated}"
        if dated
        else "of dates printed without a zone, e.g. Asia/Baku"
    )
    more = [f"- {one.url}  # {one.reason}: {what_came(one, found.at)}" for one in found.lists if one.reason]
    return entry_of(found.source, default_manners(config), comments, more)


def what_came(one: Judged, now: datetime) -> str:
    """``12 entries, newest 3 h ago``, and how it was found."""
    from tipwatch.sources_reading import Kind

    document = one.candidate.document
    if document.kind is Kind.INDEX:
        said = f"an index of {document.count} sitemaps"
    else:
        number = f"{document.count} {'entry' if document.count == 1 else 'entries'}"
        said = f"{number}, {ago(document.newest, now)}"
    news = "news sitemap, " if document.is_news else ""
    return f"{news}{said}; {one.candidate.where}"


def tell_nothing(found: Discovery) -> None:
    """What was tried, and what can be done now."""
    say(f"{found.url}: found neither feed nor sitemap nor a page that lists articles")
    for line in found.tried:
        say(f"  tried {printable(line)}")
    for one in found.lists:
        say(f"  read {printable(one.url)}: {one.reason}")
    if not found.home:
        say("open it in a browser: is the address right, and does the site let robots in?")
    else:
        say(
            "give the address of a page that lists its news, or write a listing by hand: docs/how-to/add-a-source.md"
        )


def as_object(found: Discovery) -> dict[str, object]:
    """The contract of --json."""
    return {
        "url": found.url,
        "home": found.home or None,
        "known_as": found.known_as,
        "is_old": found.is_old,
        "source": source_object(found.source) if found.source else None,
        "lists": [list_object(one) for one in found.lists],
        "tried": list(found.tried),
        "date_offsets": list(found.offsets),
    }


def list_object(one: Judged) -> dict[str, object]:
    """One list as JSON; `reason` is null where it is proposed."""
    from tipwatch.jsonl import stamp

    document = one.candidate.document
    return {
        "url": one.url,
        "kind": one.candidate.kind.value,
        "found": one.candidate.where,
        "proposed": not one.reason,
        "reason": one.reason or None,
        "entries": document.count,
        "newest": stamp(document.newest) if document.newest else None,
        "own_share": round(document.own, 2),
        "is_news_sitemap": document.is_news,
    }
