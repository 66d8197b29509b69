"""The window of a subscription: whether it is over, and the digest that closes it."""

from __future__ import annotations

import logging
from dataclasses import replace

from alerts.digest import Digest
from alerts.subscription import Subscription
from alerts.windows import Window, windows_due
from pipeline.store import DigestKind, SubscriptionState
from tipwatch.rounds.choosing import story_query, to_tell
from tipwatch.rounds.composing import compose
from tipwatch.rounds.desk import Desk
from tipwatch.rounds.posting import keep

log = logging.getLogger(__name__)


def close_window(
    desk: Desk, subscription: Subscription, state: SubscriptionState, window: Window, *, must_tell: bool
) -> Digest | None:
    """Close a window: its digest is written down with its mails. None: another process was quicker, or nothing is told.

    Args:
        desk: what it takes.
        subscription: whose window is over.
        state: where it stands.
        window: the window.
        must_tell: it stays open while there is nothing to tell.
    """
    # asked before anything is chosen: what is written down meanwhile comes after it
    newest = desk.store.digests.newest_match()
    query = story_query(subscription, window, state)
    telling = to_tell(desk.store, query)
    if must_tell and not telling.article_ids:
        return None
    issue = compose(desk, subscription, query, telling)
    if keep(desk, subscription, replace(issue, newest_match=newest), DigestKind.DIGEST):
        return issue.digest
    log.info("the window of %s ending %s has its digest already", subscription.id, window.end.isoformat())
    return None


def window_over(
    desk: Desk, subscription: Subscription, state: SubscriptionState, *, now: bool
) -> tuple[Window | None, bool]:
    """The window to close, None if it is still open; and whether it may only be closed with something to tell.

    The first digest of a subscription goes out as soon as there is something to tell (docs/decisions/0006), and with a
    heartbeat at the first scheduled time at the latest: silence would look like a machine that stands still. `now`: the
    window ends at once, whatever the schedule says.
    """
    start = state.last_window_end or state.since
    due = windows_due(subscription, state.since, state.last_window_end, desk.now)
    if now or state.last_window_end is None:
        must_tell = now or not (due and subscription.heartbeat)
        return (Window(start, desk.now) if desk.now > start else None), must_tell
    return (due[0] if due else None), False
