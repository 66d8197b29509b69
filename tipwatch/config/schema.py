"""The shape of config.yaml for pydantic: every key with its default and its range."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
)

from alerts.channels import KINDS
from alerts.subscription import EVERY_DAY, MAIL, Recipient
from tipwatch.config import addresses, units
from tipwatch.config.forms import (
    Contact,
    Country,
    Days,
    Delay,
    Domain,
    FolderUrl,
    FrameLanguage,
    FurtherPages,
    Host,
    Identifier,
    Language,
    LinkPattern,
    Mailbox,
    Network,
    Path,
    ProxyUrl,
    PublicUrl,
    Quiet,
    Score,
    Selector,
    Text,
    Times,
    Variable,
    WebUrl,
    Zone,
    between,
)

HOUR_S = 3600.0


def known_kind(name: str) -> str:
    """The name, if there is a kind of channel of that name; raises ValueError."""
    if name not in KINDS:
        raise ValueError(f'"{name[:60]}" is not known here: write {" or ".join(sorted(KINDS))}')
    return name


class Section(BaseModel):
    """A mapping of the file: known keys only, no conversions between types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class MannersKeys(Section):
    """How one source is asked; `delay` None: `crawl.per_host_delay`."""

    delay: Delay | None = None
    per_host: Annotated[int, Field(ge=1, le=16)] = 1
    obey_robots: bool = True
    verify_tls: bool = True


Rhythm = Annotated[float, between(units.seconds, "1m", "7d")]


class PollKeys(Section):
    """How often one source is visited: always after `every`, or between `min` and `max`; None: as for all."""

    every: Rhythm | None = None
    min: Rhythm | None = None
    max: Rhythm | None = None

    @field_validator("max")
    @classmethod
    def not_below_min(cls, value: float | None, info: ValidationInfo) -> float | None:
        """The longest pause is at least the shortest."""
        least = info.data.get("min")
        if value is not None and least is not None and value < least:
            raise ValueError("is shorter than min: write a longer time")
        return value


class ListingKeys(Section):
    """A section page that links to articles; empty: told by what the page's links look like."""

    url: WebUrl
    links: LinkPattern | None = None
    css: Selector | None = None
    more: FurtherPages | None = None
    pages: Annotated[int, Field(ge=1, le=20)] = 1


def listing(value: Any, read: ValidatorFunctionWrapHandler) -> ListingKeys:
    """A URL alone, or one with its keys."""
    if isinstance(value, dict):
        keys: ListingKeys = read(value)
        return keys
    return ListingKeys.model_construct(url=addresses.web_url(value))


ListingPage = Annotated[ListingKeys, WrapValidator(listing)]


class SourceKeys(Section):
    """One entry of `sources`; `name` None: the id."""

    id: Identifier
    name: Text | None = None
    country: Country | None = None
    languages: list[Language] = []
    timezone: Zone | None = None
    tier: Annotated[int, Field(ge=1, le=3)] | None = None
    feeds: list[WebUrl] = []  # one of the three there must be: listed.py
    sitemaps: list[WebUrl] = []
    listings: list[ListingPage] = []
    poll: PollKeys = PollKeys()
    manners: MannersKeys = MannersKeys()
    render: bool = False


class DigestKeys(Section):
    """When a digest is due, in the subscription's zone."""

    at: Times = (time(7, 30),)
    days: Days = EVERY_DAY


class InstantKeys(Section):
    """Stories that are not to wait for the digest."""

    min_score: Score = 0.9
    max_per_hour: Annotated[int, Field(ge=1, le=60)] = 10
    gather: Delay = 300.0


class ReaderKeys(Section):
    """A mailbox with a language of its own; `language` None: the subscription's."""

    to: Mailbox
    language: FrameLanguage | None = None


def reader(value: Any, read: ValidatorFunctionWrapHandler) -> ReaderKeys:
    """A mailbox alone, or one with its keys."""
    if isinstance(value, dict):
        keys: ReaderKeys = read(value)
        return keys
    return ReaderKeys.model_construct(to=addresses.recipient(value))


Reader = Annotated[ReaderKeys, WrapValidator(reader)]


class SubscriptionKeys(Section):
    """One entry of `subscriptions`; `title` None: made from the id."""

    id: Identifier
    title: Text | None = None
    to: Annotated[list[Reader], Field(min_length=1)] = []  # may be left out where no mail goes: checks.py
    topics: Annotated[list[Identifier], Field(min_length=1)]
    language: FrameLanguage = "en"
    timezone: Zone = "UTC"
    digest: DigestKeys = DigestKeys()
    instant: InstantKeys | None = None
    quiet_hours: Quiet | None = None
    heartbeat: bool = True
    channels: Annotated[list[Identifier], Field(min_length=1)] = [MAIL]
    languages: list[Language] = []
    countries: list[Country] = []
    outlets: list[Identifier] = []
    min_score: Score = 0.0
    max_entries: Annotated[int, Field(ge=1, le=500)] = 40


class ChannelKeys(Section):
    """One entry of `channels`. Its address is checked apart, since it may be a secret and must not reach a message."""

    id: Identifier
    kind: Annotated[str, AfterValidator(known_kind)]
    url: str | None = None
    url_env: Variable | None = None
    url_file: Path | None = None
    secret_env: Variable | None = None
    secret_file: Path | None = None


class PublishKeys(Section):
    """Feeds that we write as files."""

    folder: Path = "published/"
    base_url: FolderUrl | None = None
    entries: Annotated[int, Field(ge=1, le=500)] = 50


class OperatorKeys(Section):
    """Who is told how the machine fares."""

    to: Annotated[list[Reader], Field(min_length=1)]
    at: Times = (time(6, 0),)
    days: Days = EVERY_DAY
    timezone: Zone = "UTC"
    language: FrameLanguage = "en"


class CrawlKeys(Section):
    """How the world is asked."""

    poll_every: Annotated[float, between(units.seconds, "1m", "7d")] = 0.5 * HOUR_S
    per_host_delay: Delay = 2.0
    page_timeout: Annotated[float, between(units.seconds, "1s", "10m")] = 30.0
    max_body: Annotated[int, between(units.size_bytes, "64KiB", "256MiB")] = 10 << 20
    concurrency: Annotated[int, Field(ge=1, le=256)] = 32
    proxy: ProxyUrl | None = None
    allow_networks: list[Network] = []
    workers: Annotated[int, Field(ge=1, le=64)] | None = None
    page_limit: Annotated[float, between(units.seconds, "500ms", "5m")] = 10.0


class MailKeys(Section):
    """How digests leave the house."""

    transport: Literal["folder", "smtp"] = "folder"
    folder: Path = "outbox/"
    sender: Mailbox = Recipient("tipwatch@example.org", "tipwatch")
    public_name: Domain | None = None
    host: Host | None = Field(default=None, validate_default=True)
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    tls: Literal["starttls", "tls", "none"] = "starttls"
    cafile: Path | None = None
    username: Text | None = None
    password_env: Variable | None = None
    password_file: Path | None = None
    per_minute: Annotated[int, Field(ge=1, le=600)] = 60

    @field_validator("host")
    @classmethod
    def host_for_smtp(cls, value: str | None, info: ValidationInfo) -> str | None:
        """SMTP needs to know where to."""
        if value is None and info.data.get("transport") == "smtp":
            raise ValueError(
                'transport smtp needs a host: write the name of your mail server, e.g. "mail.example.org"'
            )
        return value

    @field_validator("tls")
    @classmethod
    def clear_text_stays_home(cls, value: str, info: ValidationInfo) -> str:
        """Without TLS only to this machine: mail and password would cross the network readable."""
        server = info.data.get("host")
        if value == "none" and server is not None and not addresses.is_loopback(server):
            raise ValueError("without TLS only this machine (localhost) is spoken to: write starttls or tls")
        return value


class ConfigKeys(Section):
    """The whole file. `database` is checked apart, since its password must not reach a message."""

    database: Annotated[str, Field(min_length=1)] = "sqlite:///tipwatch.db"
    contact: Contact = "https://example.org/bot"
    crawl: CrawlKeys = CrawlKeys()
    packs: Annotated[list[Path], Field(min_length=1)] = ["builtin"]
    sources: list[SourceKeys] = []
    subscriptions: list[SubscriptionKeys] = []
    mail: MailKeys = MailKeys()
    channels: list[ChannelKeys] = []
    publish: PublishKeys | None = None
    operator: OperatorKeys | None = None
    public_url: PublicUrl | None = None
    link_secret_env: Variable | None = None
    link_secret_file: Path | None = None
