"""What a change of the rules found late, as sections of a digest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from alerts.digest import DigestEntry, FoundLate
from alerts.subscription import Subscription
from pipeline.store import StoryRecord


def sections(
    stories: Sequence[StoryRecord],
    subscription: Subscription,
    entry_of: Callable[[StoryRecord], DigestEntry],
) -> tuple[FoundLate, ...]:
    """The stories by the day on which the rules changed, as the subscription counts days; the latest change first."""
    zone = ZoneInfo(subscription.timezone)
    by_day: dict[date, list[StoryRecord]] = {}
    for story in stories:
        by_day.setdefault(changed_at(story, subscription).astimezone(zone).date(), []).append(story)
    return tuple(
        FoundLate(
            rules_changed_at=max(changed_at(story, subscription) for story in found),
            entries=tuple(entry_of(story) for story in found),
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
