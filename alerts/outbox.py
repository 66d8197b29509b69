"""The states of a delivery and how one attempt leads to the next: pure, the clock is an argument.

One row stands for one (digest, recipient, channel); its bytes and Message-ID are fixed before the first
attempt. A row is claimed by lease, sent, and marked with what `after` says. A row whose lease ran out was
being sent when its sender died: `lease_expired`. The promise kept: nothing is lost, and each attempt of
unknown outcome leads to at most one further copy, byte-identical and with the same Message-ID. Only a server
that found a mail too large gets other bytes: the same mail made small, once, and still with its Message-ID.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from alerts.subscription import Recipient

#: seconds a claim holds: longer than all SMTP timeouts of one attempt together, so that a living sender keeps
#: its row
LEASE_S = 1800.0

#: waits after a passing refusal; the last one repeats. All of them up to `_GIVE_UP_AFTER` make 47 h 50 min
_WAITS = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
)
#: no wait and no lease is as long: a time further ahead was set by a clock that was wrong
LONGEST_WAIT = timedelta(days=1)
_GIVE_UP_AFTER = timedelta(hours=48)

#: RFC 5321, 4.5.4.1: a sender waits at least 30 minutes before it tries again
_WAIT_IN_DOUBT = timedelta(minutes=30)

#: earlier attempts that may have arrived, up to which we try again by ourselves. After a lost answer the mail
#: is most likely there: one automatic copy. A sender that died mostly died before handing over: more patience
#: there, but bounded, should the mail itself be what kills it
_DOUBTS_AFTER_LOST_ANSWER = 1
_DOUBTS_AFTER_CRASH = 4


class DeliveryState(StrEnum):
    """Where one delivery stands: a closed set."""

    PENDING = "pending"  # built, not tried yet
    SENDING = "sending"  # claimed; its lease says until when
    SENT = "sent"  # the channel took responsibility
    UNKNOWN = "unknown"  # may have arrived; with a next try: once more, else for people to look at
    RETRY = "retry"  # refused in passing or not reached; tried again
    FAILED = "failed"  # refused for good, or tried for two days
    SUPPRESSED = "suppressed"  # not to be sent, by a named rule


#: states in which a row is due once `next_try_at` is reached
WAITING = frozenset({DeliveryState.PENDING, DeliveryState.RETRY, DeliveryState.UNKNOWN})

#: states that only people change
ENDED = frozenset({DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.SUPPRESSED})


class SendOutcome(StrEnum):
    """How one attempt ended: a closed set."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"  # nothing was handed over
    UNKNOWN = "unknown"  # everything was handed over and no answer came (RFC 1047)


class Concern(StrEnum):
    """What a failed attempt is about, besides the mail it was made for: a closed set."""

    MAIL = "mail"  # this mail only
    SIZE = "size"  # this mail, because it is too large
    ADDRESS = "address"  # the recipient: any other mail would be refused as well
    CHANNEL = "channel"  # every mail by this channel would have fared the same
    BUSY = "busy"  # the channel, which asks us to slow down


@dataclass(frozen=True, slots=True)
class SendResult:
    """What a channel says of one attempt.

    Attributes:
        text: one line for people, in words.
        code: SMTP reply code; None when there was none.
        permanent: another attempt would be refused as well.
        concern: what the failure is about.
        advice: what to do about it, one line for people; may be empty.
        wait_s: seconds the other side asked us to wait; None when it did not say.
    """

    outcome: SendOutcome
    text: str = ""
    code: int | None = None
    permanent: bool = False
    concern: Concern = Concern.MAIL
    advice: str = ""
    wait_s: float | None = None

    @classmethod
    def accepted(cls, text: str = "") -> SendResult:
        """The channel took the mail over."""
        return cls(SendOutcome.ACCEPTED, text)

    @classmethod
    def refused(cls, code: int | None, text: str, *, permanent: bool) -> SendResult:
        """The channel answered, and said no."""
        return cls(SendOutcome.REFUSED, text, code, permanent)

    @classmethod
    def unreachable(cls, text: str, code: int | None = None) -> SendResult:
        """The channel could not be used at all; the mail was certainly not taken over."""
        return cls(SendOutcome.UNREACHABLE, text, code, concern=Concern.CHANNEL)

    @classmethod
    def unknown(cls, text: str) -> SendResult:
        """The mail was handed over, and the answer was lost."""
        return cls(SendOutcome.UNKNOWN, text)

    def about(self, concern: Concern, advice: str = "", *, wait_s: float | None = None) -> SendResult:
        """The same result, with what it is about, and what to do."""
        return replace(self, concern=concern, advice=advice, wait_s=wait_s)


@dataclass(frozen=True, slots=True)
class Next:
    """What a row becomes after an attempt.

    Attributes:
        next_try_at: aware UTC; None when there will be no further attempt.
        error: one line for people; empty when sent.
        doubts: attempts so far that may have arrived without our knowing; kept with the row.
        raw: the bytes to send from now on, smaller and with the same Message-ID; None: as before.
        address_works: whether the recipient's address takes mail; None when the attempt says nothing of that.
    """

    state: DeliveryState
    next_try_at: datetime | None
    error: str = ""
    doubts: int = 0
    raw: bytes | None = None
    address_works: bool | None = None


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """A claimed row.

    Attributes:
        token: names this claim; marking with another one changes nothing.
        channel: name of a channel.
        raw: the whole message, never rendered again.
        attempts: attempts made, this one included (1 at the first claim).
        name: file name without suffix; unique per row, safe in a path.
        doubts: `Next.doubts` of the last attempt.
        shrunk: its bytes were made smaller once; that is not done again.
    """

    id: int
    token: str
    channel: str
    recipient: Recipient
    raw: bytes
    attempts: int
    name: str
    doubts: int = 0
    shrunk: bool = False


class OutboxPort(Protocol):
    """Whoever keeps the outbox rows; the store answers it. Each method is one transaction."""

    def claim(
        self, now: datetime, lease_s: float, *, only: str | None = None, besides: Collection[str] = ()
    ) -> OutboxItem | None:
        """Lease one due row; None when nothing is due.

        Due is a row in `WAITING` whose `next_try_at` is reached, or lies beyond `LONGEST_WAIT`. First, rows in
        SENDING whose lease ran out become what `lease_expired` says.

        Args:
            now: aware UTC.
            lease_s: how long the claim holds.
            only: only rows of this channel.
            besides: only rows of other channels than these.
        """

    def mark(self, item: OutboxItem, becomes: Next, now: datetime) -> bool:
        """Record how the attempt ended; False (and no change) when the lease is no longer ours."""

    def hold(self, channel: str, until: datetime, why: str) -> int:
        """Let all rows of the channel wait until then, as if not tried; the number of rows that now wait longer."""


def after(
    result: SendResult, attempts: int, now: datetime, *, doubts: int = 0, smaller: bytes | None = None
) -> Next:
    """What becomes of a row whose attempt number `attempts` (from 1) ended in `result` at `now`.

    Args:
        result: what the channel said.
        attempts: attempts made, this one included.
        now: aware UTC.
        doubts: earlier attempts that may have arrived (`OutboxItem.doubts`).
        smaller: the same mail made small, to be sent at once where it was refused for its size.
    """
    if result.outcome is SendOutcome.ACCEPTED:
        return Next(DeliveryState.SENT, None, "", doubts, address_works=True)
    if result.outcome is SendOutcome.UNKNOWN:
        again_at = now + _WAIT_IN_DOUBT if doubts < _DOUBTS_AFTER_LOST_ANSWER else None
        return Next(DeliveryState.UNKNOWN, again_at, _words(result) + _ask(again_at), doubts + 1)
    error = _with_doubts(_words(result), doubts)
    if result.permanent:
        if result.concern is Concern.SIZE and smaller is not None:
            return Next(DeliveryState.RETRY, now, f"{error}; made smaller", doubts, raw=smaller)
        works = False if result.concern is Concern.ADDRESS else None
        return Next(DeliveryState.FAILED, None, error, doubts, address_works=works)
    wait = _wait(attempts)
    if wait is None:
        return Next(DeliveryState.FAILED, None, f"{error} (tried for two days)", doubts)
    asked = timedelta(seconds=min(max(result.wait_s or 0.0, 0.0), _WAITS[-1].total_seconds()))
    return Next(DeliveryState.RETRY, now + max(wait, asked), error, doubts)


def lease_expired(now: datetime, *, doubts: int = 0) -> Next:
    """What becomes of a row that was being sent when its sender died.

    It may have arrived. The lease is no shorter than the wait asked for, so the further copy is due at once.
    """
    again_at = now if doubts < _DOUBTS_AFTER_CRASH else None
    error = "the sender stopped while sending; it may have arrived" + _ask(again_at)
    return Next(DeliveryState.UNKNOWN, again_at, error, doubts + 1)


def _ask(again_at: datetime | None) -> str:
    """What people can do about a row that we leave in doubt."""
    return (
        ""
        if again_at
        else "; not tried again: ask the reader, and if it is missing, `tipwatch digest resend`"
    )


def _wait(attempts: int) -> timedelta | None:
    """The wait after that many attempts (>= 1); None when the waits together would exceed two days."""
    waits = [_WAITS[min(attempt, len(_WAITS) - 1)] for attempt in range(attempts)]
    return waits[-1] if sum(waits, timedelta()) <= _GIVE_UP_AFTER else None


def _words(result: SendResult) -> str:
    said = f"{result.code} {result.text}" if result.code is not None else result.text
    return f"{said}; {result.advice}" if result.advice else said


def _with_doubts(error: str, doubts: int) -> str:
    return f"{error} (an earlier attempt may have arrived)" if doubts else error
