"""A test message by any channel, step by step, so that whoever sets one up sees how far it came and what to do."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.address import wire_address
from alerts.channels import Endpoint, kind_named
from alerts.channels.email import EmailChannel, Envelope, SmtpSettings, build_message, message_id
from alerts.channels.email.connect import NotReady, connect
from alerts.channels.folder import FolderChannel, file_name
from alerts.digest import Digest, DigestEntry, RenderedMail, Segment
from alerts.errors import AlertError
from alerts.outbox import SendOutcome, SendResult
from alerts.subscription import MAIL, Recipient
from tipwatch.channels import channel_named, endpoint, smtp_settings
from tipwatch.config import Config
from tipwatch.errors import UsageError

#: the patience of somebody who sits before it, shorter than that of a delivery
_CONNECT_S, _ANSWER_S = 15.0, 60.0
_SUBJECT = "tipwatch: a test message"
_TEXT = "This is a test message of tipwatch. Nothing happened in the news, and there is nothing to do.\n"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried; `said` is one line for people."""

    name: str
    ok: bool
    said: str


def try_channel(config: Config, name: str, to: str | None, now: datetime) -> Iterator[Step]:
    """Send a test message, and say what becomes of it step by step; the last step is the first that failed.

    Args:
        config: names the channel.
        name: ``mail``, ``folder``, or the id of a configured channel.
        to: the mailbox of a test mail; None: the operator's. Means nothing to other channels.
        now: aware UTC.

    Raises:
        UsageError: there is no such channel, or nobody to send a mail to.
    """
    if name == "folder" or (name == MAIL and config.mail.host is None):
        return _by_folder(config, to, now)
    if name == MAIL:
        return _by_smtp(config, _reader(config, to), now)
    settings = channel_named(config, name)
    return _by_kind(settings.kind, endpoint(settings, config.contact), now)


def _by_kind(kind_name: str, leads: Endpoint, now: datetime) -> Iterator[Step]:
    digest = trial_digest(now)
    try:
        kind = kind_named(kind_name)
        channel = kind.open(leads)
    except AlertError as error:
        yield Step("settings", ok=False, said=str(error))
        return
    yield Step("settings", ok=True, said=f"{kind_name}, with a usable address")
    raw = kind.payload(digest, RenderedMail(_SUBJECT, _TEXT, ""), leads)
    yield Step("message", ok=True, said=f"{len(raw)} bytes")
    yield _sent(channel.send(raw, Recipient(leads.id), f"{leads.id}-{digest.id}"))
    channel.close()


def _by_folder(config: Config, to: str | None, now: datetime) -> Iterator[Step]:
    reader = Recipient(_checked(to) if to else f"test@{config.mail.public_name}")
    raw = trial_mail(config, reader, now)
    yield Step("message", ok=True, said=f"{len(raw)} bytes")
    name = file_name("test", trial_digest(now).id, reader)
    yield _sent(FolderChannel(config.mail.folder).send(raw, reader, name))


def _by_smtp(config: Config, reader: Recipient, now: datetime) -> Iterator[Step]:
    host = config.mail.host or ""
    try:
        settings = smtp_settings(config.mail, host)
    except AlertError as error:
        yield Step("settings", ok=False, said=str(error))
        return
    patient = replace(settings, timeout_s=_CONNECT_S, data_timeout_s=_ANSWER_S)
    for step in (_name, _port, _session):
        done = step(patient)
        yield done
        if not done.ok:
            return
    channel = EmailChannel(patient)
    raw = trial_mail(config, reader, now)
    yield _sent(channel.send(raw, reader, file_name("test", trial_digest(now).id, reader)))
    channel.close()


def _name(settings: SmtpSettings) -> Step:
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
    except OSError as error:
        said = f"no address is known for the host name {settings.host}: check mail.host ({error.strerror or error})"
        return Step("name", ok=False, said=said)
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    return Step("name", ok=True, said=f"{settings.host} is {', '.join(addresses[:4])}")


def _port(settings: SmtpSettings) -> Step:
    where = f"{settings.host} port {settings.port}"
    try:
        socket.create_connection((settings.host, settings.port), timeout=_CONNECT_S).close()
    except ConnectionRefusedError:
        return Step("port", ok=False, said=f"nothing listens at {where}: check mail.host and mail.port")
    except TimeoutError:
        return Step("port", ok=False, said=f"no answer from {where} in time: is a firewall between us?")
    except OSError as error:
        return Step("port", ok=False, said=f"no way to {where}: {error.strerror or error}")
    return Step("port", ok=True, said=f"{where} answers")


def _session(settings: SmtpSettings) -> Step:
    try:
        smtp = connect(settings)
    except NotReady as not_ready:
        return Step("session", ok=False, said=_words(not_ready.result))
    try:
        said = [f"{settings.host} greets us", _protection(smtp.sock)]
        said.append(f"it knows us as {settings.username}" if settings.username else "without a login")
        return Step("session", ok=True, said=", ".join(said))
    finally:
        smtp.close()


def _protection(connection: socket.socket | None) -> str:
    if not isinstance(connection, ssl.SSLSocket):
        return "in clear"
    certificate = connection.getpeercert() or {}
    return (
        f"{connection.version()}, certificate valid until {certificate.get('notAfter', 'nobody knows when')}"
    )


def _sent(result: SendResult) -> Step:
    if result.outcome is SendOutcome.ACCEPTED:
        return Step("sent", ok=True, said=result.text or "taken over")
    return Step("sent", ok=False, said=_words(result))


def _words(result: SendResult) -> str:
    said = f"{result.code} {result.text}" if result.code is not None else result.text
    advice = f"; {result.advice}" if result.advice else ""
    doubt = "; it may have arrived all the same" if result.outcome is SendOutcome.UNKNOWN else ""
    return f"{said}{advice}{doubt}"


def _reader(config: Config, to: str | None) -> Recipient:
    if to is not None:
        return Recipient(_checked(to))
    if config.operator is not None and config.operator.recipients:
        return config.operator.recipients[0]
    raise UsageError("say whom the test mail goes to: --to ADDRESS (no reader gets one unasked)")


def _checked(address: str) -> str:
    try:
        wire_address(address)
    except AlertError as error:
        raise UsageError(f"--to: {error}") from error
    return address


def trial_digest(now: datetime) -> Digest:
    """A digest that says that it is none."""
    entry = DigestEntry(
        story_id="test",
        headline=(Segment("This is a test message of tipwatch: there is nothing to do"),),
        url="https://example.org/",
        outlet="tipwatch",
        country=None,
        language="en",
        published_at=now,
        precision="minute",
        lead=(Segment(_TEXT.strip()),),
        why=(),
        score=1.0,
        topics=(),
        credits=(),
        copies=(),
        first_seen_at=now,
    )
    return Digest(
        id=f"test-{now:%Y%m%dT%H%M%S}",
        subscription_id="test",
        title="Test",
        window_start=now,
        window_end=now,
        timezone="UTC",
        entries=(entry,),
    )


def trial_mail(config: Config, reader: Recipient, now: datetime) -> bytes:
    """A mail that says that it is a test."""
    settings = config.mail
    envelope = Envelope(
        sender=settings.sender,
        recipient=reader,
        message_id=message_id(trial_digest(now).id, reader, settings.public_name),
        date=now,
        list_id=f"test.{settings.public_name}",
        list_name="Test",
    )
    html = f'<!doctype html><html lang="en"><title>{_SUBJECT}</title><p>{_TEXT.strip()}</p></html>'
    return build_message(RenderedMail(_SUBJECT, _TEXT, html), envelope)
