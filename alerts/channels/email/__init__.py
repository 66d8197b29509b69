"""Mail: messages that cannot be made to say what we did not mean, and SMTP with its failures as values."""

from __future__ import annotations

from alerts.address import wire_address
from alerts.channels.email.headers import Envelope, clean_header, message_id
from alerts.channels.email.message import (
    LARGEST_MAIL,
    attachment_size_as_sent,
    build_message,
    size_as_sent,
)
from alerts.channels.email.settings import SmtpSettings, TlsMode
from alerts.channels.email.shrinking import shrunk
from alerts.channels.email.smtp import EmailChannel, SmtpSession, send_smtp

__all__ = [
    "LARGEST_MAIL",
    "EmailChannel",
    "Envelope",
    "SmtpSession",
    "SmtpSettings",
    "TlsMode",
    "attachment_size_as_sent",
    "build_message",
    "clean_header",
    "message_id",
    "send_smtp",
    "shrunk",
    "size_as_sent",
    "wire_address",
]
