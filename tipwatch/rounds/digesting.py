"""A digest round: whose window is over, what they are told, and the mails on their way."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.channels.email import Envelope, build_message, message_id
from alerts.channels.folder import file_name
from alerts.deliver import DeliveryReport, deliver
from alerts.digest import Digest, RenderedMail
from alerts.errors import AlertError
from alerts.outbox import DeliveryState
from alerts.render import render
from alerts.subscription import Recipient, Subscription
from alerts.windows import Window, next_due, windows_due
from pipeline.rules import RulePack
from pipeline.store import Asked, DigestKind, NewDelivery, NewDigest, Store
from tipwatch.channels import open_channels
from tipwatch.clock import utc_now
from tipwatch.config import Config
from tipwatch.entries import Wording, entry_of
from tipwatch.errors import UsageError
from tipwatch.rounds.late import ToTell, news_of, sections, story_query, to_tell
from tipwatch.rounds.rescoring import RescoreOrder, rescore_round

log = logging.getLogger(__name__)

HOUR = timedelta(hours=1)
#: of a digest round, given to reading the archive after the rules changed
RESCORE_S = 10.0


@dataclass(frozen=True, slots=True)
class DigestOrder:
    """What to send.

    Attributes:
        subscription_ids: only these; empty: all.
        now: close the window at once, whatever the schedule says.
    """

    subscription_ids: tuple[str, ...] = ()
    now: bool = False


@dataclass(frozen=True, slots=True)
class Built:
    """What became of one subscription in a round.

    Attributes:
        digest: None when its window is not over, or another process built it first.
        next_due_at: when its next window ends.
        problem: why its digest could not be built; empty when nothing is wrong.
    """

    subscription: Subscription
    digest: Digest | None
    next_due_at: datetime
    problem: str = ""


@dataclass(frozen=True, slots=True)
class DigestResult:
    """What a digest round did."""

    built: tuple[Built, ...]
    delivered: DeliveryReport

    @property
    def undelivered(self) -> int:
        """Digests that could not be built, and attempts of this round that did not end in a mail handed over."""
        unbuilt = sum(bool(one.problem) for one in self.built)
        return unbuilt + len(self.delivered.deliveries) - self.delivered.sent

    def lines(self) -> Iterator[str]:
        """What happened, one line each; nothing when nothing did. No addresses: these lines go to logs."""
        for one in self.built:
            if one.digest is not None:
                late = f", found late={one.digest.late}" if one.digest.late else ""
                yield f"digest {one.digest.id} for {one.subscription.id}: stories={len(one.digest.entries)}{late}"
        for delivery in self.delivered.deliveries:
            what = delivery.where or delivery.error
            yield f"delivery {delivery.name}: {delivery.state}" + (
                f", {what}" if what and delivery.channel == "folder" else ""
            )


@dataclass(frozen=True, slots=True)
class Desk:
    """What composing a digest needs besides the subscription; `now` is aware UTC."""

    config: Config
    store: Store
    pack: RulePack
    now: datetime


def digest_round(
    config: Config,
    store: Store,
    pack: RulePack,
    order: DigestOrder,
    clock: Callable[[], datetime] = utc_now,
    stop: Callable[[], bool] = lambda: False,
) -> DigestResult:
    """Build the digest of every subscription whose window is over, then deliver all mail that is due.

    First, and for some seconds at most, articles are read again that rules of before a change read last.
    `stop` is asked between two mails; what is not sent then is sent by the next round. A subscription whose digest cannot
    be built says so and holds up no other.

    Raises:
        UsageError: the order names a subscription that does not exist.
    """
    chosen = named(config, order.subscription_ids)
    read_again(config, store, pack, stop, clock)
    desk = Desk(config, store, pack, clock())
    built = tuple(attempt(desk, subscription, order) for subscription in chosen)
    return DigestResult(built, deliver(store.outbox, open_channels(config.mail), clock, stop=stop))


def read_again(
    config: Config, store: Store, pack: RulePack, stop: Callable[[], bool], clock: Callable[[], datetime]
) -> None:
    """Let changed rules read a part of the archive; whatever goes wrong with that holds up no digest."""
    try:
        rescore_round(config, store, pack, RescoreOrder(seconds=RESCORE_S, stop=stop), clock)
    except Exception:  # the border of another kind of work: its failure must not cost anybody a digest
        log.exception(
            "the archive could not be read by the changed rules; it is tried again in the next round"
        )


def attempt(desk: Desk, subscription: Subscription, order: DigestOrder) -> Built:
    """What became of one subscription; a digest that cannot be rendered or safely sent is a problem of its own."""
    try:
        return build(desk, subscription, order)
    except AlertError as error:
        log.exception(
            "the digest of %s could not be built; it is tried again in the next round", subscription.id
        )
        return Built(subscription, None, next_due(subscription, desk.now), str(error))


def named(config: Config, ids: Sequence[str]) -> tuple[Subscription, ...]:
    """The subscriptions of these ids; all when none is given. Raises UsageError for an id that does not exist."""
    for wanted in ids:
        if config.subscription(wanted) is None:
            known = ", ".join(one.id for one in config.subscriptions) or "none is configured"
            raise UsageError(f"no subscription has the id {wanted} (there are: {known})")
    return tuple(one for one in config.subscriptions if not ids or one.id in ids)


def build(desk: Desk, subscription: Subscription, order: DigestOrder) -> Built:
    """Close the subscription's window if it is over, and put its mails into the outbox."""
    upcoming = next_due(subscription, desk.now)
    window, must_have_entries = closing_window(desk, subscription, order)
    if window is None:
        return Built(subscription, build_instant(desk, subscription), upcoming)
    telling = to_tell(desk.store, subscription, window)
    if must_have_entries and not telling.article_ids:
        return Built(subscription, None, upcoming)
    digest = compose(desk, subscription, window, telling)
    return Built(subscription, keep(desk, subscription, digest, telling, DigestKind.DIGEST), upcoming)


def build_instant(desk: Desk, subscription: Subscription) -> Digest | None:
    """What cannot wait for the subscription's digest; None: nothing, or as many mails as it takes in an hour were sent.

    What is held back here is told by the digest: an article counts as told only once it was. What is found late can wait.
    """
    wanted = subscription.instant
    state = desk.store.digests.state(subscription.id)
    if (
        wanted is None
        or desk.store.digests.instants_since(subscription.id, desk.now - HOUR) >= wanted.max_per_hour
    ):
        return None
    window = Window(state.last_window_end or state.since, desk.now)
    surer = replace(subscription, min_score=max(wanted.min_score, subscription.min_score))
    telling = ToTell(news_of(desk.store, story_query(surer, window)))
    if not telling.news:
        return None
    digest = compose(desk, replace(subscription, title=f"{subscription.title}: just in"), window, telling)
    digest = replace(digest, id=f"i{digest.id}")
    return keep(desk, subscription, digest, telling, DigestKind.INSTANT)


def keep(
    desk: Desk, subscription: Subscription, digest: Digest, telling: ToTell, kind: DigestKind
) -> Digest | None:
    """Write the digest and its mails down, dated when its window was closed; None when another process was quicker."""
    told = telling.article_ids
    asked = Asked(
        subscription.topics,
        subscription.languages,
        subscription.countries,
        subscription.outlets,
        subscription.min_score,
    )
    row = NewDigest(digest.id, subscription.id, digest.window_start, digest.window_end, told, kind, asked)
    mails = deliveries(desk, subscription, digest) if told else ()
    if desk.store.digests.save(row, mails, desk.now):
        return digest
    log.info(
        "the window of %s ending %s has its digest already", subscription.id, digest.window_end.isoformat()
    )
    return None


def closing_window(desk: Desk, subscription: Subscription, order: DigestOrder) -> tuple[Window | None, bool]:
    """The window to close now, None if it is still open; and whether it may only be closed with something to tell.

    The first digest of a subscription goes out as soon as there is something to tell (docs/decisions/0006).
    """
    state = desk.store.digests.state(subscription.id)
    start = state.last_window_end or state.since
    if order.now or state.last_window_end is None:
        return (Window(start, desk.now) if desk.now > start else None), True
    due = windows_due(subscription, state.since, state.last_window_end, desk.now)
    return (due[0] if due else None), False


def compose(desk: Desk, subscription: Subscription, window: Window, telling: ToTell) -> Digest:
    """The digest as it is shown."""
    topics = {topic.id: topic.title for topic in desk.pack.topics.values()}
    wording = Wording(desk.pack.label, lambda topic: topics.get(topic, topic), desk.pack.decisive)
    shown = telling.news[: subscription.max_entries]
    facts = desk.store.digests.facts(window.start, window.end)
    return Digest(
        id=digest_id(subscription.id, window.end),
        subscription_id=subscription.id,
        title=subscription.title,
        window_start=window.start,
        window_end=window.end,
        timezone=subscription.timezone,
        entries=tuple(entry_of(story, wording) for story in shown),
        left_out=len(telling.news) - len(shown),
        articles_read=facts.articles_read,
        sources_read=facts.sources_read,
        silent_sources=facts.silent_sources,
        found_late=sections(telling.late, subscription, lambda story: entry_of(story, wording)),
    )


def digest_id(subscription_id: str, window_end: datetime) -> str:
    """The digest's id: the same for the same window, so that two builders cannot make two digests of one window."""
    print_of = hashlib.sha256(f"{subscription_id}\n{window_end.isoformat()}".encode()).hexdigest()[:10]
    return f"{window_end:%Y%m%dT%H%M}-{print_of}"


def deliveries(desk: Desk, subscription: Subscription, digest: Digest) -> tuple[NewDelivery, ...]:
    """One mail per recipient, its bytes and Message-ID fixed here, once."""
    mail = render(digest)
    return tuple(one_delivery(desk, mail, recipient, digest) for recipient in subscription.recipients)


def one_delivery(desk: Desk, mail: RenderedMail, recipient: Recipient, digest: Digest) -> NewDelivery:
    """The mail for one recipient."""
    settings = desk.config.mail
    envelope = Envelope(
        sender=settings.sender,
        recipient=recipient,
        message_id=message_id(digest.id, recipient, settings.public_name),
        date=desk.now,
        list_id=f"{digest.subscription_id}.{settings.public_name}",
        list_name=digest.title,
    )
    return NewDelivery(
        recipient=recipient,
        channel=settings.transport,
        message_id=envelope.message_id,
        subject=mail.subject,
        name=file_name(digest.subscription_id, digest.id, recipient),
        raw=build_message(mail, envelope),
    )


@dataclass(frozen=True, slots=True)
class Preview:
    """A digest as it would go out now; `raw` is the mail for the first recipient."""

    subscription: Subscription
    digest: Digest
    mail: RenderedMail
    raw: bytes


def preview(desk: Desk, subscription: Subscription, since: datetime | None) -> Preview:
    """What the subscription would be told if its window ended now. Changes nothing.

    The window starts at `since`, or where the last digest ended; what was told before is left out in any case.
    """
    state = desk.store.digests.state(subscription.id)
    start = since or state.last_window_end or state.since
    window = Window(min(start, desk.now - timedelta(microseconds=1)), desk.now)
    digest = compose(desk, subscription, window, to_tell(desk.store, subscription, window))
    mail = render(digest)
    raw = one_delivery(desk, mail, subscription.recipients[0], digest).raw
    return Preview(subscription, digest, mail, raw)


def is_final(state: DeliveryState) -> bool:
    """Whether a delivery in this state is over."""
    return state in (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.SUPPRESSED)
