"""YAML text -> plain values with the place of each; the door to PyYAML. Bounded in depth and number.

Scalars are read by the core schema of YAML 1.2 (10.3.2): ``NO`` is Norway, ``off`` is a word and ``07:30`` is
a time of day, where YAML 1.1 would make False, False and 450 of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from tipwatch.config.problems import ConfigError, KeyPath, Position, Problem, shown

#: what YAML can hold here
Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]

MAX_DEPTH = 32  # ours needs 5; the limit keeps every recursion below shallow
MAX_TWICE = 100  # keys written twice: more of them say nothing new
MAX_VALUES = 100_000  # some 10,000 sources; stops aliases that multiply ("billion laughs")

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
INTEGER = re.compile(r"[-+]?[0-9]{1,18}")  # longer ones stay text: no number here is that large
DECIMAL = re.compile(r"[-+]?(?:\.[0-9]{1,18}|[0-9]{1,18}(?:\.[0-9]{0,18})?)(?:[eE][-+]?[0-9]{1,2})?")

#: libyaml's parser where PyYAML was built with it: the same events, ten times as fast
Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Node:
    """A value with its place; the items of a list, or the (key, key's place, value) triples of a mapping."""

    position: Position
    scalar: Plain = None
    items: list[Node] | None = None
    pairs: list[tuple[str, Position, Node]] | None = None
    waiting_key: tuple[str, Position] | None = None
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file read: its plain values, and where each stands.

    Attributes:
        origin: the file as it was named.
        positions: of each value by its path (for the value of a key: the value's place).
        keys: of each mapping key by the path it leads to.
        problems: keys written twice.
    """

    origin: str
    value: Plain
    positions: dict[KeyPath, Position] = field(default_factory=dict)
    keys: dict[KeyPath, Position] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def position(self, path: KeyPath, *, key: bool = False) -> Position | None:
        """Where the value (or its key) stands; the nearest enclosing place when it is not written."""
        if key and path in self.keys:
            return self.keys[path]
        for length in range(len(path), -1, -1):
            if path[:length] in self.positions:
                return self.positions[path[:length]]
        return None

    def problem(self, path: KeyPath, message: str, *, key: bool = False) -> Problem:
        """A problem with the value (or the key) at `path`."""
        return Problem(self.origin, message, path, self.position(path, key=key))


def read_document(text: str, origin: str) -> Document:
    """The document in `text`. Raises ConfigError when not YAML, empty, too deep or too large."""
    try:
        root = compose(yaml.parse(text, Loader=Loader), origin)
    except yaml.MarkedYAMLError as error:
        raise ConfigError([syntax_problem(error, origin)]) from None
    except yaml.reader.ReaderError as error:
        raise ConfigError([character_problem(error, text, origin)]) from None
    if root is None:
        message = "is empty: write at least `sources:`, or remove the file to use the shipped configuration"
        raise ConfigError([Problem(origin, message)])
    return Expansion(origin).document(root)


def syntax_problem(error: yaml.MarkedYAMLError, origin: str) -> Problem:
    """The parser's complaint with its place."""
    mark = error.problem_mark or error.context_mark
    position = Position(mark.line + 1, mark.column + 1) if mark else None
    said = ", ".join(part for part in (error.context, error.problem) if part)
    return Problem(
        origin,
        f"not YAML: {shown(said)}; check indentation, quotes and brackets here and just above",
        (),
        position,
    )


def character_problem(error: yaml.reader.ReaderError, text: str, origin: str) -> Problem:
    """A character that YAML does not allow, with its place."""
    before = text[: error.position] if isinstance(error.position, int) else ""
    position = Position(before.count("\n") + 1, len(before) - before.rfind("\n"))
    return Problem(origin, "not YAML: a control character stands here; remove it", (), position)


def compose(events: Iterator[yaml.Event], origin: str) -> Node | None:
    """The tree of the first document (without recursion); None when there is none. Raises ConfigError."""
    open_nodes: list[Node] = []
    anchors: dict[str, Node] = {}
    root: Node | None = None
    for count, event in enumerate(events):
        if count > 2 * MAX_VALUES:
            raise refusal(event, origin, "too many values: split it, or check that this is the right file")
        if isinstance(event, yaml.DocumentStartEvent) and root is not None:
            raise refusal(event, origin, "a second document starts here: keep one, without `---` lines")
        node = opened(event, anchors, origin)
        if isinstance(event, yaml.CollectionEndEvent):
            closed = open_nodes.pop()
            if closed.anchor:
                anchors[closed.anchor] = closed
        if node is None:
            continue
        if open_nodes:
            attach(open_nodes[-1], node, event, origin)
        else:
            root = node
        if isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append(node)
            if len(open_nodes) > MAX_DEPTH:
                raise refusal(
                    event, origin, f"nested more than {MAX_DEPTH} deep: nothing here needs that; flatten it"
                )
    nothing = root is not None and root.scalar is None and root.items is None and root.pairs is None
    return None if nothing else root


def opened(event: yaml.Event, anchors: dict[str, Node], origin: str) -> Node | None:
    """The node an event begins; None for others. Raises ConfigError for tags and lost aliases."""
    position = place(event)
    if isinstance(event, yaml.AliasEvent):
        name = event.anchor or ""
        if name not in anchors:
            raise refusal(
                event, origin, f"*{shown(name)} repeats nothing written before: write &{shown(name)} first"
            )
        return anchors[name]
    if not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
        return None
    if event.tag is not None:
        raise refusal(event, origin, f"tags such as {shown(event.tag)} are not read here: remove it")
    if isinstance(event, yaml.ScalarEvent):
        node = Node(position, scalar=resolve(event.value) if event.implicit[0] else event.value)
        if event.anchor:
            anchors[event.anchor] = node
        return node
    listed = isinstance(event, yaml.SequenceStartEvent)
    return Node(position, items=[] if listed else None, pairs=None if listed else [], anchor=event.anchor)


def attach(parent: Node, node: Node, event: yaml.Event, origin: str) -> None:
    """Put `node` into its parent: as an item, as a key, or as the value of the key that waits for it."""
    if parent.items is not None:
        parent.items.append(node)
    elif parent.waiting_key is None:
        if not isinstance(event, yaml.ScalarEvent):
            raise refusal(event, origin, "a key must be a plain word followed by a colon")
        parent.waiting_key = (event.value, node.position)
    elif parent.pairs is not None:
        parent.pairs.append((*parent.waiting_key, node))
        parent.waiting_key = None


def refusal(event: yaml.Event, origin: str, message: str) -> ConfigError:
    """The error for something YAML allows and we do not."""
    return ConfigError([Problem(origin, message, (), place(event))])


def place(event: yaml.Event) -> Position:
    """Where an event of the parser stands."""
    mark = event.start_mark
    return Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)


def resolve(text: str) -> Plain:
    """A plain (unquoted) scalar by the core schema of YAML 1.2; hexadecimal, octal and .inf stay text."""
    if text in NULLS:
        return None
    if text in TRUTHS:
        return TRUTHS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    if DECIMAL.fullmatch(text):
        return float(text)
    return text


@dataclass(slots=True)
class Expansion:
    """Turns a tree, in which aliases share nodes, into plain values; counts what it makes."""

    origin: str
    positions: dict[KeyPath, Position] = field(default_factory=dict)
    keys: dict[KeyPath, Position] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def document(self, root: Node) -> Document:
        """The whole document. Raises ConfigError when aliases make it too large or too deep."""
        value = self.plain(root, ())
        return Document(self.origin, value, self.positions, self.keys, tuple(self.problems))

    def plain(self, node: Node, path: KeyPath) -> Plain:
        """The node's value; its places and problems are noted."""
        self.positions[path] = node.position
        if len(self.positions) > MAX_VALUES or len(path) > MAX_DEPTH:
            message = "too many values, or too deep, once aliases (*name) are expanded: write it out"
            raise ConfigError([Problem(self.origin, message, (), node.position)])
        if node.items is not None:
            return [self.plain(item, (*path, index)) for index, item in enumerate(node.items)]
        if node.pairs is None:
            return node.scalar
        mapping: dict[str, Plain] = {}
        for key, position, value in node.pairs:
            where = (*path, key)
            if key in mapping:
                first = self.keys[where].line
                if len(self.problems) >= MAX_TWICE:
                    raise ConfigError(self.problems)
                self.problems.append(
                    Problem(
                        self.origin,
                        f"written twice (first on line {first}): keep one of them",
                        where,
                        position,
                    )
                )
                continue
            self.keys[where] = position
            mapping[key] = self.plain(value, where)
        return mapping
