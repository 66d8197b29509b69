"""A text ready to be searched: folded words between blanks, with the way back to the original, sentences and paragraphs.

Words are runs of letters and digits; every Han or kana character is a word of its own, so that a phrase matches
inside running Chinese. What only some queries ask for (sentences, the lead, the original of a word) is worked out when asked.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

from pipeline.rules.fold import HARD_GAP, Origins, gapped, spaced, with_marks
from pipeline.rules.sentences import KINDS, Gap, ends_between

#: characters read of a text: what follows is no news article (keeps a hostile text within 50 ms)
MAX_CHARS = 100_000
#: characters read of a title or a URL
MAX_SHORT_CHARS = 4_000
#: what stands in `Document.joined` between words that are parted by more than a blank, hyphen or quote, and between fields
PARTED, FIELD_END = HARD_GAP, "\f"
#: the lead is the first paragraph, and further ones until this many words are reached (at most five times as many)
LEAD_WORDS = 30
#: signs between words looked at for the end of a sentence: more are no article, and cost time
MAX_GAPS = 12_000

_GAPS = re.compile(f"{HARD_GAP}[ {HARD_GAP}]*")
_PARTERS = re.compile(f"{PARTED} ")
_NO_LETTERS = re.compile(f"[ {HARD_GAP}]*")


@dataclass(frozen=True, slots=True)
class RuleText:
    """What the rules read of one article.

    Attributes:
        url: read only by ``url:``; `source` is the source's id.
        language: ISO 639; None when not known. `country`: ISO 3166 of the outlet; None when not known.
        tier: the source's tier, 1 to 3; None when not graded.
        published: the day, for persons in office; None when not known (then everybody is).
    """

    title: str
    text: str
    url: str = ""
    source: str = ""
    language: str | None = None
    country: str | None = None
    tier: int | None = None
    published: date | None = None


class Field:
    """One field's words: they stand in `Document.joined` from `first` to `last` (exclusive)."""

    __slots__ = ("_gapped", "_origins", "_seen", "first", "last", "name", "original")

    def __init__(self, name: str, original: str, first: int, last: int) -> None:
        self.name, self.original, self.first, self.last = name, original, first, last
        self._gapped: str | None = None
        self._origins: Origins | None = None
        self._seen = (first, 0)  # a place in `joined` and its letter in `gapped`: the last one asked for

    @property
    def gapped(self) -> str:
        """The original, folded, with its gaps as long as they are."""
        if self._gapped is None:
            self._gapped = gapped(self.original)
        return self._gapped

    @property
    def origins(self) -> Origins:
        """The way from `gapped` to the original."""
        if self._origins is None:
            self._origins = Origins(self.original)
        return self._origins

    def keep_gapped(self, text: str) -> None:
        """Spare working `gapped` out where it is known."""
        self._gapped = text

    def letter(self, joined: str, place: int) -> int:
        """Where the letter at `place` in `joined` stands in `gapped`: both have the same letters in the same order."""
        text = self.gapped
        before, at = self._seen if self._seen[0] <= place else (self.first, 0)
        left = place - before - joined.count(" ", before, place) - joined.count(PARTED, before, place)
        while True:
            at = _skipped(text, at)
            if not left:
                break
            ahead = at + left
            left -= ahead - at - text.count(" ", at, ahead) - text.count(PARTED, at, ahead)
            at = ahead
        self._seen = (place, at)
        return at


def _skipped(text: str, at: int) -> int:
    found = _NO_LETTERS.match(text, at)
    return found.end() if found else at


class Document:
    """The words of an article's title, text and URL, in this order; places are character positions in `joined`.

    Attributes:
        joined: every word between single blanks; a newline stands between two blanks where words are parted by more than
            a blank, hyphen or quote, a form feed where a field ends.
        fields: title, text and URL.
        cut: what was not read, in words; empty when all was.
    """

    __slots__ = ("_lead_end", "_paragraphs", "_sentences", "cut", "fields", "joined")

    def __init__(self, title: str, text: str, url: str = "") -> None:
        pieces: list[str] = []
        fields: list[Field] = []
        self.cut: list[str] = []
        position = 1
        for name, original in (("title", title), ("text", text), ("url", url)):
            limit = MAX_CHARS if name == "text" else MAX_SHORT_CHARS
            if len(original) > limit:
                self.cut.append(f"only the first {limit:,} characters of the {name} were read")
                original = original[:limit]  # noqa: PLW2901  # the rest is read by nobody
            folded, apart = spaced(original)
            words = _joined(folded)
            fields.append(Field(name, original, position, position + len(words)))
            if not apart:
                fields[-1].keep_gapped(folded)
            pieces.append(words)
            position += len(words) + 3
        self.fields = (fields[0], fields[1], fields[2])
        self.joined = f" {pieces[0]} {FIELD_END} {pieces[1]} {FIELD_END} {pieces[2]} "
        self._sentences: list[int] | None = None
        self._paragraphs: list[int] = []
        self._lead_end: int | None = None

    @property
    def sentences(self) -> list[int]:
        """Where sentences begin, ascending; a place belongs to the last that begins at or before it."""
        if self._sentences is None:
            self._sentences = []
            for field in self.fields:
                self._sentences.append(field.first)
                self._paragraphs.append(field.first)
                if field.name != "url":
                    self._part(field, self._sentences)
        return self._sentences

    @property
    def paragraphs(self) -> list[int]:
        """Where paragraphs begin, like `sentences`."""
        return self._paragraphs if self.sentences else []

    def _part(self, field: Field, sentences: list[int]) -> None:
        """Note where sentences and paragraphs of one field begin: the n-th hard gap in `joined` is the n-th in the text."""
        joined, text, origins, original = self.joined, field.gapped, field.origins, field.original
        gaps = _GAPS.finditer(text, _skipped(text, 0), len(text.rstrip(" \n")))
        parters = _PARTERS.finditer(joined, field.first, field.last)
        for number, (gap, parter) in enumerate(zip(gaps, parters, strict=False)):
            start, end = gap.span()
            if not origins.even:
                start, end = origins(start), origins(end)
            kind = KINDS[original[start:end]]
            if kind:
                place = parter.end()
                if kind is Gap.PARAGRAPH:
                    self._paragraphs.append(place)
                if kind >= Gap.SENTENCE or self._ends_sentence(kind, place, original[end]):
                    sentences.append(place)
            if number == MAX_GAPS:
                words = joined.count(" ", 0, parter.end())
                self.cut.append(f"sentences are told apart in the first {words:,} words only")
                break

    def _ends_sentence(self, kind: Gap, word: int, follower: str) -> bool:
        """Whether a sentence ends before the word at `word`, which begins with `follower`, where that depends on the two."""
        if follower.islower():
            return False
        joined = self.joined
        return kind is Gap.BY_CAPITAL or ends_between(
            joined[joined.rfind(" ", 0, word - 3) + 1 : word - 3], joined[word : joined.find(" ", word)]
        )

    @property
    def lead_end(self) -> int:
        """Where the lead ends in `joined`."""
        if self._lead_end is None:
            self._lead_end = self._end_of_lead()
        return self._lead_end

    def _end_of_lead(self) -> int:
        body = self.fields[1]
        enough = self._after_words(body.first, LEAD_WORDS)
        if enough == body.last:
            return body.last
        most = self._after_words(enough, 4 * LEAD_WORDS)
        paragraphs = self.paragraphs
        index = bisect_right(paragraphs, enough - 1)
        next_one = paragraphs[index] if index < len(paragraphs) else body.last
        return min(next_one, most)

    def _after_words(self, place: int, count: int) -> int:
        """Where the word begins that stands `count` words after the one at `place`; the text's end when there is none."""
        joined, last = self.joined, self.fields[1].last
        while count:
            place = joined.find(" ", place, last) + 1
            if not place:
                return last
            count -= joined[place] != PARTED
        return place

    def words_between(self, end: int, start: int) -> int:
        """How many words stand between a word's end and a later word's start."""
        return self.joined.count(" ", end, start) - self.joined.count(PARTED, end, start) - 1

    def field_of(self, place: int) -> Field:
        """The field that a place lies in."""
        title, text, url = self.fields
        if place < text.first:
            return title
        return text if place < url.first else url

    def quote(self, first: int, last: int) -> tuple[str, int, int]:
        """Field name and span in the original characters of the words from `first` to `last` (exclusive)."""
        field = self.field_of(first)
        at = field.letter(self.joined, first)
        length = last - first
        if (
            field.gapped[at : at + length] == self.joined[first:last]
        ):  # a word, or words with single blanks between
            final = at + length - 1
        else:
            final = field.letter(self.joined, last - 1)
        end = field.origins(final) + 1
        return field.name, field.origins(at), with_marks(field.original, end)


def _joined(gaps: str) -> str:
    """The words of a text between single blanks, parted ones with a newline between two blanks."""
    text = f" {PARTED} ".join(_GAPS.split(gaps.strip(" \n")))
    while "  " in text:
        text = text.replace("  ", " ")
    return text
