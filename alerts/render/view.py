"""A digest as the templates show it: texts cleaned and cut to size, times and names in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from alerts.digest import Copy, Digest, DigestEntry, Segment
from alerts.render.cut import around, cut, one_line
from alerts.render.links import safe_link, shown_domain
from alerts.render.words import Words, direction
from alerts.windows import zone_named

_LONGEST_HEADLINE = 220
_LONGEST_LEAD = 560
_LONGEST_QUOTE = 150
_LONGEST_NAME = 60
_LONGEST_LABEL = 160  # may join the names of several concepts
_MOST_REASONS = 5
_MOST_LATE_REASONS = 2
_MOST_COPIES = 8
_MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Layout:
    """How many stories are shown in full, and how many after them as one line each; the rest is counted.

    `late`: how many of those found late are shown.
    """

    full: int
    briefs: int
    late: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """Where a headline leads: an address that may be linked, and whose it is."""

    url: str
    domain: str


@dataclass(frozen=True, slots=True)
class CopyView:
    """One line under "Also in"; `title` only where the outlet used its own words."""

    outlet: str
    link: Link | None
    facts: str
    title: str
    language: str | None
    direction: str


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One line under "Why it is here"."""

    label: str
    quote: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class EntryView:
    """One story, ready to be set."""

    number: int
    topics: str
    relevance: str
    headline: tuple[Segment, ...]
    link: Link | None
    facts: str
    outlet: str
    lead: tuple[Segment, ...]
    why: tuple[ReasonView, ...]
    citing: str
    copies: tuple[CopyView, ...]
    more_copies: str
    language: str | None
    direction: str


@dataclass(frozen=True, slots=True)
class LateView:
    """What one change of the rules found, ready to be set; `more` counts what is not shown."""

    heading: str
    entries: tuple[EntryView, ...]
    more: str


@dataclass(frozen=True, slots=True)
class DigestView:
    """The whole mail, ready to be set."""

    language: str
    title: str
    subject: str
    day: str
    span: str
    summary: str
    entries: tuple[EntryView, ...]
    briefs: tuple[EntryView, ...]
    uncounted: str
    late: tuple[LateView, ...]
    labels: dict[str, str]
    read: str
    silent: str
    why_you: str
    machine: str


def view_of(digest: Digest, layout: Layout, language: str) -> DigestView:
    """The digest in that layout, in the words of that language.

    Raises:
        AlertError: the digest's zone is not known.
    """
    words = Words(language, zone_named(digest.timezone))
    title = one_line(digest.title, _LONGEST_NAME)
    shown = digest.entries[: layout.full + layout.briefs]
    entries = [_entry(n, entry, words) for n, entry in enumerate(shown, start=1)]
    hidden = digest.left_out + len(digest.entries) - len(shown)
    day = words.long_day(digest.window_end)
    return DigestView(
        language=language,
        title=title,
        subject=_subject(digest, title, words),
        day=day,
        span=_span(digest, words),
        summary=_summary(digest, words),
        entries=tuple(entries[: layout.full]),
        briefs=tuple(entries[layout.full :]),
        uncounted=words.say("uncounted", hidden) if hidden else "",
        late=tuple(_late(digest, layout.late, words)),
        labels={name: words.say(name) for name in ("why_here", "also", "in_brief", "late_note")},
        read=_read(digest, words),
        silent=_silent(digest.silent_sources, words),
        why_you=words.say(
            "why_you", title=title, zone=words.zone_name(), offset=words.offset(digest.window_end)
        ),
        machine=words.say("machine") if shown or digest.late else "",
    )


def _late(digest: Digest, most: int, words: Words) -> Iterator[LateView]:
    """What was found late, change by change, so many stories in all."""
    for change in digest.found_late:
        shown = change.entries[:most]
        most -= len(shown)
        hidden = change.left_out + len(change.entries) - len(shown)
        yield LateView(
            heading=words.say("late_heading", day=words.day_near(change.rules_changed_at, digest.window_end)),
            entries=tuple(_late_entry(number, entry, words) for number, entry in enumerate(shown, start=1)),
            more=words.say("late_more", hidden) if hidden else "",
        )


def _late_entry(number: int, entry: DigestEntry, words: Words) -> EntryView:
    """A story found late: shorter than news, and with when it was first seen."""
    view = _entry(number, entry, words)
    seen = words.say("late_seen", at=words.short_day(entry.first_seen_at.astimezone(words.zone).date()))
    return replace(view, facts=_joined((view.facts, seen)), why=view.why[:_MOST_LATE_REASONS])


def _span(digest: Digest, words: Words) -> str:
    """The window; one time when it began and ended in the same minute."""
    end = words.moment(digest.window_end, None)
    if words.moment(digest.window_start, None) == end:
        return words.say("instant", at=end, zone=words.zone_name())
    start, after = (
        words.moment(digest.window_start, None),
        words.moment_after(digest.window_start, digest.window_end),
    )
    return words.say("span", start=start, end=after, zone=words.zone_name())


def _subject(digest: Digest, title: str, words: Words) -> str:
    if not digest.entries:
        day = words.short_day(digest.window_end.astimezone(words.zone).date())
        if digest.late:
            return words.say("subject_late", title=title, day=day, late=words.say("late", digest.late))
        return words.say("subject_quiet", title=title, day=day)
    stories = words.say("stories", len(digest.entries) + digest.left_out)
    headline = one_line("".join(segment.text for segment in digest.entries[0].headline), _LONGEST_HEADLINE)
    return words.say("subject", title=title, stories=stories, headline=headline)


def _summary(digest: Digest, words: Words) -> str:
    """The day in one line."""
    late = words.say("late", digest.late) if digest.late else ""
    if not digest.entries:
        return words.say("quiet_late", late=late) if late else words.say("quiet")
    outlets = {entry.outlet for entry in digest.entries} | {
        c.outlet for e in digest.entries for c in e.copies
    }
    languages = {entry.language for entry in digest.entries} | {
        c.language for e in digest.entries for c in e.copies
    }
    known = languages - {None}
    counts = [words.say("stories", len(digest.entries) + digest.left_out), words.say("outlets", len(outlets))]
    summary = ", ".join([*counts, words.say("languages", len(known))] if known else counts)
    return words.say("summary_late", summary=summary, late=late) if late else summary


def _read(digest: Digest, words: Words) -> str:
    if not digest.sources_read:
        return ""
    return words.say(
        "read",
        articles=words.say("articles", digest.articles_read),
        sources=words.say("sources", digest.sources_read),
    )


def _silent(names: Sequence[str], words: Words) -> str:
    return words.say("silent", len(names), names=_names(names, words)) if names else ""


def _names(names: Sequence[str], words: Words) -> str:
    shown = ", ".join(one_line(name, _LONGEST_NAME) for name in names[:_MOST_NAMES])
    rest = len(names) - _MOST_NAMES
    return words.say("and_more", rest, names=shown) if rest > 0 else shown


def _entry(number: int, entry: DigestEntry, words: Words) -> EntryView:
    facts = (
        one_line(entry.outlet, _LONGEST_NAME),
        one_line(words.country(entry.country), _LONGEST_NAME),
        one_line(words.tongue(entry.language), _LONGEST_NAME),
        words.moment(entry.published_at, entry.precision),
    )
    hidden = len(entry.copies) - _MOST_COPIES
    return EntryView(
        number=number,
        topics=" · ".join(one_line(topic, _LONGEST_NAME) for topic in entry.topics),
        relevance=words.say("relevance", round(100 * min(1.0, max(0.0, entry.score)))),
        headline=cut(entry.headline, _LONGEST_HEADLINE) or (Segment(facts[0]),),
        link=_link(entry.url),
        facts=_joined(facts),
        outlet=facts[0],
        lead=cut(entry.lead, _LONGEST_LEAD),
        why=tuple(
            ReasonView(one_line(reason.label, _LONGEST_LABEL), around(reason.quote, _LONGEST_QUOTE))
            for reason in entry.why[:_MOST_REASONS]
        ),
        citing=words.say("citing", names=_names(entry.credits, words)) if entry.credits else "",
        copies=tuple(_copy(copy, entry, words) for copy in entry.copies[:_MOST_COPIES]),
        more_copies=words.say("more_copies", hidden) if hidden > 0 else "",
        language=_tag(entry.language),
        direction=direction(entry.language),
    )


def _copy(copy: Copy, first: DigestEntry, words: Words) -> CopyView:
    lag = ""
    exact = "day" not in {copy.precision, first.precision}
    if exact and copy.published_at is not None and first.published_at is not None:
        lag = words.lag(first.published_at, copy.published_at)
    own_words = copy.relation == "report"
    facts = (
        words.say("report" if own_words else "reprint"),
        one_line(words.country(copy.country), _LONGEST_NAME) if copy.country != first.country else "",
        one_line(words.tongue(copy.language), _LONGEST_NAME) if copy.language != first.language else "",
        lag,
    )
    return CopyView(
        outlet=one_line(copy.outlet, _LONGEST_NAME),
        link=_link(copy.url),
        facts=_joined(facts),
        title=one_line(copy.title, _LONGEST_HEADLINE) if own_words else "",
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


def _joined(parts: Iterable[str]) -> str:
    return " · ".join(part for part in parts if part)
