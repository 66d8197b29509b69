"""The gazetteer of agencies, outlets and institutions: from a printed form to the usual name, and where a text prints one.

Its entries are in three files of JSON lines (every worker reads them: 14 ms, from YAML 35): `id`, the usual
`name`, `country` (ISO 3166, INT for international bodies), `kind`, the `forms` that texts print by language, and `words`:
those forms that are everyday words or initials of other things too, and count only in so many letters and where nothing but
a name can stand. The usual name is a form as well. Case endings need no forms of their own (see `_ENDINGS`).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

_FILES = ("agencies.jsonl", "outlets.jsonl", "institutions.jsonl")


class AgencyKind(StrEnum):
    """What a name in the gazetteer stands for."""

    AGENCY = "agency"
    SYNDICATOR = "syndicator"  # passes on the texts of others, and marks them with its own name first
    OUTLET = "outlet"
    INSTITUTION = "institution"


@dataclass(frozen=True, slots=True)
class Agency:
    """Who may be credited: `country` is ISO 3166 or INT; `wikidata` is None where it is not certain."""

    id: str
    name: str
    country: str
    kind: AgencyKind
    wikidata: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text prints a form of `agency`; `everyday` forms mean it only where nothing but a name can stand."""

    start: int
    end: int
    agency: Agency
    everyday: bool


@dataclass(frozen=True, slots=True)
class _Form:
    printed: str
    folded: str
    agency: Agency
    everyday: bool


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    by_name: dict[str, _Form]  # by `folded`
    by_first_word: dict[str, list[_Form]]
    everyday: frozenset[str]
    han: re.Pattern[str]


# one character for one, so that places in the folded text are places in the text
_ONE_FOR_ONE = str.maketrans(
    {
        **dict.fromkeys("İIı", "i"),
        **dict.fromkeys("ǝӘә", "ə"),
        **dict.fromkeys("’ʼ‘`´ʹʻ", "'"),
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("\u2010\u2011", "-"),
        "ى": "ي",
        "ة": "ه",
        "ی": "ي",
        "ک": "ك",
        "ё": "е",
        "Ё": "е",
    }
)
_QUOTES = re.compile("[\"'«»„“”‘’‹›「」《》〈〉]")
_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile("[\u3400-\u9fff\uac00-\ud7af]")
_SPACES = re.compile(r"\s+")
_IN_BRACKETS = re.compile(r"^(.{2,80}?)\s?[(（](.{2,40})[)）]$")
_ARTICLE = re.compile(r"^(?:the|la|le|el|die|der|das|l')\s?", re.IGNORECASE)
_DOMAIN = re.compile(r"^(?:https?://)?(?:www\.)?([\w-]{2,40}(?:\.[\w-]{2,40}){1,3})(?:/.*)?$")
_CYRILLIC_ENDINGS = frozenset(("а", "у", "ом", "е", "ем", "ы", "ам", "ях"))
_AZ_ENDINGS = frozenset(
    "a ə ya yə na nə ın in un ün nın nin nun nün dan dən da də ı i u ü nı ni ndan ndən".replace(
        "ı", "i"
    ).split()
)
_ENDINGS = _CYRILLIC_ENDINGS | _AZ_ENDINGS
#: conjunctions and prepositions that Arabic writes in one with the next word
_ARABIC_GLUE = ("و", "ل", "ب", "ف", "ك", "ول", "وب")


def usual_name(printed: str) -> str | None:
    """The usual name of an agency, outlet or institution; None when it is not in the gazetteer."""
    found = find_agency(printed)
    return found.name if found is not None else None


def find_agency(printed: str) -> Agency | None:
    """Who is meant by a name that stands alone: as printed, without article, by what is in brackets, by its site's address."""
    names = _gazetteer().by_name
    candidates = [printed, _ARTICLE.sub("", printed)]
    if inside := _IN_BRACKETS.match(printed.strip()):
        candidates += [inside[1], inside[2]]
    if address := _DOMAIN.match(printed.strip()):
        candidates += [address[1], address[1].partition(".")[0] if "." in address[1] else ""]
    for name in candidates:
        form = names.get(folded(name))
        if form is not None and (not form.everyday or _QUOTES.sub("", name).strip() in _gazetteer().everyday):
            return form.agency
    return None


def folded(printed: str) -> str:
    """A name as it is compared: case and look-alike letters folded, without quotation marks."""
    return _SPACES.sub(" ", _QUOTES.sub("", fold_letters(printed))).strip()


def fold_letters(text: str) -> str:
    """The text in lower case with look-alike letters made one; exactly as long as `text`."""
    lower = text.translate(_ONE_FOR_ONE).lower()
    return lower if len(lower) == len(text) else "".join(char.lower()[:1] or char for char in text)


def find_mentions(text: str, folded_text: str | None = None) -> list[Mention]:
    """Where the text prints names of the gazetteer, longest first at each place, none inside another; linear in its length.

    `folded_text` is the text as `fold_letters` leaves it, where that is at hand.
    """
    gazetteer = _gazetteer()
    plain = fold_letters(text) if folded_text is None else folded_text
    found: list[Mention] = []
    for word in _WORD.finditer(plain):
        start, printed = word.start(), word[0]
        # a name in a case of its own begins with a capital
        capital = text[start].isupper()
        # most words are none of a name, and cost no more than this
        if not (capital or printed in gazetteer.by_first_word or "\u0600" <= printed[0] <= "\u06ff"):
            continue
        if found and start < found[-1].end:
            continue
        words = _first_words(start, printed, may_decline=capital)
        if mention := _longest_at(text, plain, words, gazetteer):
            found.append(mention)
    if _HAN.search(text):
        found += _han_mentions(plain, gazetteer)
        found.sort(key=lambda one: (one.start, -one.end))
    return _disjoint(found)


def _longest_at(
    text: str, plain: str, words: list[tuple[int, str, int]], gazetteer: _Gazetteer
) -> Mention | None:
    best: Mention | None = None
    for start, first, hidden in words:
        for form in gazetteer.by_first_word.get(first, ()):
            # the article that "ل" swallowed stands in the form, not in the text
            end = _end_of(text, plain, start - hidden, form)
            if end and (best is None or end > best.end):
                best = Mention(start, end, form.agency, form.everyday)
    return best


def _first_words(start: int, printed: str, *, may_decline: bool) -> list[tuple[int, str, int]]:
    """(start, word, letters of it that the text lacks): a word, and it without its case ending or its Arabic prefixes."""
    found = [(start, printed, 0)]
    if may_decline:
        found += [
            (start, printed[:-cut], 0)
            for cut in range(1, min(5, len(printed) - 3))
            if printed[-cut:] in _ENDINGS
        ]
    if "\u0600" <= printed[0] <= "\u06ff" and len(printed) > 3:
        found += [
            (start + len(glue), printed[len(glue) :], 0) for glue in _ARABIC_GLUE if printed.startswith(glue)
        ]
        if printed.startswith("لل"):
            found.append((start + 2, "ال" + printed[2:], 2))
    return found


def _end_of(text: str, plain: str, start: int, form: _Form) -> int:
    """Where the form that begins at `start` ends in the text, without case ending; 0 when it does not stand there."""
    end = start + len(form.folded)
    missing = 2 if start >= 0 and plain[start : start + 2] != form.folded[:2] else 0
    if plain[start + missing : end] != form.folded[missing:] or (missing and plain[start : start + 2] == ""):
        return 0
    if not missing and not _may_be(text[start:end], form):
        return 0
    rest = end
    while rest < len(plain) and plain[rest].isalnum() and rest - end <= 4:
        rest += 1
    return end if rest == end or _is_ending(plain[end:rest], text[end], form) else 0


def _may_be(printed: str, form: _Form) -> bool:
    """Short forms and everyday words are other words in other cases ("ap", "Efe", "el país"): those differ in case seldom."""
    if form.everyday or len(form.folded) <= 4:
        return _spelled(printed) == _spelled(form.printed)
    return not printed.islower() or form.printed.islower() or "." in printed


def _spelled(name: str) -> str:
    return name.replace("’", "'").replace("ʻ", "'").replace("ʼ", "'")


def _is_ending(letters: str, first: str, form: _Form) -> bool:
    if form.everyday or first.isupper() or len(form.folded) < 4:
        return False
    if "\u0400" <= letters[0] <= "\u04ff":
        return len(form.folded) >= 5 and letters in _CYRILLIC_ENDINGS and not form.printed[-1].isupper()
    return letters in _AZ_ENDINGS


def _han_mentions(plain: str, gazetteer: _Gazetteer) -> list[Mention]:
    found = []
    for match in gazetteer.han.finditer(plain):
        form = gazetteer.by_name[folded(match[0])]
        found.append(Mention(match.start(), match.end(), form.agency, form.everyday))
    return found


def _disjoint(mentions: list[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in mentions:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


@cache
def _gazetteer() -> _Gazetteer:
    by_name: dict[str, _Form] = {}
    by_first_word: dict[str, list[_Form]] = {}
    han: set[str] = set()
    forms = _read_forms()
    for form in forms:
        by_name.setdefault(folded(form.printed), form)
        if _HAN.search(form.folded):
            han.add(form.folded)
        elif word := _WORD.match(form.folded):
            by_first_word.setdefault(word[0], []).append(form)
    everyday = frozenset(form.printed for form in forms if form.everyday)
    longest_first = sorted(han, key=lambda form: (-len(form), form))
    return _Gazetteer(by_name, by_first_word, everyday, re.compile("|".join(map(re.escape, longest_first))))


def _read_forms() -> list[_Form]:
    found = []
    folder = files("pipeline.extract")
    for name in _FILES:
        for line in folder.joinpath(name).read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            agency = Agency(
                entry["id"], entry["name"], entry["country"], AgencyKind(entry["kind"]), entry.get("wikidata")
            )
            everyday = set(entry.get("words", ()))
            printed = [entry["name"], *(form for forms in entry["forms"].values() for form in forms)]
            found += [
                _Form(form, fold_letters(form), agency, form in everyday) for form in dict.fromkeys(printed)
            ]
    return found
