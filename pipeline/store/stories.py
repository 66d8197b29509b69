"""Stories: their articles together, and those that a subscription has not been told of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
    union,
)

from pipeline.article import Role
from pipeline.store.articles import COLUMNS, records
from pipeline.store.database import Database, reads
from pipeline.store.records import ArticleRecord, SeenOf, StoryQuery, StoryRecord
from pipeline.store.tables import articles, matches, stories, subscriptions, told

#: an article whose transaction ended just after a window was told still belongs to the next one
_LATE = timedelta(hours=1)

#: stories read at a time
_BATCH = 200
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stories:
    """Questions about stories."""

    database: Database

    @reads
    def between(self, connection: Connection, query: StoryQuery) -> list[StoryRecord]:
        """The stories with articles on the query's topics, first found in its window and not yet told.

        An article that came in late, up to an hour before the window, counts as well, but never one from
        before the subscription was first seen. Ordered by when the story was first seen.
        What a change of the rules found is asked for apart (`late`), with the same bounds.
        """
        start, since = _from(connection, query)
        late = matches.c.rules_changed_at.is_not(None)
        found = select(matches.c.article_id).where(
            *_asked_for(query), matches.c.found_at <= query.end, late if query.late else ~late
        )
        fresh: Select[tuple[int]] | CompoundSelect[tuple[int]] = found.where(matches.c.found_at > start)
        if query.after_match is not None:
            fresh = union(fresh, found.where(matches.c.id > query.after_match, matches.c.found_at > since))
        wanted = select(*COLUMNS).where(articles.c.id.in_(fresh), *_places(query))
        if query.late:
            wanted = wanted.where(articles.c.first_seen_at > since)
        if not query.again:
            before = exists().where(
                told.c.article_id == articles.c.id, told.c.subscription_id == query.subscription_id
            )
            wanted = wanted.where(~before)
        members = records(connection, connection.execute(wanted).all())
        return _grouped(connection, members, query.subscription_id)

    @reads
    def seen(self, connection: Connection, query: StoryQuery) -> list[SeenOf]:
        """The articles that the query asks for and that were first seen in its window, told or not, however found.

        Ordered by when they were seen; each with its story.
        """
        wanted = (
            select(articles.c.story_id, articles.c.first_seen_at)
            .where(
                articles.c.first_seen_at > query.start,
                articles.c.first_seen_at <= query.end,
                exists().where(matches.c.article_id == articles.c.id, *_asked_for(query)),
                *_places(query),
            )
            .order_by(articles.c.first_seen_at, articles.c.id)
        )
        return [SeenOf(row.story_id, row.first_seen_at) for row in connection.execute(wanted)]

    @reads
    def last_found_at(self, connection: Connection, query: StoryQuery) -> datetime | None:
        """When the last article that the query asks for was found, up to its end; None: never. Its start does not count."""
        wanted = select(func.max(matches.c.found_at)).where(
            *_asked_for(query), matches.c.found_at <= query.end
        )
        if places := list(_places(query)):
            wanted = wanted.join_from(matches, articles).where(*places)
        return connection.execute(wanted).scalar()

    @reads
    def find(self, connection: Connection, story_id: str) -> StoryRecord | None:
        """A story with all its articles; None when there is no such story."""
        found = _whole(connection, [story_id])
        return found[0] if found else None

    def listed(self, *, matched_only: bool = True, since: datetime | None = None) -> Iterator[StoryRecord]:
        """Stories with all their articles, oldest first, a few in memory at a time.

        Args:
            matched_only: leave out stories none of whose articles is on a topic.
            since: only those with an article first seen then or later.
        """
        after = (_LONG_AGO, "")
        while batch := self._batch(after, since, matched_only=matched_only):
            yield from batch
            after = (batch[-1].first_seen_at, batch[-1].id)

    @reads
    def _batch(
        self,
        connection: Connection,
        after: tuple[datetime, str],
        since: datetime | None,
        *,
        matched_only: bool,
    ) -> list[StoryRecord]:
        at, story_id = after
        later = or_(
            stories.c.first_seen_at > at, and_(stories.c.first_seen_at == at, stories.c.id > story_id)
        )
        query = (
            select(stories.c.id).where(later).order_by(stories.c.first_seen_at, stories.c.id).limit(_BATCH)
        )
        member = articles.c.story_id == stories.c.id
        if since is not None:
            query = query.where(exists().where(member, articles.c.first_seen_at >= since))
        if matched_only:
            query = query.where(
                exists().where(
                    member, matches.c.article_id == articles.c.id, matches.c.withdrawn_at.is_(None)
                )
            )
        return _whole(connection, list(connection.execute(query).scalars()))


def _from(connection: Connection, query: StoryQuery) -> tuple[datetime, datetime]:
    """After which moment an article must have been found, and been seen."""
    since: datetime | None = connection.execute(
        select(subscriptions.c.since).where(subscriptions.c.id == query.subscription_id)
    ).scalar()
    if query.exact or since is None or query.start < since:  # asked for by hand, as a back issue
        return query.start, query.start
    return max(query.start - _LATE, since), since


def _asked_for(query: StoryQuery) -> tuple[ColumnElement[bool], ...]:
    return (
        matches.c.withdrawn_at.is_(None),
        matches.c.topic.in_(query.topics),
        matches.c.score >= query.min_score,
    )


def _places(query: StoryQuery) -> Iterator[ColumnElement[bool]]:
    if query.languages:
        yield articles.c.language.in_(query.languages)
    if query.countries:
        yield articles.c.country.in_(query.countries)
    if query.outlets:
        yield articles.c.source_id.in_(query.outlets)


def _grouped(
    connection: Connection, members: Sequence[ArticleRecord], subscription_id: str
) -> list[StoryRecord]:
    chosen = {member.id for member in members}
    story_ids = sorted({member.story_id for member in members})
    grouped = []
    for story in _whole(connection, story_ids):
        others = tuple(article for article in story.members if article.id not in chosen)
        grouped.append(
            StoryRecord(
                id=story.id,
                first_seen_at=story.first_seen_at,
                members=tuple(article for article in story.members if article.id in chosen),
                others=others,
                already_told=_told(connection, subscription_id, [article.id for article in others]),
            )
        )
    return grouped


def _told(connection: Connection, subscription_id: str, article_ids: Sequence[int]) -> bool:
    query = select(told.c.article_id).where(told.c.subscription_id == subscription_id).limit(1)
    return any(
        connection.execute(query.where(told.c.article_id.in_(article_ids[start : start + _BATCH]))).first()
        is not None
        for start in range(0, len(article_ids), _BATCH)
    )


def _whole(connection: Connection, story_ids: Sequence[str]) -> list[StoryRecord]:
    """The stories with all their articles, oldest story first, first report first."""
    whole: list[StoryRecord] = []
    for start in range(0, len(story_ids), _BATCH):
        ids = story_ids[start : start + _BATCH]
        members: dict[str, list[ArticleRecord]] = {}
        rows = connection.execute(select(*COLUMNS).where(articles.c.story_id.in_(ids))).all()
        for member in records(connection, rows):
            members.setdefault(member.story_id, []).append(member)
        for row in connection.execute(select(stories).where(stories.c.id.in_(ids))):
            ordered = tuple(sorted(members[row.id], key=_order))
            whole.append(StoryRecord(row.id, row.first_seen_at, ordered))
    return sorted(whole, key=lambda story: (story.first_seen_at, story.id))


def _order(member: ArticleRecord) -> tuple[bool, datetime, int]:
    published = member.article.published
    return member.role is not Role.FIRST, published.at if published else member.first_seen_at, member.id
