"""Dates and times as people print them, in our nine languages and, by CLDR's names, in others: from text to moments."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone

from pipeline.extract.clock import clock_beside
from pipeline.extract.months import month_number

# letters with their vowel signs (Thai, Hindi), and the dot inside an abbreviation
_LETTERS = r"[^\W\d_][^\s\d_.,;:!?()\[\]{}/|<>'\"+*=–—-]"
_WORD = rf"{_LETTERS}{{0,15}}(?:\.{_LETTERS}{{0,3}})?(?:\s(?:الثاني|الأول|الاول))?"
_GAP = r"[\s\u00a0./-]{0,3}"
#: Common Era, and the Buddhist year of Thai dates; a time may follow without a space ("11.11.202320:45")
_YEAR = r"((?:19|20)\d\d|25[4-9]\d)(?:(?!\d)(?!:[0-5]\d)|(?=[0-2]\d:[0-5]\d))"
#: two digits, where a time or the end follows; so "28.09.1912:44" is 1919 at 12:44 o'clock and not the year 1912
_SHORT_YEAR = r"(\d\d)(?=[0-2]\d:[0-5]\d|(?![\d:])(?!\.\d))"
_DAY_WORD_YEAR = re.compile(
    rf"(?<![\d:])(\d{{1,2}})(?:er|st|nd|rd|th|[ºª°]|-?(?:го|га|е))?{_GAP}(?:(?:de|of|di|ta’)\s)?({_WORD})"
    rf"(?:\s?[/(]\s?[^\W\d_]{{3,12}}\s?\)?)?,?{_GAP}(?:(?:de|del|do|г\.|พ\.ศ\.|ค\.ศ\.)\s?)?(?:{_YEAR}|[’']{_SHORT_YEAR})"
)
_WORD_DAY_YEAR = re.compile(
    rf"(?<![^\W\d_])({_WORD})\.?\s{{1,2}}(\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,2}}(?:of\s)?{_YEAR}"
)
_YEAR_WORD_DAY = re.compile(rf"(?<!\d){_YEAR}[.,\s-]{{1,3}}(?:m\.\s)?({_WORD})\.?\s{{1,2}}(\d{{1,2}})(?!\d)")
_YEAR_DAY_WORD = re.compile(
    rf"(?<!\d){_YEAR}[.\s-]{{0,3}}(?:gada|ж\.|yil,?|c[iıuü]\sil(?:in)?|год\w?|г\.)?\s{{0,2}}(\d{{1,2}})[.\s-]{{1,3}}({_WORD})"
)
_DAY_MONTH_NUMBER = re.compile(
    rf"(?<!\d)(\d{{1,2}})\s(?:tháng|thg)\s?(\d{{1,2}})(?:,|\snăm)?\s{_YEAR}", re.IGNORECASE
)
_YEAR_FIRST = re.compile(
    r"(?<![\d./-])((?:19|20)\d\d)\s?([-./])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?:(?!\d)|(?=[0-2]\d:[0-5]\d))"
)
_YEAR_LAST = re.compile(rf"(?<![\d./-])(\d{{1,2}})\s?([./-])\s?(\d{{1,2}})\s?\2\s?{_YEAR}")
_SHORT = re.compile(rf"(?<![\d./:v-])(?<!ersion\s)(\d{{1,2}})([./-])(\d{{1,2}})\2{_SHORT_YEAR}")
_SIGNS = re.compile(
    r"(民國|民国|令和|平成|พ\.ศ\.\s?)?\s?(\d{1,4})\s{0,2}[年년]\s{0,2}(\d{1,2})\s{0,2}[月월]\s{0,2}(\d{1,2})\s{0,2}[日号號일]?"
)
_ERAS = {"民國": 1911, "民国": 1911, "令和": 2018, "平成": 1988}
#: languages that put the year first in numbers, so that 23.11.09 is not day first there
_YEAR_FIRST_LANGUAGES = frozenset({"zh", "ja", "ko", "hu", "lt", "mn", "sv", "eu", "fa"})
_MAX_CHARS = 2_000
#: every form above has one of these
_DATE_LIKE = re.compile(
    r"\d{4}|\d[./-]\d{1,2}[./-]\d\d|[’']\d\d|\d\s?[年년]|[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]|[\u200e\u200f]"
)
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
#: directions, and the vowel signs of Arabic
_MARKS = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\u0640\u064b-\u0652]")


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as printed.

    Attributes:
        hour, minute, second: None when not printed.
        offset_minutes: printed UTC offset; None when none is printed.
        span: where it stood in the text.
        ambiguous: day and month could be the other way round, and nothing tells which.
    """

    day: date
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    offset_minutes: int | None = None
    span: tuple[int, int] = (0, 0)
    ambiguous: bool = False

    @property
    def local(self) -> datetime:
        """The moment on its own clock, midnight when no time is printed; carries no zone (read it as local)."""
        return datetime.combine(self.day, datetime.min.time()).replace(
            hour=self.hour or 0, minute=self.minute or 0, second=self.second or 0
        )

    @property
    def exchanged(self) -> Moment:
        """An ambiguous moment read the other way round."""
        return replace(self, day=date(self.day.year, self.day.day, self.day.month))

    def at(self, offset_minutes: int) -> datetime:
        """The instant in UTC when the clock stood at this offset; raises OverflowError at the ends of the calendar."""
        return self.local.replace(tzinfo=timezone(timedelta(minutes=offset_minutes))).astimezone(UTC)


def find_moments(text: str, *, month_first: bool | None, language: str | None = None) -> list[Moment]:
    """All dates printed in a short text, most exact first, then in the order of the text.

    Args:
        text: a line; what stands after its first 2,000 characters is not read.
        month_first: how 3/4/2026 is to be read; None when nothing tells (then it is marked ambiguous).
        language: ISO 639-1 of the page, for the names of months beyond the nine languages.
    """
    text = text[:_MAX_CHARS]
    if not _DATE_LIKE.search(text):
        return []
    plain, places = _plain(text)
    found: dict[tuple[int, int], Moment] = {}
    for day, span, ambiguous in _days(plain, month_first, language):
        if not any(start < span[1] and span[0] < end for start, end in found):
            found[span] = _with_clock(plain, day, span, ambiguous=ambiguous)
    moments = sorted(found.values(), key=lambda moment: (-_exactness(moment), moment.span))
    return [replace(moment, span=_original(moment.span, places)) for moment in moments] if places else moments


def may_hold_date(text: str) -> bool:
    """Whether reading a text for dates is worth while; quick."""
    return _DATE_LIKE.search(text) is not None


def plain_text(text: str) -> str:
    """A text with the digits of any script as 0-9 and without invisible marks."""
    return _plain(text)[0]


def _exactness(moment: Moment) -> int:
    return (moment.hour is not None) + (moment.offset_minutes is not None)


def _plain(text: str) -> tuple[str, list[int]]:
    """Digits of any script as 0-9, invisible marks left out; and, where any were, the old place of every character."""
    if _OTHER_DIGIT.search(text):
        text = "".join(
            str(unicodedata.digit(char)) if char.isdigit() and unicodedata.category(char) == "Nd" else char
            for char in text
        )
    if not _MARKS.search(text):
        return text, []
    places = [place for place, char in enumerate(text) if not _MARKS.match(char)]
    return "".join(text[place] for place in places), places


def _original(span: tuple[int, int], places: list[int]) -> tuple[int, int]:
    return places[span[0]], places[span[1] - 1] + 1


_Day = tuple[date, tuple[int, int], bool]


def _days(text: str, month_first: bool | None, language: str | None) -> Iterator[_Day]:  # noqa: FBT001 - as find_moments
    for found in _SIGNS.finditer(text):
        yield from _of_signs(found)
    for found in _YEAR_FIRST.finditer(text):
        yield from _made(found[1], found[3], found[4], found.span())
    for found in _DAY_WORD_YEAR.finditer(text):
        yield from _made(
            found[3] or f"20{found[4]}", month_number(found[2], language), found[1], found.span()
        )
    for found in _WORD_DAY_YEAR.finditer(text):
        yield from _made(found[3], month_number(found[1], language), found[2], found.span())
    for found in _YEAR_WORD_DAY.finditer(text):
        yield from _made(found[1], month_number(found[2], language), found[3], found.span())
    for found in _YEAR_DAY_WORD.finditer(text):
        yield from _made(found[1], month_number(found[3], language), found[2], found.span())
    for found in _DAY_MONTH_NUMBER.finditer(text):
        yield from _made(found[3], found[2], found[1], found.span())
    for pattern in (_YEAR_LAST, _SHORT):
        for found in pattern.finditer(text):
            yield from _of_numbers(found, month_first, language)


def _of_signs(found: re.Match[str]) -> Iterator[_Day]:
    era, year, month, day = found.groups()
    if era in _ERAS:
        yield from _made(str(int(year) + _ERAS[era]), month, day, found.span())
    elif len(year) == 4:
        yield from _made(year, month, day, found.span())


def _of_numbers(found: re.Match[str], month_first: bool | None, language: str | None) -> Iterator[_Day]:  # noqa: FBT001 - as find_moments
    first, separator, second, year = int(found[1]), found[2], int(found[3]), found[4]
    short = len(year) == 2
    if short and language in _YEAR_FIRST_LANGUAGES:
        return
    # dots are day first everywhere (with two digits for the year in America as well); a number above 12 decides
    dotted = separator == "." and not (short and month_first is not False)
    swap = second > 12 or (first <= 12 and not dotted and bool(month_first))
    unsure = not dotted and month_first is None and first <= 12 and second <= 12 and first != second
    day, month = (second, first) if swap else (first, second)
    yield from _made(f"20{year}" if short else year, month, day, found.span(), ambiguous=unsure)


def _made(
    year: str, month: str | int | None, day: str | int, span: tuple[int, int], *, ambiguous: bool = False
) -> Iterator[_Day]:
    if month is None:
        return
    number = int(year)
    try:
        yield date(number - 543 if number >= 2540 else number, int(month), int(day)), span, ambiguous
    except ValueError:
        return


def _with_clock(text: str, day: date, span: tuple[int, int], *, ambiguous: bool) -> Moment:
    """The day with the time that stands right after it, else right before it."""
    clock = clock_beside(text, day, *span)
    if clock is None:
        return Moment(day, span=span, ambiguous=ambiguous)
    span = min(span[0], clock.start), max(span[1], clock.end)
    return Moment(day, clock.hour, clock.minute, clock.second, clock.offset_minutes, span, ambiguous)
