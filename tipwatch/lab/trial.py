"""A query tried on the archive: the newest articles it finds, and how much mail it would make."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipeline.article import Match
from pipeline.rules import RulePack, classify
from pipeline.store import ArticleRecord
from tipwatch.config import Config
from tipwatch.lab.forecast import Found, Noise, Period
from tipwatch.lab.reading import rule_text


@dataclass(frozen=True, slots=True)
class Sample:
    """An article that the query finds, with why."""

    record: ArticleRecord
    match: Match


@dataclass(frozen=True, slots=True)
class Trial:
    """What a query finds.

    Attributes:
        read: articles of the archive that were read.
        newest: the last ones found, newest first.
    """

    read: int
    newest: tuple[Sample, ...]
    noise: Noise


def try_out(
    config: Config,
    pack: RulePack,
    records: Iterable[ArticleRecord],
    most: int,
    show: Callable[[int], None] = lambda _read: None,
) -> Trial:
    """Let a pack with one topic read articles, oldest first; none but the last `most` found are kept in memory."""
    period, found = Period(), Found()
    newest: deque[Sample] = deque(maxlen=most)
    for record in records:
        period.add(record)
        show(period.articles)
        matches = classify(pack, rule_text(config, record.article)).matches
        if matches:
            found.add(record)
            newest.append(Sample(record, matches[0]))
    return Trial(period.articles, tuple(reversed(newest)), found.noise(period))
