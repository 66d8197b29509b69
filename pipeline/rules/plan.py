"""Queries made ready to be evaluated: names resolved, fields pushed down to the terms, equal parts shared.

A plan's `holds` says whether a text answers it, its `hits` where; `evidence` gives the places that made it hold.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from heapq import merge
from typing import Protocol, TypeAlias

from pipeline.rules.partners import Hit, Leaf, Partners, Reading, Way, begin, joined
from pipeline.rules.scan import Place, how_many
from pipeline.rules.text import RuleText

#: what joining two lists of places costs before any neighbour is looked at, in neighbours
_JOINING = 4


#: of each set of terms, one at least must be found for a plan to hold
Needs: TypeAlias = tuple[frozenset[int], ...]


class Evaluation(Reading, Protocol):
    """What plans ask of the evaluation of one text: `pipeline.rules.evaluate.Evaluation`."""

    text: RuleText
    places: dict[int, list[Place]]

    def holds(self, plan: Plan) -> bool:
        """Whether the text answers a plan."""

    def hits(self, plan: Plan) -> list[Hit]:
        """The places of a plan, by where they begin."""

    def extent(self, field: str) -> tuple[int, int]:
        """From where to where a field reaches."""


class Plan:
    """A query, or a part of one, in one field. Equal parts of a pack are one object, so that each is worked out once."""

    __slots__ = ("needs",)

    needs: Needs

    def holds(self, evaluation: Evaluation) -> bool:
        """Whether the text answers it."""
        return self.may_hold(evaluation) and bool(evaluation.hits(self))

    def may_hold(self, evaluation: Evaluation) -> bool:
        """Whether the terms that it cannot do without are there: quicker than `holds`, and never wrongly False."""
        found = evaluation.places.keys()
        for terms in self.needs:  # noqa: SIM110  # a loop is quicker, and this runs for every part of every query
            if found.isdisjoint(terms):
                return False
        return True

    def hits(self, evaluation: Evaluation) -> list[Hit]:  # noqa: ARG002  # most have some
        """Its places, by where they begin; only for what stands in a place."""
        raise TypeError(f"{type(self).__name__} has no places")

    def evidence(self, evaluation: Evaluation) -> Iterator[Leaf]:
        """The places of terms that made it hold, in no particular order, repeats included."""
        if self.may_hold(evaluation):
            for _, _, leaves in evaluation.hits(self):
                yield from leaves


class Find(Plan):
    """A term is found in a field."""

    __slots__ = ("clause", "field", "term")

    def __init__(self, clause: str, term: int, field: str) -> None:
        self.clause, self.term, self.field = clause, term, field
        self.needs = (frozenset({term}),)

    def hits(self, evaluation: Evaluation) -> list[Hit]:
        """See `Plan.hits`."""
        places = evaluation.places.get(self.term, [])
        first, last = evaluation.extent(self.field)
        clause = self.clause
        if places and not (first <= places[0][0] and places[-1][0] < last):
            places = places[bisect_left(places, (first, 0)) : bisect_left(places, (last, 0))]
        return [(start, end, (Leaf(clause, start, end),)) for start, end in places]


class All(Plan):
    """Every part holds."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Plan, ...]) -> None:
        self.parts = parts
        self.needs = tuple(terms for part in parts for terms in part.needs)

    def holds(self, evaluation: Evaluation) -> bool:
        """See `Plan.holds`."""
        return self.may_hold(evaluation) and all(evaluation.holds(part) for part in self.parts)

    def evidence(self, evaluation: Evaluation) -> Iterator[Leaf]:
        """See `Plan.evidence`."""
        for part in self.parts:
            if evaluation.holds(part):
                yield from part.evidence(evaluation)


class Any(Plan):
    """At least one part holds."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Plan, ...]) -> None:
        self.parts = parts
        one_of_each = [min(part.needs, key=len, default=None) for part in parts]
        given = [terms for terms in one_of_each if terms is not None]
        self.needs = (frozenset().union(*given),) if len(given) == len(parts) else ()

    def holds(self, evaluation: Evaluation) -> bool:
        """See `Plan.holds`."""
        return any(evaluation.holds(part) for part in self.parts)

    def hits(self, evaluation: Evaluation) -> list[Hit]:
        """See `Plan.hits`."""
        found = [evaluation.hits(part) for part in self.parts if part.may_hold(evaluation)]
        return found[0] if len(found) == 1 else list(merge(*found, key=begin))

    def evidence(self, evaluation: Evaluation) -> Iterator[Leaf]:
        """See `Plan.evidence`."""
        for part in self.parts:
            if evaluation.holds(part):
                yield from part.evidence(evaluation)


class No(Plan):
    """The part does not hold."""

    __slots__ = ("part",)

    def __init__(self, part: Plan) -> None:
        self.part = part
        self.needs = ()

    def holds(self, evaluation: Evaluation) -> bool:
        """See `Plan.holds`."""
        return not evaluation.holds(self.part)

    def evidence(self, evaluation: Evaluation) -> Iterator[Leaf]:  # noqa: ARG002  # what is absent has no place
        """See `Plan.evidence`."""
        return iter(())


class Is(Plan):
    """What is known of the article equals a value."""

    __slots__ = ("field", "value")

    def __init__(self, field: str, value: str) -> None:
        self.field, self.value = field, value
        self.needs = ()

    def holds(self, evaluation: Evaluation) -> bool:
        """See `Plan.holds`."""
        known = getattr(evaluation.text, _FACTS[self.field])
        return known is not None and str(known).casefold() == self.value

    def evidence(self, evaluation: Evaluation) -> Iterator[Leaf]:  # noqa: ARG002  # a fact has no place
        """See `Plan.evidence`."""
        return iter(())


_FACTS = {"source": "source", "lang": "language", "country": "country", "tier": "tier"}


class Together(Plan):
    """Places of `left`, each joined with the nearest place of `right` that is close enough; `apart`: those that have none."""

    __slots__ = ("apart", "distance", "left", "right", "unit")

    def __init__(self, sides: tuple[Plan, Plan], unit: str, distance: int, *, apart: bool) -> None:
        self.left, self.right = sides
        self.unit, self.distance, self.apart = unit, distance, apart
        self.needs = self.left.needs if apart else (*self.left.needs, *self.right.needs)

    def hits(self, evaluation: Evaluation) -> list[Hit]:
        """See `Plan.hits`."""
        lefts = evaluation.hits(self.left)
        rights = evaluation.hits(self.right) if lefts and self.right.may_hold(evaluation) else []
        if not rights:
            return lefts if self.apart else []
        if not evaluation.spend(_JOINING):
            return []
        partners = Partners(evaluation, rights, Way(self.unit, self.distance, self.apart))
        found = [(left, partners.of(left)) for left in lefts if evaluation.spend()]
        if self.apart:
            return [left for left, right in found if right is None]
        return sorted((joined(left, right) for left, right in found if right is not None), key=begin)


class AtLeast(Plan):
    """The part stands in at least `count` places."""

    __slots__ = ("count", "part")

    def __init__(self, count: int, part: Plan) -> None:
        self.count, self.part = count, part
        self.needs = part.needs

    def hits(self, evaluation: Evaluation) -> list[Hit]:
        """See `Plan.hits`."""
        found = evaluation.hits(self.part)
        if len(found) < self.count:
            return []
        return found if how_many((first, last) for first, last, _ in found) >= self.count else []
