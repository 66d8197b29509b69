"""SMTP (RFC 5321) with one recipient per transaction and every failure as a value, told in words."""

from __future__ import annotations

import contextlib
import ipaddress
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from alerts.channels.email.message import clean_header, wire_address
from alerts.errors import AlertError
from alerts.outbox import SendResult
from alerts.subscription import Recipient

_LINE_START_DOT = re.compile(rb"(?m)^\.")
_LONGEST_ANSWER = 300  # characters of a server's words that we keep

#: X509_V_ERR codes of OpenSSL that people meet, in words
_CERTIFICATE = {
    9: "is not valid yet",
    10: "has expired",
    18: "is self-signed",
    19: "is signed by an authority we do not know (self-signed certificate in its chain)",
    20: "is signed by an authority we do not know",
    21: "comes without the certificates it is signed with",
    62: "is for another host name",
    64: "is for another IP address",
}


#: what an exception means to whoever runs the relay; the first that fits counts
_IN_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (ssl.SSLError, "no TLS with {host}: {said}; is the port the right one for this tls mode?"),
    (socket.gaierror, "no address is known for the host name {host}"),
    (TimeoutError, "no answer from {host} in time"),
    (ConnectionRefusedError, "nothing listens at {host} on that port"),
    (smtplib.SMTPNotSupportedError, "{host} does not offer what was asked for: {said}"),
    (smtplib.SMTPAuthenticationError, "{host} does not accept the user name and password: {said}"),
    (smtplib.SMTPResponseException, "{host} said: {said}"),
)


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


class _NotReady(Exception):  # noqa: N818 - it carries a value out of the steps of connecting, it is no error of ours
    def __init__(self, result: SendResult) -> None:
        super().__init__(result.text)
        self.result = result


class SmtpSession:
    """One connection, opened when first needed and used for several mails; a context manager."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, raw: bytes, recipient: Recipient) -> SendResult:
        """Hand one mail to one recipient.

        Returns:
            accepted; refused with code and words; unreachable (certainly not taken over); unknown (no answer
            after the final dot: it may be delivered).
        """
        try:
            sender = wire_address(self._settings.envelope_from or _from_of(raw))
            to = wire_address(recipient.address)
        except AlertError as error:
            return SendResult.refused(None, str(error), permanent=True)
        reused = self._smtp is not None
        result = self._transaction(raw, sender, to)
        if reused and self._smtp is None and result.retry_on_new_connection:
            result = self._transaction(
                raw, sender, to
            )  # the idle connection was gone: nothing had been handed over
        return result.value

    def close(self) -> None:
        """Say goodbye, if connected."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                _limit(smtp, min(5.0, self._settings.timeout_s))  # nobody waits long for a goodbye
                smtp.quit()
            smtp.close()

    def _transaction(self, raw: bytes, sender: str, recipient: str) -> _Transacted:
        try:
            smtp = self._smtp = self._smtp or _connect(self._settings)
        except _NotReady as error:
            return _Transacted(error.result)
        mail = _Mail(raw, sender, recipient)
        try:
            code, words = mail.hand_over(smtp, self._settings)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self._drop()
            text = _in_words(error, self._settings.host)
            if mail.handed_over:
                return _Transacted(SendResult.unknown(f"no answer after the mail was handed over: {text}"))
            return _Transacted(SendResult.unreachable(text), retry_on_new_connection=True)
        if mail.handed_over and code == 250:
            return _Transacted(SendResult.accepted(_text(words)))
        if mail.handed_over and not 400 <= code <= 599:
            self._drop()
            text = f"{self._settings.host} gave an answer that makes no sense: {code} {_text(words)}"
            return _Transacted(SendResult.unknown(text))
        return self._refused(code, words)

    def _refused(self, code: int, words: bytes) -> _Transacted:
        if code == 421 or not 400 <= code <= 599:
            self._drop()  # RFC 5321, 3.8: 421 closes the connection; any other code here has lost the thread
            text = _text(words) or f"{self._settings.host} closed the connection"
            return _Transacted(
                SendResult.unreachable(text, max(code, 0) or None), retry_on_new_connection=True
            )
        try:
            if self._smtp is not None:
                self._smtp.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()
        return _Transacted(SendResult.refused(code, _text(words), permanent=code >= 500))

    def _drop(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()


class _Mail:
    """One transaction, which remembers how far it came even when it breaks off."""

    def __init__(self, raw: bytes, sender: str, recipient: str) -> None:
        self._raw = raw
        self._sender = sender
        self._recipient = recipient
        self.handed_over = False

    def hand_over(self, smtp: smtplib.SMTP, settings: SmtpSettings) -> tuple[int, bytes]:
        """The answer that ended the transaction: the first refusal, or what came after the final dot."""
        code, words = smtp.mail(self._sender)
        if code == 250:
            code, words = smtp.rcpt(self._recipient)
        if code in {250, 251}:
            code, words = smtp.docmd("DATA")
        if code != 354:
            return code, words
        stuffed = _LINE_START_DOT.sub(b"..", self._raw)
        smtp.send(stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n")
        _limit(smtp, settings.data_timeout_s)
        self.handed_over = (
            True  # before the dot nothing may be delivered (RFC 5321, 4.1.1.4), after it everything
        )
        smtp.send(b".\r\n")
        code, words = smtp.getreply()
        _limit(smtp, settings.timeout_s)
        return code, words


@dataclass(frozen=True, slots=True)
class _Transacted:
    value: SendResult
    retry_on_new_connection: bool = False


class EmailChannel:
    """The mail channel: sends through one session, reopened when needed."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._session = SmtpSession(settings)

    def send(self, raw: bytes, recipient: Recipient, name: str) -> SendResult:  # noqa: ARG002 - the Message-ID names it
        """Hand the mail to the server; see `SmtpSession.send`."""
        return self._session.send(raw, recipient)

    def close(self) -> None:
        """Close the connection; the next `send` opens another."""
        self._session.close()


def send_smtp(raw: bytes, settings: SmtpSettings, recipient: Recipient) -> SendResult:
    """Hand one mail to one recipient over a connection of its own; see `SmtpSession.send`."""
    with SmtpSession(settings) as session:
        return session.send(raw, recipient)


def _connect(settings: SmtpSettings) -> smtplib.SMTP:
    """A greeted, protected, authenticated connection.

    Raises:
        _NotReady: with the reason as a value.
    """
    smtp: smtplib.SMTP | None = None
    try:
        context = ssl.create_default_context(cafile=str(settings.cafile) if settings.cafile else None)
        if settings.tls is TlsMode.TLS:
            smtp = smtplib.SMTP_SSL(local_hostname=settings.helo, timeout=settings.timeout_s, context=context)
        else:
            smtp = smtplib.SMTP(local_hostname=settings.helo, timeout=settings.timeout_s)
        _greet(smtp, settings, context)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        if smtp is not None:
            smtp.close()
        code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None
        # no recipient was named yet: whatever was refused, it was not this mail
        raise _NotReady(SendResult.unreachable(_in_words(error, settings.host), code)) from error
    return smtp


def _greet(smtp: smtplib.SMTP, settings: SmtpSettings, context: ssl.SSLContext) -> None:
    smtp._host = settings.host  # type: ignore[attr-defined]  # noqa: SLF001 - only __init__ with a host sets it
    code, words = smtp.connect(settings.host, settings.port)
    if code != 220:
        raise smtplib.SMTPConnectError(code, words)
    smtp.ehlo_or_helo_if_needed()
    if settings.tls is TlsMode.STARTTLS:
        smtp.starttls(context=context)
        smtp.ehlo_or_helo_if_needed()
    if settings.username is not None:
        smtp.login(settings.username, settings.password or "")


def _limit(smtp: smtplib.SMTP, timeout_s: float) -> None:
    if smtp.sock is not None:
        smtp.sock.settimeout(timeout_s)


def _in_words(error: Exception, host: str) -> str:
    """What went wrong, for whoever runs the relay."""
    if isinstance(error, ssl.SSLCertVerificationError):
        problem = _CERTIFICATE.get(error.verify_code, f"is not valid: {error.verify_message}")
        return f"certificate of {host} {problem}"
    said = _text(error.smtp_error) if isinstance(error, smtplib.SMTPResponseException) else str(error)
    for kind, words in _IN_WORDS:
        if isinstance(error, kind):
            return clean_header(words.format(host=host, said=said), _LONGEST_ANSWER)
    return clean_header(f"{host}: {said}", _LONGEST_ANSWER)


def _text(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return clean_header(text, _LONGEST_ANSWER)


def _from_of(raw: bytes) -> str:
    senders = message_from_bytes(raw, policy=policy.default)["From"]
    return senders.addresses[0].addr_spec if senders is not None and senders.addresses else ""


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
