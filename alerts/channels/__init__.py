"""The ways a mail can leave the house, in one table. Adding one: docs/how-to/add-a-channel.md."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from alerts.channels.email import EmailChannel
from alerts.channels.folder import FolderChannel
from alerts.outbox import SendResult
from alerts.subscription import Recipient


class Channel(Protocol):
    """One way out. Whatever the outside world does comes back as a `SendResult`, never as an exception."""

    def send(self, raw: bytes, recipient: Recipient, name: str) -> SendResult:
        """Hand one finished message to one recipient; `name` is unique to the delivery and safe in a path."""

    def close(self) -> None:
        """Let go of connections; the channel may be used again afterwards."""


#: name in the configuration and in the outbox -> what makes the channel from its settings
CHANNELS: Mapping[str, type[FolderChannel | EmailChannel]] = MappingProxyType(
    {
        "folder": FolderChannel,  # FolderChannel(folder: Path)
        "smtp": EmailChannel,  # EmailChannel(settings: SmtpSettings)
    }
)
