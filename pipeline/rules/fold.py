"""Folding: one spelling for all writings of a word, with a map back to the characters it came from.

Case, accents, widths, Arabic vowel signs and tatweel, alef forms, dotted and dotless i, the Azerbaijani schwas, ё and ў,
Latin i inside Cyrillic words, apostrophes, and traditional Han characters are folded.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

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


class _Folding(dict[int, str]):
    """`str.translate` table that works out each character the first time it is met."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        self[code] = folded
        return folded


def _fold_character(character: str) -> str:
    if character in _APOSTROPHES:
        return "'"
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return ""
    if not character.isalnum():
        return unicodedata.normalize("NFKC", character)[:1] or " "
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    lowered = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", character).casefold())
    bare = "".join(part for part in lowered if unicodedata.category(part) not in {"Mn", "Me"})
    folded = "".join(_LETTERS.get(part, part) for part in unicodedata.normalize("NFC", bare))
    if len(folded) > 1 and not folded.isalnum():
        return " "  # signs such as ½ or ㈱ would be torn into several words
    return folded


_FOLDING = _Folding()


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `starts_at` maps its characters back.

    Attributes:
        text: as folded.
        breaks: positions in `text` (ascending) from which another shift holds; empty when nothing changed length.
        shifts: what to add to a position at or after the break of the same index.
        frozen: per break, True when the positions up to the next break all come from one original character.
    """

    text: str
    breaks: tuple[int, ...] = ()
    shifts: tuple[int, ...] = ()
    frozen: tuple[bool, ...] = ()

    def starts_at(self, position: int) -> int:
        """The index in the original text of the character that gave the folded character at `position`."""
        index = bisect_right(self.breaks, position) - 1
        if index < 0:
            return position
        if self.frozen[index]:
            return self.breaks[index] + self.shifts[index]
        return position + self.shifts[index]


def fold(text: str) -> Folded:
    """`text` folded, in time linear in its length."""
    folded = text.translate(_FOLDING)
    uneven = {character for character in set(text) if len(_FOLDING[ord(character)]) != 1}
    if not uneven:
        return Folded(folded)
    breaks: list[int] = []
    shifts: list[int] = []
    frozen: list[bool] = []

    def from_here(position: int, original: int, *, one: bool) -> None:
        if breaks and breaks[-1] == position:
            del breaks[-1], shifts[-1], frozen[-1]
        breaks.append(position)
        shifts.append(original - position)
        frozen.append(one)

    shift = 0  # folded position = original position + shift
    for original, character in enumerate(text):
        if character not in uneven:
            continue
        size = len(_FOLDING[ord(character)])
        if size:
            from_here(original + shift, original, one=True)
        shift += size - 1
        from_here(original + 1 + shift, original + 1, one=False)
    return Folded(folded, tuple(breaks), tuple(shifts), tuple(frozen))


def span_in_original(folded: Folded, original: str, start: int, end: int) -> tuple[int, int]:
    """Where the folded characters from `start` to `end` stand in `original`, signs on the last letter included."""
    first = folded.starts_at(start)
    last = folded.starts_at(end - 1) + 1
    while last < len(original) and unicodedata.category(original[last]) in {"Mn", "Me"}:
        last += 1
    return first, last
