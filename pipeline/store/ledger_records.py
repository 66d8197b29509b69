"""What the ledger of deliveries gives out: digests with their rows, and articles with what was told of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from pipeline.store.records import Asked, DigestKind


class RowAccount(NamedTuple):
    """One outbox row, without its bytes.

    `state`, as it stands in the table: it may be none that we know.
    """

    id: int
    digest_id: str
    recipient: str
    channel: str
    message_id: str
    state: str
    rule: str
    attempts: int
    next_try_at: datetime | None
    lease_until: datetime | None
    last_error: str
    created_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class DigestAccount:
    """A digest with its rows and the number of articles that stand as told with it.

    Attributes:
        asked, articles, mails: as written down when it was built; None: by a version that did not.
        newest_match: see `pipeline.store.NewDigest`.
        told: rows of `told` that name it now.
    """

    id: str
    kind: DigestKind
    subscription_id: str
    window_start: datetime
    window_end: datetime
    created_at: datetime
    asked: Asked | None
    articles: int | None
    mails: int | None
    newest_match: int | None
    told: int
    rows: tuple[RowAccount, ...]


class KeptMatch(NamedTuple):
    """A match as it stands in the table, without its evidence."""

    id: int
    topic: str
    score: float
    pack_version: str
    found_at: datetime
    rules_changed_at: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class ArticleAccount:
    """An article that a subscription asks for, or was told.

    Attributes:
        matches: on the topics asked for, those withdrawn included.
        told_in: the digest that told it to the subscription; None: none did.
        told_to: whose digest that is; None when there is no such digest.
        way: as what it was told, as it stands in the table.
    """

    id: int
    story_id: str
    source_id: str
    country: str | None
    language: str | None
    first_seen_at: datetime
    revised_at: datetime | None
    matches: tuple[KeptMatch, ...]
    told_in: str | None = None
    told_to: str | None = None
    way: str | None = None


class Telling(NamedTuple):
    """An article was told to a subscription, in a digest, as something (`records.Told`, as it stands in the table)."""

    article_id: int
    subscription_id: str
    digest_id: str
    way: str


class StrayRow(NamedTuple):
    """A row that belongs to nothing, or a row too many. `what` names the finding: `pipeline.store.ledger.Ledger.strays`."""

    what: str
    digest_id: str
    detail: str
    article_id: int | None = None
    subscription_id: str = ""


class StoredMail(NamedTuple):
    """An outbox row's bytes, to be compared with what the row says of them."""

    id: int
    digest_id: str
    recipient: str
    channel: str
    message_id: str
    raw: bytes
