"""Patterns: words and phrases as the rules write them, made ready for the scanner.

``treaty``, ``treat*``, ``draft resolution``, ``nahm * an`` (one word between), ``fight ~3 trafficking`` (up to three words
between), ``=GRETA`` (exactly these letters).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipeline.rules.fold import HARD_GAP, fold, gap_or_letter, is_han
from pipeline.rules.text import FIELD_END, PARTED

#: fewest letters before a star, where no other word narrows the phrase
MIN_PREFIX = 3
#: most words that the stars and ``~n`` of a pattern may stand for
MAX_GAP = 9
#: longest pattern (characters), most words in one
MAX_PATTERN_CHARS, MAX_PATTERN_WORDS = 300, 30

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
_WORD = re.compile(r"(?<!\S)\*(?!\S)|(?<!\S)~\d+(?!\S)|[^\W_]+")
_INNER_STAR = re.compile(r"\*\w|\w\?\w|~(?!\d+(?!\S))|\S~")
_ENDS_OPEN = re.compile(r"\s(?:\*|~\d+)$")
_PLACEHOLDER = re.compile(r"\*|~\d+")


@dataclass(frozen=True, slots=True)
class PatternWord:
    """One word of a pattern.

    Attributes:
        text: folded.
        prefix: it ended in a star.
        parted: more than a blank, hyphen or quote stands before it (then it does in the text, too).
        least, most: how many words may stand between the word before and this one.
    """

    text: str
    prefix: bool = False
    parted: bool = False
    least: int = 0
    most: int = 0

    def fits(self, word: str) -> bool:
        """Whether a folded word of a text is this one."""
        return word.startswith(self.text) if self.prefix else word == self.text


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

    @property
    def next_word(self) -> str:
        """The word that must follow the needle, where that is all there is to ask before looking closer; else empty."""
        if self.before or self.inside or not self.after:
            return ""
        word, literal, _ = self.after[0]
        return word.text if literal and not (word.prefix or word.parted) else ""

    @property
    def is_plain(self) -> bool:
        """Whether the needle is all there is to look at."""
        return not (self.before or self.after or self.inside or self.exact is not None)


def words_of(phrase: str) -> list[PatternWord]:
    """The words of a pattern, read as `Document` reads a text; stars and ``~n`` that stand alone widen the next word's gap."""
    words: list[PatternWord] = []
    folded = fold(phrase.replace('"', ""))
    previous_end = least = most = 0
    for found in _WORD.finditer(folded):
        written = found.group()
        if written[0] in "*~":
            least += written[0] == "*"
            most += 1 if written[0] == "*" else int(written[1:4])
            continue
        starred = folded[found.end() : found.end() + 1] == "*"
        gap = _PLACEHOLDER.sub("", folded[previous_end : found.start()])
        parted = bool(words) and not most and any(gap_or_letter(sign) == HARD_GAP for sign in gap)
        pieces = _pieces(written)
        for index, piece in enumerate(pieces):
            if index:
                words.append(PatternWord(piece))
            else:
                words.append(PatternWord(piece, parted=parted, least=least, most=most))
        if starred and not is_han(pieces[-1]):
            last = words[-1]
            words[-1] = PatternWord(last.text, True, last.parted, last.least, last.most)  # noqa: FBT003  # its fields
        previous_end, least, most = found.end(), 0, 0
    return words


def _pieces(token: str) -> list[str]:
    """A run of letters, every Han or kana character by itself."""
    return "".join(f" {each} " if is_han(each) else each for each in token).split()


@lru_cache(maxsize=50_000)
def compile_pattern(written: str) -> Pattern:
    """A pattern as the rules write it, which `pattern_problem` has nothing against."""
    bare = written.strip()
    words = words_of(bare.removeprefix("="))
    first, last = _anchor(words)
    run = words[first:last]
    inside = first == 0 and "\u0620" <= run[0].text[0] <= "\u064a"
    needle = "".join(
        (f" {PARTED} " if word.parted and index else " ") + word.text for index, word in enumerate(run)
    )
    if inside:
        needle = _without_article(needle[1:])
    exact = unicodedata.normalize("NFC", bare[1:].strip('"*')) if bare.startswith("=") else None
    return Pattern(
        needle=needle + ("" if run[-1].prefix else " "),
        before=_backwards(words[: first + 1]),
        after=tuple(map(_step_after, words[last:])),
        inside=inside,
        exact=exact,
        prefix=words[-1].prefix,
        cost=1 + 3 * sum(word.most for word in words),
    )


def _backwards(words: Sequence[PatternWord]) -> tuple[Step, ...]:
    """All but the last word, nearest first, each with the gap behind it instead of the one before it."""
    return tuple(
        _step_before(PatternWord(word.text, word.prefix, behind.parted, behind.least, behind.most))
        for word, behind in zip(words[-2::-1], words[:0:-1], strict=True)
    )


def _step_after(word: PatternWord) -> Step:
    if word.most:
        return Step(word, "", 0)
    literal = (f" {PARTED} " if word.parted else " ") + word.text
    return Step(word, literal if word.prefix else literal + " ", len(literal))


def _step_before(word: PatternWord) -> Step:
    if word.most or word.prefix:
        return Step(word, "", 0)
    literal = f" {word.text}" + (f" {PARTED} " if word.parted else " ")
    return Step(word, literal, len(literal) - 1)


def _anchor(words: Sequence[PatternWord]) -> tuple[int, int]:
    """The run of words without gaps, of which only the last may go on, that is rarest by the look of it."""
    runs: list[tuple[int, int]] = []
    first = 0
    for index, word in enumerate(words):
        if index + 1 == len(words) or word.prefix or words[index + 1].most:
            runs.append((first, index + 1))
            first = index + 1
    return max(runs, key=lambda run: _rareness(words[run[0] : run[1]]))


def _rareness(run: Sequence[PatternWord]) -> int:
    """A guess: long words and several of them are rare, and a word that ends is rarer than one that goes on."""
    return sum(len(word.text) for word in run) + 2 * len(run) + 2 * (not run[-1].prefix)


def _without_article(text: str) -> str:
    stem = text.removeprefix("ال")
    return stem if len(stem.split(" ")[0]) >= _MIN_ARABIC_STEM else text


def pattern_problem(pattern: str) -> str | None:
    """Why a pattern cannot be searched for; None when it can."""
    if len(pattern) > MAX_PATTERN_CHARS:
        return f"a pattern has at most {MAX_PATTERN_CHARS} characters: this one has {len(pattern)}"
    bare = pattern.strip().removeprefix("=").strip('" ')
    words = words_of(bare)
    problem = None
    if not words:
        problem = "has no letters or digits to search for"
    elif _INNER_STAR.search(bare):
        problem = "a star stands at the end of a word or alone between two; write the forms out with OR"
    elif _PLACEHOLDER.match(bare) or _ENDS_OPEN.search(bare):
        problem = (
            "a star or ~n that stands alone means words between two others, so it belongs between two words"
        )
    elif sum(word.most for word in words) > MAX_GAP:
        problem = f"at most {MAX_GAP} words between, in all its gaps; write NEAR for a wider reach"
    elif len(words) > MAX_PATTERN_WORDS:
        problem = f"more than {MAX_PATTERN_WORDS} words: join shorter ones by NEAR or SENT"
    elif _is_too_wide(words):
        problem = f"would match almost anything: give at least {MIN_PREFIX} letters before the star"
    return f"{pattern!r}: {problem}" if problem else None


def _is_too_wide(words: Sequence[PatternWord]) -> bool:
    """Whether a pattern with stars would match almost anything."""
    if not any(word.prefix for word in words):
        return False
    letters = sum(len(word.text) for word in words)
    return letters < MIN_PREFIX or not any(len(word.text) >= MIN_PREFIX or not word.prefix for word in words)


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
