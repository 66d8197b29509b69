"""One story as the templates show it: texts cleaned and cut to size, names and times in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from alerts import digest as told
from alerts.digest import Copy, DigestEntry, Discrepancy, Segment, Stage, StoryUpdate
from alerts.render.cut import around, cut, one_line
from alerts.render.links import safe_link, shown_domain
from alerts.render.page import (
    CopyView,
    DiscrepancyView,
    EntryView,
    Link,
    ReasonView,
    SpreadView,
    StageView,
)
from alerts.render.words import Words, direction, opened

LONGEST_HEADLINE = 220
LONGEST_NAME = 60
_LONGEST_LEAD = 560
_LONGEST_UPDATE_LEAD = 280
_LONGEST_QUOTE = 150
_LONGEST_LABEL = 160  # may join the names of several concepts
_MOST_REASONS = 5
_MOST_SIDE_REASONS = 2  # of an update or a late find
_MOST_COPIES = 8
_MOST_SIDE_COPIES = 3
_MOST_NAMES = 8
_MOST_TOPICS = 6
_MOST_DISCREPANCIES = 4
_MOST_VERSIONS = 4

#: an act on its way, one body's vote before the end, one that stands, one that fell
_TONES = {
    Stage.ANNOUNCED: "early",
    Stage.TABLED: "early",
    Stage.NEGOTIATED: "early",
    Stage.ADOPTED_COMMITTEE: "near",
    Stage.REJECTED: "ended",
}
_STAGES = frozenset(stage.value for stage in Stage)
_KNOWN_POINTS = frozenset({"date", "votes", "sponsors", "stage"})


def entry_view(number: int, entry: DigestEntry, words: Words, most_copies: int = _MOST_COPIES) -> EntryView:
    """A story of the news."""
    outlet = one_line(entry.outlet, LONGEST_NAME)
    facts = (
        one_line(words.country(entry.country), LONGEST_NAME),
        one_line(words.tongue(entry.language), LONGEST_NAME),
        words.moment(entry.published_at, entry.precision),
    )
    hidden = len(entry.copies) - most_copies
    return EntryView(
        number=number,
        topics=joined(one_line(topic, LONGEST_NAME) for topic in entry.topics[:_MOST_TOPICS]),
        relevance=words.say("relevance", round(100 * min(1.0, max(0.0, entry.score)))),
        headline=cut(entry.headline, LONGEST_HEADLINE) or (Segment(outlet),),
        link=_link(entry.url),
        outlet=outlet,
        facts=joined(facts),
        stage=_stage(entry.stage, words),
        warning=_warning(entry.warning, words),
        spread=_spread(entry, words),
        lead=cut(entry.lead, _LONGEST_LEAD),
        why=tuple(
            ReasonView(one_line(reason.label, _LONGEST_LABEL), around(reason.quote, _LONGEST_QUOTE))
            for reason in entry.why[:_MOST_REASONS]
        ),
        citing=words.say("citing", names=names_of(entry.credits, words)) if entry.credits else "",
        discrepancies=tuple(
            view
            for one in entry.discrepancies[:_MOST_DISCREPANCIES]
            if (view := _discrepancy(one, words)) is not None
        ),
        copies=tuple(_copy(copy, entry, words) for copy in entry.copies[:most_copies]),
        more_copies=words.say("more_copies", hidden) if hidden > 0 else "",
        language=_tag(entry.language),
        direction=direction(entry.language),
    )


def update_view(number: int, update: StoryUpdate, day: str, words: Words) -> EntryView:
    """More about a story told before: shorter than news, under the headline that readers know."""
    view = entry_view(number, update.entry, words, _MOST_SIDE_COPIES)
    return replace(
        view,
        lead=cut(update.entry.lead, _LONGEST_UPDATE_LEAD),
        why=view.why[:_MOST_SIDE_REASONS],
        told=words.say("told", day=day),
        earlier=one_line(update.earlier_headline, LONGEST_HEADLINE),
    )


def late_view(number: int, entry: DigestEntry, words: Words) -> EntryView:
    """A story found late: shorter than news, and with when it was first seen."""
    view = entry_view(number, entry, words)
    seen = words.say("late_seen", at=words.short_day(entry.first_seen_at.astimezone(words.zone).date()))
    return replace(view, facts=joined((view.facts, seen)), why=view.why[:_MOST_SIDE_REASONS])


def names_of(names: Sequence[str], words: Words) -> str:
    """Names in a row, those beyond the eighth as a number."""
    shown = ", ".join(one_line(name, LONGEST_NAME) for name in names[:_MOST_NAMES])
    rest = len(names) - _MOST_NAMES
    return words.say("and_more", rest, names=shown) if rest > 0 else shown


def joined(parts: Iterable[str]) -> str:
    """What there is of the parts, in one line."""
    return " · ".join(part for part in parts if part)


def _stage(stage: Stage | None, words: Words) -> StageView | None:
    if stage is None:
        return None
    return StageView(words.say("stage", stage=words.say(f"stage_{stage}")), _TONES.get(stage, "done"))


def _warning(warning: told.Warning | None, words: Words) -> str:
    return words.say(f"warning_{warning}") if warning is not None else ""


def _spread(entry: DigestEntry, words: Words) -> SpreadView | None:
    """None when nobody had it before and no other outlet carries it."""
    counts = [words.say("outlets", entry.outlets)] if entry.outlets > 1 else []
    if counts and entry.origins > 0:
        counts.append(words.say("origins", entry.origins))
    first = entry.first
    if first is None:
        return SpreadView("", "", None, "", ", ".join(counts)) if counts else None
    if first.lead_s is not None and first.lead_s >= 30:  # below that it is no minute
        before, behind = words.around("first_lead", "outlet", lag=words.stretch(first.lead_s))
    else:
        before, behind = words.around("first", "outlet")
    return SpreadView(
        before, one_line(first.outlet, LONGEST_NAME), _link(first.url), behind, ", ".join(counts)
    )


def _discrepancy(one: Discrepancy, words: Words) -> DiscrepancyView | None:
    """None for a point on which nobody differs."""
    if len(one.said) < 2:
        return None
    known = one.what in _KNOWN_POINTS
    what = words.say(f"differ_{one.what}") if known else opened(one_line(one.what, LONGEST_NAME))
    versions = tuple(
        (_version(one.what, said, words), names_of(outlets, words))
        for said, outlets in one.said[:_MOST_VERSIONS]
    )
    return DiscrepancyView(what, versions)


def _version(what: str, said: str, words: Words) -> str:
    if what == "stage" and said in _STAGES:
        return words.say(f"stage_{Stage(said)}")
    return one_line(said, _LONGEST_LABEL)


def _copy(copy: Copy, first: DigestEntry, words: Words) -> CopyView:
    lag = ""
    exact = "day" not in {copy.precision, first.precision}
    if exact and copy.published_at is not None and first.published_at is not None:
        lag = words.lag(first.published_at, copy.published_at)
    own_words = copy.relation == "report"
    facts = (
        words.say("report" if own_words else "reprint"),
        one_line(words.country(copy.country), LONGEST_NAME) if copy.country != first.country else "",
        one_line(words.tongue(copy.language), LONGEST_NAME) if copy.language != first.language else "",
        lag,
    )
    return CopyView(
        outlet=one_line(copy.outlet, LONGEST_NAME),
        link=_link(copy.url),
        facts=joined(facts),
        title=one_line(copy.title, LONGEST_HEADLINE) if own_words else "",
        language=_tag(copy.language),
        direction=direction(copy.language),
    )


def _link(url: str) -> Link | None:
    safe = safe_link(url)
    return Link(safe, shown_domain(safe)) if safe else None


def _tag(language: str | None) -> str | None:
    """A language tag fit for an attribute; None when it is none."""
    if language and language.isascii() and language.replace("-", "").isalnum() and len(language) <= 20:
        return language
    return None
