"""What we know, kept: SQLite by default, PostgreSQL by URL. The only door to SQLAlchemy and Alembic."""

from __future__ import annotations

from pipeline.store.records import (
    ArticleRecord,
    DeliveryRecord,
    DigestFacts,
    DigestKind,
    DigestRecord,
    FeedHealth,
    NewArticle,
    NewDelivery,
    NewDigest,
    PageRecord,
    SourceHealth,
    StoryQuery,
    StoryRecord,
    SubscriptionState,
    VisitMemory,
)
from pipeline.store.sole import HeldError
from pipeline.store.store import Store, open_store

__all__ = [
    "ArticleRecord",
    "DeliveryRecord",
    "DigestFacts",
    "DigestKind",
    "DigestRecord",
    "FeedHealth",
    "HeldError",
    "NewArticle",
    "NewDelivery",
    "NewDigest",
    "PageRecord",
    "SourceHealth",
    "Store",
    "StoryQuery",
    "StoryRecord",
    "SubscriptionState",
    "VisitMemory",
    "open_store",
]
