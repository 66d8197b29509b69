"""What a channel is, and what a kind of channel says of itself: the values every file of this folder shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from alerts.digest import Digest, RenderedMail
from alerts.outbox import SendResult
from alerts.subscription import Recipient


class Channel(Protocol):
    """One way out. Whatever the outside world does comes back as a `SendResult`, in words, never as an exception."""

    def send(self, raw: bytes, recipient: Recipient, name: str) -> SendResult:
        """Hand one finished message to one recipient; `name` is unique to the delivery and safe in a path."""

    def close(self) -> None:
        """Let go of connections; the channel may be used again afterwards."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a configured channel leads.

    Attributes:
        id: the channel's id in the configuration and in the outbox.
        url: where to; it often holds a token and is never shown.
        secret: what messages are signed with, or None; never shown.
        contact: a page or mailbox of whoever runs us, for the other side's log; may be empty.
    """

    id: str
    url: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of channel, as its file says it: `KIND` at the end of the file enters it in `KINDS`.

    Attributes:
        name: as ``kind:`` in the configuration names it.
        payload: a digest, and the same digest rendered, as the bytes of one message. They are written down when the
            digest is built and sent as they are: the same arguments give the same bytes.
        open: the channel that leads there. Raises AlertError, saying what to do, when the endpoint cannot be used:
            no network is touched for that.
        takes_secret: whether ``secret_env`` or ``secret_file`` mean anything to it.
    """

    name: str
    payload: Callable[[Digest, RenderedMail, Endpoint], bytes]
    open: Callable[[Endpoint], Channel]
    takes_secret: bool = False
