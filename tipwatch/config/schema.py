"""The shape of config.yaml for pydantic: every key with its default and its range."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationInfo, field_validator

from alerts.subscription import EVERY_DAY, Recipient
from tipwatch.config import addresses, names, units

HOUR_S = 3600.0


def between(read: Callable[[object], float], low: str, high: str) -> PlainValidator:
    """Reads a duration or a size and refuses what is outside [low, high], both written as in the file."""
    least, most = read(low), read(high)

    def check(value: Any) -> float:
        amount = read(value)
        if not least <= amount <= most:
            raise ValueError(f"{units.named(value)} is out of range: write {low} to {high}")
        return amount

    return PlainValidator(check)


Identifier = Annotated[str, PlainValidator(names.identifier)]
Zone = Annotated[str, PlainValidator(names.zone)]
Country = Annotated[str, PlainValidator(names.country)]
Language = Annotated[str, PlainValidator(names.language)]
WebUrl = Annotated[str, PlainValidator(addresses.web_url)]
ProxyUrl = Annotated[str, PlainValidator(addresses.proxy_url)]
Network = Annotated[str, PlainValidator(addresses.network)]
Mailbox = Annotated[Recipient, PlainValidator(addresses.recipient)]
Host = Annotated[str, PlainValidator(addresses.host)]
Domain = Annotated[str, PlainValidator(addresses.domain)]
Contact = Annotated[str, PlainValidator(addresses.contact)]
Times = Annotated[tuple[time, ...], PlainValidator(units.times_of_day)]
Days = Annotated[frozenset[int], PlainValidator(units.iso_weekdays)]
Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f\u2028\u2029]*$")]
Path = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f\x7f]*$")]
Delay = Annotated[float, between(units.seconds, "0s", "1h")]


class Section(BaseModel):
    """A mapping of the file: known keys only, no conversions between types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class MannersKeys(Section):
    """How one source is asked; `delay` None: `crawl.per_host_delay`."""

    delay: Delay | None = None
    per_host: Annotated[int, Field(ge=1, le=16)] = 1
    obey_robots: bool = True


class SourceKeys(Section):
    """One entry of `sources`; `name` None: the id."""

    id: Identifier
    name: Text | None = None
    country: Country | None = None
    languages: list[Language] = []
    timezone: Zone | None = None
    tier: Annotated[int, Field(ge=1, le=3)] | None = None
    feeds: Annotated[list[WebUrl], Field(min_length=1)]
    manners: MannersKeys = MannersKeys()


class DigestKeys(Section):
    """When a digest is due, in the subscription's zone."""

    at: Times = (time(7, 30),)
    days: Days = EVERY_DAY


class InstantKeys(Section):
    """Stories that are not to wait for the digest."""

    min_score: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.9
    max_per_hour: Annotated[int, Field(ge=1, le=60)] = 10


class SubscriptionKeys(Section):
    """One entry of `subscriptions`; `title` None: made from the id."""

    id: Identifier
    title: Text | None = None
    to: Annotated[list[Mailbox], Field(min_length=1)]
    topics: Annotated[list[Identifier], Field(min_length=1)]
    timezone: Zone = "UTC"
    digest: DigestKeys = DigestKeys()
    instant: InstantKeys | None = None
    languages: list[Language] = []
    countries: list[Country] = []
    min_score: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.0
    max_entries: Annotated[int, Field(ge=1, le=500)] = 40


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
    password_env: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,127}$")] | None = None
    password_file: Path | None = None

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
