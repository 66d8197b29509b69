"""THE DOOR of the alerts room: send everything that is due, each mail claimed, sent and marked in turn.

Each channel works through its own rows, beside the others: a mail server that takes ten minutes to answer holds up no
webhook. A channel that cannot be used is left alone for the round, and one that asks us to slow down is given time.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.channels import Channel
from alerts.channels.email import shrunk
from alerts.channels.pace import Pace, per_minute_of
from alerts.errors import AlertError
from alerts.outbox import (
    LEASE_S,
    Concern,
    DeliveryState,
    OutboxItem,
    OutboxPort,
    SendOutcome,
    SendResult,
    after,
)

__all__ = ["Delivery", "DeliveryReport", "Held", "OutboxItem", "OutboxPort", "deliver"]

_log = logging.getLogger(__name__)

#: mails in a row whose connection broke off before they were handed over, after which it is not the mails
_BREAKS = 3
#: how long a channel rests that asked us to slow down: as long as the mail itself waits, within these
_SHORTEST_REST = timedelta(minutes=5)
_LONGEST_REST = timedelta(minutes=30)

_TOO_LARGE = "The mail server found this mail too large. It is sent as text alone, and may have been cut."


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
class Held:
    """A channel whose further mails wait, untried.

    Attributes:
        until: aware UTC; None: until the next round.
        why: one line for people.
        rows: mails that were given a later time; 0 where they wait for the next round.
    """

    channel: str
    until: datetime | None
    why: str
    rows: int = 0


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What one round of deliveries did, in the order in which the attempts ended."""

    deliveries: tuple[Delivery, ...] = ()
    held: tuple[Held, ...] = ()

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
    pace: Callable[[int | None], Pace] = Pace,
) -> DeliveryReport:
    """Send what is due until nothing is, or until `stop` says so (asked between two mails).

    Should this process die between claiming and marking, the row's lease runs out and a later round decides
    (`alerts.outbox.lease_expired`).

    Args:
        outbox: gives the rows and keeps their outcomes; asked by several threads.
        channels: by the names that the rows use; each works in a thread of its own, and is closed at the end.
        clock: gives aware UTC; asked before every claim and mark, since sending takes time.
        lease_s: must exceed the time one attempt can take.
        stop: True ends the round early; the rows left stay due. Asked by several threads.
        pace: makes what keeps a channel to so many mails a minute (None: as many as it takes).
    """
    round_ = _Round(outbox, clock, lease_s, stop)
    _lost(round_, channels)
    if channels:
        with ThreadPoolExecutor(len(channels), "deliver") as threads:
            try:
                works = [
                    threads.submit(_work_through, round_, name, channel, pace(per_minute_of(channel)))
                    for name, channel in channels.items()
                ]
                for work in works:
                    work.result()
            except BaseException:  # the border of the threads: none of them goes on alone
                round_.halt.set()
                raise
    return DeliveryReport(tuple(round_.done), tuple(round_.held))


@dataclass(frozen=True, slots=True)
class _Round:
    outbox: OutboxPort
    clock: Callable[[], datetime]
    lease_s: float
    stop: Callable[[], bool]
    done: list[Delivery] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    halt: threading.Event = field(default_factory=threading.Event)

    def over(self) -> bool:
        if not self.halt.is_set() and self.stop():
            self.halt.set()
        return self.halt.is_set()


def _lost(round_: _Round, channels: Mapping[str, Channel]) -> None:
    """One row of each channel that is not configured is told so; the others of it wait."""
    known = set(channels)
    while (item := round_.outbox.claim(round_.clock(), round_.lease_s, besides=known)) is not None:
        known.add(item.channel)
        why = f"no channel named {item.channel!r} is configured"
        result = SendResult.unreachable(why).about(Concern.CHANNEL, "add it to the configuration again")
        _mark(round_, item, result)
        round_.held.append(Held(item.channel, None, why))


def _work_through(round_: _Round, name: str, channel: Channel, pace: Pace) -> None:
    """Send what is due by this channel, as long as it can be used."""
    breaks = 0
    try:
        while not round_.over() and pace.ready(round_.over):
            item = round_.outbox.claim(round_.clock(), round_.lease_s, only=name)
            if item is None:
                return
            pace.count()
            result = _attempt(channel, item)
            delivery = _mark(round_, item, result)
            breaks = breaks + 1 if result.outcome is SendOutcome.UNREACHABLE else 0
            if result.concern is Concern.BUSY:
                round_.held.append(_rest(round_, delivery))
                return
            if result.concern is Concern.CHANNEL or breaks >= _BREAKS:
                round_.held.append(Held(name, None, delivery.error))
                return
    except (
        BaseException
    ):  # the border of this thread: the others are told to stop, and the caller gets the error
        round_.halt.set()
        raise
    finally:
        channel.close()


def _rest(round_: _Round, delivery: Delivery) -> Held:
    """All mails of a channel that has too much to do wait, untried, instead of being refused one by one."""
    now = round_.clock()
    asked = (delivery.next_try_at or now) - now
    until = now + min(max(asked, _SHORTEST_REST), _LONGEST_REST)
    rows = round_.outbox.hold(delivery.channel, until, f"waits: {delivery.error}")
    _log.warning("channel=%s asks to slow down: %d mails wait until %s", delivery.channel, rows, until)
    return Held(delivery.channel, until, delivery.error, rows)


def _mark(round_: _Round, item: OutboxItem, result: SendResult) -> Delivery:
    now = round_.clock()
    becomes = after(result, item.attempts, now, doubts=item.doubts, smaller=_smaller(item, result))
    marked = round_.outbox.mark(item, becomes, now)
    # never the address: logs are read by more people than mails
    _log.info(
        "delivery=%s channel=%s state=%s attempt=%d", item.id, item.channel, becomes.state, item.attempts
    )
    delivery = Delivery(
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
    round_.done.append(delivery)
    return delivery


def _smaller(item: OutboxItem, result: SendResult) -> bytes | None:
    """The mail made small, where it was refused for its size for the first time; None otherwise."""
    if item.shrunk or not result.permanent or result.concern is not Concern.SIZE:
        return None
    try:
        return shrunk(item.raw, _TOO_LARGE)
    except AlertError:
        _log.exception("delivery=%s could not be made smaller", item.id)
        return None


def _attempt(channel: Channel, item: OutboxItem) -> SendResult:
    try:
        return channel.send(item.raw, item.recipient, item.name)
    except Exception as error:  # the border: a fault in one channel must not stop the other deliveries
        _log.exception("delivery=%s channel=%s failed inside the channel", item.id, item.channel)
        return SendResult.unknown(f"fault in channel {item.channel!r}: {type(error).__name__}: {error}")
