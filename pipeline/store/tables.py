"""The tables. Nothing outside the store sees a row: it sees the values of `records`."""

from __future__ import annotations

from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    UniqueConstraint,
    false,
)

from pipeline.store.columns import CleanJson, CleanText, Key, UtcDateTime

#: a row of any columns
AnyRow: TypeAlias = Row[*tuple[Any, ...]]

#: names of constraints are the same on both engines, so that migrations can speak of them
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: SQLite numbers rows only of a column that is exactly INTEGER
RowId = BigInteger().with_variant(Integer(), "sqlite")

stories = Table(
    "stories",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("first_seen_at", UtcDateTime, nullable=False),
)

articles = Table(
    "articles",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("url_key", Key, nullable=False, unique=True),
    Column("canonical_key", Key, nullable=False, index=True),
    Column("url", CleanText, nullable=False),
    Column("canonical_url", CleanText, nullable=False),
    Column("source_id", CleanText, nullable=False),
    Column("outlet", CleanText, nullable=False),
    Column("country", CleanText),
    Column("title", CleanText, nullable=False),
    Column("text", CleanText, nullable=False),
    Column("authors", CleanJson, nullable=False),
    Column("published_at", UtcDateTime),
    Column("published_precision", String(16)),
    Column("published_offset_minutes", Integer),
    Column("published_origin", CleanText),
    Column("published_zone_origin", CleanText),
    Column("published_printed", CleanText),
    Column("published_problem", CleanText),
    Column("modified_at", UtcDateTime),
    Column("language", CleanText),
    Column("language_origin", CleanText, nullable=False),
    Column("credits", CleanJson, nullable=False),
    Column("partial", Boolean, nullable=False),
    Column("text_hash", Key, nullable=False, index=True),
    Column("signature", LargeBinary, nullable=False),  # of the fingerprint, see `pipeline.stories`
    Column("first_seen_at", UtcDateTime, nullable=False, index=True),
    Column("revised_at", UtcDateTime),
    Column("story_id", String(16), ForeignKey("stories.id"), nullable=False, index=True),
    Column("role", String(16), nullable=False),
)

revisions = Table(  # what a stored article said before its text changed
    "revisions",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("article_id", RowId, ForeignKey("articles.id"), nullable=False, index=True),
    Column("title", CleanText, nullable=False),
    Column("text", CleanText, nullable=False),
    Column("replaced_at", UtcDateTime, nullable=False),
)

matches = Table(
    "matches",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("article_id", RowId, ForeignKey("articles.id"), nullable=False),
    Column("topic", CleanText, nullable=False),
    Column("score", Float, nullable=False),
    Column("evidence", CleanJson, nullable=False),
    Column("pack_version", CleanText, nullable=False),
    Column("found_at", UtcDateTime, nullable=False),  # when the article was first seen to be on the topic
    Column("rules_changed_at", UtcDateTime),  # found late, by that change of the rules; NULL: as it came in
    Column("withdrawn_at", UtcDateTime),  # since then it is on the topic no more
    Column("withdrawn_by", CleanText),  # the version of the rules that say so
    UniqueConstraint("article_id", "topic"),
    Index(None, "topic", "found_at"),
)

scorings = Table(  # which rules read an article last
    "scorings",
    metadata,
    Column("article_id", RowId, ForeignKey("articles.id"), primary_key=True, autoincrement=False),
    Column("pack_version", CleanText, nullable=False),
    Index(None, "pack_version", "article_id"),
)

rule_changes = Table(  # since when the rules are what they are, newest last
    "rule_changes",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("pack_version", CleanText, nullable=False),
    Column("noticed_at", UtcDateTime, nullable=False),
)

bands = Table(  # band hashes of fingerprints: two articles that share one may be alike
    "bands",
    metadata,
    Column("value", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", RowId, ForeignKey("articles.id"), primary_key=True, autoincrement=False),
    Index(None, "article_id"),
    sqlite_with_rowid=False,
)

pages = Table(  # the ledger: one row for every URL identity ever seen, with the one way it ended
    "pages",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("key", Key, nullable=False, unique=True),
    Column("url", CleanText, nullable=False),
    Column("source_id", CleanText, nullable=False),
    Column("entry", CleanJson),
    Column("outcome", String(24), nullable=False),
    Column("detail", CleanText, nullable=False, default=""),
    Column("tries", Integer, nullable=False, default=0),
    Column("next_try_at", UtcDateTime),
    Column("first_seen_at", UtcDateTime, nullable=False, index=True),
    Column("decided_at", UtcDateTime, index=True),
    Column("seen_elsewhere", Integer, nullable=False, default=0),
    Column("article_id", RowId, ForeignKey("articles.id")),
    Column("etag", CleanText),  # the page's own validators, for asking whether it changed
    Column("last_modified", CleanText),
    Column("entry_print", Key),  # of what its feed said of it last: another one asks for another look
    Column("read_at", UtcDateTime),  # when the page was answered last
    Column(
        "looks", Integer, nullable=False, server_default="0"
    ),  # at a page known, because it may have changed
    Index(None, "source_id", "outcome"),
    Index(None, "source_id", "next_try_at"),
)

sources = Table(
    "sources",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("name", CleanText, nullable=False),
    Column("last_visit_at", UtcDateTime),
    Column("last_success_at", UtcDateTime),
    Column("last_failure_at", UtcDateTime),
    Column("failures", Integer, nullable=False, default=0),
    Column("last_problem", CleanText, nullable=False, default=""),
    Column("every_s", Float),  # time between two visits, by its own rhythm
    Column("next_due_at", UtcDateTime),
    Column("last_new_at", UtcDateTime),  # when something new was listed last
    Column("last_gap_at", UtcDateTime),
    Column("gaps", Integer, nullable=False, server_default="0"),
    Column(
        "gap_since", UtcDateTime
    ),  # what came since may be lost, and is looked for in sitemaps and listings
)

source_days = Table(  # what a source gave on a day (UTC)
    "source_days",
    metadata,
    Column("source_id", CleanText, primary_key=True),
    Column("day", String(10), primary_key=True),  # ISO 8601
    Column("visits", Integer, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("found", Integer, nullable=False, server_default="0"),  # entries listed
    Column("new", Integer, nullable=False, server_default="0"),  # not known before
    Column("pages", Integer, nullable=False, server_default="0"),  # read as articles
    Column("chars", BigInteger, nullable=False, server_default="0"),  # of their texts together
    Column("blocked", Integer, nullable=False, server_default="0"),  # by robots.txt
)

hosts = Table(  # how long a host wishes to be left alone
    "hosts",
    metadata,
    Column("host", CleanText, primary_key=True),
    Column("asked_at", UtcDateTime),  # the last request's answer: delays hold across runs
    Column("busy_until", UtcDateTime),  # Retry-After
    Column("why", CleanText, nullable=False, server_default=""),
)

feeds = Table(
    "feeds",
    metadata,
    Column("source_id", CleanText, primary_key=True),
    Column("key", Key, primary_key=True),
    Column("url", CleanText, nullable=False),
    Column("etag", CleanText),
    Column("last_modified", CleanText),
    Column("last_result", String(16), nullable=False),
    Column("last_result_at", UtcDateTime, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("problem", CleanText, nullable=False, default=""),
    Column("moved_to", CleanText),
    Column("kind", String(16), nullable=False, server_default="feed"),  # `crawler.page.ListKind`
    Column("failures", Integer, nullable=False, server_default="0"),  # in a row
    Column("moved_since", UtcDateTime),
    Column("moved_days", Integer, nullable=False, server_default="0"),  # different days on which it said so
    Column("gone_at", UtcDateTime),  # 410
)

robots = Table(
    "robots",
    metadata,
    Column("origin", CleanText, primary_key=True),
    Column("status", Integer, nullable=False),
    Column("text", CleanText, nullable=False),
    Column("fetched_at", UtcDateTime, nullable=False, index=True),
    Column("failing_since", UtcDateTime),  # it could not be read since; NULL: it was read
    Column("last_good", CleanText),  # what it said before
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("since", UtcDateTime, nullable=False),
)

digests = Table(
    "digests",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("subscription_id", CleanText, ForeignKey("subscriptions.id"), nullable=False),
    Column("window_start", UtcDateTime, nullable=False),
    Column("window_end", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # what the ledger checks it by; NULL: built by a version that did not write it down
    Column("asked", CleanJson),  # what the subscription asked for then: `records.Asked`
    Column("articles", Integer),  # told with it
    Column("mails", Integer),  # built with it
    Column("newest_match", BigInteger),  # when it was composed: later ones came after it, whatever clocks say
    UniqueConstraint("subscription_id", "kind", "window_end"),
)

told = Table(  # an article is told to a subscription once
    "told",
    metadata,
    Column("subscription_id", CleanText, ForeignKey("subscriptions.id"), primary_key=True),
    Column("article_id", RowId, ForeignKey("articles.id"), primary_key=True, autoincrement=False),
    Column("digest_id", String(64), ForeignKey("digests.id"), nullable=False, index=True),
    Column("way", String(16), nullable=False, server_default="entry"),  # as what: `records.Told`
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("digest_id", String(64), ForeignKey("digests.id"), nullable=False),
    Column("recipient", CleanText, nullable=False),
    Column("recipient_name", CleanText, nullable=False),
    Column("channel", CleanText, nullable=False),
    Column("message_id", CleanText, nullable=False),
    Column("subject", CleanText, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column(
        "attempts_before", Integer, nullable=False, server_default="0"
    ),  # of these: before people put it back
    Column("doubts", Integer, nullable=False, default=0),
    Column("shrunk", Boolean, nullable=False, server_default=false()),  # a server found it too large once
    Column("rule", String(24), nullable=False, server_default=""),  # by which it is suppressed
    Column("next_try_at", UtcDateTime),
    Column("lease_until", UtcDateTime),
    Column("lease_token", String(40)),
    Column("last_error", CleanText, nullable=False, default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    UniqueConstraint("digest_id", "recipient", "channel"),
    Index(None, "state", "next_try_at"),
)

mailboxes = Table(  # addresses with which something is the matter
    "mailboxes",
    metadata,
    Column("address", CleanText, primary_key=True),  # as `alerts.address.mailbox_key` spells it
    Column("subscription_id", CleanText, primary_key=True, default=""),  # whose mail it concerns; empty: all
    Column("refusals", Integer, nullable=False, default=0),  # for good, in a row
    Column("rule", String(24), nullable=False, default=""),  # why nothing is sent to it; empty: it is sent to
    Column("since", UtcDateTime, nullable=False),  # of the rule; without one, of the first of the refusals
    Column("note", CleanText, nullable=False, default=""),
)

upgrades = Table(  # when this database learned which schema
    "upgrades",
    metadata,
    Column("revision", String(32), primary_key=True),
    Column("applied_at", UtcDateTime, nullable=False),
)
