"""Articles and what they matched: kept once, found again, streamed out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, exists, func, or_, select

from crawler.page import Entry, Validators
from pipeline.article import Match, Outcome
from pipeline.store.database import Database, reads, writes
from pipeline.store.keeping import keep
from pipeline.store.keys import page_key
from pipeline.store.pages import Read, record
from pipeline.store.records import ArticleRecord, NewArticle
from pipeline.store.rows import article_record, match_of
from pipeline.store.tables import AnyRow, articles, matches, pages, revisions

#: articles read at a time when all are streamed
_BATCH = 200

#: what a record needs
COLUMNS = tuple(column for column in articles.c if column.name not in {"signature", "text_hash"})


@dataclass(frozen=True, slots=True)
class Articles:
    """Questions about articles."""

    database: Database

    @writes
    def add(
        self,
        connection: Connection,
        new: NewArticle,
        now: datetime,
        validators: Validators | None = None,
        entry: Entry | None = None,
    ) -> Outcome:
        """Keep an article and record its page's outcome, validators and what its entry said, in one transaction.

        KEPT or NO_MATCH when it is new; DUPLICATE when the same text of the same outlet is stored under
        another URL; REVISION when the article is stored with another text; the outcome of the first time when
        nothing changed.
        """
        self.database.alone(connection, "keep")
        outcome = keep(connection, new, now)
        read = Read(validators or Validators(), len(new.article.text), entry)
        return record(connection, new.page_url, new.article.source_id, outcome, now, read)

    @reads
    def find(self, connection: Connection, wanted: int | str) -> ArticleRecord | None:
        """The article with this id or URL (any spelling, a duplicate's included); None when there is none."""
        query = select(*COLUMNS)
        if isinstance(wanted, int):
            row = connection.execute(query.where(articles.c.id == wanted)).first()
        else:
            key = page_key(wanted)
            seen = select(pages.c.article_id).where(pages.c.key == key)
            by_url = or_(articles.c.url_key == key, articles.c.canonical_key == key, articles.c.id.in_(seen))
            rows = connection.execute(
                query.add_columns(articles.c.url_key).where(by_url).order_by(articles.c.id)
            ).all()
            row = min(rows, key=lambda one: one.url_key != key, default=None)
        return None if row is None else records(connection, [row])[0]

    @reads
    def history(self, connection: Connection, article_id: int) -> tuple[tuple[str, str, datetime], ...]:
        """Title, text and end of each earlier version, oldest first; empty when its text never changed."""
        earlier = select(revisions).where(revisions.c.article_id == article_id).order_by(revisions.c.id)
        return tuple((row.title, row.text, row.replaced_at) for row in connection.execute(earlier))

    @reads
    def total(self, connection: Connection, since: datetime | None = None) -> int:
        """How many articles are stored; with `since`, those first seen then or later."""
        query = select(func.count()).select_from(articles)
        if since is not None:
            query = query.where(articles.c.first_seen_at >= since)
        return connection.execute(query).scalar_one()

    def export(self, *, matched_only: bool = True, since: datetime | None = None) -> Iterator[ArticleRecord]:
        """All articles, oldest first, a few in memory at a time; no transaction is held between them.

        Args:
            matched_only: leave out those on no topic.
            since: only those first seen then or later.
        """
        after = 0
        while batch := self._batch(after, since, matched_only=matched_only):
            yield from batch
            after = batch[-1].id

    @reads
    def _batch(
        self, connection: Connection, after: int, since: datetime | None, *, matched_only: bool
    ) -> list[ArticleRecord]:
        query = select(*COLUMNS).where(articles.c.id > after).order_by(articles.c.id).limit(_BATCH)
        if since is not None:
            query = query.where(articles.c.first_seen_at >= since)
        if matched_only:
            matched = exists().where(matches.c.article_id == articles.c.id, matches.c.withdrawn_at.is_(None))
            query = query.where(matched)
        return records(connection, connection.execute(query).all())


def records(connection: Connection, rows: Sequence[AnyRow]) -> list[ArticleRecord]:
    """The records of rows of `articles` (with `COLUMNS`), in their order."""
    found: dict[int, list[Match]] = {row.id: [] for row in rows}
    standing = select(matches).where(matches.c.withdrawn_at.is_(None))
    for row in _in_batches(
        connection, standing.order_by(matches.c.score.desc(), matches.c.topic), list(found)
    ):
        found[row.article_id].append(match_of(row))
    return [article_record(row, tuple(found[row.id])) for row in rows]


def _in_batches(connection: Connection, query: Select[Any], article_ids: list[int]) -> Iterator[AnyRow]:
    for start in range(0, len(article_ids), _BATCH):
        yield from connection.execute(
            query.where(matches.c.article_id.in_(article_ids[start : start + _BATCH]))
        )
