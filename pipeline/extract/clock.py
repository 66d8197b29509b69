"""Times of day as people print them beside a date: 20:45, 8.45 p.m., 14 h 05, 下午3:05, ٢٠:٤٥ - and the zone after them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from pipeline.extract.zones import zone_at

_MORNING = r"上午|午夜|凌晨|早上|早晨|清晨|午前|오전|(?<![A-Za-z])a\.?m\.?(?=\s?\d)"
_EVENING = r"下午|中午|晚上|傍晚|午後|晚间|오후|(?<![A-Za-z])p\.?m\.?(?=\s?\d)"
_AFTER_NOON = re.compile(rf"p(?!g|\.d)|m\.d|{_EVENING}|м?вечера|дня|مساء|م|ÖS|öğleden|μ", re.IGNORECASE)
_HALF = (
    r"(?:a\s?\.?\s?m(?:\.|\b)|p\s?\.?\s?m(?:\.|\b)"
    r"|(?:صباحا?|مساءا?|ص|م|ÖÖ|ÖS|PG|PTG|[mp]\.d|утра|вечера|дня|ночи|π\.?μ|μ\.?μ)(?!\w)\.?)"
)
_CLOCK = re.compile(
    rf"(?<![\d:.,])(?:({_MORNING}|{_EVENING})\s?)?(\d{{1,2}})"
    r"(?:"
    r"\s?[:.]\s?([0-5]\d)(?:[:.]([0-5]\d)(?:[.,]\d{1,9})?)?(?!\d|[.:]\d)"  # 20:45 20.45.10
    r"|\s?(?:(?:hs?|Uhr|u|ч)(?![^\W\d_])\.?|[时時點点시])(?:\s?([0-5]\d)(?!\d)\s?(?:min|m|分|분)?)?"  # 9h 14 h 05 16 Uhr 9点30分
    r"(?:\s?([0-5]\d)\s?(?:s|秒|초)(?!\w))?"
    rf"|(?=\s?{_HALF})"  # 5 p.m.
    r")"
    rf"(?:\s?({_HALF}))?",
    re.IGNORECASE,
)
_WEEKDAY = (
    "mon|tue|wed|ertəsi|axşamı|pazar|salı|çarş|perş|cuma|cumar|thu|fri|sat|sun|пон|пан|вт|аўт|ср|сер|чт|чет|чац|пт|пят|сб|суб|вс|вос|няд|lun|mar|mer|mié|jeu|jue|ven|vie|"
    "sam|sáb|dim|dom|mo|di|mi|do|fr|sa|so|bazar|çər|şən|cüm|الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد|hét|kedd|szer|csüt|pént|szom|vasár|"
    "pirm|antr|treč|ketv|penk|šešt|sekm|дүйсен|сейсен|сәрсен|бейсен|жұма|сенбі|жексен|śr|nd|pon|wt|czw|pią|nie"
)
#: what may stand between a date and its time
BETWEEN = re.compile(
    r"(?:[\s.,;،、|•·–—/@()\[\]（）【】-]|T(?=\d)|(?:星期|周|週)[一二三四五六日天]|[月火水木金土日](?:曜日?|(?=[）)]))|[월화수목금토일](?:요일)?(?=[）)\s])"
    r"|(?<!\w)(?:at|on|um|kl|klo|à|a\slas|a\sla|las|alle|ore|ora|às|as|om|o|od|godz|ob|u|h|hs|uur|del|de|vom|у|ў|в|во|о|об|saat|saatı|время|час|гадзіна|"
    r"г|год|года|d|թ|р|року|роки|cü|cı|ci|cu|il|ilin|ildə|il,|m|time|uhr|الساعة|في|عند|هـ|م|"
    rf"(?:{_WEEKDAY})\w{{0,14}})(?!\w)\.?|(?<=\d)(?:هـ|م)(?!\w)){{0,14}}",
    re.IGNORECASE,
)
_BEFORE_CHARS = 48


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day where it was printed.

    Attributes:
        second, offset_minutes: None when not printed.
        start, end: span in the text, the zone included.
    """

    hour: int
    minute: int
    second: int | None
    offset_minutes: int | None
    start: int
    end: int


def clock_beside(text: str, day: date, start: int, end: int) -> Clock | None:
    """The time that belongs to the date printed at `start` to `end`: after it, else before; None when there is none."""
    between = BETWEEN.match(text, end)
    if between and (clock := clock_at(text, between.end(), day)):
        return clock
    first = max(0, start - _BEFORE_CHARS)
    for found in reversed(list(_CLOCK.finditer(text, first, start))):
        before = _read(text, found, day)
        if before is None or before.end > start:
            continue
        gap = BETWEEN.match(text, before.end, start)
        return before if gap and gap.end() == start else None
    return None


def clock_at(text: str, start: int, day: date) -> Clock | None:
    """The time printed at this place; None when there is none, or an impossible one."""
    found = _CLOCK.match(text, start)
    return _read(text, found, day) if found else None


def _read(text: str, found: re.Match[str], day: date) -> Clock | None:
    early, hours, minutes, seconds, minutes_in_words, seconds_in_words, late = found.groups()
    hour, minute = int(hours), int(minutes or minutes_in_words or 0)
    printed_second = seconds or seconds_in_words
    second = int(printed_second) if printed_second else None
    half = early or late
    if half is not None and hour <= 12:
        hour = hour % 12 + (12 if _is_after_noon(half, hour) else 0)
    if hour > 23:
        return None
    zone = zone_at(text, found.end(), datetime.combine(day, time(hour, minute)))
    return Clock(
        hour, minute, second, zone[0] if zone else None, found.start(), zone[1] if zone else found.end()
    )


def _is_after_noon(half: str, hour: int) -> bool:
    # "12 ночи" is midnight, "в 11 вечера" is not; at noon "中午12点" and "12 p.m." agree
    return _AFTER_NOON.match(half) is not None and not (half == "ночи" and hour == 12)
