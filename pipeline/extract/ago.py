"""Times told from the reader's day: "2 hours ago", "вчера в 18:05", "11 ноября, 13:41" without a year; against the fetch."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from pipeline.extract.clock import BETWEEN, clock_at, clock_beside
from pipeline.extract.months import month_number
from pipeline.extract.printed import Moment, plain_text

_MAX_CHARS = 60
_MINUTE, _HOUR, _DAY, _WEEK = 1, 60, 24 * 60, 7 * 24 * 60
#: words for a unit of time, by their beginnings where they are declined
_UNITS: dict[int, str] = {
    _MINUTE: """min mins minute minutes мин минут минуту минуты хвілін хвіліну хвіліны хвилин хвилину хвилини dəqiqə dakika dk
        minuto minutos minuta minuty minut minuten minuti دقيقة دقائق دقيقه""",
    _HOUR: """h hr hrs hour hours час часа часов гадзін гадзіну гадзіны годин годину години saat heure heures hora horas stunde
        stunden std ora ore uur uren godzin godziny godzinę sat sata sati сат сата сати ساعة ساعات ساعه""",
    _DAY: """d day days день дня дней дзень дні дзён днів дні gün jour jours día días dia dias tag tagen tage giorno giorni dag
        dagen dzień dni zi zile dan dana дан дана يوم أيام ايام يوما""",
    _WEEK: """week weeks неделю недели недель тыдзень тыдні həftə hafta semaine semaines semana semanas woche wochen
        أسبوع أسابيع""",
}
_UNIT_OF = {word: minutes for minutes, words in _UNITS.items() for word in words.split()}
_UNIT_OF |= {"ساعتين": 2 * _HOUR, "دقيقتين": 2 * _MINUTE, "يومين": 2 * _DAY, "أسبوعين": 2 * _WEEK}
_DUALS = frozenset({"ساعتين", "دقيقتين", "يومين", "أسبوعين"})
_AGO_WORDS = (
    "ago назад таму тому əvvəl öncə önce fa geleden temu há hace acum пре pre vor منذ قبل sedan siden"
)
_ONE_WORDS = """a an one один одну одна адну bir un une una uno um uma ein eine einem einer een واحدة واحد"""
_FILLER_WORDS = "about около каля ca circa environ unos unas حوالي من"
_AGO, _ONE, _FILLER = (frozenset(words.split()) for words in (_AGO_WORDS, _ONE_WORDS, _FILLER_WORDS))
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_IL_Y_A = re.compile(r"^\s*il\sy\sa\s", re.IGNORECASE)
_SIGNS_AGO = re.compile(
    r"(?<![\w])(\d{1,3})\s?(分钟|分鐘|分|小时|小時|時間|시간|분|天|日|일)\s?(?:之?前|전)(?!\w)"
)
_SIGN_UNITS = {
    **dict.fromkeys("分분", _MINUTE),
    **dict.fromkeys("小時시", _HOUR),
    **dict.fromkeys("天日일", _DAY),
}
#: the words for today, yesterday and, where there is one, the day before, by language ("hier" is no day in German)
_DAY_WORDS: dict[str, tuple[str, ...]] = {
    "en": ("today", "yesterday"), "ru": ("сегодня", "вчера", "позавчера"), "be": ("сёння", "учора", "пазаўчора"),
    "az": ("bu gün", "dünən"), "fr": ("aujourd'hui", "hier", "avant-hier"), "es": ("hoy", "ayer", "anteayer"),
    "ar": ("اليوم", "أمس"), "zh": ("今天", "昨天", "前天"), "de": ("heute", "gestern", "vorgestern"),
    "uk": ("сьогодні", "вчора", "позавчора"), "tr": ("bugün", "dün"), "it": ("oggi", "ieri"), "pt": ("hoje", "ontem"),
    "nl": ("vandaag", "gisteren"), "pl": ("dziś", "wczoraj"), "ja": ("今日", "昨日"), "ko": ("오늘", "어제"),
    "ro": ("azi", "ieri"), "sr": ("данас", "јуче"), "hr": ("danas", "jučer"), "bs": ("danas", "jučer"),
    "bg": ("днес", "вчера"), "cs": ("dnes", "včera"),
}  # fmt: skip
_BEFORE_DAY_WORD = re.compile(r"[\s,:|•·(]*")
_ABOUT_TIME = re.compile(r"[\s,.;:|•·–—)(-]*(?:uhr|h|ч)?[\s,.;:|•·–—)(-]*$", re.IGNORECASE)
_YEARLESS = (
    re.compile(
        r"(?<![\d:.])(?P<day>\d{1,2})(?:\.|er|st|nd|rd|th|º)?\s{0,2}(?:de\s|of\s)?(?P<month>[^\W\d_]{3,12})\.?(?!\s?\d{4})"
    ),
    re.compile(
        r"(?<![\w])(?P<month>[^\W\d_]{3,12})\.?\s(?P<day>\d{1,2})(?:st|nd|rd|th)?(?![\d:.]|,?\s?\d{4})"
    ),
    re.compile(r"(?<!\d|年)(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日号號일]"),
)


def find_relative(piece: str, now: datetime, language: str | None) -> Moment | None:
    """The moment a piece of text gives by its distance from `now`; None when it says anything more than that.

    Args:
        piece: a short text of the page.
        now: when the page was fetched, on the clock of the source (UTC where that is not known).
        language: ISO 639-1 of the page, for names of months.

    A distance in hours or days gives no more than a day.
    """
    for part in re.split(r"[|•·\n]", plain_text(piece[:200])):
        if 1 < len(part) <= _MAX_CHARS and (
            found := _ago(part, now) or _day_word(part, now, language) or _yearless(part, now, language)
        ):
            return found
    return None


def _ago(part: str, now: datetime) -> Moment | None:
    if found := _SIGNS_AGO.search(part):
        return _back(now, int(found[1]), _SIGN_UNITS[found[2][0]])
    tokens = [token.casefold() for token in _TOKEN.findall(_IL_Y_A.sub("hace ", part))]
    if not 2 <= len(tokens) <= 5 or not _AGO & set(tokens):
        return None
    units = [token for token in tokens if token in _UNIT_OF]
    counts = [token for token in tokens if token.isdecimal() and len(token) <= 3]
    known = _AGO | _ONE | _FILLER | set(units) | set(counts)
    if len(units) != 1 or len(counts) > 1 or not set(tokens) <= known:
        return None
    count = 1 if units[0] in _DUALS or not counts else int(counts[0])
    return _back(now, count, _UNIT_OF[units[0]])


def _back(now: datetime, count: int, unit: int) -> Moment:
    at = now - timedelta(minutes=count * unit)
    if unit > _MINUTE:
        return Moment(at.date())
    offset = at.utcoffset() or timedelta()
    return Moment(at.date(), at.hour, at.minute, None, round(offset.total_seconds() / 60))


def _day_word(part: str, now: datetime, language: str | None) -> Moment | None:
    lead = _BEFORE_DAY_WORD.match(part)
    text = part[lead.end() if lead else 0 :].replace("’", "'")
    folded = text.casefold()
    words = enumerate(_DAY_WORDS.get(language or "", _DAY_WORDS["en"]))
    back, end = next(((back, len(word)) for back, word in words if folded.startswith(word)), (0, 0))
    if not end or text[end : end + 1].isalpha():
        return None
    day = now.date() - timedelta(days=back)
    between = BETWEEN.match(text, end)
    clock = clock_at(text, between.end() if between else end, day)
    if not _ABOUT_TIME.match(text, clock.end if clock else end):
        return None
    if clock is None:
        return Moment(day)
    return Moment(day, clock.hour, clock.minute, clock.second, clock.offset_minutes)


def _yearless(part: str, now: datetime, language: str | None) -> Moment | None:
    """A day and a month with a time, in the year that makes it the latest one not after `now`."""
    for pattern in _YEARLESS:
        for found in pattern.finditer(part):
            printed = found["month"]
            month = int(printed) if printed.isdecimal() else month_number(printed, language)
            day = _latest(month, int(found["day"]), now) if month else None
            clock = clock_beside(part, day, *found.span()) if day else None
            if day and clock:
                return Moment(day, clock.hour, clock.minute, clock.second, clock.offset_minutes)
    return None


def _latest(month: int, number: int, now: datetime) -> date | None:
    for year in (now.year, now.year - 1):
        try:
            day = date(year, month, number)
        except ValueError:
            continue
        if day <= now.date():
            return day
    return None
