"""Dates in the words of each outlet's language, so that the newsroom always looks like today's news."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "be": "студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка лістапада снежня",
    "az": "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "zh": "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
}
_DAY = {"es": "{d} de {m}", "zh": "{m}{d}日"}
_STAMP = {
    "fr": "Publié le {day} {y} à {t}",
    "es": "{day} de {y}, {t}",
    "zh": "{y}年{day} {t}",
    "ar": "{day} {y}، {t}",
    "en": "{day} {y} {t} (UTC{zone})",
}
_PLACEHOLDER = re.compile(r"\{(day:(?P<hours>\d{1,3})|session)\}")


def day_in_words(day: datetime, language: str) -> str:
    """Return day and month as newspapers print them, e.g. ``10 November``, in the newsroom's languages."""
    month = _MONTHS[language].split()[day.month - 1]
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return _DAY.get(language, "{d} {m}").format(d=number, m=month)


def stamp_in_words(at: datetime, language: str) -> str:
    """Return the visible publication time in `at`'s own zone; only English pages print the zone beside it."""
    offset = at.strftime("%z")
    form = _STAMP.get(language, "{day} {y}, {t}")
    return form.format(
        day=day_in_words(at, language), y=at.year, t=at.strftime("%H:%M"), zone=f"{offset[:3]}:{offset[3:]}"
    )


def session_of(at: datetime) -> int:
    """Return the number of the General Assembly session under way: the 1st in 1946, each from September."""
    return at.year - (1945 if at.month >= 9 else 1946)


def ordinal(number: int) -> str:
    """Return an English ordinal, e.g. ``81st`` or ``112th``."""
    if 10 <= number % 100 <= 20:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def fill(text: str, language: str, now: datetime) -> str:
    """Return `text`, its ``{day:H}`` the date H hours before `now`, its ``{session}`` the session number."""

    def word(found: re.Match[str]) -> str:
        hours = found["hours"]
        if hours is not None:
            return day_in_words(now - timedelta(hours=int(hours)), language)
        number = session_of(now)
        return ordinal(number) if language == "en" else str(number)

    return _PLACEHOLDER.sub(word, text)
