"""The gazetteer of agencies: from a printed form to the usual name."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml

_QUOTES = re.compile("[\"'«»„“”‘’]")
_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile("[\u4e00-\u9fff]")
_SPACES = re.compile(r"\s+")


def usual_name(printed: str) -> str | None:
    """The usual name of an agency or wire outlet; None when it is not in the gazetteer."""
    return _forms().get(folded(printed))


def folded(printed: str) -> str:
    """A name as it is compared: case folded, without quotation marks."""
    return _SPACES.sub(" ", _QUOTES.sub("", printed)).strip().casefold()


def find_agencies(text: str) -> list[tuple[int, int]]:
    """Spans of printed forms, longest first at each place, in the order of the text; linear in the text's length."""
    found: dict[int, int] = {}
    by_first_word, without_words = _lookup()
    for word in _WORD.finditer(text):
        for form in by_first_word.get(word[0].casefold(), ()):
            end = word.start() + len(form)
            if _same(text[word.start() : end], form) and not text[end : end + 1].isalnum():
                found[word.start()] = max(end, found.get(word.start(), 0))
    for form in without_words:
        start = text.find(form)
        while start >= 0:
            found[start] = max(start + len(form), found.get(start, 0))
            start = text.find(form, start + 1)
    return _disjoint(sorted(found.items()))


def _disjoint(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for span in spans:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _same(printed: str, form: str) -> bool:
    """Short forms are words of other languages in other cases ("ap", "Efe"): only longer ones may differ in case."""
    return printed == form or (len(form) > 4 and printed.casefold() == form.casefold())


@cache
def _lookup() -> tuple[dict[str, list[str]], list[str]]:
    by_first_word: dict[str, list[str]] = {}
    without_words: list[str] = []
    for form in {form for forms in _gazetteer().values() for form in forms}:
        word = _WORD.match(form)
        if _HAN.search(form) or word is None:
            without_words.append(form)
        else:
            by_first_word.setdefault(word[0].casefold(), []).append(form)
    return by_first_word, sorted(without_words, key=lambda form: (-len(form), form))


@cache
def _forms() -> dict[str, str]:
    return {folded(form): name for name, forms in _gazetteer().items() for form in (name, *forms)}


@cache
def _gazetteer() -> dict[str, list[str]]:
    text = files("pipeline.extract").joinpath("agencies.yaml").read_text(encoding="utf-8")
    return {str(name): [str(form) for form in forms] for name, forms in yaml.safe_load(text).items()}
