"""Found late: articles read before the change of the rules that found them; a digest tells them apart from its news."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from alerts.digest import DigestEntry, FoundLate
from alerts.subscription import Subscription
from pipeline.store import Store, StoryQuery, StoryRecord
from tipwatch.entries import story_order


def late_stories(store: Store, query: StoryQuery, news: Sequence[StoryRecord]) -> list[StoryRecord]:
    """What the query finds late, most important first; articles among the `news` are left to them."""
    told_as_news = {record.id for story in news for record in story.members}
    found: list[StoryRecord] = []
    for story in store.stories.between(replace(query, late=True)):
        members = tuple(record for record in story.members if record.id not in told_as_news)
        if members:
            found.append(replace(story, members=members))
    return sorted(found, key=story_order)


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
