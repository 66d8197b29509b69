"""`tipwatch channels`: the ways out, and a test message by any of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from tipwatch.cli.context import Context, out, printable, table_console
from tipwatch.clock import utc_now
from tipwatch.errors import FAILED, OK

if TYPE_CHECKING:
    from tipwatch.config import Config

channels_app = typer.Typer(help="The ways out: list them, and try one.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout.")]


@channels_app.command("list")
def list_command(ctx: typer.Context, as_json: AsJson = False) -> None:
    """The channels of the configuration, where they lead, who goes out by them, and whether their settings do."""
    from rich.table import Table

    context: Context = ctx.obj
    rows = channel_rows(read(context))
    if as_json:
        for row in rows:
            out(json.dumps(row, ensure_ascii=False))
        return
    table = Table(
        "channel", "kind", "leads to", "used by", "problem", box=None, header_style="bold", pad_edge=False
    )
    for row in rows:
        used = row["subscriptions"]
        assert isinstance(used, list)
        cells = (row["channel"], row["kind"], row["leads_to"], ", ".join(used) or "nobody", row["problem"])
        table.add_row(*(printable(str(cell)) for cell in cells))
    table_console().print(table)


def read(context: Context) -> Config:
    """The configuration, without its rules: a channel can be set up before they are right. Raises ConfigError."""
    from tipwatch.config import load_config

    return load_config(context.config_path)


def channel_rows(config: Config) -> list[dict[str, object]]:
    """The channels as JSON; no address of a service, which may hold a token."""
    from alerts.subscription import MAIL
    from tipwatch.channels import Unusable, opened

    mail = config.mail
    leads_to = str(mail.folder) if mail.host is None else f"{mail.host}:{mail.port}"
    rows = [row(config, MAIL, mail.transport, leads_to, "")]
    for one in config.channels:
        channel = opened(one, config.contact)
        problem = channel.why if isinstance(channel, Unusable) else ""
        rows.append(row(config, one.id, one.kind, shown(one.url.get_secret_value()), problem))
    return rows


def row(config: Config, channel_id: str, kind: str, leads_to: str, problem: str) -> dict[str, object]:
    """One channel as JSON."""
    used = [one.id for one in config.subscriptions if channel_id in one.channels]
    return {
        "channel": channel_id,
        "kind": kind,
        "leads_to": leads_to,
        "subscriptions": used,
        "problem": problem,
    }


def shown(url: str) -> str:
    """What may be shown of a channel's address: its scheme, and the host where it is surely one and no token."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "…"
    if parts.scheme in {"http", "https"}:
        return f"{parts.scheme}://{parts.hostname or ''}/…"
    return f"{parts.scheme}://…" if parts.scheme else "…"


@channels_app.command("test")
def try_command(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="mail, folder, or the id of a channel.")],
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="ADDRESS", help="Mailbox for a test mail; default: the operator's."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Send a test message, and say step by step what became of it. Nobody's digest is touched."""
    from tipwatch.trying import try_channel

    context: Context = ctx.obj
    steps = []
    for step in try_channel(read(context), name, to, utc_now()):
        steps.append(step)
        if not as_json:
            out(printable(f"{'ok ' if step.ok else 'NO '} {step.name:8} {step.said}"))
    ok = all(step.ok for step in steps)
    if as_json:
        told = [{"step": step.name, "ok": step.ok, "said": step.said} for step in steps]
        out(json.dumps({"channel": name, "ok": ok, "steps": told}, ensure_ascii=False))
    raise typer.Exit(OK if ok else FAILED)
