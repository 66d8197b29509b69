"""Names of months: those of our nine languages by heart, those of any other language from CLDR when a page is in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from babel import Locale, UnknownLocaleError

#: roots of month names by number: a printed month is a root with a few letters more, or the first three or more letters of one
_ROOTS: dict[int, str] = {
    1: "januar jänner janvier enero январ студз yanvar يناير جانفي كانون_الثاني",
    2: "februar feber février fevrier febrero феврал лютага люты fevral فبراير شباط فيفري",
    3: "march märz maerz mars marzo март сакавік mart مارس آذار اذار",
    4: "april avril abril апрел красавік aprel أبريل ابريل إبريل نيسان أفريل",
    5: "may mai mayo май мая травень траўн травен مايو أيار ايار ماي",
    6: "june juni juin junio июн чэрвен iyun iyn يونيو يونيه حزيران جوان",
    7: "july juli juillet julio июл ліпен iyul iyl يوليو يوليوز يوليه تموز جويلية",
    8: "august août aout agosto август жнівен жніўн avqust أغسطس اغسطس غشت آب أوت",
    9: "september septembre septiembre setiembre сентябр верасен верасн sentyabr سبتمبر شتنبر أيلول ايلول",
    10: "october oktober octobre octubre октябр кастрычнік oktyabr أكتوبر اكتوبر تشرين_الأول تشرين_الاول",
    11: "november novembre noviembre ноябр лістапад noyabr نوفمبر نونبر تشرين_الثاني",
    12: "december dezember décembre decembre diciembre декабр снежан снежн dekabr ديسمبر دجنبر كانون_الأول كانون_الاول",
}
_BY_ROOT = [(root.replace("_", " "), number) for number, roots in _ROOTS.items() for root in roots.split()]
#: written in two scripts, or with other names in other countries
_LOCALES = {
    "sr": ("sr", "sr_Latn"), "bs": ("bs", "bs_Cyrl"), "uz": ("uz", "uz_Cyrl"), "no": ("nb", "nn"), "pt": ("pt", "pt_PT"),
}  # fmt: skip
#: those by heart above
_OWN = frozenset({"en", "ru", "be", "az", "fr", "es", "ar", "zh", "de"})


def month_number(word: str, language: str | None = None) -> int | None:
    """1 to 12 for a month's name or its abbreviation in the page's language or in any of the nine; None for any other word.

    Args:
        word: without what surrounds it.
        language: ISO 639-1 of the page; its own names come first ("listopad" is October in Zagreb, November in Warsaw).
    """
    folded = _folded(word)
    if language is not None and language not in _OWN:
        number = _names(language).get(folded)
        if number is not None:
            return number
    return _by_root(folded)


@lru_cache(maxsize=2_048)
def _by_root(folded: str) -> int | None:
    if len(folded) < 3 and folded != "آب":
        return None
    for root, number in _BY_ROOT:
        if (
            folded.startswith(root) and len(folded) <= len(root) + (4 if len(root) > 4 else 2)
        ) or root.startswith(folded):
            return number
    return None


@lru_cache(maxsize=64)
def _names(language: str) -> dict[str, int]:
    """CLDR's names of a language with every beginning that only one month has; empty for a language unknown there."""
    found: dict[str, int] = {}
    beginnings: dict[str, set[int]] = {}
    for name, number in _forms(language):
        folded = _folded(name)
        if not any(map(str.isalpha, folded)) or any(map(str.isdigit, folded)):
            continue
        found[folded] = number
        if language == "he":  # "in April" is one word
            found["ב" + folded] = number
        for end in range(3, len(folded)):
            beginnings.setdefault(folded[:end], set()).add(number)
    for beginning, numbers in beginnings.items():
        if len(numbers) == 1:
            found.setdefault(beginning, next(iter(numbers)))
    return found


def _forms(language: str) -> Iterator[tuple[str, int]]:
    for code in _LOCALES.get(language, (language,)):
        try:
            months = Locale.parse(code).months
        except (UnknownLocaleError, ValueError, TypeError):
            continue
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                yield from ((name, number) for number, name in months[context][width].items())


def _folded(word: str) -> str:
    folded = unicodedata.normalize("NFC", word).casefold().replace("i̇", "i")
    return folded.strip(" .").replace("\u0640", "")
