"""What `tipwatch digest` says of previews, rounds and mails sent again: lines for people, and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tipwatch.cli.context import counted, out, printable, say
from tipwatch.cli.digest_records import delivery_object

if TYPE_CHECKING:
    from alerts.deliver import Delivery, Held
    from alerts.digest import Digest
    from alerts.subscription import Subscription
    from tipwatch.rounds.digesting import Built, DigestResult, Preview
    from tipwatch.rounds.resending import Resent


def preview_object(one: Preview, paths: Mapping[str, Path]) -> dict[str, object]:
    """A preview as JSON."""
    return {
        "subscription": one.subscription.id,
        "subject": one.mail.subject,
        **holding(one.digest),
        **{kind: str(path) for kind, path in paths.items()},
    }


def report_preview(one: Preview, paths: Mapping[str, Path]) -> None:
    """Say what a preview holds and where it is."""
    out(printable(f"{one.subscription.id}: {one.mail.subject}"))
    for path in paths.values():
        out(f"  {path}")
    if one.digest.late:
        say(f"  found late, since the rules changed: {counted(one.digest.late, 'story', 'stories')}")
    if one.digest.flood:
        say(
            f"  {counted(one.digest.flood.came, 'story', 'stories')} came: folded, the others stand in the list"
        )
    if not (one.digest.entries or one.digest.updates):
        say(f"  nothing new since {one.digest.window_start:%Y-%m-%d %H:%M} UTC")


def holding(digest: Digest) -> dict[str, int]:
    """What a digest holds, counted."""
    return {
        "stories": len(digest.entries),
        "updates": len(digest.updates),
        "found_late": digest.late,
        "listed": len(digest.unlisted),
    }


def result_object(result: DigestResult) -> dict[str, object]:
    """The round as one JSON object."""
    return {
        "digests": [
            {"subscription": one.subscription.id, "digest": digest.id, **holding(digest)}
            for one in result.built
            for digest in one.digests
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
        "deliveries": [attempt_object(one) for one in result.delivered.deliveries],
        "held": [
            {
                "channel": one.channel,
                "until": one.until.isoformat() if one.until else None,
                "why": one.why,
                "mails": one.rows,
            }
            for one in result.delivered.held
        ],
        "sent": result.delivered.sent,
    }


def attempt_object(one: Delivery) -> dict[str, object]:
    """An attempt at a delivery as JSON."""
    return {
        "recipient": one.recipient,
        "channel": one.channel,
        "state": str(one.state),
        "where": one.where,
        "error": one.error,
    }


def report(result: DigestResult, *, back: bool = False) -> None:
    """Say what was built, what was handed over, and what was not and why."""
    for one in result.built:
        out(back_line(one) if back else built_line(one))
        for digest in one.instants:
            out(f"{one.subscription.id}: at once: {shown_title(digest)}")
    for delivery in result.delivered.deliveries:
        report_delivery(delivery)
    for held in result.delivered.held:
        say(held_line(held))


def held_line(held: Held) -> str:
    """Why the further mails of a channel wait."""
    mails = counted(held.rows, "mail") if held.rows else "further mails"
    until = f"until {held.until:%Y-%m-%d %H:%M} UTC" if held.until else "for the next round"
    return printable(f"  {held.channel}: {mails} wait {until}: {held.why}")


def report_delivery(delivery: Delivery) -> None:
    """Say how an attempt ended."""
    if not delivery.error:
        out(f"  {delivery.recipient}: {delivery.where or delivery.state}")
        return
    again = (
        f"; next try {delivery.next_try_at:%Y-%m-%d %H:%M} UTC"
        if delivery.next_try_at
        else "; not tried again"
    )
    say(f"  {delivery.recipient}: {delivery.state}: {delivery.error}{again}")


def shown_title(digest: Digest) -> str:
    """The headline of a digest's one story."""
    entry = (*digest.entries, *(update.entry for update in digest.updates))[0]
    return printable("".join(segment.text for segment in entry.headline))


def built_line(one: Built) -> str:
    """What became of a subscription, for people."""
    name = one.subscription.id
    if one.problem:
        return f"{name}: could not be built, and is tried again: {one.problem}"
    if one.digest is None:
        return f"{name}: nothing to send; the next window ends {local(one.next_due_at, one.subscription)}"
    held = held_words(one.digest)
    if not held:
        quiet = ", which is told in one line" if one.subscription.heartbeat else ""
        return f"{name}: the window is over, nothing new in it{quiet}"
    return f"{name}: {held} for {audience(one.subscription)}"


def back_line(one: Built) -> str:
    """What became of a back issue, for people."""
    name = one.subscription.id
    if one.problem:
        return f"{name}: could not be built: {one.problem}"
    if one.digest is None:
        return f"{name}: no back issue: nothing since then that was not told"
    since = local(one.digest.window_start, one.subscription)
    return (
        f"{name}: back issue {one.digest.id} since {since}: {held_words(one.digest)} for {audience(one.subscription)}; "
        f"counts as told, the next window ends {local(one.next_due_at, one.subscription)} as before"
    )


def held_words(digest: Digest) -> str:
    """What a digest holds, in words; empty when it tells nothing."""
    parts = (
        (len(digest.entries), "story", "stories", ""),
        (len(digest.updates), "update", "updates", ""),
        (digest.late, "story", "stories", " found late"),
        (len(digest.unlisted), "story", "stories", " in the attached list"),
    )
    words = [f"{counted(number, single, many)}{more}" for number, single, many, more in parts if number]
    return ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else "".join(words)


def audience(subscription: Subscription) -> str:
    """For whom a subscription is."""
    return counted(len(subscription.recipients), "recipient")


def local(at: datetime, subscription: Subscription) -> str:
    """A time in the subscription's zone."""
    return f"{at.astimezone(ZoneInfo(subscription.timezone)):%a %d %b %Y %H:%M} ({subscription.timezone})"


def resent_object(resent: Resent) -> dict[str, object]:
    """What became of sending again, as JSON."""
    return {
        "digest": resent.digest.id,
        "again": [delivery_object(row) for row in resent.again],
        "left": [{**delivery_object(one.row), "why": one.why} for one in resent.left],
        "deliveries": [attempt_object(one) for one in resent.delivered.deliveries],
        "sent": resent.delivered.sent,
    }


def report_resent(resent: Resent) -> None:
    """Say what was sent again and what was not."""
    for one in resent.left:
        say(f"  {one.row.recipient.address}: left alone: {one.why}")
    twice = sum(row.sent_at is not None for row in resent.again)
    if twice:
        say(f"  {counted(twice, 'reader')} had it before and may see it twice (the Message-ID is the same)")
    mails = counted(len(resent.again), "mail")
    out(
        f"{resent.digest.id}: {mails} put back, as they were"
        if resent.again
        else f"{resent.digest.id}: nothing to resend"
    )
    for delivery in resent.delivered.deliveries:
        report_delivery(delivery)
