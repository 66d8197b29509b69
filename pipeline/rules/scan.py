"""All patterns of all topics found in one pass over a document; ahocorasick-rs lives here only."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, Implementation

from pipeline.rules.text import FIELD_END, PARTED, Document, PatternWord, words_of

#: a place: words from the first number to the second (exclusive)
Place = tuple[int, int]

#: what Arabic writes on to the front of a word: and, so, by, for, as, the, and their joins
PROCLITICS = frozenset(
    {
        "",
        "و",
        "ف",
        "ب",
        "ل",
        "ك",
        "ال",
        "لل",
        "وال",
        "فال",
        "بال",
        "كال",
        "ولل",
        "فلل",
        "وب",
        "ول",
        "وبال",
        "س",
        "وس",
    }
)
_MIN_ARABIC_STEM = 3
#: places noted per term: a text with more is no article, and would cost time
_MAX_RAW_PLACES = 400
#: times one needle is looked at more closely, for the same reason
_MAX_LOOKS = 600


@dataclass(frozen=True, slots=True)
class Pattern:
    """What to look for, ready for the scanner.

    Attributes:
        needle: the longest run of words without an inner star, as it stands in `Document.joined`.
        words: how many words the whole pattern covers; `before`: how many of them stand before the needle.
        rest: the words outside the needle, with their numbers.
        borders: numbers of words with a border before them outside the needle, and whether more than a space must stand there.
        inside: it may follow Arabic proclitics inside a word.
        exact: the original characters it must equal (or, with a final star, begin with); None when case does not matter.
    """

    needle: str
    words: int
    before: int = 0
    rest: tuple[tuple[int, PatternWord], ...] = ()
    borders: tuple[tuple[int, bool], ...] = ()
    inside: bool = False
    exact: str | None = None
    prefix: bool = False


def compile_pattern(written: str) -> Pattern:
    """A pattern as the rules write it: words or a phrase, ``prefix*``, ``=Exact`` for case-sensitive."""
    bare = written.strip()
    case_matters = bare.startswith("=")
    words = words_of(bare.removeprefix("="))
    first, last = _anchor(words)
    run = words[first:last]
    inside = first == 0 and "\u0620" <= run[0].text[0] <= "\u064a"
    text = "".join(
        (f" {PARTED} " if word.parted and index else " ") + word.text for index, word in enumerate(run)
    )
    if inside:
        text = _without_article(text[1:])
    return Pattern(
        needle=text + ("" if run[-1].prefix else " "),
        words=len(words),
        before=first,
        rest=tuple((index, word) for index, word in enumerate(words) if not first <= index < last),
        borders=tuple(
            (index, word.parted) for index, word in enumerate(words) if index and not first < index < last
        ),
        inside=inside,
        exact=bare[1:].strip('"*') if case_matters else None,
        prefix=words[-1].prefix,
    )


def _anchor(words: Sequence[PatternWord]) -> tuple[int, int]:
    """The longest run of words that only its last word's star may end."""
    runs: list[tuple[int, int]] = []
    first = 0
    for index, word in enumerate(words):
        if not word.text:
            first = index + 1
        elif word.prefix or index + 1 == len(words) or not words[index + 1].text:
            runs.append((first, index + 1))
            first = index + 1
    return max(runs, key=lambda run: sum(len(word.text) for word in words[run[0] : run[1]]))


def _without_article(text: str) -> str:
    stem = text.removeprefix("ال")
    return stem if len(stem.split(" ")[0]) >= _MIN_ARABIC_STEM else text


class Scanner:
    """Finds many patterns at once; `places` is linear in the text."""

    def __init__(self, patterns: Sequence[tuple[Pattern, int]]) -> None:
        """`patterns`: each with the number of the term it belongs to."""
        owners: dict[str, list[tuple[Pattern, int]]] = {}
        for pattern, term in patterns:
            owners.setdefault(pattern.needle, []).append((pattern, term))
        self._owners = tuple(tuple(dict.fromkeys(each)) for each in owners.values())
        self._automaton = (
            AhoCorasick(list(owners), implementation=Implementation.ContiguousNFA) if owners else None
        )

    def places(self, document: Document) -> dict[int, list[Place]]:
        """Where each term stands, in order of the text, without places inside longer ones; terms not found are left out."""
        if self._automaton is None:
            return {}
        found: dict[int, list[Place]] = {}
        at, joined, owners = document.at, document.joined, self._owners
        looks = [0] * len(owners)
        for index, start, _end in self._automaton.find_matches_as_indexes(joined, overlapping=True):
            looks[index] += 1
            if looks[index] > _MAX_LOOKS:
                continue
            word = bisect_right(at, start) - 1
            for pattern, term in owners[index]:
                places = found.get(term)
                if places is None:
                    places = found[term] = []
                elif len(places) >= _MAX_RAW_PLACES:
                    continue
                if pattern.inside and joined[at[word] + 1 : start] not in PROCLITICS:
                    continue
                place = (word - pattern.before, word - pattern.before + pattern.words)
                if (pattern.rest or pattern.exact is not None) and not _fits(document, place, pattern):
                    continue
                places.append(place)
        return {term: outermost(places) for term, places in found.items() if places}


def _fits(document: Document, place: Place, pattern: Pattern) -> bool:
    """Whether the words outside the needle, the borders between them and the case are right, too."""
    first, last = place
    words = document.words
    if first < 0 or last > len(words):
        return False
    for index, wanted in pattern.rest:
        word = words[first + index]
        if not (word.startswith(wanted.text) if wanted.prefix else word == wanted.text):
            return False
    for index, parted in pattern.borders:
        before = document.joined[document.at[first + index] - 1]
        if before == FIELD_END or (before == PARTED) != parted:
            return False
    if pattern.exact is None:
        return True
    _, start, end = document.quote(first, last)
    written = document.field_of(first).original[start:end]
    return written.startswith(pattern.exact) if pattern.prefix else written == pattern.exact


def outermost(places: Iterable[Place]) -> list[Place]:
    """The places in order, without those that lie inside another."""
    kept: list[Place] = []
    for place in sorted(set(places), key=lambda each: (each[0], -each[1])):
        if not kept or place[1] > kept[-1][1]:
            kept.append(place)
    return kept


def without_overlaps(places: Sequence[Place], others: Sequence[Place]) -> list[Place]:
    """The `places` that share no word with any of `others` (both in order, outermost)."""
    kept: list[Place] = []
    index = 0
    for first, last in places:
        while index < len(others) and others[index][1] <= first:
            index += 1
        if index == len(others) or others[index][0] >= last:
            kept.append((first, last))
    return kept
