"""The channels as the configuration has them: wiring only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.channels import CHANNELS, Channel, Endpoint, kind_named, payload
from alerts.channels.email import EmailChannel, SmtpSettings, TlsMode
from alerts.channels.folder import FolderChannel
from alerts.digest import Digest, RenderedMail
from alerts.errors import AlertError
from alerts.outbox import SendResult
from alerts.subscription import MAIL, Recipient
from tipwatch.config import ChannelSettings, Config, Mail
from tipwatch.errors import UsageError


def channels_of(config: Config) -> Mapping[str, Channel]:
    """Every channel that an outbox row of this configuration may name: those of mail, and the configured ones by id.

    A configured one that cannot be used is there as well, and says why to whoever sends by it: the others go on.

    Raises:
        AlertError: the mail settings would send a password in clear.
    """
    others = {one.id: opened(one, config.contact) for one in config.channels}
    return {**others, **open_channels(config.mail)}


def open_channels(mail: Mail) -> Mapping[str, Channel]:
    """The transport of mail that the configuration names, and the folder beside it: rows built for it stay deliverable.

    Raises:
        AlertError: the mail settings would send a password in clear.
    """
    channels: dict[str, Channel] = {"folder": FolderChannel(mail.folder)}
    if mail.transport == "smtp" and mail.host is not None:
        channels["smtp"] = EmailChannel(smtp_settings(mail, mail.host))
    assert set(channels) <= set(CHANNELS)
    return channels


def smtp_settings(mail: Mail, host: str) -> SmtpSettings:
    """The mail section as SMTP settings."""
    return SmtpSettings(
        host=host,
        port=mail.port,
        tls=TlsMode(mail.tls),
        username=mail.username,
        password=mail.password.get_secret_value() if mail.password else None,
        cafile=mail.cafile,
        per_minute=mail.per_minute,
    )


def raw_for(config: Config, channel_id: str, digest: Digest, mail: RenderedMail) -> bytes:
    """The bytes of the outbox row that takes a digest to a configured channel; always the same for the same digest.

    Args:
        config: names the channel.
        channel_id: one of `Subscription.channels`, not that of mail.
        digest: what to say.
        mail: the same, rendered in its language.

    Raises:
        UsageError: no channel has that id.
        AlertError: nobody knows a channel of its kind.
    """
    settings = channel_named(config, channel_id)
    return payload(settings.kind, digest, mail, endpoint(settings, config.contact))


def channel_named(config: Config, channel_id: str) -> ChannelSettings:
    """The channel of that id. Raises UsageError when none has it."""
    settings = config.channel(channel_id)
    if settings is None:
        known = ", ".join((MAIL, *(one.id for one in config.channels)))
        raise UsageError(f"no channel has the id {channel_id} (there are: {known})")
    return settings


def endpoint(settings: ChannelSettings, contact: str) -> Endpoint:
    """Where a configured channel leads, its secrets opened."""
    return Endpoint(
        id=settings.id,
        url=settings.url.get_secret_value(),
        secret=settings.secret.get_secret_value() if settings.secret else None,
        contact=contact,
    )


def opened(settings: ChannelSettings, contact: str) -> Channel:
    """The channel, ready to send; one that only says why it cannot, where its settings do not do."""
    try:
        return kind_named(settings.kind).open(endpoint(settings, contact))
    except AlertError as error:
        return Unusable(str(error))


@dataclass(frozen=True, slots=True)
class Unusable:
    """A channel whose settings do not do: every attempt says why, and is made again as after any failure in passing."""

    why: str

    def send(self, raw: bytes, recipient: Recipient, name: str) -> SendResult:  # noqa: ARG002 - nothing is sent
        """Say why nothing can be sent."""
        return SendResult.unreachable(self.why)

    def close(self) -> None:
        """Nothing is held open."""
