"""Who signs a text: the agency in its dateline ("MINSK, 16 November (BelTA) -"), in its last line ("dpa"), or as its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.extract.agencies import Agency, AgencyKind, Mention, find_agency

_HEAD_CHARS, _TAIL_CHARS, _TAIL_LINES, _MAX_SOURCE = 220, 400, 4, 80
_BRACKETED = re.compile(r"[(（\[/]\s?([^()（）\[\]/\n]{2,60}?)\s?[)）\]/]")
_PARTS = re.compile(r"\s*[|,;、+]\s*|\s*/\s*|\s+[-–—]\s+|\s*[-–—]\s+|\s+(?:and|und|et|y|и|і|və|و)\s+")
_STAFF = re.compile(r"^(?:корр\.?|соб\. корр\.?|кар\.?|with|mit|avec|con|с|sg/|ИА|АМИ)\s+", re.IGNORECASE)
_AFTER_EVERYDAY = re.compile(r"\s?[.:]{0,2}\s?[-–—_]|\s?\.\s|$")
_PLACE_AND_DAY = re.compile(r"[^.!?\n]{2,60}(?:\.\s?)?$|^$")
_DASHED = re.compile(r"^[^\n!?«»\"]{2,70}(?:\s[-–—]|,)\s(?:ИА\s|ІА\s)?[«„“\"]?$")
_DASH_END = re.compile(r"[»“”\"]?\s?(?:[.:]\s|[-–—_]\s|,\s[^\W\d_]+\s)")
_HAN_DATELINE = re.compile(
    r"[^\d，。,.\n]{0,12}\d{0,4}年?\d{0,2}月?\d{1,2}日(?:电|電|讯|訊|消息|专电)|[^，。\n\d]{0,8}(?:电|電|讯|訊)[\s（(]"
)
_SOURCE_LABEL = re.compile(
    r"(?:^|[\n（(\[])[\s—–-]*(?:source|sources|original source|источник|крыніца|mənbə|quelle|quellen|fuente|fuentes"
    r"|المصدر|来源|來源|稿件来源|消息来源|文章来源|转自|轉自)\s?[:：]\s*([^\n（）()\]]{2,80})",
    re.IGNORECASE,
)
_WITH = re.compile(
    r"^[(\[—–\s-]*(?:(?:with\sfiles\sfrom|with\sa\sreport\sfrom|with\sreports\sfrom|mit\sMaterial\svon|additional\sreporting\sby|with\sreporting\sby|reporting\sby|with\sinputs?\sfrom|with\sagency\sinputs|with|mit|avec|con"
    r"\sinformación\sde|con|par|по\sматериалам|с\sиспользованием\sматериалов|паводле|pa\smatəriyalləri)\s+)?"
    r"([^\n()\[\]]{2,60}?)[)\]\s.]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """An agency that signs the text; `origin`: named as the source, else it carried the text."""

    start: int
    end: int
    printed: str
    name: str
    origin: bool


def head_marks(text: str, mentions: list[Mention]) -> Iterator[Mark]:
    """Agencies of the dateline, in the order of the text."""
    head = text[:_HEAD_CHARS]
    for match in _BRACKETED.finditer(head):
        yield from _bracketed(text, match)
    for mention in mentions:
        if mention.start > 100 or mention.agency.kind is AgencyKind.INSTITUTION:
            continue
        if _opens_dateline(text, mention):
            yield _mark(text, mention.start, mention.end, mention.agency.name)


def _opens_dateline(text: str, mention: Mention) -> bool:
    before, after = text[: mention.start], text[mention.end : mention.end + 40]
    if mention.start <= 20 and _HAN_DATELINE.match(after):
        return True
    if not _DASHED.search(before) or not _DASH_END.match(after):
        return False
    if after.lstrip(" :.»”")[:1] == "\n":
        return True  # a line of its own
    # "MINSK, 16 November – BelTA." has a day or a place in capitals; "He worked for TASS, AFP – and" has neither
    return any(char.isdigit() for char in before) or before.split(",")[0].split(".")[0].isupper()


def _bracketed(text: str, match: re.Match[str]) -> Iterator[Mark]:
    content, offset = match[1], match.start(1)
    parts = _with_places(_PARTS, content)
    found = [(start, part, agency) for start, part in parts if (agency := _signing(part)) is not None]
    if not found:
        return
    if found[0][2].kind is AgencyKind.SYNDICATOR and len(parts) > 1:
        # "(MENAFN - Daily Example)": what follows is whose text it is
        (start, part), known = parts[1], found[1:]
        name = known[0][2].name if known else part
        yield _mark(text, offset + start, offset + start + len(part), name)
        return
    for start, part, agency in found:
        # initials in brackets are explained just before, unless place and day stand there and a dash follows
        if _is_initials(part) and not _in_dateline(text, match):
            continue
        yield _mark(text, offset + start, offset + start + len(part), agency.name)


def _in_dateline(text: str, match: re.Match[str]) -> bool:
    before, after = text[: match.start()], text[match.end() : match.end() + 4]
    if not _PLACE_AND_DAY.match(before):
        return False
    return bool(_AFTER_EVERYDAY.match(after)) or (
        before.split(",")[0].isupper() and any(map(str.isdigit, before))
    )


def _is_initials(part: str) -> bool:
    return part.isascii() and part.isupper() and len(part) <= 5


def _signing(part: str) -> Agency | None:
    agency = find_agency(_STAFF.sub("", part))
    return None if agency is None or agency.kind is AgencyKind.INSTITUTION else agency


def tail_marks(text: str) -> Iterator[Mark]:
    """Agencies of the last lines, and whoever a source line names."""
    from_ = max(0, len(text) - _TAIL_CHARS)
    for match in _SOURCE_LABEL.finditer(text, from_):
        yield from _sources(match.start(1), match[1])
    start = len(text)
    for _ in range(_TAIL_LINES):
        end, start = start, text.rfind("\n", from_, max(0, start - 1)) + 1
        line = text[start:end].rstrip("\n")
        signed = list(_signature(text, start, line)) if start > 0 and len(line) <= 80 else []
        yield from signed or _closing(text, start, line)
        if start == 0:
            break


def _signature(text: str, offset: int, line: str) -> Iterator[Mark]:
    """A line that holds nothing but agencies."""
    match = _WITH.match(line.strip("/ "))
    if match is None:
        return
    place = line.find(match[1])
    parts = _with_places(_PARTS, match[1])
    found = [(start, part, _signing(part)) for start, part in parts]
    if (
        place < 0
        or not any(agency for _, _, agency in found)
        or sum(agency is None for _, _, agency in found) > 1
    ):
        return
    for start, part, agency in found:
        if agency is not None:
            yield _mark(text, offset + place + start, offset + place + start + len(part), agency.name)


_CLOSING = re.compile(
    r"[(（/\[]\s?([^()（）\[\]/\n]{2,40})\s?[)）/\]][.。]?\s*$|[.!?»”\"]\s([^\s.()]{2,12}|Europa Press|Prensa Latina)\.?\s*$"
)


def _closing(text: str, offset: int, line: str) -> Iterator[Mark]:
    """An agency behind the last sentence of a paragraph."""
    tail_from = max(0, len(line) - 60)
    match = _CLOSING.search(line, tail_from)
    if match is None:
        return
    group = 1 if match[1] else 2
    for start, part in _with_places(_PARTS, match[group]):
        agency = _signing(part)
        if agency is not None:
            place = offset + match.start(group) + start
            yield _mark(text, place, place + len(part), agency.name)


def _sources(offset: int, printed: str) -> Iterator[Mark]:
    whole = printed.strip(' .,;»«"')
    if find_agency(whole) is not None:
        yield _named_source(offset + printed.find(whole), whole)
        return
    for start, part in _with_places(_PARTS, printed):
        if 2 <= len(part) <= _MAX_SOURCE and part[:1].isalnum() and len(part.split()) <= 7 and _names(part):
            yield _named_source(offset + start, part)


def _names(part: str) -> bool:
    """Whether words name somebody: "people in the hall" do not, a press service does, and a script without capitals may."""
    return (
        part != part.lower() or part.upper() == part or part.startswith(("press", "пресс", "прэс", "mətbuat"))
    )


def _named_source(start: int, printed: str) -> Mark:
    agency = find_agency(printed)
    return Mark(start, start + len(printed), printed, agency.name if agency else printed, origin=True)


def _with_places(pattern: re.Pattern[str], text: str) -> list[tuple[int, str]]:
    """The parts between separators with where each begins, stripped of quotation marks and spaces."""
    found, last = [], 0
    for start, end in [
        *((match.start(), match.end()) for match in pattern.finditer(text)),
        (len(text), len(text)),
    ]:
        part = text[last:start]
        bare = part.strip(' \t«»„“”".,;')
        if bare:
            found.append((last + part.find(bare), bare))
        last = end
    return found


def _mark(text: str, start: int, end: int, name: str) -> Mark:
    return Mark(start, end, text[start:end], name, origin=False)
