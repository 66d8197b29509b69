"""A text against a pack: topics matched with evidence, vetoes by name, and how close the others came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pipeline.article import Classification, Evidence, Match, NearMiss, Veto
from pipeline.rules.evaluate import Evaluation, Leaf
from pipeline.rules.model import Topic
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

#: most pieces of evidence kept per clause, and in all
_PER_CLAUSE, _IN_ALL = 8, 60
#: weights named in a near miss
_MOST_HINTS = 3


def classify(pack: RulePack, text: RuleText) -> Classification:
    """What the rules say of a text; evidence quotes the original characters exactly."""
    evaluation = Evaluation(pack, text)
    matches: list[Match] = []
    vetoes: list[Veto] = []
    near_misses: list[NearMiss] = []
    for topic in pack.topics.values():
        ahead = next((match.topic for match in matches if match.topic in topic.unless), None)
        if ahead is not None:
            continue
        query_holds = evaluation.holds(topic.query)
        score = _score(evaluation, topic) if query_holds else 0.0
        against = _vetoes(evaluation, topic)
        vetoes.extend(against)
        if query_holds and score >= topic.threshold and not against:
            matches.append(_match(pack, evaluation, topic, score))
        else:
            near_misses.extend(_near_miss(pack, evaluation, topic, score))
    return Classification(tuple(matches), tuple(vetoes), tuple(near_misses), pack.version)


def _score(evaluation: Evaluation, topic: Topic) -> float:
    points = sum(weight.points for weight in topic.weights if evaluation.holds(weight.query))
    return round(min(max(topic.base + points, 0.0), 1.0), 3)


def _vetoes(evaluation: Evaluation, topic: Topic) -> list[Veto]:
    return [
        Veto(rule.name, topic.id, _quoted(evaluation, evaluation.evidence(rule.query)))
        for rule in topic.vetoes
        if evaluation.holds(rule.query)
    ]


def _match(pack: RulePack, evaluation: Evaluation, topic: Topic, score: float) -> Match:
    leaves = list(evaluation.evidence(topic.query))
    for weight in topic.weights:
        if weight.points > 0 and evaluation.holds(weight.query):
            leaves.extend(evaluation.evidence(weight.query))
    return Match(topic.id, score, _quoted(evaluation, leaves), pack.version)


def _quoted(evaluation: Evaluation, leaves: Iterable[Leaf]) -> tuple[Evidence, ...]:
    """Evidence in order of the text, each place once per clause."""
    document = evaluation.document
    found: list[Evidence] = []
    seen: Counter[str] = Counter()
    for leaf in sorted(set(leaves), key=lambda each: (each.first, each.last, each.clause)):
        seen[leaf.clause] += 1
        if seen[leaf.clause] > _PER_CLAUSE or len(found) == _IN_ALL:
            continue
        field, start, end = document.quote(leaf.first, leaf.last)
        original = document.field_of(leaf.first).original
        found.append(Evidence(leaf.clause, field, start, end, original[start:end]))
    return tuple(found)


def _near_miss(pack: RulePack, evaluation: Evaluation, topic: Topic, score: float) -> list[NearMiss]:
    """How far the topic's query got; nothing when no clause of it holds."""
    clauses = _clauses(pack, topic.query)
    satisfied = [clause for clause in clauses if evaluation.holds(clause)]
    if not any(not isinstance(clause, Not) for clause in satisfied):
        return []
    missing = [in_words(pack, clause) for clause in clauses if clause not in satisfied]
    if not missing and score < topic.threshold:
        missing.append(f"a score of {topic.threshold:g} (it is {score:g})")
        missing.extend(_would_count(pack, evaluation, topic))
    words = tuple(in_words(pack, clause) for clause in satisfied)
    return [NearMiss(topic.id, score, words, tuple(missing))]


def _would_count(pack: RulePack, evaluation: Evaluation, topic: Topic) -> list[str]:
    """What would have raised the score most, in words."""
    absent = [weight for weight in topic.weights if weight.points > 0 and not evaluation.holds(weight.query)]
    best = sorted(absent, key=lambda weight: -weight.points)[:_MOST_HINTS]
    return [f"{in_words(pack, weight.query)} (+{weight.points:g})" for weight in best]


def _clauses(pack: RulePack, node: Node) -> tuple[Node, ...]:
    """What must hold side by side for the query to hold."""
    if isinstance(node, And):
        return tuple(clause for part in node.parts for clause in _clauses(pack, part))
    if isinstance(node, Term):
        concept = pack.concepts.get(node.clause)
        if concept is not None and isinstance(concept.query, And):
            return _clauses(pack, concept.query)
    return (node,)


def in_words(pack: RulePack, node: Node) -> str:
    """A clause in words a reader understands."""
    if isinstance(node, Term):
        return pack.label(node.clause)
    if isinstance(node, Fact):
        return f"{node.field} {node.value}"
    parts = [in_words(pack, part) for part in children_of(node)]
    if isinstance(node, Or):
        return " or ".join(parts)
    return " and ".join(parts) if isinstance(node, And) else _related(node, parts)


def _related(node: Node, parts: list[str]) -> str:
    """The words for how the parts of a node stand to each other."""
    words = parts[0]
    match node:
        case Not():
            words = f"no {parts[0]}"
        case Scope(field, _):
            words = f"{parts[0]} in the {'title or lead' if field == 'top' else field}"
        case AtLeast(count, _):
            words = f"{parts[0]} at least {count} times"
        case Near(_, _, distance, _):
            words = f"{parts[0]} within {distance} words of {parts[1]}"
        case Within(_, _, unit):
            words = f"{parts[0]} in one {'sentence' if unit == 'SENT' else 'paragraph'} with {parts[1]}"
        case Apart():
            words = f"{parts[0]} apart from {parts[1]}"
    return words
