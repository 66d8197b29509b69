"""Checked keys -> the frozen values that the rooms take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import SecretStr

from alerts.subscription import Instant, Recipient, Schedule, Subscription
from crawler.source import Listing, Manners, Source
from tipwatch.config import credentials, schema, ways_out
from tipwatch.config.document import Document
from tipwatch.config.values import ChannelSettings, Config, Crawl, Mail, Operator, Publish

PORTS = {"starttls": 587, "tls": 465, "none": 25}  # RFC 6409, RFC 8314, RFC 5321


@dataclass(frozen=True, slots=True)
class Outside:
    """What the file's place and the environment decide: `base` is the folder that relative paths start from."""

    path: Path
    base: Path
    database: str
    proxy: str | None
    env: Mapping[str, str]


def built(keys: schema.ConfigKeys, document: Document, outside: Outside) -> Config:
    """The frozen values that the rooms take."""
    crawl = keys.crawl
    return Config(
        path=outside.path,
        base=outside.base,
        database_url=SecretStr(outside.database),
        contact=keys.contact,
        packs=tuple(pack if pack == "builtin" else str(outside.base / pack) for pack in keys.packs),
        sources=tuple(source_of(source, crawl.per_host_delay) for source in keys.sources),
        subscriptions=tuple(subscription_of(one) for one in keys.subscriptions),
        crawl=Crawl(
            poll_every_s=crawl.poll_every,
            per_host_delay_s=crawl.per_host_delay,
            page_timeout_s=crawl.page_timeout,
            max_body_bytes=crawl.max_body,
            concurrency=crawl.concurrency,
            proxy=outside.proxy,
            allow_networks=tuple(crawl.allow_networks),
            workers=crawl.workers,
            page_limit_s=crawl.page_limit,
        ),
        mail=mail_of(keys.mail, outside),
        document=document,
        channels=tuple(channel_of(one, outside) for one in keys.channels),
        publish=publish_of(keys.publish, outside.base),
        operator=operator_of(keys.operator),
        public_url=keys.public_url,
        link_secret=secret_of(credentials.link_secret(dict(keys)), outside),
    )


def source_of(keys: schema.SourceKeys, delay_s: float) -> Source:
    """A source with the general delay where it has none of its own."""
    manners = keys.manners
    return Source(
        id=keys.id,
        name=keys.name or keys.id,
        feeds=tuple(keys.feeds),
        country=keys.country,
        languages=tuple(keys.languages),
        timezone=keys.timezone,
        tier=keys.tier,
        manners=Manners(
            delay_s=delay_s if manners.delay is None else manners.delay,
            per_host=manners.per_host,
            obey_robots=manners.obey_robots,
            verify_tls=manners.verify_tls,
        ),
        sitemaps=tuple(keys.sitemaps),
        listings=tuple(
            Listing(one.url, one.links or "", one.css or "", one.more or "", one.pages)
            for one in keys.listings
        ),
        poll_min_s=keys.poll.every if keys.poll.every is not None else keys.poll.min,
        poll_max_s=keys.poll.every if keys.poll.every is not None else keys.poll.max,
        render=keys.render,
    )


def subscription_of(keys: schema.SubscriptionKeys) -> Subscription:
    """A subscription; without a title its id is its title."""
    return Subscription(
        id=keys.id,
        title=keys.title or keys.id.replace("-", " ").replace("_", " ").capitalize(),
        recipients=recipients_of(keys.to),
        topics=tuple(keys.topics),
        timezone=keys.timezone,
        schedule=Schedule(at=keys.digest.at, days=keys.digest.days),
        languages=tuple(keys.languages),
        countries=tuple(keys.countries),
        min_score=keys.min_score,
        max_entries=keys.max_entries,
        instant=instant_of(keys.instant),
        language=keys.language,
        outlets=tuple(keys.outlets),
        quiet=keys.quiet_hours,
        channels=tuple(dict.fromkeys(keys.channels)),
        heartbeat=keys.heartbeat,
    )


def recipients_of(keys: Sequence[schema.ReaderKeys]) -> tuple[Recipient, ...]:
    """The readers, each mailbox once, as it is first named: it is written to once."""
    readers: dict[str, Recipient] = {}
    for one in keys:
        readers.setdefault(one.to.address.lower(), replace(one.to, language=one.language))
    return tuple(readers.values())


def instant_of(keys: schema.InstantKeys | None) -> Instant | None:
    """What is told at once; None: nothing, everything waits for the digest."""
    if keys is None:
        return None
    return Instant(min_score=keys.min_score, max_per_hour=keys.max_per_hour, gather_s=keys.gather)


def channel_of(keys: schema.ChannelKeys, outside: Outside) -> ChannelSettings:
    """A channel with its address and secret read."""
    section = dict(keys)
    url = ways_out.address_of(section, outside.env, outside.base)
    return ChannelSettings(
        id=keys.id,
        kind=keys.kind,
        url=SecretStr(url or ""),
        secret=secret_of(credentials.signing_secret(section), outside),
    )


def publish_of(keys: schema.PublishKeys | None, base: Path) -> Publish | None:
    """The feeds that we write; None: none."""
    return None if keys is None else Publish((base / keys.folder).absolute(), keys.base_url, keys.entries)


def operator_of(keys: schema.OperatorKeys | None) -> Operator | None:
    """Who is told how the machine fares; None: nobody."""
    if keys is None:
        return None
    return Operator(
        recipients=recipients_of(keys.to),
        schedule=Schedule(at=keys.at, days=keys.days),
        timezone=keys.timezone,
        language=keys.language,
    )


def secret_of(secret: credentials.Secret, outside: Outside) -> SecretStr | None:
    """A secret that does not print; None when none is named."""
    found = secret.read(outside.env, outside.base)
    return None if found is None else SecretStr(found)


def mail_of(keys: schema.MailKeys, outside: Outside) -> Mail:
    """The way out, with its secret read."""
    by_smtp = keys.transport == "smtp"
    password = credentials.mail_password(dict(keys))
    return Mail(
        transport=keys.transport,
        folder=(outside.base / keys.folder).absolute(),
        sender=keys.sender,
        public_name=keys.public_name or keys.sender.address.rpartition("@")[2],
        host=keys.host if by_smtp else None,
        port=keys.port or PORTS[keys.tls],
        tls=keys.tls,
        cafile=outside.base / keys.cafile if keys.cafile else None,
        username=keys.username if by_smtp else None,
        password=secret_of(password, outside) if by_smtp else None,
        per_minute=keys.per_minute,
    )
