"""THE DOOR of the alerts room: send everything that is due, each mail claimed, sent and marked in turn."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from alerts.channels import Channel
from alerts.outbox import LEASE_S, DeliveryState, OutboxItem, OutboxPort, SendResult, after

__all__ = ["Delivery", "DeliveryReport", "OutboxItem", "OutboxPort", "deliver"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How one attempt ended.

    Attributes:
        where: what the channel says of it, e.g. the path of a file; empty when there is nothing to say.
        error: one line for people; empty when sent.
        next_try_at: aware UTC; None when there will be no further attempt.
        marked: False when the row's lease was lost meanwhile, and the outcome not recorded.
    """

    item_id: int
    name: str
    channel: str
    recipient: str
    state: DeliveryState
    where: str = ""
    error: str = ""
    next_try_at: datetime | None = None
    marked: bool = True


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What one round of deliveries did, in order."""

    deliveries: tuple[Delivery, ...] = ()

    @property
    def counts(self) -> Mapping[DeliveryState, int]:
        """Attempts by the state they led to; states that did not occur are missing."""
        return Counter(delivery.state for delivery in self.deliveries)

    @property
    def sent(self) -> int:
        """Mails that a channel took over."""
        return sum(delivery.state is DeliveryState.SENT for delivery in self.deliveries)


def deliver(
    outbox: OutboxPort,
    channels: Mapping[str, Channel],
    clock: Callable[[], datetime],
    *,
    lease_s: float = LEASE_S,
    stop: Callable[[], bool] = lambda: False,
) -> DeliveryReport:
    """Send what is due until nothing is, or until `stop` says so (asked between two mails).

    Should this process die between claiming and marking, the row's lease runs out and a later round decides
    (`alerts.outbox.lease_expired`).

    Args:
        outbox: gives the rows and keeps their outcomes.
        channels: by the names that the rows use; each is closed at the end.
        clock: gives aware UTC; asked before every claim and mark, since sending takes time.
        lease_s: must exceed the time one attempt can take.
        stop: True ends the round early; the rows left stay due.
    """
    done: list[Delivery] = []
    try:
        while not stop() and (item := outbox.claim(clock(), lease_s)) is not None:
            done.append(_send_one(outbox, channels.get(item.channel), item, clock))
    finally:
        for channel in channels.values():
            channel.close()
    return DeliveryReport(tuple(done))


def _send_one(
    outbox: OutboxPort, channel: Channel | None, item: OutboxItem, clock: Callable[[], datetime]
) -> Delivery:
    result = _attempt(channel, item)
    now = clock()
    becomes = after(result, item.attempts, now, doubts=item.doubts)
    marked = outbox.mark(item, becomes, now)
    # never the address: logs are read by more people than mails
    _log.info(
        "delivery=%s channel=%s state=%s attempt=%d", item.id, item.channel, becomes.state, item.attempts
    )
    return Delivery(
        item_id=item.id,
        name=item.name,
        channel=item.channel,
        recipient=item.recipient.address,
        state=becomes.state,
        where=result.text if becomes.state is DeliveryState.SENT else "",
        error=becomes.error,
        next_try_at=becomes.next_try_at,
        marked=marked,
    )


def _attempt(channel: Channel | None, item: OutboxItem) -> SendResult:
    if channel is None:
        return SendResult.unreachable(f"no channel named {item.channel!r} is configured")
    try:
        return channel.send(item.raw, item.recipient, item.name)
    except Exception as error:  # the border: a fault in one channel must not stop the other deliveries
        _log.exception("delivery=%s channel=%s failed inside the channel", item.id, item.channel)
        return SendResult.unknown(f"fault in channel {item.channel!r}: {type(error).__name__}: {error}")
