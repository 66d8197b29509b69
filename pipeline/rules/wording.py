"""Queries in words a reader understands."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.rules.nodes import (
    And,
    Apart,
    AtLeast,
    Fact,
    Near,
    Node,
    Not,
    Or,
    Scope,
    Term,
    Within,
    children_of,
)


def in_words(label: Callable[[str], str], node: Node) -> str:
    """A clause in words a reader understands; `label` gives those of a term or concept."""
    if isinstance(node, Term):
        return label(node.clause)
    if isinstance(node, Fact):
        return f"{node.field} {node.value}"
    parts = [in_words(label, part) for part in children_of(node)]
    if isinstance(node, Or):
        return " or ".join(parts)
    return " and ".join(parts) if isinstance(node, And) else _related(node, parts)


def _related(node: Node, parts: list[str]) -> str:
    """The words for how the parts of a node stand to each other."""
    words = parts[0]
    match node:
        case Not():
            words = f"no {parts[0]}"
        case Scope(field, _):
            words = f"{parts[0]} in the {'title or lead' if field == 'top' else field}"
        case AtLeast(count, _):
            words = f"{parts[0]} at least {count} times"
        case Near(_, _, distance, _):
            words = f"{parts[0]} within {distance} words of {parts[1]}"
        case Within(_, _, unit):
            words = f"{parts[0]} in one {'sentence' if unit == 'SENT' else 'paragraph'} with {parts[1]}"
        case Apart():
            words = f"{parts[0]} apart from {parts[1]}"
    return words
