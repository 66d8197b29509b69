"""A text against a pack: topics matched with evidence, vetoes by name, and how close the others came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pipeline.article import Classification, Evidence, Match, NearMiss, Veto
from pipeline.rules import wording
from pipeline.rules.evaluate import Evaluation
from pipeline.rules.link import Linked, LinkedTopic
from pipeline.rules.nodes import Node
from pipeline.rules.pack import RulePack
from pipeline.rules.partners import Leaf
from pipeline.rules.text import RuleText

#: most pieces of evidence kept per clause, and in all
_PER_CLAUSE, _IN_ALL = 8, 60
#: weights named in a near miss
_MOST_HINTS = 3


def classify(pack: RulePack, text: RuleText, *, near_misses: bool = False) -> Classification:
    """What the rules say of a text; evidence quotes the original characters exactly.

    Of a text that asks for too much work, `cut` of the answer tells what was left out.

    Args:
        pack: the rules.
        text: of one article.
        near_misses: tell of the other topics, too, how far they got. With many topics that costs more than all the rest.
    """
    evaluation = Evaluation(pack, text)
    matches: list[Match] = []
    vetoes: list[Veto] = []
    misses: list[NearMiss] = []
    linked_pack = pack.linked
    asked = _touched(linked_pack, evaluation) if near_misses else _asked(linked_pack, evaluation)
    for linked in asked:
        topic = linked.topic
        if topic.unless and any(match.topic in topic.unless for match in matches):
            continue
        query_holds = evaluation.holds(linked.query)
        score = _score(evaluation, linked) if query_holds else 0.0
        against = _vetoes(evaluation, linked)
        vetoes.extend(against)
        if query_holds and score >= topic.threshold and not against:
            matches.append(_match(pack, evaluation, linked, score))
        elif near_misses:
            misses.extend(_near_miss(evaluation, linked, score))
    cut = tuple(dict.fromkeys(evaluation.document.cut))
    return Classification(tuple(matches), tuple(vetoes), tuple(misses), pack.version, cut)


def _touched(linked: Linked, evaluation: Evaluation) -> list[LinkedTopic]:
    """The topics that look for something the text has; the others can neither match nor come close."""
    touched = {index for term in evaluation.places for index in linked.topics_of.get(term, ())}
    return [linked.topics[index] for index in sorted(touched)]


def _asked(linked: Linked, evaluation: Evaluation) -> list[LinkedTopic]:
    """The topics that may match or be vetoed: of the terms that they cannot do without, none is missing."""
    found, asked_by = evaluation.places.keys(), linked.asked_by
    asked: set[int] = set()
    for term in found & asked_by.keys():
        for index, needs in asked_by[term]:
            for terms in needs:
                if found.isdisjoint(terms):
                    break
            else:
                asked.add(index)
    return [linked.topics[index] for index in sorted(asked)]


def _score(evaluation: Evaluation, linked: LinkedTopic) -> float:
    points = sum(each.weight.points for each in linked.weights if evaluation.holds(each.plan))
    return round(min(max(linked.topic.base + points, 0.0), 1.0), 3)


def _vetoes(evaluation: Evaluation, linked: LinkedTopic) -> list[Veto]:
    return [
        Veto(rule.name, linked.topic.id, _quoted(evaluation, evaluation.evidence(plan)))
        for rule, plan in linked.vetoes
        if evaluation.holds(plan)
    ]


def _match(pack: RulePack, evaluation: Evaluation, linked: LinkedTopic, score: float) -> Match:
    plans = [
        linked.query,
        *(each.plan for each in linked.weights if each.weight.points > 0 and evaluation.holds(each.plan)),
    ]
    return Match(linked.topic.id, score, _quoted(evaluation, evaluation.evidence(*plans)), pack.version)


def _quoted(evaluation: Evaluation, leaves: Iterable[Leaf]) -> tuple[Evidence, ...]:
    """The first pieces of evidence of every clause, as they stand in the text."""
    found: list[Evidence] = []
    seen: Counter[str] = Counter()
    for leaf in leaves:
        seen[leaf.clause] += 1
        if seen[leaf.clause] <= _PER_CLAUSE and len(found) < _IN_ALL:
            field, start, end, quote = evaluation.quote(leaf.first, leaf.last)
            found.append(Evidence(leaf.clause, field, start, end, quote))
    return tuple(found)


def _near_miss(evaluation: Evaluation, linked: LinkedTopic, score: float) -> list[NearMiss]:
    """How far the topic's query got; nothing when none of what it looks for is there."""
    topic = linked.topic
    holding = [(clause, evaluation.holds(clause.plan)) for clause in linked.clauses]
    if not any(holds and clause.positive for clause, holds in holding):
        return []
    missing = [clause.words for clause, holds in holding if not holds]
    if not missing and score < topic.threshold:
        missing.append(f"a score of {topic.threshold:g} (it is {score:g})")
        missing.extend(_would_count(evaluation, linked))
    words = tuple(clause.words for clause, holds in holding if holds)
    return [NearMiss(topic.id, score, words, tuple(missing))]


def _would_count(evaluation: Evaluation, linked: LinkedTopic) -> list[str]:
    """What would have raised the score most, in words."""
    absent = [each for each in linked.weights if each.weight.points > 0 and not evaluation.holds(each.plan)]
    best = sorted(absent, key=lambda each: -each.weight.points)[:_MOST_HINTS]
    return [f"{each.words} (+{each.weight.points:g})" for each in best]


def in_words(pack: RulePack, node: Node) -> str:
    """A clause in words a reader understands."""
    return wording.in_words(pack.label, node)
