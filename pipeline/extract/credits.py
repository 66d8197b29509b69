"""Whom a text says it has its report from: nearest first, origin last. Every pattern is linear; spans are exact."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.article import Credit
from pipeline.extract.agencies import find_agencies, folded, usual_name

#: credits stand in the lead or in the last lines; deeper ones belong to single statements
_HEAD_CHARS, _TAIL_CHARS, _DATELINE_CHARS, _CONTEXT, _MAX_CREDITS = 1_600, 260, 220, 60, 5
# ranks: who carried it, who reports it, whom they cite
_CARRIED, _REPORTS, _CITED = 0, 1, 2

_QUOTED = '[«„“"][^«»„“”"\n]{2,60}[»“”"]'
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
    lead, tail_from = text[:_HEAD_CHARS], max(0, len(text) - _TAIL_CHARS)
    for match in _CARRIER.finditer(text[:_DATELINE_CHARS]):
        yield _Found(_CARRIED, match.start(1), match.end(1), match[1])
    for start, end in find_agencies(lead):
        rank = _rank(text, start, end)
        if rank is not None:
            yield _Found(rank, start, end, text[start:end])
    for start, end in find_agencies(text[tail_from:]):
        if _is_signature(text, tail_from + start, tail_from + end):
            yield _Found(
                _CITED, tail_from + start, tail_from + end, text[tail_from + start : tail_from + end]
            )
    if _CUE.search(lead):
        for match in _CITED_PHRASE.finditer(lead):
            yield from _trimmed(match)


def _rank(text: str, start: int, end: int) -> int | None:
    """How a named agency stands in the lead; None when it is only mentioned."""
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    if start <= _DATELINE_CHARS and (_IN_BRACKETS.search(before) and _BRACKET_END.match(after)):
        return _CARRIED
    if _BEFORE.search(before) or _AFTER.match(after):
        return _REPORTS
    return None


def _is_signature(text: str, start: int, end: int) -> bool:
    """Whether a name in brackets, or alone, closes the text or a paragraph near its end."""
    before, after = text[max(0, start - 3) : start], text[end : end + 3]
    if _IN_BRACKETS.search(before) and _BRACKET_END.match(after):
        return after[1:].strip() == "" or after[1:2] in {"\n", ".", ""}
    return text[end:].strip(" .)/") == "" and before.strip(" -–—/") in {"", "\n"}


def _trimmed(match: re.Match[str]) -> Iterator[_Found]:
    """What stands after "citing": an agency in it, else the phrase itself without its neighbours."""
    printed, start = match[1], match.start(1)
    for first, last in find_agencies(printed):
        if first <= 40:
            yield _Found(_CITED, start + first, start + last, printed[first:last])
            return
    if leading := _LEADING.match(printed):
        printed, start = printed[leading.end() :], start + leading.end()
    if stop := _STOP.search(printed):
        printed = printed[: stop.start()]
    printed = " ".join(printed.split(" ")[:8])
    bare = printed.strip("«»„“”\"' ")
    start += printed.index(bare) if bare else 0
    if any(char.isupper() for char in bare) or (bare and not bare.isascii()):
        yield _Found(_CITED, start, start + len(bare), bare)


#: a syndicator's mark: the outlet after the dash is whose text it is
_CARRIER = re.compile(r"\(\s?[A-Z][A-Z.]{2,14}\s?[-–—]\s?([^\W\d_][^()\n]{1,40}?)\s?\)")
_IN_BRACKETS = re.compile(r"[(（【\[/](?:[^()\n/]{0,24}[|,/]\s?|\s?)$")
_BRACKET_END = re.compile(r"\s?[)）】\]/]")
_BEFORE = re.compile(rf"(?:{_VERB_BEFORE})$", re.IGNORECASE)
_AFTER = re.compile(_VERB_AFTER, re.IGNORECASE)
_CUE = re.compile(
    r"citing|quoting|reference|ссыл|спасыл|Berufung|Verweis|citant|citando|base en|نقل", re.IGNORECASE
)
_CITED_PHRASE = re.compile(rf"{_CITING}({_QUOTED}|{_PHRASE})", re.IGNORECASE)
