"""How much mail a rule would make: articles on it by week, outlet and language, and the digest entries they come to. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from pipeline.store import ArticleRecord

#: an archive that grew for fewer days says little by when articles came in: then their own dates are counted
LEAST_DAYS = 7
#: what the first visits find is weeks old: no measure of what comes in
BACKLOG = timedelta(days=1)
#: how far back from the newest articles' own dates are counted, where those are
DATED_DAYS = 28
WEEK_DAYS = 7
MOST_NAMED = 12


@dataclass(slots=True)
class Period:
    """What was read, whether on the rule or not: the measure for what is.

    Attributes:
        articles: how many; `first`, `last`: when the first and last of them came in; None while there is none.
    """

    articles: int = 0
    first: datetime | None = None
    last: datetime | None = None
    published: Counter[date] = field(default_factory=Counter)

    def add(self, record: ArticleRecord) -> None:
        """Count an article that was read."""
        self.articles += 1
        seen = record.first_seen_at
        self.first = min(self.first or seen, seen)
        self.last = max(self.last or seen, seen)
        if record.article.published:
            self.published[record.article.published.at.date()] += 1

    @property
    def by_arrival(self) -> bool:
        """Whether the archive grew long enough to count articles by when they came in."""
        return (
            self.first is not None
            and self.last is not None
            and self.last - self.first >= timedelta(days=LEAST_DAYS)
        )

    def end(self) -> date | None:
        """The last day that is counted; None while nothing was read, or nothing of it has a date."""
        if self.last is None:
            return None
        if self.by_arrival:
            return self.last.date()
        # a day ahead: some outlets' clocks are, and zones
        return max(
            (day for day in self.published if day <= self.last.date() + timedelta(days=1)), default=None
        )

    def start(self) -> date | None:
        """The first day that is counted; None as for `end`."""
        end = self.end()
        if end is None or self.first is None:
            return None
        if self.by_arrival:
            return (self.first + BACKLOG).date()
        earliest = end - timedelta(days=DATED_DAYS - 1)
        return min(day for day in self.published if earliest <= day <= end)

    def days(self) -> int:
        """Days that are counted, at least 1; 0 when none can be."""
        start, end = self.start(), self.end()
        return 0 if start is None or end is None else (end - start).days + 1


@dataclass(frozen=True, slots=True)
class Noise:
    """What a rule would send.

    Attributes:
        articles: found in all; `counted`: those of them in the days that are counted.
        days: that are counted; 0: nothing can be said by the week.
        articles_a_week, entries_a_week: expected; entries are stories in a daily digest. None when nothing can be said.
        weeks: articles by the Monday of their week, in order.
        outlets, languages: articles by each, most first, at most `MOST_NAMED`.
        by_arrival: counted by when articles came in; else by their own dates, the archive being young.
    """

    articles: int
    counted: int
    days: int
    articles_a_week: float | None
    entries_a_week: float | None
    weeks: tuple[tuple[date, int], ...]
    outlets: tuple[tuple[str, int], ...]
    languages: tuple[tuple[str, int], ...]
    by_arrival: bool


@dataclass(slots=True)
class Found:
    """What a rule found so far, counted in little room however much that is."""

    articles: int = 0
    arrived: Counter[date] = field(default_factory=Counter)
    dated: Counter[date] = field(default_factory=Counter)
    outlets: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    arrived_stories: set[tuple[date, str]] = field(default_factory=set)
    dated_stories: set[tuple[date, str]] = field(default_factory=set)

    def add(self, record: ArticleRecord) -> None:
        """Count an article that is on the rule."""
        self.articles += 1
        self.outlets[record.article.outlet] += 1
        self.languages[record.article.language or "?"] += 1
        arrived = record.first_seen_at.astimezone(UTC).date()
        self.arrived[arrived] += 1
        self.arrived_stories.add((arrived, record.story_id))
        if record.article.published:
            dated = record.article.published.at.date()
            self.dated[dated] += 1
            self.dated_stories.add((dated, record.story_id))

    def noise(self, period: Period) -> Noise:
        """What that comes to by the week."""
        by_day, stories = (
            (self.arrived, self.arrived_stories) if period.by_arrival else (self.dated, self.dated_stories)
        )
        start, end, days = period.start(), period.end(), period.days()
        counted = {day: n for day, n in by_day.items() if start and end and start <= day <= end}
        entries = sum(1 for day, _ in stories if day in counted)
        weeks: Counter[date] = Counter()
        for day, n in counted.items():
            weeks[day - timedelta(days=day.weekday())] += n
        number = sum(counted.values())
        return Noise(
            articles=self.articles,
            counted=number,
            days=days,
            articles_a_week=number * WEEK_DAYS / days if days else None,
            entries_a_week=entries * WEEK_DAYS / days if days else None,
            weeks=tuple(sorted(weeks.items())),
            outlets=tuple(self.outlets.most_common(MOST_NAMED)),
            languages=tuple(self.languages.most_common(MOST_NAMED)),
            by_arrival=period.by_arrival,
        )
