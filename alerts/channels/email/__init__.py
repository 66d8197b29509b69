"""Mail: messages that cannot be made to say what we did not mean, and SMTP with its failures as values."""

from __future__ import annotations

from alerts.channels.email.message import (
    Envelope,
    build_message,
    clean_header,
    message_id,
    size_as_sent,
    wire_address,
)
from alerts.channels.email.settings import SmtpSettings, TlsMode
from alerts.channels.email.smtp import EmailChannel, SmtpSession, send_smtp

__all__ = [
    "EmailChannel",
    "Envelope",
    "SmtpSession",
    "SmtpSettings",
    "TlsMode",
    "build_message",
    "clean_header",
    "message_id",
    "send_smtp",
    "size_as_sent",
    "wire_address",
]
