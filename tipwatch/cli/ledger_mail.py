"""`tipwatch ledger mail`: the operator's mail, looked at or sent."""

from __future__ import annotations

import json
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.context import Context, out, say
from tipwatch.clock import utc_now
from tipwatch.errors import FAILED, OK, UsageError

if TYPE_CHECKING:
    from pipeline.rules import RulePack
    from tipwatch.config import Config

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


def mail_command(
    ctx: typer.Context,
    send: Annotated[
        bool, typer.Option("--send", help="Send it now to `operator:`; its window ends with it.")
    ] = False,
    folder: Annotated[Path, typer.Option(help="Where the files go.")] = Path("digest-preview"),
    show: Annotated[bool, typer.Option("--open", help="Open the HTML in a browser.")] = False,
    as_json: AsJson = False,
) -> None:
    """The operator's mail as it would go out now, written as HTML, text and .eml; or sent. Exits 1 when not delivered."""
    from tipwatch.rounds.desk import Desk
    from tipwatch.rounds.operating import operator_preview

    context: Context = ctx.obj
    config, pack = context.config_and_pack()
    if send:
        send_operators_mail(context, config, pack, as_json=as_json)
        return
    with context.store(config) as store:
        made = operator_preview(Desk(config, store, pack, utc_now()))
    contents = {"html": made.mail.html.encode(), "txt": made.mail.text.encode(), "eml": made.raw}
    paths = written(folder, {kind: content for kind, content in contents.items() if content is not None})
    needs = {str(need.kind): need.count for need in made.report.needs}
    if as_json:
        files = {kind: str(path) for kind, path in paths.items()}
        out(json.dumps({"subject": made.mail.subject, "needs": needs, **files}, ensure_ascii=False))
    else:
        out(made.mail.subject)
        for path in paths.values():
            out(f"  {path}")
        if made.raw is None:
            say("  nobody gets it: name who does under `operator:` in the configuration")
    if show:
        webbrowser.open(paths["html"].resolve().as_uri())


def written(folder: Path, contents: Mapping[str, bytes]) -> dict[str, Path]:
    """The files of a preview, by kind. Raises UsageError."""
    paths = {kind: folder / f"operator.{kind}" for kind in contents}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for kind, content in contents.items():
            paths[kind].write_bytes(content)
    except OSError as error:
        raise UsageError(
            f"{folder}: cannot be written ({error.strerror}): name another folder with --folder"
        ) from error
    return paths


def send_operators_mail(context: Context, config: Config, pack: RulePack, *, as_json: bool) -> None:
    """Close the operator's window now and send its mail. Raises UsageError where nobody is to get it."""
    from tipwatch.rounds.operating import operator_round

    if config.operator is None:
        raise UsageError(
            "nobody gets the operator's mail: name who does under `operator:` in the configuration"
        )
    with context.store(config) as store:
        told = operator_round(config, store, pack, at_once=True)
    needs = {str(need.kind): need.count for need in told.report.needs} if told.report else {}
    tried = told.delivered.deliveries
    if as_json:
        states = [{"recipient": d.recipient, "state": str(d.state), "error": d.error} for d in tried]
        out(
            json.dumps(
                {"built": told.report is not None, "needs": needs, "deliveries": states}, ensure_ascii=False
            )
        )
    else:
        for one in tried:
            out(f"{one.recipient}: {one.error or one.where or one.state}")
        if told.report is None:
            say("its window has just been closed: nothing to send")
    raise typer.Exit(OK if told.delivered.sent == len(tried) else FAILED)
