"""Words and phrases as the rules write them, read word by word, and what is wrong with them.

``treaty``, ``treat*``, ``*gesetz``, ``draft resolution``, ``nahm * an`` (one word between), ``fight ~3 trafficking`` (up to
three words between), ``=GRETA`` (exactly these letters).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.rules.fold import HARD_GAP, fold, gap_or_letter, is_han

#: fewest letters before a star, where no other word narrows the phrase
MIN_PREFIX = 3
#: fewest letters behind a star that begins a word: in longer words fewer stand by chance
MIN_SUFFIX = 4
#: most words that the stars and ``~n`` of a pattern may stand for
MAX_GAP = 9
#: longest pattern (characters), most words in one
MAX_PATTERN_CHARS, MAX_PATTERN_WORDS = 300, 30

_WORD = re.compile(r"(?<!\S)\*(?!\S)|(?<!\S)~\d+(?!\S)|[^\W_]+")
_INNER_STAR = re.compile(r"\w\*\w|\*\*|\w\?\w|~(?!\d+(?!\S))|\S~")
_ENDS_OPEN = re.compile(r"\s(?:\*|~\d+)$")
_STANDS_FIRST = re.compile(r"(?:\*|~\d+)(?!\S)")
_PLACEHOLDER = re.compile(r"\*|~\d+")


@dataclass(frozen=True, slots=True)
class PatternWord:
    """One word of a pattern.

    Attributes:
        text: folded.
        prefix: it ended in a star.
        suffix: it began with a star.
        parted: more than a blank, hyphen or quote stands before it (then it does in the text, too).
        least, most: how many words may stand between the word before and this one.
    """

    text: str
    prefix: bool = False
    parted: bool = False
    least: int = 0
    most: int = 0
    suffix: bool = False

    def fits(self, word: str) -> bool:
        """Whether a folded word of a text is this one."""
        if self.suffix:
            return self.text in word if self.prefix else word.endswith(self.text)
        return word.startswith(self.text) if self.prefix else word == self.text


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
        suffix = folded[: found.start()].endswith("*")
        parted = bool(words) and not most and any(gap_or_letter(sign) == HARD_GAP for sign in gap)
        pieces = _pieces(written)
        for index, piece in enumerate(pieces):
            if index:
                words.append(PatternWord(piece))
            else:
                words.append(PatternWord(piece, parted=parted, least=least, most=most, suffix=suffix))
        if starred and not is_han(pieces[-1]):
            words[-1] = replace(words[-1], prefix=True)
        previous_end, least, most = found.end(), 0, 0
    return words


def _pieces(token: str) -> list[str]:
    """A run of letters, every Han or kana character by itself."""
    return "".join(f" {each} " if is_han(each) else each for each in token).split()


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
        problem = "a star begins or ends a word, or stands alone between two; write the forms out with OR"
    elif _STANDS_FIRST.match(bare) or _ENDS_OPEN.search(bare):
        problem = (
            "a star or ~n that stands alone means words between two others, so it belongs between two words"
        )
    elif sum(word.most for word in words) > MAX_GAP:
        problem = f"at most {MAX_GAP} words between, in all its gaps; write NEAR for a wider reach"
    elif len(words) > MAX_PATTERN_WORDS:
        problem = f"more than {MAX_PATTERN_WORDS} words: join shorter ones by NEAR or SENT"
    elif any(word.suffix and len(word.text) < MIN_SUFFIX for word in words):
        problem = f"would match almost anything: give at least {MIN_SUFFIX} letters behind the star"
    elif words[0].suffix and pattern.strip().startswith("="):
        problem = "exact letters begin with a letter: leave out the star or the ="
    elif _is_too_wide(words):
        problem = f"would match almost anything: give at least {MIN_PREFIX} letters before the star"
    return f"{pattern!r}: {problem}" if problem else None


def _is_too_wide(words: Sequence[PatternWord]) -> bool:
    """Whether a pattern with stars would match almost anything."""
    if not any(word.prefix for word in words):
        return False
    letters = sum(len(word.text) for word in words)
    return letters < MIN_PREFIX or not any(len(word.text) >= MIN_PREFIX or not word.prefix for word in words)
