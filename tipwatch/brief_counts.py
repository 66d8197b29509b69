"""Counting coverage for a brief: stories in order, spread, days, and how the sources do. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta

from alerts.brief.values import Counts, ListedStory, Share, SourcesHealth, SourceState, Spread
from alerts.digest import DayCount
from crawler.source import Source
from pipeline.article import Precision
from pipeline.store import Covered, SourceHealth
from tipwatch.brief_period import Period

#: outlets named; a brief shows fewer
MOST_OUTLETS = 40


def by_story(covered: Iterable[Covered], period: Period) -> list[tuple[Covered, ...]]:
    """The articles by story, the most important story first: the surest, then the widest, then the latest."""
    stories: dict[str, list[Covered]] = {}
    for one in covered:
        stories.setdefault(one.story_id, []).append(one)
    ordered = sorted(
        stories.values(),
        key=lambda story: (
            -round(max(one.score for one in story), 1),
            -len({one.outlet for one in story}),
            -max(day_of(one, period).toordinal() for one in story),
            story[0].first_seen_at,
            story[0].article_id,
        ),
    )
    return [tuple(story) for story in ordered]


def counts_of(covered: Sequence[Covered]) -> Counts:
    """How much it is."""
    return Counts(
        stories=len({one.story_id for one in covered}),
        articles=len(covered),
        outlets=len({one.outlet for one in covered}),
        countries=len({one.country for one in covered} - {None}),
        languages=len({one.language for one in covered} - {None}),
    )


def spread_of(covered: Sequence[Covered]) -> Spread:
    """By country, language and outlet."""
    return Spread(
        countries=_shares(covered, lambda one: one.country),
        languages=_shares(covered, lambda one: one.language),
        outlets=_shares(covered, lambda one: one.outlet)[:MOST_OUTLETS],
    )


def _shares(covered: Sequence[Covered], key: Callable[[Covered], str | None]) -> tuple[Share, ...]:
    articles: dict[str | None, int] = {}
    stories: dict[str | None, set[str]] = {}
    for one in covered:
        name = key(one)
        articles[name] = articles.get(name, 0) + 1
        stories.setdefault(name, set()).add(one.story_id)
    ordered = sorted(articles, key=lambda name: (name is None, -articles[name], name or ""))
    return tuple(Share(name, articles[name], len(stories[name])) for name in ordered)


def days_of(covered: Iterable[Covered], period: Period) -> tuple[DayCount, ...]:
    """Articles on each day of the period."""
    counted = {period.first + timedelta(days=n): 0 for n in range(period.days)}
    for one in covered:
        counted[day_of(one, period)] += 1
    return tuple(DayCount(day, articles) for day, articles in counted.items())


def day_of(one: Covered, period: Period) -> date:
    """The day under which an article stands."""
    return period.day_of(one.published_at, one.first_seen_at, to_the_day=one.precision is Precision.DAY)


def listed(story: Sequence[Covered], period: Period) -> ListedStory:
    """A story in one line: its article that was seen first."""
    first = story[0]
    return ListedStory(
        day=day_of(first, period),
        headline=first.title,
        url=first.url,
        outlet=first.outlet,
        language=first.language,
        outlets=len({one.outlet for one in story}),
    )


def health_of(
    sources: Sequence[Source], known: Mapping[str, SourceHealth], by_source: Mapping[str, int]
) -> SourcesHealth:
    """How the sources of the configuration do, in its order."""
    failing: list[SourceState] = []
    silent: list[SourceState] = []
    for source in sources:
        health = known.get(source.id)
        state = SourceState(
            source.name, health.last_success_at if health else None, health.failures if health else 0
        )
        if health is None or health.failures:
            failing.append(state)
        elif not by_source.get(source.id):
            silent.append(state)
    heard = [one.last_success_at for one in known.values() if one.last_success_at is not None]
    return SourcesHealth(
        known=len(sources),
        read=sum(bool(by_source.get(source.id)) for source in sources),
        failing=tuple(failing),
        silent=tuple(silent),
        last_success_at=max(heard, default=None),
    )
