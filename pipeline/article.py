"""The values of the pipeline: an article, why it matched, and how a URL's way ended. All frozen, all times aware UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class Precision(StrEnum):
    """How exactly a publication time is known."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Published:
    """When an article was published.

    Attributes:
        at: aware UTC. With DAY precision: midnight of that day in the zone used.
        precision: how much of `at` was printed.
        offset_minutes: UTC offset of the printed time; None when no zone is known (then `at` reads the clock as UTC).
        origin: where it was read: ``json-ld``, ``opengraph``, ``meta``, ``time-element``, ``feed``, ``visible``, ``url``
            or ``script``.
        zone_origin: ``page`` (printed with the time), ``source`` (the source's default zone) or ``unknown``.
        printed: the date as it stood there.
    """

    at: datetime
    precision: Precision
    offset_minutes: int | None
    origin: str
    zone_origin: str
    printed: str

    @property
    def day(self) -> date:
        """The day as the page's own clock has it."""
        return (self.at + timedelta(minutes=self.offset_minutes or 0)).date()


@dataclass(frozen=True, slots=True)
class Credit:
    """Whom the text says it has its report from.

    Attributes:
        name: the outlet's or agency's usual name where known, else as printed.
        printed: as printed.
        start, end: span of `printed` in the text (characters); both -1 when read from the byline.
    """

    name: str
    printed: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """An article as understood from its page (or imported).

    Attributes:
        url: as fetched; `canonical_url`: the publisher's own, on the same site, else `url`.
        outlet: the outlet's name.
        text: paragraphs separated by a newline; never empty for a kept article.
        authors: people or desks of the byline, without job titles; empty when there is none.
        published: None when no usable date was found; then `published_problem` says why.
        language: ISO 639; None when not recognised. `language_origin`: ``declared``, ``detected`` or ``none``.
        credits: nearest first, origin last.
        partial: only a teaser was on the page.
    """

    url: str
    canonical_url: str
    source_id: str
    outlet: str
    country: str | None
    title: str
    text: str
    authors: tuple[str, ...] = ()
    published: Published | None = None
    published_problem: str | None = None
    modified_at: datetime | None = None
    language: str | None = None
    language_origin: str = "none"
    credits: tuple[Credit, ...] = ()
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of why: `quote` is exactly `field`'s text from `start` to `end` (characters).

    Attributes:
        clause: the concept, entity or term that hit, as written in the rule, e.g. ``@trafficking``.
        field: ``title``, ``text`` or ``url``.
    """

    clause: str
    field: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Match:
    """An article is on a topic; `score` is between 0 and 1; `pack_version` names the rules that said so.

    Attributes:
        rules_changed_at: found late, by rules that changed then (aware UTC); None: found as the article came in.
    """

    topic: str
    score: float
    evidence: tuple[Evidence, ...]
    pack_version: str
    rules_changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Veto:
    """A named reason why an article that came close is not on `topic`."""

    name: str
    topic: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """How far a topic's query got: the clauses that hit and those that were missing."""

    topic: str
    score: float
    satisfied: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Classification:
    """What the rules say of one article.

    Attributes:
        cut: what was left out because it would have cost too much, in words; empty when the whole text was read and compared.
    """

    matches: tuple[Match, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    near_misses: tuple[NearMiss, ...] = ()
    pack_version: str = ""
    cut: tuple[str, ...] = ()


class OutcomeKind(StrEnum):
    """How the way of a URL ended: a closed set, exactly one per URL."""

    PENDING = "pending"  # seen, its page not asked for yet: only while a round runs, or after one was cut off
    KEPT = "kept"  # stored, and on at least one topic
    NO_MATCH = "no_match"  # stored, on no topic
    DUPLICATE = "duplicate"  # the same text of the same outlet is stored under another URL
    REVISION = "revision"  # a new version of a stored article
    NOT_ARTICLE = "not_article"
    EXTRACTION_EMPTY = "extraction_empty"
    TOO_DEEP = "too_deep"
    TOO_LARGE = "too_large"
    EXTRACTION_KILLED = "extraction_killed"  # the page cost more time or memory than allowed
    TOO_OLD = (
        "too_old"  # listed when we first looked, older than what we read then: its page was not asked for
    )
    ROBOTS = "robots"
    FAILED = "failed"  # the fetch failed; `detail` starts with the failure's kind


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one URL's way ended.

    Attributes:
        kind: one of the closed set.
        detail: one line for people; empty when the kind says it all.
        article_id: of the article stored, or of the one it duplicates or revises; None otherwise.
        topics: topics matched (KEPT and REVISION only).
        passing: it may pass: the page is asked for again later.
    """

    kind: OutcomeKind
    detail: str = ""
    article_id: int | None = None
    topics: tuple[str, ...] = ()
    passing: bool = False


class Role(StrEnum):
    """What part an article plays in its story."""

    FIRST = "first"  # the earliest report we know of
    REPRINT = "reprint"  # the same text at another outlet
    REPORT = "report"  # the outlet's own words
