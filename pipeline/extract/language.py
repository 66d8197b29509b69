"""The language of an article: what the page declares, unless the text plainly says otherwise; else detected."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from typing import Any

from pipeline.extract.jsonld import string
from pipeline.extract.metadata import Metadata
from pipeline.extract.page import PageInput
from pipeline.extract.telltale import told_by_marks

_SAMPLE_CHARS = 1_500
#: enough to tell languages apart (measured: the same answers as for all of the sample); the cost grows with it
_DETECTED_CHARS = 800
_CODE = re.compile(r"^\s*([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*\s*$")
_ALIASES = {
    "eng": "en", "rus": "ru", "bel": "be", "aze": "az", "azj": "az", "fra": "fr", "fre": "fr", "spa": "es",
    "ara": "ar", "zho": "zh",
    "chi": "zh", "cmn": "zh", "yue": "zh", "deu": "de", "ger": "de", "iw": "he", "in": "id", "ji": "yi",
    "nb": "no", "nn": "no", "ua": "uk",
    "by": "be", "cn": "zh", "jp": "ja", "kr": "ko", "ukr": "uk", "tur": "tr", "fas": "fa", "per": "fa", "por": "pt", "ita": "it",
    "wuu": "zh", "gan": "zh", "ary": "ar", "arz": "ar", "apc": "ar", "prs": "fa", "pes": "fa", "ron": "ro", "mo": "ro",
    "kaz": "kk", "nld": "nl", "dut": "nl", "pol": "pl", "kor": "ko", "jpn": "ja", "gr": "el", "cz": "cs", "dk": "da", "se": "sv",
}  # fmt: skip
#: how much likelier the text must be in another language than in the declared one (natural logarithm, per letter). Measured on
#: 500 texts in 30 languages: wrongly declared ones are at 1.6 and more, rightly declared ones at 0, be as ru and az as tr at 0.9
_PLAIN, _PLAIN_FOR_SOURCE = 0.7, 0.25
#: fewer letters prove nothing; a Chinese sign is worth three
_MIN_LETTERS = 80
#: the script a language is written in; others may be in any
_SCRIPTS = {
    **dict.fromkeys(("ru", "be", "uk", "bg", "mk", "mn", "kk", "ky", "tg", "sr"), "cyrillic"),
    **dict.fromkeys(("ar", "fa", "ur", "ps"), "arabic"),
    **dict.fromkeys(("zh", "ja"), "han"),
    **dict.fromkeys(
        ("en", "de", "fr", "es", "pt", "it", "nl", "pl", "cs", "sv", "no", "da", "fi", "tr", "az", "ro", "hu",
        "id", "vi", "sw"), "latin"
    ),
    "ko": "hangul", "he": "hebrew", "el": "greek", "hy": "armenian", "ka": "georgian", "th": "thai", "hi": "devanagari",
}  # fmt: skip
#: languages that are written in two scripts in the press
_TWO_SCRIPTS = frozenset({"sr", "az", "kk", "uz", "mn", "ky", "tg"})
_RANGES = (
    ("latin", "A", "Z"),
    ("latin", "a", "z"),
    ("latin", "\u00c0", "\u024f"),
    ("cyrillic", "\u0400", "\u04ff"),
    ("arabic", "\u0600", "\u06ff"),
    ("han", "\u3040", "\u30ff"),
    ("han", "\u4e00", "\u9fff"),
    ("hangul", "\uac00", "\ud7af"),
    ("hebrew", "\u0590", "\u05ff"),
    ("greek", "\u0370", "\u03ff"),
    ("armenian", "\u0530", "\u058f"),
    ("georgian", "\u10a0", "\u10ff"),
    ("thai", "\u0e00", "\u0e7f"),
    ("devanagari", "\u0900", "\u097f"),
)
_KANA = re.compile(r"[\u3040-\u30ff]")


def read_language(page: PageInput, found: Metadata, title: str, text: str) -> tuple[str | None, str]:
    """ISO 639-1 code and its origin: ``declared``, ``detected`` or ``none`` (then the code is None)."""
    sample = f"{title}\n{text[:_SAMPLE_CHARS]}"
    script = main_script(sample)
    declared = declared_language(page, found)
    if (by_letters := language_by_letters(sample, script)) is not None:
        return by_letters, "declared" if by_letters == declared else "detected"
    # the model gives the same answers, and takes longer
    told = told_by_marks(sample[:_DETECTED_CHARS], script)
    if told is not None and declared in {None, told}:
        return told, "detected" if declared is None else "declared"
    if (
        declared is not None
        and _fits(declared, script)
        and not _contradicted(declared, page.languages, sample, script)
    ):
        return declared, "declared"
    detected = detect(sample, page.languages, script)
    return (detected, "detected") if detected else (None, "none")


def declared_language(page: PageInput, found: Metadata) -> str | None:
    """What page or feed declare, the article's own word first; None when nobody does."""
    feed = page.entry.language if page.entry is not None else None
    locale = found.first("og:locale")
    for code in (
        string(found.article.get("inLanguage")), found.html_lang, found.first("content-language",
        "dc.language", "language"), locale, feed,
    ):  # fmt: skip
        if code and (known := normalise(code)):
            return known
    return None


def normalise(code: str) -> str | None:
    """ISO 639-1 (639-2 where there is no shorter one) from ``en-GB``, ``ru_RU``, ``eng``; None when it is no code."""
    match = _CODE.match(code)
    if match is None:
        return None
    short = match[1].lower()
    return _ALIASES.get(short, short) if short not in {"und", "mul", "zxx"} else None


def main_script(sample: str) -> str | None:
    """The script of most letters; None when there are hardly any."""
    counts: Counter[str | None] = Counter()
    for char, count in Counter(sample).items():
        counts[_script_of(char)] += count
    del counts[None]
    counts["han"] *= 2  # one sign is more than a letter
    name, count = counts.most_common(1)[0]
    return name if count >= 4 else None


@lru_cache(maxsize=4_096)
def _script_of(letter: str) -> str | None:
    return next((name for name, first, last in _RANGES if first <= letter <= last), None)


def language_by_letters(sample: str, script: str | None) -> str | None:
    """The language that letters alone give away; None when they do not."""
    folded = sample.casefold()
    letters = max(1, sum(map(str.isalpha, folded)))
    if script == "cyrillic":
        # ў is Belarusian only; ы tells it from Ukrainian, і from Russian
        if folded.count("ў") * 400 >= letters:
            return "be"
        if (folded.count("ї") + folded.count("є")) * 300 >= letters and "ы" not in folded:
            return "uk"
    if script == "latin" and folded.count("ə") * 100 >= letters:
        return "az"
    return "ja" if script == "han" and len(_KANA.findall(sample)) * 10 >= letters else None


def _fits(code: str, script: str | None) -> bool:
    return script is None or code in _TWO_SCRIPTS or _SCRIPTS.get(code, script) == script


def _contradicted(declared: str, own: tuple[str, ...], sample: str, script: str | None) -> bool:
    """Whether the text is plainly in another language: templates often declare their own for all editions (decision 14)."""
    part = sample[:_DETECTED_CHARS]
    letters = sum(map(str.isalpha, part))
    if letters * (3 if script == "han" else 1) < _MIN_LETTERS:
        return False
    ranked = [(code, score) for code, score in _ranking(part) if _fits(code, script)]
    score_declared = max((score for code, score in ranked if code == declared), default=None)
    if score_declared is None:  # a language the model does not know
        return False
    best, score = ranked[0]
    if best == declared:
        return False
    return (score - score_declared) / letters >= (_PLAIN_FOR_SOURCE if best in own else _PLAIN)


def detect(sample: str, plausible: tuple[str, ...], script: str | None) -> str | None:
    """The likeliest language written in that script, the source's own preferred; None for too short a sample."""
    if script is None or len(sample.strip()) < 12:
        return None
    ranked = [(code, score) for code, score in _ranking(sample[:_DETECTED_CHARS]) if _fits(code, script)]
    if not ranked:
        return None
    best, best_score = ranked[0]
    for code, score in ranked[:6]:
        # a near tie goes to a language the source is known to write
        if code in plausible and best_score - score <= abs(best_score) * 0.02:
            return code
    return best


def _ranking(sample: str) -> list[tuple[str, float]]:
    return [(_ALIASES.get(code, code), float(score)) for code, score in _identifier().rank(sample)]


def load_model() -> None:
    """Load the model now: before workers are forked, so that they share it."""
    _identifier()


@cache
def _identifier() -> Any:
    """py3langid's model: 100 MB and 0.9 s, so it is loaded when first needed, once per process."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - see above

    return LanguageIdentifier.from_model_file(MODEL_FILE)
