"""Names with a public list behind them (time zones, countries, languages) and our own ids.

Each reader raises ValueError saying what to write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale

from tipwatch.config.units import named

IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")

#: CLDR territories that are not places where an outlet can be
NOT_COUNTRIES = frozenset({"EZ", "QO", "XA", "XB", "ZZ"})
#: what we write for bodies that belong to no one country
INTERNATIONAL = "INT"
#: a language, then script and region as tags have them (RFC 5646, 2.1); longer tags are not for a list of sources
BCP_47 = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")

#: codes people write for a language although they name a country (or another language)
LANGUAGE_SLIPS = {
    "by": "be",
    "ua": "uk",
    "cn": "zh",
    "jp": "ja",
    "kz": "kk",
    "cz": "cs",
    "gr": "el",
    "dk": "da",
}
COUNTRY_SLIPS = {"UK": "GB", "EN": "GB", "UN": INTERNATIONAL}


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`` (did you mean "X"?)`` for the nearest known word; empty when none is near."""
    by_folded = {one.lower(): one for one in known}
    near = get_close_matches(word.lower()[:100], list(by_folded), n=1, cutoff=0.6)
    return f' (did you mean "{by_folded[near[0]]}"?)' if near else ""


def identifier(value: object) -> str:
    """An id: small letters, digits, ``. _ -``, at most 64, e.g. ``azernews``."""
    if isinstance(value, str) and IDENTIFIER.fullmatch(value):
        return value
    hint = ", in quotes" if not isinstance(value, str) else ""
    raise ValueError(
        f"{named(value)} cannot be an id: write small letters, digits and . _ - (at most 64){hint}"
    )


def zone(value: object) -> str:
    """An IANA time zone, e.g. ``Asia/Baku``."""
    known = False
    if isinstance(value, str) and 0 < len(value) <= 64:
        try:
            ZoneInfo(value)
            known = True
        except (OSError, ValueError, KeyError):  # not found, a folder, or no name at all
            known = False
    if isinstance(value, str) and known:
        return value
    near = did_you_mean(value, available_timezones()) if isinstance(value, str) else ""
    raise ValueError(
        f'{named(value)} is not an IANA time zone{near}: write one such as "Europe/Minsk" or "UTC"'
    )


@cache
def countries() -> frozenset[str]:
    """ISO 3166 alpha-2 codes (as CLDR lists them), and INT."""
    territories = [code for code in Locale("en").territories if isinstance(code, str)]
    return frozenset(code for code in territories if len(code) == 2 and code.isalpha()) - NOT_COUNTRIES | {
        INTERNATIONAL
    }


@cache
def languages() -> frozenset[str]:
    """ISO 639 codes of two or three letters (as CLDR lists them)."""
    listed = [code for code in Locale("en").languages if isinstance(code, str)]
    return frozenset(code for code in listed if code.isalpha() and 2 <= len(code) <= 3) - {
        "und",
        "mul",
        "zxx",
    }


def country(value: object) -> str:
    """An ISO 3166 alpha-2 code in capitals, or ``INT``."""
    if isinstance(value, str) and value in countries():
        return value
    better = ""
    if isinstance(value, str):
        guess = COUNTRY_SLIPS.get(value.upper(), value.upper())
        better = f' (did you mean "{guess}"?)' if guess in countries() else ""
    raise ValueError(
        f'{named(value)} is not a country{better}: write two capitals of ISO 3166, e.g. "AZ", or "INT"'
    )


def language(value: object) -> str:
    """An ISO 639 code in small letters; of a tag such as ``zh-Hans`` or ``en-GB`` (BCP 47) its language alone."""
    if isinstance(value, str) and BCP_47.fullmatch(value):
        code = value.split("-")[0]
        if code in languages() and code not in LANGUAGE_SLIPS:
            return code
    better = ""
    if isinstance(value, str):
        guess = value.lower().replace("_", "-").split("-")[0]
        guess = LANGUAGE_SLIPS.get(guess, guess)
        better = f' (did you mean "{guess}"?)' if guess in languages() else ""
    raise ValueError(f'{named(value)} is not a language{better}: write a code of ISO 639, e.g. "en" or "az"')
