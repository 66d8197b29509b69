"""What became of one article for one subscription: pure, from what the store kept and what was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.outbox import WAITING, DeliveryState
from pipeline.store import ArticleAccount, Asked, DigestAccount, DigestKind, KeptMatch, RowAccount, Told
from tipwatch.ledger.fates import Fate, Fault, Judgement, Rule

#: an article whose transaction ended just after a window was told still belongs to the next one (`pipeline.store.stories`)
LATE = timedelta(hours=1)

_STATES = frozenset(state.value for state in DeliveryState)
_FOLDED = frozenset({Told.COPY.value, Told.UPDATE.value, Told.LISTED.value})
_WAYS = frozenset(way.value for way in Told)


@dataclass(frozen=True, slots=True)
class View:
    """A subscription as its articles are judged by.

    Attributes:
        since: nothing older is told.
        asks: what it asks for today; None: it is configured no more.
        due_at: when its open window ends or ended, aware UTC.
        noticed: since when the rules of each version are known.
    """

    id: str
    since: datetime
    asks: Asked | None
    due_at: datetime | None
    digests: Mapping[str, DigestAccount] = field(default_factory=dict)
    noticed: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def windows(self) -> list[DigestAccount]:
        """The regular windows closed so far, in order."""
        return [one for one in self.digests.values() if one.kind is DigestKind.DIGEST]


def judged(article: ArticleAccount, view: View, windows: Sequence[DigestAccount]) -> Judgement:
    """What became of the article for the view's subscription; `windows` are the view's."""
    if article.told_in is not None:
        return told_fate(article, view)
    standing = [match for match in article.matches if match.withdrawn_at is None]
    if not standing:
        return Judgement(Fate.SUPPRESSED, Rule.WITHDRAWN)
    fates = [untold_fate(article, match, view, windows) for match in standing]
    for wanted in (Fate.PENDING, Fate.EXCEPTION):
        for fate in fates:
            if fate.fate is wanted:
                return fate
    best = max(range(len(standing)), key=lambda place: standing[place].score)
    return fates[best]


def told_fate(article: ArticleAccount, view: View) -> Judgement:
    """Of an article that counts as told: what became of the digest that told it."""
    digest = view.digests.get(article.told_in or "")
    if digest is None:
        fault = Fault.TOLD_WITHOUT_DIGEST if article.told_to is None else Fault.TOLD_ELSEWHERE
        return Judgement(Fate.EXCEPTION, fault=fault, detail=article.told_in or "")
    if article.way not in _WAYS:
        return Judgement(Fate.EXCEPTION, fault=Fault.WAY_UNKNOWN, detail=str(article.way))
    sent = rows_fate(digest.rows)
    return Judgement(Fate.FOLDED) if sent.fate is Fate.DELIVERED and article.way in _FOLDED else sent


def rows_fate(rows: Iterable[RowAccount]) -> Judgement:
    """What became of the mails of one digest, the worst first."""
    fates = [row_fate(row) for row in rows]
    if not fates:
        return Judgement(Fate.EXCEPTION, fault=Fault.WITHOUT_ROW)
    for wanted in (Fate.EXCEPTION, Fate.FAILED, Fate.UNKNOWN, Fate.PENDING, Fate.DELIVERED):
        for fate in fates:
            if fate.fate is wanted:
                return fate
    return fates[0]


def row_fate(row: RowAccount) -> Judgement:
    """What became of one mail."""
    to = f"row {row.id} to {row.recipient}"
    if row.state not in _STATES:
        return Judgement(Fate.EXCEPTION, fault=Fault.STATE_UNKNOWN, detail=f"{to}: {row.state!r}")
    state = DeliveryState(row.state)
    if state is DeliveryState.SENT:
        return Judgement(Fate.DELIVERED)
    if state is DeliveryState.FAILED:
        return Judgement(Fate.FAILED, detail=f"{to}: {row.last_error}")
    if state is DeliveryState.SUPPRESSED:
        return _suppressed(row, to)
    return _waiting(row, state, to)


def _suppressed(row: RowAccount, to: str) -> Judgement:
    if not row.rule:
        return Judgement(Fate.EXCEPTION, fault=Fault.WITHOUT_RULE, detail=to)
    return Judgement(Fate.SUPPRESSED, Rule.MAILBOX, detail=f"{to}: {row.rule}")


def _waiting(row: RowAccount, state: DeliveryState, to: str) -> Judgement:
    """A row that is to be sent: due when it is tried next, or when its sender's lease runs out."""
    due_at = row.next_try_at if state in WAITING else row.lease_until
    if due_at is None and state is DeliveryState.UNKNOWN:
        return Judgement(Fate.UNKNOWN, detail=f"{to}: {row.last_error}")
    if due_at is None and state is not DeliveryState.PENDING:
        return Judgement(
            Fate.EXCEPTION, fault=Fault.STUCK, detail=f"{to}: {state}, and nothing says until when"
        )
    return Judgement(Fate.PENDING, detail=f"{to}: {state}", due_at=due_at or row.created_at)


def untold_fate(
    article: ArticleAccount, match: KeptMatch, view: View, windows: Sequence[DigestAccount]
) -> Judgement:
    """Of a standing match that was not told: why not, or when it will be."""
    late = match.rules_changed_at is not None
    if match.found_at <= view.since or (late and article.first_seen_at <= view.since):
        return Judgement(Fate.SUPPRESSED, Rule.BEFORE_SUBSCRIPTION)
    rule = held_back(article, match, view.asks)
    if rule is not None:
        return Judgement(Fate.SUPPRESSED, rule)
    if not windows or match.found_at > windows[-1].window_end - LATE or _came_after(match, windows[-1]):
        return Judgement(Fate.PENDING, due_at=view.due_at)
    return _passed_over(article, match, view, windows)


def _came_after(match: KeptMatch, window: DigestAccount) -> bool:
    """Whether a match was written down after the digest of a window was composed, whatever clocks say: the next tells it."""
    return window.newest_match is not None and match.id > window.newest_match


def held_back(article: ArticleAccount, match: KeptMatch, asks: Asked | None) -> Rule | None:
    """Which wish of the subscription keeps a match out; None when none does."""
    if asks is None or match.topic not in asks.topics:
        return Rule.NOT_ASKED_THEN
    if asks.languages and article.language not in asks.languages:
        return Rule.LANGUAGE
    if asks.countries and article.country not in asks.countries:
        return Rule.COUNTRY
    if asks.outlets and article.source_id not in asks.outlets:
        return Rule.OUTLET
    return Rule.SCORE if match.score < asks.min_score else None


def _passed_over(
    article: ArticleAccount, match: KeptMatch, view: View, windows: Sequence[DigestAccount]
) -> Judgement:
    """Of a match that is asked for today and whose window was closed without telling it: who may say why."""
    answering = (one for one in windows if match.found_at <= one.window_end and not _came_after(match, one))
    window = next(answering, None)
    if window is None:
        return Judgement(Fate.EXCEPTION, fault=Fault.LOST, detail="no window answers for that time")
    if window.asked is None:
        return Judgement(Fate.SUPPRESSED, Rule.NOT_RECORDED, detail=window.id)
    if held_back(article, match, window.asked) is not None:
        return Judgement(Fate.SUPPRESSED, Rule.NOT_ASKED_THEN, detail=window.id)
    if _changed_since(article, match, window, view.noticed):
        return Judgement(Fate.SUPPRESSED, Rule.CHANGED_SINCE, detail=window.id)
    return Judgement(Fate.EXCEPTION, fault=Fault.LOST, detail=window.id)


def _changed_since(
    article: ArticleAccount, match: KeptMatch, window: DigestAccount, noticed: Mapping[str, datetime]
) -> bool:
    """Whether what a filter of that window looks at may have been otherwise when it was closed."""
    asked = window.asked
    if asked is None or not (asked.min_score > 0 or asked.languages):
        return False
    scored_at = noticed.get(match.pack_version)
    rescored = asked.min_score > 0 and scored_at is not None and scored_at > window.window_end
    return rescored or (article.revised_at is not None and article.revised_at > window.window_end)
