"""One sitemap, with those it names where it is an index: what in them may be news."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from crawler.novelty import SITEMAP, cutoff_of
from crawler.page import Entry, FailureKind, FeedReport, FeedResult, ListKind
from crawler.sitemaps import Child, ParsedSitemap, by_promise, parse_sitemap
from crawler.spiders.lists import Answer, Job, ListAsk, Reading, Trip, gave_nothing, read_document, span_of
from crawler.urls import identity

_ACCEPT = "application/xml,text/xml;q=0.9,application/gzip;q=0.9,text/plain;q=0.8,*/*;q=0.5"
#: documents read for one sitemap in one visit, and how deep indexes may name indexes
MAX_DOCUMENTS = 30
MAX_DEPTH = 3
#: an index with no more sitemaps is read whole every time: asked conditionally, that costs next to nothing
FEW = 5
#: entries compared with the ledger in one visit
MAX_ENTRIES = 50_000


@dataclass(slots=True)
class _Survey:
    """What the documents said so far.

    Attributes:
        waiting: sitemaps still to be read, with their depth and whether they may hold news.
        doubtful: something was left out that an unchanged index would hide the next time.
    """

    cutoff: datetime
    waiting: deque[tuple[int, Child, bool]] = field(default_factory=deque)
    asked: set[str] = field(default_factory=set)
    entries: list[Entry] = field(default_factory=list)
    parts: list[FeedReport] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    listed: int = 0
    doubtful: bool = False


async def read_sitemap(trip: Trip, url: str) -> Reading:
    """The sitemap's entries that may be news, and its report.

    Raises:
        StoppedError: the crawl is to stop; the sitemap was not read.
    """
    survey = _Survey(cutoff_of(trip.visit, trip.tour.clock()))
    survey.asked.add(identity(url))
    root = await _document(trip, url, survey)
    if root.value is None:
        return Reading(root.report)
    _note(trip, survey, root.value, 0)
    while survey.waiting and not _is_enough(trip, url, survey):
        depth, child, _ = survey.waiting.popleft()
        if identity(child.url) not in survey.asked:
            await _read_child(trip, child, depth, survey)
    survey.doubtful |= any(promising for _, _, promising in survey.waiting)
    report = _whole(root.report, root.value, survey)
    return Reading(report, tuple(survey.entries), SITEMAP, tuple(survey.parts), len(survey.asked))


async def _document(trip: Trip, url: str, survey: _Survey) -> Answer[ParsedSitemap]:
    job = Job(parse_sitemap, (survey.cutoff,))
    conditional = trip.visit.since is None
    return await read_document(trip, ListAsk(url, ListKind.SITEMAP, _ACCEPT, conditional), lambda _: job)


async def _read_child(trip: Trip, child: Child, depth: int, survey: _Survey) -> None:
    survey.asked.add(identity(child.url))
    answer = await _document(trip, child.url, survey)
    said = answer.value
    if said is not None and said.kind:
        survey.parts.append(replace(answer.report, entries=said.listed, detail=said.problem or ""))
        _note(trip, survey, said, depth)
    elif answer.report.result is FeedResult.NOT_MODIFIED:
        survey.parts.append(answer.report)
    else:
        why = answer.report.detail or (said.problem if said else "") or "not a sitemap"
        survey.problems.append(f"{child.url}: {why}")


def _note(trip: Trip, survey: _Survey, said: ParsedSitemap, depth: int) -> None:
    """Add what a sitemap says; what an index names is put before what waits already."""
    room = MAX_ENTRIES - len(survey.entries)
    survey.entries += said.entries[:room]
    survey.listed += said.listed if said.kind != "index" else 0
    if said.kind != "index" or depth >= MAX_DEPTH:
        return
    promising, others = by_promise(said.children, survey.cutoff, trip.tour.clock())
    survey.doubtful |= any(child.changed is None for child in said.children)
    ahead = [(depth + 1, child, True) for child in promising]
    survey.waiting.extendleft(reversed(ahead))
    survey.waiting.extend((depth + 1, child, len(said.children) <= FEW) for child in others)


def _is_enough(trip: Trip, url: str, survey: _Survey) -> bool:
    """Whether to stop: at the bounds, or before sitemaps that are likely to hold nothing new."""
    if len(survey.asked) >= MAX_DOCUMENTS or len(survey.entries) >= MAX_ENTRIES:
        return True
    if survey.waiting[0][2]:
        return False
    was_read = url in trip.visit.read_before
    return was_read or len(survey.entries) >= SITEMAP.at_first


def _whole(report: FeedReport, root: ParsedSitemap, survey: _Survey) -> FeedReport:
    """The report of the sitemap with all it names; an index is remembered only when its dates tell what changed."""
    if not root.kind:
        return gave_nothing(report, FailureKind.PARSE, root.problem or "not a sitemap")
    if root.kind == "index" and not survey.parts:
        return gave_nothing(
            report, FailureKind.PARSE, _in_words(survey.problems) or "an index that names no sitemap"
        )
    if root.listed == 0 and root.kind not in (
        "news",
        "index",
    ):  # two days without news leave a news sitemap empty
        return gave_nothing(report, FailureKind.EMPTY, root.problem or "a sitemap without URLs")
    validators = None if survey.doubtful or survey.problems else report.validators
    said = [root.problem] if root.problem else []
    detail = "; ".join([*said, _in_words(survey.problems)]).strip("; ")
    span_s = span_of(tuple(survey.entries))
    return replace(report, entries=survey.listed, validators=validators, detail=detail, span_s=span_s)


def _in_words(problems: Sequence[str]) -> str:
    if not problems:
        return ""
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"not read: {problems[0]}{more}"
