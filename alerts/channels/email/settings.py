"""How a mail server is reached: the settings, and what they may not say."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from alerts.errors import AlertError


class TlsMode(StrEnum):
    """How the connection is protected; nothing ever falls back to a weaker one."""

    TLS = "tls"  # from the first byte, usually port 465
    STARTTLS = "starttls"  # required, usually port 587
    NONE = "none"  # only to this machine, unless `allow_insecure`


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Where mail is handed in.

    Attributes:
        username, password: None without authentication; the password is never shown.
        cafile: PEM file of the authority to trust instead of the system's; None for the system's.
        envelope_from: address for bounces; None for the mail's own From.
        timeout_s: for connecting and each command. RFC 5321, 4.5.3.2 allows 5 min; one's own is quicker.
        data_timeout_s: for the answer after the mail was handed over; RFC 5321, 4.5.3.2.6 asks for 10 min.
        allow_insecure: let mode ``none`` leave this machine.
        helo: name we introduce ourselves with; None for this machine's.
        per_minute: mails the server is given in any minute, at least 1.

    Raises:
        AlertError: the settings would send mail or a password in clear where they may not.
    """

    host: str
    port: int = 587
    tls: TlsMode = TlsMode.STARTTLS
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    cafile: Path | None = None
    envelope_from: str | None = None
    timeout_s: float = 60.0
    data_timeout_s: float = 600.0
    allow_insecure: bool = False
    helo: str | None = None
    per_minute: int = 60

    def __post_init__(self) -> None:
        """Refuse what must not be."""
        if self.tls is not TlsMode.NONE:
            return
        if self.username is not None:
            msg = (
                "a password is never sent in clear: use tls: starttls or tls: tls, or take the user name away"
            )
            raise AlertError(msg)
        if not self.allow_insecure and not _is_loopback(self.host):
            msg = f"tls: none is only for a mail server on this machine, and {self.host} is not"
            raise AlertError(msg)


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
