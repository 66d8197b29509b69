"""One text against a pack's plans: the places of all terms, and every part of every query worked out once."""

from __future__ import annotations

from pipeline.rules.link import NOWHERE, Linked
from pipeline.rules.nodes import Node
from pipeline.rules.pack import RulePack
from pipeline.rules.partners import Hit, Leaf
from pipeline.rules.plan import Plan
from pipeline.rules.scan import Place, without_overlaps
from pipeline.rules.text import Document, RuleText

#: neighbours looked at in one text, so that no rule and no text cost more than a few hundredths of a second
MAX_STEPS = 8_000


class Evaluation:
    """What a text answers.

    Attributes:
        places: where each term stands that was found, by the term's number.
        document: the text as it was read; `document.cut` tells what was not.
    """

    __slots__ = ("_extents", "_hits", "_holds", "_linked", "_quotes", "_steps", "document", "places", "text")

    def __init__(self, pack: RulePack, text: RuleText) -> None:
        linked = self._linked = pack.linked
        self.text = text
        self.document = Document(text.title, text.text, text.url if linked.reads_urls else "")
        self.places: dict[int, list[Place]] = linked.scanner.places(self.document)
        self._take_away(linked)
        title, body, url = self.document.fields
        self._extents = {
            "": (title.first, body.last),
            "title": (title.first, title.last),
            "body": (body.first, body.last),
            "url": (url.first, url.last),
            NOWHERE: (0, 0),
        }
        self._hits: dict[Plan, list[Hit]] = {}
        self._holds: dict[Plan, bool] = {}
        self._quotes: dict[Place, tuple[str, int, int, str]] = {}
        self._steps = MAX_STEPS

    def _take_away(self, linked: Linked) -> None:
        """Leave out places that an exception touches, and people who were not in office that day."""
        places = self.places
        for term in linked.exceptions.keys() & places.keys():
            unless = places.get(linked.exceptions[term])
            if unless:
                places[term] = without_overlaps(places[term], unless)
        day = self.text.published
        if day is not None:
            for term in linked.terms_in_office.keys() & places.keys():
                begins, ends = linked.terms_in_office[term]
                if (begins is not None and day < begins) or (ends is not None and day > ends):
                    places[term] = []
        for term in [term for term, found in places.items() if not found]:
            del places[term]

    def holds(self, plan: Plan | Node) -> bool:
        """Whether the text answers a plan, or a part of one of the pack's queries."""
        if not isinstance(plan, Plan):
            plan = self._linked.plan(plan)
        known = self._holds.get(plan)
        if known is None:
            known = self._holds[plan] = plan.holds(self)
        return known

    def hits(self, plan: Plan) -> list[Hit]:
        """The places of a plan, by where they begin."""
        known = self._hits.get(plan)
        if known is None:
            known = self._hits[plan] = plan.hits(self)
        return known

    def evidence(self, *plans: Plan | Node) -> list[Leaf]:
        """The places that made plans hold, in order of the text, each once."""
        asked = [plan if isinstance(plan, Plan) else self._linked.plan(plan) for plan in plans]
        return sorted({leaf for plan in asked for leaf in plan.evidence(self)}, key=_in_order)

    def quote(self, first: int, last: int) -> tuple[str, int, int, str]:
        """Field, span and original characters of a place."""
        place = (first, last)
        known = self._quotes.get(place)
        if known is None:
            name, start, end = self.document.quote(first, last)
            original = self.document.field_of(first).original
            known = self._quotes[place] = (name, start, end, original[start:end])
        return known

    def extent(self, field: str) -> tuple[int, int]:
        """From where to where a field reaches; ``""`` for title and text."""
        known = self._extents.get(field)
        if known is None:
            first = self.document.fields[0 if field == "top" else 1].first
            known = self._extents[field] = (first, self.document.lead_end)
        return known

    def bounds(self, unit: str) -> list[int]:
        """Where the parts begin that an operator does not reach over: sentences, paragraphs or fields."""
        if unit == "SENT":
            return self.document.sentences
        return self.document.paragraphs if unit == "PARA" else [field.first for field in self.document.fields]

    def spend(self, steps: int = 1) -> bool:
        """Count neighbours looked at; False when there were too many."""
        if self._steps >= 0 > self._steps - steps:
            self.document.cut.append(
                f"more than {MAX_STEPS:,} neighbours of places: NEAR, SENT and PARA looked at the first only"
            )
        self._steps -= steps
        return self._steps >= 0


def _in_order(leaf: Leaf) -> tuple[int, int, str]:
    return leaf.first, leaf.last, leaf.clause
