"""Queries as trees of frozen values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from pipeline.rules.errors import Spot


@dataclass(frozen=True, slots=True)
class Term:
    """A word, phrase, ``@concept`` or ``#entity``, as written.

    Attributes:
        offset: its place in the query's text.
        spot: its place in the rule file; None for a query that stands in no file.
    """

    clause: str
    offset: int = field(compare=False)
    spot: Spot | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Node


@dataclass(frozen=True, slots=True)
class Near:
    """At most `distance` words lie between the two; `ordered`: left comes first."""

    left: Node
    right: Node
    distance: int
    ordered: bool


@dataclass(frozen=True, slots=True)
class Within:
    """Both in one sentence or paragraph (`unit` is ``SENT`` or ``PARA``)."""

    left: Node
    right: Node
    unit: str


@dataclass(frozen=True, slots=True)
class Apart:
    """Places of `left` with no `right` in the same `unit` (``SENT``, ``PARA``, ``NEAR`` or ``ONEAR``)."""

    left: Node
    right: Node
    unit: str
    distance: int = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """The part, read in one field only."""

    field: str
    part: Node


@dataclass(frozen=True, slots=True)
class AtLeast:
    """The part is found in at least `count` places."""

    count: int
    part: Node


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known about the article: ``source``, ``lang``, ``country`` or ``tier`` equals `value` (folded)."""

    field: str
    value: str


Node: TypeAlias = Term | And | Or | Not | Near | Within | Apart | Scope | AtLeast | Fact


def children_of(node: Node) -> tuple[Node, ...]:
    """The parts of a node; empty for terms and facts."""
    if isinstance(node, And | Or):
        return node.parts
    if isinstance(node, Near | Within | Apart):
        return (node.left, node.right)
    if isinstance(node, Not | Scope | AtLeast):
        return (node.part,)
    return ()


def is_positive(node: Node) -> bool:
    """Whether something must be found in the text for the node to hold."""
    if isinstance(node, And):
        return any(is_positive(part) for part in node.parts)
    if isinstance(node, Or):
        return all(is_positive(part) for part in node.parts)
    if isinstance(node, Scope):
        return is_positive(node.part)
    return not isinstance(node, Not | Fact)


def with_spots(node: Node, place: Callable[[int], Spot]) -> Node:
    """The same tree, every term with its place in the rule file."""
    match node:
        case Term():
            return replace(node, spot=place(node.offset))
        case And(parts) | Or(parts):
            return replace(node, parts=tuple(with_spots(part, place) for part in parts))
        case Near(left, right) | Within(left, right) | Apart(left, right):
            return replace(node, left=with_spots(left, place), right=with_spots(right, place))
        case Not() | Scope() | AtLeast():
            return replace(node, part=with_spots(node.part, place))
    return node
