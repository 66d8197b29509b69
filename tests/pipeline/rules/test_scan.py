"""One pass finds what looking everywhere finds."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.rules.scan import PROCLITICS, Pattern, Scanner, compile_pattern, outermost, without_overlaps
from pipeline.rules.text import Document, words_of

WORDS = [
    "a",
    "ab",
    "abc",
    "abcd",
    "людьми",
    "торговля",
    "торговли",
    "贩",
    "运",
    "İnsan",
    "insan",
    "alverinə",
    "اتجار",
    "البشر",
]
phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
stars = st.sampled_from(["", "*"])
patterns = st.builds(lambda phrase, star: phrase + star, phrases, stars) | st.builds(
    lambda first, second, star: f"{first}* {second}{star}", phrases, phrases, stars
)
texts = st.lists(st.sampled_from([*WORDS, ".", ",", "\n", "-", "والاتجار", "ABC"]), max_size=40).map(" ".join)


def by_looking_everywhere(written: str, document: Document) -> list[tuple[int, int]]:
    words = words_of(written)
    found = []
    for start in range(len(document.words) - len(words) + 1):
        for index, word in enumerate(words):
            here = document.words[start + index]
            if index and document.is_parted(start + index) != word.parted:
                break
            heads = PROCLITICS if index == 0 and compile_pattern(written).inside else {""}
            text = word.text
            if index == 0 and compile_pattern(written).inside and len(text.removeprefix("ال")) >= 3:
                text = text.removeprefix("ال")
            fits = [here.startswith(head + text) if word.prefix else here == head + text for head in heads]
            if not any(fits):
                break
        else:
            found.append((start, start + len(words)))
    return outermost(found)


@settings(max_examples=300, deadline=None)
@given(st.lists(patterns, min_size=1, max_size=6, unique=True), texts)
def test_the_scan_equals_brute_force(written: list[str], text: str) -> None:
    document = Document("", text)
    found = Scanner([(compile_pattern(each), number) for number, each in enumerate(written)]).places(document)
    for number, each in enumerate(written):
        assert found.get(number, []) == by_looking_everywhere(each, document), each


def finds(pattern: str, text: str) -> bool:
    return bool(Scanner([(compile_pattern(pattern), 0)]).places(Document("", text)))


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("act", "a fact", False),
        ("торговл* людьми", "против торговли людьми", True),
        ("торговл* людьми", "торговля. Людьми", False),
        ("贩运人口", "打击贩运人口工作", True),
        ("贩运人口", "打擊販運人口工作", True),
        ("الاتجار بالبشر", "لمكافحة والاتجار بالبشر", True),
        ("الاتجار بالبشر", "للاتجار بالبشر", True),
        ("nahm * an", "die Versammlung nahm einstimmig an", True),
        ("nahm * an", "sie nahm ihn mit an Bord", False),
        ("=GRETA", "GRETA reports", True),
        ("=GRETA", "Greta reports", False),
        ("=Pass*", "Passed", True),
        ("a/c.3", "the draft (A/C.3/78/L.10)", True),
        ("u.n.", "the U.N. met", True),
        ("anti-trafficking", "anti trafficking", True),
        ("trafficking in persons", "trafficking in\npersons", False),
        ("d'êtres humains", "traite d’êtres humains", True),
    ],
)
def test_patterns_respect_word_borders_and_spellings(pattern: str, text: str, *, found: bool) -> None:
    assert finds(pattern, text) is found


def test_exceptions_take_away_the_places_they_touch() -> None:
    assert without_overlaps([(0, 2), (5, 8), (9, 10)], [(1, 3), (8, 9)]) == [(5, 8), (9, 10)]


def test_a_scanner_without_patterns_finds_nothing() -> None:
    empty: list[tuple[Pattern, int]] = []
    assert Scanner(empty).places(Document("a", "b")) == {}


def test_thirty_thousand_patterns_are_one_scan() -> None:
    scanner = Scanner([(compile_pattern(f"word{number} other{number}*"), number) for number in range(30_000)])
    document = Document("", " ".join(f"word{number} others" for number in range(2_000)) + " word7 other77")
    began = time.monotonic()
    assert scanner.places(document) == {7: [(4000, 4002)]}
    assert time.monotonic() - began < 5


def test_no_pattern_reaches_from_the_title_into_the_text() -> None:
    document = Document("Report A", "C.3 met. Draft")
    scanner = Scanner(
        [
            (compile_pattern(each), number)
            for number, each in enumerate(["a/c.3", "report* a", "repor* a* c.3"])
        ]
    )
    assert scanner.places(document) == {1: [(0, 2)]}
