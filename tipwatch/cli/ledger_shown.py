"""Who was told an article, as lines for people and as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from pipeline.store import DeliveryRecord
    from tipwatch.ledger.showing import NotTold, Shown, ToldIn


def shown_object(one: Shown) -> dict[str, object]:
    """Who was told an article, as JSON."""
    article = one.record.article
    return {
        "article": one.record.id,
        "title": article.title,
        "outlet": article.outlet,
        "url": article.url,
        "topics": list(one.topics),
        "told": [told_object(telling) for telling in one.told],
        "not_told": [not_told_object(missing) for missing in one.not_told],
    }


def told_object(telling: ToldIn) -> dict[str, object]:
    """A telling as JSON."""
    return {
        "subscription": telling.digest.subscription_id,
        "digest": telling.digest.id,
        "kind": str(telling.digest.kind),
        "way": telling.way,
        "window_end": telling.digest.window_end.isoformat(),
        "deliveries": [
            {
                "recipient": delivery.recipient.address,
                "channel": delivery.channel,
                "state": str(delivery.state),
                "sent_at": delivery.sent_at.isoformat() if delivery.sent_at else None,
                "sent_at_local": local(delivery.sent_at, telling.zone) if delivery.sent_at else None,
                "next_try_at": delivery.next_try_at.isoformat() if delivery.next_try_at else None,
                "message_id": delivery.message_id,
                "error": delivery.last_error,
            }
            for delivery in telling.digest.deliveries
        ],
    }


def not_told_object(missing: NotTold) -> dict[str, object]:
    """A subscription that was not told, as JSON."""
    judgement = missing.judgement
    return {
        "subscription": missing.subscription_id,
        "fate": str(judgement.fate),
        "rule": str(judgement.rule) if judgement.rule else None,
        "exception": str(judgement.fault) if judgement.fault else None,
        "due_at": judgement.due_at.isoformat() if judgement.due_at else None,
        "why": missing.why,
    }


def shown_lines(one: Shown) -> list[str]:
    """Who was told an article, for people."""
    article = one.record.article
    lines = [f"article {one.record.id}  {article.outlet}: {article.title}", f"    {article.url}"]
    for telling in one.told:
        kind = "" if telling.digest.kind == "digest" else f" ({telling.digest.kind})"
        lines.append(
            f"    {telling.digest.subscription_id}: told as {telling.way} in {telling.digest.id}{kind}"
        )
        lines += [
            f"        {delivery_line(delivery, telling.zone)}" for delivery in telling.digest.deliveries
        ]
        if not telling.digest.deliveries:
            lines.append("        to nobody")
    lines += [f"    {missing.subscription_id}: not told: {missing.why}" for missing in one.not_told]
    if not one.told and not one.not_told:
        asked = f"on {', '.join(one.topics)}, which nobody asks for" if one.topics else "on no topic"
        lines.append(f"    told to nobody: it is {asked}")
    return lines


def delivery_line(one: DeliveryRecord, zone: str) -> str:
    """What became of one mail, with the time where its reader is and in UTC."""
    when = f" {local(one.sent_at, zone)}, {one.sent_at:%Y-%m-%d %H:%M} UTC" if one.sent_at else ""
    again = f", next try {one.next_try_at:%Y-%m-%d %H:%M} UTC" if one.next_try_at else ""
    error = f": {one.last_error}" if one.last_error and not one.sent_at else ""
    return f"{one.recipient.address} by {one.channel}: {one.state}{when}{again}{error}"


def local(at: datetime, zone: str) -> str:
    """A time in a zone, with the zone's name."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})"
