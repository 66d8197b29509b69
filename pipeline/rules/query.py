"""Query text -> tree, or an error that points at the place and says what to do; lark lives here only."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from lark import Lark, Token, Tree, UnexpectedInput

from pipeline.rules.complaints import check_signs, explained
from pipeline.rules.errors import QueryError, hint
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
    is_positive,
)
from pipeline.rules.phrases import pattern_problem

#: fields whose words are searched, and facts about the article that are compared
TEXT_FIELDS = ("title", "lead", "top", "body", "url")
FACT_FIELDS = ("source", "lang", "country", "tier")
#: what facts may be compared with, and how to say so
_FACT_VALUES = {
    "lang": (re.compile("[a-z]{2,3}"), "a language code of two or three letters, as in lang:en"),
    "country": (re.compile("[a-z]{2}"), "a country code of two letters, as in country:BY"),
    "tier": (re.compile("[123]"), "1, 2 or 3"),
}
#: longest query (characters)
MAX_QUERY_CHARS = 20_000
#: deepest nesting of a query, after concepts defined by a query are put in
MAX_DEPTH = 40


@lru_cache(maxsize=1)
def _parser() -> Lark:
    grammar = (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", propagate_positions=True, maybe_placeholders=False)


def parse_query(text: str) -> Node:
    """The tree of a query.

    Raises:
        QueryError: the query is not in the language, or could be true of a text without anything found in it.
    """
    if not text.strip():
        raise QueryError(0, "the query is empty: write at least one word, phrase or @concept")
    if len(text) > MAX_QUERY_CHARS:
        raise QueryError(
            0, f"the query is longer than {MAX_QUERY_CHARS:,} characters: move its terms into concepts"
        )
    check_signs(text)
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise explained(text, error) from None
    try:
        node = _node(tree)
        _check_depth(node, 0)
    except RecursionError:
        raise QueryError(
            0, f"the query is nested more than {MAX_DEPTH} deep: split it into concepts"
        ) from None
    if not is_positive(node):
        raise QueryError(
            0, "nothing here has to be found: a query cannot consist of NOT or facts alone; add a term"
        )
    return node


def _node(tree: Tree[Token] | Token) -> Node:
    assert isinstance(tree, Tree)
    kind = str(tree.data)
    if kind == "term":
        return _term(tree)
    if kind in {"near", "within", "apart", "apart_near"}:
        return _proximity(tree, kind)
    if kind == "scope":
        return _scope(tree)
    if kind == "at_least":
        count = int(_token(tree, 0).split("/")[1])
        if count < 1:
            raise QueryError(_offset(tree), "ATLEAST counts from 1")
        return AtLeast(count, _positional(_node(tree.children[1]), tree))
    parts = tuple(_node(child) for child in tree.children)
    if kind == "no":
        return Not(parts[0])
    return And(parts) if kind == "both" else Or(parts)


def _token(tree: Tree[Token], index: int) -> Token:
    child = tree.children[index]
    assert isinstance(child, Token)
    return child


def _offset(tree: Tree[Token]) -> int:
    return int(getattr(tree.meta, "start_pos", 0) or 0)


def _term(tree: Tree[Token]) -> Term:
    token = _token(tree, 0)
    offset = token.start_pos or 0
    clause = str(token)
    if token.type not in {"CONCEPT", "ENTITY"}:
        problem = pattern_problem(clause)
        if problem:
            raise QueryError(offset, problem)
    return Term(clause, offset)


def _proximity(tree: Tree[Token], kind: str) -> Node:
    left = _positional(_node(tree.children[0]), tree)
    operator = _token(tree, 1)
    right = _positional(_node(tree.children[2]), tree)
    if kind == "within":
        return Within(left, right, str(operator))
    words = str(operator).split()
    if kind == "apart":
        return Apart(left, right, words[1])
    name, _, distance = words[-1].partition("/")
    if int(distance) > 200:
        raise QueryError(
            operator.start_pos or 0, f"{words[-1]}: at most 200 words; use PARA for a wider reach"
        )
    if kind == "apart_near":
        return Apart(left, right, name, int(distance))
    return Near(left, right, int(distance), name == "ONEAR")


def _positional(node: Node, tree: Tree[Token]) -> Node:
    """`node` if it stands somewhere in a text; AND, NOT and facts do not."""
    if isinstance(node, And | Not | Fact | Scope):
        raise QueryError(
            _offset(tree),
            "NEAR, ONEAR, SENT, PARA and ATLEAST take terms, or terms joined by OR or by each other; "
            "move AND, NOT and fields outside",
        )
    if isinstance(node, Or):
        for part in node.parts:
            _positional(part, tree)
    return node


def _scope(tree: Tree[Token]) -> Node:
    token = _token(tree, 0)
    field = token[:-1]
    if field in TEXT_FIELDS:
        return Scope(field, _node(tree.children[1]))
    if field not in FACT_FIELDS:
        known = (*TEXT_FIELDS, *FACT_FIELDS)
        meant = hint(field.lower(), known) or f"; the fields are {', '.join(known)}"
        raise QueryError(token.start_pos or 0, f"unknown field {field!r}{meant}")
    return _fact(field, _node(tree.children[1]), token.start_pos or 0)


def _fact(field: str, node: Node, offset: int) -> Node:
    if isinstance(node, Or):
        return Or(tuple(_fact(field, part, offset) for part in node.parts))
    if not isinstance(node, Term) or node.clause[0] in "@#":
        raise QueryError(offset, f"{field}: takes one value or several joined by OR in parentheses")
    value = node.clause.strip('"').casefold()
    wanted, words = _FACT_VALUES.get(field, (None, ""))
    if wanted and not wanted.fullmatch(value):
        raise QueryError(node.offset, f"{field}: takes {words}, not {value!r}")
    return Fact(field, value)


def _check_depth(node: Node, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise QueryError(
            0, f"the query is nested more than {MAX_DEPTH} deep: give parts of it a concept of their own"
        )
    for child in children_of(node):
        _check_depth(child, depth + 1)
