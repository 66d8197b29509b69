"""A connection to a mail server, greeted, protected and authenticated, or the reason why not, in words."""

from __future__ import annotations

import smtplib
import socket
import ssl
from base64 import b64encode

from alerts.channels.email.answers import asks_for_less
from alerts.channels.email.careful import Careful, CarefulTls
from alerts.channels.email.headers import clean_header
from alerts.channels.email.settings import SmtpSettings, TlsMode
from alerts.outbox import Concern, SendResult

_LONGEST_ANSWER = 300  # characters of a server's words that we keep

#: X509_V_ERR codes of OpenSSL that people meet, in words, and what to do
_CERTIFICATE = {
    9: "is not valid yet: check the clocks of both machines",
    10: "has expired: whoever runs that server must renew it",
    18: "is self-signed: name it as mail.cafile if it is the right one",
    19: "is signed by an authority we do not know (self-signed certificate in its chain): name that as mail.cafile",
    20: "is signed by an authority we do not know: name that authority's certificate as mail.cafile",
    21: "comes without the certificates it is signed with: whoever runs that server must add them",
    62: "is for another host name: mail.host must be a name that stands in it",
    64: "is for another IP address: mail.host must be a name or address that stands in it",
}


#: what an exception means to whoever runs the relay; the first that fits counts
_IN_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (ssl.SSLError, "no TLS with {host}: {said}; is the port the right one for this tls mode?"),
    (socket.gaierror, "no address is known for the host name {host}: check mail.host"),
    (TimeoutError, "no answer from {host} in time: is it up, and does a firewall let us reach that port?"),
    (ConnectionRefusedError, "nothing listens at {host} on that port: check mail.host and mail.port"),
    (
        smtplib.SMTPNotSupportedError,
        "{host} does not offer what was asked for: {said} Nothing is sent in clear; is the port the right one?",
    ),
    (
        smtplib.SMTPAuthenticationError,
        "{host} does not accept the user name and password: {said}; check mail.username and the password",
    ),
    (smtplib.SMTPServerDisconnected, "{host} broke the connection off: {said}"),
    (smtplib.SMTPResponseException, "{host} said: {said}"),
)


class NotReady(Exception):  # noqa: N818 - it carries a value out of the steps of connecting, it is no error of ours
    """No connection: `result` says why."""

    def __init__(self, result: SendResult) -> None:
        super().__init__(result.text)
        self.result = result


def connect(settings: SmtpSettings) -> smtplib.SMTP:
    """A greeted, protected, authenticated connection.

    Raises:
        NotReady: with the reason as a value.
    """
    smtp: smtplib.SMTP | None = None
    try:
        context = ssl.create_default_context(cafile=str(settings.cafile) if settings.cafile else None)
        if settings.tls is TlsMode.TLS:
            smtp = CarefulTls(local_hostname=settings.helo, timeout=settings.timeout_s, context=context)
        else:
            smtp = Careful(local_hostname=settings.helo, timeout=settings.timeout_s)
        _greet(smtp, settings, context)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        if smtp is not None:
            smtp.close()
        code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None
        text = _without_password(in_words(error, settings.host), settings)
        # no recipient was named yet: whatever was refused, it was not this mail
        result = SendResult.unreachable(text, code if code != -1 else None)
        if code is not None and asks_for_less(code, text):
            result = result.about(Concern.BUSY)
        raise NotReady(result) from error
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


def in_words(error: Exception, host: str) -> str:
    """What went wrong, for whoever runs the relay."""
    if isinstance(error, ssl.SSLCertVerificationError):
        problem = _CERTIFICATE.get(error.verify_code, f"is not valid: {error.verify_message}")
        return f"certificate of {host} {problem}"
    said = one_line(error.smtp_error) if isinstance(error, smtplib.SMTPResponseException) else str(error)
    for kind, words in _IN_WORDS:
        if isinstance(error, kind):
            return clean_header(words.format(host=host, said=said), _LONGEST_ANSWER)
    return clean_header(f"{host}: {said}", _LONGEST_ANSWER)


def _without_password(text: str, settings: SmtpSettings) -> str:
    """The text, should a server repeat what it was told: these words are kept, logged and mailed."""
    if not settings.password:
        return text
    user, password = (settings.username or "").encode(), settings.password.encode()
    told = (password, b64encode(password), b64encode(b"\0" + user + b"\0" + password))
    for secret in told:
        text = text.replace(secret.decode(), "***")
    return text


def one_line(words: bytes | str) -> str:
    """A server's words as one harmless line."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return clean_header(text, _LONGEST_ANSWER)
