"""Rule packs: YAML files read, checked, linked and made ready to be matched."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.rules.definitions import Definitions
from pipeline.rules.errors import RuleError, Spot
from pipeline.rules.model import Concept, Topic
from pipeline.rules.nodes import And, Apart, AtLeast, Fact, Near, Node, Not, Scope, Term, Within, children_of
from pipeline.rules.scan import Pattern, Scanner, compile_pattern
from pipeline.rules.yamlfile import read_yaml

BUILTIN = Path(__file__).parent / "builtin"


class RulePack:
    """Rules ready to be matched; made by `load_packs`.

    Attributes:
        version: 12 hexadecimal digits that change with any change of the rules.
        topics: by id, in an order in which a topic comes after those it yields to.
        concepts: concepts and entities by id, with their sign (``@trafficking``, ``#unodc``).
    """

    def __init__(self, definitions: Definitions, version: str) -> None:
        """Link the definitions: names are resolved, patterns compiled."""
        self.version = version
        self.concepts: Mapping[str, Concept] = definitions.concepts
        self.topics: Mapping[str, Topic] = _ordered(definitions.topics)
        self.terms: dict[str, int] = {}
        self.exceptions: dict[int, int] = {}
        _Linker(self.concepts).check(self.topics)
        self.scanner = Scanner(list(self._patterns()))

    def label(self, clause: str) -> str:
        """A reader's word for a clause: ``@trafficking`` gives "trafficking in persons"; a term gives itself."""
        concept = self.concepts.get(clause)
        return concept.label if concept else clause.strip('="')

    def decisive(self, topic_id: str) -> tuple[str, ...]:
        """The clauses a topic's query is made of, in the order it names them: what decides, before what only adds weight.

        Empty for a topic the pack does not have.
        """
        topic = self.topics.get(topic_id)
        return tuple(dict.fromkeys(self._leaves(topic.query))) if topic else ()

    def _leaves(self, node: Node) -> Iterator[str]:
        """The clauses a node looks for; not those it wants to be absent."""
        if isinstance(node, Term):
            concept = self.concepts.get(node.clause)
            if concept is None or concept.query is None:
                yield node.clause
            else:
                yield from self._leaves(concept.query)
        elif isinstance(node, Apart):
            yield from self._leaves(node.left)
        elif not isinstance(node, Not):
            for child in children_of(node):
                yield from self._leaves(child)

    def _patterns(self) -> Iterator[tuple[Pattern, int]]:
        """Every pattern with the number of the term it belongs to."""
        for concept in self.concepts.values():
            if concept.query is not None:
                continue
            term = self._number(concept.id)
            yield from (
                (compile_pattern(each), term) for texts in concept.patterns.values() for each in texts
            )
            if concept.exceptions:
                unless = self._number(f"{concept.id} except")
                self.exceptions[term] = unless
                yield from (
                    (compile_pattern(each), unless) for texts in concept.exceptions.values() for each in texts
                )
        for node in _roots(self.concepts, self.topics):
            for each in terms_of(node):
                if each.clause[0] not in "@#" and each.clause not in self.terms:
                    yield compile_pattern(each.clause), self._number(each.clause)

    def _number(self, clause: str) -> int:
        return self.terms.setdefault(clause, len(self.terms))


def load_packs(names: Sequence[str]) -> RulePack:
    """The rules of the named packs, put together in this order.

    `names`: ``builtin``, or paths of YAML files (a folder stands for the ``*.yaml`` files in it).

    Raises:
        RuleError: a file cannot be read or a rule is wrong; the message begins with ``file:line:column:``.
    """
    definitions = Definitions()
    digest = hashlib.sha256()
    for name in names:
        for path, shown in _files(name):
            try:
                text = path.read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError) as error:
                raise RuleError(Spot(shown, 1, 1), f"cannot be read: {error}") from None
            digest.update(text.encode())
            definitions.read(read_yaml(shown, text))
    if not definitions.topics:
        raise RuleError(
            Spot(", ".join(names) or "packs", 1, 1), "no topic in these packs: name a pack with topics"
        )
    return RulePack(definitions, digest.hexdigest()[:12])


def _files(name: str) -> list[tuple[Path, str]]:
    if name == "builtin":
        return [(path, f"builtin/{path.name}") for path in sorted(BUILTIN.glob("*.yaml"))]
    path = Path(name)
    if path.is_dir():
        return [(each, str(each)) for each in sorted(path.glob("*.yaml"))]
    return [(path, name)]


def _roots(concepts: Mapping[str, Concept], topics: Mapping[str, Topic]) -> Iterator[Node]:
    for concept in concepts.values():
        if concept.query is not None:
            yield concept.query
    for topic in topics.values():
        yield from queries_of(topic)


def queries_of(topic: Topic) -> Iterator[Node]:
    """The topic's query and those of its weights and vetoes."""
    yield topic.query
    yield from (weight.query for weight in topic.weights)
    yield from (veto.query for veto in topic.vetoes)


def terms_of(node: Node) -> Iterator[Term]:
    """The terms of a query, left to right."""
    if isinstance(node, Term):
        yield node
    for child in children_of(node):
        yield from terms_of(child)


class _Linker:
    """Checks that every name in a query is defined, not in a circle, and fit for its place."""

    def __init__(self, concepts: Mapping[str, Concept]) -> None:
        self._concepts = concepts
        self._checked: set[tuple[str, bool]] = set()

    def check(self, topics: Mapping[str, Topic]) -> None:
        for concept in self._concepts.values():
            if concept.query is not None:
                self._walk(concept.query, concept.spot, (concept.id,), positional=False)
        for topic in topics.values():
            for node in queries_of(topic):
                self._walk(node, topic.spot, (), positional=False)

    def _walk(self, node: Node, spot: Spot, path: tuple[str, ...], *, positional: bool) -> None:
        if positional and isinstance(node, And | Not | Fact | Scope):
            raise RuleError(
                spot,
                f"{path[-1]} stands inside NEAR, SENT, PARA or ATLEAST, so its query cannot use AND, NOT or fields",
            )
        if isinstance(node, Term):
            self._name(node, spot, path, positional=positional)
            return
        inner = positional or isinstance(node, Near | Within | Apart | AtLeast)
        for child in children_of(node):
            self._walk(child, spot, path, positional=inner)

    def _name(self, term: Term, spot: Spot, path: tuple[str, ...], *, positional: bool) -> None:
        if term.clause[0] not in "@#":
            return
        spot = term.spot or spot
        concept = self._concepts.get(term.clause)
        if concept is None:
            close = difflib.get_close_matches(term.clause, self._concepts, 1)
            hint = f"; did you mean {close[0]}?" if close else "; define it under concepts or entities"
            raise RuleError(spot, f"{term.clause} is not defined{hint}")
        if term.clause in path:
            raise RuleError(
                concept.spot, f"{' -> '.join((*path, term.clause))}: a concept cannot contain itself"
            )
        if concept.query is None or (term.clause, positional) in self._checked:
            return
        self._walk(concept.query, spot, (*path, term.clause), positional=positional)
        self._checked.add((term.clause, positional))


def _ordered(topics: Mapping[str, Topic]) -> dict[str, Topic]:
    """The topics, each after those it yields to."""
    ordered: dict[str, Topic] = {}
    waiting = dict(topics)
    while waiting:
        ready = [topic for topic in waiting.values() if all(name in ordered for name in topic.unless)]
        if not ready:
            topic = next(iter(waiting.values()))
            raise RuleError(
                topic.spot, f"'unless' of {topic.id} names a topic that does not exist, or goes in a circle"
            )
        for topic in ready:
            ordered[topic.id] = waiting.pop(topic.id)
    return ordered
