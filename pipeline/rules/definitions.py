"""YAML values turned into concepts, entities and topics; several files add up, and may extend each other."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

from pipeline.rules.model import Concept, Example, Topic, VetoRule, Weight
from pipeline.rules.query import pattern_problem
from pipeline.rules.yamlfile import Value

_ID = re.compile(r"[a-z][a-z0-9_-]*")


class Definitions:
    """What the files read so far define."""

    def __init__(self) -> None:
        self.concepts: dict[str, Concept] = {}
        self.topics: dict[str, Topic] = {}

    def read(self, root: Value) -> None:
        """Add a file's definitions.

        Raises:
            RuleError: something in it is wrong, or defines again what an earlier file did without saying so.
        """
        parts = root.fields((), ("concepts", "entities", "topics"))
        if "concepts" in parts:
            for key, value in parts["concepts"].items():
                self._add_concept(key, value, _concept(f"@{_id(key)}", key, value))
        if "entities" in parts:
            for key, value in parts["entities"].items():
                self._add_concept(key, value, _entity(f"#{_id(key)}", key, value))
        if "topics" in parts:
            for key, value in parts["topics"].items():
                self._add_topic(key, value)

    def _add_concept(self, key: Value, value: Value, concept: Concept) -> None:
        earlier = self.concepts.get(concept.id)
        how = _how(value)
        if earlier is None and how:
            raise key.wrong(f"nothing to {how}: {concept.id} is not defined by an earlier pack")
        if earlier is not None and how == "extend":
            concept = replace(
                earlier,
                patterns=_joined(earlier.patterns, concept.patterns),
                exceptions=_joined(earlier.exceptions, concept.exceptions),
            )
        elif earlier is not None and not how:
            raise key.wrong(
                f"{concept.id} is defined already in {earlier.spot.file}; say 'how: extend' or 'how: replace'"
            )
        self.concepts[concept.id] = concept

    def _add_topic(self, key: Value, value: Value) -> None:
        topic = _topic(_id(key), key, value)
        earlier = self.topics.get(topic.id)
        if earlier is not None and _how(value) != "replace":
            raise key.wrong(
                f"topic {topic.id} is defined already in {earlier.spot.file}; say 'how: replace' to replace it"
            )
        self.topics[topic.id] = topic


def _how(value: Value) -> str:
    for key, given in value.items():
        if key.text() == "how":
            if given.text() not in {"extend", "replace"}:
                raise given.wrong("'how' is 'extend' or 'replace'")
            return given.text()
    return ""


def _id(key: Value) -> str:
    if not _ID.fullmatch(key.text()):
        raise key.wrong(
            f"{key.text()!r} cannot be a name: use lower-case letters, digits, '-' and '_', a letter first"
        )
    return key.text()


def _joined(
    first: MappingProxyType[str, tuple[str, ...]] | object,
    second: MappingProxyType[str, tuple[str, ...]] | object,
) -> MappingProxyType[str, tuple[str, ...]]:
    joined: dict[str, tuple[str, ...]] = {}
    for each in (first, second):
        assert isinstance(each, MappingProxyType)
        for language, texts in each.items():
            joined[language] = (*joined.get(language, ()), *texts)
    return MappingProxyType(joined)


def _patterns(value: Value | None) -> MappingProxyType[str, tuple[str, ...]]:
    if value is None:
        return MappingProxyType({})
    found: dict[str, tuple[str, ...]] = {}
    for language, values in value.texts_by_language().items():
        for each in values:
            problem = pattern_problem(each.text())
            if problem:
                raise each.wrong(problem)
        found[language] = tuple(each.text() for each in values)
    return MappingProxyType(found)


def _concept(name: str, key: Value, value: Value) -> Concept:
    given = value.fields((), ("label", "patterns", "except", "query", "how"))
    if _how(value) != "extend":
        given = value.fields(("label",), ("patterns", "except", "query", "how"))
        if ("query" in given) == ("patterns" in given):
            raise key.wrong(f"{name} needs either 'patterns' or 'query'")
    return Concept(
        id=name,
        label=given["label"].text() if "label" in given else name[1:],
        spot=given["query"].spot if "query" in given else key.spot,
        patterns=_patterns(given.get("patterns")),
        exceptions=_patterns(given.get("except")),
        query=given["query"].query() if "query" in given else None,
    )


def _entity(name: str, key: Value, value: Value) -> Concept:
    given = value.fields(("names",), ("label", "kind", "wikidata", "how"))
    return Concept(
        id=name,
        label=given["label"].text() if "label" in given else name[1:],
        spot=key.spot,
        patterns=_patterns(given["names"]),
        kind=given["kind"].text() if "kind" in given else "",
        wikidata=given["wikidata"].text() if "wikidata" in given else "",
    )


_TOPIC_OPTIONS = ("description", "base", "threshold", "weights", "veto", "unless", "must", "must_not", "how")


def _topic(name: str, key: Value, value: Value) -> Topic:
    given = value.fields(("title", "query"), _TOPIC_OPTIONS)
    return Topic(
        id=name,
        spot=key.spot,
        title=given["title"].text(),
        description=given["description"].text().strip() if "description" in given else "",
        query=given["query"].query(),
        base=given["base"].number(0, 1) if "base" in given else 1.0,
        threshold=given["threshold"].number(0, 1) if "threshold" in given else 0.5,
        weights=_weights(given.get("weights")),
        vetoes=_vetoes(given.get("veto")),
        unless=tuple(each.text() for each in given["unless"].list()) if "unless" in given else (),
        must=_examples(given.get("must")),
        must_not=_examples(given.get("must_not")),
    )


def _weights(value: Value | None) -> tuple[Weight, ...]:
    found = []
    for each in value.list() if value else ():
        given = each.fields(("query", "points"), ())
        text = " ".join(given["query"].text().split())
        found.append(Weight(text, given["query"].query(), given["points"].number(-1, 1)))
    return tuple(found)


def _vetoes(value: Value | None) -> tuple[VetoRule, ...]:
    return tuple(VetoRule(key.text(), query.query()) for key, query in value.items()) if value else ()


def _examples(value: Value | None) -> tuple[Example, ...]:
    found = []
    for each in value.list() if value else ():
        given = each.fields(("text",), ("title", "language"))
        found.append(
            Example(
                title=given["title"].text() if "title" in given else "",
                text=given["text"].text(),
                language=given["language"].text() if "language" in given else None,
                spot=each.spot,
            )
        )
    return tuple(found)
