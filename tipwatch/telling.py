"""Who was told an article, who will be and when, and who will not and why; subscription by subscription."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.outbox import DeliveryState
from alerts.subscription import Subscription
from alerts.windows import next_due, quiet_until
from pipeline.store import ArticleRecord, DigestKind, DigestRecord, MatchRecord, Store, Told
from tipwatch.config import Config
from tipwatch.stations import Step, noted, stopped

#: an article that came in so shortly before a window is still told (`pipeline.store.stories`)
LATE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """An article about which somebody asks who is told; `kept`: its matches, those withdrawn included."""

    record: ArticleRecord
    kept: Sequence[MatchRecord]
    now: datetime


def told_steps(config: Config, store: Store, asked: Asked) -> Iterator[Step]:
    """One step or more for every subscription that asks for a topic of the article, or was told it."""
    telling = store.digests.telling(asked.record.id)
    told = {digest.subscription_id for digest in telling}
    for digest in telling:
        yield from delivery_steps(config, digest, digest.ways.get(asked.record.id, Told.ENTRY))
    topics = {one.match.topic for one in asked.kept if one.withdrawn_at is None}
    asking = [one for one in config.subscriptions if topics.intersection(one.topics)]
    for subscription in asking:
        if subscription.id not in told:
            yield untold_step(subscription, store, asked)
    if topics and not asking and not told:
        yield stopped("digest", f"no subscription asks for {', '.join(sorted(topics))}")


def unasked_advice(config: Config, asked: Asked) -> str:
    """What would get an article told whose topics nobody asks for; empty where somebody does, or it is on none."""
    topics = {one.match.topic for one in asked.kept if one.withdrawn_at is None}
    if not topics or any(topics.intersection(one.topics) for one in config.subscriptions):
        return ""
    return f"add {' or '.join(sorted(topics))} to the `topics` of a subscription in the configuration"


#: what a digest is called, by why it was made
KINDS = {DigestKind.INSTANT: "instant mail", DigestKind.BACK: "back issue"}
#: as what an article was told, where that is not as the top of its story
AS_WHAT = {
    Told.COPY: ", under another outlet's article",
    Told.UPDATE: ", as an update",
    Told.LATE: ", as found late",
    Told.LISTED: ", in the attached list",
}


def delivery_steps(config: Config, digest: DigestRecord, way: Told) -> Iterator[Step]:
    """What became of one digest that told the article, as `way`."""
    zone = next((one.timezone for one in config.subscriptions if one.id == digest.subscription_id), "UTC")
    kind = KINDS.get(digest.kind, "digest")
    name = f"{digest.subscription_id}: told in {kind} {digest.id} of {local(digest.window_end, zone)}"
    name += AS_WHAT.get(way, "")
    for one in digest.deliveries:
        when = f" on {one.sent_at:%Y-%m-%d %H:%M} UTC" if one.sent_at else ""
        again = f", next try {one.next_try_at:%Y-%m-%d %H:%M} UTC" if one.next_try_at else ""
        error = f" ({one.last_error})" if one.last_error and one.state is not DeliveryState.SENT else ""
        sent = one.state is DeliveryState.SENT
        yield Step("digest", sent, f"{name}, {one.state} to {one.recipient.address}{when}{again}{error}")
    if not digest.deliveries:
        yield noted("digest", f"{name}, which went to nobody")


def untold_step(subscription: Subscription, store: Store, asked: Asked) -> Step:
    """Why a subscription that asks for a topic of the article was not told it, or when it will be."""
    state = store.digests.state(subscription.id)
    standing = [
        one for one in asked.kept if one.withdrawn_at is None and one.match.topic in subscription.topics
    ]
    best = max(standing, key=lambda one: one.match.score)
    start = state.last_window_end or state.since
    late = all(one.match.rules_changed_at is not None for one in standing)
    why_not = filtered(subscription, asked, best)
    if why_not:
        return stopped("digest", f"{subscription.id}: {why_not}")
    if best.found_at <= state.since or (late and asked.record.first_seen_at <= state.since):
        began = local(state.since, subscription.timezone)
        return stopped("digest", f"{subscription.id}: it came in before this subscription began on {began}")
    if best.found_at <= start - LATE:
        ended = local(start, subscription.timezone)
        return stopped(
            "digest",
            f"{subscription.id}: its window was closed on {ended}, when {subscription.id} did not ask for it",
        )
    return noted(
        "digest",
        f"{subscription.id}: {waiting(subscription, best, asked.now, late=late, first=state.digests == 0)}",
    )


def filtered(subscription: Subscription, asked: Asked, best: MatchRecord) -> str:
    """Which wish of the subscription keeps the article out; empty when none does."""
    article = asked.record.article
    if subscription.languages and article.language not in subscription.languages:
        return f"it wants {', '.join(subscription.languages)} only; this is in {article.language or 'no known language'}"
    if subscription.countries and article.country not in subscription.countries:
        of = article.country or "no known country"
        return f"it wants outlets of {', '.join(subscription.countries)} only; this one is of {of}"
    if subscription.outlets and article.source_id not in subscription.outlets:
        return f"it wants {', '.join(subscription.outlets)} only; this is of {article.source_id}"
    if best.match.score < subscription.min_score:
        return f"it wants a score of {subscription.min_score:.2f} at least; this has {best.match.score:.2f}"
    return ""


def waiting(subscription: Subscription, best: MatchRecord, now: datetime, *, late: bool, first: bool) -> str:
    """Which digest an article waits for."""
    due = local(next_due(subscription, now), subscription.timezone)
    when = "the next digest round, its first" if first else f"the digest due {due}"
    if late:
        return f"waits for {when}, in its section of what is found late"
    if first or subscription.instant is None or best.match.score < subscription.instant.min_score:
        return f"waits for {when}"
    quiet = quiet_until(subscription, now)
    held = f", after its quiet hours ({local(quiet, subscription.timezone)})" if quiet else ""
    return f"waits for {when}, or sooner by instant mail{held}"


def local(at: datetime, zone: str) -> str:
    """A time in a zone, with the zone's name."""
    return f"{at.astimezone(ZoneInfo(zone)):%a %d %b %Y %H:%M} ({zone})"
