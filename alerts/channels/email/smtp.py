"""SMTP (RFC 5321) with one recipient per transaction and every failure as a value, told in words."""

from __future__ import annotations

import contextlib
import re
import smtplib
from dataclasses import dataclass
from email import message_from_bytes, policy
from types import TracebackType
from typing import Self

from alerts.address import wire_address
from alerts.channels.email.answers import Step, refusal
from alerts.channels.email.connect import NotReady, connect, in_words, one_line
from alerts.channels.email.settings import SmtpSettings
from alerts.errors import AlertError
from alerts.outbox import Concern, SendResult
from alerts.subscription import Recipient

_LINE_START_DOT = re.compile(rb"(?m)^\.")


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
            to = wire_address(recipient.address)
        except AlertError as error:
            return SendResult.refused(None, str(error), permanent=True).about(Concern.ADDRESS)
        try:
            sender = wire_address(self._settings.envelope_from or _from_of(raw))
        except AlertError as error:
            return SendResult.unreachable(f"the sender is wrong: {error}")
        reused = self._smtp is not None
        result = self._transaction(raw, sender, to)
        if reused and self._smtp is None and result.retry_on_new_connection:
            # the idle connection was gone, and nothing had been handed over
            result = self._transaction(raw, sender, to)
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
            smtp = self._smtp = self._smtp or connect(self._settings)
        except NotReady as error:
            return _Transacted(error.result)
        mail = _Mail(raw, sender, recipient)
        try:
            code, words = mail.hand_over(smtp, self._settings)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self._drop()
            text = in_words(error, self._settings.host)
            if mail.handed_over:
                return _Transacted(SendResult.unknown(f"no answer after the mail was handed over: {text}"))
            # it may be this mail that makes them break off: the channel is not given up for it
            return _Transacted(SendResult.unreachable(text).about(Concern.MAIL), retry_on_new_connection=True)
        return self._answered(mail.step, code, one_line(words))

    def _answered(self, step: Step, code: int, words: str) -> _Transacted:
        """What the answer that ended the transaction means."""
        if step is Step.DOT and code == 250:
            return _Transacted(SendResult.accepted(words))
        if not 400 <= code <= 599:
            self._drop()
            text = f"{self._settings.host} gave an answer that makes no sense: {words}"
            if step is Step.DOT:
                return _Transacted(SendResult.unknown(text))
            return _Transacted(SendResult.unreachable(text).about(Concern.MAIL), retry_on_new_connection=True)
        result = refusal(step, code, words or f"{self._settings.host} gave no reason")
        if code == 421:  # RFC 5321, 3.8: the server closes the connection
            self._drop()
            return _Transacted(result, retry_on_new_connection=step is not Step.DOT)
        self._reset()
        return _Transacted(result)

    def _reset(self) -> None:
        try:
            if self._smtp is not None:
                self._smtp.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

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
        self.step = Step.MAIL

    @property
    def handed_over(self) -> bool:
        """Whether the server may have the mail."""
        return self.step is Step.DOT

    def hand_over(self, smtp: smtplib.SMTP, settings: SmtpSettings) -> tuple[int, bytes]:
        """The answer that ended the transaction: the first refusal, or what came after the final dot."""
        # RFC 1870: a mail too large is refused before it is sent
        size = [f"size={len(self._raw)}"] if smtp.has_extn("size") else []
        code, words = smtp.mail(self._sender, size)
        if code != 250:
            return code, words
        self.step = Step.RCPT
        code, words = smtp.rcpt(self._recipient)
        if code not in {250, 251}:
            return code, words
        self.step = Step.DATA
        code, words = smtp.docmd("DATA")
        if code != 354:
            return code, words
        stuffed = _LINE_START_DOT.sub(b"..", self._raw)
        smtp.send(stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n")
        _limit(smtp, settings.data_timeout_s)
        # RFC 5321, 4.1.1.4: before the final dot nothing may be delivered; from here on, everything may
        self.step = Step.DOT
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
        self._per_minute = settings.per_minute

    @property
    def per_minute(self) -> int:
        """Mails that the server is given in any minute (`alerts.channels.pace`)."""
        return self._per_minute

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


def _limit(smtp: smtplib.SMTP, timeout_s: float) -> None:
    if smtp.sock is not None:
        smtp.sock.settimeout(timeout_s)


def _from_of(raw: bytes) -> str:
    senders = message_from_bytes(raw, policy=policy.default)["From"]
    return senders.addresses[0].addr_spec if senders is not None and senders.addresses else ""
