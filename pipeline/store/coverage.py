"""Coverage of a stretch of time, told or not: what a brief counts, and the stories it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from pipeline.article import Precision
from pipeline.store.articles import COLUMNS, records
from pipeline.store.database import Database, reads
from pipeline.store.records import ArticleRecord, StoryRecord
from pipeline.store.tables import articles, matches, stories

#: ids asked for at a time
_BATCH = 200


@dataclass(frozen=True, slots=True)
class CoverageQuery:
    """Which coverage is asked for.

    Attributes:
        start, end: when an article was first seen; start inclusive, end exclusive.
        topics: on at least one of these.
        languages, countries, outlets: ISO codes and sources' ids; empty means all.
        min_score: of the best of its matches on the topics.
    """

    start: datetime
    end: datetime
    topics: tuple[str, ...]
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    min_score: float = 0.0


@dataclass(frozen=True, slots=True)
class Covered:
    """An article of the coverage, without its text.

    Attributes:
        score: of its best match on the topics asked for.
        story_began_at: when the first article of its story was seen.
        published_at, precision: None when unknown.
    """

    article_id: int
    story_id: str
    story_began_at: datetime
    url: str
    title: str
    source_id: str
    outlet: str
    country: str | None
    language: str | None
    published_at: datetime | None
    precision: Precision | None
    first_seen_at: datetime
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in a stretch of time, on a topic or not. `by_source`: articles by source id."""

    articles: int
    by_source: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Questions about coverage."""

    database: Database

    @reads
    def listed(self, connection: Connection, query: CoverageQuery) -> list[Covered]:
        """The articles, oldest first; those found late among them, those withdrawn not."""
        score = func.max(matches.c.score).label("score")
        chosen = (
            select(articles.c.id, score)
            .join(matches, matches.c.article_id == articles.c.id)
            .where(*_wanted(query))
            .group_by(articles.c.id)
            .subquery()
        )
        rows = connection.execute(
            select(*_LIGHT, stories.c.first_seen_at.label("story_began_at"), chosen.c.score)
            .join(chosen, chosen.c.id == articles.c.id)
            .join(stories, stories.c.id == articles.c.story_id)
            .order_by(articles.c.first_seen_at, articles.c.id)
        )
        return [
            Covered(
                article_id=row.id,
                story_id=row.story_id,
                story_began_at=row.story_began_at,
                url=row.url,
                title=row.title,
                source_id=row.source_id,
                outlet=row.outlet,
                country=row.country,
                language=row.language,
                published_at=row.published_at,
                precision=Precision(row.published_precision) if row.published_precision else None,
                first_seen_at=row.first_seen_at,
                score=row.score,
            )
            for row in rows
        ]

    @reads
    def stories(
        self, connection: Connection, chosen: Sequence[Covered], until: datetime
    ) -> list[StoryRecord]:
        """The stories of these articles, in the order in which they first come.

        These articles are their members; the others are those of their articles that were first seen before `until`.
        """
        began = {one.story_id: one.story_began_at for one in chosen}
        asked = {one.article_id for one in chosen}
        members: dict[str, list[ArticleRecord]] = {story_id: [] for story_id in began}
        others: dict[str, list[ArticleRecord]] = {story_id: [] for story_id in began}
        ids = list(began)
        for start in range(0, len(ids), _BATCH):
            inside = articles.c.story_id.in_(ids[start : start + _BATCH])
            query = select(*COLUMNS).where(inside, articles.c.first_seen_at < until)
            rows = connection.execute(query.order_by(articles.c.first_seen_at, articles.c.id)).all()
            for record in records(connection, rows):
                (members if record.id in asked else others)[record.story_id].append(record)
        return [
            StoryRecord(story_id, began[story_id], tuple(found), tuple(others[story_id]))
            for story_id, found in members.items()
            if found
        ]

    def texts(self, chosen: Sequence[Covered]) -> Iterator[ArticleRecord]:
        """The same articles whole, a few in memory at a time; no transaction is held between them."""
        for start in range(0, len(chosen), _BATCH):
            yield from self._some([one.article_id for one in chosen[start : start + _BATCH]])

    @reads
    def read(self, connection: Connection, start: datetime, end: datetime) -> Reading:
        """What was read from `start` (inclusive) to `end` (exclusive)."""
        rows = connection.execute(
            select(articles.c.source_id, func.count())
            .where(articles.c.first_seen_at >= start, articles.c.first_seen_at < end)
            .group_by(articles.c.source_id)
        )
        by_source = {row[0]: int(row[1]) for row in rows}
        return Reading(sum(by_source.values()), by_source)

    @reads
    def began(self, connection: Connection) -> datetime | None:
        """When the first article of all was seen; None when there is none."""
        first: datetime | None = connection.execute(select(func.min(articles.c.first_seen_at))).scalar()
        return first

    @reads
    def _some(self, connection: Connection, article_ids: list[int]) -> list[ArticleRecord]:
        return _whole(connection, article_ids)


_LIGHT = tuple(
    articles.c[name]
    for name in (
        "id",
        "story_id",
        "url",
        "title",
        "source_id",
        "outlet",
        "country",
        "language",
        "published_at",
        "published_precision",
        "first_seen_at",
    )
)


def _wanted(query: CoverageQuery) -> Iterator[ColumnElement[bool]]:
    yield and_(articles.c.first_seen_at >= query.start, articles.c.first_seen_at < query.end)
    yield and_(
        matches.c.topic.in_(query.topics),
        matches.c.withdrawn_at.is_(None),
        matches.c.score >= query.min_score,
    )
    for column, values in (
        (articles.c.language, query.languages),
        (articles.c.country, query.countries),
        (articles.c.source_id, query.outlets),
    ):
        if values:
            yield column.in_(values)


def _whole(connection: Connection, article_ids: Sequence[int]) -> list[ArticleRecord]:
    """The articles whole, in the order of the ids."""
    found: dict[int, ArticleRecord] = {}
    query: Select[Any] = select(*COLUMNS)
    for start in range(0, len(article_ids), _BATCH):
        rows = connection.execute(query.where(articles.c.id.in_(article_ids[start : start + _BATCH]))).all()
        found.update((record.id, record) for record in records(connection, rows))
    return [found[one] for one in article_ids if one in found]
