"""What a text lacks to be on a topic: the smallest change that would have made it match, clause by clause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.rules.classify import in_words
from pipeline.rules.evaluate import Evaluation
from pipeline.rules.model import Concept, Topic
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
from pipeline.rules.text import RuleText

#: words named as examples of what would satisfy a clause; quotes of what is there; weights that would lift a score
_MOST_EXAMPLES, _MOST_QUOTES, _MOST_WEIGHTS = 4, 2, 3


@dataclass(frozen=True, slots=True)
class Want:
    """A clause of the topic's query that does not hold.

    Attributes:
        clause: in a reader's words; `why`: what stands in its way.
        examples: words that would satisfy it, as rules write them, those of the text's language first.
        came: how near it came: 0 nothing of it is there, 1 some of it, 2 all of it but not as it must be.
    """

    clause: str
    why: str
    examples: tuple[str, ...] = ()
    came: int = 0


@dataclass(frozen=True, slots=True)
class Lack:
    """What lies between a text and a topic.

    Attributes:
        wants: clauses that do not hold; empty when the query holds.
        held: how many clauses hold.
        score: as it would be counted now, were the query to hold; `threshold`: what it must reach.
        lifts: what would raise the score, in words; empty when it is enough.
        vetoes: names of those that hold.
    """

    topic: str
    wants: tuple[Want, ...]
    held: int
    score: float
    threshold: float
    lifts: tuple[str, ...]
    vetoes: tuple[str, ...]

    @property
    def changes(self) -> int:
        """How many things would have to be otherwise; 0: the text is on the topic, or on one that goes first."""
        return len(self.wants) + len(self.vetoes) + (self.score < self.threshold)

    @property
    def progress(self) -> int:
        """How much of the query is there; 0: nothing at all."""
        return 3 * self.held + sum(want.came for want in self.wants)


def lacking(pack: RulePack, text: RuleText) -> list[Lack]:
    """What lies between a text and each topic, the closest first."""
    evaluation = Evaluation(pack, text)
    found = [_lack(pack, evaluation, text, topic) for topic in pack.topics.values()]
    return sorted(found, key=lambda lack: (not lack.progress, lack.changes, -lack.progress))


def _lack(pack: RulePack, evaluation: Evaluation, text: RuleText, topic: Topic) -> Lack:
    clauses = list(side_by_side(pack, topic.query))
    missing = [clause for clause in clauses if not evaluation.holds(clause)]
    held = [each for each in clauses if each not in missing and not isinstance(each, Not)]
    weights = [(weight, evaluation.holds(weight.query)) for weight in topic.weights]
    points = topic.base + sum(weight.points for weight, holds in weights if holds)
    score = round(min(max(points, 0.0), 1.0), 3)
    lifts = sorted(
        (abs(weight.points), f"{'no ' if holds else ''}{in_words(pack, weight.query)}")
        for weight, holds in weights
        if (weight.points < 0) == holds and weight.points
    )
    wanted = _Wanted(pack, evaluation, text)
    return Lack(
        topic=topic.id,
        wants=tuple(wanted.want(clause) for clause in missing),
        held=len(held),
        score=score,
        threshold=topic.threshold,
        lifts=tuple(f"{words} (+{gain:g})" for gain, words in reversed(lifts[-_MOST_WEIGHTS:]))
        if score < topic.threshold
        else (),
        vetoes=tuple(rule.name for rule in topic.vetoes if evaluation.holds(rule.query)),
    )


def side_by_side(pack: RulePack, node: Node) -> Iterator[Node]:
    """What must hold side by side for a query to hold."""
    concept = pack.concepts.get(node.clause) if isinstance(node, Term) else None
    if isinstance(node, And):
        for part in node.parts:
            yield from side_by_side(pack, part)
    elif concept is not None and isinstance(concept.query, And):
        yield from side_by_side(pack, concept.query)
    else:
        yield node


class _Why(NamedTuple):
    """What stands in a clause's way; `came`: how near it came, 0 to 2; `examples`: words that would satisfy it."""

    came: int
    words: str
    examples: tuple[str, ...] = ()


class _Wanted:
    """Says of a clause that does not hold what stands in its way."""

    def __init__(self, pack: RulePack, evaluation: Evaluation, text: RuleText) -> None:
        self._pack, self._evaluation, self._text = pack, evaluation, text

    def want(self, node: Node) -> Want:
        """The clause with why it does not hold, and what would satisfy it."""
        why = self._why(node)
        return Want(in_words(self._pack, node), why.words, why.examples, why.came)

    def _why(self, node: Node) -> _Why:
        """What stands in a clause's way, and how near it came."""
        concept = self._pack.concepts.get(node.clause) if isinstance(node, Term) else None
        if concept is not None and concept.query is not None:
            return self._why(concept.query)
        if isinstance(node, Or):  # of several ways, the one that came closest; the first of those
            return max((self._why(part) for part in node.parts), key=lambda why: why.came)
        if isinstance(node, Near | Within):
            return self._apart(node)
        return self._alone(node) or _Why(0, "not found", self._examples(node))

    def _alone(self, node: Node) -> _Why | None:
        """Why a clause does not hold that does not relate two others; None when there is no more to say than that."""
        why: _Why | None = None
        match node:
            case Term(clause) if self._evaluation.holds(excepted := Term(f"{clause} except", 0)):
                words = f"found only where it does not count (“{self._quotes(excepted)}”)"
                why = _Why(1, words, self._examples(node))
            case Apart(left, right) if self._evaluation.holds(left):
                why = _Why(2, f"“{self._quotes(left)}” stands with {in_words(self._pack, right)} only")
            case Scope(field, part) if field != "url" and self._evaluation.holds(part):
                where = "title or lead" if field == "top" else field
                why = _Why(2, f"found (“{self._quotes(part)}”), but not in the {where}")
            case AtLeast(count, part) if self._evaluation.holds(part):
                places = len({leaf[1:] for leaf in self._evaluation.evidence(part)})
                words = f"found {places} of {count} times (“{self._quotes(part)}”)"
                why = _Why(1, words, self._examples(part))
            case Not(part):
                why = _Why(2, f"“{self._quotes(part)}” must not be there")
            case Fact(field, _):
                known = getattr(self._text, {"lang": "language"}.get(field, field), None)
                why = _Why(0, f"this text's {field} is {known or 'not known'}")
        return why

    def _apart(self, node: Near | Within) -> _Why:
        """Why two clauses do not stand together."""
        there = [self._evaluation.holds(side) for side in (node.left, node.right)]
        if all(there):
            if isinstance(node, Near):
                where = f"not within {node.distance} words" + (" in this order" if node.ordered else "")
            else:
                where = f"in no one {'sentence' if node.unit == 'SENT' else 'paragraph'}"
            quotes = f"“{self._quotes(node.left)}” and “{self._quotes(node.right)}”"
            return _Why(2, f"{quotes} are both there, but {where}")
        if not any(there):
            examples = (*self._examples(node.left)[:2], *self._examples(node.right)[:2])
            return _Why(
                0,
                f"neither {in_words(self._pack, node.left)} nor {in_words(self._pack, node.right)} is found",
                examples,
            )
        held, absent = (node.left, node.right) if there[0] else (node.right, node.left)
        found = f"“{self._quotes(held)}” is there, {in_words(self._pack, absent)} is not"
        return _Why(1, found, self._examples(absent))

    def _quotes(self, node: Node) -> str:
        """The first words of the text that a node found."""
        document = self._evaluation.document
        quotes: dict[str, None] = {}
        for leaf in sorted(set(self._evaluation.evidence(node)), key=lambda each: each.first):
            _, start, end = document.quote(leaf.first, leaf.last)
            quotes[document.field_of(leaf.first).original[start:end]] = None
        return "”, “".join(list(quotes)[:_MOST_QUOTES])

    def _examples(self, node: Node) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._words(node)))[:_MOST_EXAMPLES]

    def _words(self, node: Node) -> Iterator[str]:
        """Words that would satisfy a node, of its parts in turn."""
        if isinstance(node, Term):
            concept = self._pack.concepts.get(node.clause)
            if concept is None:
                yield node.clause.strip('"')
            elif concept.query is not None:
                yield from self._words(concept.query)
            else:
                yield from self._of_language(concept)
        elif isinstance(node, Or):
            for part in node.parts:
                yield from list(self._words(part))[:2]
        elif not isinstance(node, Not | Fact):
            parts = (node.left,) if isinstance(node, Apart) else children_of(node)
            for part in parts:
                yield from self._words(part)

    def _of_language(self, concept: Concept) -> Iterator[str]:
        language = (self._text.language or "").split("-")[0]
        yield from (
            concept.patterns.get(language)
            or concept.patterns.get("en")
            or next(iter(concept.patterns.values()), ())
        )
