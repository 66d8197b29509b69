"""What the watch found, held against what the newsroom knows to be true. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.article import Outcome
from tipwatch.demo.site import Expected


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the watch did.

    Attributes:
        expected: articles per topic that a polite watch can read; `found`: of these, those it has on that topic.
        missed: their URLs, those it has not on their topic.
        near: near misses; `other`: ordinary news.
        false: URLs of near misses and ordinary news that it took for coverage on one of these topics.
        open: URLs without any recorded outcome: there must be none.
    """

    expected: Mapping[str, int]
    found: Mapping[str, int]
    missed: tuple[str, ...]
    near: int
    other: int
    false: tuple[str, ...]
    open: tuple[str, ...]


def compare(truth: Mapping[str, Expected], outcome_of: Callable[[str], Outcome | None]) -> Comparison:
    """Return how the outcomes of the newsroom's URLs agree with the truth about them."""
    outcomes = {url: outcome_of(url) for url in truth}
    readable = {url: expected for url, expected in truth.items() if expected.readable}
    topics = {url: outcome.topics for url, outcome in outcomes.items() if outcome is not None}
    hits = {url for url, e in readable.items() if e.topic is not None and e.topic in topics.get(url, ())}
    wanted = {url: e.topic for url, e in readable.items() if e.topic is not None}
    names = sorted(set(wanted.values()), reverse=True)
    return Comparison(
        expected={name: sum(topic == name for topic in wanted.values()) for name in names},
        found={name: sum(wanted[url] == name for url in hits) for name in names},
        missed=tuple(url for url in wanted if url not in hits),
        near=sum(e.near is not None for e in readable.values()),
        other=sum(e.near is None and e.topic is None for e in readable.values()),
        false=tuple(
            url for url, e in readable.items() if e.topic is None and set(names) & set(topics.get(url, ()))
        ),
        open=tuple(url for url, outcome in outcomes.items() if outcome is None),
    )
