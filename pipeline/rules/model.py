"""What a rule pack holds: concepts, entities, topics with their weights, vetoes and examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from pipeline.rules.errors import Spot
from pipeline.rules.nodes import Node


@dataclass(frozen=True, slots=True)
class Concept:
    """A named set of patterns, or a named query.

    Attributes:
        id: as written in queries, with its sign: ``@trafficking`` or ``#unodc``.
        label: in words a reader knows.
        patterns, exceptions: as written, by language; a place that shares a word with an exception does not count.
        query: instead of patterns; None otherwise.
        kind, wikidata: of entities; empty otherwise.
        begins, ends: of people in office, the first and the last day; a text of another day does not mean them. None: open.
    """

    id: str
    label: str
    spot: Spot
    patterns: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    exceptions: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    query: Node | None = None
    kind: str = ""
    wikidata: str = ""
    begins: date | None = None
    ends: date | None = None

    def all_patterns(self) -> Iterator[str]:
        """The patterns of every language."""
        for texts in self.patterns.values():
            yield from texts


@dataclass(frozen=True, slots=True)
class Weight:
    """What a clause adds to a topic's score (negative: takes away) when it holds."""

    clause: str
    query: Node
    points: float


@dataclass(frozen=True, slots=True)
class VetoRule:
    """A named reason why an article is not on the topic."""

    name: str
    query: Node


@dataclass(frozen=True, slots=True)
class Example:
    """A text that must (or must not) be on the topic."""

    title: str
    text: str
    language: str | None
    spot: Spot
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject readers subscribe to.

    Attributes:
        query: must hold; then the score is `base` plus the weights that hold, kept between 0 and 1.
        threshold: least score of a match.
        unless: topics that go before: an article on one of them is not on this one.
    """

    id: str
    spot: Spot
    title: str
    description: str
    query: Node
    base: float
    threshold: float
    weights: tuple[Weight, ...] = ()
    vetoes: tuple[VetoRule, ...] = ()
    unless: tuple[str, ...] = ()
    must: tuple[Example, ...] = ()
    must_not: tuple[Example, ...] = ()
