"""A digest round: whose window is over, what cannot wait, and the mails on their way."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.deliver import DeliveryReport, deliver
from alerts.digest import Digest, RenderedMail
from alerts.errors import AlertError
from alerts.subscription import Subscription
from alerts.windows import Window, next_due
from pipeline.rules import RulePack
from pipeline.store import Store
from tipwatch.channels import channels_of
from tipwatch.clock import utc_now
from tipwatch.config import Config
from tipwatch.errors import UsageError
from tipwatch.rounds.back import BackOrder, back_issue
from tipwatch.rounds.choosing import story_query, to_tell
from tipwatch.rounds.closing import close_window, window_over
from tipwatch.rounds.composing import compose
from tipwatch.rounds.desk import Desk
from tipwatch.rounds.instant import tell_at_once
from tipwatch.rounds.posting import first_mail
from tipwatch.rounds.rescoring import RescoreOrder, rescore_round

__all__ = [
    "BackOrder",
    "Built",
    "Desk",
    "DigestOrder",
    "DigestResult",
    "Preview",
    "digest_round",
    "named",
    "preview",
    "send_due",
]

log = logging.getLogger(__name__)

#: of a digest round, given to reading the archive after the rules changed
RESCORE_S = 10.0


@dataclass(frozen=True, slots=True)
class DigestOrder:
    """What to send.

    Attributes:
        subscription_ids: only these; empty: all.
        now: close the window at once, whatever the schedule says.
        back: a back issue instead; windows go on as they were.
    """

    subscription_ids: tuple[str, ...] = ()
    now: bool = False
    back: BackOrder | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """What became of one subscription in a round.

    Attributes:
        digest: of its window, or its back issue; None when the window is not over, there is nothing to tell, or another
            process built it first.
        next_due_at: when its next window ends.
        problem: why its digest could not be built; empty when nothing is wrong.
        instants: what could not wait, a digest for each story.
    """

    subscription: Subscription
    digest: Digest | None
    next_due_at: datetime
    problem: str = ""
    instants: tuple[Digest, ...] = ()

    @property
    def digests(self) -> tuple[Digest, ...]:
        """All that was built for it."""
        return (*((self.digest,) if self.digest else ()), *self.instants)


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
            for digest in one.digests:
                yield f"digest {digest.id} for {one.subscription.id}: {counts(digest)}"
        for held in self.delivered.held:
            yield f"channel {held.channel}: {held.rows or 'further'} mails wait: {held.why}"
        for delivery in self.delivered.deliveries:
            what = delivery.where or delivery.error
            yield f"delivery {delivery.name}: {delivery.state}" + (
                f", {what}" if what and delivery.channel == "folder" else ""
            )


def counts(digest: Digest) -> str:
    """What a digest holds, for logs."""
    parts = {
        "updates": len(digest.updates),
        "found late": digest.late,
        "listed": len(digest.unlisted),
    }
    more = "".join(f", {what}={count}" for what, count in parts.items() if count)
    return f"stories={len(digest.entries)}{more}"


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
        UsageError: the order names a subscription that does not exist, or a back issue that would begin in the future.
    """
    chosen = named(config, order.subscription_ids)
    read_again(config, store, pack, stop, clock)
    desk = Desk(config, store, pack, clock())
    built = tuple(attempt(desk, subscription, order) for subscription in chosen)
    return DigestResult(built, send_due(config, store, clock, stop))


def send_due(
    config: Config,
    store: Store,
    clock: Callable[[], datetime] = utc_now,
    stop: Callable[[], bool] = lambda: False,
) -> DeliveryReport:
    """Deliver all that is due, whoever it is for and whether its subscription still exists."""
    return deliver(store.outbox, channels_of(config), clock, stop=stop)


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
    """Close the subscription's window if it is over, else tell what cannot wait; or make the back issue asked for."""
    upcoming = next_due(subscription, desk.now)
    if order.back is not None:
        return Built(subscription, back_issue(desk, subscription, order.back), upcoming)
    state = desk.store.digests.state(subscription.id, desk.now)
    window, must_tell = window_over(desk, subscription, state, now=order.now)
    if window is None:
        return Built(subscription, None, upcoming, instants=tell_at_once(desk, subscription, state))
    return Built(subscription, close_window(desk, subscription, state, window, must_tell=must_tell), upcoming)


@dataclass(frozen=True, slots=True)
class Preview:
    """A digest as it would go out now; `raw` is the mail for the first recipient, None when it goes out by no mail."""

    subscription: Subscription
    digest: Digest
    mail: RenderedMail
    raw: bytes | None


def preview(desk: Desk, subscription: Subscription, since: datetime | None) -> Preview:
    """What the subscription would be told if its window ended now. Changes nothing.

    The window starts at `since`, or where the last digest ended; what was told before is left out in any case.
    """
    state = desk.store.digests.state(subscription.id, desk.now)
    start = since or state.last_window_end or state.since
    window = Window(min(start, desk.now - timedelta(microseconds=1)), desk.now)
    query = story_query(subscription, window, state)
    digest = compose(desk, subscription, query, to_tell(desk.store, query)).digest
    mail, raw = first_mail(desk, subscription, digest)
    return Preview(subscription, digest, mail, raw)
