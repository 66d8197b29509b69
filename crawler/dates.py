"""Dates as feeds print them, in the field's languages and with zones by name -> moments. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

#: the beginnings of months' names, January first, by which the languages of our sources tell them apart
_MONTHS = (
    "jan janv gennaio genn ene ian янв січ сту студ yan yanv ocak oca қаң يناير",
    "feb fév fev févr лют фев şub ақп فبراير شباط",
    "mar mär mars мар бер сак mart наур нау مارس آذار",
    "apr avr abr апр кві кра крас апрэ nis сәу أبريل نيسان",
    "may mai maj mag май мая тра мам mayıs أيار مايو",
    "jun juin giu июн чер чэр iyun haz iun мау يونيو حزيران",
    "jul juil lug июл лип ліп iyul tem iul шіл يوليو تموز",
    "aug août aou ago авг сер жні avq avg ağu там أغسطس آب",
    "sep sept set сен вер sent eyl қыр سبتمبر أيلول",
    "oct okt ott окт жов кас oktyabr eki қаз أكتوبر",
    "nov noy ноя лис ліс noyabr kas қар نوفمبر",
    "dec dez dic déc дек гру сне снеж dek ara жел ديسمبر",
)
#: hours east of Greenwich; names that stand for several zones are left out
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2,
    "eet": 2, "eest": 3, "sast": 2, "msk": 3, "мск": 3, "trt": 3, "azt": 4, "amt": 4, "get": 4, "gst": 4, "samt": 4,
    "pkt": 5, "uzt": 5, "tjt": 5, "yekt": 5, "almt": 5, "kgt": 6, "novt": 7, "ict": 7, "wib": 7, "hkt": 8, "sgt": 8,
    "awst": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "brt": -3, "art": -3, "est": -5,
    "edt": -4, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_TIME = r"(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,]\d{1,9})?)?\s*(?P<half>[ap]\.?m\b\.?)?"
_ZONE = r"\s*(?P<zone>(?:GMT|UTC)?\s*[+\u2212-]\s*\d{1,2}(?::?\d\d)?(?!\d)|[^\W\d_]{1,5}\b)"
_REST = rf"[T,\s]*{_TIME}{_ZONE}"
_ORDERS = (
    re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)" + _REST, re.IGNORECASE),
    re.compile(r"(?P<year>\d{4})\s*年\s*(?P<month>\d\d?)\s*月\s*(?P<day>\d\d?)\s*日" + _REST, re.IGNORECASE),
    re.compile(
        r"(?<!\d)(?P<day>\d\d?)(?:st|nd|rd|th|\.)?[\s/-]+(?:de\s+)?(?P<month>[^\W\d_]{2,12})\.?[,\s/-]+(?:de\s+)?"
        r"(?P<year>\d{4})" + _REST,
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<month>[^\W\d_]{2,12})\.?\s+(?P<day>\d\d?)(?:st|nd|rd|th)?[,\s]+(?P<year>\d{4})" + _REST,
        re.IGNORECASE,
    ),
)


def read_loosely(printed: str) -> datetime | None:
    """An aware moment of a date that is neither RFC 822 nor ISO 8601 as they should be; None without a zone we know.

    Raises:
        ValueError, OverflowError: there is no such day, time or zone.
    """
    text = printed.strip()
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    for order in _ORDERS:
        found = order.search(text)
        if found is None:
            continue
        month, zone = _month(found["month"]), _zone(found["zone"])
        if month is not None and zone is not None:
            hour = _hour(int(found["hour"]), found["half"])
            clock = (hour, int(found["minute"]), int(found["second"] or 0))
            return datetime(int(found["year"]), month, int(found["day"]), *clock, tzinfo=zone)
    return None


def _hour(hour: int, half: str | None) -> int:
    return hour if half is None else hour % 12 + 12 * half.lower().startswith("p")


def _month(name: str) -> int | None:
    """The longest beginning that the name has decides; none, or none for sure: None."""
    if name.isdigit():
        return int(name)
    folded = name.lower()
    fitting = [(len(start), month) for start, month in _STARTS if folded.startswith(start)]
    return max(fitting)[1] if fitting else None


def _zone(name: str) -> timezone | None:
    plain = re.sub(r"\s", "", name.lower()).replace("\u2212", "-")
    offset = re.fullmatch(r"(?:gmt|utc)?([+-])(\d{1,2}):?(\d\d)?", plain)
    if offset is None:
        hours = _ZONES.get(plain)
        return None if hours is None else timezone(timedelta(hours=hours))
    size = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    return timezone(-size if offset[1] == "-" else size)


_STARTS = tuple((start, number) for number, names in enumerate(_MONTHS, 1) for start in names.split())
