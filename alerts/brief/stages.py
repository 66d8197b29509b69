"""The table of stories, by how far each act has come where that is known."""

from __future__ import annotations

from collections.abc import Iterator

from alerts.brief import texts
from alerts.brief.blocks import Block, Cell, Column, Group, Heading, Line, Run, Table
from alerts.brief.values import Brief, BriefStory
from alerts.brief.words import BriefWords
from alerts.digest import DigestEntry, Stage

#: what is done first, then what is under way, then what came to nothing
_ORDER = (
    Stage.IN_FORCE,
    Stage.RATIFIED,
    Stage.SIGNED,
    Stage.ADOPTED,
    Stage.ADOPTED_COMMITTEE,
    Stage.NEGOTIATED,
    Stage.TABLED,
    Stage.ANNOUNCED,
    Stage.REJECTED,
)
_NONE = Cell(((Run("–", quiet=True),),))


def stages(brief: Brief, words: BriefWords) -> Iterator[Block]:
    """The section: one table, its rows grouped by stage; without groups when no stage is known."""
    staged = any(story.entry.stage for story in brief.stories)
    yield Heading(words.say("by_stage" if staged else "told"))
    yield Table(
        caption=words.say("cap_stages"),
        columns=(
            Column(words.say("story"), 42),
            Column(words.say("body"), 17),
            Column(words.say("date"), 13),
            Column(words.say("first_report"), 17),
            Column(words.say("outlets"), 11, number=True),
        ),
        groups=tuple(_groups(brief, words)) if staged else (Group("", _rows(brief.stories, words)),),
    )


def _groups(brief: Brief, words: BriefWords) -> Iterator[Group]:
    for stage in (*_ORDER, None):
        chosen = tuple(story for story in brief.stories if story.entry.stage is stage)
        if chosen:
            head = words.say(f"stage_{stage.value}" if stage else "stage_unknown")
            yield Group(head, _rows(chosen, words))


def _rows(stories: tuple[BriefStory, ...], words: BriefWords) -> tuple[tuple[Cell, ...], ...]:
    return tuple(_row(story, words) for story in stories)


def _row(story: BriefStory, words: BriefWords) -> tuple[Cell, ...]:
    entry = story.entry
    bodies = tuple((Run(texts.name(body)),) for body in story.bodies)
    return (
        Cell(tuple(_told(story, words))),
        Cell(bodies) if bodies else _NONE,
        Cell(((Run(_when(entry, words)),),)),
        Cell(tuple(_first(entry, words))),
        Cell(((Run(str(outlets_of(entry))),),), number=True),
    )


def _told(story: BriefStory, words: BriefWords) -> Iterator[Line]:
    entry = story.entry
    yield (texts.linked(texts.plain(entry.headline), entry.url, entry.language),)
    facts = [texts.name(words.tongue(entry.language))] if entry.language not in {words.language, None} else []
    facts += [words.say("continued")] if story.continued else []
    if facts:
        yield (Run(" · ".join(facts), quiet=True),)
    if entry.warning:
        yield (Run(words.say(f"warning_{entry.warning.value}"), quiet=True),)


def _first(entry: DigestEntry, words: BriefWords) -> Iterator[Line]:
    first = entry.first
    outlet, url = (first.outlet, first.url) if first else (entry.outlet, entry.url)
    yield (texts.linked(outlet, url, limit=texts.LONGEST_NAME),)
    country = words.country(entry.country) if entry.country and not first else ""
    if country:
        yield (Run(texts.name(country), quiet=True),)


def _when(entry: DigestEntry, words: BriefWords) -> str:
    if entry.published_at is None:
        return words.short_day(entry.first_seen_at.astimezone(words.zone).date())
    return words.moment(entry.published_at, entry.precision)


def outlets_of(entry: DigestEntry) -> int:
    """Outlets that carry the story: as counted, else those shown."""
    return max(entry.outlets, len({entry.outlet, *(copy.outlet for copy in entry.copies)}))
