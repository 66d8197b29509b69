"""A brief from the store: what came in a stretch of days, told or not, counted, compared and put in order. Changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from alerts.brief.values import Bodies, Brief, BriefStory, Counts, Method
from alerts.digest import Segment
from pipeline.article import Precision
from pipeline.store import CoverageQuery, Covered, StoryRecord
from tipwatch.bodies import BodyReader, compared
from tipwatch.brief_counts import by_story, counts_of, days_of, health_of, listed, spread_of
from tipwatch.brief_period import WEEK_DAYS, Period
from tipwatch.entries import entry_of, lead_record
from tipwatch.rounds.desk import Desk

#: stories told in full; the rest stand in the annex
MOST_STORIES = 40
#: rows of the annex; the rest are counted
MOST_LISTED = 1000
#: how many weeks are looked through for a body that was named before
WEEKS_BACK = 4
MOST_BODIES = 2
#: what is read from the day on which reading began counts as all of that day
_SETTLING = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BriefOrder:
    """What a brief is about.

    Attributes:
        id: of the subscription or topic; files are named after it.
        topics, languages, countries, outlets, min_score: as for a subscription.
        language: of the frame.
    """

    id: str
    title: str
    period: Period
    topics: tuple[str, ...]
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    min_score: float = 0.0
    language: str = "en"

    def query(self, period: Period) -> CoverageQuery:
        """What it asks the store for those days."""
        return CoverageQuery(
            period.start,
            period.end,
            self.topics,
            self.languages,
            self.countries,
            self.outlets,
            self.min_score,
        )


def make_brief(desk: Desk, order: BriefOrder) -> Brief:
    """The brief of that order as the store stands now, by the matches that stand now."""
    period, coverage = order.period, desk.store.coverage
    covered = coverage.listed(order.query(period))
    stories = by_story(covered, period)
    shown, rest = stories[:MOST_STORIES], stories[MOST_STORIES:]
    reader = BodyReader(desk.pack)
    reading = coverage.read(period.start, period.end)
    annex = sorted((listed(story, period) for story in rest), key=lambda one: one.day)
    return Brief(
        title=order.title,
        start=period.start,
        end=period.end,
        first_day=period.first,
        last_day=period.last,
        timezone=period.zone.key,
        made_at=desk.now,
        method=_method(desk, order, reading.articles),
        language=order.language,
        counts=counts_of(covered),
        before=_before(desk, order),
        read_since=coverage.began(),
        bodies=_bodies(desk, order, reader, covered),
        stories=_told(desk, order, reader, shown),
        further=tuple(annex[:MOST_LISTED]),
        uncounted=max(0, len(annex) - MOST_LISTED),
        spread=spread_of(covered),
        days=days_of(covered, period),
        health=health_of(desk.config.sources, desk.store.sources.health(), reading.by_source),
    )


def _method(desk: Desk, order: BriefOrder, articles_read: int) -> Method:
    names = {source.id: source.name for source in desk.config.sources}
    return Method(
        topics=tuple(desk.wording.title(topic) for topic in order.topics),
        rules_version=desk.pack.version,
        articles_read=articles_read,
        languages=order.languages,
        countries=order.countries,
        outlets=tuple(names.get(outlet, outlet) for outlet in order.outlets),
        min_score=order.min_score,
    )


def _before(desk: Desk, order: BriefOrder) -> Counts | None:
    """As many days before; None when reading began later than they did."""
    earlier = order.period.before(order.period.days)
    began = desk.store.coverage.began()
    if began is None or began > earlier.start + _SETTLING:
        return None
    return counts_of(desk.store.coverage.listed(order.query(earlier)))


def _bodies(desk: Desk, order: BriefOrder, reader: BodyReader, covered: Sequence[Covered]) -> Bodies:
    """The bodies named, and which of them the weeks before, as far as they were read, did not name."""
    coverage, began = desk.store.coverage, desk.store.coverage.began()
    named = [(record.story_id, reader.named(record.article)) for record in coverage.texts(covered)]
    read_for = order.period.start - began + _SETTLING if began else timedelta()
    weeks = max(0, min(WEEKS_BACK, read_for // timedelta(days=WEEK_DAYS)))
    if not weeks or not any(bodies for _, bodies in named):
        return compared(named, (), 0)
    earlier = coverage.listed(order.query(order.period.before(weeks * WEEK_DAYS)))
    return compared(named, (reader.named(record.article) for record in coverage.texts(earlier)), weeks)


def _told(
    desk: Desk, order: BriefOrder, reader: BodyReader, shown: Sequence[Sequence[Covered]]
) -> tuple[BriefStory, ...]:
    chosen = [one for story in shown for one in story]
    found = desk.store.coverage.stories(chosen, min(desk.now, order.period.end))
    told = (_on_topic(story, order) for story in found)
    return tuple(_story(desk, order, reader, story) for story in told if story.members)


def _on_topic(story: StoryRecord, order: BriefOrder) -> StoryRecord:
    """The story with the matches of the order's topics only: why it is in this brief, not in others."""
    members = (
        replace(record, matches=tuple(match for match in record.matches if match.topic in order.topics))
        for record in story.members
    )
    return replace(story, members=tuple(record for record in members if record.matches))


def _story(desk: Desk, order: BriefOrder, reader: BodyReader, story: StoryRecord) -> BriefStory:
    entry = entry_of(story, desk.wording)
    head = lead_record(story).article
    published = head.published
    day = order.period.day_of(
        published.at if published else None,
        entry.first_seen_at,
        to_the_day=published is not None and published.precision is Precision.DAY,
    )
    reasons = [reason.quote for reason in entry.why if _text(reason.quote) != _text(entry.headline)]
    return BriefStory(
        entry=entry,
        day=day,
        bodies=reader.named(head)[:MOST_BODIES],
        quote=reasons[0] if reasons else entry.lead,
        continued=story.first_seen_at < order.period.start,
    )


def _text(segments: Sequence[Segment]) -> str:
    return "".join(segment.text for segment in segments).strip()
