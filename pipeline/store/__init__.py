"""What we know, kept: SQLite by default, PostgreSQL by URL. The only door to SQLAlchemy and Alembic."""

from __future__ import annotations

from pipeline.store.coverage import Coverage, CoverageQuery, Covered
from pipeline.store.ledger_records import (
    ArticleAccount,
    DigestAccount,
    KeptMatch,
    RowAccount,
    StoredMail,
    StrayRow,
    Telling,
)
from pipeline.store.mailboxes import Mailbox, MailboxRecord, MailboxRule, suppressed_by
from pipeline.store.records import (
    ArticleRecord,
    Asked,
    DeliveryRecord,
    DigestFacts,
    DigestKind,
    DigestRecord,
    FeedHealth,
    MatchRecord,
    NewArticle,
    NewDelivery,
    NewDigest,
    PageRecord,
    RuleChange,
    SeenOf,
    SourceHealth,
    StoryQuery,
    StoryRecord,
    SubscriptionState,
    Told,
    ToldRecord,
    VisitMemory,
)
from pipeline.store.scorings import Unread, Verdict
from pipeline.store.sole import HeldError
from pipeline.store.store import Store, open_store
from pipeline.store.verdicts import Change

__all__ = [
    "ArticleAccount",
    "ArticleRecord",
    "Asked",
    "Change",
    "Coverage",
    "CoverageQuery",
    "Covered",
    "DeliveryRecord",
    "DigestAccount",
    "DigestFacts",
    "DigestKind",
    "DigestRecord",
    "FeedHealth",
    "HeldError",
    "KeptMatch",
    "Mailbox",
    "MailboxRecord",
    "MailboxRule",
    "MatchRecord",
    "NewArticle",
    "NewDelivery",
    "NewDigest",
    "PageRecord",
    "RowAccount",
    "RuleChange",
    "SeenOf",
    "SourceHealth",
    "Store",
    "StoredMail",
    "StoryQuery",
    "StoryRecord",
    "StrayRow",
    "SubscriptionState",
    "Telling",
    "Told",
    "ToldRecord",
    "Unread",
    "Verdict",
    "VisitMemory",
    "open_store",
    "suppressed_by",
]
