"""YAML values read as concepts, entities and topics."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipeline.rules.model import Concept, Example, Topic, VetoRule, Weight
from pipeline.rules.phrases import pattern_problem
from pipeline.rules.yamlfile import Value

#: patterns by language
Patterns = Mapping[str, tuple[str, ...]]

_ID = re.compile(r"[a-z][a-z0-9_-]*")
_HOW = ("extend", "replace", "remove")
_TOPIC_OPTIONS = (
    "description",
    "base",
    "threshold",
    "weights",
    "veto",
    "unless",
    "must",
    "must_not",
    "how",
)
#: what switches a veto off
_OFF = frozenset({"off", "false", "no"})


@dataclass(frozen=True, slots=True)
class ConceptChange:
    """A concept or entity as a file gives it; `removed`: patterns to take away; `given`: the keys it gives."""

    concept: Concept
    removed: tuple[Value, ...] = ()
    given: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TopicChange:
    """A topic as a file gives it; `vetoes_off`: names of vetoes to switch off."""

    topic: Topic
    vetoes_off: tuple[Value, ...] = ()


def id_of(key: Value) -> str:
    """A key that names a concept, entity or topic."""
    if not _ID.fullmatch(key.text()):
        raise key.wrong(
            f"{key.text()!r} cannot be a name: use lower-case letters, digits, '-' and '_', a letter first"
        )
    return key.text()


def read_how(value: Value) -> str:
    """What a definition does with an earlier one of its name; empty when it does not say."""
    for key, given in value.items():
        if key.text() == "how":
            if given.text() not in _HOW:
                raise given.wrong(f"'how' is one of {', '.join(_HOW)}")
            return given.text()
    return ""


def read_concept(name: str, key: Value, value: Value) -> ConceptChange:
    """A concept."""
    options = ("label", "patterns", "except", "query", "how", "remove")
    given = value.fields((), options)
    if read_how(value) != "extend":
        given = value.fields(("label",), options[1:-1])
        if ("query" in given) == ("patterns" in given):
            raise key.wrong(f"{name} needs either 'patterns' or 'query'")
        if "query" in given and "except" in given:
            raise given["except"].wrong(
                "'except' goes with 'patterns'; in a query write AND NOT or NOT NEAR/0"
            )
    concept = Concept(
        id=name,
        label=given["label"].text() if "label" in given else name[1:],
        spot=given["query"].spot if "query" in given else key.spot,
        patterns=_patterns(given.get("patterns")),
        exceptions=_patterns(given.get("except")),
        query=given["query"].query() if "query" in given else None,
    )
    removed = given["remove"].list() if "remove" in given else ()
    return ConceptChange(concept, removed, frozenset(given))


def read_entity(name: str, key: Value, value: Value) -> ConceptChange:
    """An entity; its names and aliases are patterns."""
    options = ("aliases", "label", "kind", "wikidata", "from", "to", "except", "how", "remove")
    extends = read_how(value) == "extend"
    given = value.fields((), ("names", *options)) if extends else value.fields(("names",), options[:-1])
    names, aliases = _patterns(given.get("names")), _patterns(given.get("aliases"))
    begins, ends = (given[word].day() if word in given else None for word in ("from", "to"))
    if begins is not None and ends is not None and ends < begins:
        raise given["to"].wrong("'to' is before 'from'")
    patterns = {
        language: (*names.get(language, ()), *aliases.get(language, ())) for language in {**names, **aliases}
    }
    kind = given["kind"].text() if "kind" in given else ""
    if kind and not _ID.fullmatch("-".join(kind.casefold().split())):
        raise given["kind"].wrong(
            f"{kind!r} cannot be a kind: use letters, digits, '-', '_' and blanks, a letter first"
        )
    concept = Concept(
        id=name,
        label=given["label"].text() if "label" in given else _called(names, name),
        spot=key.spot,
        patterns=MappingProxyType(patterns),
        exceptions=_patterns(given.get("except")),
        kind=kind,
        wikidata=_wikidata(given.get("wikidata")),
        begins=begins,
        ends=ends,
    )
    removed = given["remove"].list() if "remove" in given else ()
    words = {"begins": "from", "ends": "to"}
    return ConceptChange(
        concept, removed, frozenset({*given, *(each for each, word in words.items() if word in given)})
    )


def _called(names: Patterns, name: str) -> str:
    """What readers call an entity without a label: its first English name, or its first, where that is no stem."""
    first = next(iter(names.get("en") or next(iter(names.values()), ())), "")
    return first.strip('="') if first and "*" not in first else name[1:].replace("-", " ")


def _wikidata(value: Value | None) -> str:
    if value is None:
        return ""
    if not re.fullmatch(r"Q[1-9]\d*", value.text()):
        raise value.wrong(f"{value.text()!r} is no Wikidata id: Q and a number, as in Q1065")
    return value.text()


def _patterns(value: Value | None) -> Patterns:
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


def read_topic(name: str, key: Value, value: Value, earlier: Topic | None) -> TopicChange:
    """A topic; what a file leaves out is taken from `earlier`, where it extends that one."""
    if earlier is None:
        given = value.fields(("title", "query"), _TOPIC_OPTIONS)
    else:
        given = value.fields((), ("title", "query", *_TOPIC_OPTIONS))
    vetoes, off = _vetoes(given.get("veto"), extends=earlier is not None)
    topic = Topic(
        id=name,
        spot=key.spot,
        title=_text(given.get("title"), earlier.title if earlier else ""),
        description=_text(given.get("description"), earlier.description if earlier else ""),
        query=given["query"].query() if "query" in given or earlier is None else earlier.query,
        base=_share(given.get("base"), earlier.base if earlier else 1.0),
        threshold=_share(given.get("threshold"), earlier.threshold if earlier else 0.5),
        weights=_weights(given.get("weights")),
        vetoes=vetoes,
        unless=tuple(each.text() for each in given["unless"].list()) if "unless" in given else (),
        must=_examples(given.get("must")),
        must_not=_examples(given.get("must_not")),
    )
    return TopicChange(topic, off)


def _text(value: Value | None, otherwise: str) -> str:
    return value.text().strip() if value else otherwise


def _share(value: Value | None, otherwise: float) -> float:
    return value.number(0, 1) if value else otherwise


def _weights(value: Value | None) -> tuple[Weight, ...]:
    found = []
    for each in value.list() if value else ():
        given = each.fields(("query", "points"), ())
        text = " ".join(given["query"].text().split())
        found.append(Weight(text, given["query"].query(), given["points"].number(-1, 1)))
    return tuple(found)


def _vetoes(value: Value | None, *, extends: bool) -> tuple[tuple[VetoRule, ...], tuple[Value, ...]]:
    """Vetoes given, and the names of those switched off."""
    rules: list[VetoRule] = []
    off: list[Value] = []
    for key, query in value.items() if value else ():
        if extends and query.text().strip().casefold() in _OFF:
            off.append(key)
        else:
            rules.append(VetoRule(key.text(), query.query()))
    return tuple(rules), tuple(off)


def _examples(value: Value | None) -> tuple[Example, ...]:
    found = []
    for each in value.list() if value else ():
        given = each.fields(("text",), ("title", "language", "published"))
        found.append(
            Example(
                title=given["title"].text() if "title" in given else "",
                text=given["text"].text(),
                language=given["language"].text() if "language" in given else None,
                spot=each.spot,
                published=given["published"].day() if "published" in given else None,
            )
        )
    return tuple(found)
