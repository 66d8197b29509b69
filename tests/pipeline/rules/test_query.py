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


@pytest.mark.parametrize(
    "word",
    [
        "ANDORRA",
        "ORlando",
        "NOTre",
        "SENTence",
        "PARAguay",
        "NEARby",
        "ATLEASTs",
        "W",
        "ADJ",
        "A/80",
        "S/2017",
    ],
)
def test_words_that_begin_like_operators_are_words(word: str) -> None:
    assert parse_query(word) == Term(word, 0)


@pytest.mark.parametrize(
    ("query", "offset", "words"),
    [
        ("", 0, "empty"),
        ("a AND OR b", 6, "both sides"),
        ("human trafficking", 6, "operator is missing"),
        ("a AND", 5, "too early"),
        ("title: AND b", 7, "needs a term"),
        # parentheses and quotation marks
        ("(a OR b", 0, "not closed"),
        ("a OR (b AND (c OR d)", 5, "not closed"),
        ("a OR b) AND c", 6, "closes nothing"),
        ("a AND )", 6, "closes nothing"),
        ("a AND ()", 7, "a term is missing"),
        ("[a OR b]", 0, "round parentheses"),
        ('"human', 0, "quotation mark"),
        ("\u201chuman trafficking\u201d", 0, "straight ones"),
        ("a OR \u00abb c\u00bb", 5, "straight ones"),
        ("=\u201cICAT\u201d", 1, "straight ones"),
        ("a OR \u2018b\u2019", 5, "straight ones"),
        # operators of other languages, and ours written otherwise
        ("human and trafficking", 6, "capitals: AND"),
        ("human Or trafficking", 6, "capitals: OR"),
        ("human near trafficking", 6, "capitals: NEAR"),
        ("a & b", 2, "write AND"),
        ("a || b", 2, "write OR"),
        ("a -bank", 2, "write NOT bank"),
        ("+a", 0, "write AND a"),
        ("a NEAR b", 2, "write NEAR/5"),
        ("a NEAR5 b", 2, "write NEAR/5"),
        ("a near/4 b", 2, "write NEAR/4"),
        ("a NEAR/x b", 2, "write NEAR/5"),
        ("a W/5 b", 2, "write NEAR/5"),
        ("a WITHIN b", 2, "write NEAR/5 or SENT"),
        ("a SAME b", 2, "write PARA"),
        ("a SENT/2 b", 2, "takes no number"),
        ("a ANDNOT b", 2, "write AND NOT"),
        ("treaty^2", 6, "under 'weights'"),
        ('"a treaty"~3', 10, "NEAR/3"),
        ("treaty~", 6, "inside quotes"),
        # fields and facts
        ("titel:a", 0, "did you mean title?"),
        ("a AND langs:en", 6, "did you mean lang?"),
        ("headline:a", 0, "the fields are title, lead"),
        ("title :a", 6, "without a blank"),
        ("lang:@x", 0, "takes one value"),
        ("lang:english AND a", 5, "two or three letters"),
        ("country:Belarus AND a", 8, "two letters"),
        ("tier:4 AND a", 5, "1, 2 or 3"),
        ("@Trafficking", 0, "lower case"),
        ("# AND a", 0, "an entity is written"),
        # what would match almost anything
        ("tr* OR abc", 0, "almost anything"),
        ('"a* b* c*"', 0, "almost anything"),
        ("* OR abc", 0, "no letters"),
        ('"a *"', 0, "between two words"),
        ('"~3 abc"', 0, "between two words"),
        ('"abc ~30 abc"', 0, "at most 9 words"),
        ('"abc ~5 abc ~5 abc"', 0, "in all its gaps"),
        ("wom*n", 0, "begins or ends a word"),
        ("*ing", 0, "at least 4 letters behind the star"),
        ("**gesetz", 0, "begins or ends a word"),
        ("=*Gesetz", 0, "leave out the star"),
        ("wom?n", 0, "write the forms out"),
        ("a AND %!? OR b", 6, "no letters"),
        ("a" * 301, 0, "at most 300"),
        # what would hold without anything found
        ("NOT a", 0, "has to be found"),
        ("a OR NOT b", 0, "has to be found"),
        ("lang:en AND NOT a", 0, "has to be found"),
        # what stands nowhere
        ("a NEAR/5 (b AND c)", 0, "move AND"),
        ("a SENT NOT b", 7, "needs a term"),
        ("a NEAR/500 b", 2, "at most 200"),
        ("ATLEAST/0 a", 0, "counts from 1"),
    ],
)
def test_a_wrong_query_says_where_and_what_to_do(query: str, offset: int, words: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(query)
    assert words in caught.value.what
    assert caught.value.offset == offset


def test_typographic_marks_are_allowed_inside_quotes_and_words() -> None:
    assert parse_query('"d\u2019\u00eatres \u00abhumains\u00bb" OR d\u2019\u00eatres')


def test_a_comment_goes_to_the_end_of_its_line() -> None:
    assert parse_query('a // (this "is not\nAND b') == parse_query("a AND b")


@pytest.mark.parametrize(
    "query",
    ["(" * 3000 + "a" + ")" * 3000, "NOT " * 4000 + "a", "a NEAR/1 " * 2000 + "a", "a OR " * 20000 + "a"],
)
def test_a_monstrous_query_is_refused_or_read_but_never_a_crash(query: str) -> None:
    with contextlib.suppress(QueryError):
        parse_query(query)


@given(st.text(alphabet='ab "()*:@#=/~^-\u201c\nANDORTSENT15', max_size=40))
def test_any_text_is_a_query_or_an_error_that_points_into_it(text: str) -> None:
    offset = 0
    try:
        parse_query(text)
    except QueryError as error:
        offset = error.offset
    assert 0 <= offset <= len(text)
