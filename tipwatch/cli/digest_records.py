"""What `tipwatch digest list` and `show` say: digests as kept, as lines for people and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tipwatch.cli.context import out, printable, table_console

if TYPE_CHECKING:
    from pipeline.store import ArticleRecord, DeliveryRecord, DigestRecord


def list_digests(records: Sequence[DigestRecord]) -> None:
    """Show digests as a table."""
    from rich.table import Table

    heads = ("digest", "subscription", "kind", "window ends (UTC)", "articles", "mails")
    table = Table(*heads, box=None, header_style="bold", pad_edge=False)
    for record in records:
        ways = Counter(str(way) for way in record.ways.values())
        late = f" ({ways['late']} late)" if ways.get("late") else ""
        late += " new" if record.kind == "back" else ""  # with --again it may repeat others
        table.add_row(
            record.id,
            record.subscription_id,
            str(record.kind),
            f"{record.window_end:%Y-%m-%d %H:%M}",
            f"{len(record.article_ids)}{late}",
            states(record),
        )
    table_console().print(table)


def states(record: DigestRecord) -> str:
    """The states of a digest's mails, counted."""
    found = Counter(str(delivery.state) for delivery in record.deliveries)
    return ", ".join(f"{count} {state}" for state, count in found.items()) or "none (nothing new)"


def digest_object(record: DigestRecord, articles: Sequence[ArticleRecord] = ()) -> dict[str, object]:
    """A digest as JSON; with its articles where they are given."""
    told: dict[str, object] = {
        "told": [
            {
                "article": one.id,
                "way": str(record.ways[one.id]),
                "story": one.story_id,
                "outlet": one.article.outlet,
                "title": one.article.title,
                "url": one.article.url,
            }
            for one in articles
        ]
    }
    return {
        "digest": record.id,
        "subscription": record.subscription_id,
        "kind": str(record.kind),
        "window_start": record.window_start.isoformat(),
        "window_end": record.window_end.isoformat(),
        "built_at": record.created_at.isoformat(),
        "articles": list(record.article_ids),
        "ways": dict(Counter(str(way) for way in record.ways.values())),
        **(told if articles else {}),
        "deliveries": [delivery_object(one) for one in record.deliveries],
    }


def delivery_object(one: DeliveryRecord) -> dict[str, object]:
    """A delivery as JSON."""
    return {
        "recipient": one.recipient.address,
        "channel": one.channel,
        "state": str(one.state),
        "message_id": one.message_id,
        "subject": one.subject,
        "attempts": one.attempts,
        "sent_at": one.sent_at.isoformat() if one.sent_at else None,
        "next_try_at": one.next_try_at.isoformat() if one.next_try_at else None,
        "rule": one.rule,
        "error": one.last_error,
    }


#: as what an article was told, for people
WAYS = {
    "entry": "told",
    "copy": "under another outlet's",
    "update": "as an update",
    "late": "found late",
    "listed": "in the list",
}


def show_digest(record: DigestRecord, articles: Sequence[ArticleRecord]) -> None:
    """Show one digest."""
    kind = {"instant": "instant mail", "back": "back issue", "operator": "operator's mail"}.get(
        record.kind, "digest"
    )
    window = f"{record.window_start:%Y-%m-%d %H:%M} to {record.window_end:%Y-%m-%d %H:%M} UTC"
    out(f"{record.subscription_id}: {kind}, {window}")
    width = max((len(str(one.id)) for one in articles), default=0)
    for one in articles:
        way = WAYS[record.ways[one.id]]
        out(printable(f"  {one.id:>{width}}  {way:<22}  {one.article.outlet}: {one.article.title}"))
    if not articles:
        repeats = record.kind == "back" and record.deliveries
        out("  tells no article that was not told before" if repeats else "  tells no article")
    for row in record.deliveries:
        when = f" {row.sent_at:%Y-%m-%d %H:%M} UTC" if row.sent_at else ""
        again = f", next try {row.next_try_at:%Y-%m-%d %H:%M} UTC" if row.next_try_at else ""
        rule = f" by {row.rule}" if row.rule else ""
        error = f" {row.last_error}" if row.last_error else ""
        out(
            printable(
                f"  {row.recipient.address} ({row.channel}): {row.state}{rule}{when}{again} {row.message_id}{error}"
            )
        )
    if not record.deliveries:
        out("  went to nobody")
