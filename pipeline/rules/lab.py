"""The rule lab: lint of a pack, its own examples run, and measures on labelled texts."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.article import Classification
from pipeline.rules.classify import classify
from pipeline.rules.definitions import Definitions
from pipeline.rules.errors import QueryError, RuleError, Spot
from pipeline.rules.lint import Complaint, closure, lint
from pipeline.rules.model import Example, Topic
from pipeline.rules.nodes import with_spots
from pipeline.rules.pack import RulePack
from pipeline.rules.query import parse_query
from pipeline.rules.text import RuleText

__all__ = [
    "LABELS",
    "NO_TOPIC",
    "TRIED",
    "Complaint",
    "Confusion",
    "LabelledText",
    "Measures",
    "Tally",
    "check_examples",
    "lint",
    "measure",
    "query_pack",
    "topics_in_words",
    "why_not",
]

#: labels of labelled texts and the topic each stands for; None: on neither
LABELS: Mapping[str, str | None] = {
    "resolution": "trafficking-resolutions",
    "trafficking_other": "trafficking-news",
    "near_miss": None,
    "negative": None,
}
#: the label of a text that must be on no topic at all; any topic's id is a label too
NO_TOPIC = "none"
#: the topic of a query that is tried out
TRIED = "tried"


def check_examples(pack: RulePack) -> Iterator[Complaint]:
    """The pack's own examples that do not come out as they must."""
    for topic in pack.topics.values():
        for example in topic.must:
            found = classify(pack, _text_of(example), near_misses=True)
            if topic.id not in {match.topic for match in found.matches}:
                yield Complaint(
                    example.spot,
                    f"must be on {topic.id}, but is not: {why_not(found, topic.id)}",
                    serious=True,
                )
        for example in topic.must_not:
            for match in classify(pack, _text_of(example)).matches:
                if match.topic == topic.id:
                    words = ", ".join(dict.fromkeys(each.quote for each in match.evidence))
                    what = f"must not be on {topic.id}, but is, with {match.score:g}: {words}"
                    yield Complaint(example.spot, what, serious=True)


def _text_of(example: Example) -> RuleText:
    return RuleText(example.title, example.text, language=example.language, published=example.published)


def why_not(found: Classification, topic: str) -> str:
    """Why a text is not on a topic, in words: vetoes by name, or what is missing."""
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
        asked = set(LABELS.values()) if all(each in LABELS for each in labelled.labels) else set(pack.topics)
        matched = [match.topic for match in classify(pack, labelled.text).matches if match.topic in asked]
        accepted = [topic_of(label) for label in labelled.labels]
        # of several topics matched, one that was asked for counts as the answer
        given = next((topic for topic in matched if topic in accepted), next(iter(matched), None))
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


def topic_of(label: str) -> str | None:
    """The topic a label asks for; None for none."""
    return None if label == NO_TOPIC else LABELS.get(label, label)


def measure(pack: RulePack, texts: Iterable[LabelledText]) -> Measures:
    """How well a pack does on labelled texts."""
    measures = Measures()
    for each in texts:
        measures.add(pack, each)
    return measures


def topics_in_words(pack: RulePack) -> list[tuple[Topic, int]]:
    """The pack's topics with the number of their examples."""
    return [(topic, len(topic.must) + len(topic.must_not)) for topic in pack.topics.values()]


def query_pack(pack: RulePack, query: str) -> RulePack:
    """A pack with one topic, `TRIED`, that is this query, and with those concepts of `pack` that it asks for.

    Raises:
        RuleError: the query is wrong; the place is a column of ``query``.
    """

    def place(offset: int) -> Spot:
        line = query.count("\n", 0, offset) + 1
        start = query.rfind("\n", 0, offset) + 1
        return Spot("query", line, offset - start + 1, query.split("\n")[line - 1])

    try:
        node = with_spots(parse_query(query), place)
    except QueryError as error:
        raise RuleError(place(error.offset), error.what) from None
    definitions = Definitions()
    definitions.concepts = {name: pack.concepts[name] for name in closure(pack.concepts, [node])}
    definitions.topics = {
        TRIED: Topic(
            id=TRIED, spot=place(0), title=query, description="", query=node, base=1.0, threshold=0.5
        )
    }
    try:
        return RulePack(definitions, pack.version)
    except RuleError as error:
        close = difflib.get_close_matches(error.what.split()[0], pack.concepts, 1)
        hint = f"{error.what.partition(';')[0]}; did you mean {close[0]}?" if close else error.what
        raise RuleError(Spot(error.file, error.line, error.column, place(0).source), hint) from None
