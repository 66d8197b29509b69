"""The ledger check: every article of every subscription judged, every digest, window and row looked at, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from alerts.errors import AlertError
from alerts.operator import OPERATOR
from alerts.subscription import Subscription
from alerts.windows import next_due, windows_due
from pipeline.store import ArticleAccount, Asked, DigestAccount, DigestKind, Store
from tipwatch.config import Config
from tipwatch.ledger.fates import Fate, Finding, Judgement, Rule
from tipwatch.ledger.judging import View, judged
from tipwatch.ledger.soundness import digest_findings, mail_findings, stray_findings, window_findings

#: changes of the rules: a few a day at most
ALL = 1_000_000
#: channels whose bytes are mails
MAIL_CHANNELS = frozenset({"folder", "smtp"})


@dataclass(frozen=True, slots=True)
class CheckOrder:
    """What to check.

    Attributes:
        subscription_ids: only these; empty: all that ever were.
        since: only articles found, and digests built, then or later.
        mails: whether to compare the bytes of each mail with its row as well.
    """

    subscription_ids: tuple[str, ...] = ()
    since: datetime | None = None
    mails: bool = False


@dataclass(slots=True)
class Totals:
    """One subscription, counted.

    Attributes:
        configured: False when the configuration names it no more.
        articles, matches: judged; of matches those that stand.
        fates: of the articles. `rules`: of those suppressed. `ways`: of those told.
        overdue_since: since when its open window should be closed; None: it is not over yet.
    """

    subscription_id: str
    configured: bool
    articles: int = 0
    matches: int = 0
    fates: Counter[Fate] = field(default_factory=Counter)
    rules: Counter[Rule] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)
    digests: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    overdue_since: datetime | None = None


@dataclass(slots=True)
class Checked:
    """What a check found.

    Attributes:
        at: when it was made, aware UTC.
        mails: compared with their rows.
    """

    at: datetime
    totals: list[Totals] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    mails: int = 0

    @property
    def fates(self) -> Counter[Fate]:
        """Of all subscriptions together."""
        return sum((one.fates for one in self.totals), Counter())


def check(config: Config, store: Store, order: CheckOrder, now: datetime) -> Checked:
    """Judge every article of every subscription, and look at every digest, window and row. Changes nothing."""
    checked = Checked(now)
    noticed = rules_noticed(store)
    configured = {one.id: one for one in config.subscriptions}
    for subscription_id in store.ledger.subscriptions():
        if order.subscription_ids and subscription_id not in order.subscription_ids:
            continue
        view = view_of(store, subscription_id, configured.get(subscription_id), noticed, now)
        of_operator = subscription_id == OPERATOR and config.operator is not None
        totals = Totals(subscription_id, configured=view.asks is not None or of_operator)
        checked.findings += judge_all(store, view, order, totals)
        checked.findings += sound(view, order, totals)
        totals.overdue_since = view.due_at if view.due_at is not None and view.due_at < now else None
        checked.totals.append(totals)
    checked.findings += only(stray_findings(store.ledger.strays()), order)
    if order.mails:
        checked.findings += compared(store, order, checked)
    checked.findings = list(dict.fromkeys(checked.findings))
    return checked


def rules_noticed(store: Store) -> dict[str, datetime]:
    """Since when the rules of each version are known."""
    return {change.pack_version: change.noticed_at for change in store.scorings.changes(limit=ALL)}


def view_of(
    store: Store,
    subscription_id: str,
    subscription: Subscription | None,
    noticed: Mapping[str, datetime],
    now: datetime,
) -> View:
    """A subscription as its articles are judged by; `subscription` is None when it is configured no more."""
    since = store.ledger.subscriptions()[subscription_id]
    # digests before articles: one built meanwhile is then seen as new, never an article of it as lost
    digests = store.ledger.digests(subscription_id)
    return View(
        subscription_id,
        since,
        None if subscription is None else Asked.of(subscription),
        None if subscription is None else due_at(subscription, since, digests, now),
        {one.id: one for one in digests},
        noticed,
    )


def due_at(
    subscription: Subscription, since: datetime, digests: Sequence[DigestAccount], now: datetime
) -> datetime | None:
    """When the open window ends, or since when it should have been closed; None: its schedule cannot be read."""
    ends = [one.window_end for one in digests if one.kind is DigestKind.DIGEST]
    if not ends:
        return now
    try:
        over = windows_due(subscription, since, max(ends), now)
        return over[0].end if over else next_due(subscription, now)
    except AlertError:
        return None


def judge_all(store: Store, view: View, order: CheckOrder, totals: Totals) -> Iterator[Finding]:
    """Count what became of every article; those that are exceptions."""
    topics = view.asks.topics if view.asks is not None else ()
    windows = view.windows
    for article in store.ledger.articles(view.id, topics, order.since):
        if article.told_to == view.id and article.told_in not in view.digests:
            continue  # told while we were counting, by a digest that the next check will see
        judgement = judged(article, view, windows)
        count(totals, article, judgement)
        if judgement.fault is not None:
            digest_id = article.told_in or ("" if " " in judgement.detail else judgement.detail)
            detail = "" if digest_id == judgement.detail else judgement.detail
            yield Finding(judgement.fault, view.id, detail, digest_id, article.id)


def count(totals: Totals, article: ArticleAccount, judgement: Judgement) -> None:
    """Add one article."""
    totals.articles += 1
    totals.matches += sum(match.withdrawn_at is None for match in article.matches)
    totals.fates[judgement.fate] += 1
    if judgement.rule is not None:
        totals.rules[judgement.rule] += 1
    if article.way is not None:
        totals.ways[article.way] += 1


def sound(view: View, order: CheckOrder, totals: Totals) -> Iterator[Finding]:
    """Count the digests and rows; what is wrong with them and their windows."""
    asked_for = {
        one.id: one for one in view.digests.values() if order.since is None or one.created_at >= order.since
    }
    windows = window_findings(list(view.digests.values()), view.since)
    yield from (finding for finding in windows if finding.digest_id in asked_for)
    for digest in asked_for.values():
        totals.digests += 1
        totals.rows.update(row.state for row in digest.rows)
        yield from digest_findings(digest)


def compared(store: Store, order: CheckOrder, checked: Checked) -> Iterator[Finding]:
    """Compare each mail's bytes with its row."""
    for mail in store.ledger.mails(order.since):
        checked.mails += 1
        yield from mail_findings(mail, MAIL_CHANNELS)


def only(findings: Iterator[Finding], order: CheckOrder) -> Iterator[Finding]:
    """Those of the subscriptions that were asked for; one that names none is everybody's."""
    wanted = order.subscription_ids
    return (one for one in findings if not wanted or one.subscription_id in {"", *wanted})
