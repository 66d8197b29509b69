"""Whom a text says it has its report from: nearest first, origin last. Every pattern is linear; spans are exact."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.article import Credit
from pipeline.extract import cues
from pipeline.extract.agencies import (
    AgencyKind,
    Mention,
    find_mentions,
    fold_letters,
    folded,
    usual_name,
)
from pipeline.extract.cited_names import (
    Cited,
    any_name_at,
    body_at,
    marked_name_at,
    quoted_name_at,
)
from pipeline.extract.datelines import head_marks, tail_marks
from pipeline.extract.hanzi_credits import han_credits

#: credits stand in the lead and in the last lines; deeper ones belong to single statements
_HEAD_CHARS, _ORIGIN_CHARS, _GAP, _MAX_CREDITS = 1_600, 900, 70, 6
_MAX_CUES = 60
# ranks: who carried it, who reports it, whom they cite, the body it all comes from
CARRIED, REPORTS, CITED, ORIGIN = 0, 1, 2, 3

_AND = re.compile(
    r"(?:[^\W\d_]{1,4})?[»“”\"]{0,2}\s?(?:,|\s(?:and|и|і|et|y|und|və)|،?\sو)\s?(?:the\s|l'|la\s|die\s)?[«„“\"]?"
)
_NO_GENITIVE = re.compile(r"[^.,;:()\n]{0,45}")
_WORD_END = re.compile(r"[\w’'»“”\"-]{0,12}\s?")
_CLAUSE = re.compile(r"[,.;:\n—–]")
_STATEMENT = re.compile(r"\s(?:in\sa\s(?:statement|report)|on\s[A-Z]\w+day)")
_QUOTE_BEHIND = re.compile(r"[«„“\"]([^\W\d_a-z][^«»„“”\"\n]{1,50})$")
_DOMAIN_BEHIND = re.compile(r"(?<![\w.@/-])((?:[A-Za-z0-9-]{2,30}\.){1,2}[A-Za-z]{2,5})$")
_OUTLET_BEHIND = re.compile(r"(?:^|[,.\n]\s?)(?:the\s)?((?:[A-Z][\w'’&-]{1,20}\s){0,3}[A-Z][\w'’&-]{1,20})$")
_AZ_BODY = re.compile(
    r"((?:[A-ZƏÇĞİÖŞÜ][\w'’-]{0,24}\s){0,5}(?:[Mm]ətbuat\s(?:xidmət|mərkəz)|[Nn]azirliy|Komitəs|Xidmət|İdarəs|Prokurorluğ)(?:i|u)"
    r"(?:nin|nun)?(?:\s[Mm]ətbuat\sxidməti)?(?:nə|na|ndən|ndan|nin)?)\s(?:verilən\s|daxil\solan\s)?$"
)


@dataclass(frozen=True, slots=True)
class _Found:
    rank: int
    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class _Lead:
    """The lead in which credits are looked for; `plain` is as long as `text`; origins are named up to `origin_end`."""

    text: str
    plain: str
    mentions: list[Mention]
    starts: list[int]
    origin_end: int


def read_credits(
    text: str,
    authors: tuple[str, ...],
    own_names: list[str],
    agencies: tuple[str, ...] = (),
    sources: tuple[str, ...] = (),
) -> tuple[Credit, ...]:
    """Credits of a text and its byline, each source once; the outlet's own names are left out.

    `agencies` are those of the byline; an agency among the `authors` counts as well. `sources` are named on a line of their own
    ("Source: X"): what the text says of the same name goes before.
    """
    own = {folded(name) for name in own_names} | {folded(usual_name(name) or name) for name in own_names}
    signed: dict[str, Credit] = {}
    kept: dict[str, Credit] = {}
    for author in (*agencies, *authors):
        name = usual_name(author)
        if name and folded(name) not in own:
            signed.setdefault(folded(name), Credit(name, author, -1, -1))
    for found in sorted(_find(text), key=lambda one: (one.rank, one.start)):
        printed = text[found.start : found.end]
        name = usual_name(found.name) or found.name
        if folded(name) in own or folded(printed) in own or not folded(name):
            continue
        if any(one.start <= found.start and found.end <= one.end for one in kept.values()):
            continue  # part of a name that is credited already
        kept.setdefault(folded(name), Credit(name, printed, found.start, found.end))
    for source in sources:
        name = usual_name(source) or source
        if folded(name) not in own and folded(name) not in kept:
            signed.setdefault(folded(name), Credit(name, source, -1, -1))
    # the text itself is the better evidence of who signs it
    first = [kept.pop(key, credit) for key, credit in signed.items()]
    return (*first, *kept.values())[:_MAX_CREDITS]


def _find(text: str) -> Iterator[_Found]:
    lead = _lead(text)
    for mark in (*head_marks(text, lead.mentions), *tail_marks(text)):
        yield _Found(CITED if mark.origin else CARRIED, mark.start, mark.end, mark.name)
    # no newsroom needs more of a kind in one lead
    said = cues.find_cues(lead.plain, _MAX_CUES)
    for cue in said.get(cues.CITING, ()):
        yield from _named_after(lead, cue, CITED)
    for cue in said.get(cues.BEFORE, ()):
        yield from _named_after(lead, cue, REPORTS)
    for cue in (*said.get(cues.TOLD, ()), *said.get(cues.SPOKEN_TO, ())):
        yield from _mentioned_after(lead, cue.end(), REPORTS, only_media=True)
    for cue in said.get(cues.AFTER, ()):
        yield from _named_before(lead, cue, REPORTS)
    for cue in said.get(cues.CITED_BEFORE, ()):
        yield from _named_before(lead, cue, CITED)
    yield from _press_services(lead)
    for rank, start, end, name in han_credits(lead.text, lead.mentions):
        yield _Found(rank, start, end, name)


def _press_services(lead: _Lead) -> Iterator[_Found]:
    if "-службе" not in lead.plain:
        return
    for match in cues.PRESS_SERVICE.finditer(lead.plain, 0, lead.origin_end):
        if body := body_at(lead.text, match.start(1)):
            yield _cited(body, ORIGIN)


def _lead(text: str) -> _Lead:
    head = text[:_HEAD_CHARS]
    plain = fold_letters(head)
    mentions = find_mentions(head, plain)
    first = head.find("\n")
    second = head.find("\n", first + 1) if first >= 0 else -1
    origin_end = min(second if second >= 0 else len(head), _ORIGIN_CHARS)
    return _Lead(head, plain, mentions, [one.start for one in mentions], origin_end)


def _cited(name: Cited, rank: int) -> _Found:
    return _Found(rank, name.start, name.end, name.name)


def _named_after(lead: _Lead, cue: re.Match[str], rank: int) -> Iterator[_Found]:
    """Whoever is named behind a cue: of the gazetteer, else a body, else what is marked as an outlet's name."""
    known = list(_mentioned_after(lead, cue.end(), rank, only_media=False))
    if known:
        yield from known
        return
    into = cues.LEAD_IN.match(lead.plain, cue.end())
    at = into.end() if into else cue.end()
    medium = into["medium"] if into else None
    if medium and (own := cues.OWN_MEDIUM.search(lead.text, at - len(medium), at)):
        at = own.start()  # "the Daily Example": the kind of paper is part of its name
    if at >= len(lead.text) or cues.UNNAMED.match(lead.plain, at):
        return
    if body := body_at(lead.text, at):
        if at <= lead.origin_end:
            yield _cited(body, ORIGIN)
        return
    name = _unknown_at(lead, cue, at, medium=bool(medium))
    if name is not None and not cues.UNNAMED.match(lead.plain, name.start):
        yield _cited(name, rank)


def _unknown_at(lead: _Lead, cue: re.Match[str], at: int, *, medium: bool) -> Cited | None:
    weak = cues.WEAK.match(cue[0]) is not None
    if not weak or medium:
        if quoted := quoted_name_at(lead.text, at):
            return quoted
        if marked := marked_name_at(lead.text, at):
            return marked
    if medium or (cues.SURE.match(cue[0]) and at <= lead.origin_end):
        return any_name_at(lead.text, at)
    return None


def _mentioned_after(lead: _Lead, at: int, rank: int, *, only_media: bool) -> Iterator[_Found]:
    place = bisect_left(lead.starts, at)
    if place >= len(lead.mentions):
        return
    mention = lead.mentions[place]
    gap = lead.plain[at : mention.start]
    if len(gap) > _GAP or not (
        cues.BETWEEN.fullmatch(gap) or (rank == CITED and _NO_GENITIVE.fullmatch(gap))
    ):
        return
    while True:
        if not (mention.everyday and not cues.CLAUSE_END.match(lead.plain, mention.end)):
            yield from _mentioned(lead, mention, rank, only_media=only_media)
        place += 1
        if place >= len(lead.mentions) or not _AND.fullmatch(
            lead.plain[mention.end : lead.mentions[place].start]
        ):
            return
        mention = lead.mentions[place]


def _mentioned(lead: _Lead, mention: Mention, rank: int, *, only_media: bool) -> Iterator[_Found]:
    if mention.agency.kind is AgencyKind.INSTITUTION:
        if only_media or mention.start > lead.origin_end:
            return
        rank = ORIGIN
    yield _Found(rank, mention.start, mention.end, mention.agency.name)


def _named_before(lead: _Lead, cue: re.Match[str], rank: int) -> Iterator[_Found]:
    if cues.ITSELF.match(lead.plain, cue.end()):
        return
    place = bisect_left(lead.starts, cue.start()) - 1
    spoken = cue[0] in {"said", "says", "announced", "confirmed"}
    for one in reversed(lead.mentions[max(0, place - 2) : place + 1]):
        gap = lead.plain[one.end : cue.start()]
        if rank == REPORTS and cues.ONLY_CITED.match(gap):
            continue
        if len(gap) <= 2 * _GAP and cues.BEHIND.fullmatch(gap):
            if rank == CITED or _may_report(lead, one, cue):
                yield from _mentioned(lead, one, rank, only_media=False)
            break
    else:
        yield from _unknown_before(lead, cue, rank, spoken=spoken)
        return
    yield from _az_body_before(lead, cue)


def _may_report(lead: _Lead, mention: Mention, cue: re.Match[str]) -> bool:
    """Whether a name before a verb reports, rather than being part of another phrase or speaking for itself."""
    before = lead.plain[max(0, mention.start - 20) : mention.start]
    if mention.agency.kind is AgencyKind.INSTITUTION:
        return _is_attribution(lead, mention.start, cue)
    if not mention.everyday:
        return True
    return bool(cues.CLAUSE_START.search(before) and cues.CLAUSE_END.match(lead.plain, cue.end()))


def _is_attribution(lead: _Lead, start: int, cue: re.Match[str]) -> bool:
    """Whether "X said" closes a sentence of the lead, or opens the text with a statement."""
    before = lead.text[max(0, start - 6) : start]
    bare = before.removesuffix("the ").removesuffix("The ").rstrip()
    if bare.endswith((",", "”", '"', "”,")):
        return True
    return not lead.text[:start].strip(" Tthe") and _STATEMENT.match(lead.text, cue.end()) is not None


def _unknown_before(lead: _Lead, cue: re.Match[str], rank: int, *, spoken: bool) -> Iterator[_Found]:
    from_ = max(0, cue.start() - 160)
    before = lead.text[from_ : cue.start()].rstrip()
    if spoken or cue[0] == "reported":
        yield from _body_before(lead, cue)
    if spoken:
        return
    yield from _az_body_before(lead, cue)
    domain = _DOMAIN_BEHIND.search(before)
    if domain is not None:
        yield _Found(rank, from_ + domain.start(1), from_ + domain.end(1), domain[1])
        return
    close = max(before.rfind(mark) for mark in '»”“"')
    gap = lead.plain[from_ + close : cue.start()]
    if close > 0 and "," not in gap and cues.BEHIND.fullmatch(gap):
        if quoted := _QUOTE_BEHIND.search(before[:close]):
            yield _Found(rank, from_ + quoted.start(1), from_ + quoted.end(1), quoted[1])
        return
    outlet = _OUTLET_BEHIND.search(before)
    if (
        outlet is not None
        and cue[0] in {"reports", "reported"}
        and _is_outlet(lead, from_ + outlet.start(1), cue)
    ):
        yield _Found(rank, from_ + outlet.start(1), from_ + outlet.end(1), outlet[1])


def _is_outlet(lead: _Lead, start: int, cue: re.Match[str]) -> bool:
    rest = lead.plain[cue.end() : cue.end() + 12]
    return rest.startswith((", citing", " citing", ", quoting")) or (
        marked_name_at(lead.text, start) is not None
        and cues.CLAUSE_END.match(lead.plain, cue.end()) is not None
    )


def _body_before(lead: _Lead, cue: re.Match[str]) -> Iterator[_Found]:
    """The body in ", the Ministry of Justice said on Friday"."""
    if cue.start() > lead.origin_end:
        return
    from_ = max(0, cue.start() - 110)
    cuts = list(_CLAUSE.finditer(lead.text, from_, cue.start()))
    start = cuts[-1].end() if cuts else from_
    segment = lead.text[start : cue.start()]
    start += len(segment) - len(segment.lstrip(' "”'))
    if lead.plain.startswith("the ", start):
        start += 4
    body = body_at(lead.text, start)
    if body and lead.text[body.end : cue.start()].strip() == "" and _is_attribution(lead, start, cue):
        yield _cited(body, ORIGIN)


def _az_body_before(lead: _Lead, cue: re.Match[str]) -> Iterator[_Found]:
    if cue.start() > lead.origin_end:
        return
    from_ = max(0, cue.start() - 120)
    found = _AZ_BODY.search(lead.text, from_, cue.start())
    if found is None:
        return
    start = found.start(1)
    for one in lead.mentions:
        if start <= one.start and one.end < found.end(1) and one.agency.kind is not AgencyKind.INSTITUTION:
            behind = _WORD_END.match(lead.text, one.end)  # its case ending
            start = behind.end() if behind else one.end
    if body := body_at(lead.text, start):
        yield _cited(body, ORIGIN)
