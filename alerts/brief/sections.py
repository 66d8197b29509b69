"""The sections after the table of stories: spread, day by day, quotations, sources, method, annex."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from alerts.brief import texts
from alerts.brief.blocks import (
    Block,
    Cell,
    Column,
    Group,
    Heading,
    Items,
    Line,
    Paragraph,
    Quotation,
    Run,
    Table,
    Voice,
)
from alerts.brief.values import Brief, BriefStory, ListedStory, Method, Share, SourceState
from alerts.brief.words import BriefWords
from alerts.digest import DigestEntry

_MOST_SHARES = 12
_MOST_QUOTES = 12
_MOST_FAILING = 30


def spread(brief: Brief, words: BriefWords) -> Iterator[Block]:
    """Where coverage came from: countries, languages, outlets."""
    counts, found = brief.counts, brief.spread
    yield Heading(words.say("spread"))
    yield from _shares(
        "country", found.countries, len(found.countries), words.country, counts.articles, words
    )
    yield from _shares(
        "language", found.languages, len(found.languages), words.tongue, counts.articles, words
    )
    yield from _shares(
        "outlet", found.outlets, counts.outlets, lambda key: key or "–", counts.articles, words
    )


def _shares(
    what: str,
    shares: Sequence[Share],
    known: int,
    said: Callable[[str | None], str],
    articles: int,
    words: BriefWords,
) -> Iterator[Block]:
    shown = shares[:_MOST_SHARES]
    if all(share.key is None for share in shown):
        return
    most = max((share.articles for share in shown), default=1)
    plural = {"country": "countries", "language": "languages", "outlet": "outlets"}[what]
    rows = tuple(
        (
            _cell(texts.name(said(share.key))),
            _number(share.articles),
            _number(share.stories),
            _number(words.say("bar", round(100 * share.articles / max(1, articles)))),
            Cell(bar=share.articles / max(1, most)),
        )
        for share in shown
    )
    columns = (
        Column(words.say(what), 32),
        Column(words.say("articles_head"), 13, number=True),
        Column(words.say("stories_head"), 13, number=True),
        Column(words.say("share"), 10, number=True),
        Column("", 32),
    )
    yield Heading(words.say(f"by_{what}"), 3)
    yield Table(words.say(f"cap_{plural}"), columns, (Group("", rows),), small=True)
    if known > len(shown):
        yield _note(words.say("more_rows", known - len(shown)))


def timeline(brief: Brief, words: BriefWords) -> Iterator[Block]:
    """What happened day by day, oldest first; days without stories in one line."""
    yield Heading(words.say("timeline"))
    counted = {day.day: day.articles for day in brief.days}
    by_day: dict[date, list[BriefStory]] = {}
    for story in brief.stories:
        by_day.setdefault(story.day, []).append(story)
    quiet, more = [], []
    for day in sorted({*counted, *by_day}):
        articles, named = counted.get(day, 0), words.long_day(day)
        head = words.say("day_articles", day=named, articles=words.say("articles", articles))
        if day in by_day:
            yield Heading(head if articles else named, 3)
            yield Items(tuple(_happened(story) for story in by_day[day]))
        elif articles:
            more.append(head)
        else:
            quiet.append(named)
    if more:
        yield _note(words.say("day_more", days="; ".join(more)))
    if quiet:
        yield _note(words.say("day_quiet", len(quiet), days="; ".join(quiet)))


def _happened(story: BriefStory) -> Line:
    entry = story.entry
    return (
        texts.linked(texts.plain(entry.headline), entry.url, entry.language),
        Run(f" · {texts.name(entry.outlet)}", quiet=True),
    )


def quotes(brief: Brief, words: BriefWords) -> Iterator[Block]:
    """The best sentence of each of the first stories."""
    quoted = [story for story in brief.stories if texts.plain(story.quote).strip()][:_MOST_QUOTES]
    if not quoted:
        return
    yield Heading(words.say("quotes"))
    yield _note(words.say("quotes_note"))
    for story in quoted:
        entry = story.entry
        source = [texts.linked(entry.outlet, entry.url, limit=texts.LONGEST_NAME)]
        facts = [texts.domain(entry.url), words.country(entry.country) if entry.country else ""]
        facts.append(_day(entry, words))
        source.append(Run("".join(f" · {texts.name(fact)}" for fact in facts if fact), quiet=True))
        yield Quotation(texts.quoted(story.quote, entry.language), tuple(source))


def _day(entry: DigestEntry, words: BriefWords) -> str:
    at, precision = entry.published_at, entry.precision
    if at is None:
        at, precision = entry.first_seen_at, None
    return words.short_day(words.day_of(at, precision))


def health(brief: Brief, words: BriefWords) -> Iterator[Block]:
    """How the sources do."""
    state = brief.health
    yield Heading(words.say("health"))
    said = [words.say("health_read", state.known, read=state.read, known=state.known)]
    if state.last_success_at is None:
        said.append(words.say("health_never"))
    else:
        said.append(words.say("health_last", at=words.moment(state.last_success_at)))
    if state.known and not state.failing:
        said.append(words.say("health_fine"))
    yield Paragraph((Run(" ".join(said)),))
    if state.failing:
        yield Heading(words.say("failing"), 3)
        yield _failing(state.failing, words)
        if len(state.failing) > _MOST_FAILING:
            yield _note(words.say("more_rows", len(state.failing) - _MOST_FAILING))
    if state.silent:
        names = words.names([texts.name(one.name) for one in state.silent])
        yield Paragraph((Run(words.say("silent", len(state.silent), names=names)),))


def _failing(failing: Sequence[SourceState], words: BriefWords) -> Table:
    rows = tuple(
        (
            _cell(texts.name(one.name)),
            _cell(words.moment(one.last_success_at) if one.last_success_at else words.say("never")),
            _number(one.failures),
        )
        for one in failing[:_MOST_FAILING]
    )
    columns = (
        Column(words.say("outlet"), 45),
        Column(words.say("last_success"), 30),
        Column(words.say("visits"), 25, number=True),
    )
    return Table(words.say("cap_failing"), columns, (Group("", rows),), small=True)


def method(brief: Brief, words: BriefWords) -> Iterator[Block]:
    """How the stories were chosen."""
    chosen = brief.method
    yield Heading(words.say("method"))
    yield Paragraph(
        (
            Run(
                words.say(
                    "method_chosen",
                    start=words.moment(brief.start),
                    end=words.moment(brief.end),
                    zone=words.zone_name(),
                    offset=words.offset(brief.start),
                    topics=words.names([texts.name(topic) for topic in chosen.topics]),
                )
            ),
        )
    )
    said = [
        words.say(
            "method_read",
            articles=words.say("articles", chosen.articles_read),
            version=texts.name(chosen.rules_version),
        )
    ]
    limits = list(_limits(chosen, words))
    if limits:
        said.append(words.say("method_only", limits="; ".join(limits)))
    said += [words.say("method_grouped"), words.say("method_made", at=words.moment(brief.made_at))]
    yield Paragraph((Run(" ".join(said)),))


def _limits(chosen: Method, words: BriefWords) -> Iterator[str]:
    if chosen.languages:
        yield words.say(
            "only_languages", names=words.names([texts.name(words.tongue(one)) for one in chosen.languages])
        )
    if chosen.countries:
        yield words.say(
            "only_countries", names=words.names([texts.name(words.country(one)) for one in chosen.countries])
        )
    if chosen.outlets:
        yield words.say("only_outlets", names=words.names([texts.name(one) for one in chosen.outlets]))
    if chosen.min_score > 0:
        yield words.say("only_score", round(100 * chosen.min_score))


def annex(brief: Brief, words: BriefWords) -> Iterator[Block]:
    """The stories that are not told in full, one row each; the rest counted."""
    if brief.further:
        yield Heading(words.say("annex"))
        yield Table(
            caption=words.say("cap_annex"),
            columns=(
                Column(words.say("date"), 14),
                Column(words.say("story"), 53),
                Column(words.say("outlet"), 22),
                Column(words.say("outlets"), 11, number=True),
            ),
            groups=(Group("", tuple(_listed(one, words) for one in brief.further)),),
            small=True,
        )
    if brief.uncounted:
        yield _note(words.say("uncounted", brief.uncounted))


def _listed(one: ListedStory, words: BriefWords) -> tuple[Cell, ...]:
    return (
        _cell(words.short_day(one.day)),
        Cell(((texts.linked(one.headline, one.url, one.language),),)),
        _cell(texts.name(one.outlet)),
        _number(one.outlets),
    )


def _cell(text: str) -> Cell:
    return Cell(((Run(text),),))


def _number(number: int | str) -> Cell:
    return Cell(((Run(str(number)),),), number=True)


def _note(text: str) -> Paragraph:
    return Paragraph((Run(text, quiet=True),), Voice.NOTE)
