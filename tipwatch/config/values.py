"""The configuration as the rooms see it: frozen values, absolute paths, secrets that do not print."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from alerts.subscription import Recipient, Schedule, Subscription
from crawler.source import Source
from tipwatch.config.document import Document
from tipwatch.config.problems import KeyPath, Problem

if TYPE_CHECKING:
    from crawler.settings import CrawlSettings


@dataclass(frozen=True, slots=True)
class Crawl:
    """How the world is asked.

    Attributes:
        poll_every_s: seconds between two visits of one source.
        per_host_delay_s: default of `Manners.delay_s`.
        page_timeout_s: longest wait for one page.
        max_body_bytes: largest page, after decompression.
        concurrency: requests in flight over all hosts.
        proxy: URL of an HTTP proxy (may hold a password: do not print it); None: direct.
        allow_networks: CIDRs that may be connected to although they are not public.
        workers: processes that read feeds and pages; None: one for each core.
        page_limit_s: longest time for reading (parsing) one feed or page; then its process is killed.
    """

    poll_every_s: float
    per_host_delay_s: float
    page_timeout_s: float
    max_body_bytes: int
    concurrency: int
    proxy: str | None = field(repr=False)
    allow_networks: tuple[str, ...]
    workers: int | None
    page_limit_s: float


@dataclass(frozen=True, slots=True)
class Mail:
    """How digests leave the house.

    Attributes:
        transport: ``folder`` or ``smtp``.
        folder: where mail is written with transport ``folder``; absolute.
        sender: the From mailbox.
        public_name: domain used in Message-ID and List-Id.
        host: mail server; None with transport ``folder``.
        tls: ``starttls``, ``tls`` (from the first byte) or ``none`` (this machine only).
        cafile: certificates to trust instead of the system's; None: the system's.
        username: None: no login, and `password` is None too.
        per_minute: at most so many mails are handed over in a minute.
    """

    transport: str
    folder: Path
    sender: Recipient
    public_name: str
    host: str | None
    port: int
    tls: str
    cafile: Path | None
    username: str | None
    password: SecretStr | None
    per_minute: int = 60


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """A way out beside mail.

    Attributes:
        id: what subscriptions call it.
        kind: ``apprise`` (chat and other services) or ``webhook``.
        url: where to; an address of apprise mostly holds a token.
        secret: what a webhook is signed with; None: it is not signed.
    """

    id: str
    kind: str
    url: SecretStr
    secret: SecretStr | None = None


@dataclass(frozen=True, slots=True)
class Publish:
    """Feeds that we write as files.

    Attributes:
        folder: where they are written; absolute.
        base_url: the web address of the folder, without a slash at its end; None: not known.
        entries: stories in one feed.
    """

    folder: Path
    base_url: str | None
    entries: int


@dataclass(frozen=True, slots=True)
class Operator:
    """Who is told how the machine itself fares, and when.

    Attributes:
        language: of the frame, for those who have none of their own.
        timezone: IANA zone of the schedule and of the times shown.
    """

    recipients: tuple[Recipient, ...]
    schedule: Schedule
    timezone: str
    language: str


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration that was read and found right.

    Attributes:
        path: the file that was read.
        base: folder to which relative paths of the file were resolved.
        database_url: SQLAlchemy URL; a SQLite path in it is absolute.
        contact: web or mail address for the User-Agent.
        packs: ``builtin`` or absolute paths of rule packs.
        channels: ways out beside mail.
        publish: None: no feeds are written.
        operator: None: nobody is told how the machine fares.
        public_url: https address under which this installation is reached, without a slash at its end; None: it is not.
        link_secret: what links to `public_url` are signed with; None only without `public_url`.
        document: the file as read: places for messages about its values.
    """

    path: Path
    base: Path
    database_url: SecretStr
    contact: str
    packs: tuple[str, ...]
    sources: tuple[Source, ...]
    subscriptions: tuple[Subscription, ...]
    crawl: Crawl
    mail: Mail
    document: Document = field(repr=False, compare=False)
    channels: tuple[ChannelSettings, ...] = ()
    publish: Publish | None = None
    operator: Operator | None = None
    public_url: str | None = None
    link_secret: SecretStr | None = None

    def crawl_settings(self) -> CrawlSettings:
        """The settings of a crawl; robots copies and a wall limit are the round's to add."""
        from crawler.settings import CrawlSettings  # noqa: PLC0415 - the daemon reads a Config and never loads Scrapy

        return CrawlSettings(
            contact=self.contact,
            proxy=self.crawl.proxy,
            page_timeout_s=self.crawl.page_timeout_s,
            max_body_bytes=self.crawl.max_body_bytes,
            parse_timeout_s=self.crawl.page_limit_s,
            concurrency=self.crawl.concurrency,
            allow_networks=self.crawl.allow_networks,
        )

    def locate(self, path: KeyPath) -> str:
        """``config.yaml:LINE:COLUMN`` of a value, e.g. of ``("subscriptions", 0, "topics", 1)``.

        The nearest enclosing place when the value is not written in the file.
        """
        position = self.document.position(path)
        return (
            f"{self.document.origin}:{position.line}:{position.column}" if position else self.document.origin
        )

    def problem(self, path: KeyPath, message: str) -> Problem:
        """A problem with a value, found by who knows more (e.g. which topics exist), for a ConfigError."""
        return self.document.problem(path, message)

    def source(self, source_id: str) -> Source | None:
        """The source of that id; None when there is none."""
        return next((source for source in self.sources if source.id == source_id), None)

    def channel(self, channel_id: str) -> ChannelSettings | None:
        """The channel of that id; None when there is none."""
        return next((one for one in self.channels if one.id == channel_id), None)

    def subscription(self, subscription_id: str) -> Subscription | None:
        """The subscription of that id; None when there is none."""
        return next((one for one in self.subscriptions if one.id == subscription_id), None)
