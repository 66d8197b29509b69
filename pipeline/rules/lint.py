"""Lint of a rule pack: what loads but cannot be meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.rules.errors import Spot
from pipeline.rules.evaluate import Evaluation
from pipeline.rules.fold import is_han
from pipeline.rules.model import Concept
from pipeline.rules.nodes import Node, Term
from pipeline.rules.pack import RulePack, queries_of, terms_of
from pipeline.rules.phrases import words_of
from pipeline.rules.text import RuleText

#: letters before a star, and in a word that stands alone, below which a pattern hits words of other meanings
_SHORT_PREFIX, _SHORT_WORD = 4, 3
_MOST_NAMED = 6
_OPERATORS = frozenset({"and", "or", "not"})
_STAR = re.compile(r"(?<=\w)\*|\*(?=\w)")
#: words so common that a pattern made of one of them alone says nothing, in the languages of the shipped packs
_COMMON = frozenset(
    {
        *("the", "and", "for", "that", "with", "from", "this", "have", "are", "was", "not"),
        *("und", "der", "die", "das", "den", "von", "mit", "ist", "auf", "ein", "eine", "dem", "des", "bei"),
        *("les", "une", "est", "dans", "pour", "que", "qui", "sur", "par"),
        *("los", "las", "del", "una", "por", "con", "para", "como"),
        *("или", "что", "как", "это", "для", "при", "его", "все", "был", "она", "они", "гэта", "што", "быў"),
        *("bir", "ilə", "olan", "في", "من", "على", "إلى", "هذا", "التي", "الذي"),
    }
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something in a pack that is wrong or useless; `serious` when it is wrong."""

    spot: Spot
    what: str
    serious: bool

    def __str__(self) -> str:
        return f"{self.spot.file}:{self.spot.line}:{self.spot.column}: {self.what}"


def lint(pack: RulePack, *, hints: bool = False) -> Iterator[Complaint]:
    """What loads but cannot be meant.

    Thresholds that nothing reaches, operators in small letters, concepts that no topic asks for, patterns that never match,
    say nothing, or stand twice; with `hints` also patterns that a shorter one finds already.
    """
    for topic in pack.topics.values():
        best = topic.base + sum(weight.points for weight in topic.weights if weight.points > 0)
        if best < topic.threshold:
            what = f"{topic.id} can reach a score of {best:g} at most, below its threshold of {topic.threshold:g}"
            yield Complaint(topic.spot, what, serious=True)
    yield from _operators_as_words(pack)
    reached = _reached(pack)
    for concept in pack.concepts.values():
        if concept.id not in reached and concept.id.startswith("@"):
            yield Complaint(concept.spot, f"{concept.id} is used by no query of a topic", serious=False)
        for what in _patterns(pack, concept):
            yield Complaint(concept.spot, f"{concept.id}: {what}", serious=False)
        if hints and (what := _covered_ones(concept)):
            yield Complaint(concept.spot, f"{concept.id}: {what}", serious=False)


def _operators_as_words(pack: RulePack) -> Iterator[Complaint]:
    """Words of queries that were perhaps meant as operators."""
    queries = [(topic.spot, query) for topic in pack.topics.values() for query in queries_of(topic)]
    queries += [(each.spot, each.query) for each in pack.concepts.values() if each.query is not None]
    for spot, query in queries:
        for term in terms_of(query):
            if term.clause.lower() in _OPERATORS:
                what = (
                    f"{term.clause!r} is looked for as a word here: the operator is {term.clause.upper()}, "
                    f'and the word, if it is meant, "{term.clause}" in quotation marks'
                )
                yield Complaint(term.spot or spot, what, serious=False)


def _reached(pack: RulePack) -> set[str]:
    """The concepts that a topic's query, weight or veto asks for, itself or through other concepts."""
    return closure(pack.concepts, [query for topic in pack.topics.values() for query in queries_of(topic)])


def closure(concepts: Mapping[str, Concept], queries: list[Node]) -> set[str]:
    """The concepts that queries ask for, themselves or through other concepts."""
    found: set[str] = set()
    waiting = list(queries)
    while waiting:
        for term in terms_of(waiting.pop()):
            concept = concepts.get(term.clause)
            if concept is not None and concept.id not in found:
                found.add(concept.id)
                if concept.query is not None:
                    waiting.append(concept.query)
    return found


def _patterns(pack: RulePack, concept: Concept) -> Iterator[str]:
    """What is wrong with a concept's patterns."""
    for language, patterns in concept.patterns.items():
        for pattern, count in Counter(patterns).items():
            if count > 1:
                yield f"{pattern!r} is given {count} times under {language}"
            if why := _too_broad(pattern):
                yield f"{pattern!r} ({language}) {why}"
            elif not _can_match(pack, concept, pattern):
                yield f"{pattern!r} ({language}) can never match: an exception takes away all it could be found in"


def _covered_ones(concept: Concept) -> str:
    """Names a concept's patterns that others of it find already; empty when there are none."""
    covered = [
        words for patterns in concept.patterns.values() for words in _covered(tuple(dict.fromkeys(patterns)))
    ]
    rest = f" and {len(covered) - _MOST_NAMED} more" if len(covered) > _MOST_NAMED else ""
    named = ", ".join(covered[:_MOST_NAMED])
    return f"shorter patterns find these already: {named}{rest}" if covered else ""


def _too_broad(pattern: str) -> str:
    """Why a pattern hits more than anyone means; empty when it does not."""
    words = words_of(pattern.strip().lstrip("="))
    if len(words) != 1 or pattern.startswith("="):
        return ""
    (word,) = words
    if len(word.text) == 1 and is_han(word.text):
        return "is one Chinese character, found in words of any meaning: give a whole word"
    arabic = "\u0620" <= word.text[0] <= "\u064a"  # where three letters are a root
    if word.prefix and len(word.text) < _SHORT_PREFIX and not arabic:
        return f"begins words of any meaning: give at least {_SHORT_PREFIX} letters before the star"
    if word.text in _COMMON:
        return "stands in almost every text"
    if not word.prefix and len(word.text) < _SHORT_WORD and not arabic:
        return f"is a word of {len(word.text)} letters and will mean other things too: an abbreviation is ={pattern.upper()}"
    return ""


def _can_match(pack: RulePack, concept: Concept, pattern: str) -> bool:
    """Whether a pattern is found in the very words it is written with."""
    plain = pattern.strip().lstrip("=").strip('"')
    sample = _STAR.sub("", " ".join("word" if part == "*" else part for part in plain.split()))
    evaluation = Evaluation(pack, RuleText(title="", text=sample))
    return evaluation.holds(Term(concept.id, 0))


def _covered(patterns: tuple[str, ...]) -> Iterator[str]:
    """Patterns of one word that a shorter one with a star finds as well."""
    single = {pattern: words_of(pattern) for pattern in patterns if not pattern.startswith(("=", "*"))}
    prefixes = {
        words[0].text: pattern for pattern, words in single.items() if len(words) == 1 and words[0].prefix
    }
    for pattern, words in single.items():
        if len(words) != 1:
            continue
        text = words[0].text
        shorter = (text[:size] for size in range(1, len(text) + (not words[0].prefix)))
        wider = next((prefixes[each] for each in shorter if each in prefixes), None)
        if wider is not None and wider != pattern:
            yield f"{pattern} ({wider})"
