"""`tipwatch digest`: preview, send, list, show."""

from __future__ import annotations

import json
import webbrowser
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from tipwatch.cli.context import Context, counted, out, printable, say, table_console
from tipwatch.clock import utc_now
from tipwatch.errors import FAILED, OK, PARTLY_FAILED, UsageError

if TYPE_CHECKING:
    from alerts.subscription import Subscription
    from pipeline.store import DeliveryRecord, DigestRecord
    from tipwatch.rounds.digesting import Built, DigestResult, Preview

digest_app = typer.Typer(help="The mail: look at it, send it, see what was sent.", no_args_is_help=True)

Subscriptions = Annotated[
    list[str] | None,
    typer.Option("--subscription", "-s", help="Subscription id; may be repeated; default: all."),
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
    start = since.replace(tzinfo=UTC) if since is not None and since.tzinfo is None else since
    with context.store(config) as store:
        desk = Desk(config, store, pack, utc_now())
        chosen = named(config, subscription or ())
        made = [(write_preview(one, folder), one) for one in (preview(desk, sub, start) for sub in chosen)]
    for paths, one in made:
        report_preview(one, paths, as_json=as_json)
        if show:
            webbrowser.open(paths["html"].resolve().as_uri())
    if not made:
        raise UsageError("no subscription is configured")


def write_preview(one: Preview, folder: Path) -> dict[str, Path]:
    """Write the files of a preview; return their paths by kind. Raises UsageError."""
    contents = {"html": one.mail.html.encode(), "txt": one.mail.text.encode()}
    contents |= {"eml": one.raw} if one.raw is not None else {}
    paths = {kind: folder / f"{one.subscription.id}.{kind}" for kind in contents}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for kind, content in contents.items():
            paths[kind].write_bytes(content)
    except OSError as error:
        raise UsageError(
            f"{folder}: cannot be written ({error.strerror}): name another folder with --folder"
        ) from error
    return paths


def report_preview(one: Preview, paths: dict[str, Path], *, as_json: bool) -> None:
    """Say what a preview holds and where it is."""
    if as_json:
        files = {kind: str(path) for kind, path in paths.items()}
        out(
            json.dumps(
                {
                    "subscription": one.subscription.id,
                    "subject": one.mail.subject,
                    "stories": len(one.digest.entries),
                    "found_late": one.digest.late,
                    **files,
                },
                ensure_ascii=False,
            )
        )
        return
    out(f"{one.subscription.id}: {one.mail.subject}")
    for path in paths.values():
        out(f"  {path}")
    if one.digest.late:
        say(f"  found late, since the rules changed: {counted(one.digest.late, 'story', 'stories')}")
    if not one.digest.entries:
        say(f"  nothing new since {one.digest.window_start:%Y-%m-%d %H:%M} UTC")


@digest_app.command("send")
def send_command(
    ctx: typer.Context,
    subscription: Subscriptions = None,
    now: Annotated[
        bool, typer.Option("--now", help="Close the window now, whatever the schedule says.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Deliver what is new to every subscription whose window is over. A second time there is nothing to send."""
    from tipwatch.rounds.digesting import DigestOrder, digest_round

    context: Context = ctx.obj
    config, pack = context.config_and_pack()
    with context.store(config) as store:
        result = digest_round(config, store, pack, DigestOrder(tuple(subscription or ()), now=now))
    if as_json:
        out(json.dumps(result_object(result), ensure_ascii=False))
    else:
        report(result)
    raise typer.Exit(exit_code(result))


def exit_code(result: DigestResult) -> int:
    """0: everything tried was handed over (or there was nothing to do); 3: some; 1: none."""
    if not result.undelivered:
        return OK
    return PARTLY_FAILED if result.delivered.sent else FAILED


def result_object(result: DigestResult) -> dict[str, object]:
    """The round as one JSON object."""
    return {
        "digests": [
            {
                "subscription": one.subscription.id,
                "digest": one.digest.id,
                "stories": len(one.digest.entries),
                "found_late": one.digest.late,
            }
            for one in result.built
            if one.digest is not None
        ],
        "waiting": [
            {"subscription": one.subscription.id, "next_due_at": one.next_due_at.isoformat()}
            for one in result.built
            if one.digest is None and not one.problem
        ],
        "problems": [
            {"subscription": one.subscription.id, "problem": one.problem}
            for one in result.built
            if one.problem
        ],
        "deliveries": [
            {
                "recipient": d.recipient,
                "channel": d.channel,
                "state": str(d.state),
                "where": d.where,
                "error": d.error,
            }
            for d in result.delivered.deliveries
        ],
        "sent": result.delivered.sent,
    }


def report(result: DigestResult) -> None:
    """Say what was built, what was handed over, and what was not and why."""
    for one in result.built:
        out(built_line(one))
    for delivery in result.delivered.deliveries:
        if delivery.error:
            again = (
                f"; next try {delivery.next_try_at:%Y-%m-%d %H:%M} UTC"
                if delivery.next_try_at
                else "; not tried again"
            )
            say(f"  {delivery.recipient}: {delivery.state}: {delivery.error}{again}")
        else:
            out(f"  {delivery.recipient}: {delivery.where or delivery.state}")


def built_line(one: Built) -> str:
    """What became of a subscription, for people."""
    name = one.subscription.id
    if one.problem:
        return f"{name}: could not be built, and is tried again: {one.problem}"
    if one.digest is None:
        return f"{name}: nothing to send; the next window ends {local(one.next_due_at, one.subscription)}"
    late = f"{counted(one.digest.late, 'story', 'stories')} found late" if one.digest.late else ""
    if not one.digest.entries and not late:
        return f"{name}: the window is over, nothing new in it"
    count = len(one.digest.entries) + one.digest.left_out
    readers = counted(len(one.subscription.recipients), "recipient")
    stories = counted(count, "story", "stories") if count else ""
    return f"{name}: {' and '.join(filter(None, (stories, late)))} for {readers}"


def local(at: datetime, subscription: Subscription) -> str:
    """A time in the subscription's zone."""
    return f"{at.astimezone(ZoneInfo(subscription.timezone)):%a %d %b %Y %H:%M} ({subscription.timezone})"


@digest_app.command("list")
def list_command(ctx: typer.Context, as_json: AsJson = False) -> None:
    """All digests built, newest first, with what became of their mails."""
    from rich.table import Table

    context: Context = ctx.obj
    config = context.config()
    with context.store(config) as store:
        records = store.digests.listed()
    if as_json:
        for record in records:
            out(json.dumps(digest_object(record), ensure_ascii=False))
        return
    if not records:
        say("no digest yet: `tipwatch digest send` makes them")
        return
    table = Table(
        "digest",
        "subscription",
        "window ends (UTC)",
        "articles",
        "mails",
        box=None,
        header_style="bold",
        pad_edge=False,
    )
    for record in records:
        table.add_row(
            record.id,
            record.subscription_id,
            f"{record.window_end:%Y-%m-%d %H:%M}",
            str(len(record.article_ids)),
            states(record),
        )
    table_console().print(table)


def states(record: DigestRecord) -> str:
    """The states of a digest's mails, counted."""
    counted: dict[str, int] = {}
    for delivery in record.deliveries:
        counted[delivery.state] = counted.get(delivery.state, 0) + 1
    return ", ".join(f"{count} {state}" for state, count in counted.items()) or "none (nothing new)"


def digest_object(record: DigestRecord) -> dict[str, object]:
    """A digest as JSON."""
    return {
        "digest": record.id,
        "subscription": record.subscription_id,
        "window_start": record.window_start.isoformat(),
        "window_end": record.window_end.isoformat(),
        "articles": list(record.article_ids),
        "deliveries": [delivery_object(one) for one in record.deliveries],
    }


def delivery_object(one: DeliveryRecord) -> dict[str, object]:
    """A delivery as JSON."""
    return {
        "recipient": one.recipient.address,
        "channel": one.channel,
        "state": str(one.state),
        "message_id": one.message_id,
        "attempts": one.attempts,
        "sent_at": one.sent_at.isoformat() if one.sent_at else None,
        "next_try_at": one.next_try_at.isoformat() if one.next_try_at else None,
        "error": one.last_error,
    }


@digest_app.command("show")
def show_command(
    ctx: typer.Context, digest_id: Annotated[str, typer.Argument(metavar="DIGEST")], as_json: AsJson = False
) -> None:
    """One digest: its articles, and what became of each mail."""
    context: Context = ctx.obj
    config = context.config()
    with context.store(config) as store:
        record = store.digests.show(digest_id)
        articles = [store.articles.find(one) for one in record.article_ids] if record else []
    if record is None:
        raise UsageError(f"no digest has the id {digest_id}: `tipwatch digest list` names them")
    if as_json:
        out(json.dumps(digest_object(record), ensure_ascii=False))
        return
    out(
        f"{record.subscription_id}: {record.window_start:%Y-%m-%d %H:%M} to {record.window_end:%Y-%m-%d %H:%M} UTC"
    )
    for article in filter(None, articles):
        out(printable(f"  {article.id}  {article.article.outlet}: {article.article.title}"))
    for one in record.deliveries:
        when = f" {one.sent_at:%Y-%m-%d %H:%M} UTC" if one.sent_at else ""
        out(f"  {one.recipient.address}: {one.state}{when} {one.message_id} {one.last_error}".rstrip())
