"""What the evaluation says equals what a slow one says that was written straight from the guide."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.rules import classify, lab
from pipeline.rules.definitions import Definitions
from pipeline.rules.evaluate import Evaluation
from pipeline.rules.nodes import And, Apart, AtLeast, Fact, Near, Node, Not, Or, Scope, Term, Within
from pipeline.rules.pack import RulePack
from pipeline.rules.query import parse_query
from pipeline.rules.text import RuleText
from pipeline.rules.yamlfile import read_yaml

CONCEPTS = """
concepts:
  ab: {label: ab, patterns: {en: [alpha, beta gamma, delt*]}, except: {en: [beta gamma delta, alpha alpha]}}
  pair: {label: pair, query: "alpha NEAR/2 gamma"}
  both: {label: both, query: "alpha AND NOT delta"}
  deep: {label: deep, query: "@pair OR delta OR (gamma NOT SENT beta)"}
entities:
  one: {kind: organ, names: {en: [alpha beta]}}
  two: {kind: organ, names: {en: [gamma]}}
"""
#: the patterns of the concepts above, and their exceptions
PATTERNS = {
    "@ab": (["alpha", "beta gamma", "delt*"], ["beta gamma delta", "alpha alpha"]),
    "#one": (["alpha beta"], []),
    "#two": (["gamma"], []),
}
QUERIES = {
    "@pair": "alpha NEAR/2 gamma",
    "@both": "alpha AND NOT delta",
    "@deep": "@pair OR delta OR (gamma NOT SENT beta)",
    "#kind:organ": "#one OR #two",
}


@dataclass
class Word:
    text: str
    at: int
    field: str
    sentence: int
    paragraph: int
    parted: bool


class Found(NamedTuple):
    first: int
    last: int
    leaves: tuple[tuple[str, int, int], ...]


@dataclass
class Slow:
    """A text of words, commas, ideographic full stops and newlines, read word by word."""

    title: str
    text: str
    language: str
    words: list[Word] = field(default_factory=list)
    lead: int = 0

    def __post_init__(self) -> None:
        position, sentence, paragraph = 1, 0, 0
        for name, text in (("title", self.title), ("body", self.text)):
            sentence, paragraph, before = sentence + 1, paragraph + 1, len(self.words)
            tokens = text.split(" ")
            while tokens and tokens[-1] in {",", "。", "\n"}:
                tokens.pop()
            parted = False
            for token in tokens:
                if token in {",", "。", "\n"}:
                    sentence += token != ","
                    paragraph += token == "\n"
                    parted = True
                elif token:
                    parted = parted and len(self.words) > before
                    position += 2 * parted
                    self.words.append(Word(token, position, name, sentence, paragraph, parted))
                    position += len(token) + 1
                    parted = False
            position += 2 if len(self.words) > before else 3
        body = [index for index, word in enumerate(self.words) if word.field == "body"]
        self.lead = self._lead_end(body)

    def _lead_end(self, body: list[int]) -> int:
        """The lead is the first paragraph, and further ones until thirty words are reached."""
        for number, index in enumerate(body):
            new = number and self.words[index].paragraph != self.words[index - 1].paragraph
            if (number >= 30 and new) or number >= 150:
                return index
        return len(self.words)

    def inside(self, index: int, scope: str) -> bool:
        name = self.words[index].field
        return {
            "": True,
            "title": name == "title",
            "body": name == "body",
            "lead": name == "body" and index < self.lead,
            "top": name == "title" or index < self.lead,
            "url": False,
        }[scope]

    def pattern(self, written: str) -> list[tuple[int, int]]:
        wanted = written.strip('"').split()
        spans = [
            (start, start + len(wanted))
            for start in range(len(self.words) - len(wanted) + 1)
            if all(
                (
                    self.words[start + n].text.startswith(word[:-1])
                    if word[-1] == "*"
                    else self.words[start + n].text == word
                )
                and (
                    n == 0
                    or not (
                        self.words[start + n].parted or self.words[start + n].field != self.words[start].field
                    )
                )
                for n, word in enumerate(wanted)
            )
        ]
        return outer(spans)

    def term(self, clause: str) -> list[tuple[int, int]]:
        if clause not in PATTERNS:
            return self.pattern(clause)
        patterns, exceptions = PATTERNS[clause]
        spans = outer([span for each in patterns for span in self.pattern(each)])
        unless = [span for each in exceptions for span in self.pattern(each)]
        return [(a, b) for a, b in spans if not any(a < d and c < b for c, d in unless)]

    def finds(self, node: Node, scope: tuple[str, ...]) -> list[Found]:  # noqa: PLR0911  # one answer per kind
        match node:
            case Term(clause) if clause in QUERIES:
                return self.finds(parse_query(QUERIES[clause]), scope)
            case Term(clause):
                return [
                    Found(a, b, ((clause, a, b),))
                    for a, b in self.term(clause)
                    if all(self.inside(a, name) for name in scope)
                ]
            case Or(parts):
                return sorted(
                    (hit for part in parts for hit in self.finds(part, scope)), key=lambda hit: hit.first
                )
            case Near(left, right, distance, ordered):
                return self.joined(left, right, ("ONEAR" if ordered else "NEAR", distance), scope)
            case Within(left, right, unit):
                return self.joined(left, right, (unit, 0), scope)
            case Apart(left, right, unit, distance):
                rights = self.finds(right, scope)
                return [
                    hit
                    for hit in self.finds(left, scope)
                    if self.partner(hit, rights, (unit, distance), apart=True) is None
                ]
            case AtLeast(count, part):
                hits = self.finds(part, scope)
                return hits if most_apart([(hit.first, hit.last) for hit in hits]) >= count else []
        raise TypeError(node)

    def joined(self, left: Node, right: Node, how: tuple[str, int], scope: tuple[str, ...]) -> list[Found]:
        rights = self.finds(right, scope)
        found = []
        for hit in self.finds(left, scope):
            other = self.partner(hit, rights, how)
            if other:
                found.append(
                    Found(
                        min(hit.first, other.first), max(hit.last, other.last), (*hit.leaves, *other.leaves)
                    )
                )
        return sorted(found, key=lambda hit: hit.first)

    def end(self, last: int) -> int:
        word = self.words[last - 1]
        return word.at + len(word.text)

    def partner(
        self, left: Found, rights: list[Found], how: tuple[str, int], *, apart: bool = False
    ) -> Found | None:
        unit, distance = how
        best: tuple[tuple[int, bool, int], Found] | None = None
        here = self.words[left.first]
        for index, right in enumerate(rights):
            there = self.words[right.first]
            words = max(right.first - left.last, left.first - right.last, 0)
            if unit == "SENT":
                close = here.sentence == there.sentence
            elif unit == "PARA":
                close = here.paragraph == there.paragraph
            else:
                close = here.field == there.field and words <= distance
            if unit == "ONEAR":
                close = close and right.first >= left.last
            pairs = [(one[1:], other[1:]) for one in left.leaves for other in right.leaves]
            one = any(a < d and c < b if apart else (a, b) == (c, d) for (a, b), (c, d) in pairs)
            if not close or one:
                continue
            gap = max(there.at - self.end(left.last), here.at - self.end(right.last), 0)
            after = right.first >= left.first
            key = (gap, after, index if after else -index)
            if best is None or key < best[0]:
                best = (key, right)
        return best[1] if best else None

    def holds(self, node: Node, scope: tuple[str, ...] = ()) -> bool:  # noqa: PLR0911  # one answer per kind
        match node:
            case And(parts):
                return all(self.holds(part, scope) for part in parts)
            case Or(parts):
                return any(self.holds(part, scope) for part in parts)
            case Not(part):
                return not self.holds(part, scope)
            case Scope(name, part):
                return self.holds(part, (*scope, name))
            case Fact("lang", value):
                return self.language == value
            case Term(clause) if clause in QUERIES:
                return self.holds(parse_query(QUERIES[clause]), scope)
        return bool(self.finds(node, scope))

    def evidence(self, node: Node, scope: tuple[str, ...] = ()) -> set[tuple[str, int, int]]:
        match node:
            case And(parts) | Or(parts):
                return {
                    leaf for part in parts if self.holds(part, scope) for leaf in self.evidence(part, scope)
                }
            case Not() | Fact():
                return set()
            case Scope(name, part):
                return self.evidence(part, (*scope, name))
            case Term(clause) if clause in QUERIES:
                return self.evidence(parse_query(QUERIES[clause]), scope)
        return {leaf for hit in self.finds(node, scope) for leaf in hit.leaves}


def most_apart(spans: list[tuple[int, int]]) -> int:
    """The most spans of which no two share a word, worked out word by word."""
    best = [0]
    for word in range(1, max((last for _, last in spans), default=0) + 1):
        best.append(max([best[word - 1], *(best[first] + 1 for first, last in spans if last == word)]))
    return best[-1]


def outer(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return sorted(
        span
        for span in set(spans)
        if not any(a <= span[0] and span[1] <= b and (a, b) != span for a, b in spans)
    )


WORDS = ["alpha", "beta", "gamma", "delta", "deltas", "eps", "x"]
texts = st.lists(st.sampled_from([*WORDS, *WORDS, ",", "。", "\n"]), max_size=45).map(" ".join)
terms = st.sampled_from(
    [
        *WORDS,
        "delt*",
        '"alpha beta"',
        '"beta gamma"',
        '"gamm* delta"',
        '"alpha beta gamma"',
        "@ab",
        "@pair",
        "@deep",
        "#one",
        "#kind:organ",
    ]
)
placed = st.recursive(
    terms,
    lambda inner: st.one_of(
        st.builds(lambda left, right: f"({left} OR {right})", inner, inner),
        st.builds(
            lambda left, how, right: f"({left} {how} {right})",
            inner,
            st.sampled_from(
                [
                    "NEAR/0",
                    "NEAR/1",
                    "NEAR/4",
                    "ONEAR/0",
                    "ONEAR/3",
                    "SENT",
                    "PARA",
                    "NOT SENT",
                    "NOT PARA",
                    "NOT NEAR/2",
                    "NOT ONEAR/1",
                ]
            ),
            inner,
        ),
        st.builds(lambda count, part: f"(ATLEAST/{count} {part})", st.integers(1, 3), inner),
    ),
    max_leaves=5,
)
queries = st.recursive(
    st.one_of(placed, st.sampled_from(["@both", "lang:en", "lang:fr"])),
    lambda inner: st.one_of(
        st.builds(lambda left, right: f"({left} AND {right})", inner, inner),
        st.builds(lambda left, right: f"({left} OR {right})", inner, inner),
        st.builds(lambda left, right: f"({left} AND NOT {right})", inner, inner),
        st.builds(
            lambda name, part: f"({name}:{part})", st.sampled_from(["title", "lead", "top", "body"]), inner
        ),
    ),
    max_leaves=5,
)


DEFINED = Definitions()
DEFINED.read(read_yaml("x.yaml", CONCEPTS + "topics: {q: {title: Q, query: alpha}}\n"))
RULES = RulePack(DEFINED, "0")


@settings(max_examples=600, deadline=None)
@given(queries, texts, texts)
def test_the_evaluation_equals_the_slow_one(query: str, title: str, text: str) -> None:
    # what holds without anything found is refused, so the query is asked for beside a word that is always there
    whole = f"({query}) AND (title:zeta)"
    pack = lab.query_pack(RULES, whole)
    title = f"zeta {title}"
    slow = Slow(title, text, "en")
    evaluation = Evaluation(pack, RuleText(title, text, language="en"))
    plan = pack.linked.topics[0].query
    node = parse_query(whole)
    assert evaluation.holds(plan) == slow.holds(node)
    if evaluation.holds(plan):
        place = {word.at: index for index, word in enumerate(slow.words)}
        ends = {word.at + len(word.text): index + 1 for index, word in enumerate(slow.words)}
        found = {(leaf.clause, place[leaf.first], ends[leaf.last]) for leaf in evaluation.evidence(plan)}
        assert found == slow.evidence(node)
    answer = classify(pack, RuleText(title, text, language="en"))
    assert bool(answer.matches) == slow.holds(node)
    assert not answer.cut
