"""Who is told what, and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time

#: ISO weekdays, Monday 1 to Sunday 7
EVERY_DAY = frozenset(range(1, 8))


@dataclass(frozen=True, slots=True)
class Recipient:
    """A mailbox: `address` as in RFC 5321, `name` may be empty."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Local times of day on chosen ISO weekdays (1-7), in the subscription's zone."""

    at: tuple[time, ...] = (time(7, 30),)
    days: frozenset[int] = EVERY_DAY


@dataclass(frozen=True, slots=True)
class Instant:
    """What is told at once instead of waiting for the digest.

    Attributes:
        min_score: only matches at least this sure, 0 to 1.
        max_per_hour: mails per hour; what comes beyond waits for the digest.
    """

    min_score: float = 0.9
    max_per_hour: int = 10


@dataclass(frozen=True, slots=True)
class Subscription:
    """A group of readers with one interest.

    Attributes:
        id: stable; windows and deliveries are kept under it.
        title: shown as the digest's name.
        topics: topic ids, at least one.
        timezone: IANA zone of the schedule and of the times shown.
        languages: only articles in these (ISO 639); empty: all.
        countries: only outlets of these countries (ISO 3166); empty: all.
        min_score: 0 to 1.
        max_entries: stories per digest; the rest are counted, not shown.
        instant: what does not wait for the digest; None: everything waits.
    """

    id: str
    title: str
    recipients: tuple[Recipient, ...]
    topics: tuple[str, ...]
    timezone: str = "UTC"
    schedule: Schedule = field(default_factory=Schedule)
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    min_score: float = 0.0
    max_entries: int = 40
    instant: Instant | None = None
