"""What a subscription is to be told: its news, and apart from them what a change of the rules found late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from alerts.digest import DigestEntry, FoundLate
from alerts.subscription import Subscription
from alerts.windows import Window
from pipeline.store import Store, StoryQuery, StoryRecord
from tipwatch.entries import story_order


@dataclass(frozen=True, slots=True)
class ToTell:
    """What a subscription is to be told, most important first: its news, and what a change of the rules found late."""

    news: tuple[StoryRecord, ...]
    late: tuple[StoryRecord, ...] = ()

    @property
    def article_ids(self) -> tuple[int, ...]:
        """All articles that count as told with it."""
        return tuple(record.id for story in (*self.news, *self.late) for record in story.members)


def to_tell(store: Store, subscription: Subscription, window: Window) -> ToTell:
    """What the subscription is to be told at the end of a window."""
    query = story_query(subscription, window)
    news = news_of(store, query)
    return ToTell(news, late_stories(store, query, news))


def story_query(subscription: Subscription, window: Window) -> StoryQuery:
    """What the subscription asks for in a window."""
    return StoryQuery(
        subscription_id=subscription.id,
        start=window.start,
        end=window.end,
        topics=subscription.topics,
        languages=subscription.languages,
        countries=subscription.countries,
        min_score=subscription.min_score,
    )


def news_of(store: Store, query: StoryQuery) -> tuple[StoryRecord, ...]:
    """The news of a query, most important first."""
    return tuple(sorted(store.stories.between(query), key=story_order))


def late_stories(store: Store, query: StoryQuery, news: Sequence[StoryRecord]) -> tuple[StoryRecord, ...]:
    """What the query finds late, most important first; articles among the `news` are left to them."""
    told_as_news = {record.id for story in news for record in story.members}
    found: list[StoryRecord] = []
    for story in store.stories.between(replace(query, late=True)):
        members = tuple(record for record in story.members if record.id not in told_as_news)
        if members:
            found.append(replace(story, members=members))
    return tuple(sorted(found, key=story_order))


def sections(
    stories: Sequence[StoryRecord],
    subscription: Subscription,
    entry_of: Callable[[StoryRecord], DigestEntry],
) -> tuple[FoundLate, ...]:
    """The stories by the day on which the rules changed, as the subscription counts days; the latest change first."""
    zone = ZoneInfo(subscription.timezone)
    shown = {id(story) for story in stories[: subscription.max_entries]}
    by_day: dict[date, list[StoryRecord]] = {}
    for story in stories:
        by_day.setdefault(changed_at(story, subscription).astimezone(zone).date(), []).append(story)
    return tuple(
        FoundLate(
            rules_changed_at=max(changed_at(story, subscription) for story in found),
            entries=tuple(entry_of(story) for story in found if id(story) in shown),
            left_out=sum(id(story) not in shown for story in found),
        )
        for _, found in sorted(by_day.items(), reverse=True)
    )


def changed_at(story: StoryRecord, subscription: Subscription) -> datetime:
    """When the rules changed that found the story: the last such change for any of its articles."""
    return max(
        match.rules_changed_at
        for record in story.members
        for match in record.matches
        if match.rules_changed_at is not None and match.topic in subscription.topics
    )
