"""A back issue: what came on a subscription's topics since a day, asked for by hand; its window goes on as it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from alerts.digest import Digest
from alerts.subscription import Subscription
from alerts.windows import Window
from pipeline.store import DigestKind
from tipwatch.errors import UsageError
from tipwatch.rounds.choosing import ToTell, story_query, to_tell
from tipwatch.rounds.composing import compose
from tipwatch.rounds.desk import Desk
from tipwatch.rounds.posting import keep


@dataclass(frozen=True, slots=True)
class BackOrder:
    """Which back issue is asked for.

    Attributes:
        since: only what was first seen after this time; aware UTC.
        again: what the subscription was told already as well.
    """

    since: datetime
    again: bool = False


def back_issue(desk: Desk, subscription: Subscription, order: BackOrder) -> Digest | None:
    """Put a back issue into the outbox; None when there is nothing to tell. What it tells counts as told.

    Raises:
        UsageError: it would begin in the future.
    """
    if order.since >= desk.now:
        raise UsageError(
            f"a back issue begins in the past: {order.since:%Y-%m-%d %H:%M} UTC is still to come"
        )
    query = replace(story_query(subscription, Window(order.since, desk.now)), again=order.again, exact=True)
    telling = to_tell(desk.store, query)
    if order.again:  # a whole issue: nothing in it is more about what was told
        telling = ToTell((*telling.news, *telling.updates), (), telling.late)
    if not telling.article_ids:
        return None
    issue = compose(desk, subscription, query, telling)
    told = {one.article_id for one in desk.store.digests.told_before(subscription.id, issue.article_ids)}
    untold = tuple(article_id for article_id in issue.article_ids if article_id not in told)
    digest = replace(issue.digest, id=f"b{issue.digest.id}")
    made = replace(issue, digest=digest, article_ids=untold)
    return digest if keep(desk, subscription, made, DigestKind.BACK) else None
