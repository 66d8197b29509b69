"""Whom a text says it has its report from: nearest first, origin last. Every pattern is linear; spans are exact."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pipeline.article import Credit
from pipeline.extract.agencies import agency_pattern, folded, usual_name

#: credits stand in the lead or in the last lines; deeper ones belong to single statements
_HEAD_CHARS, _TAIL_CHARS, _MAX_CREDITS = 1_600, 260, 5
# ranks: who carried it, who reports it, whom they cite
_CARRIED, _REPORTS, _CITED = 0, 1, 2

_QUOTED = "[«„“\"][^«»„“”\"\n]{2,60}[»“”\"]"
_PHRASE = r"[^\W\d_][^,.;:()\n«»„“”\"!?。，；]{1,70}"
#: words that mean "with reference to", after which anything that names a source may stand
_CITING = (
    r"(?:citing|quoting|with\s+reference\s+to|со\s+ссылкой\s+на|ссылаясь\s+на|са\s+спасылкай\s+на|спасылаючыся\s+на|unter\s+Berufung\s+auf|"
    r"mit\s+Verweis\s+auf|citant|en\s+citant|citando\s+a|citando|con\s+base\s+en|نقلا\s+عن|نقلاً\s+عن|نقلًا\s+عن)\s+"
    r"(?:the\s+|la\s+|le\s+|l['’]|les\s+|el\s+|die\s+|das\s+|den\s+|der\s+|агентство\s+|информагентство\s+|агенцтва\s+|"
    r"l['’]agence\s+|agencia\s+|la\s+agencia\s+|die\s+Nachrichtenagentur\s+|Nachrichtenagentur\s+|news\s+agency\s+|وكالة\s+(?:أنباء\s+)?)?"
)
#: verbs of reporting that stand before a name
_VERB_BEFORE = (
    r"(?:according\s+to|reported\s+by|as\s+reported\s+by|(?:как\s+)?(?:передаёт|передает|передают|сообщает|сообщили|сообщил[аио]?|информирует|пишет)|"
    r"по\s+(?:данным|сообщению|информации)|(?:как\s+)?(?:паведамляе|перадае|паведаміл[аі]|піша)|(?:berichtet(?:e)?|meldet(?:e)?|teilt(?:e)?)|laut|"
    r"nach\s+Angaben\s+(?:der|von)|d['’]après|selon|rapporte|rapportait|a\s+rapporté|indique|según|informó|reportó|informa|de\s+acuerdo\s+con|"
    r"ذكرت|أفادت|وفقا\s+ل|وفقًا\s+ل|بحسب|حسب|据|據|援引|引述)\s{0,2}"
    r"(?:the\s+|l['’]|la\s+|le\s+|die\s+|der\s+|el\s+|агентство\s+|агентства\s+|информагентство\s+|корреспондент\w*\s+|агенцтва\s+|l['’]agence\s+|"
    r"(?:la\s+)?agencia\s+|(?:die\s+|der\s+)?Nachrichtenagentur\s+|informó\s+|وكالة\s+(?:أنباء\s+|الأنباء\s+)?|وكالة\s+)?[«„“\"]?"
)
#: verbs of reporting that stand after a name
_VERB_AFTER = (
    r"[»“”\"]?\s{0,2}(?:,\s{0,2})?(?:(?:news\s+)?agency\s+)?(?:reports?|reported|informs?|said|writes|сообщает|передаёт|передает|информирует|паведамляе|"
    r"xəbər\s+verir|məlumat\s+verir|bildirir|berichtet(?:e)?|meldet(?:e)?|rapporte|informa|informó|报道|報道|消息|电\b|電\b|\w{1,8}\d{0,2}[日]?电|"
    r"-ya\s+istinadən|-a\s+istinadən|-ə\s+istinadən|-yə\s+istinadən|a\s+istinadən|ə\s+istinadən|istinadən)"
)
_OWN_WORDS = re.compile(r"^(?:agency|agentur|report|sources?|источники?|own)$", re.IGNORECASE)
_LEADING = re.compile(r"^(?:the|a|an|its|his|her|their|свои|своего|собственные|local|own)\s+", re.IGNORECASE)
_STOP = re.compile(
    r"\s+(?:as|that|who|which|reports?|reported|said|says|on|in|at|что|сообщ\w+|передаёт|передает|пишет|информирует|dass|berichtet\w*|que|qui|أن|إن|بأن)(?:\s|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Found:
    rank: int
    start: int
    end: int
    text: str


def read_credits(text: str, authors: tuple[str, ...], own_names: list[str]) -> tuple[Credit, ...]:
    """Credits of a text and its byline, each source once; the outlet's own names are left out."""
    own = {folded(name) for name in own_names} | {folded(usual_name(name) or name) for name in own_names}
    kept: dict[str, Credit] = {}
    for author in authors:
        name = usual_name(author)
        if name and folded(name) not in own:
            kept.setdefault(folded(name), Credit(name, author, -1, -1))
    for found in sorted(_find(text), key=lambda one: (one.rank, one.start)):
        name = usual_name(found.text) or found.text.strip("«»„“”\"' ")
        if folded(name) in own or folded(found.text) in own or _OWN_WORDS.match(name):
            continue
        kept.setdefault(folded(name), Credit(name, found.text, found.start, found.end))
    return tuple(kept.values())[:_MAX_CREDITS]


def _find(text: str) -> Iterator[_Found]:
    lead = text[:_HEAD_CHARS]
    yield from _carried(text)
    for rank, pattern in ((_REPORTS, _before()), (_REPORTS, _after())):
        for match in pattern.finditer(lead):
            yield _Found(rank, match.start(1), match.end(1), match[1])
    for match in _cited().finditer(lead):
        yield from _trimmed(match)


def _carried(text: str) -> Iterator[_Found]:
    """Datelines, carriers' marks and signatures: "(MENAFN- AzerNews)", "MINSK, 16 November (BelTA) -", "/TASS/", "(AFP)"."""
    for pattern in (_dateline(), _slashes()):
        for match in pattern.finditer(text[:260]):
            yield _Found(_CARRIED, match.start(1), match.end(1), match[1])
    tail = max(0, len(text) - _TAIL_CHARS)
    for pattern in (_signature(), _slashes()):
        for match in pattern.finditer(text, tail):
            yield _Found(_CITED, match.start(1), match.end(1), match[1])
    for match in _CARRIER.finditer(text[:200]):
        yield _Found(_CARRIED, match.start(1), match.end(1), match[1])


def _trimmed(match: re.Match[str]) -> Iterator[_Found]:
    """What stands after "citing": an agency in it, else the phrase itself without its neighbours."""
    printed, start = match[1], match.start(1)
    known = _agency().search(printed)
    if known and known.start() <= 40:
        yield _Found(_CITED, start + known.start(), start + known.end(), known[0])
        return
    if leading := _LEADING.match(printed):
        printed, start = printed[leading.end() :], start + leading.end()
    if stop := _STOP.search(printed):
        printed = printed[: stop.start()]
    words = printed.split(" ")
    printed = " ".join(words[:8]).strip("«»„“”\"' ")
    start = match.string.index(printed, start) if printed else start
    if printed and (any(char.isupper() for char in printed) or not printed.isascii()):
        yield _Found(_CITED, start, start + len(printed), printed)


#: a syndicator's mark: the outlet after the dash is whose text it is
_CARRIER = re.compile(r"\(\s?[A-Z][A-Z.]{2,14}\s?[-–—]\s?([^\W\d_][^()\n]{1,40}?)\s?\)")


@cache
def _agency() -> re.Pattern[str]:
    return re.compile(agency_pattern())


@cache
def _dateline() -> re.Pattern[str]:
    return re.compile(rf"[(（【\[]\s?(?:[^()\n]{{0,30}}[/|,]\s?)?({agency_pattern()})\s?[)）】\]]\s?(?:[-–—]{{1,2}}|[.:])?")


@cache
def _slashes() -> re.Pattern[str]:
    return re.compile(rf"/\s?({agency_pattern()})\s?/")


@cache
def _signature() -> re.Pattern[str]:
    return re.compile(rf"[(（\[]\s?({agency_pattern()})\s?[)）\]]\s?$", re.MULTILINE)


@cache
def _before() -> re.Pattern[str]:
    return re.compile(rf"{_VERB_BEFORE}({agency_pattern()})", re.IGNORECASE)


@cache
def _after() -> re.Pattern[str]:
    return re.compile(rf"({agency_pattern()}){_VERB_AFTER}", re.IGNORECASE)


@cache
def _cited() -> re.Pattern[str]:
    return re.compile(rf"{_CITING}({_QUOTED}|{_PHRASE})", re.IGNORECASE)
