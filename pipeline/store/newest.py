"""Which stories of a topic are the newest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from pipeline.store.database import Database, reads
from pipeline.store.tables import articles, matches


class NewestStory(NamedTuple):
    """A story on a topic, and when its latest article on it was found."""

    story_id: str
    found_at: datetime


@dataclass(frozen=True, slots=True)
class Newest:
    """The question what to show on top."""

    database: Database

    @reads
    def on_topic(self, connection: Connection, topic: str, limit: int) -> list[NewestStory]:
        """The stories with an article on the topic, those with the latest one first; at most `limit`."""
        found_at = func.max(matches.c.found_at, type_=matches.c.found_at.type)
        query = (
            select(articles.c.story_id, found_at)
            .join_from(matches, articles, matches.c.article_id == articles.c.id)
            .where(matches.c.topic == topic, matches.c.withdrawn_at.is_(None))
            .group_by(articles.c.story_id)
            .order_by(found_at.desc(), articles.c.story_id)
            .limit(limit)
        )
        return [NewestStory(*row) for row in connection.execute(query)]
