"""One pass finds what looking everywhere finds."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.rules.patterns import PROCLITICS, compile_pattern
from pipeline.rules.phrases import PatternWord, pattern_problem, words_of
from pipeline.rules.scan import MAX_LOOKS, MAX_PLACES, Owned, Place, Scanner, outermost, without_overlaps
from pipeline.rules.text import Document

WORDS = [
    *("a", "ab", "abc", "abcd", "людьми", "торговля", "торговли", "贩", "运", "İnsan", "insan", "alverinə"),
    *("اتجار", "البشر", "résolution"),
]
PARTS = ["gesetz", "handel", "alveri", "gesetz handel", "соглашение"]
phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
stars = st.sampled_from(["", "*"])
patterns = st.one_of(
    st.builds(lambda phrase, star: phrase + star, phrases, stars),
    st.builds(lambda first, second, star: f"{first}* {second}{star}", phrases, phrases, stars),
    st.builds(
        lambda first, gap, second: f"{first} {gap} {second}",
        phrases,
        st.sampled_from(["*", "~1", "~3", "* ~1", "* *"]),
        phrases,
    ),
    st.builds(lambda first, second: f"{first}/{second}", phrases, phrases),
    st.builds(lambda part, star: f"*{part}{star}", st.sampled_from(PARTS), stars),
    st.builds(
        lambda before, gap, part, star: f"{before}{gap} *{part}{star}",
        phrases,
        st.sampled_from(["", "*", " *", " ~2", " *handel", ","]),
        st.sampled_from(PARTS),
        stars,
    ),
    st.builds(
        lambda part, gap, after: f"*{part}{gap} {after}",
        st.sampled_from(PARTS),
        st.sampled_from(["", "*", " ~2"]),
        phrases,
    ),
).filter(lambda written: pattern_problem(written) is None)
COMPOUNDS = [
    "Menschenhandelsgesetz",
    "Gesetz",
    "Gesetze",
    "Handelsgesetz",
    "handel",
    "insanalverinə",
    "Handels",
    "贩gesetz",
]
texts = st.lists(
    st.sampled_from([*WORDS, *COMPOUNDS, ".", ",", "\n", "-", "والاتجار", "ABC", "/"]), max_size=40
).map(" ".join)


@dataclass
class Word:
    """A word of a text, written down the slow way; `parted`: more than a blank stands before it."""

    text: str
    first: int
    last: int
    parted: bool


def words_in(document: Document) -> list[Word]:
    words: list[Word] = []
    position = 0
    parted = False
    for token in document.joined.split(" "):
        if token in {"\n", "\f"}:
            parted = True
        elif token:
            words.append(Word(token, position, position + len(token), parted))
            parted = False
        position += len(token) + 1
    return words


def heads_and_stem(written: str, word: PatternWord) -> tuple[frozenset[str], str]:
    if not compile_pattern(written).inside:
        return frozenset({""}), word.text
    stem = word.text.removeprefix("ال")
    return PROCLITICS, stem if len(stem) >= 3 else word.text


def by_looking_everywhere(written: str, document: Document) -> list[Place]:
    pattern, words = words_of(written), words_in(document)
    found = []

    def go_on(number: int, here: int, first: int) -> None:
        """Try the pattern's word `number` at the text's word `here` and further on."""
        if number == len(pattern):
            found.append((first, words[here - 1].last))
            return
        wanted = pattern[number]
        for between in range(wanted.most + 1):
            if here + between >= len(words) or words[here + between].parted != wanted.parted:
                return
            if between >= wanted.least and wanted.fits(words[here + between].text):
                go_on(number + 1, here + between + 1, first)

    heads, stem = heads_and_stem(written, pattern[0])
    for start, word in enumerate(words):
        fits = [
            word.text.startswith(head + stem) if pattern[0].prefix else word.text == head + stem
            for head in heads
        ]
        if pattern[0].suffix:
            fits = [pattern[0].fits(word.text)]
        if any(fits):
            go_on(1, start + 1, word.first)
    return outermost(found)


@settings(max_examples=400, deadline=None)
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
        ("贩运人口", "打击贩运「人口」", True),
        ("un峰会", "联合国UN峰会", True),
        ("الاتجار بالبشر", "لمكافحة والاتجار بالبشر", True),
        ("الاتجار بالبشر", "للاتجار بالبشر", True),
        ("الاتجار بالبشر", "الإتّجـــار بالبشر", True),
        ("nahm * an", "die Versammlung nahm einstimmig an", True),
        ("nahm * an", "sie nahm ihn mit an Bord", False),
        ("nahm * * * an", "sie nahm ihn mit mir an Bord", True),
        ("fight* ~3 trafficking", "the fight against the evil trafficking", True),
        ("fight* ~3 trafficking", "fighting trafficking", True),
        ("fight* ~3 trafficking", "fight on and on and on trafficking", False),
        ("fight* ~3 trafficking", "the fight, however, trafficking", False),
        ("*gesetz", "das Menschenhandelsgesetz gilt", True),
        ("*gesetz", "das Gesetz gilt", True),
        ("*gesetz", "die Menschenhandelsgesetze", False),
        ("*handel*", "die Menschenhandelsgesetze", True),
        ("*handel*", "der Wandel", False),
        ("neu* *gesetz", "ein neues Menschenhandelsgesetz", True),
        ("*gesetz * beschlossen", "Handelsgesetz heute beschlossen", True),
        ("*gesetz ~2 beschlossen", "Handelsgesetz, beschlossen", False),
        ("anti-*gesetz", "ein Anti-Handelsgesetz", True),
        ("*alverinə", "insanalverinə qarşı", True),
        ("*تجار", "والاتجار", True),
        ("*gesetz", "x" * 60 + "gesetz", True),
        ("*gesetz", "x" * 61 + "gesetz", False),
        ("=GRETA", "GRETA reports", True),
        ("=GRETA", "Greta reports", False),
        ("=Pass*", "Passed", True),
        ("=É", "E\u0301 x", True),
        ("=Draft Resolution", "a Draft\u00a0Resolution", True),
        ("a/c.3", "the draft (A/C.3/78/L.10)", True),
        ("u.n.", "the U.N. met", True),
        ("anti-trafficking", "anti trafficking", True),
        ("trafficking in persons", "trafficking in\npersons", False),
        ("trafficking in persons", "traf\u00adfick\u200bing in persons", True),
        ("d'êtres humains", "traite d’êtres humains", True),
        ("ﬁght", "a fight", True),
    ],
)
def test_patterns_respect_word_borders_and_spellings(pattern: str, text: str, *, found: bool) -> None:
    assert pattern_problem(pattern) is None
    assert finds(pattern, text) is found


@settings(max_examples=200, deadline=None)
@given(phrases, texts)
def test_case_makes_no_difference_on_either_side(pattern: str, text: str) -> None:
    answers = {
        finds(written, given_text)
        for written in (pattern, pattern.upper(), pattern.lower())
        for given_text in (text, text.upper(), text.lower())
    }
    assert len(answers) == 1


def test_exceptions_take_away_the_places_they_touch() -> None:
    assert without_overlaps([(0, 2), (5, 8), (9, 10)], [(1, 3), (8, 9)]) == [(5, 8), (9, 10)]


def test_a_scanner_without_patterns_finds_nothing() -> None:
    empty: list[Owned] = []
    assert Scanner(empty).places(Document("a", "b")) == {}


def test_thirty_thousand_patterns_are_one_scan() -> None:
    scanner = Scanner([(compile_pattern(f"word{number} other{number}*"), number) for number in range(30_000)])
    document = Document("", " ".join(f"word{number} others" for number in range(2_000)) + " word7 other77")
    began = time.monotonic()
    (place,) = scanner.places(document)[7]
    assert document.joined[slice(*place)] == "word7 other77"
    assert time.monotonic() - began < 5


def test_a_long_text_is_scanned_like_a_short_one() -> None:
    words = [f"w{number}" for number in range(12_000)]
    document = Document("", " ".join(words))
    scanner = Scanner(
        [(compile_pattern(f"w{number} w{number + 1} w{number + 2}"), number) for number in range(11_000)]
    )
    found = scanner.places(document)
    assert len(found) == 11_000
    assert not document.cut


def test_no_pattern_reaches_from_the_title_into_the_text() -> None:
    document = Document("Report A", "C.3 met. Draft")
    written = ["a/c.3", "report* a", "repor* a* c.3", "report ~5 met", "a * met"]
    found = Scanner([(compile_pattern(each), number) for number, each in enumerate(written)]).places(document)
    assert list(found) == [1]


def test_a_term_without_end_counts_up_to_a_limit_and_that_is_said() -> None:
    document = Document("", "again and " * 2_000)
    (places,) = Scanner([(compile_pattern("again"), 0)]).places(document).values()
    assert len(places) == MAX_PLACES
    assert "places" in document.cut[0]


def test_a_text_full_of_nested_terms_is_given_up_in_time_and_that_is_said() -> None:
    nested = [(compile_pattern("aaa" + " aaa" * more), more) for more in range(25)]
    document = Document("", "aaa " * 25_000)
    began = time.process_time()
    assert Scanner(nested).places(document)
    assert time.process_time() - began < 2  # a generous ceiling: 0.03 s measured
    assert f"more than {MAX_LOOKS:,}" in document.cut[0]
