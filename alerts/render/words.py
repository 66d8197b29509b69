"""What a digest says in our own words, by language of the frame: counts, times, countries, languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

_RTL = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})

#: Phrases with a count have a form for each plural category of the language (CLDR).
_PHRASES: Mapping[str, Mapping[str, str | Mapping[str, str]]] = {
    "en": {
        "stories": {"one": "{n} story", "other": "{n} stories"},
        "outlets": {"one": "{n} outlet", "other": "{n} outlets"},
        "languages": {"one": "{n} language", "other": "{n} languages"},
        "subject": "{title} · {stories}: {headline}",
        "subject_quiet": "{title} · nothing new, {day}",
        "quiet": "Nothing new in this window.",
        "span": "{start} – {end}, {zone} time",
        "instant": "{at}, {zone} time",
        "why_here": "Why it is here",
        "citing": "Citing {names}",
        "also": "Also in",
        "more_copies": {"one": "and {n} more outlet", "other": "and {n} more outlets"},
        "reprint": "reprint",
        "report": "own report",
        "later": "{lag} later",
        "earlier": "{lag} earlier",
        "same_time": "at the same time",
        "minutes": "{n} min",
        "hours": "{n} h",
        "hours_minutes": "{n} h {minutes:02d} min",
        "days": {"one": "{n} day", "other": "{n} days"},
        "time_unknown": "time not given",
        "relevance": "relevance {n} %",
        "international": "International",
        "in_brief": "In brief",
        "uncounted": {
            "one": "and {n} more story in this window, not shown",
            "other": "and {n} more stories in this window, not shown",
        },
        "late": {"one": "{n} story found late", "other": "{n} stories found late"},
        "late_heading": "Found late (rules changed {day})",
        "late_note": "Not news: these articles came in earlier, when the rules did not ask for them.",
        "late_seen": "first seen {at}",
        "late_more": {
            "one": "and {n} more story found late, not shown",
            "other": "and {n} more stories found late, not shown",
        },
        "subject_late": "{title} · nothing new, {late}, {day}",
        "summary_late": "{summary}; {late}",
        "quiet_late": "Nothing new in this window; {late}.",
        "articles": {"one": "{n} article", "other": "{n} articles"},
        "sources": {"one": "{n} source", "other": "{n} sources"},
        "read": "{articles} read from {sources} in this window.",
        "silent": {"one": "{n} silent: {names}.", "other": "{n} silent: {names}."},
        "and_more": "{names} and {n} more",
        "why_you": "You get this mail because your address is on the list “{title}”. "
        "Times are {zone} time (UTC{offset}).",
        "machine": "Chosen by fixed rules from what the outlets published; the words that decided are marked.",
    },
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

    def country(self, code: str | None) -> str:
        """The country's name, ``INT`` being international; empty for None, the code when nobody knows it."""
        if code is None:
            return ""
        if code.upper() == "INT":
            return self.say("international")
        return str(Locale(self.language).territories.get(code.upper(), code))

    def tongue(self, code: str | None) -> str:
        """The language's name; empty when not known, the code when nobody knows it."""
        if code is None:
            return ""
        try:
            name = Locale.parse(code.replace("-", "_")).get_display_name(self.language)
        except (UnknownLocaleError, ValueError):
            name = None
        return str(name or code)

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
        local = end.astimezone(self.zone)
        same_day = local.date() == start.astimezone(self.zone).date()
        return f"{local:%H:%M}" if same_day else self.moment(end, None)

    def short_day(self, day: date) -> str:
        """Such as ``11 Nov 2026``."""
        return str(format_date(day, "d MMM y", locale=self.language))

    def day_near(self, at: datetime, near: datetime) -> str:
        """The day of a moment in the reader's zone, such as ``12 Nov``; with its year when `near` lies in another."""
        day = at.astimezone(self.zone).date()
        if day.year != near.astimezone(self.zone).year:
            return self.short_day(day)
        return str(format_date(day, "d MMM", locale=self.language))

    def long_day(self, at: datetime) -> str:
        """Such as ``Monday, 23 November 2026``, in the reader's zone."""
        return str(format_date(at.astimezone(self.zone).date(), "EEEE, d MMMM y", locale=self.language))

    def lag(self, first: datetime, then: datetime) -> str:
        """How much later (or earlier) than the first report, to the minute below a day."""
        minutes = round((then - first).total_seconds() / 60)
        if minutes == 0:
            return self.say("same_time")
        hours, rest = divmod(abs(minutes), 60)
        if hours >= 48:
            span = self.say("days", hours // 24)
        elif hours and rest:
            span = self.say("hours_minutes", hours, minutes=rest)
        else:
            span = self.say("hours", hours) if hours else self.say("minutes", rest)
        return self.say("later" if minutes > 0 else "earlier", lag=span)

    def zone_name(self) -> str:
        """The zone as readers say it: the city of its IANA name."""
        return self.zone.key.rpartition("/")[2].replace("_", " ")

    def offset(self, at: datetime) -> str:
        """Offset from UTC at that moment, such as ``+3`` or ``+5:30``; empty for UTC itself."""
        minutes = int((at.astimezone(self.zone).utcoffset() or timedelta()).total_seconds() // 60)
        if minutes == 0:
            return ""
        hours, rest = divmod(abs(minutes), 60)
        return f"{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02d}" if rest else "")


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
