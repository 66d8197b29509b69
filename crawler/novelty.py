"""Which of the listed articles are fetched now, which in a later visit, and which are an archive that is passed over. Pure.

A list is read for news, not for its archive, and nothing new may be lost: the ledger says what is unknown, dates only help
where it cannot tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crawler.entries import YEARS, read_date
from crawler.page import Entry, Visit

#: publishers list an article up to two days after the date they print on it (Google reads news sitemaps for as long)
LATE = timedelta(days=2)

_NEVER = datetime.min.replace(tzinfo=UTC)
_DAY_IN_URL = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_.-]?(0[1-9]|1[0-2])[/_.-]?(0[1-9]|[12]\d|3[01])(?!\d)")
_MONTH_IN_URL = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_-](0[1-9]|1[0-2])(?!\d)")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many new pages one list may bring.

    Attributes:
        per_visit: in one visit; the rest follows in later ones.
        at_first: when nothing of it was known before; the rest is an archive, but for what is from the last two days.
    """

    per_visit: int
    at_first: int


FEED = Bounds(per_visit=300, at_first=300)
SITEMAP = Bounds(per_visit=500, at_first=100)
LISTING = Bounds(per_visit=300, at_first=300)


@dataclass(frozen=True, slots=True)
class Choice:
    """What becomes of the unknown entries of one list.

    Attributes:
        now: to be sighted, newest first.
        later: of the rest, those to be taken in later visits: not recorded yet.
        archive: those to be passed over for good.
    """

    now: tuple[Entry, ...] = ()
    later: tuple[Entry, ...] = ()
    archive: tuple[Entry, ...] = ()


def cutoff_of(visit: Visit, now: datetime) -> datetime:
    """From when on dated entries count as news: `Visit.since`, else two days before the newest we know, or before now."""
    if visit.since is not None:
        return visit.since
    newest = visit.newest if visit.newest is not None else now
    return min(newest, now) - LATE


def choose(unknown: Sequence[Entry], cutoff: datetime, bounds: Bounds, *, is_first: bool) -> Choice:
    """What becomes of the unknown entries of a list.

    Args:
        unknown: those that the ledger does not know.
        cutoff: see `cutoff_of`.
        bounds: how many pages they may come to.
        is_first: the list was never read before: then what is old in it is its archive. Later everything unknown is new,
            whatever its date.
    """
    ranked = by_date(unknown)
    news = len(ranked)
    if is_first:
        fresh = sum(1 for entry in ranked if (moment_of(entry) or _NEVER) >= cutoff)
        news = max(fresh, bounds.at_first)
    return Choice(ranked[: min(news, bounds.per_visit)], ranked[bounds.per_visit : news], ranked[news:])


def by_date(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Newest first; those without any date stay in their order, behind the dated ones."""
    dated = [(moment_of(entry), entry) for entry in entries]
    with_date = sorted(
        ((moment, entry) for moment, entry in dated if moment is not None),
        key=lambda one: one[0],
        reverse=True,
    )
    return (*(entry for _, entry in with_date), *(entry for moment, entry in dated if moment is None))


def moment_of(entry: Entry) -> datetime | None:
    """When it was published as far as its list or its URL says, for comparing only; None when nothing says it."""
    return entry.published or loose_moment(entry.published_raw) or day_in(entry.url) or entry.updated


def loose_moment(printed: str | None) -> datetime | None:
    """A printed moment of which the zone may be missing (then UTC), for comparing only; None when unreadable."""
    if not printed:
        return None
    exact = read_date(printed)
    if exact is not None:
        return exact
    try:
        moment = datetime.fromisoformat(printed.strip())
        aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return _month(printed)
    return aware if aware.year in YEARS else None


def day_in(url: str) -> datetime | None:
    """The day that a URL names (``/2026/11/23/``, ``-20261123``); None when it names none or an impossible one."""
    found = _DAY_IN_URL.search(url)
    return _midnight(*map(int, found.groups())) if found else None


def month_in(url: str) -> datetime | None:
    """The end of the month that a URL names, e.g. a sitemap's of ``2026-11``; None when it names none."""
    found = _MONTH_IN_URL.search(url)
    first = _midnight(int(found[1]), int(found[2]), 1) if found else None
    return first + timedelta(days=31) if first else None


def _month(printed: str) -> datetime | None:
    """``2026`` and ``2026-11`` are dates too (https://www.w3.org/TR/NOTE-datetime)."""
    found = re.fullmatch(r"\s*(\d{4})(?:-(\d\d))?\s*", printed)
    return _midnight(int(found[1]), int(found[2] or 1), 1) if found else None


def _midnight(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC) if year in YEARS else None
    except ValueError:
        return None
