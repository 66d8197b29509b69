"""``tipwatch rules try``, ``backtest`` and ``rescore``: rules on the articles we have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.classify import chosen_pack
from tipwatch.cli.context import Context, counted, out, say
from tipwatch.cli.rules_shown import (
    EMPTY,
    NONE_SINCE,
    backtest_object,
    diff_lines,
    noise_lines,
    reading_bar,
    sample_lines,
    since_when,
    trial_object,
)
from tipwatch.errors import FAILED, USAGE

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.store import Store
    from tipwatch.rounds.rescoring import Rescored

Since = Annotated[
    str | None,
    typer.Option(help="Only articles that came in since: 30d, 8w, 12h, or a date.", metavar="TIME"),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]


def try_command(
    ctx: typer.Context,
    query: Annotated[str, typer.Argument(help="A query as rules write it, concepts of the packs included.")],
    since: Since = None,
    limit: Annotated[int, typer.Option(help="Articles shown, newest first.", min=0, max=1000)] = 5,
    as_json: AsJson = False,
) -> None:
    """Try a query on the archive: the newest articles it finds, and how much mail it would make."""
    from rich.console import Console

    from pipeline.rules import RuleError, lab
    from tipwatch.clock import utc_now
    from tipwatch.lab.trial import try_out

    context: Context = ctx.obj
    config, pack = context.config_and_pack()
    start = since_when(since, utc_now())
    try:
        tried = lab.query_pack(pack, query)
    except RuleError as error:
        say(str(error))  # with a mark below the place
        raise typer.Exit(USAGE) from None
    with context.store(config) as store:
        total = total_or_leave(store, start)
        with reading_bar(total) as show:
            found = try_out(
                config, tried, store.articles.export(matched_only=False, since=start), limit, show
            )
    if as_json:
        out(json.dumps(trial_object(found), ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True)
    out(f"found {found.noise.articles} of {counted(found.read, 'article')}")
    for sample in found.newest:
        for line in sample_lines(tried, sample, terminal=console.is_terminal):
            console.print(line)
    for text in noise_lines(found.noise):
        out(text)


def total_or_leave(store: Store, since: datetime | None) -> int:
    """How many articles there are; says what to do and leaves when there is none."""
    total = store.articles.total(since)
    if not total:
        say(NONE_SINCE if since and store.articles.total() else EMPTY)
        raise typer.Exit(FAILED)
    return total


def backtest_command(
    ctx: typer.Context,
    pack: Annotated[
        list[str] | None,
        typer.Option(
            "--pack",
            help="The edited packs, all of them: 'builtin' or rule files; default: the configured ones.",
        ),
    ] = None,
    since: Since = None,
    limit: Annotated[
        int, typer.Option(help="Articles listed for each change of a topic.", min=0, max=500)
    ] = 20,
    as_json: AsJson = False,
) -> None:
    """Show what an edit of the rules adds and drops. Changes nothing.

    With --pack: the configured rules against the packs named. Without: what was kept of the archive against the rules as
    they are now, which is what `rules rescore` would change.
    """
    from tipwatch.clock import utc_now
    from tipwatch.lab.backtest import backtest

    context: Context = ctx.obj
    config, configured = context.config_and_pack()
    start = since_when(since, utc_now())
    old, new = (configured, chosen_pack(ctx, pack)) if pack else (None, configured)
    with context.store(config) as store:
        total = total_or_leave(store, start)
        with reading_bar(total) as show:
            articles = store.articles.export(matched_only=False, since=start)
            found = backtest(config, old, new, articles, show)
    if as_json:
        out(json.dumps(backtest_object(found), ensure_ascii=False))
        return
    was = f"rules {found.old}" if found.old else "what was kept"
    out(f"{counted(found.period.articles, 'article')}: {was} against rules {found.new}")
    for topic in found.topics:
        for line in diff_lines(found, topic, limit):
            out(line)
    if not found.changes:
        out("nothing changes")


def rescore_command(
    ctx: typer.Context,
    since: Since = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Articles that these very rules have read as well.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Let the rules of today read the archive: what matches now is found late, what does so no more is withdrawn.

    The daemon and `digest send` do this by themselves, some seconds at a time. It may be stopped at any moment and goes on
    where it was; nothing that was told is changed or told again.
    """
    from tipwatch.clock import utc_now
    from tipwatch.rounds.rescoring import RescoreOrder, rescore_round

    context: Context = ctx.obj
    config, pack = context.config_and_pack()
    start = since_when(since, utc_now())
    with context.store(config) as store:
        total_or_leave(store, start)
        if everything:
            store.scorings.forget(start)
        with reading_bar(store.scorings.owed(pack.version, start)) as show:
            done = rescore_round(config, store, pack, RescoreOrder(start, show=lambda done: show(done.read)))
    if as_json:
        out(json.dumps(rescored_object(done)))
        return
    out(rescored_words(done))


def rescored_words(done: Rescored) -> str:
    """What rescoring did, for people."""
    from pipeline.store import Change

    if not done.owed:
        return f"rules {done.pack_version} have read every article: nothing to do"
    found = done.changes[Change.FOUND] + done.changes[Change.RESTORED]
    late = f"{found} found late" + (", told by the next digest in a section of their own" if found else "")
    return (
        f"{counted(done.read, 'article')} read by rules {done.pack_version}: {late}; "
        f"{counted(done.changes[Change.WITHDRAWN], 'match', 'matches')} withdrawn, {done.changes[Change.STANDS]} stand"
    )


def rescored_object(done: Rescored) -> dict[str, object]:
    """The same as JSON."""
    return {
        "rules": done.pack_version,
        "rules_changed_at": done.rules_changed_at.isoformat(),
        "read": done.read,
        "left": done.left,
        "changes": {str(change): number for change, number in sorted(done.changes.items())},
    }
