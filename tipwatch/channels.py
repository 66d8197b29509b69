"""The channels as the configuration has them: wiring only."""

from __future__ import annotations

from collections.abc import Mapping

from alerts.channels import CHANNELS, Channel
from alerts.channels.email import EmailChannel, SmtpSettings, TlsMode
from alerts.channels.folder import FolderChannel
from tipwatch.config import Mail


def open_channels(mail: Mail) -> Mapping[str, Channel]:
    """The channel that the configuration names, and the folder beside it: rows built for the folder stay deliverable.

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
    )
