"""Time zones as people print them beside a clock: offsets, abbreviations, "Moscow time" in our languages."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

#: abbreviations that mean one offset in news (minutes); those of several zones (IST, CST, AST) are left out
_OFFSETS = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "tu": 0, "гринвич": 0, "bst": 60, "west": 60, "cet": 60, "mez": 60, "wat": 60,
    "cest": 120, "mesz": 120, "eet": 120, "cat": 120, "sast": 120, "oez": 120, "eest": 180, "msk": 180, "мск": 180,
    "trt": 180, "eat": 180, "irst": 210, "azt": 240, "bakt": 240, "samt": 240, "gst": 240, "pkt": 300, "yekt": 300,
    "npt": 345, "ict": 420, "wib": 420, "novt": 420, "hkt": 480, "sgt": 480, "pht": 480, "myt": 480, "awst": 480,
    "jst": 540, "kst": 540, "acst": 570, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "brt": -180, "art": -180,
    "edt": -240, "hae": -240, "est": -300, "hne": -300, "cdt": -300, "cot": -300, "pet": -300, "mdt": -360, "mst": -420,
    "pdt": -420, "pst": -480, "akst": -540, "akdt": -480, "hst": -600,
}  # fmt: skip
#: names of a place's clock, whose offset depends on the date
_PLACES = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
    "eastern time": "America/New_York", "eastern": "America/New_York", "central time": "America/Chicago",
    "mountain time": "America/Denver", "pacific time": "America/Los_Angeles", "new york time": "America/New_York",
    "london time": "Europe/London", "moscow time": "Europe/Moscow", "baku time": "Asia/Baku", "minsk time": "Europe/Minsk",
    "beijing time": "Asia/Shanghai", "hong kong time": "Asia/Hong_Kong", "hkt": "Asia/Hong_Kong",
    "по московскому времени": "Europe/Moscow", "московского времени": "Europe/Moscow", "московское время": "Europe/Moscow",
    "по москве": "Europe/Moscow", "время московское": "Europe/Moscow", "по минскому времени": "Europe/Minsk",
    "минское время": "Europe/Minsk", "по минску": "Europe/Minsk", "по бакинскому времени": "Asia/Baku",
    "бакинское время": "Asia/Baku", "по киевскому времени": "Europe/Kyiv", "по гринвичу": "UTC",
    "па мінскім часе": "Europe/Minsk", "па мінску": "Europe/Minsk", "мінскі час": "Europe/Minsk",
    "па маскоўскім часе": "Europe/Moscow", "за київським часом": "Europe/Kyiv", "за києвом": "Europe/Kyiv",
    "bakı vaxtı ilə": "Asia/Baku", "bakı vaxtı": "Asia/Baku", "bakı saatı ilə": "Asia/Baku", "tsi": "Europe/Istanbul",
    "heure de paris": "Europe/Paris", "heures de paris": "Europe/Paris", "heure de bruxelles": "Europe/Brussels",
    "heure de genève": "Europe/Zurich", "heure de l'est": "America/Toronto", "he": "America/Toronto",
    "hora de madrid": "Europe/Madrid", "hora peninsular": "Europe/Madrid", "hora de españa": "Europe/Madrid",
    "hora peninsular española": "Europe/Madrid", "hora de méxico": "America/Mexico_City", "hora de brasília": "America/Sao_Paulo",
    "hora argentina": "America/Argentina/Buenos_Aires", "hora de bogotá": "America/Bogota", "hora de lima": "America/Lima",
    "horário de brasília": "America/Sao_Paulo", "hora de lisboa": "Europe/Lisbon", "ora italiana": "Europe/Rome",
    "بتوقيت غرينتش": "UTC", "بتوقيت جرينتش": "UTC", "توقيت غرينتش": "UTC", "غرينتش": "UTC", "جرينتش": "UTC",
    "بتوقيت مكة المكرمة": "Asia/Riyadh", "بتوقيت مكة": "Asia/Riyadh", "بتوقيت السعودية": "Asia/Riyadh",
    "بتوقيت القاهرة": "Africa/Cairo", "بتوقيت أبوظبي": "Asia/Dubai", "بتوقيت الإمارات": "Asia/Dubai",
    "بتوقيت القدس": "Asia/Jerusalem", "بتوقيت بيروت": "Asia/Beirut", "بتوقيت بغداد": "Asia/Baghdad",
    "北京时间": "Asia/Shanghai", "北京時間": "Asia/Shanghai", "香港时间": "Asia/Hong_Kong", "香港時間": "Asia/Hong_Kong",
    "台北时间": "Asia/Taipei", "台北時間": "Asia/Taipei", "台灣時間": "Asia/Taipei", "格林尼治时间": "UTC",
    "deutscher zeit": "Europe/Berlin", "wiener zeit": "Europe/Vienna",
}  # fmt: skip
#: read as zones in capitals only: elsewhere they are words
_CAPITALS = frozenset(
    {"ET", "CT", "MT", "PT", "Z", "EST", "HE", "CAT", "EAT", "WEST", "ART", "PET", "TU", "WIB", "COT", "WAT"}
)
_BY_NAME: dict[str, int | str] = {name.casefold(): place for name, place in _PLACES.items()} | _OFFSETS
_SIGNED = re.compile(
    r"[\s(\[,|]{0,3}(UTC|GMT|MSK|МСК|غرينتش)?\s{0,2}([+\u2212\u2013-])\s?(\d{1,2})(:?)([0-5]\d)?(?![\d:./])\)?",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"[\s(\[,/|–—-]{0,4}(?:uhr\s|ч\.?\s|h\s)?("
    + "|".join(sorted((re.escape(name).replace(r"\ ", r"\s") for name in _BY_NAME), key=len, reverse=True))
    + r")(?!\w)\)?",
    re.IGNORECASE,
)


def zone_at(text: str, start: int, local: datetime) -> tuple[int, int] | None:
    """Minutes of the UTC offset printed in a text right after `start`, and where it ends; None when there is none.

    Args:
        text: around the clock.
        start: where the clock ends.
        local: the clock it belongs to: the offset of "Paris time" depends on the date.
    """
    if (found := _SIGNED.match(text, start)) and _is_offset(found):
        total = int(found[3]) * 60 + int(found[5] or 0)
        total = total if found[2] == "+" else -total
        return total + (180 if (found[1] or "").casefold() in {"msk", "мск"} else 0), found.end()
    if found := _NAMED.match(text, start):
        name = " ".join(found[1].split())
        if name.upper() in _CAPITALS and not name.isupper():
            return None
        known = _BY_NAME[name.casefold()]
        offset = known if isinstance(known, int) else offset_of(known, local)
        return None if offset is None else (offset, found.end())
    return None


def _is_offset(found: re.Match[str]) -> bool:
    base, sign, hours, colon, minutes = found.groups()
    if int(hours) > 14 or (sign != "+" and base is None and int(hours + (minutes or "")) == 0):
        return False
    if base is not None:
        return True
    # "10:00-12:00" and "10:00 - 12" are stretches of time, "20:45 -3" is nothing; "-0500", "-03" and "+04:00" are offsets
    return len(hours) == 2 and (sign == "+" or bool(minutes and not colon) or hours < "09")


def offset_of(zone: str, local: datetime) -> int | None:
    """UTC offset in minutes of an IANA zone at a local time; None for an unknown zone."""
    opened = _opened(zone)
    offset = local.replace(tzinfo=opened).utcoffset() if opened is not None else None
    return None if offset is None else round(offset.total_seconds() / 60)


@lru_cache(maxsize=256)
def _opened(zone: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
