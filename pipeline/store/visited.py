"""What a visit leaves behind: its feeds' validators and moves, how the source does, its day, and when it is due next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from crawler.page import FailureKind, FeedReport, FeedResult, VisitReport
from crawler.rhythm import (
    Bounds,
    bounds_of,
    failing_wait_s,
    gone_until,
    next_every_s,
    pulse_of,
    wait_s,
)
from crawler.urls import host_of
from pipeline.store.days import count_day, forget_days
from pipeline.store.keys import key_of
from pipeline.store.tables import AnyRow, feeds, hosts, pages, sources

GONE = 410

_FEEDS_OF = select(feeds).where(feeds.c.source_id == bindparam("source"))
_SOURCE = select(sources).where(sources.c.id == bindparam("source")).with_for_update()
_NEXT_TRY = select(func.min(pages.c.next_try_at)).where(pages.c.source_id == bindparam("source"))


def close_visit(connection: Connection, report: VisitReport, now: datetime, every_s: float) -> None:
    """Remember the visit; see `Sources.close_visit`."""
    source = report.source
    before = connection.execute(_SOURCE, {"source": source.id}).first()
    known = {row.key: row for row in connection.execute(_FEEDS_OF, {"source": source.id})}
    for feed in report.feeds:
        _remember_feed(connection, source.id, feed, known.get(key_of(feed.url)))
    failed = [feed for feed in report.feeds if feed.result is FeedResult.FAILED]
    is_silent = len(failed) == len(report.feeds)
    bounds = bounds_of(source, every_s)
    fared = _silent if is_silent else _answered
    values = fared(connection, report, before, now, bounds) | {
        "id": source.id,
        "name": source.name,
        "last_visit_at": now,
        "last_problem": "; ".join(f"{feed.url}: {feed.detail or feed.why}" for feed in failed)[:1000],
    }
    connection.execute(_saving(sources, ("id",), tuple(values))[connection.dialect.name], values)
    _count(connection, report, now, failures=int(is_silent))
    if before is None or before.last_visit_at is None or before.last_visit_at.date() != now.date():
        forget_days(connection, source.id, now)


def _silent(
    connection: Connection, report: VisitReport, before: AnyRow | None, now: datetime, bounds: Bounds
) -> dict[str, Any]:
    """No list answered: later each time, but for hosts that said when to come back, and lists that are gone."""
    failures = (before.failures if before is not None else 0) + 1
    every_s = before.every_s if before is not None else None
    due_at = now + timedelta(seconds=failing_wait_s(report.source.id, every_s, failures, bounds))
    if all(feed.status == GONE for feed in report.feeds):
        rows = connection.execute(_FEEDS_OF, {"source": report.source.id})
        due_at = min(
            (gone_until(row.gone_at, row.last_result_at) for row in rows if row.gone_at), default=due_at
        )
    if any(feed.why is FailureKind.BUSY for feed in report.feeds):
        due_at = max(due_at, _busy_until(connection, report.feeds, now))
    return {"failures": failures, "last_failure_at": now, "next_due_at": due_at}


def _answered(
    connection: Connection, report: VisitReport, before: AnyRow | None, now: datetime, bounds: Bounds
) -> dict[str, Any]:
    """Some list answered: the source's rhythm says when to come back, or a page that is owed."""
    last = before.last_success_at if before is not None else None
    elapsed_s = None if last is None else max(1.0, (now - last).total_seconds())
    pulse = pulse_of(report.feeds, elapsed_s)
    every_s = next_every_s(before.every_s if before is not None else None, pulse, bounds)
    due_at = now + timedelta(seconds=wait_s(every_s, pulse, bounds))
    owed_at = connection.execute(_NEXT_TRY, {"source": report.source.id}).scalar()
    if owed_at is not None:
        due_at = min(due_at, max(owed_at, now + timedelta(seconds=bounds.min_s)))
    values: dict[str, Any] = {
        "failures": 0,
        "last_success_at": now,
        "every_s": every_s,
        "next_due_at": due_at,
        "gap_since": None,
    }
    if any(feed.new for feed in report.feeds):
        values["last_new_at"] = now
    if pulse.gap:
        gaps = before.gaps if before is not None else 0
        pending = before.gap_since if before is not None else None
        values |= {"last_gap_at": now, "gaps": gaps + 1, "gap_since": pending or last}
    return values


def _busy_until(connection: Connection, reports: Sequence[FeedReport], now: datetime) -> datetime:
    """When the first of the hosts may be asked again; now, when one of them may already."""
    named = {host_of(report.url) for report in reports}
    rows = connection.execute(select(hosts.c.host, hosts.c.busy_until).where(hosts.c.host.in_(named)))
    busy = {row.host: row.busy_until for row in rows if row.busy_until is not None}
    return min((busy.get(host, now) for host in named), default=now)


def _count(connection: Connection, report: VisitReport, now: datetime, failures: int) -> None:
    read = [feed for feed in report.feeds if feed.result is FeedResult.OK]
    counted = [feed for feed in read if feed.new is not None]
    found = sum(feed.entries for feed in counted or read)
    new = sum(feed.new or 0 for feed in counted)
    count_day(connection, report.source.id, now, visits=1, failures=failures, found=found, new=new)


def _remember_feed(connection: Connection, source_id: str, feed: FeedReport, before: AnyRow | None) -> None:
    has_failed = feed.result is FeedResult.FAILED
    values = {
        "source_id": source_id,
        "key": key_of(feed.url),
        "url": feed.url,
        "kind": feed.kind.value,
        "last_result": feed.result.value,
        "last_result_at": feed.at,
        "entries": feed.entries,
        "problem": feed.detail,
        "failures": (before.failures + 1 if before is not None else 1) if has_failed else 0,
        "gone_at": None,
        **_moved(feed, before),
    }
    if feed.result is not FeedResult.OK and before is not None:
        values["entries"] = before.entries  # as it was read last
    if feed.status == GONE:
        values["gone_at"] = before.gone_at if before is not None and before.gone_at else feed.at
    if feed.validators is not None and not has_failed:
        values |= {"etag": feed.validators.etag, "last_modified": feed.validators.last_modified}
    connection.execute(_saving(feeds, ("source_id", "key"), tuple(values))[connection.dialect.name], values)


def _moved(feed: FeedReport, before: AnyRow | None) -> dict[str, Any]:
    """Where the feed says it has moved for good, since when, and on how many days it said so."""
    known = before is not None and before.moved_to is not None
    if before is not None and feed.moved_to is None and feed.result is FeedResult.FAILED:
        names = ("moved_to", "moved_since", "moved_days")  # it said nothing at all
        return {name: getattr(before, name) for name in names}
    if feed.moved_to is None:
        return {"moved_to": None, "moved_since": None, "moved_days": 0}
    if before is None or not known or before.moved_to != feed.moved_to:
        return {"moved_to": feed.moved_to, "moved_since": feed.at, "moved_days": 1}
    is_another_day = before.last_result_at.date() != feed.at.date()
    days = max(1, before.moved_days) + is_another_day
    return {"moved_to": feed.moved_to, "moved_since": before.moved_since or feed.at, "moved_days": days}


Upsert = Mapping[str, sqlite.Insert | postgresql.Insert]
# each kind of statement once: building them anew for every visit cost more than running them (measured)
_MADE: dict[tuple[str, ...], Upsert] = {}


def _saving(table: Table, keys: tuple[str, ...], columns: tuple[str, ...]) -> Upsert:
    """One statement per engine that inserts a row with these columns, or changes them in the one there is."""
    name = (table.name, *columns)
    if name not in _MADE:
        makes: tuple[tuple[str, Callable[[Table], Any]], ...] = (
            ("sqlite", sqlite.insert),
            ("postgresql", postgresql.insert),
        )
        made: dict[str, Any] = {}
        for dialect, make in makes:
            statement = make(table)
            changes = {column: statement.excluded[column] for column in columns if column not in keys}
            made[dialect] = statement.on_conflict_do_update(index_elements=list(keys), set_=changes)
        _MADE[name] = made
    return _MADE[name]
