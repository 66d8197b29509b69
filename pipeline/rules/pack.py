"""Rule packs: YAML files read in order, with the files they extend, and made ready to be matched."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.rules.checking import queries_of, terms_of
from pipeline.rules.definitions import Definitions
from pipeline.rules.errors import RuleError, Spot, hint
from pipeline.rules.link import Linked, label_of, link
from pipeline.rules.model import Concept, Topic
from pipeline.rules.nodes import Apart, Node, Not, Term, children_of
from pipeline.rules.yamlfile import Value, read_yaml

__all__ = ["BUILTIN", "RulePack", "load_packs", "queries_of", "terms_of"]

#: raised when the same rules come to read the same text otherwise: part of every version
ENGINE = b"2"
BUILTIN = Path(__file__).parent / "builtin"


class RulePack:
    """Rules ready to be matched; made by `load_packs`.

    Attributes:
        version: 12 hexadecimal digits that change with any change of the rules.
        topics: by id, in an order in which a topic comes after those it yields to.
        concepts: concepts, entities and kinds of entities by id, with their sign (``@trafficking``, ``#unodc``, ``#kind:organ``).
        linked: what evaluating needs.
        files: what it was read from, the files that these extend included.
    """

    def __init__(self, definitions: Definitions, version: str, files: tuple[Path, ...] = ()) -> None:
        """Link the definitions: names are resolved, patterns compiled."""
        self.version = version
        self.files = files
        self.concepts: Mapping[str, Concept] = {**definitions.concepts, **definitions.groups()}
        self.topics: Mapping[str, Topic] = _ordered(definitions.topics)
        self.linked: Linked = link(self.concepts, self.topics)

    def label(self, clause: str) -> str:
        """A reader's word for a clause: ``@trafficking`` gives "trafficking in persons"; a term gives itself."""
        return label_of(self.concepts, clause)

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


def load_packs(names: Sequence[str]) -> RulePack:
    """The rules of the named packs, put together in this order; a pack comes after those it ``extends``.

    `names`: ``builtin``, or paths of YAML files (a folder stands for the ``*.yaml`` files in it).

    Raises:
        RuleError: a file cannot be read or a rule is wrong; the message begins with ``file:line:column:``.
    """
    reader = _Reader()
    for name in names:
        reader.read(name, ())
    if not reader.definitions.topics:
        raise RuleError(
            Spot(", ".join(names) or "packs", 1, 1), "no topic in these packs: name a pack with topics"
        )
    return RulePack(reader.definitions, reader.digest.hexdigest()[:12], tuple(reader.files))


class _Reader:
    """Reads packs, each file after those it extends; one that is extended and named as well is read once."""

    def __init__(self) -> None:
        self.definitions = Definitions()
        self.digest = hashlib.sha256(ENGINE)
        self.files: list[Path] = []
        self._extended: set[Path] = set()
        self._named: set[Path] = set()

    def read(self, name: str, path: tuple[Path, ...], *, extended: bool = False) -> None:
        """Read a pack; `path`: the files that extend each other on the way here."""
        for file, shown in _files(name):
            place = file.resolve()
            if place in self._extended or (extended and place in self._named):
                continue
            (self._extended if extended else self._named).add(place)
            self._read_file(file, shown, (*path, place))

    def _read_file(self, file: Path, shown: str, path: tuple[Path, ...]) -> None:
        try:
            text = file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise RuleError(Spot(shown, 1, 1), f"cannot be read: {error}") from None
        root = read_yaml(shown, text)
        for base in _extends(root):
            name = base.text() if base.text() == "builtin" else str(file.parent / base.text())
            circle = [place for place, _ in _files(name) if place.resolve() in path]
            if circle:
                raise base.wrong(f"{base.text()} extends this file: packs cannot extend each other")
            if name != "builtin" and not Path(name).exists():
                raise base.wrong(
                    f"there is no {base.text()} to extend: name 'builtin' or a file beside this one"
                )
            self.read(name, path, extended=True)
        self.files.append(file)
        self.digest.update(text.encode())
        self.definitions.read(root)


def _extends(root: Value) -> tuple[Value, ...]:
    """The packs that a file builds on."""
    for key, value in root.items():
        if key.text() == "extends":
            return value.list() if value.is_list else (value,)
    return ()


def _files(name: str) -> list[tuple[Path, str]]:
    if name == "builtin":
        return [(path, f"builtin/{path.name}") for path in sorted(BUILTIN.glob("*.yaml"))]
    path = Path(name)
    if path.is_dir():
        return [(each, str(each)) for each in sorted(path.glob("*.yaml"))]
    return [(path, name)]


def _ordered(topics: Mapping[str, Topic]) -> dict[str, Topic]:
    """The topics, each after those it yields to."""
    ordered: dict[str, Topic] = {}
    waiting = dict(topics)
    for topic in topics.values():
        for name in topic.unless:
            if name not in topics:
                raise RuleError(
                    topic.spot,
                    f"'unless' of {topic.id} names {name}, a topic that does not exist{hint(name, topics)}",
                )
    while waiting:
        ready = [topic for topic in waiting.values() if all(name in ordered for name in topic.unless)]
        if not ready:
            topic = next(iter(waiting.values()))
            raise RuleError(
                topic.spot, f"'unless' goes in a circle: {' and '.join(waiting)} wait for each other"
            )
        for topic in ready:
            ordered[topic.id] = waiting.pop(topic.id)
    return ordered
