"""Folding: one spelling for all writings of a word, with a way back to the characters it came from.

Case, accents, widths, Arabic vowel signs and tatweel, alef forms, dotted and dotless i, the Azerbaijani schwas, ё and ў,
Latin i inside Cyrillic words, apostrophes, ligatures, invisible characters and traditional Han characters are folded.
Every character is folded for itself: a text folds like its parts.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from pipeline.rules.han import SIMPLIFIED

#: letters that Unicode does not decompose (or that we fold further than it does)
_LETTERS = {
    **SIMPLIFIED,
    "ı": "i",
    "ə": "e",
    "ǝ": "e",
    "ә": "e",  # Cyrillic schwa, seen in Azerbaijani copy
    "і": "i",  # Cyrillic: old Belarusian copy types the Latin letter instead
    "ӏ": "i",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "æ": "ae",
    "œ": "oe",
    "ٱ": "ا",
    "画": "划",  # 计画 in Taiwan is 计划 elsewhere
    "ى": "ي",
    "ة": "ه",
    "ک": "ك",  # Persian keyboard letters in Arabic copy
    "ی": "ي",
    "ـ": "",  # tatweel
}
_APOSTROPHES = frozenset("'`´’‘ʼʹ′＇")
_MARKS = frozenset({"Mn", "Me"})
#: letters outside ASCII that are replaced one by one; with more of them one pass over all characters is quicker (measured)
_MOST_REPLACED = 40
#: signs quoted with a letter: no script writes as many on one
_MOST_MARKS = 16
_ASCII = bytes(range(128))
#: between the words of a gapped text: gaps that a phrase reaches over, and gaps that it does not
SOFT_GAP, HARD_GAP = " ", "\n"
_SOFT = frozenset(" -'\"«»„“”‹›\u00a0\u2010\u2011《》「」『』")


class _Table(dict[int, str]):
    """A `str.translate` table that works out each character the first time it is met."""

    def __missing__(self, code: int) -> str:
        image = self[code] = self._image(chr(code))
        return image

    def _image(self, character: str) -> str:
        if character in _APOSTROPHES:
            return "'"
        if unicodedata.category(character) in {*_MARKS, "Cf"}:
            return ""
        if not character.isalnum():
            sign = unicodedata.normalize("NFKC", character)[:1]
            return sign if sign and not sign.isalnum() else " "  # signs such as № and ™ are no words
        if character.isdecimal():
            return str(unicodedata.decimal(character))
        return _fold_letter(character)


class _GappedTable(_Table):
    """Folds letters, and turns whatever stands between words into gaps."""

    def _image(self, character: str) -> str:
        return "".join(map(gap_or_letter, FOLDING[ord(character)]))


class _SpacedTable(_Table):
    """Like `_GappedTable`, with every Han or kana character a word of its own."""

    def _image(self, character: str) -> str:
        return "".join(f" {each} " if is_han(each) else each for each in GAPPED[ord(character)])


def _fold_letter(character: str) -> str:
    lowered = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", character).casefold())
    bare = "".join(part for part in lowered if unicodedata.category(part) not in _MARKS)
    folded = "".join(_LETTERS.get(part, part) for part in unicodedata.normalize("NFC", bare))
    if len(folded) > 1 and not folded.isalnum():
        return " "  # signs such as ½ or ㈱ would be torn into several words
    return folded


def gap_or_letter(folded: str) -> str:
    """A folded character itself when words are made of it, else the kind of gap it makes."""
    if folded.isalnum():
        return folded
    return SOFT_GAP if folded in _SOFT else HARD_GAP


def is_han(character: str) -> bool:
    """Whether a folded character is a word of its own: Han and kana (then no prefix can be meant)."""
    return (
        "\u3040" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or character >= "\U00020000"
    ) and (unicodedata.category(character) == "Lo")


FOLDING = _Table()
GAPPED = _GappedTable()
SPACED = _SpacedTable()
#: whatever may fold to Han or kana
_MAYBE_HAN = re.compile(
    "[\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U0001f100-\U0001f2ff\U00020000-\U0003ffff]"
)
_ASCII_GAPPED = "".join(GAPPED[code] for code in range(128)).encode() + bytes(128)


def fold(text: str) -> str:
    """`text` folded, in time linear in its length; what is no letter or digit stays as it is, apart from its width."""
    return text.translate(FOLDING)


def gapped(text: str) -> str:
    """`fold(text)` with a blank in place of every sign a phrase reaches over, and a newline for every other.

    Same length as `fold(text)`. A few times quicker than it where the letters are Latin (measured: 2 to 4 ns a character).
    """
    plain = _as_ascii(text)
    return text.translate(GAPPED) if plain is None else plain.translate(_ASCII_GAPPED).decode("ascii")


def spaced(text: str) -> tuple[str, bool]:
    """`gapped(text)` with every Han or kana character between blanks, and whether there may be such characters."""
    plain = _as_ascii(text)
    if plain is not None:  # then there is none
        return plain.translate(_ASCII_GAPPED).decode("ascii"), False
    apart = _MAYBE_HAN.search(text) is not None
    return text.translate(SPACED if apart else GAPPED), apart


def _as_ascii(text: str) -> bytes | None:
    """An ASCII text that gaps like `text`; None where there is none, or finding it would cost more than it saves."""
    if text.isascii():
        return text.encode("ascii")
    encoded = text.encode("utf-8", "replace")
    if len(encoded) > 1.25 * len(text):
        return None
    others = _others(encoded)
    if len(others) > _MOST_REPLACED:
        return None
    for character in others:
        image = GAPPED[ord(character)]
        if not image.isascii():
            return None
        text = text.replace(character, image)
    try:
        return text.encode("ascii")
    except UnicodeEncodeError:  # half a surrogate pair
        return None


def _others(encoded: bytes) -> set[str]:
    """The characters of a text in UTF-8 that are not ASCII."""
    return set(encoded.translate(None, _ASCII).decode("utf-8"))


class Origins:
    """The way back from a folded text: which original character gave which folded one.

    Only characters that do not fold to exactly one are noted.

    Attributes:
        even: there are none: every position is the same in both.
    """

    __slots__ = ("_after", "_folded_after", "_uneven", "even")

    def __init__(self, text: str) -> None:
        self._uneven: Sequence[int] = ()
        self._after: Sequence[int] = ()
        self._folded_after: Sequence[int] = ()
        others = set() if text.isascii() else _others(text.encode("utf-8", "replace"))
        uneven = [character for character in others if len(FOLDING[ord(character)]) != 1]
        self.even = not uneven
        if self.even:
            return
        if sum(map(text.count, uneven)) * 8 > len(text):
            self._uneven = range(len(text))  # so many that noting every character costs less
            self._after = range(1, len(text) + 1)
            self._folded_after = list(accumulate(len(FOLDING[ord(character)]) for character in text))
            return
        self._uneven = sorted(index for character in uneven for index in _all(text, character))
        growth = accumulate(len(FOLDING[ord(text[index])]) - 1 for index in self._uneven)
        self._after = [index + 1 for index in self._uneven]
        self._folded_after = [after + grown for after, grown in zip(self._after, growth, strict=True)]

    def __call__(self, position: int) -> int:
        """The index in the original text of the character that gave the folded character at `position`."""
        if self.even:
            return position
        index = bisect_right(self._folded_after, position)
        if index:
            position += self._after[index - 1] - self._folded_after[index - 1]
        return min(position, self._uneven[index]) if index < len(self._uneven) else position


def _all(text: str, character: str) -> list[int]:
    found: list[int] = []
    index = text.find(character)
    while index >= 0:
        found.append(index)
        index = text.find(character, index + 1)
    return found


def with_marks(text: str, end: int) -> int:
    """`end` moved behind the signs that belong to the letter before it."""
    limit = min(len(text), end + _MOST_MARKS)
    while end < limit and unicodedata.category(text[end]) in _MARKS:
        end += 1
    return end
