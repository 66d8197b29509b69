"""What several rule files define together: later ones add to earlier ones, or extend, replace and remove what these define."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from pipeline.rules.errors import RuleError, hint
from pipeline.rules.model import Concept, Topic
from pipeline.rules.nodes import Or, Term
from pipeline.rules.reading import (
    ConceptChange,
    Patterns,
    TopicChange,
    id_of,
    read_concept,
    read_entity,
    read_how,
    read_topic,
)
from pipeline.rules.yamlfile import Value


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
        parts = root.fields((), ("extends", "concepts", "entities", "topics"))
        for section, sign in (("concepts", "@"), ("entities", "#")):
            if section in parts:
                for key, value in parts[section].items():
                    self._change_concept(key, value, sign + id_of(key))
        if "topics" in parts:
            for key, value in parts["topics"].items():
                self._change_topic(key, value, id_of(key))

    def groups(self) -> dict[str, Concept]:
        """One concept per kind of entity, ``#kind:organ``, that stands for all of them."""
        members: dict[str, list[Concept]] = {}
        for concept in self.concepts.values():
            if concept.kind:
                members.setdefault("-".join(concept.kind.casefold().split()), []).append(concept)
        return {
            f"#kind:{kind}": Concept(
                id=f"#kind:{kind}",
                label=kind,
                spot=found[0].spot,
                query=Or(tuple(Term(concept.id, 0) for concept in found)),
            )
            for kind, found in members.items()
        }

    def _change_concept(self, key: Value, value: Value, name: str) -> None:
        how, earlier = read_how(value), self.concepts.get(name)
        _check(key, how, earlier, self.concepts, name)
        if how == "remove":
            value.fields(("how",), ())
            del self.concepts[name]
            return
        change = (read_concept if name[0] == "@" else read_entity)(name, key, value)
        extends = earlier is not None and how == "extend"
        self.concepts[name] = _extended(earlier, change) if earlier and extends else change.concept

    def _change_topic(self, key: Value, value: Value, name: str) -> None:
        how, earlier = read_how(value), self.topics.get(name)
        _check(key, how, earlier, self.topics, name)
        if how == "remove":
            value.fields(("how",), ())
            del self.topics[name]
            return
        change = read_topic(name, key, value, earlier if how == "extend" else None)
        extends = earlier is not None and how == "extend"
        self.topics[name] = _with_additions(earlier, change) if earlier and extends else change.topic


def _check(
    key: Value,
    how: str,
    earlier: Concept | Topic | None,
    known: Mapping[str, Concept] | Mapping[str, Topic],
    name: str,
) -> None:
    """Raise where a definition says 'extend' of nothing, or defines again by accident."""
    if earlier is None and how:
        raise key.wrong(f"nothing to {how}: {name} is not defined by an earlier pack{hint(name, known)}")
    if earlier is not None and not how:
        raise key.wrong(
            f"{name} is defined already in {earlier.spot.file}:{earlier.spot.line}; "
            "say 'how: extend', 'how: replace' or 'how: remove', or give it another name"
        )


def _extended(earlier: Concept, change: ConceptChange) -> Concept:
    """A concept with patterns added and taken away; label, kind and days change where the extension gives them."""
    more = change.concept
    given = {
        name: value
        for name in ("label", "kind", "wikidata", "begins", "ends", "query")
        if name in change.given and (value := getattr(more, name))
    }
    if earlier.query is not None and more.patterns:
        raise RuleError(more.spot, f"{earlier.id} is a query: give it another 'query', or say 'how: replace'")
    if earlier.query is None and more.query is not None:
        raise RuleError(more.spot, f"{earlier.id} has patterns: add to them, or say 'how: replace'")
    patterns = _without(earlier.patterns, change, earlier.id)
    return replace(
        earlier,
        patterns=_joined(patterns, more.patterns),
        exceptions=_joined(earlier.exceptions, more.exceptions),
        **given,
    )


def _without(patterns: Patterns, change: ConceptChange, name: str) -> Patterns:
    """The patterns without those that a change takes away."""
    known = {pattern for texts in patterns.values() for pattern in texts}
    gone = set()
    for value in change.removed:
        pattern = value.text()
        if pattern not in known:
            raise value.wrong(f"{name} has no pattern {pattern!r} to remove{hint(pattern, known)}")
        gone.add(pattern)
    return MappingProxyType(
        {language: tuple(each for each in texts if each not in gone) for language, texts in patterns.items()}
    )


def _joined(first: Patterns, second: Patterns) -> Patterns:
    joined = dict(first)
    for language, texts in second.items():
        joined[language] = (*joined.get(language, ()), *texts)
    return MappingProxyType(joined)


def _with_additions(earlier: Topic, change: TopicChange) -> Topic:
    """A topic as an extension changes it: what is given replaces, weights, vetoes, `unless` and examples are added.

    A weight with a clause that is there, or a veto with a name that is there, takes its place; a veto given as ``off`` goes.
    """
    topic = change.topic
    weights = {weight.clause: weight for weight in (*earlier.weights, *topic.weights)}
    vetoes = {veto.name: veto for veto in (*earlier.vetoes, *topic.vetoes)}
    for value in change.vetoes_off:
        if value.text() not in {veto.name for veto in earlier.vetoes}:
            raise value.wrong(
                f"{earlier.id} has no veto {value.text()!r} to switch off{hint(value.text(), vetoes)}"
            )
        del vetoes[value.text()]
    return replace(
        topic,
        weights=tuple(weights.values()),
        vetoes=tuple(vetoes.values()),
        unless=tuple(dict.fromkeys((*earlier.unless, *topic.unless))),
        must=(*earlier.must, *topic.must),
        must_not=(*earlier.must_not, *topic.must_not),
    )
