"""The rule lab: lint of a pack, its own examples run, and measures on labelled texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.article import Classification
from pipeline.rules.classify import classify
from pipeline.rules.errors import Spot
from pipeline.rules.model import Concept, Example, Topic
from pipeline.rules.pack import RulePack, queries_of, terms_of
from pipeline.rules.text import RuleText

#: labels of labelled texts and the topic each stands for; None: on neither
LABELS: Mapping[str, str | None] = {
    "resolution": "trafficking-resolutions",
    "trafficking_other": "trafficking-news",
    "near_miss": None,
    "negative": None,
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something in a pack that is wrong or useless; `serious` when it is wrong."""

    spot: Spot
    what: str
    serious: bool

    def __str__(self) -> str:
        return f"{self.spot.file}:{self.spot.line}:{self.spot.column}: {self.what}"


def check_examples(pack: RulePack) -> Iterator[Complaint]:
    """The pack's own examples that do not come out as they must."""
    for topic in pack.topics.values():
        for example in topic.must:
            found = classify(pack, _text_of(example))
            if topic.id not in {match.topic for match in found.matches}:
                yield Complaint(
                    example.spot,
                    f"must be on {topic.id}, but is not: {_why_not(found, topic.id)}",
                    serious=True,
                )
        for example in topic.must_not:
            for match in classify(pack, _text_of(example)).matches:
                if match.topic == topic.id:
                    words = ", ".join(dict.fromkeys(each.quote for each in match.evidence))
                    what = f"must not be on {topic.id}, but is, with {match.score:g}: {words}"
                    yield Complaint(example.spot, what, serious=True)


def lint(pack: RulePack) -> Iterator[Complaint]:
    """What loads but cannot be meant: unused concepts, patterns given twice, thresholds that nothing reaches."""
    used = {
        term.clause for concept in pack.concepts.values() if concept.query for term in terms_of(concept.query)
    }
    for topic in pack.topics.values():
        used |= {term.clause for query in queries_of(topic) for term in terms_of(query)}
        best = topic.base + sum(weight.points for weight in topic.weights if weight.points > 0)
        if best < topic.threshold:
            what = f"{topic.id} can reach a score of {best:g} at most, below its threshold of {topic.threshold:g}"
            yield Complaint(topic.spot, what, serious=True)
    for concept in pack.concepts.values():
        if concept.id not in used and concept.id.startswith("@"):
            yield Complaint(concept.spot, f"{concept.id} is used by no query", serious=False)
        yield from _twice(concept)


def _twice(concept: Concept) -> Iterator[Complaint]:
    for language, patterns in concept.patterns.items():
        for pattern, count in Counter(patterns).items():
            if count > 1:
                what = f"{concept.id}: {pattern!r} is given {count} times under {language}"
                yield Complaint(concept.spot, what, serious=False)


def _text_of(example: Example) -> RuleText:
    return RuleText(title=example.title, text=example.text, language=example.language)


def _why_not(found: Classification, topic: str) -> str:
    vetoes = [veto.name for veto in found.vetoes if veto.topic == topic]
    missing = [each for miss in found.near_misses if miss.topic == topic for each in miss.missing]
    if vetoes:
        return f"vetoed by {', '.join(vetoes)}"
    return f"missing {'; '.join(missing)}" if missing else "nothing in it was found"


@dataclass(slots=True)
class Tally:
    """Right and wrong answers for one topic, in one language or in all."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of the matches that are right, 0 to 1; 1 when there are none."""
        given = self.right + self.wrong
        return self.right / given if given else 1.0

    @property
    def recall(self) -> float:
        """Share of what there was that was matched, 0 to 1; 1 when there was nothing."""
        there = self.right + self.missed
        return self.right / there if there else 1.0


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text with the label people gave it; `labels` holds every label that is right."""

    id: str
    text: RuleText
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Confusion:
    """A labelled text that came out otherwise; `given` is the topic matched, None for none."""

    id: str
    title: str
    language: str
    wanted: str
    given: str | None


@dataclass(slots=True)
class Measures:
    """Answers over a labelled set: tallies by topic and language (``*``: all), and every wrong answer."""

    texts: int = 0
    tallies: dict[tuple[str, str], Tally] = field(default_factory=dict)
    confusions: list[Confusion] = field(default_factory=list)

    def add(self, pack: RulePack, labelled: LabelledText) -> None:
        """Classify one labelled text and count the answer."""
        self.texts += 1
        language = labelled.text.language or "?"
        matched = [match.topic for match in classify(pack, labelled.text).matches]
        given = next((topic for topic in matched if topic in LABELS.values()), None)
        accepted = [LABELS[label] for label in labelled.labels]
        wanted = given if given in accepted else accepted[0]
        if given != wanted:
            self.confusions.append(
                Confusion(labelled.id, labelled.text.title, language, labelled.labels[0], given)
            )
        for topic in filter(None, {given, wanted}):
            for each in ("*", language):
                tally = self.tallies.setdefault((topic, each), Tally())
                tally.right += topic == given == wanted
                tally.wrong += topic == given != wanted
                tally.missed += topic == wanted != given


def measure(pack: RulePack, texts: Iterable[LabelledText]) -> Measures:
    """How well a pack does on labelled texts."""
    measures = Measures()
    for each in texts:
        measures.add(pack, each)
    return measures


def topics_in_words(pack: RulePack) -> list[tuple[Topic, int]]:
    """The pack's topics with the number of their examples."""
    return [(topic, len(topic.must) + len(topic.must_not)) for topic in pack.topics.values()]
