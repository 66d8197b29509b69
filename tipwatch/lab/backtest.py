"""The diff of an edit: which stored articles the edited rules add to a topic, which they drop, and which clause decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.article import Classification, Match
from pipeline.rules import RulePack, classify
from pipeline.rules.lab import why_not
from pipeline.store import ArticleRecord
from tipwatch.config import Config
from tipwatch.lab.forecast import Found, Noise, Period
from tipwatch.lab.reading import rule_text
from tipwatch.quoting import telling

#: articles listed on each side of a topic; the others are counted
MOST_LISTED = 500
#: words quoted of a match
_MOST_QUOTED = 4


@dataclass(frozen=True, slots=True)
class Shift:
    """An article that an edit adds to a topic, or drops from it.

    Attributes:
        score: on the side on which it is on the topic.
        found: the clauses that decided there, with their words: "label “quote”".
        lacking: why it is not on the topic on the other side.
    """

    id: int
    title: str
    outlet: str
    language: str | None
    url: str
    score: float
    found: tuple[str, ...]
    lacking: str


@dataclass(slots=True)
class TopicDiff:
    """What an edit does to a topic. `added` and `dropped` list at most `MOST_LISTED` each; the counts are whole."""

    stays: int = 0
    adds: int = 0
    drops: int = 0
    added: list[Shift] = field(default_factory=list)
    dropped: list[Shift] = field(default_factory=list)
    before: Found = field(default_factory=Found)
    after: Found = field(default_factory=Found)


@dataclass(frozen=True, slots=True)
class Backtest:
    """What an edit does.

    Attributes:
        old, new: versions of the rules; `old` is empty when the archive was compared as it was kept.
    """

    old: str
    new: str
    period: Period
    topics: Mapping[str, TopicDiff]

    @property
    def changes(self) -> int:
        """Articles added or dropped, by topic."""
        return sum(diff.adds + diff.drops for diff in self.topics.values())

    def noise(self, topic: str) -> tuple[Noise, Noise]:
        """What the topic sends before and after the edit."""
        diff = self.topics[topic]
        return diff.before.noise(self.period), diff.after.noise(self.period)


def backtest(
    config: Config,
    old: RulePack | None,
    new: RulePack,
    records: Iterable[ArticleRecord],
    show: Callable[[int], None] = lambda _read: None,
) -> Backtest:
    """Compare what two packs say of articles; without an old one, what was kept of them with what the new one says."""
    names = dict.fromkeys([*(old.topics if old else ()), *new.topics])
    topics = {name: TopicDiff() for name in names}
    period = Period()
    for record in records:
        period.add(record)
        show(period.articles)
        text = rule_text(config, record.article)
        said = classify(new, text)
        if old is None:
            was = Classification(matches=record.matches)
        else:
            was = said if old.version == new.version else classify(old, text)
        for topic in _on(was) | _on(said):
            _compare(topics.setdefault(topic, TopicDiff()), record, topic, _Sides(old or new, was, new, said))
    return Backtest(old.version if old else "", new.version, period, topics)


@dataclass(frozen=True, slots=True)
class _Sides:
    """What the rules say of one article before and after the edit."""

    old: RulePack
    was: Classification
    new: RulePack
    said: Classification


def _on(found: Classification) -> set[str]:
    return {match.topic for match in found.matches}


def _compare(diff: TopicDiff, record: ArticleRecord, topic: str, sides: _Sides) -> None:
    """Count one article that is on the topic on one side at least."""
    before = next((match for match in sides.was.matches if match.topic == topic), None)
    after = next((match for match in sides.said.matches if match.topic == topic), None)
    if before is not None:
        diff.before.add(record)
    if after is not None:
        diff.after.add(record)
    if before is not None and after is not None:
        diff.stays += 1
    elif after is not None:
        diff.adds += 1
        if len(diff.added) < MOST_LISTED:
            lacking = "" if sides.was.pack_version == "" else _lacking(sides.old, sides.was, topic)
            diff.added.append(_shift(record, after, sides.new, lacking))
    elif before is not None:
        diff.drops += 1
        if len(diff.dropped) < MOST_LISTED:
            diff.dropped.append(_shift(record, before, sides.old, _lacking(sides.new, sides.said, topic)))


def _lacking(pack: RulePack, found: Classification, topic: str) -> str:
    """Why an article is not on the topic, in words."""
    if topic not in pack.topics:
        return "there is no such topic"
    first = next((name for name in pack.topics[topic].unless if name in _on(found)), None)
    return f"{first} goes first" if first else why_not(found, topic)


def _shift(record: ArticleRecord, match: Match, pack: RulePack, lacking: str) -> Shift:
    article = record.article
    shown = telling(match.evidence, pack.label, pack.decisive(match.topic))
    words = list(dict.fromkeys(f"{pack.label(hit.clause)} “{hit.quote}”" for hit in shown))
    return Shift(
        id=record.id,
        title=article.title,
        outlet=article.outlet,
        language=article.language,
        url=article.url,
        score=match.score,
        found=tuple(words[:_MOST_QUOTED]),
        lacking=lacking,
    )
