"""What does not wait for the digest: one mail for each story, gathered, not at quiet hours, and never too many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from alerts.digest import Digest
from alerts.subscription import Instant, Subscription
from alerts.windows import Window, quiet_until
from pipeline.article import Role
from pipeline.store import DigestKind, StoryQuery, StoryRecord, SubscriptionState
from tipwatch.entries import score_of
from tipwatch.rounds.choosing import ToTell, stories_of, story_query
from tipwatch.rounds.composing import about_the_house, fold, plain_issue
from tipwatch.rounds.desk import Desk
from tipwatch.rounds.posting import Thread, keep

HOUR = timedelta(hours=1)
#: more about a story does not come more often than this; the first mail said the news
FOLLOW_UP = HOUR


def tell_at_once(desk: Desk, subscription: Subscription, state: SubscriptionState) -> tuple[Digest, ...]:
    """A mail for each story that cannot wait for the digest of the open window, the most important first.

    None at quiet hours, and no more than the subscription takes in an hour: an article counts as told only once it was,
    so what is held back here is told when there is room again, or by the digest, whichever comes first. What is found
    late can wait.
    """
    wanted = subscription.instant
    if wanted is None or quiet_until(subscription, desk.now) is not None:
        return ()
    room = wanted.max_per_hour - desk.store.digests.instants_since(subscription.id, desk.now - HOUR)
    if room <= 0:
        return ()
    start = min(state.last_window_end or state.since, desk.now)  # clocks may have been set back
    told: list[Digest] = []
    query = story_query(subscription, Window(start, desk.now), state)
    for story in urgent_stories(desk, subscription, wanted, query):
        # a subscription has one digest of a kind for each end of a window
        end = desk.now + timedelta(microseconds=len(told))
        digest = tell_story(desk, subscription, story, Window(start, end))
        if digest is not None:
            told.append(digest)
        if len(told) == room:
            break
    return tuple(told)


def urgent_stories(
    desk: Desk, subscription: Subscription, wanted: Instant, query: StoryQuery
) -> Iterator[StoryRecord]:
    """The stories that cannot wait: sure enough and gathered long enough; of a story told before, only further reports."""
    for story in stories_of(desk.store, query):
        if score_of(story) < wanted.min_score or not is_gathered(story, wanted, desk.now):
            continue
        if not story.already_told or is_further(desk, subscription, story):
            yield story


def is_gathered(story: StoryRecord, wanted: Instant, now: datetime) -> bool:
    """Whether the first of the story's new articles has waited long enough for its copies."""
    first = min(record.first_seen_at for record in story.members)
    return now - first >= timedelta(seconds=wanted.gather_s)


def is_further(desk: Desk, subscription: Subscription, story: StoryRecord) -> bool:
    """Whether there is more to say of a story than that others print it too, and it was last told a while ago."""
    if all(record.role is Role.REPRINT for record in story.members):
        return False
    ids = [record.id for record in story.others]
    told = desk.store.digests.told_before(subscription.id, ids)
    return all(one.window_end <= desk.now - FOLLOW_UP for one in told)


def tell_story(desk: Desk, subscription: Subscription, story: StoryRecord, window: Window) -> Digest | None:
    """Put the mails about one story into the outbox, in the thread of those before; None: another process told it."""
    telling = ToTell((), (story,)) if story.already_told else ToTell((story,))
    folded = fold(telling, 1, None)
    issue = plain_issue(desk, subscription, window, folded)
    facts = desk.store.digests.facts(window.start, desk.now)
    digest = replace(about_the_house(issue.digest, facts), id=f"i{issue.digest.id}")
    others = [record.id for record in story.others]
    thread = Thread(tuple(desk.store.digests.instants_of(subscription.id, others)) if others else ())
    made = replace(issue, digest=digest)
    return digest if keep(desk, subscription, made, DigestKind.INSTANT, thread) else None
