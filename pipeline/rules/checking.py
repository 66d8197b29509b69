"""Checks before linking: every name defined, not in a circle, and fit for its place, and no query too large."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pipeline.rules.errors import RuleError, Spot, hint
from pipeline.rules.model import Concept, Topic
from pipeline.rules.nodes import And, Apart, AtLeast, Fact, Near, Node, Not, Scope, Term, Within, children_of

#: most parts of a query after the queries of its concepts are put in, and how deep they may be nested
MAX_PARTS, MAX_DEPTH = 5_000, 60
#: most pairs of terms that one NEAR, SENT or PARA may join
MAX_PAIRS = 10_000


def queries_of(topic: Topic) -> Iterator[Node]:
    """The topic's query and those of its weights and vetoes."""
    yield topic.query
    yield from (weight.query for weight in topic.weights)
    yield from (veto.query for veto in topic.vetoes)


def terms_of(node: Node) -> Iterator[Term]:
    """The terms of a query, left to right."""
    if isinstance(node, Term):
        yield node
    for child in children_of(node):
        yield from terms_of(child)


def check(concepts: Mapping[str, Concept], topics: Mapping[str, Topic]) -> None:
    """Raise where a name in a query is not defined, goes in a circle or does not fit its place, or a query is too large.

    Raises:
        RuleError: at the name, or at the concept whose query is wrong.
    """
    _Checker(concepts).check(topics)


class _Size(NamedTuple):
    """How many parts a query has, how many of them are terms, and how deep it goes."""

    parts: int
    terms: int
    depth: int


class _Checker:
    """Checks that every name in a query is defined, not in a circle, and fit for its place, and that no query is too large."""

    def __init__(self, concepts: Mapping[str, Concept]) -> None:
        self._concepts = concepts
        self._checked: set[tuple[str, bool]] = set()
        self._sizes: dict[str, _Size] = {}

    def check(self, topics: Mapping[str, Topic]) -> None:
        for concept in self._concepts.values():
            if concept.query is not None:
                self._walk(concept.query, concept.spot, (concept.id,), positional=False)
                self._size(concept.query, concept.spot)
        for topic in topics.values():
            for node in queries_of(topic):
                self._walk(node, topic.spot, (), positional=False)
                self._size(node, topic.spot)

    def _walk(self, node: Node, spot: Spot, path: tuple[str, ...], *, positional: bool) -> None:
        if positional and isinstance(node, And | Not | Fact | Scope):
            raise RuleError(
                spot,
                f"{path[-1]} stands inside NEAR, SENT, PARA or ATLEAST, so its query cannot use AND, NOT or fields",
            )
        if isinstance(node, Term):
            self._name(node, spot, path, positional=positional)
            return
        inner = positional or isinstance(node, Near | Within | Apart | AtLeast)
        for child in children_of(node):
            self._walk(child, spot, path, positional=inner)

    def _name(self, term: Term, spot: Spot, path: tuple[str, ...], *, positional: bool) -> None:
        if term.clause[0] not in "@#":
            return
        spot = term.spot or spot
        concept = self._concepts.get(term.clause)
        if concept is None:
            raise RuleError(spot, f"{term.clause} is not defined{self._hint(term.clause)}")
        if term.clause in path:
            raise RuleError(
                concept.spot, f"{' -> '.join((*path, term.clause))}: a concept cannot contain itself"
            )
        if concept.query is None or (term.clause, positional) in self._checked:
            return
        if len(path) > MAX_DEPTH:
            raise RuleError(
                spot, f"concepts within concepts more than {MAX_DEPTH} deep: put some of them together"
            )
        self._walk(concept.query, spot, (*path, term.clause), positional=positional)
        self._checked.add((term.clause, positional))

    def _hint(self, clause: str) -> str:
        """What may have been meant by a name that nothing has."""
        if clause.startswith("#kind:"):
            kinds = sorted(name for name in self._concepts if name.startswith("#kind:"))
            known = ", ".join(kind.removeprefix("#kind:") for kind in kinds)
            close = hint(clause.removeprefix("#kind:"), (kind.removeprefix("#kind:") for kind in kinds))
            return close or (f"; the kinds are {known}" if kinds else "; no entity has a kind")
        other = ("#" if clause[0] == "@" else "@") + clause[1:]
        meant = f"; did you mean {other}?" if other in self._concepts else hint(clause, self._concepts)
        if meant:
            return meant
        return "; define it under entities" if clause[0] == "#" else "; define it under concepts"

    def _size(self, node: Node, spot: Spot) -> _Size:
        """How large a node is once the queries of its concepts are put in."""
        if isinstance(node, Term):
            return self._size_of_term(node)
        sizes = [self._size(child, spot) for child in children_of(node)]
        size = _Size(
            parts=1 + sum(each.parts for each in sizes),
            terms=sum(each.terms for each in sizes),
            depth=1 + max((each.depth for each in sizes), default=0),
        )
        _check_size(size, spot)
        if isinstance(node, Near | Within | Apart) and sizes[0].terms * sizes[1].terms > MAX_PAIRS:
            raise RuleError(
                spot,
                f"one proximity operator joins {sizes[0].terms:,} with {sizes[1].terms:,} terms: "
                "make them patterns of two concepts, each of which is one term",
            )
        return size

    def _size_of_term(self, term: Term) -> _Size:
        concept = self._concepts.get(term.clause)
        if concept is None or concept.query is None:
            return _Size(1, 1, 1)
        if term.clause not in self._sizes:
            inner = self._size(concept.query, concept.spot)
            self._sizes[term.clause] = inner._replace(depth=inner.depth + 1)
            _check_size(self._sizes[term.clause], concept.spot)
        return self._sizes[term.clause]


def _check_size(size: _Size, spot: Spot) -> None:
    if size.parts > MAX_PARTS or size.depth > MAX_DEPTH:
        raise RuleError(
            spot,
            f"more than {MAX_PARTS:,} parts, or nested more than {MAX_DEPTH} deep, once the queries of its concepts "
            "are put in: give concepts patterns instead of queries",
        )
