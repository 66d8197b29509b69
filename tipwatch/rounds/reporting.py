"""How the house fares, gathered for the operator's mail: the ledger, the outbox, sources, pages, days, the disk."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

from alerts.operator import (
    OPERATOR,
    DayOfWork,
    DeliveryNote,
    ExceptionNote,
    OperatorReport,
    SourceNote,
    SubscriptionCount,
)
from alerts.operator.report import WAITING_LONG
from alerts.outbox import DeliveryState
from alerts.windows import Window, instant_of
from pipeline.article import Outcome, OutcomeKind
from pipeline.store import DeliveryRecord, SourceHealth, Store
from tipwatch.config import Config, Operator
from tipwatch.ledger.checking import Checked, CheckOrder, Totals, check
from tipwatch.ledger.fates import MEANING, Fate, Finding
from tipwatch.rounds.desk import Desk
from tipwatch.rounds.tally import FAILURES, reason

#: shown of each list; what is beyond is counted
SHOWN = 10
#: days of work in the mail
DAYS = 7
#: what is proven every night: what is older was proven when it was younger, and no alarm rings for ever
PROVEN = timedelta(days=35)
#: a mail is tried for two days and a failed one is told of for two more: nobody reads about it for ever
TOLD_FOR = timedelta(days=4)

_OPEN = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.RETRY)


def report_of(desk: Desk, operator: Operator, window: Window) -> OperatorReport:
    """How the house fares at the end of a window. Changes nothing."""
    config, store = desk.config, desk.store
    checked = check(config, store, CheckOrder(since=desk.now - PROVEN), desk.now)
    health = store.sources.health()
    visited = [health[source.id] for source in config.sources if source.id in health]
    return OperatorReport(
        window_start=window.start,
        window_end=window.end,
        timezone=operator.timezone,
        language=operator.language,
        version=version("tipwatch"),
        rules_version=desk.pack.version,
        proven_days=PROVEN.days,
        subscriptions=tuple(counted(checked)),
        exceptions=tuple(exception_note(store, one) for one in checked.findings[:SHOWN]),
        exceptions_found=len(checked.findings),
        deliveries=tuple(not_through(store, desk.now)),
        mailboxes=tuple(closed_mailboxes(store, window)),
        sources=len(config.sources),
        visited=len(visited),
        silent=tuple(silent(visited)),
        moved=tuple(moved(config, visited)),
        pages_failed=tuple(pages_failed(store, window)),
        days=tuple(days_of_work(store, window.end, ZoneInfo(operator.timezone))),
        last_success_at=max((one.last_success_at for one in visited if one.last_success_at), default=None),
        database_bytes=store.house.size_bytes(),
        disk_free_bytes=disk_free(store),
    )


def counted(checked: Checked) -> Iterator[SubscriptionCount]:
    """The ledger's totals; of subscriptions that are configured no more only where something is left to do."""
    for one in checked.totals:
        left = sum(one.fates[fate] for fate in (Fate.PENDING, Fate.EXCEPTION))
        if one.subscription_id != OPERATOR and (one.configured or left):
            yield subscription_count(one)


def subscription_count(one: Totals) -> SubscriptionCount:
    """The totals of one subscription."""
    return SubscriptionCount(
        id=one.subscription_id,
        articles=one.articles,
        delivered=one.fates[Fate.DELIVERED],
        folded=one.fates[Fate.FOLDED],
        suppressed=one.fates[Fate.SUPPRESSED],
        pending=one.fates[Fate.PENDING],
        failed=one.fates[Fate.FAILED],
        unknown=one.fates[Fate.UNKNOWN],
        exceptions=one.fates[Fate.EXCEPTION],
        overdue_since=one.overdue_since,
    )


def exception_note(store: Store, finding: Finding) -> ExceptionNote:
    """A finding with its article named."""
    record = None if finding.article_id is None else store.articles.find(finding.article_id)
    article = (
        "" if record is None else f"{record.article.outlet}: {record.article.title} ({record.article.url})"
    )
    digest = f"digest {finding.digest_id}" if finding.digest_id else ""
    where = ", ".join(filter(None, (finding.subscription_id, digest, article, finding.detail)))
    to_do = finding.to_do(record.first_seen_at.date() if record else None)
    return ExceptionNote(str(finding.fault), where, MEANING[finding.fault].why, to_do)


def not_through(store: Store, now: datetime) -> Iterator[DeliveryNote]:
    """Mails that failed or may have arrived, of the last days, and those that wait for long; the gravest first."""
    recent = now - TOLD_FOR
    for state, told_as in ((DeliveryState.FAILED, "failed"), (DeliveryState.UNKNOWN, "unknown")):
        for one in store.outbox.listed((state,)):
            if one.created_at >= recent and one.next_try_at is None:
                yield delivery_note(one, told_as)
    for one in store.outbox.listed((*_OPEN, DeliveryState.UNKNOWN)):
        waits = one.state is not DeliveryState.UNKNOWN or one.next_try_at is not None
        if waits and one.created_at <= now - WAITING_LONG:
            yield delivery_note(one, "waiting")


def delivery_note(one: DeliveryRecord, state: str) -> DeliveryNote:
    """A mail that is not through."""
    return DeliveryNote(
        state, one.recipient.address, one.digest_id, one.last_error, one.created_at, one.next_try_at
    )


def closed_mailboxes(store: Store, window: Window) -> Iterator[str]:
    """Mailboxes to which nothing is sent since this window began."""
    for one in store.mailboxes.listed():
        if one.rule is not None and one.since > window.start:
            yield one.words


def silent(visited: Sequence[SourceHealth]) -> Iterator[SourceNote]:
    """Sources of whose feeds some or all failed at their last visit, those that say nothing first."""
    for one in sorted(visited, key=lambda health: (-health.failures, health.name)):
        if one.failures or one.last_problem:
            yield SourceNote(one.name, one.last_problem, one.last_success_at, partly=not one.failures)


def moved(config: Config, visited: Sequence[SourceHealth]) -> Iterator[SourceNote]:
    """Feeds that moved for good and are configured where they were."""
    configured = {
        source.id: {*source.feeds, *source.sitemaps, *(listing.url for listing in source.listings)}
        for source in config.sources
    }
    for one in visited:
        for feed in one.feeds:
            if feed.moved_to and feed.url in configured.get(one.source_id, ()):
                yield SourceNote(one.name, feed.moved_to, one.last_success_at)


def pages_failed(store: Store, window: Window) -> list[tuple[str, int]]:
    """Why pages gave nothing in the window, most first."""
    reasons: Counter[str] = Counter()
    kinds = FAILURES - {OutcomeKind.PENDING}
    for kind, detail, count in store.house.pages_without(kinds, window.start, window.end):
        reasons[reason(Outcome(kind, detail))] += count
    return reasons.most_common(SHOWN)


def days_of_work(store: Store, end: datetime, zone: ZoneInfo) -> Iterator[DayOfWork]:
    """The last days of the reader's zone, oldest first; the last one as far as it has come."""
    today = end.astimezone(zone).date()
    for back in range(DAYS - 1, -1, -1):
        day = today - timedelta(days=back)
        begins = instant_of(day, time(0), zone)
        ends = min(end, instant_of(day + timedelta(days=1), time(0), zone))
        done = store.house.work(begins, ends)
        yield DayOfWork(day, done.read, done.kept, done.matched)


def disk_free(store: Store) -> int | None:
    """Bytes free where the database's file is; None where it is a server's, or the disk does not say."""
    if store.house.file is None:
        return None
    try:
        return shutil.disk_usage(Path(store.house.file).parent).free
    except OSError:
        return None
