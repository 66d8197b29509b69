"""`tipwatch publish`: bring the feeds in the configured folder up to date."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from tipwatch.cli.context import Context, counted, out, say
from tipwatch.errors import FAILED, UsageError


def publish_command(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Write the newest stories of each topic as RSS, Atom and JSON feeds; what says nothing new is not touched."""
    from tipwatch.rounds.publishing import publish_round

    context: Context = ctx.obj
    config, pack = context.config_and_pack()
    if config.publish is None:
        raise UsageError(
            f"{config.locate(('publish',))}: no folder for feeds is configured: publish: {{folder: ...}}"
        )
    with context.store(config) as store:
        result = publish_round(config, store, pack)
    if as_json:
        written = [str(path) for path in result.written]
        told = {"written": written, "unchanged": result.unchanged, "problem": result.problem}
        out(json.dumps(told, ensure_ascii=False))
    else:
        for path in result.written:
            out(str(path))
        out(f"{counted(len(result.written), 'file')} written, {result.unchanged} unchanged")
    if result.problem:
        say(result.problem)
        raise typer.Exit(FAILED)
