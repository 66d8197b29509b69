"""A brief as a document: its sections in order, in the reader's words. Pure; the three forms are set from its answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from alerts.brief import texts
from alerts.brief.blocks import Block, Document, Heading, Paragraph, Run, Voice
from alerts.brief.sections import annex, health, method, quotes, spread, timeline
from alerts.brief.stages import stages
from alerts.brief.values import Brief
from alerts.brief.words import BriefWords, words_for

_MOST_BODIES = 6


def document_of(brief: Brief) -> Document:
    """The brief as a document, in its own language and zone.

    Raises:
        AlertError: there is no brief in that language, or no such zone.
    """
    words = words_for(brief.language, brief.timezone)
    title = texts.name(brief.title)
    days = words.days(brief.first_day, brief.last_day)
    kind = words.say("weekly" if brief.weekly else "brief")
    return Document(
        language=brief.language,
        title=f"{title}: {words.say('period', kind=kind, days=days)}",
        subject=", ".join(texts.name(topic) for topic in brief.method.topics),
        footer=words.say("footer", title=title, days=days),
        page=words.page(),
        day=brief.last_day.isoformat(),
        stamp_s=int(brief.end.timestamp()),
        blocks=tuple(_blocks(brief, words, title, words.say("period", kind=kind, days=days))),
    )


def _blocks(brief: Brief, words: BriefWords, title: str, period: str) -> Iterator[Block]:
    yield Paragraph((Run(title),), Voice.TITLE)
    yield Paragraph((Run(period),), Voice.PERIOD)
    if brief.made_at < brief.end:
        at = words.moment(brief.made_at)
        yield Paragraph((Run(words.say("so_far", at=at, zone=words.zone_name())),), Voice.NOTE)
    yield Heading(words.say("three_week" if brief.weekly else "three_period"))
    for line in (_counted(brief, words), _compared(brief, words), _bodies(brief, words)):
        yield Paragraph((Run(line),), Voice.LEAD)
    if brief.stories:
        yield from stages(brief, words)
        yield from spread(brief, words)
        yield from timeline(brief, words)
        yield from quotes(brief, words)
    yield from health(brief, words)
    yield from method(brief, words)
    yield from annex(brief, words)


def _counted(brief: Brief, words: BriefWords) -> str:
    counts = brief.counts
    if not counts.stories:
        return words.say("nothing", topics=words.names([texts.name(one) for one in brief.method.topics]))
    where = [words.say("in_outlets", counts.outlets)]
    where += [words.say("in_languages", counts.languages)] if counts.languages else []
    where += [words.say("from_countries", counts.countries)] if counts.countries else []
    return words.say(
        "counted",
        stories=words.say("stories", counts.stories),
        articles=words.say("articles", counts.articles),
        spread=", ".join(where),
    )


def _compared(brief: Brief, words: BriefWords) -> str:
    before = brief.before
    if before is None:
        since = brief.read_since
        return words.say("read_since", at=words.moment(since)) if since else words.say("nothing_before")
    days = (brief.last_day - brief.first_day) // timedelta(days=1) + 1
    return words.say(
        "week_before" if brief.weekly else "days_before",
        days,
        stories=words.say("stories", before.stories),
        articles=words.say("articles", before.articles),
        d_stories=words.signed(brief.counts.stories - before.stories),
        d_articles=words.signed(brief.counts.articles - before.articles),
    )


def _bodies(brief: Brief, words: BriefWords) -> str:
    bodies = brief.bodies
    if not bodies.named:
        return words.say("no_bodies")
    named = [f"{texts.name(name)} ({stories})" for name, stories in bodies.named]
    line = words.say("bodies", names=words.names(named, _MOST_BODIES))
    if not bodies.weeks:
        return line
    new = [texts.name(name) for name in bodies.new]
    if not new:
        return f"{line} {words.say('no_new_bodies', bodies.weeks)}"
    return f"{line} {words.say('new_bodies', bodies.weeks, names=words.names(new, _MOST_BODIES))}"
