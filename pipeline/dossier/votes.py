"""Votes as printed, in nine languages: in favour, against, abstained. Pure."""

from __future__ import annotations

import re

from pipeline.dossier.act import Votes

_N = r"(?<![\d.,/])(\d{1,4})(?![\d%])"
_W = r"(?:[^\W\d]+[ \u00a0]){0,2}"  # at most two words between the number and what it counts
_DASH = r"[\s:–—-]{1,3}"
_FOR = (
    rf"{_N} {_W}in favou?r",
    rf"{_N} votes? (?:to|for|against)\b",
    rf"\b(?:vote|passed) (?:of )?{_N}[-–—]\d",
    rf"(?<!\w)[«\"“]?за[»\"”]?(?: [^\W\d]+){{0,3}}{_DASH}{_N}",
    rf"{_N} (?:голос\w*|галас\w*|дэпутат\w*|депутат\w*|стран\w*) [«\"“]?за[»\"”]?(?!\w)",
    rf"lehinə {_W}{_N}",
    rf"{_N} {_W}lehinə",
    rf"{_N} (?:voix|votes)(?: pour| contre)?",
    rf"{_N} pour\b",
    rf"{_N} votos?(?: a favor| contra)?",
    rf"{_N} a favor",
    rf"{_N} (?:Ja-?)?[Ss]timmen(?! dagegen| gegen)",
    rf"{_N} (?:zu|gegen) \d+ [Ss]timmen",
    rf"{_N} ?票 ?(?:赞成|贊成|对|對)",
    rf"{_N} (?:صوتا?|أصوات|دولة|عضوا|نائبا)",
)
_AGAINST = (
    rf"\d votes? (?:to|against) {_N}",
    rf"{_N} {_W}(?:against|opposed)",
    rf"\b(?:vote|passed) (?:of )?\d+[-–—]{_N}",
    rf"(?:против|супраць)[»\"”]?(?: [^\W\d]+){{0,2}}{_DASH}{_N}",
    rf"{_N} {_W}(?:против|супраць)(?!\w)",
    rf"əleyhinə {_W}{_N}",
    rf"{_N} {_W}əleyhin\w+",
    rf"(?:voix|votos) contra? {_N}",
    rf"voix contre {_N}",
    rf"{_N} (?:voix )?contre\b(?! \d)",
    rf"{_N} (?:votos )?en contra",
    rf"{_N} (?:Gegenstimmen?|Nein-?[Ss]timmen|dagegen)",
    rf"\d (?:gegen|zu) {_N} [Ss]timmen",
    rf"[Ss]timmen gegen {_N}",
    rf"{_N} ?票 ?反[对對]",
    rf"票[对對] ?{_N}",
    rf"مقابل {_N}",
    rf"(?:معارضة|ورفض|ضد) {_N}",
    rf"{_N} (?:أصوات )?(?:ضد|معارض)",
)
_ABSTAINED = (
    rf"{_N} {_W}(?:abstain\w*|abst\w+)",
    rf"abstain\w*{_DASH}{_N}",
    rf"\b(?:vote|passed) (?:of )?\d+[-–—]\d+[-–—]{_N}",
    rf"(?:воздерж\w+|устрыма\w+)(?: [^\W\d]+){{0,2}}{_DASH}{_N}",
    rf"{_N} {_W}(?:воздерж|устрыма)",
    rf"{_N} {_W}bitərəf",
    rf"bitərəf {_W}{_N}",
    rf"{_N} (?:Stimm)?[Ee]nthaltung",
    rf"{_N} ?票 ?[弃棄][权權]",
    rf"امتناع {_N}",
    rf"{_N} (?:عن التصويت|امتن)",
)
_KINDS = tuple(
    tuple(re.compile(each, re.IGNORECASE) for each in kind) for kind in (_FOR, _AGAINST, _ABSTAINED)
)


def read_votes(text: str) -> Votes | None:
    """The votes printed in a few sentences; None unless both those in favour and those against are printed.

    `text`: at most some hundred characters around the decision.
    """
    favour, against, abstained = (_first(kind, text) for kind in _KINDS)
    return None if favour is None or against is None else (favour, against, abstained)


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> int | None:
    for pattern in patterns:
        found = pattern.search(text)
        if found:
            return int(found[1])
    return None
