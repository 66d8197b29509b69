"""A text ready to be searched: folded words with their places, sentences and paragraphs.

Words are runs of letters and digits; every Han or kana character is a word of its own, so that a phrase matches
inside running Chinese.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import islice

from pipeline.rules.fold import Folded, fold, span_in_original

#: characters read of a text: what follows is no news article (keeps a hostile text within 50 ms)
MAX_CHARS = 100_000
#: characters read of a title or a URL
MAX_SHORT_CHARS = 4_000
#: words read per field: longer than the longest press release on a day's meetings
MAX_WORDS = 12_000
#: what stands in `Document.joined` where words are parted by more than a space, hyphen or quote, and where a field ends
PARTED, FIELD_END = "\n", "\f"
#: the lead is the first paragraph, and further ones until this many words are reached (at most five times as many)
LEAD_WORDS = 30

_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")
_PATTERN_WORD = re.compile(rf"{_WORD.pattern}|(?<!\S)\*(?!\S)")
_SOFT = frozenset(" -'\"«»„“”‹›\u00a0\u2010\u2011《》「」『』")
_ENDS = frozenset(".!?…。！？؟")
_HAN_ENDS = frozenset("。！？")
#: words that a full stop does not end a sentence after (single letters and short numbers are known without)
_SHORT_FORMS = frozenset(
    {
        *("mr", "mrs", "ms", "dr", "st", "no", "art", "gen", "sen", "rep", "gov", "prof", "vol", "jr"),
        *("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"),
        *("гг", "ст", "им", "ул", "руб", "тыс", "млн", "вул", "нум", "см"),
        *(
            "mme",
            "abs",
            "bzw",
            "nr",
            "ee",
            "uu",
            "sr",
            "sra",
            "ene",
            "abr",
            "ago",
            "dic",
            "janv",
            "fevr",
            "juil",
        ),
    }
)

#: words that begin a sentence and follow no ordinal: "by 90 votes to 3. In the debate", but "am 3. Oktober"
_OPENERS = frozenset(
    {
        *("in", "the", "a", "an", "it", "he", "she", "they", "but", "and", "this", "these", "on", "at", "as"),
        *("le", "la", "les", "il", "elle", "un", "une", "dans", "en", "ce", "cette", "mais", "au", "aux"),
        *("el", "los", "las", "una", "este", "esta", "pero", "al", "por"),
        *("der", "die", "das", "ein", "eine", "im", "er", "sie", "es", "diese", "aber", "auch", "am"),
        *(
            "в",
            "на",
            "он",
            "она",
            "они",
            "это",
            "но",
            "по",
            "как",
            "при",
            "с",
            "у",
            "ен",
            "яна",
            "яны",
            "гэта",
        ),
        *("bu", "o", "lakin"),
    }
)


@dataclass(frozen=True, slots=True)
class RuleText:
    """What the rules read of one article.

    Attributes:
        url: read only by ``url:``; `source` is the source's id.
        language: ISO 639; None when not known. `country`: ISO 3166 of the outlet; None when not known.
        tier: the source's tier, 1 to 3; None when not graded.
    """

    title: str
    text: str
    url: str = ""
    source: str = ""
    language: str | None = None
    country: str | None = None
    tier: int | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One field's words: tokens from `first` to `last` (exclusive) belong to it."""

    name: str
    original: str
    folded: Folded
    first: int
    last: int


class Document:
    """The words of an article's title, text and URL, in this order, numbered through.

    Attributes:
        joined: every word between single spaces; a newline word stands where words are parted by more than a space,
            hyphen or quote.
        at: position in `joined` of the space before each word.
        words: the folded words, newline words left out.
        starts, ends: span of each word in its field's folded text.
        sentence, paragraph: their numbers, per word.
    """

    __slots__ = ("at", "ends", "fields", "joined", "lead_end", "paragraph", "sentence", "starts", "words")

    def __init__(self, title: str, text: str, url: str = "") -> None:
        self.at: list[int] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.sentence: list[int] = []
        self.paragraph: list[int] = []
        self.words: list[str] = []
        pieces: list[str] = []
        fields: list[Field] = []
        for name, original in (("title", title), ("text", text), ("url", url)):
            folded = fold(original[: MAX_CHARS if name == "text" else MAX_SHORT_CHARS])
            first = len(self.at)
            self._read(folded, original, pieces)
            fields.append(Field(name, original, folded, first, len(self.at)))
        self.fields = tuple(fields)
        self.joined = " " + " ".join(pieces) + " "
        self.lead_end = self._lead_end()

    def _read(self, folded: Folded, original: str, pieces: list[str]) -> None:
        """Append the words of one field; fields are parted like paragraphs."""
        text = folded.text
        sentence = self.sentence[-1] + 1 if self.sentence else 0
        paragraph = self.paragraph[-1] + 1 if self.paragraph else 0
        position = sum(map(len, pieces)) + len(pieces)
        if pieces:
            pieces.append(FIELD_END)
            position += 2
        spans = [found.span() for found in islice(_WORD.finditer(text), MAX_WORDS)]
        words = [text[start:end] for start, end in spans]
        previous_end = spans[0][0] if spans else 0
        at, add = self.at.append, pieces.append
        in_sentence, in_paragraph = self.sentence.append, self.paragraph.append
        for index, (start, end) in enumerate(spans):
            if start != previous_end:
                gap = text[previous_end:start]
                if gap != " " and not _SOFT.issuperset(gap):
                    add(PARTED)
                    position += 2
                    if "\n" in gap:
                        paragraph += 1
                        sentence += 1
                    elif _ends_sentence(
                        gap, words[index - 1], words[index], original[folded.starts_at(start)]
                    ):
                        sentence += 1
            add(words[index])
            at(position)
            in_sentence(sentence)
            in_paragraph(paragraph)
            position += end - start + 1
            previous_end = end
        self.words += words
        self.starts += [start for start, _ in spans]
        self.ends += [end for _, end in spans]

    def _lead_end(self) -> int:
        body = self.fields[1]
        index = min(body.first + LEAD_WORDS, body.last)
        while 0 < index < body.last and self.paragraph[index] == self.paragraph[index - 1]:
            index += 1
            if index >= body.first + 5 * LEAD_WORDS:
                break
        return index

    def is_parted(self, word: int) -> bool:
        """Whether more than a space, hyphen or quote stands before a word."""
        return self.joined[self.at[word] - 1] in {PARTED, FIELD_END} if word else False

    def field_of(self, token: int) -> Field:
        """The field that a word stands in."""
        for each in self.fields:
            if token < each.last:
                return each
        raise IndexError(token)

    def quote(self, first: int, last: int) -> tuple[str, int, int]:
        """Field name and span in the original characters of the words from `first` to `last` (exclusive)."""
        where = self.field_of(first)
        start, end = span_in_original(where.folded, where.original, self.starts[first], self.ends[last - 1])
        return where.name, start, end


def _ends_sentence(gap: str, previous: str, word: str, follower: str) -> bool:
    marks = _ENDS.intersection(gap)
    if not marks:
        return False
    if marks & _HAN_ENDS:
        return True
    if not any(sign.isspace() for sign in gap):
        return False
    if follower.islower():
        return False
    if marks == {"."} and gap.lstrip()[:1] == ".":
        ordinal = previous.isdecimal() and len(previous) <= 2 and word not in _OPENERS
        initial = len(previous) == 1 and not previous.isdecimal()
        return not (ordinal or initial or previous in _SHORT_FORMS)
    return True


def is_han(word: str) -> bool:
    """Whether a word is a Han or kana character (then no prefix can be meant)."""
    return (
        len(word) == 1
        and ("぀" <= word <= "鿿" or word >= "\U00020000")
        and unicodedata.category(word) == "Lo"
    )


@dataclass(frozen=True, slots=True)
class PatternWord:
    """One word of a pattern.

    Attributes:
        text: folded; empty for a star that stands alone (any one word).
        prefix: it ended in a star.
        parted: more than a space, hyphen or quote stands before it (then it does in the text, too).
    """

    text: str
    prefix: bool
    parted: bool


def words_of(phrase: str) -> list[PatternWord]:
    """The words of a pattern, read as `Document` reads a text."""
    words: list[PatternWord] = []
    folded = fold(phrase.replace('"', "")).text
    previous_end = 0
    for found in _PATTERN_WORD.finditer(folded):
        gap = folded[previous_end : found.start()].replace("*", "")
        parted = bool(words) and gap != " " and not _SOFT.issuperset(gap)
        word = found.group()
        if word == "*":
            words.append(PatternWord("", prefix=True, parted=parted))
        else:
            starred = folded[found.end() : found.end() + 1] == "*"
            words.append(PatternWord(word, prefix=starred and not is_han(word), parted=parted))
        previous_end = found.end()
    return words
