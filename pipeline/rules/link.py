"""Definitions made ready: names resolved and checked, terms numbered, patterns compiled, queries turned into plans."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from pipeline.rules.checking import check, terms_of
from pipeline.rules.model import Concept, Topic, VetoRule, Weight
from pipeline.rules.nodes import (
    And,
    Apart,
    AtLeast,
    Fact,
    Near,
    Node,
    Not,
    Or,
    Scope,
    Term,
    Within,
    children_of,
    is_positive,
)
from pipeline.rules.patterns import compile_pattern
from pipeline.rules.plan import All, Any, Find, Is, Needs, No, Plan, Together
from pipeline.rules.plan import AtLeast as AtLeastPlan
from pipeline.rules.scan import Owned, Scanner
from pipeline.rules.wording import in_words

#: what is left of a field inside another; pairs not named have nothing in common
_COMMON = {
    frozenset({"title", "top"}): "title",
    frozenset({"lead", "top"}): "lead",
    frozenset({"lead", "body"}): "lead",
    frozenset({"body", "top"}): "lead",
}
#: no field at all
NOWHERE = "nowhere"


class Clause(NamedTuple):
    """A part of a query, in words a reader understands; `positive`: something must be found for it to hold."""

    plan: Plan
    words: str
    positive: bool


class LinkedWeight(NamedTuple):
    """A weight with its plan, in words a reader understands."""

    weight: Weight
    plan: Plan
    words: str


@dataclass(frozen=True, slots=True)
class LinkedTopic:
    """A topic with its plans.

    Attributes:
        clauses: what must hold side by side for the query to hold.
    """

    topic: Topic
    query: Plan
    weights: tuple[LinkedWeight, ...]
    vetoes: tuple[tuple[VetoRule, Plan], ...]
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """All that evaluating needs.

    Attributes:
        topics: in the order they are asked.
        topics_of: by term, the positions in `topics` of those whose query or vetoes name it: without one, no near miss.
        asked_by: by term, the positions of topics that may match or be vetoed where it is found, each with the sets of terms
            of which one must be found, too.
        exceptions: by term, the term that takes away its places.
        terms_in_office: by term, the first and the last day it counts.
        reads_urls: some query looks at the URL.
        plan: the plan of a part of a query.
    """

    scanner: Scanner
    topics: tuple[LinkedTopic, ...]
    topics_of: Mapping[int, tuple[int, ...]]
    asked_by: Mapping[int, tuple[tuple[int, Needs], ...]]
    exceptions: Mapping[int, int]
    terms_in_office: Mapping[int, tuple[date | None, date | None]]
    reads_urls: bool
    plan: Callable[[Node], Plan]


def link(concepts: Mapping[str, Concept], topics: Mapping[str, Topic]) -> Linked:
    """Everything made ready.

    Raises:
        RuleError: a name is not defined, goes in a circle or does not fit its place, or a query is too large.
    """
    check(concepts, topics)
    planner = _Planner(concepts)
    linked = tuple(_linked_topic(planner, topic) for topic in topics.values())
    topics_of: dict[int, list[int]] = {}
    asked_by: dict[int, list[tuple[int, Needs]]] = {}
    for index, topic in enumerate(topics.values()):
        nodes = (topic.query, *(veto.query for veto in topic.vetoes))
        for term in {term for node in nodes for term in planner.terms_in(node)}:
            topics_of.setdefault(term, []).append(index)
        for node in nodes:
            rarest, *others = sorted(planner.plan(node).needs, key=len) or [planner.terms_in(node)]
            for term in rarest:
                asked_by.setdefault(term, []).append((index, tuple(others)))
    return Linked(
        scanner=Scanner(planner.patterns()),
        topics=linked,
        topics_of={term: tuple(indexes) for term, indexes in topics_of.items()},
        asked_by={term: tuple(asked) for term, asked in asked_by.items()},
        exceptions=planner.exceptions,
        terms_in_office=planner.terms_in_office(),
        reads_urls=planner.reads_urls,
        plan=planner.plan,
    )


def _linked_topic(planner: _Planner, topic: Topic) -> LinkedTopic:
    return LinkedTopic(
        topic=topic,
        query=planner.plan(topic.query),
        weights=tuple(
            LinkedWeight(weight, planner.plan(weight.query), in_words(planner.label, weight.query))
            for weight in topic.weights
        ),
        vetoes=tuple((veto, planner.plan(veto.query)) for veto in topic.vetoes),
        clauses=tuple(
            Clause(planner.plan(node), in_words(planner.label, node), is_positive(node))
            for node in planner.clauses(topic.query)
        ),
    )


def label_of(concepts: Mapping[str, Concept], clause: str) -> str:
    """A reader's word for a clause: a concept's label; a term is its own."""
    concept = concepts.get(clause)
    return concept.label if concept else clause.strip('="')


class _Planner:
    """Turns nodes into plans; equal parts become one plan, equal terms one number."""

    def __init__(self, concepts: Mapping[str, Concept]) -> None:
        self._concepts = concepts
        self._numbers: dict[str, int] = {}
        self._plans: dict[tuple[object, ...], Plan] = {}
        self._terms: dict[str, frozenset[int]] = {}
        self.exceptions: dict[int, int] = {}
        self.reads_urls = False
        for name, concept in concepts.items():
            if concept.query is None:
                self._number(name)  # those that no query names, too, for who asks where they stand

    def plan(self, node: Node, field: str = "") -> Plan:
        """The plan of a node that is read in `field` (``""``: title and text)."""
        match node:
            case Term(clause):
                concept = self._concepts.get(clause)
                if concept is not None and concept.query is not None:
                    return self.plan(concept.query, field)
                number = self._number(clause)
                return self._one(("find", clause, field), lambda: Find(clause, number, field))
            case Scope(inner, part):
                self.reads_urls |= inner == "url"
                return self.plan(part, _narrowed(field, inner))
            case Fact(name, value):
                return self._one(("is", name, value), lambda: Is(name, value))
            case _:
                return self._composed(node, tuple(self.plan(part, field) for part in children_of(node)))

    def _composed(self, node: Node, parts: tuple[Plan, ...]) -> Plan:
        same = tuple(map(id, parts))
        match node:
            case And():
                return self._one(("all", same), lambda: All(parts))
            case Or():
                return self._one(("any", same), lambda: Any(parts))
            case Not():
                return self._one(("no", same), lambda: No(parts[0]))
            case AtLeast(count):
                return self._one(("at least", count, same), lambda: AtLeastPlan(count, parts[0]))
            case Near(_, _, distance, ordered):
                how, apart = ("ONEAR" if ordered else "NEAR", distance), False
            case Within(_, _, unit):
                how, apart = (unit, 0), False
            case Apart(_, _, unit, distance):
                how, apart = (unit, distance), True
            case _:
                raise TypeError(f"{type(node).__name__} is not made of parts")
        sides = (parts[0], parts[1])
        return self._one(("together", *how, apart, same), lambda: Together(sides, *how, apart=apart))

    def _one(self, key: tuple[object, ...], make: Callable[[], Plan]) -> Plan:
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = make()
        return plan

    def _number(self, clause: str) -> int:
        return self._numbers.setdefault(clause, len(self._numbers))

    def label(self, clause: str) -> str:
        """A reader's word for a clause."""
        return label_of(self._concepts, clause)

    def clauses(self, node: Node) -> Iterator[Node]:
        """What must hold side by side for the node to hold."""
        concept = self._concepts.get(node.clause) if isinstance(node, Term) else None
        if isinstance(node, And):
            for part in node.parts:
                yield from self.clauses(part)
        elif concept is not None and isinstance(concept.query, And):
            yield from self.clauses(concept.query)
        else:
            yield node

    def terms_in(self, node: Node) -> frozenset[int]:
        """The numbers of the terms that a node looks for, those in the queries of its concepts included."""
        found: set[int] = set()
        for term in terms_of(node):
            known = self._terms.get(term.clause)
            if known is None:
                concept = self._concepts.get(term.clause)
                query = concept.query if concept else None
                known = frozenset({self._number(term.clause)}) if query is None else self.terms_in(query)
                self._terms[term.clause] = known
            found |= known
        return frozenset(found)

    def patterns(self) -> Iterator[Owned]:
        """Every pattern that some topic looks for, with its term's number."""
        for clause, number in list(self._numbers.items()):
            concept = self._concepts.get(clause)
            if concept is None:
                yield compile_pattern(clause), number
                continue
            for written in concept.all_patterns():
                yield compile_pattern(written), number
            if concept.exceptions:
                unless = self.exceptions[number] = self._number(f"{clause} except")
                for texts in concept.exceptions.values():
                    yield from ((compile_pattern(written), unless) for written in texts)

    def terms_in_office(self) -> dict[int, tuple[date | None, date | None]]:
        """By term, the days between which it counts."""
        found = {}
        for clause, number in self._numbers.items():
            concept = self._concepts.get(clause)
            if concept is not None and (concept.begins or concept.ends):
                found[number] = (concept.begins, concept.ends)
        return found


def _narrowed(outer: str, inner: str) -> str:
    """The field that is read where `inner:` stands inside `outer:`."""
    if not outer or inner in {outer, "url"}:
        return inner
    return _COMMON.get(frozenset({outer, inner}), NOWHERE)
