"""How a brief speaks to its reader: phrases with counts, days and moments in the reader's zone, countries, languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from alerts.brief.phrases import PHRASES
from alerts.errors import AlertError
from alerts.render.words import city_of, nominal_day
from alerts.windows import zone_named

#: languages in which a brief can be written
BRIEF_LANGUAGES = tuple(PHRASES)

_MOST_NAMES = 40


@dataclass(frozen=True, slots=True)
class BriefWords:
    """Words in one language, times in one zone."""

    language: str
    zone: ZoneInfo

    def say(self, phrase: str, n: int = 0, **names: str | int) -> str:
        """The phrase with its names filled in, in the plural form that `n` asks for."""
        text = PHRASES[self.language][phrase]
        if not isinstance(text, str):
            text = text.get(Locale(self.language).plural_form(n), text["other"])
        return text.format(n=n, **names)

    def page(self) -> str:
        """The words at a page's foot; its number and how many there are stay open as ``{n}`` and ``{all}``."""
        return str(PHRASES[self.language]["page"])

    def country(self, code: str | None) -> str:
        """The country's name; ``INT`` is international; the code when nobody knows it."""
        if code is None:
            return self.say("unknown")
        if code.upper() == "INT":
            return self.say("international")
        return str(Locale(self.language).territories.get(code.upper(), code))

    def tongue(self, code: str | None) -> str:
        """The language's name; the code when nobody knows it."""
        if code is None:
            return self.say("unknown")
        try:
            name = Locale.parse(code.replace("-", "_")).get_display_name(self.language)
        except (UnknownLocaleError, ValueError):
            name = None
        return self.capital(str(name or code))

    def capital(self, text: str) -> str:
        """The text with its first letter as a capital, as the language has it (``i`` is ``İ`` in Azerbaijani)."""
        if self.language == "az" and text.startswith("i"):
            return f"İ{text[1:]}"
        return text[:1].upper() + text[1:]

    def day_of(self, at: datetime, precision: str | None) -> date:
        """The day of a moment in the reader's zone; the printed day where no more is known."""
        return nominal_day(at) if precision == "day" else at.astimezone(self.zone).date()

    def short_day(self, day: date) -> str:
        """Such as ``11 Nov 2026``."""
        return str(format_date(day, "d MMM y", locale=self.language))

    def long_day(self, day: date) -> str:
        """Such as ``Monday, 23 November``."""
        return self.capital(str(format_date(day, "EEEE, d MMMM", locale=self.language)))

    def days(self, first: date, last: date) -> str:
        """Such as ``16–22 November 2026``, or ``28 December 2026 – 3 January 2027``."""
        end = str(format_date(last, "d MMMM y", locale=self.language))
        if first == last:
            return end
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{end}"
        start = "d MMMM" if first.year == last.year else "d MMMM y"
        return f"{format_date(first, start, locale=self.language)} – {end}"

    def moment(self, at: datetime, precision: str | None = None) -> str:
        """As exactly as it is known: day and time in the reader's zone, or the day alone."""
        day = self.short_day(self.day_of(at, precision))
        return day if precision == "day" else f"{day}, {at.astimezone(self.zone):%H:%M}"

    def signed(self, change: int) -> str:
        """A change with its sign."""
        return "±0" if change == 0 else f"{'+' if change > 0 else '−'}{abs(change)}"

    def names(self, names: Sequence[str], most: int = _MOST_NAMES) -> str:
        """The names in one line, the rest counted."""
        shown = ", ".join(names[:most])
        return self.say("and_more", len(names) - most, names=shown) if len(names) > most else shown

    def zone_name(self) -> str:
        """The zone as readers say it: its city, in the brief's language where that is known."""
        return city_of(self.zone.key, self.language)

    def offset(self, at: datetime) -> str:
        """Offset from UTC at that moment, such as ``+3`` or ``+5:30``; ``±0`` for UTC itself."""
        minutes = int((at.astimezone(self.zone).utcoffset() or timedelta()).total_seconds() // 60)
        hours, rest = divmod(abs(minutes), 60)
        return self.signed(hours if minutes > 0 else -hours) + (f":{rest:02d}" if rest else "")


def words_for(language: str, timezone: str) -> BriefWords:
    """The words of a brief.

    Raises:
        AlertError: there is no brief in that language, or no such zone.
    """
    if language not in PHRASES:
        known = ", ".join(BRIEF_LANGUAGES)
        raise AlertError(f"briefs are not written in {language!r}; choose one of {known}")
    return BriefWords(language, zone_named(timezone))
