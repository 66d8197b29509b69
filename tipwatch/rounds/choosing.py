"""What a subscription is to be told: its news, more about stories it was told, and what a change of the rules found late."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from alerts.subscription import Subscription
from alerts.windows import Window
from pipeline.store import ArticleRecord, Store, StoryQuery, StoryRecord, SubscriptionState
from tipwatch.entries import story_order


@dataclass(frozen=True, slots=True)
class ToTell:
    """What a subscription is to be told, most important first.

    Attributes:
        news: stories of which it was told nothing yet.
        updates: more about stories that it was told.
        late: what a change of the rules found.
    """

    news: tuple[StoryRecord, ...]
    updates: tuple[StoryRecord, ...] = ()
    late: tuple[StoryRecord, ...] = ()

    @property
    def article_ids(self) -> tuple[int, ...]:
        """All articles that count as told with it."""
        return tuple(
            record.id for story in (*self.news, *self.updates, *self.late) for record in story.members
        )


def to_tell(store: Store, query: StoryQuery) -> ToTell:
    """What is to be told of what a query asks for."""
    fresh = stories_of(store, query)
    return ToTell(
        news=tuple(story for story in fresh if not story.already_told),
        updates=tuple(story for story in fresh if story.already_told),
        late=late_stories(store, query, fresh),
    )


def story_query(
    subscription: Subscription, window: Window, state: SubscriptionState | None = None
) -> StoryQuery:
    """What the subscription asks for in a window; with its `state`, what clocks that went back would hide as well."""
    return StoryQuery(
        subscription_id=subscription.id,
        start=window.start,
        end=window.end,
        topics=subscription.topics,
        languages=subscription.languages,
        countries=subscription.countries,
        outlets=subscription.outlets,
        min_score=subscription.min_score,
        after_match=state.newest_match if state else None,
    )


def stories_of(store: Store, query: StoryQuery) -> tuple[StoryRecord, ...]:
    """The stories of a query, most important first, their articles with the matches that were asked for."""
    return in_order(store.stories.between(query), query)


def late_stories(store: Store, query: StoryQuery, fresh: Sequence[StoryRecord]) -> tuple[StoryRecord, ...]:
    """What the query finds late, most important first; articles among the `fresh` stories are left to them."""
    told_as_fresh = {record.id for story in fresh for record in story.members}
    found: list[StoryRecord] = []
    for story in store.stories.between(replace(query, late=True)):
        members = tuple(record for record in story.members if record.id not in told_as_fresh)
        if members:
            found.append(replace(story, members=members))
    return in_order(found, query)


def in_order(found: Iterable[StoryRecord], query: StoryQuery) -> tuple[StoryRecord, ...]:
    """The stories, most important first; matches on topics that were not asked for count for nothing."""
    topics = frozenset(query.topics)
    return tuple(sorted((on_topics(story, topics) for story in found), key=story_order))


def on_topics(story: StoryRecord, topics: frozenset[str]) -> StoryRecord:
    """The story, its new articles with their matches on these topics only: they say why it is told, no others."""
    return replace(story, members=tuple(asked_for(record, topics) for record in story.members))


def asked_for(record: ArticleRecord, topics: frozenset[str]) -> ArticleRecord:
    """The article with its matches on these topics only."""
    return replace(record, matches=tuple(match for match in record.matches if match.topic in topics))
