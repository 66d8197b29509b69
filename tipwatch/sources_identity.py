"""What a source is called and where it is at home, as far as its address says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from crawler.urls import host_of
from tipwatch.config.names import INTERNATIONAL, countries

#: top domains of two letters that are no country's, or that anybody anywhere uses: they say nothing of an outlet's home
ANYBODYS = frozenset(
    {
        "ac",
        "ag",
        "ai",
        "am",
        "as",
        "bz",
        "cc",
        "cd",
        "co",
        "cx",
        "dj",
        "eu",
        "fm",
        "gg",
        "gl",
        "io",
        "ki",
        "la",
        "ly",
    }
    | {
        "me",
        "ms",
        "mu",
        "nu",
        "pw",
        "sc",
        "sh",
        "so",
        "st",
        "su",
        "tk",
        "tm",
        "to",
        "tv",
        "vc",
        "vg",
        "ws",
    }
)
_OTHERS = {"uk": "GB", "int": INTERNATIONAL}
_SECOND_LEVEL = frozenset(
    {"co", "com", "gov", "gob", "gouv", "net", "org", "edu", "ac", "info", "press", "or"}
)
_PREFIXES = ("www.", "m.", "mobile.", "amp.", "rss.", "feeds.")
MAX_ID = 64


def country_of(url: str) -> str | None:
    """ISO 3166 alpha-2 of the outlet when its top domain says so for sure (``INT`` for .int); None otherwise."""
    top = host_of(url).rpartition(".")[2]
    if top in _OTHERS:
        return _OTHERS[top]
    return top.upper() if len(top) == 2 and top not in ANYBODYS and top.upper() in countries() else None


def id_of(url: str, taken: Collection[str]) -> str:
    """A short id that is not taken: the name of its domain, else the whole host, else with a number."""
    host = host_of(url)
    for prefix in _PREFIXES:
        host = host.removeprefix(prefix)
    labels = [label for label in host.split(".") if label]
    own = labels[:-1] if len(labels) > 1 and not labels[-1].isdigit() else labels
    if len(own) > 1 and own[-1] in _SECOND_LEVEL:
        own = own[:-1]
    short = own[-1] if own and not own[-1].isdigit() else host
    return free_id((short, host), taken)


def free_id(wishes: Collection[str], taken: Collection[str]) -> str:
    """The first of these words that makes an id nobody has; else the last with a number."""
    slugs = [slug(wish) for wish in wishes]
    for one in slugs:
        if one not in taken:
            return one
    number = 2
    while (numbered := f"{slugs[-1][: MAX_ID - 6]}-{number}") in taken:
        number += 1
    return numbered


def slug(text: str) -> str:
    """As an id is written: small letters, digits and . _ -, at most 64; ``source`` when nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9._-]+", "-", plain)[:MAX_ID].strip("-._") or "source"
