"""The noise guard: how many stories were to be expected, and whether so many came that the digest is folded. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.digest import Flood
from alerts.windows import Window
from pipeline.store import SeenOf

#: what was usual is read from four whole weeks: every weekday counts as often
BASE = timedelta(days=28)
#: with less than a week nobody knows yet what a weekend brings
LEAST_HISTORY = timedelta(days=7)
#: a busy day brings two or three times as much as usual; five times as much is an event of its own, or a rule gone wrong
FAR_BEYOND = 5.0
#: so many stories are read in two minutes, however unusual they are: never a flood
NEVER_A_FLOOD = 10
#: stories that a folded digest shows in full; the others stand in the attached list
FULL_IN_FLOOD = 10

DAY = timedelta(days=1)


def expected_stories(
    seen: Iterable[SeenOf], window: Window, zone: ZoneInfo, reading_since: datetime | None
) -> float | None:
    """The stories that a window of this length had on average in the four weeks before it.

    A story counts once for each local day on which an article of it came.

    Args:
        seen: articles of the subscription with their stories; those outside the four weeks do not count.
        window: the window asked about.
        zone: that of the subscription, in which days are counted.
        reading_since: when the first article of all was seen.

    Returns:
        None with less than a week of history.
    """
    start = max(window.start - BASE, reading_since) if reading_since else window.start
    history = window.start - start
    if history < LEAST_HISTORY:
        return None
    usual = {(one.story_id, one.at.astimezone(zone).date()) for one in seen if start < one.at <= window.start}
    return len(usual) * ((window.end - window.start) / history)


def flood_of(came: int, expected: float | None, max_entries: int) -> Flood | None:
    """Whether a digest is folded: far more stories came than were to be expected; None: it is not.

    A subscription that gets more than its maximum, and always does, is in no flood: it is shown its maximum, and the
    others stand in the attached list. While nobody knows what is usual, its maximum is taken for it.
    """
    usual = float(max_entries) if expected is None else expected
    return Flood(expected, came) if came > max(NEVER_A_FLOOD, FAR_BEYOND * usual) else None
