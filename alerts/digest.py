"""What a digest says, as values ready to be rendered; nothing here knows an article or a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text; `marked` runs are words that a rule hit."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of why: what was found (in words a reader knows) and the quote with the hit marked."""

    label: str
    quote: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """Another outlet's article of the same story.

    Attributes:
        relation: ``reprint`` (the same text) or ``report`` (the outlet's own words).
        published_at: aware UTC; None when unknown.
        precision: as for `DigestEntry`; with ``day`` no time between two reports is claimed.
    """

    outlet: str
    url: str
    title: str
    language: str | None
    country: str | None
    relation: str
    published_at: datetime | None
    precision: str | None = None


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One story in a digest.

    Attributes:
        story_id: stable id of the story.
        headline: the first report's title.
        published_at: aware UTC; None when unknown. `precision`: ``second``, ``minute``, ``day`` or None.
        lead: the first sentences, with the rule's words marked.
        credits: whom the text has its report from, nearest first.
        first_seen_at: when we first saw the story, aware UTC.
        topics: titles of the topics matched.
    """

    story_id: str
    headline: tuple[Segment, ...]
    url: str
    outlet: str
    country: str | None
    language: str | None
    published_at: datetime | None
    precision: str | None
    lead: tuple[Segment, ...]
    why: tuple[Reason, ...]
    score: float
    topics: tuple[str, ...]
    credits: tuple[str, ...]
    copies: tuple[Copy, ...]
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class FoundLate:
    """Stories that were read before and not told: a change of the rules found them.

    Attributes:
        rules_changed_at: when the rules changed, aware UTC.
        entries: most important first; `left_out`: stories beyond the subscription's maximum.
    """

    rules_changed_at: datetime
    entries: tuple[DigestEntry, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Digest:
    """What one subscription is told for one window.

    Attributes:
        window_start, window_end: aware UTC; start exclusive, end inclusive.
        timezone: IANA zone in which times are shown.
        entries: most important first; `left_out`: stories beyond the subscription's maximum.
        articles_read, sources_read: what was read in the window, matched or not.
        silent_sources: names of sources whose feeds failed at their last visit.
        found_late: older articles that count only since the rules changed, by change, the latest change first; no news.
    """

    id: str
    subscription_id: str
    title: str
    window_start: datetime
    window_end: datetime
    timezone: str
    entries: tuple[DigestEntry, ...]
    left_out: int = 0
    articles_read: int = 0
    sources_read: int = 0
    silent_sources: tuple[str, ...] = ()
    found_late: tuple[FoundLate, ...] = ()

    @property
    def late(self) -> int:
        """Stories found late, those left out included."""
        return sum(len(change.entries) + change.left_out for change in self.found_late)


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """A digest as text and HTML; subject without control characters, at most 150 characters."""

    subject: str
    text: str
    html: str
