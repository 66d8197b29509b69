"""Who is told what, and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time

#: ISO weekdays, Monday 1 to Sunday 7
EVERY_DAY = frozenset(range(1, 8))

#: the channel of the mail settings, whichever transport they name
MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a mail goes to.

    Attributes:
        address: as in RFC 5321; for a channel that is no mailbox, the name of the channel.
        name: may be empty.
        language: of the frame of this reader's mail; None: the subscription's.
    """

    address: str
    name: str = ""
    language: str | None = None


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
        gather_s: a story waits so long for its copies before it is told.
    """

    min_score: float = 0.9
    max_per_hour: int = 10
    gather_s: float = 300.0


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local times between which nothing is told at once; over midnight when `end` is not after `start`."""

    start: time
    end: time

    def hold(self, at: time) -> bool:
        """Whether a local time of day is in them: their first minute is, their last moment is not."""
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


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
        outlets: only articles of these sources (their ids); empty: all.
        min_score: 0 to 1.
        max_entries: stories per digest; the rest are counted, not shown.
        instant: what does not wait for the digest; None: everything waits.
        language: of the frame: what we say ourselves.
        quiet: when nothing is told at once; None: never.
        channels: names of the channels it goes out by; ``mail`` is the one of the mail settings.
        heartbeat: whether a window without news is told in one line.
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
    language: str = "en"
    outlets: tuple[str, ...] = ()
    quiet: QuietHours | None = None
    channels: tuple[str, ...] = (MAIL,)
    heartbeat: bool = True
