"""From what is to be told to the digest as it is shown, and as what each article is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.digest import DayCount, Digest, DigestEntry, Flood, StoryUpdate
from alerts.subscription import Subscription
from alerts.windows import Window
from pipeline.store import DigestFacts, SeenOf, StoryQuery, StoryRecord, Told, ToldRecord
from tipwatch.entries import entry_of, lead_record
from tipwatch.rounds.choosing import ToTell
from tipwatch.rounds.desk import Desk, digest_id
from tipwatch.rounds.late import sections
from tipwatch.rounds.noise import BASE, FULL_IN_FLOOD, expected_stories, flood_of

#: days of the chart
CHART_DAYS = 30


@dataclass(frozen=True, slots=True)
class Issue:
    """A digest ready to be rendered.

    Attributes:
        article_ids: the articles that count as told with it; `ways`: as what each of them is.
        stories: the articles of each story, by its id.
        newest_match: see `pipeline.store.NewDigest`.
    """

    digest: Digest
    article_ids: tuple[int, ...]
    ways: Mapping[int, Told]
    stories: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    newest_match: int | None = None

    def with_listed(self, story_ids: Iterable[str]) -> dict[int, Told]:
        """As what each article is told when these stories, for want of room, stand in the attached list only."""
        listed = {article: Told.LISTED for story in story_ids for article in self.stories.get(story, ())}
        return {article: listed.get(article, way) for article, way in self.ways.items()}


@dataclass(frozen=True, slots=True)
class Folded:
    """The same stories, cut to what a digest shows.

    Attributes:
        listed: those of them that stand in the attached list only: nothing is dropped.
    """

    news: tuple[StoryRecord, ...]
    updates: tuple[StoryRecord, ...]
    late: tuple[StoryRecord, ...]
    listed: tuple[StoryRecord, ...]

    def ways(self) -> dict[int, Told]:
        """As what each article is told."""
        ways: dict[int, Told] = {}
        for story in self.news:
            top = lead_record(story).id
            ways |= {record.id: Told.ENTRY if record.id == top else Told.COPY for record in story.members}
        for stories, way in ((self.updates, Told.UPDATE), (self.late, Told.LATE), (self.listed, Told.LISTED)):
            ways |= {record.id: way for story in stories for record in story.members}
        return ways

    def articles(self) -> dict[str, tuple[int, ...]]:
        """The articles of each story, by its id."""
        found: dict[str, tuple[int, ...]] = {}
        for story in (*self.news, *self.updates, *self.late, *self.listed):
            found[story.id] = (*found.get(story.id, ()), *(record.id for record in story.members))
        return found


def fold(telling: ToTell, most: int, flood: Flood | None) -> Folded:
    """What is shown of what is told: news first, then updates, at most so many; a flood still less.

    What was found late has a section of its own, which is cut where it is rendered.
    """
    shown = min(most, FULL_IN_FLOOD) if flood else most
    news, more_news = telling.news[:shown], telling.news[shown:]
    room = shown - len(news)
    updates, more_updates = telling.updates[:room], telling.updates[room:]
    return Folded(news, updates, telling.late, (*more_news, *more_updates))


def compose(desk: Desk, subscription: Subscription, query: StoryQuery, telling: ToTell) -> Issue:
    """The digest of the query's window, as it is shown."""
    window, zone = Window(query.start, query.end), ZoneInfo(subscription.timezone)
    facts = desk.store.digests.facts(window.start, window.end)
    seen = desk.store.stories.seen(replace(query, start=looked_back_to(window, zone)))
    expected = expected_stories(seen, window, zone, facts.reading_since)
    flood = flood_of(len(telling.news) + len(telling.updates), expected, subscription.max_entries)
    folded = fold(telling, subscription.max_entries, flood)
    issue = plain_issue(desk, subscription, window, folded)
    digest = replace(
        about_the_house(issue.digest, facts),
        days=days_of(seen, window.end, zone),
        last_match_at=desk.store.stories.last_found_at(query),
        flood=flood,
    )
    return replace(issue, digest=digest)


def plain_issue(desk: Desk, subscription: Subscription, window: Window, folded: Folded) -> Issue:
    """The digest with nothing but what is told."""

    def entry(story: StoryRecord) -> DigestEntry:
        return entry_of(story, desk.wording)

    digest = Digest(
        id=digest_id(subscription.id, window.end),
        subscription_id=subscription.id,
        title=subscription.title,
        window_start=window.start,
        window_end=window.end,
        timezone=subscription.timezone,
        language=subscription.language,
        entries=tuple(map(entry, folded.news)),
        updates=tuple(updates(desk, subscription, folded.updates)),
        found_late=sections(folded.late, subscription, entry),
        unlisted=tuple(map(entry, folded.listed)),
    )
    ways = folded.ways()
    return Issue(digest, tuple(ways), ways, folded.articles())


def about_the_house(digest: Digest, facts: DigestFacts) -> Digest:
    """The digest with what was read for it, matched or not."""
    return replace(
        digest,
        articles_read=facts.articles_read,
        sources_read=facts.sources_read,
        silent_sources=facts.silent_sources,
        last_success_at=facts.last_success_at,
    )


def updates(desk: Desk, subscription: Subscription, stories: Sequence[StoryRecord]) -> Iterable[StoryUpdate]:
    """More about stories told before, each with the headline under which the subscription was told it first."""
    ids = [record.id for story in stories for record in story.others]
    told = {one.article_id: one for one in desk.store.digests.told_before(subscription.id, ids)}
    for story in stories:
        before = [(told[record.id], record) for record in story.others if record.id in told]
        first, record = min(before, key=lambda pair: told_order(pair[0]))
        yield StoryUpdate(record.article.title, first.window_end, entry_of(story, desk.wording))


def told_order(one: ToldRecord) -> tuple[datetime, bool, int]:
    """Sort key: what was told first, in a digest what stood on top."""
    return one.window_end, one.way is not Told.ENTRY, one.article_id


def looked_back_to(window: Window, zone: ZoneInfo) -> datetime:
    """From when on articles are counted, for the chart and for what is usual."""
    first_day = window.end.astimezone(zone).date() - timedelta(days=CHART_DAYS)
    chart = datetime(first_day.year, first_day.month, first_day.day, tzinfo=zone)
    return min(chart.astimezone(window.end.tzinfo), window.start - BASE)


def days_of(seen: Iterable[SeenOf], end: datetime, zone: ZoneInfo) -> tuple[DayCount, ...]:
    """The articles of each of the last days, as the zone counts days, up to that of `end`."""
    counted: Counter[date] = Counter(one.at.astimezone(zone).date() for one in seen)
    last = end.astimezone(zone).date()
    days = (last - timedelta(days=back) for back in reversed(range(CHART_DAYS)))
    return tuple(DayCount(day, counted[day]) for day in days)
