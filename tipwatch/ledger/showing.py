"""Who was told an article or a story when, and who was not and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alerts.subscription import Subscription
from pipeline.store import ArticleRecord, DeliveryRecord, DigestRecord, Store
from tipwatch.config import Config
from tipwatch.errors import UsageError
from tipwatch.ledger.checking import rules_noticed, view_of
from tipwatch.ledger.fates import MEANING, RULES, Judgement, Rule
from tipwatch.ledger.judging import judged
from tipwatch.telling import Asked, untold_step

#: rules that speak of what was when a window was closed, which only the ledger knows
_PAST = frozenset({Rule.NOT_ASKED_THEN, Rule.CHANGED_SINCE, Rule.NOT_RECORDED})


@dataclass(frozen=True, slots=True)
class ToldIn:
    """A digest that told the article, as what (`pipeline.store.Told`); `zone`: the subscription's, where it is known."""

    digest: DigestRecord
    way: str
    zone: str


@dataclass(frozen=True, slots=True)
class NotTold:
    """A subscription that asks for a topic of the article and was not told it; `why`: in words."""

    subscription_id: str
    judgement: Judgement
    why: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One article: who was told, and who was not. `topics`: on which it is."""

    record: ArticleRecord
    topics: tuple[str, ...]
    told: tuple[ToldIn, ...]
    not_told: tuple[NotTold, ...]

    @property
    def deliveries(self) -> list[DeliveryRecord]:
        """All its mails."""
        return [delivery for one in self.told for delivery in one.digest.deliveries]


def articles_meant(store: Store, subject: str) -> tuple[ArticleRecord, ...]:
    """The articles that a URL, an article's number or a story's id names. Raises UsageError when there is none."""
    found = store.articles.find(int(subject) if subject.isdigit() and len(subject) < 16 else subject)
    if found is not None:
        return (found,)
    story = None if "://" in subject else store.stories.find(subject)
    if story is None:
        raise UsageError(
            f"no article has the URL or number {subject}, and no story that id: `tipwatch explain {subject}` says "
            "how far a page came, `tipwatch stories` names the stories"
        )
    return (*story.members, *story.others)


def shown(config: Config, store: Store, record: ArticleRecord, now: datetime) -> Shown:
    """Who was told the article, and who was not."""
    zones = {one.id: one.timezone for one in config.subscriptions}
    ways = {one.digest_id: one.way for one in store.ledger.tellings([record.id])}
    told = tuple(
        ToldIn(digest, ways.get(digest.id, ""), zones.get(digest.subscription_id, "UTC"))
        for digest in store.digests.telling(record.id)
    )
    heard = {one.digest.subscription_id for one in told}
    kept = Asked(record, store.scorings.verdicts(record.id), now)
    topics = {one.match.topic for one in kept.kept if one.withdrawn_at is None}
    missing = [one for one in config.subscriptions if one.id not in heard and topics.intersection(one.topics)]
    return Shown(
        record,
        tuple(sorted(topics)),
        told,
        tuple(_not_told(store, subscription, kept) for subscription in missing),
    )


def _not_told(store: Store, subscription: Subscription, kept: Asked) -> NotTold:
    view = view_of(store, subscription.id, subscription, rules_noticed(store), kept.now)
    (account,) = store.ledger.accounts(subscription.id, subscription.topics, [kept.record.id])
    judgement = judged(account, view, view.windows)
    if judgement.fault is not None:
        why = MEANING[judgement.fault].why
    elif judgement.rule in _PAST:
        why = RULES[judgement.rule]
    else:
        why = untold_step(subscription, store, kept).text.removeprefix(f"{subscription.id}: ")
    return NotTold(subscription.id, judgement, why)
