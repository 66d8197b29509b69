"""Sources as they fared: what each gave day by day, what its lists answered last, and what became of its pages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from pipeline.article import OutcomeKind
from pipeline.store.database import Database, reads
from pipeline.store.tables import feeds, pages, source_days, sources

#: outcomes that say that a page could not be had or not be read
_PAGE_FAILURES = (
    OutcomeKind.FAILED,
    OutcomeKind.EXTRACTION_EMPTY,
    OutcomeKind.EXTRACTION_KILLED,
    OutcomeKind.TOO_DEEP,
    OutcomeKind.TOO_LARGE,
    OutcomeKind.ROBOTS,
)


class SourceDay(NamedTuple):
    """What a source gave on a day (UTC): counts; `chars` of the texts of its `pages` together."""

    day: date
    visits: int = 0
    failures: int = 0
    found: int = 0
    new: int = 0
    pages: int = 0
    chars: int = 0
    blocked: int = 0


@dataclass(frozen=True, slots=True)
class ListState:
    """A feed, sitemap or listing as it was when it was asked last.

    Attributes:
        kind: a `crawler.page.ListKind`; result: a `crawler.page.FeedResult`.
        problem: one line for people; empty when all went well.
        failures: in a row.
        moved_to, moved_since: where it says that it has moved for good, and since when it does; None: it does not.
        gone_at: when it said that it is gone for good (410); None: it did not.
    """

    url: str
    kind: str
    result: str
    at: datetime
    entries: int
    problem: str
    failures: int = 0
    moved_to: str | None = None
    moved_since: datetime | None = None
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceMemory:
    """All that is kept of how a source fares; times are aware UTC, None: never.

    Attributes:
        failures: visits in a row in which none of its lists could be read.
        every_s: seconds between two visits by its own rhythm; None: not known yet.
        days: oldest first, only those with a visit.
        page_failures: why pages gave nothing, with their counts.
    """

    source_id: str
    name: str
    last_visit_at: datetime | None = None
    last_success_at: datetime | None = None
    last_failure_at: datetime | None = None
    failures: int = 0
    last_problem: str = ""
    every_s: float | None = None
    next_due_at: datetime | None = None
    last_new_at: datetime | None = None
    last_gap_at: datetime | None = None
    gaps: int = 0
    lists: tuple[ListState, ...] = ()
    days: tuple[SourceDay, ...] = ()
    page_failures: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class SourceStates:
    """The question how sources fare."""

    database: Database

    @reads
    def remembered(
        self, connection: Connection, now: datetime, days: int, failure_days: int
    ) -> dict[str, SourceMemory]:
        """Every source ever visited, by id, with its last `days` days and the page failures of `failure_days` days."""
        lists = _lists(connection)
        by_day = _days(connection, (now - timedelta(days=days)).date())
        failures = _page_failures(connection, now - timedelta(days=failure_days))
        return {
            row.id: SourceMemory(
                source_id=row.id,
                name=row.name,
                last_visit_at=row.last_visit_at,
                last_success_at=row.last_success_at,
                last_failure_at=row.last_failure_at,
                failures=row.failures,
                last_problem=row.last_problem,
                every_s=row.every_s,
                next_due_at=row.next_due_at,
                last_new_at=row.last_new_at,
                last_gap_at=row.last_gap_at,
                gaps=row.gaps,
                lists=tuple(lists[row.id]),
                days=tuple(by_day[row.id]),
                page_failures=MappingProxyType(dict(failures[row.id].most_common())),
            )
            for row in connection.execute(select(sources).order_by(sources.c.id))
        }


def _lists(connection: Connection) -> dict[str, list[ListState]]:
    found: dict[str, list[ListState]] = defaultdict(list)
    for row in connection.execute(select(feeds).order_by(feeds.c.url)):
        state = ListState(
            url=row.url,
            kind=row.kind,
            result=row.last_result,
            at=row.last_result_at,
            entries=row.entries,
            problem=row.problem,
            failures=row.failures,
            moved_to=row.moved_to,
            moved_since=row.moved_since,
            gone_at=row.gone_at,
        )
        found[row.source_id].append(state)
    return found


def _days(connection: Connection, first: date) -> dict[str, list[SourceDay]]:
    table = source_days.c
    query = (
        select(
            table.source_id,
            table.day,
            table.visits,
            table.failures,
            table.found,
            table.new,
            table.pages,
            table.chars,
            table.blocked,
        )
        .where(table.day >= first.isoformat())
        .order_by(table.day)
    )
    found: dict[str, list[SourceDay]] = defaultdict(list)
    for source_id, day, *counts in connection.execute(query):
        found[source_id].append(SourceDay(date.fromisoformat(day), *counts))
    return found


def _page_failures(connection: Connection, since: datetime) -> dict[str, Counter[str]]:
    count = func.count()
    query = (
        select(pages.c.source_id, pages.c.outcome, pages.c.detail, count)
        .where(pages.c.decided_at >= since, pages.c.outcome.in_([kind.value for kind in _PAGE_FAILURES]))
        .group_by(pages.c.source_id, pages.c.outcome, pages.c.detail)
    )
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for source_id, outcome, detail, number in connection.execute(query):
        found[source_id][detail[:120] or outcome] += number
    return found
