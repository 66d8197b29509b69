"""`tipwatch digest`: preview, send, resend, list, show."""

from __future__ import annotations

import json
import webbrowser
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.context import Context, out, say
from tipwatch.cli.digest_records import digest_object, list_digests, show_digest
from tipwatch.cli.digest_shown import (
    preview_object,
    report,
    report_preview,
    report_resent,
    resent_object,
    result_object,
)
from tipwatch.clock import utc_now
from tipwatch.errors import FAILED, OK, PARTLY_FAILED, UsageError

if TYPE_CHECKING:
    from alerts.deliver import DeliveryReport
    from tipwatch.rounds.digesting import Preview

__all__ = ["digest_app", "result_object"]

digest_app = typer.Typer(help="The mail: look at it, send it, see what was sent.", no_args_is_help=True)

Subscriptions = Annotated[
    list[str] | None,
    typer.Option("--subscription", "-s", help="Subscription id; may be repeated; default: all."),
]
DigestId = Annotated[
    str, typer.Argument(metavar="DIGEST", help="Its id, as `tipwatch digest list` names it.")
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout.")]


@digest_app.command("preview")
def preview_command(
    ctx: typer.Context,
    subscription: Subscriptions = None,
    folder: Annotated[Path, typer.Option(help="Where the files go.")] = Path("digest-preview"),
    since: Annotated[
        datetime | None, typer.Option(help="Start of the window (UTC); default: the last digest.")
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open the HTML in a browser.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write the mail as it would go out now, as HTML, text and .eml. Sends nothing, changes nothing."""
    from tipwatch.rounds.digesting import Desk, named, preview

    context: Context = ctx.obj
    config, pack = context.config_and_pack()
    with context.store(config) as store:
        desk = Desk(config, store, pack, utc_now())
        chosen = named(config, subscription or ())
        made = [
            (write_preview(one, folder), one) for one in (preview(desk, sub, aware(since)) for sub in chosen)
        ]
    for paths, one in made:
        if as_json:
            out(json.dumps(preview_object(one, paths), ensure_ascii=False))
        else:
            report_preview(one, paths)
        if show and not webbrowser.open(paths["html"].resolve().as_uri()):
            say(f"  no browser could be started: open {paths['html']} yourself")
    if not made:
        raise UsageError("no subscription is configured")


def aware(since: datetime | None) -> datetime | None:
    """A time given on the command line, in UTC where it names no zone."""
    return since.replace(tzinfo=UTC) if since is not None and since.tzinfo is None else since


def write_preview(one: Preview, folder: Path) -> dict[str, Path]:
    """Write the files of a preview; return their paths by kind. Raises UsageError."""
    contents = {"html": one.mail.html.encode(), "txt": one.mail.text.encode()}
    contents |= {"eml": one.raw} if one.raw is not None else {}
    paths = {kind: folder / f"{one.subscription.id}.{kind}" for kind in contents}
    attached = {attachment.name: attachment.content for attachment in one.mail.attachments}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for kind, content in contents.items():
            paths[kind].write_bytes(content)
        for name, content in attached.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise UsageError(
            f"{folder}: cannot be written ({error.strerror}): name another folder with --folder"
        ) from error
    return paths | {name: folder / name for name in attached}


@digest_app.command("send")
def send_command(
    ctx: typer.Context,
    subscription: Subscriptions = None,
    now: Annotated[
        bool, typer.Option("--now", help="Close the window now, whatever the schedule says.")
    ] = False,
    since: Annotated[
        datetime | None,
        typer.Option(
            help="A back issue: all that was first seen since then (UTC) and not told yet. Windows go on as they were."
        ),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="With --since: what was told already as well.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Deliver what is new to every subscription whose window is over. A second time there is nothing to send."""
    from tipwatch.rounds.digesting import BackOrder, DigestOrder, digest_round

    start = aware(since)
    if start is None and again:
        raise UsageError("--again needs --since: say from when on")
    if start is not None and now:
        raise UsageError("--now closes the window, --since makes a back issue beside it: name one of them")
    back = BackOrder(start, again) if start is not None else None
    context: Context = ctx.obj
    config, pack = context.config_and_pack()
    with context.store(config) as store:
        order = DigestOrder(tuple(subscription or ()), now=now, back=back)
        result = digest_round(config, store, pack, order)
    if as_json:
        out(json.dumps(result_object(result), ensure_ascii=False))
    else:
        report(result, back=back is not None)
    raise typer.Exit(exit_code(result.undelivered, result.delivered))


@digest_app.command("resend")
def resend_command(
    ctx: typer.Context,
    digest_id: DigestId,
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to", metavar="ADDRESS", help="Only to this reader or channel of it; may be repeated."
        ),
    ] = None,
    everybody: Annotated[
        bool, typer.Option("--all", help="Also to those whom it reached: they get it a second time.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Send a digest's mails again that failed or may not have arrived: the same bytes, the same Message-ID."""
    from tipwatch.rounds.resending import ResendOrder, resend

    context: Context = ctx.obj
    config = context.config()
    with context.store(config) as store:
        resent = resend(config, store, ResendOrder(digest_id, tuple(to or ()), sent_too=everybody))
    if as_json:
        out(json.dumps(resent_object(resent), ensure_ascii=False))
    else:
        report_resent(resent)
    raise typer.Exit(exit_code(len(resent.delivered.deliveries) - resent.delivered.sent, resent.delivered))


def exit_code(undelivered: int, delivered: DeliveryReport) -> int:
    """0: everything tried was handed over (or there was nothing to do); 3: some; 1: none."""
    if not undelivered:
        return OK
    return PARTLY_FAILED if delivered.sent else FAILED


@digest_app.command("list")
def list_command(
    ctx: typer.Context,
    subscription: Subscriptions = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many of each subscription.")] = 50,
    as_json: AsJson = False,
) -> None:
    """The digests built, newest first, with what became of their mails."""
    context: Context = ctx.obj
    config = context.config()
    with context.store(config) as store:
        asked: list[str | None] = [*subscription] if subscription else [None]
        records = [record for one in asked for record in store.digests.listed(one, limit)]
    records.sort(key=lambda record: record.created_at, reverse=True)
    if as_json:
        for record in records:
            out(json.dumps(digest_object(record), ensure_ascii=False))
    elif records:
        list_digests(records)
    else:
        say("no digest yet: `tipwatch digest send` makes them")


@digest_app.command("show")
def show_command(ctx: typer.Context, digest_id: DigestId, as_json: AsJson = False) -> None:
    """One digest: its articles and as what each was told, and what became of each mail."""
    context: Context = ctx.obj
    config = context.config()
    with context.store(config) as store:
        record = store.digests.show(digest_id)
        articles = [store.articles.find(one) for one in record.article_ids] if record else []
    if record is None:
        raise UsageError(f"no digest has the id {digest_id}: `tipwatch digest list` names them")
    found = [article for article in articles if article is not None]
    if as_json:
        out(json.dumps(digest_object(record, found), ensure_ascii=False))
    else:
        show_digest(record, found)
