"""What a digest says in our own words, by language of the frame: counts, times, countries, languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, get_timezone_location

from alerts.render import phrases_az, phrases_en, phrases_ru

_RTL = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})

_PHRASES: Mapping[str, Mapping[str, str | Mapping[str, str]]] = {
    "en": phrases_en.PHRASES,
    "ru": phrases_ru.PHRASES,
    "az": phrases_az.PHRASES,
}

#: languages in which the frame of a digest can be written
FRAME_LANGUAGES = frozenset(_PHRASES)


@dataclass(frozen=True, slots=True)
class Words:
    """How one reader is spoken to: in the frame's language, with times in the reader's zone."""

    language: str
    zone: ZoneInfo

    def say(self, phrase: str, n: int | None = None, **names: str | int) -> str:
        """The phrase with its names filled in; with `n`, in the plural form that `n` asks for."""
        text = _PHRASES[self.language][phrase]
        if not isinstance(text, str):
            text = text.get(Locale(self.language).plural_form(n or 0), text["other"])
        return text.format(n=n, **names)

    def around(self, phrase: str, name: str, **names: str | int) -> tuple[str, str]:
        """The phrase as what stands before and behind the name of that name: for a name that becomes a link."""
        filled: dict[str, str | int] = {**names, name: "\0"}
        before, _, behind = self.say(phrase, None, **filled).partition("\0")
        return before, behind

    def country(self, code: str | None) -> str:
        """The country's name, ``INT`` being international; empty for None, the code when nobody knows it."""
        if code is None:
            return ""
        if code.upper() == "INT":
            return self.say("international")
        return _territory(code, self.language)

    def tongue(self, code: str | None) -> str:
        """The language's name; empty when not known, the code when nobody knows it."""
        if code is None:
            return ""
        return _language(code, self.language)

    def moment(self, at: datetime | None, precision: str | None) -> str:
        """As exactly as it is known: date and time in the reader's zone, the date alone, or that it is not."""
        if at is None:
            return self.say("time_unknown")
        if precision == "day":
            return self.short_day(nominal_day(at))
        local = at.astimezone(self.zone)
        return f"{self.short_day(local.date())}, {local:%H:%M}"

    def moment_after(self, start: datetime, end: datetime) -> str:
        """The end of a span, without its date when that is the day of its start."""
        return self.moment_near(end, start)

    def short_day(self, day: date) -> str:
        """Such as ``11 Nov 2026``."""
        return str(format_date(day, "d MMM y", locale=self.language))

    def plain_day(self, day: date) -> str:
        """Such as ``11 November``."""
        return str(format_date(day, "d MMMM", locale=self.language))

    def brief_day(self, day: date) -> str:
        """Such as ``11 Nov``."""
        return str(format_date(day, "d MMM", locale=self.language))

    def moment_near(self, at: datetime, near: datetime) -> str:
        """The time of a moment in the reader's zone, with its day when that is not the day of `near`."""
        local = at.astimezone(self.zone)
        same_day = local.date() == near.astimezone(self.zone).date()
        return f"{local:%H:%M}" if same_day else self.moment(at, None)

    def day_near(self, at: datetime, near: datetime) -> str:
        """The day of a moment in the reader's zone, such as ``12 Nov``; with its year when `near` lies in another."""
        day = at.astimezone(self.zone).date()
        if day.year != near.astimezone(self.zone).year:
            return self.short_day(day)
        return self.brief_day(day)

    def long_day(self, at: datetime) -> str:
        """Such as ``Monday, 23 November 2026``, in the reader's zone."""
        day = at.astimezone(self.zone).date()
        return opened(str(format_date(day, self.say("long_day"), locale=self.language)))

    def lag(self, first: datetime, then: datetime) -> str:
        """How much later (or earlier) than the first report, to the minute below two days."""
        seconds = (then - first).total_seconds()
        if round(abs(seconds) / 60) == 0:
            return self.say("same_time")
        return self.say("later" if seconds > 0 else "earlier", lag=self.stretch(abs(seconds)))

    def stretch(self, seconds: float) -> str:
        """A length of time to the minute below two days, in whole days from there; such as ``6 h 04 min``."""
        hours, rest = divmod(round(seconds / 60), 60)
        if hours >= 48:
            return self.say("days", hours // 24)
        if hours and rest:
            return self.say("hours_minutes", hours, minutes=rest)
        return self.say("hours", hours) if hours else self.say("minutes", rest)

    def zone_name(self) -> str:
        """The zone as readers say it: its city, in the frame's language where that is known."""
        return city_of(self.zone.key, self.language)

    def zone_time(self) -> str:
        """Whose time it is, such as ``Minsk time``; ``UTC`` is no city."""
        return "UTC" if self._is_utc() else self.say("zone_time", zone=self.zone_name())

    def times_are(self, at: datetime) -> str:
        """The sentence that says in which zone times are shown, with its offset at that moment."""
        if self._is_utc():
            return self.say("times_are_utc")
        return self.say("times_are", zone=self.zone_name(), offset=self.offset(at))

    def _is_utc(self) -> bool:
        return self.zone.key in ("UTC", "Etc/UTC")

    def offset(self, at: datetime) -> str:
        """Offset from UTC at that moment, such as ``+3`` or ``+5:30``; empty for UTC itself."""
        minutes = int((at.astimezone(self.zone).utcoffset() or timedelta()).total_seconds() // 60)
        if minutes == 0:
            return ""
        hours, rest = divmod(abs(minutes), 60)
        return f"{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02d}" if rest else "")


def opened(sentence: str) -> str:
    """The sentence with a capital at its start, whichever part of a date comes first in a language."""
    return sentence[:1].upper() + sentence[1:]


@lru_cache(maxsize=2000)
def _territory(code: str, language: str) -> str:
    return str(Locale(language).territories.get(code.upper(), code))


@lru_cache(maxsize=2000)
def _language(code: str, language: str) -> str:
    try:
        name = Locale.parse(code.replace("-", "_")).get_display_name(language)
    except (UnknownLocaleError, ValueError):
        name = None
    return str(name or code)


@lru_cache(maxsize=2000)
def city_of(zone: str, language: str) -> str:
    """The city of an IANA zone in that language where it is known there, else as the zone's name has it."""
    city = str(get_timezone_location(zone, locale=language, return_city=True))
    return city.rpartition("/")[2].replace("_", " ")


def nominal_day(at: datetime) -> date:
    """The printed day of an article dated to the day: `at` is its midnight in a zone that we are not told.

    Turning it into the reader's zone could name the day before. Zones in which news is printed lie between
    UTC-9:30 and UTC+14, so that 14 hours after the midnight it is that day in UTC as well.
    """
    return (at.astimezone(UTC) + timedelta(hours=14)).date()


def direction(language: str | None) -> str:
    """``rtl`` or ``ltr`` for a text in that language; ``auto`` when it is not known."""
    if language is None:
        return "auto"
    return "rtl" if language.replace("_", "-").split("-")[0].lower() in _RTL else "ltr"
