"""What the store gives out and takes in: frozen values, all times aware UTC. No row leaves the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from alerts.outbox import DeliveryState
from alerts.subscription import Recipient, Subscription
from crawler.page import Entry, Validators
from pipeline.article import Article, Classification, Match, Outcome, Role
from pipeline.stories import Fingerprint


@dataclass(frozen=True, slots=True)
class PageRecord:
    """One URL identity in the ledger, and the one way it ended.

    Attributes:
        url: its first spelling.
        source_id: the source that saw it first, which owns it.
        tries: fetches that failed in passing.
        next_try_at: None when it is owed at once, or decided.
        decided_at: None while pending and never tried.
        seen_elsewhere: sightings in other sources' feeds.
        entry: what the feed said; None once decided, or when asked for by hand.
    """

    url: str
    source_id: str
    outcome: Outcome
    tries: int
    next_try_at: datetime | None
    first_seen_at: datetime
    decided_at: datetime | None
    seen_elsewhere: int
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article understood and ready to be kept.

    Attributes:
        page_url: the URL whose outcome this decides (`article.url` may be where redirects led).
        fingerprint: of the article's title and text.
    """

    page_url: str
    article: Article
    classification: Classification
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """A stored article.

    Attributes:
        matches: best first; empty when it is on no topic.
        revised_at: when its text last changed; None when it never did.
    """

    id: int
    article: Article
    matches: tuple[Match, ...]
    story_id: str
    role: Role
    first_seen_at: datetime
    revised_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MatchRecord:
    """A match as kept.

    Attributes:
        found_at: when the article was first seen to be on the topic.
        withdrawn_at: since then it is on it no more; None while it is. `withdrawn_by`: the version of those rules.
    """

    match: Match
    found_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str


class RuleChange(NamedTuple):
    """Rules of this version were first noticed then."""

    pack_version: str
    noticed_at: datetime


@dataclass(frozen=True, slots=True)
class StoryQuery:
    """What a subscription asks for one window.

    Attributes:
        start, end: when an article was first seen to be on a topic; start exclusive, end inclusive.
        languages, countries, outlets (ids of sources): empty means all.
        late: articles that a change of the rules found, instead of those found as they came in.
        again: articles that were told already as well.
        exact: the start is meant to the second, as for a back issue; else what came in late, up to an hour before it,
            is asked for too.
        after_match: matches written down after this one are asked for wherever the clock stood when they were found: a
            clock that was set back must not lose them. None: those of the window only.
    """

    subscription_id: str
    start: datetime
    end: datetime
    topics: tuple[str, ...]
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    min_score: float = 0.0
    late: bool = False
    outlets: tuple[str, ...] = ()
    again: bool = False
    exact: bool = False
    after_match: int | None = None


class SeenOf(NamedTuple):
    """An article of this story was first seen then."""

    story_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StoryRecord:
    """A story.

    Attributes:
        members: the articles asked for, first report first. For a digest: matched and not told yet.
        others: its other articles (told before, on other topics, in other languages), first report first.
        already_told: some article of it has been told to this subscription before.
    """

    id: str
    first_seen_at: datetime
    members: tuple[ArticleRecord, ...]
    others: tuple[ArticleRecord, ...] = ()
    already_told: bool = False


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """One feed's last visit. `result` is a `crawler.page.FeedResult`; `problem` is empty if all went well."""

    url: str
    result: str
    at: datetime
    entries: int
    problem: str
    moved_to: str | None


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How a source does.

    Attributes:
        failures: visits in a row in which no feed answered.
        last_problem: one line for people; empty when the last visit went well.
    """

    source_id: str
    name: str
    last_visit_at: datetime | None
    last_success_at: datetime | None
    last_failure_at: datetime | None
    failures: int
    last_problem: str
    feeds: tuple[FeedHealth, ...] = ()


@dataclass(frozen=True, slots=True)
class VisitMemory:
    """What a visit should know.

    Attributes:
        validators: per URL of a feed, sitemap or listing.
        again: entries whose page is still owed.
        since: sitemaps and listings are to be read back to then, because items of a feed were lost; None: none were.
        newest: when something new was listed last; None: never.
        read_before: lists that gave entries before.
        moved: feeds that have moved for good, and where to.
        gone: lists that are gone for good and not to be asked for now.
    """

    validators: Mapping[str, Validators]
    again: tuple[Entry, ...]
    since: datetime | None = None
    newest: datetime | None = None
    read_before: frozenset[str] = frozenset()
    moved: Mapping[str, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SubscriptionState:
    """Where a subscription stands.

    Attributes:
        since: when it was first seen; nothing older is told.
        last_window_end: None before the first digest; instant mails do not count, nor in `digests`.
        newest_match: `NewDigest.newest_match` of the last digest.
    """

    id: str
    since: datetime
    last_window_end: datetime | None
    digests: int
    newest_match: int | None = None


@dataclass(frozen=True, slots=True)
class DigestFacts:
    """What was read in a window, matched or not.

    Attributes:
        silent_sources: names of those whose feeds failed at their last visit.
        last_success_at: when a source was last read without a failure; None: never.
        reading_since: when the first article of all was seen; None: there is none yet.
    """

    articles_read: int
    sources_read: int
    silent_sources: tuple[str, ...]
    last_success_at: datetime | None = None
    reading_since: datetime | None = None


class DigestKind(StrEnum):
    """Why a digest was made."""

    DIGEST = "digest"  # its window was over
    INSTANT = "instant"  # something could not wait
    BACK = "back"  # a back issue, asked for by hand
    OPERATOR = "operator"  # about the house itself, to who runs it


class Told(StrEnum):
    """As what an article was told to a subscription: a closed set."""

    ENTRY = "entry"  # on top of its story
    COPY = "copy"  # under another outlet's article of the story
    UPDATE = "update"  # as more about a story told before
    LATE = "late"  # found late
    LISTED = "listed"  # in the attached list, or as a part of a count


@dataclass(frozen=True, slots=True)
class Asked:
    """What a subscription asked for when a window of it was closed; of languages, countries and outlets empty means all.

    Kept with the digest: the ledger can thus tell an article that was lost from one that nobody asked for then.
    """

    topics: tuple[str, ...]
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    min_score: float = 0.0

    @classmethod
    def of(cls, subscription: Subscription) -> Asked:
        """What a subscription asks for."""
        return cls(
            subscription.topics,
            subscription.languages,
            subscription.countries,
            subscription.outlets,
            subscription.min_score,
        )


@dataclass(frozen=True, slots=True)
class NewDigest:
    """A digest ready to be kept.

    Attributes:
        article_ids: all articles that count as told with it, those in the attached list included.
        ways: as what each of them is told; an article that is not in it: as an entry.
        newest_match: number of the newest match there was before it was composed; None: not known.
        asked: None where nothing was asked for (the operator's mail), or it is not known.
    """

    id: str
    subscription_id: str
    window_start: datetime
    window_end: datetime
    article_ids: tuple[int, ...]
    kind: DigestKind = DigestKind.DIGEST
    asked: Asked | None = None
    ways: Mapping[int, Told] = field(default_factory=dict)
    newest_match: int | None = None


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """One mail of a digest: bytes and Message-ID are fixed here, once.

    Attributes:
        name: file name without suffix; unique per row, safe in a path.
        rule: by which it is kept and not sent (a `MailboxRule`), `why` in words; empty: it is sent.
    """

    recipient: Recipient
    channel: str
    message_id: str
    subject: str
    name: str
    raw: bytes
    rule: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """One outbox row without its bytes (those: `Outbox.raw`).

    Attributes:
        rule: by which it is suppressed; empty while it is not.
    """

    id: int
    digest_id: str
    recipient: Recipient
    channel: str
    message_id: str
    subject: str
    name: str
    state: DeliveryState
    attempts: int
    next_try_at: datetime | None
    last_error: str
    created_at: datetime
    sent_at: datetime | None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class DigestRecord:
    """A digest built. `deliveries` in the order of its recipients; `ways`: as what each article was told."""

    id: str
    subscription_id: str
    window_start: datetime
    window_end: datetime
    created_at: datetime
    article_ids: tuple[int, ...]
    deliveries: tuple[DeliveryRecord, ...]
    kind: DigestKind = DigestKind.DIGEST
    ways: Mapping[int, Told] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToldRecord:
    """That an article was told to a subscription: by which digest, as what."""

    article_id: int
    digest_id: str
    kind: DigestKind
    window_end: datetime
    way: Told
