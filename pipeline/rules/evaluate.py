"""A query against one document: places of terms -> places of clauses -> true or false, with the words that made it so."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from heapq import merge
from typing import NamedTuple

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
)
from pipeline.rules.pack import RulePack
from pipeline.rules.scan import Place, outermost, without_overlaps
from pipeline.rules.text import Document, RuleText

#: candidates looked at on each side of a place, so that no text makes a query slow
_CANDIDATES = 8
#: places kept per term, the first ones: more is no article, and costs time
_MAX_PLACES = 150


class Leaf(NamedTuple):
    """A term's place: words from `first` to `last` (exclusive)."""

    clause: str
    first: int
    last: int


class Hit(NamedTuple):
    """A clause's place, and the terms that make it up."""

    first: int
    last: int
    leaves: tuple[Leaf, ...]


class Range(NamedTuple):
    """The words of one field, or of several that follow each other."""

    first: int
    last: int


class Evaluation:
    """One document's answers to a pack's queries; every sub-query is worked out once."""

    def __init__(self, pack: RulePack, text: RuleText) -> None:
        self._pack = pack
        self._text = text
        self.document = Document(text.title, text.text, text.url)
        found = pack.scanner.places(self.document)
        for term, unless in pack.exceptions.items():
            if term in found and unless in found:
                found[term] = without_overlaps(found[term], found[unless])
        self._places: dict[str, list[Place]] = {
            clause: found[number][:_MAX_PLACES] for clause, number in pack.terms.items() if number in found
        }
        title, body, url = self.document.fields
        self._ranges = {
            "title": Range(title.first, title.last),
            "lead": Range(body.first, self.document.lead_end),
            "top": Range(title.first, self.document.lead_end),
            "body": Range(body.first, body.last),
            "url": Range(url.first, url.last),
        }
        self.everywhere = Range(title.first, body.last)
        self._hits: dict[tuple[int, Range], list[Hit]] = {}

    def holds(self, node: Node, within: Range | None = None) -> bool:
        """Whether the text answers the query."""
        within = within or self.everywhere
        if isinstance(node, And | Or):
            answers = (self.holds(part, within) for part in node.parts)
            return all(answers) if isinstance(node, And) else any(answers)
        if isinstance(node, Not):
            return not self.holds(node.part, within)
        if isinstance(node, Fact):
            return self._fact(node)
        if isinstance(node, Scope):
            return self.holds(node.part, self._narrowed(node, within))
        query = self._query_of(node)
        return self.holds(query, within) if query is not None else bool(self.hits(node, within))

    def evidence(self, node: Node, within: Range | None = None) -> Iterator[Leaf]:
        """The terms that made the query hold, in no particular order, repeats included."""
        within = within or self.everywhere
        if isinstance(node, Scope):
            yield from self.evidence(node.part, self._narrowed(node, within))
        elif isinstance(node, And | Or):
            for part in node.parts:
                if self.holds(part, within):
                    yield from self.evidence(part, within)
        elif (query := self._query_of(node)) is not None:
            yield from self.evidence(query, within)
        elif not isinstance(node, Not | Fact):
            for hit in self.hits(node, within):
                yield from hit.leaves

    def hits(self, node: Node, within: Range) -> list[Hit]:
        """The places of a clause, by first word."""
        key = (id(node), within)
        known = self._hits.get(key)
        if known is None:
            known = self._hits[key] = self._find(node, within)
        return known

    def _find(self, node: Node, within: Range) -> list[Hit]:
        if isinstance(node, Term):
            return self._term(node, within)
        parts = [self.hits(part, within) for part in children_of(node)]
        if isinstance(node, Or):
            return list(merge(*parts, key=_first))
        if isinstance(node, Near | Within):
            partners = _Partners(self.document, parts[1], node)
            joined = (partners.joined(left) for left in parts[0])
            return sorted((hit for hit in joined if hit is not None), key=_first)
        if isinstance(node, Apart):
            partners = _Partners(self.document, parts[1], node)
            return [left for left in parts[0] if partners.joined(left) is None]
        if isinstance(node, AtLeast):
            places = outermost((hit.first, hit.last) for hit in parts[0])
            return parts[0] if len(places) >= node.count else []
        raise TypeError(f"{type(node).__name__} has no places")

    def _query_of(self, node: Node) -> Node | None:
        """The query that a concept stands for; None for anything else."""
        concept = self._pack.concepts.get(node.clause) if isinstance(node, Term) else None
        return concept.query if concept else None

    def _term(self, term: Term, within: Range) -> list[Hit]:
        query = self._query_of(term)
        if query is not None:
            return self.hits(query, within)
        places = self._places.get(term.clause, [])
        start = bisect_left(places, (within.first, 0))
        stop = bisect_left(places, (within.last, 0))
        return [Hit(first, last, (Leaf(term.clause, first, last),)) for first, last in places[start:stop]]

    def _narrowed(self, scope: Scope, within: Range) -> Range:
        field = self._ranges[scope.field]
        if field == self._ranges["url"]:
            return field
        return Range(max(field.first, within.first), min(field.last, within.last))

    def _fact(self, fact: Fact) -> bool:
        known = {
            "source": self._text.source,
            "lang": self._text.language,
            "country": self._text.country,
            "tier": None if self._text.tier is None else str(self._text.tier),
        }[fact.field]
        return known is not None and known.casefold() == fact.value


class _Partners:
    """The hits that others are joined with, and how near an operator asks them to stand."""

    def __init__(self, document: Document, hits: Sequence[Hit], node: Near | Within | Apart) -> None:
        self._document = document
        self._hits = hits
        self._firsts = [hit.first for hit in hits]
        unit = ("ONEAR" if node.ordered else "NEAR") if isinstance(node, Near) else node.unit
        self._ordered = unit == "ONEAR"
        self._parts = {"SENT": document.sentence, "PARA": document.paragraph}.get(unit)
        self._distance = 0 if isinstance(node, Within) else node.distance

    def joined(self, left: Hit) -> Hit | None:
        """`left` with the nearest hit that is close enough and shares no word with it; None when there is none."""
        middle = bisect_left(self._firsts, left.first)
        best: Hit | None = None
        least = 0
        before = () if self._ordered else range(middle - 1, max(middle - _CANDIDATES, 0) - 1, -1)
        for numbers in (before, range(middle, min(middle + _CANDIDATES, len(self._hits)))):
            for number in numbers:
                right = self._hits[number]
                gap = max(right.first - left.last, left.first - right.last, 0)
                if not self._close(left, right, gap):
                    if self._parts is not None or (number >= middle and gap > self._distance):
                        break  # whatever stands behind it is further away
                elif (best is None or gap < least) and not _share(left, right):
                    best, least = right, gap
        return None if best is None else _join(left, best)

    def _close(self, left: Hit, right: Hit, gap: int) -> bool:
        """Whether two hits stand as near as the operator asks, `gap` words apart."""
        if self._parts is not None:
            return self._parts[left.first] == self._parts[right.first]
        if gap > self._distance or (self._ordered and right.first < left.last):
            return False
        return self._document.field_of(left.first) is self._document.field_of(right.first)


def _first(hit: Hit) -> int:
    return hit.first


def _share(left: Hit, right: Hit) -> bool:
    return any(a.first < b.last and b.first < a.last for a in left.leaves for b in right.leaves)


def _join(left: Hit, right: Hit) -> Hit:
    return Hit(min(left.first, right.first), max(left.last, right.last), (*left.leaves, *right.leaves))
