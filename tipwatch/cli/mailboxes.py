"""`tipwatch mailboxes`: addresses that are not written to, and why; close one, open it again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.context import Context, counted, out, printable, say, table_console
from tipwatch.clock import utc_now
from tipwatch.errors import UsageError

if TYPE_CHECKING:
    from pipeline.store import MailboxRecord, Store
    from tipwatch.config import Config

mailboxes_app = typer.Typer(help="Addresses that are not written to, and why.", no_args_is_help=True)

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="As in `to`, without the name.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout.")]


@mailboxes_app.command("list")
def list_command(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Every mailbox with which something is the matter: closed, left by its reader, or refused lately."""
    context: Context = ctx.obj
    with context.store(context.config()) as store:
        records = store.mailboxes.listed()
        if as_json:
            for record in records:
                out(json.dumps(mailbox_object(record, store), ensure_ascii=False))
            return
    if records:
        print_table(records)
    else:
        say("nothing is the matter with any mailbox")


@mailboxes_app.command("suppress")
def suppress_command(
    ctx: typer.Context,
    address: Address,
    subscription: Annotated[
        str, typer.Option("--subscription", "-s", help="Only the mail of this one; default: all mail.")
    ] = "",
    note: Annotated[str, typer.Option(help="Why; shown with every mail held back.")] = "",
    as_json: AsJson = False,
) -> None:
    """Send nothing more to a mailbox. Its mails are still made, and kept as suppressed."""
    from pipeline.store import Mailbox, MailboxRule

    context: Context = ctx.obj
    config = context.config()
    check_address(address)
    check_subscription(subscription, config)
    with context.store(config) as store:
        closed = Mailbox(address, subscription)
        record = store.mailboxes.suppress(
            closed, MailboxRule.BY_OPERATOR, " ".join(note.split())[:300], utc_now()
        )
        if as_json:
            out(json.dumps(mailbox_object(record, store), ensure_ascii=False))
        else:
            out(printable(record.words))
    if not is_reader(record.mailbox.address, subscription, config):
        named = f"subscription {subscription}" if subscription else "no subscription"
        verb = "does not name" if subscription else "names"
        say(f"{named} {verb} {printable(address)} today: is it spelt as in `to`?")


@mailboxes_app.command("restore")
def restore_command(
    ctx: typer.Context,
    address: Address,
    subscription: Annotated[
        str | None,
        typer.Option("--subscription", "-s", help="Only the mail of this one; default: whatever was closed."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write to a mailbox again, whatever closed it; its refusals are forgotten."""
    context: Context = ctx.obj
    config = context.config()
    check_address(address)
    with context.store(config) as store:
        gone = store.mailboxes.restore(address, subscription)
        left = store.mailboxes.standing([address])
        held_back = store.mailboxes.held_back(address)
    if not gone:
        about = f" for {subscription}" if subscription else ""
        raise UsageError(
            f"nothing is the matter with {printable(address)}{about}: `tipwatch mailboxes list` names all"
        )
    if as_json:
        out(json.dumps(restored_object(gone, held_back), ensure_ascii=False))
    else:
        for record in gone:
            out(printable(f"open again: {scope(record)}; it was {standing_words(record)}"))
    for record in left.values():
        if record.rule is not None:
            say(printable(f"still closed: {scope(record)}, {standing_words(record)}"))
    if held_back:
        mails = counted(held_back, "mail")
        say(
            f"{mails} to it held back so far: `tipwatch digest resend DIGEST --to {printable(address)}` sends one again"
        )


def check_address(address: str) -> None:
    """Raise UsageError for what is no mail address."""
    from alerts.address import wire_address
    from alerts.errors import AlertError

    try:
        wire_address(address.strip())
    except AlertError as error:
        raise UsageError(printable(str(error))) from error


def check_subscription(subscription: str, config: Config) -> None:
    """Raise UsageError for a subscription that is not configured; empty stands for all."""
    known = [one.id for one in config.subscriptions]
    if subscription and subscription not in known:
        names = ", ".join(known) or "none is configured"
        raise UsageError(f"no subscription has the id {printable(subscription)}; known here: {names}")


def is_reader(key: str, subscription: str, config: Config) -> bool:
    """Whether some subscription (or that one) writes to the mailbox today."""
    from alerts.address import mailbox_key

    return any(
        mailbox_key(recipient.address) == key
        for one in config.subscriptions
        if subscription in ("", one.id)
        for recipient in one.recipients
    )


def scope(record: MailboxRecord) -> str:
    """Which mail a record is about, for people."""
    address, subscription = record.mailbox
    return f"{address} for {subscription}" if subscription else address


def standing_words(record: MailboxRecord) -> str:
    """How a mailbox stood, for people, e.g. ``closed since 2026-11-20: on leave``."""
    how = {
        "": f"refused {counted(record.refusals, 'time')} in a row",
        "refused_for_good": f"refused {counted(record.refusals, 'time')} in a row, and closed",
        "unsubscribed": "left by its reader",
        "by_operator": "closed by hand",
    }[record.rule or ""]
    return f"{how} since {record.since:%Y-%m-%d}" + (f": {record.note}" if record.note else "")


def mailbox_object(record: MailboxRecord, store: Store) -> dict[str, object]:
    """A mailbox as JSON; ``subscription`` null: all mail; ``rule`` null: it is written to."""
    return {
        "address": record.mailbox.address,
        "subscription": record.mailbox.subscription_id or None,
        "rule": record.rule,
        "refusals": record.refusals,
        "since": record.since.isoformat(),
        "note": record.note,
        "held_back": store.mailboxes.held_back(record.mailbox.address),
    }


def restored_object(gone: tuple[MailboxRecord, ...], held_back: int) -> dict[str, object]:
    """What was undone, as JSON."""
    return {
        "address": gone[0].mailbox.address,
        "restored": [
            {"subscription": record.mailbox.subscription_id or None, "rule": record.rule} for record in gone
        ],
        "held_back": held_back,
    }


def print_table(records: tuple[MailboxRecord, ...]) -> None:
    """The mailboxes as a table."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("mailbox", "mail of", "written to", "refusals", "since (UTC)", "note"):
        table.add_column(heading, overflow="fold")
    for record in records:
        cells = (
            record.mailbox.address,
            record.mailbox.subscription_id or "all",
            f"no: {record.rule}" if record.rule else "yes",
            str(record.refusals or "-"),
            f"{record.since:%Y-%m-%d %H:%M}",
            record.note,
        )
        table.add_row(*(Text(printable(cell)) for cell in cells))  # Text: a note is never read as markup
    table_console().print(table)
