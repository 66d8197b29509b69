"""Dates and times as people print them, in our nine languages: from a piece of text to a moment and its zone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

#: roots of month names by number: a printed month is a root with a few letters more, or the first three or more letters of one
_MONTH_ROOTS: dict[int, str] = {
    1: "januar janvier enero январ студз yanvar يناير جانفي كانون_الثاني",
    2: "februar février fevrier febrero феврал лютаг люты fevral فبراير شباط فيفري",
    3: "march märz maerz mars marzo март сакавік mart مارس آذار",
    4: "april avril abril апрел красавік aprel أبريل ابريل إبريل نيسان أفريل",
    5: "may mai mayo мая май травень траўн травен مايو أيار ماي",
    6: "june juni juin junio июн чэрвен чэрвен iyun يونيو حزيران جوان",
    7: "july juli juillet julio июл ліпен iyul يوليو تموز جويلية",
    8: "august août aout agosto август жнівен жніўн avqust أغسطس اغسطس آب أوت",
    9: "september septembre septiembre setiembre сентябр верасен верасн sentyabr سبتمبر أيلول",
    10: "october oktober octobre octubre октябр кастрычнік oktyabr أكتوبر اكتوبر تشرين_الأول",
    11: "november novembre noviembre ноябр лістапад noyabr نوفمبر تشرين_الثاني",
    12: "december dezember décembre decembre diciembre декабр снежан снежн dekabr ديسمبر كانون_الأول",
}
_ROOTS = [
    (root.replace("_", " "), number) for number, roots in _MONTH_ROOTS.items() for root in roots.split()
]
#: abbreviations of zones that mean one offset in news (minutes); ambiguous ones (IST, CST) are left out
_ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120, "eet": 120, "eest": 180,
    "msk": 180, "мск": 180, "edt": -240, "est": -300, "et": None, "cdt": -300, "mdt": -360, "mst": -420, "pdt": -420,
    "pst": -480, "hkt": 480, "sgt": 480, "jst": 540, "kst": 540, "aest": 600, "aedt": 660, "brt": -180, "art": -180,
}  # fmt: skip

_WORD = r"[^\W\d_]{3,12}(?:\s(?:الثاني|الأول))?"
_DMY_WORDS = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:\.|er|º|-?го|-?га)?[\s\u00a0-]{{0,3}}(?:de\s|of\s)?({_WORD})\.?,?[\s-]{{1,3}}(?:de\s|del\s)?(\d{{4}})(?!\d)"
)
_MDY_WORDS = re.compile(
    rf"(?<![^\W\d_])({_WORD})\.?\s{{1,2}}(\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,2}}(\d{{4}})(?!\d)"
)
_YMD = re.compile(r"(?<!\d)((?:19|20)\d\d)([-./])(\d{1,2})\2(\d{1,2})(?!\d)")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d\d)(?!\d)")
_HAN = re.compile(r"(\d{4})\s{0,2}年\s{0,2}(\d{1,2})\s{0,2}月\s{0,2}(\d{1,2})\s{0,2}[日号]?")
_CLOCK = re.compile(
    r"(?<![\d:.])(\d{1,2})\s?(?:[:.h\u6642\u65f6時]|\s?Uhr\s?)\s?(\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?(?![\d])\s{0,2}(a\.?m\.?|p\.?m\.?)?",
    re.IGNORECASE,
)
_OFFSET = re.compile(
    r"^[\s(\[]{0,3}(?:(?:UTC|GMT)\s{0,2})?([+\u2212-])(\d{1,2})(?::?(\d{2}))?(?!\d)", re.IGNORECASE
)
_ZONE_NAME = re.compile(r"^[\s(\[]{0,3}([A-Za-zмскМСК]{1,4})(?![\w])")
#: every form above has its year in full
_YEAR = re.compile(r"\d[\u200e\u200f]*\d[\u200e\u200f]*\d[\u200e\u200f]*\d")
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_MARKS = re.compile("[\u200e\u200f]")


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

    def at(self, offset_minutes: int) -> datetime:
        """The instant in UTC when the clock stood at this offset."""
        return self.local.replace(tzinfo=timezone(timedelta(minutes=offset_minutes))).astimezone(UTC)


def find_moments(text: str, *, month_first: bool | None) -> list[Moment]:
    """All dates printed in a short text, most exact first, then in the order of the text.

    Args:
        text: at most a few hundred characters.
        month_first: how 3/4/2026 is to be read; None when nothing tells (then it is marked ambiguous).
    """
    if not _YEAR.search(text):
        return []
    plain = _MARKS.sub("", _ascii_digits(text))
    found: dict[tuple[int, int], Moment] = {}
    for day, span, ambiguous in _days(plain, month_first=month_first):
        if not any(start < span[1] and span[0] < end for start, end in found):
            found[span] = _with_clock(plain, day, span, ambiguous=ambiguous)
    return sorted(found.values(), key=lambda moment: (-_exactness(moment), moment.span))


def _exactness(moment: Moment) -> int:
    return (moment.hour is not None) + (moment.offset_minutes is not None)


def _ascii_digits(text: str) -> str:
    """Digits of any script as 0-9, length unchanged."""
    if not _OTHER_DIGIT.search(text):
        return text
    return "".join(
        str(unicodedata.digit(char)) if char.isdigit() and unicodedata.category(char) == "Nd" else char
        for char in text
    )


def _days(text: str, *, month_first: bool | None) -> Iterator[tuple[date, tuple[int, int], bool]]:
    for found in _HAN.finditer(text):
        yield from _made(found[1], found[2], found[3], found.span())
    for found in _YMD.finditer(text):
        yield from _made(found[1], found[3], found[4], found.span())
    for found in _DMY_WORDS.finditer(text):
        yield from _made(found[3], month_number(found[2]), found[1], found.span())
    for found in _MDY_WORDS.finditer(text):
        yield from _made(found[3], month_number(found[1]), found[2], found.span())
    for found in _NUMERIC.finditer(text):
        first, second = int(found[1]), int(found[3])
        # dots are day first everywhere; a number above 12 decides
        swap = second > 12 or (first <= 12 and found[2] != "." and bool(month_first))
        unsure = found[2] != "." and month_first is None and first <= 12 and second <= 12 and first != second
        day, month = (second, first) if swap else (first, second)
        yield from _made(found[4], month, day, found.span(), ambiguous=unsure)


def _made(
    year: str, month: str | int | None, day: str | int, span: tuple[int, int], *, ambiguous: bool = False
) -> Iterator[tuple[date, tuple[int, int], bool]]:
    if month is None:
        return
    try:
        yield date(int(year), int(month), int(day)), span, ambiguous
    except ValueError:
        return


def month_number(word: str) -> int | None:
    """1 to 12 for a month's name or its abbreviation in any of our languages; None for any other word."""
    folded = unicodedata.normalize("NFC", word).casefold().replace("i̇", "i")
    if len(folded) < 3 and folded != "آب":
        return None
    for root, number in _ROOTS:
        if (
            folded.startswith(root) and len(folded) <= len(root) + (4 if len(root) > 4 else 2)
        ) or root.startswith(folded):
            return number
    return None


def _with_clock(text: str, day: date, span: tuple[int, int], *, ambiguous: bool) -> Moment:
    """The day with the time that stands right after it, else right before it."""
    after = text[span[1] : span[1] + 32]
    clock = _CLOCK.search(after)
    if clock and len(after[: clock.start()].strip(" ,|-–—·•at")) <= 4:
        offset = _zone_after(text[span[1] + clock.end() : span[1] + clock.end() + 16])
        made = _timed(day, clock, offset, (span[0], span[1] + clock.end()), ambiguous=ambiguous)
        if made:
            return made
    start = max(0, span[0] - 24)
    before = text[start : span[0]]
    clocks = list(_CLOCK.finditer(before))
    if clocks:
        between = before[clocks[-1].end() :]
        if len(between.strip(" ,|-–—·•()")) <= 5:
            made = _timed(
                day,
                clocks[-1],
                _zone_after(between),
                (start + clocks[-1].start(), span[1]),
                ambiguous=ambiguous,
            )
            if made:
                return made
    return Moment(day, span=span, ambiguous=ambiguous)


def _timed(
    day: date, clock: re.Match[str], offset: int | None, span: tuple[int, int], *, ambiguous: bool
) -> Moment | None:
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3]) if clock[3] else None
    half = (clock[4] or "").lower()[:1]
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    if hour > 23 or minute > 59 or (second or 0) > 59:
        return None
    return Moment(day, hour, minute, second, offset, span, ambiguous)


def _zone_after(text: str) -> int | None:
    """Minutes of the UTC offset printed at the start of a text; None when there is none."""
    if found := _OFFSET.match(text):
        hours, minutes = int(found[2]), int(found[3] or 0)
        if (
            len(found[2]) == 1
            and found[3] is None
            and "utc" not in found[0].lower()
            and "gmt" not in found[0].lower()
        ):
            return None
        total = hours * 60 + minutes
        if total <= 14 * 60 and minutes < 60:
            return total if found[1] == "+" else -total
    if found := _ZONE_NAME.match(text):
        return _ZONES.get(found[1].casefold())
    return None
