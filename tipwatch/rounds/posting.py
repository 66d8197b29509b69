"""A digest as rows of the outbox: one for each reader of mail, one for each other channel, their bytes fixed here, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from alerts.address import mailbox_key
from alerts.channels.email import Envelope, build_message, message_id
from alerts.channels.folder import file_name
from alerts.digest import Digest, RenderedMail
from alerts.render import render
from alerts.subscription import MAIL, Recipient, Subscription
from alerts.unsubscribe import unsubscribe_url
from pipeline.store import (
    Asked,
    DeliveryRecord,
    DigestKind,
    DigestRecord,
    NewDelivery,
    NewDigest,
    suppressed_by,
)
from tipwatch.channels import raw_for
from tipwatch.config import Config
from tipwatch.rounds.composing import Issue
from tipwatch.rounds.desk import Desk


@dataclass(frozen=True, slots=True)
class Thread:
    """The digests that a mail goes on from, oldest first."""

    earlier: tuple[DigestRecord, ...] = ()

    def rows(self, address: str, channel: str) -> tuple[DeliveryRecord, ...]:
        """The earlier mails to that reader, oldest first."""
        return tuple(
            row
            for digest in self.earlier
            for row in digest.deliveries
            if row.channel == channel and row.recipient.address == address
        )


#: what a digest that is no digest of a window is called after its title, by language of the frame
NAMES = {
    DigestKind.INSTANT: {"en": "just in", "ru": "только что", "az": "indicə"},
    DigestKind.BACK: {"en": "back issue", "ru": "за прошедшее время", "az": "ötən günlər"},
}


class Printed:
    """A digest rendered: once for each language that is asked for."""

    def __init__(self, digest: Digest, kind: DigestKind = DigestKind.DIGEST) -> None:
        self.digest, self.names = digest, NAMES.get(kind, {})
        self.mails: dict[str, RenderedMail] = {}

    def mail(self, language: str | None) -> RenderedMail:
        """The mail with its frame in that language; None: the digest's own."""
        asked = language or self.digest.language
        if asked not in self.mails:
            self.mails[asked] = render(self.digest, language=asked, name=self.names.get(asked, ""))
        return self.mails[asked]

    @property
    def listed(self) -> frozenset[str]:
        """The stories for which a mail had room in its attached list only, or not even there."""
        return frozenset(story for mail in self.mails.values() for story in (*mail.listed, *mail.counted))


def keep(
    desk: Desk, subscription: Subscription, issue: Issue, kind: DigestKind, thread: Thread | None = None
) -> bool:
    """Write a digest and its mails down in one transaction; False when another process was quicker.

    A digest with nothing to tell goes out where `worth_sending` says so; its window is closed in any case.
    """
    digest, printed = issue.digest, Printed(issue.digest, kind)
    rows: tuple[NewDelivery, ...] = ()
    if worth_sending(issue, subscription):
        rows = deliveries(desk, subscription, printed, thread or Thread())
    new = NewDigest(
        id=digest.id,
        subscription_id=subscription.id,
        window_start=digest.window_start,
        window_end=digest.window_end,
        article_ids=issue.article_ids,
        kind=kind,
        asked=Asked.of(subscription),
        ways=issue.with_listed(printed.listed),
        newest_match=issue.newest_match,
    )
    return desk.store.digests.save(new, rows, desk.now)


def worth_sending(issue: Issue, subscription: Subscription) -> bool:
    """Whether a digest is sent: it tells something, or says that there is nothing to tell to those who want to know."""
    digest = issue.digest
    return bool(digest.entries or digest.updates or digest.late or digest.unlisted) or subscription.heartbeat


def deliveries(
    desk: Desk, subscription: Subscription, printed: Printed, thread: Thread
) -> tuple[NewDelivery, ...]:
    """The rows of a digest, each reader and channel once."""
    standing = desk.store.mailboxes.standing([reader.address for reader in subscription.recipients])
    rows: list[NewDelivery] = []
    for channel in dict.fromkeys(subscription.channels):
        if channel == MAIL:
            for reader in readers(subscription):
                mail = mail_to(desk, subscription, printed, reader, thread)
                closed = suppressed_by(standing, reader, subscription.id)
                rows.append(replace(mail, rule=str(closed.rule), why=closed.words) if closed else mail)
        else:
            rows.append(post_to(desk, printed, channel))
    return tuple(rows)


def readers(subscription: Subscription) -> Iterator[Recipient]:
    """The recipients, each mailbox once."""
    seen: set[str] = set()
    for recipient in subscription.recipients:
        mailbox = mailbox_key(recipient.address)
        if mailbox not in seen:
            seen.add(mailbox)
            yield recipient


def mail_to(
    desk: Desk, subscription: Subscription, printed: Printed, reader: Recipient, thread: Thread
) -> NewDelivery:
    """The mail for one reader."""
    settings, digest = desk.config.mail, printed.digest
    mail = printed.mail(reader.language)
    before = thread.rows(reader.address, settings.transport)
    if before:  # programs that thread mails want the subject of the first one as well
        mail = replace(mail, subject=f"Re: {before[0].subject}")
    envelope = Envelope(
        sender=settings.sender,
        recipient=reader,
        message_id=message_id(digest.id, reader, settings.public_name),
        date=desk.now,
        list_id=f"{subscription.id}.{settings.public_name}",
        list_name=subscription.title,
        unsubscribe=leaving_link(desk.config, subscription, reader),
        in_reply_to=before[-1].message_id if before else None,
        references=tuple(row.message_id for row in before),
        language=reader.language or digest.language,
    )
    return NewDelivery(
        recipient=reader,
        channel=settings.transport,
        message_id=envelope.message_id,
        subject=mail.subject,
        name=file_name(subscription.id, digest.id, reader),
        raw=build_message(mail, envelope),
    )


def leaving_link(config: Config, subscription: Subscription, reader: Recipient) -> str | None:
    """The link by which the reader leaves the subscription; None while this installation has no public address."""
    if config.public_url is None or config.link_secret is None:
        return None
    return unsubscribe_url(config.public_url, config.link_secret.get_secret_value(), subscription.id, reader)


def first_mail(desk: Desk, subscription: Subscription, digest: Digest) -> tuple[RenderedMail, bytes | None]:
    """The digest as its first reader gets it, and the bytes of that mail; None when it goes to no reader."""
    printed = Printed(digest)
    reader = next(readers(subscription), None) if MAIL in subscription.channels else None
    if reader is None:
        return printed.mail(None), None
    return printed.mail(reader.language), mail_to(desk, subscription, printed, reader, Thread()).raw


def post_to(desk: Desk, printed: Printed, channel: str) -> NewDelivery:
    """What goes out by a channel that is not mail: the channel is its own recipient."""
    digest, mail = printed.digest, printed.mail(None)
    place = Recipient(address=channel)
    return NewDelivery(
        recipient=place,
        channel=channel,
        message_id=message_id(digest.id, place, desk.config.mail.public_name),
        subject=mail.subject,
        name=file_name(digest.subscription_id, digest.id, place),
        raw=raw_for(desk.config, channel, digest, mail),
    )
