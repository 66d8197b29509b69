"""Whom a Chinese lead has its report from: the words run together, so names are told by what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extract.agencies import AgencyKind, Mention

CARRIED, REPORTS, CITED, ORIGIN = 0, 1, 2, 3  # as in credits.py

_HAN = re.compile("[\u4e00-\u9fff]")
_REPORTED = re.compile(r"[》”」]?(?:[^，。！？\n]{0,10})(?:报道|報道|报导|報導|消息|快讯)")
_BY = re.compile(r"(?:据|據|根据|根據|综合|綜合)[^，。！？\n]{0,6}$")
_CITING = re.compile(r"(?:援引|引述|引用|转引|轉引|转载自|轉載自|转自)[^，。！？\n]{0,8}$")
_TOLD = re.compile(r"(?:对|對|告诉|告訴|向|接受)[^，。！？\n]{0,3}$")
_SPOKE = re.compile(r"(?:记者|記者)?(?:表示|说|說|透露|称|稱|采访|採訪|专访|專訪|证实|，)")
_AND = re.compile(r"[》”」]?(?:、|和|与|及|以及)[《“「]?$")
_CLAUSE = re.compile(r"(?:^|[，。！？\n（(；])[《“「]?$")
_OF_BODY = re.compile(r"[^，。！？\n]{0,8}(?:消息|网站|網站|官网|通报|通報|报告|報告|数据|數據|公报|发布)")
#: an unknown outlet between "据" and "报道"
_UNKNOWN = re.compile(
    r"(?:据|據)(?:[\u4e00-\u9fff]{2,4}(?=《))?《?([\u4e00-\u9fffA-Za-z]{2,12}?(?:社|网|網|报|報|电视台|電視台|台|日报|时报|新闻|晚报|周刊|电台))》?"
    r"(?:\d{1,2}日)?(?:记者|記者)?(?:援引[^，。\n]{0,20})?(?:报道|報道|报导|報導|消息|讯)"
)
_BODY = re.compile(
    r"(?:据|據)([\u4e00-\u9fff]{0,10}(?:外交部|公安部|公安厅|公安局|检察院|法院|司法部|移民局|总局|大使馆|警察总署))(?:网站|官网|\d{1,2}日)?(?:消息|通报|公告)"
)
_GENERIC = re.compile(r"外媒|媒体|媒體|当地|當地|多家|本报|本報|本台|本网|情报|通报|汇报|报")


def han_credits(lead: str, mentions: list[Mention]) -> Iterator[tuple[int, int, int, str]]:
    """(rank, start, end, name) of everyone whom a Chinese lead has its report from."""
    if not _HAN.search(lead):
        return
    last: tuple[int, int] | None = None  # rank and end of the name before, for "X、Y"
    for mention in mentions:
        rank = _rank(lead, mention)
        between = lead[last[1] : mention.start] if last else ""
        if rank is None and last is not None and _AND.fullmatch(between):
            rank = last[0]
        last = None
        if rank is not None:
            last = rank, mention.end
            yield rank, mention.start, mention.end, mention.agency.name
    known = {place for one in mentions for place in range(one.start, one.end)}
    for pattern, rank in ((_UNKNOWN, REPORTS), (_BODY, ORIGIN)):
        for match in pattern.finditer(lead):
            if not known & {match.start(1), match.end(1) - 1} and not _GENERIC.match(match[1]):
                yield rank, match.start(1), match.end(1), match[1]


def _rank(lead: str, mention: Mention) -> int | None:
    before, after = lead[max(0, mention.start - 12) : mention.start], lead[mention.end : mention.end + 24]
    if not _HAN.search(before + after):
        return None
    body = mention.agency.kind is AgencyKind.INSTITUTION
    if _CITING.search(before):
        return ORIGIN if body else CITED
    if body:
        return ORIGIN if _BY.search(before) and _OF_BODY.match(after) else None
    if _BY.search(before) or (_CLAUSE.search(before) and _REPORTED.match(after)):
        return REPORTS
    if _TOLD.search(before) and _SPOKE.match(after):
        return REPORTS
    return None
