"""What is wrong with a query, in a rule writer's words, with what to write instead."""

from __future__ import annotations

import re

from lark import Token, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from pipeline.rules.errors import QueryError

#: what is no query: quoted text and comments
_QUOTED = re.compile(r'"[^"\n]*"|//[^\n]*')
_CURLY = re.compile(r"[“”„‟«»‹›]|(?<![^\s(=])[‘’‚‛]|[‘’](?![^\s)])")
_OPERATORS = frozenset({"and", "or", "not", "near", "onear", "sent", "para", "atleast"})
_ELSEWHERE = {
    "within": "NEAR/5 or SENT",
    "w": "NEAR/5",
    "adj": "ONEAR/0",
    "pre": "ONEAR/5",
    "same": "PARA",
    "sentence": "SENT",
    "paragraph": "PARA",
    "andnot": "AND NOT",
    "butnot": "AND NOT",
    "xor": "(a OR b) AND NOT (a AND b)",
}
_SIGNS = {"&": "AND", "&&": "AND", "+": "AND", "|": "OR", "||": "OR", "!": "NOT", "-": "NOT"}
_COUNTED = re.compile(r"(?P<name>[A-Za-z]+)(?:/(?P<count>\S*)|(?P<glued>\d+))?")
_TOKEN = re.compile(r'[^\s()"]+')


def check_signs(text: str) -> None:
    """Raise for what would be read, but not as it was meant: curly quotes, unbalanced parentheses, signs of other languages.

    Raises:
        QueryError: with the place and what to write instead.
    """
    bare = _QUOTED.sub(
        lambda found: " " * len(found.group()) if found.group()[0] == "/" else "_" * len(found.group()), text
    )
    curly = _CURLY.search(bare)
    if curly:
        raise QueryError(
            curly.start(), f'{curly.group()} is a typographic quotation mark: write "..." with straight ones'
        )
    _check_parentheses(bare)
    for found in _TOKEN.finditer(bare):
        _check_token(found.group(), found.start())


def _check_parentheses(bare: str) -> None:
    opened: list[int] = []
    for offset, sign in enumerate(bare):
        if sign == "(":
            opened.append(offset)
        elif sign == ")" and not opened:
            raise QueryError(offset, "this parenthesis closes nothing: remove it, or open one before it")
        elif sign == ")":
            opened.pop()
    if opened:
        raise QueryError(opened[-1], "this parenthesis is not closed: add ')'")


def _check_token(token: str, offset: int) -> None:
    """Raise for a token that means something elsewhere, but not here."""
    if token in _SIGNS or (token[0] in "-+!" and token[1:2].isalpha()):
        sign = token if token in _SIGNS else token[0]
        rest = token[len(sign) :]
        raise QueryError(offset, f"{sign!r} is no operator: write {_SIGNS[sign]}{' ' + rest if rest else ''}")
    if token[0] in "[]{}":
        raise QueryError(offset, f"{token[0]!r} cannot stand here: use round parentheses")
    if "^" in token:
        raise QueryError(
            offset + token.index("^"), "'^' is no operator: put the term under 'weights' with points"
        )
    if "~" in token:
        raise QueryError(
            offset + token.index("~"),
            "'~' stands between words inside quotes: \"fight ~3 trafficking\"; or write NEAR/3",
        )
    _check_operator(token, offset)


def _check_operator(token: str, offset: int) -> None:
    """Raise for something that looks like an operator but is none."""
    found = _COUNTED.fullmatch(token)
    name = found["name"] if found else ""
    counts = bool(found) and (found["count"] is not None or found["glued"] is not None) if found else False
    if found is None or not (name.isupper() or found["count"] is not None):
        return
    plain = name.lower()
    if plain in _ELSEWHERE and (counts or len(plain) > 3) and name.isupper():
        raise QueryError(offset, f"{name} is no operator here: write {_ELSEWHERE[plain]}")
    if plain in {"near", "onear", "atleast"} and not ((found["count"] or "").isdecimal() and name.isupper()):
        count = found["count"] if (found["count"] or "").isdecimal() else found["glued"]
        raise QueryError(
            offset,
            f"{token!r} is no operator: write {plain.upper()}/{count or 5}, or put it in quotes if it is a word",
        )
    if plain in {"sent", "para"} and counts:
        raise QueryError(offset, f"{token!r} is no operator: {plain.upper()} takes no number; NEAR/5 does")


def explained(text: str, error: UnexpectedInput) -> QueryError:
    """The parser's complaint, with a suggestion."""
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return QueryError(
            len(text.rstrip()), "the query stops too early: a term is missing after the last operator"
        )
    offset = int(getattr(error, "pos_in_stream", 0) or 0)
    if isinstance(error, UnexpectedCharacters):
        return QueryError(offset, _stray(text, offset))
    token = error.token if isinstance(error, UnexpectedToken) else Token("WORD", text[offset : offset + 1])
    if token.type == "RPAR":
        return QueryError(offset, "a term is missing before this parenthesis")
    if token.type in {"WORD", "PHRASE", "CONCEPT", "ENTITY", "EXACT", "LPAR", "FIELD", "ATLEAST"}:
        return _unjoined(text, offset, str(token))
    return QueryError(offset, f"{str(token)!r} needs a term on both sides")


def _stray(text: str, offset: int) -> str:
    sign = text[offset : offset + 1]
    hints = {
        '"': "this quotation mark has no partner on its line",
        "@": "a concept is written @name, in lower case",
        "#": "an entity is written #name, a kind of entities #kind:name",
        ":": "a field is written without a blank before the colon, as in title:treaty; put other colons in quotes",
        "=": "'=' belongs directly before a word or a quoted phrase: =GRETA",
    }
    return hints.get(sign, f"{sign!r} cannot stand here; put it in quotes if it is meant as text")


def _unjoined(text: str, offset: int, token: str) -> QueryError:
    """Two terms without an operator: perhaps one was written small."""
    before = _TOKEN.findall(text[:offset])
    for word, place in (
        (token, offset),
        (before[-1] if before else "", text.rfind(before[-1], 0, offset) if before else 0),
    ):
        if word.lower() in _OPERATORS and word not in {"AND", "OR", "NOT"}:
            return QueryError(place, f"operators are written in capitals: {word.upper()}")
    return QueryError(
        offset, f"an operator is missing before {token!r}: put AND or OR there, or quote the whole phrase"
    )
