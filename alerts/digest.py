"""What a digest says, as values ready to be rendered; nothing here knows an article or a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


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


class Stage(StrEnum):
    """How far an act of a body has come, as far as the report says: a closed set, earliest first."""

    ANNOUNCED = "announced"  # planned, called for, being drafted
    TABLED = "tabled"  # introduced, submitted
    NEGOTIATED = "negotiated"  # under discussion
    ADOPTED_COMMITTEE = "adopted_committee"  # by a committee or commission that reports to the body
    ADOPTED = "adopted"  # by the body itself
    REJECTED = "rejected"
    SIGNED = "signed"
    RATIFIED = "ratified"
    IN_FORCE = "in_force"


class Warning(StrEnum):  # noqa: A001 - the word readers know; Python's own warnings are not spoken of here
    """What a headline says that the text does not bear out: a closed set."""

    COMMITTEE_ONLY = "committee_only"  # "UN adopts", and it was a committee: the plenary is still to vote
    NOT_YET_ADOPTED = "not_yet_adopted"  # "adopted", and the text says tabled or under discussion


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A point on which reports of one story differ.

    Attributes:
        what: ``date``, ``votes``, ``sponsors``, ``stage`` or another word the frame knows; shown as it is otherwise.
        said: what was said and by which outlets, most outlets first: two or more.
    """

    what: str
    said: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class FirstReport:
    """Who had a story first, when that was not the outlet shown on top.

    Attributes:
        lead_s: seconds before the outlet on top; None when not both times are known to the minute.
    """

    outlet: str
    url: str
    lead_s: float | None


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
        stage: how far the act has come; None when the report does not say or it is no act.
        warning: what the headline claims beyond the text; None when nothing.
        first: who had it before the outlet on top; None when nobody, or it is not known.
        outlets, origins: outlets that carry the story, and independent origins among them, those told earlier
            included; 0 when not counted.
        discrepancies: where its reports differ.
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
    stage: Stage | None = None
    warning: Warning | None = None
    first: FirstReport | None = None
    outlets: int = 0
    origins: int = 0
    discrepancies: tuple[Discrepancy, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryUpdate:
    """More about a story that the subscription was told before.

    Attributes:
        earlier_headline: as it was told; plain.
        told_at: when it was told first, under that headline, aware UTC.
        entry: what is new of it, the best new report on top.
    """

    earlier_headline: str
    told_at: datetime
    entry: DigestEntry


@dataclass(frozen=True, slots=True)
class DayCount:
    """Articles on the subscription's topics first found on a day of the subscription's zone."""

    day: date
    articles: int


@dataclass(frozen=True, slots=True)
class Flood:
    """Far more came than was to be expected: the digest is folded and says so.

    Attributes:
        expected: stories that a window of this length had lately, on average; None when there is no history.
        came: stories that came.
    """

    expected: float | None
    came: int


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
        language: of the frame.
        updates: stories told before of which there is more; most important first. `updates_left_out`: those beyond the
            maximum.
        days: coverage by day, oldest first, up to and with the day of the window's end; empty: not known.
        last_match_at: when the last article on the topics was found, before this window's if it is empty; aware UTC.
        last_success_at: when a source was last read without a failure, aware UTC; None: never.
        flood: the digest is folded; None: it is not.
        unlisted: stories that count as told and stand in the attached list only (with the updates among them).
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
    language: str = "en"
    updates: tuple[StoryUpdate, ...] = ()
    updates_left_out: int = 0
    days: tuple[DayCount, ...] = ()
    last_match_at: datetime | None = None
    last_success_at: datetime | None = None
    flood: Flood | None = None
    unlisted: tuple[DigestEntry, ...] = ()

    @property
    def late(self) -> int:
        """Stories found late, those left out included."""
        return sum(len(change.entries) + change.left_out for change in self.found_late)


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """A digest as text and HTML; subject without control characters, at most 150 characters.

    Attributes:
        attachments: files that go with it.
        listed: ids of the stories that stand in an attached list only.
        counted: ids of the stories that are only counted: not even the list had room for them.
    """

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    listed: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail; `name` is plain ASCII with a suffix, `media_type` such as ``text/csv``."""

    name: str
    media_type: str
    content: bytes
