"""Patterns made ready for the scanner: what is looked for in one pass, and what is then asked of the words around it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from pipeline.rules.phrases import PatternWord, words_of
from pipeline.rules.text import FIELD_END, PARTED

#: what Arabic writes on to the front of a word: and, so, by, for, as, the, and their joins
PROCLITICS = frozenset(
    [
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
    ]
)
_MIN_ARABIC_STEM = 3


class Step(NamedTuple):
    """A word outside the needle.

    Attributes:
        literal: when only one word may stand there, what the joined text then holds from the blank before it, or up to
            the blank behind it; empty otherwise.
        length: characters of `literal` up to where the next step is taken from.
    """

    word: PatternWord
    literal: str
    length: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """What to look for, ready for the scanner.

    Attributes:
        needle: the longest run of words without a gap, as it stands in `Document.joined`; a blank at its end closes the word.
        before, after: the words outside the needle, nearest first; each with what stands between it and the needle's side.
        inside: it may follow Arabic proclitics inside a word.
        opens: its first word may begin with anything.
        exact: the original characters it must equal (or, with a final star, begin with); None when case does not matter.
        prefix: its last word goes on.
        cost: how much work a place of its needle may be, in plain looks.
    """

    needle: str
    before: tuple[Step, ...] = ()
    after: tuple[Step, ...] = ()
    inside: bool = False
    exact: str | None = None
    prefix: bool = False
    cost: int = 1
    opens: bool = False

    @property
    def next_word(self) -> str:
        """The word that must follow the needle, where that is all there is to ask before looking closer; else empty."""
        if self.before or self.inside or self.opens or not self.after:
            return ""
        word, literal, _ = self.after[0]
        return word.text if literal and not (word.prefix or word.parted) else ""

    @property
    def is_plain(self) -> bool:
        """Whether the needle is all there is to look at."""
        return not (self.before or self.after or self.inside or self.opens or self.exact is not None)


@lru_cache(maxsize=50_000)
def compile_pattern(written: str) -> Pattern:
    """A pattern as the rules write it, which `pattern_problem` has nothing against."""
    bare = written.strip()
    words = words_of(bare.removeprefix("="))
    first, last = _anchor(words)
    run = words[first:last]
    opens = run[0].suffix
    inside = first == 0 and not opens and "\u0620" <= run[0].text[0] <= "\u064a"
    needle = "".join(
        (f" {PARTED} " if word.parted and index else " ") + word.text for index, word in enumerate(run)
    )
    if inside:
        needle = _without_article(needle[1:])
    elif opens:
        needle = needle[1:]
    exact = unicodedata.normalize("NFC", bare[1:].strip('"*')) if bare.startswith("=") else None
    return Pattern(
        needle=needle + ("" if run[-1].prefix else " "),
        before=_backwards(words[: first + 1]),
        after=tuple(map(_step_after, words[last:])),
        inside=inside,
        exact=exact,
        prefix=words[-1].prefix,
        cost=1 + 3 * sum(word.most + word.suffix for word in words),
        opens=opens,
    )


def _backwards(words: Sequence[PatternWord]) -> tuple[Step, ...]:
    """All but the last word, nearest first, each with the gap behind it instead of the one before it."""
    return tuple(
        _step_before(replace(word, parted=behind.parted, least=behind.least, most=behind.most))
        for word, behind in zip(words[-2::-1], words[:0:-1], strict=True)
    )


def _step_after(word: PatternWord) -> Step:
    if word.most or word.suffix:
        return Step(word, "", 0)
    literal = (f" {PARTED} " if word.parted else " ") + word.text
    return Step(word, literal if word.prefix else literal + " ", len(literal))


def _step_before(word: PatternWord) -> Step:
    if word.most or word.prefix or word.suffix:
        return Step(word, "", 0)
    literal = f" {word.text}" + (f" {PARTED} " if word.parted else " ")
    return Step(word, literal, len(literal) - 1)


def _anchor(words: Sequence[PatternWord]) -> tuple[int, int]:
    """The run of words without gaps that is rarest by the look of it; only its first may begin, and its last end, with a star."""
    runs: list[tuple[int, int]] = []
    first = 0
    for index, word in enumerate(words):
        if index + 1 == len(words) or word.prefix or words[index + 1].most or words[index + 1].suffix:
            runs.append((first, index + 1))
            first = index + 1
    return max(runs, key=lambda run: _rareness(words[run[0] : run[1]]))


def _rareness(run: Sequence[PatternWord]) -> int:
    """A guess: long words and several of them are rare, and a word that ends is rarer than one that goes on."""
    closed = (not run[-1].prefix) + (not run[0].suffix)
    return sum(len(word.text) for word in run) + 2 * len(run) + 2 * closed


def _without_article(text: str) -> str:
    stem = text.removeprefix("ال")
    return stem if len(stem.split(" ")[0]) >= _MIN_ARABIC_STEM else text


def starts_before(joined: str, start: int, steps: Sequence[Step]) -> list[int]:
    """Where a phrase may begin whose needle's first word begins at `start`, after `steps` (nearest first) before it."""
    starts = [start]
    for word, literal, length in steps:
        if literal:
            starts = [
                each - length
                for each in starts
                if each > length and joined.startswith(literal, each - length - 1)
            ]
        else:
            starts = list(dict.fromkeys(found for each in starts for found in _back(joined, each, word)))
    return starts


def ends_after(joined: str, end: int, steps: Sequence[Step]) -> list[int]:
    """Where a phrase may end whose needle's last word ends at `end`, with `steps` after it."""
    ends = [end]
    for word, literal, length in steps:
        if literal:
            ends = [joined.find(" ", each + length) for each in ends if joined.startswith(literal, each)]
        else:
            ends = list(dict.fromkeys(found for each in ends for found in _on(joined, each, word)))
    return ends


def _on(joined: str, end: int, wanted: PatternWord) -> list[int]:
    """Ends of the words behind `end` that are `wanted`, the right number of words away."""
    found = []
    for between in range(wanted.most + 1):
        start = end + 1
        parted = joined[start : start + 1] == PARTED
        if parted != wanted.parted:
            break
        start += 2 * parted
        if joined[start : start + 1] in {"", FIELD_END}:
            break
        end = joined.find(" ", start)
        if between >= wanted.least and wanted.fits(joined[start:end]):
            found.append(end)
    return found


def _back(joined: str, start: int, wanted: PatternWord) -> list[int]:
    """Starts of the words before `start` that are `wanted`, the right number of words away."""
    found = []
    for between in range(wanted.most + 1):
        end = start - 1
        parted = joined[end - 1 : end] == PARTED
        if end <= 0 or parted != wanted.parted:
            break
        end -= 2 * parted
        if joined[end - 1] == FIELD_END:
            break
        start = joined.rfind(" ", 0, end) + 1
        if between >= wanted.least and wanted.fits(joined[start:end]):
            found.append(start)
    return found
