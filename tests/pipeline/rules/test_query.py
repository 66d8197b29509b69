"""The query language: what it reads, and how it complains."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.rules.errors import QueryError
from pipeline.rules.nodes import And, Apart, Or, Term, Within
from pipeline.rules.query import parse_query


def test_and_binds_tighter_than_or() -> None:
    node = parse_query("a OR b AND c")
    assert isinstance(node, Or)
    assert isinstance(node.parts[1], And)


def test_proximity_binds_tighter_than_and() -> None:
    node = parse_query("a SENT b AND c")
    assert isinstance(node, And)
    assert isinstance(node.parts[0], Within)


def test_not_sent_is_an_operator_between_places() -> None:
    node = parse_query("a NOT SENT b")
    assert isinstance(node, Apart)


@pytest.mark.parametrize("word", ["ANDORRA", "ORlando", "NOTre", "SENTence", "PARAguay", "NEAR"])
def test_words_that_begin_like_operators_are_words(word: str) -> None:
    assert parse_query(word) == Term(word, 0)


@pytest.mark.parametrize(
    ("query", "offset", "words"),
    [
        ("", 0, "empty"),
        ("a AND OR b", 6, "both sides"),
        ("human trafficking", 6, "operator is missing"),
        ("(a OR b", 7, "not closed"),
        ("a AND )", 6, "closes nothing"),
        ("a AND", 5, "too early"),
        ('"human', 0, "quotation mark"),
        ("titel:a", 0, "did you mean title:?"),
        ("a AND langs:en", 6, "did you mean lang:?"),
        ("lang:@x", 0, "takes one value"),
        ("tr* OR abc", 0, "almost anything"),
        ("* OR abc", 0, "no letters"),
        ('"a *"', 0, "between two words"),
        ("NOT a", 0, "has to be found"),
        ("a OR NOT b", 0, "has to be found"),
        ("lang:en AND NOT a", 0, "has to be found"),
        ("a NEAR/5 (b AND c)", 0, "move AND"),
        ("a NEAR/500 b", 2, "at most 200"),
        ("ATLEAST/0 a", 0, "counts from 1"),
        ("a AND %!? OR b", 6, "no letters"),
    ],
)
def test_a_wrong_query_says_where_and_what_to_do(query: str, offset: int, words: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(query)
    assert words in caught.value.what
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    "query",
    ["(" * 3000 + "a" + ")" * 3000, "NOT " * 4000 + "a", "a NEAR/1 " * 2000 + "a", "a OR " * 20000 + "a"],
)
def test_a_monstrous_query_is_refused_or_read_but_never_a_crash(query: str) -> None:
    with contextlib.suppress(QueryError):
        parse_query(query)


@given(st.text(alphabet='ab "()*:@#=/\nANDORTSENT15', max_size=40))
def test_any_text_is_a_query_or_an_error_that_points_into_it(text: str) -> None:
    offset = 0
    try:
        parse_query(text)
    except QueryError as error:
        offset = error.offset
    assert 0 <= offset <= len(text)
