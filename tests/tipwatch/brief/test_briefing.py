from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from alerts.brief.compose import document_of
from alerts.brief.html import html_of
from alerts.brief.values import Brief, Counts
from crawler.page import FeedReport, FeedResult, VisitReport
from crawler.source import Source
from pipeline.article import Article, Precision, Published
from pipeline.rules import RulePack, load_packs
from pipeline.store import NewDigest, Store
from pipeline.understand import understand_article
from tipwatch import briefing
from tipwatch.bodies import BodyReader
from tipwatch.brief_period import period_of
from tipwatch.briefing import BriefOrder, make_brief
from tipwatch.config import Config, load_config
from tipwatch.rounds.desk import Desk

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
#: Monday, 00:00 in Minsk
MONDAY = datetime(2026, 11, 15, 21, tzinfo=UTC)
TOPIC = "trafficking-resolutions"

CONFIG = """
database: sqlite:///never-opened.db
mail: {transport: folder, folder: mail/}
sources:
  - {id: paper, name: Paper, country: BY, feeds: [http://paper.invalid/rss]}
  - {id: quiet, name: Quiet Gazette, feeds: [http://quiet.invalid/rss]}
  - {id: ruin, name: Ruin News, feeds: [http://ruin.invalid/rss]}
  - {id: new, name: New Post, feeds: [http://new.invalid/rss]}
subscriptions:
  - {id: desk, to: [desk@example.org], topics: [trafficking-resolutions], timezone: Europe/Minsk}
"""


class Week:
    """A store, a configuration and articles that come in at chosen moments."""

    def __init__(self, store: Store, pack: RulePack, folder: Path) -> None:
        path = folder / "config.yaml"
        path.write_text(CONFIG)
        self.config: Config = load_config(path, {})
        self.store, self.pack, self.count = store, pack, 0
        self.now = MONDAY + 8 * DAY

    def comes(
        self, at: datetime, title: str = "", body: str = "The Third Committee", **more: object
    ) -> Article:
        self.count += 1
        words = " ".join(f"{name}{self.count}" for name in ("alpha", "beta", "gamma", "delta", "epsilon") * 6)
        article = Article(
            url=f"https://paper.example/{self.count}",
            canonical_url=f"https://paper.example/{self.count}",
            source_id="paper",
            outlet="Paper",
            country="BY",
            title=title or f"Committee adopts resolution on trafficking in persons ({self.count})",
            text=f"{body} adopted by consensus a resolution on trafficking in persons on Friday.\n{words}",
            language="en",
        )
        article = replace(article, **more)  # type: ignore[arg-type]  # fields of an article
        self.store.articles.add(understand_article(article, self.pack), at)
        return article

    def brief(self, **more: object) -> Brief:
        period = period_of(date(2026, 11, 16), date(2026, 11, 22), self.now, ZoneInfo("Europe/Minsk"))
        order = BriefOrder("desk", "Desk", period, (TOPIC,), **more)  # type: ignore[arg-type]  # fields of an order
        return make_brief(Desk(self.config, self.store, self.pack, self.now), order)


@pytest.fixture(scope="module")
def pack() -> RulePack:
    return load_packs(["builtin"])


@pytest.fixture
def week(store: Store, pack: RulePack, tmp_path: Path) -> Week:
    return Week(store, pack, tmp_path)


def test_a_brief_counts_the_week_and_compares_it_with_the_week_before(week: Week) -> None:
    week.comes(MONDAY - 8 * DAY)
    week.comes(MONDAY - 3 * DAY)
    week.comes(MONDAY)
    week.comes(MONDAY + 2 * DAY, outlet="Wire", source_id="wire", country="AZ", language="az")
    week.comes(MONDAY + 7 * DAY)
    brief = week.brief()
    assert brief.counts == Counts(stories=2, articles=2, outlets=2, countries=2, languages=2)
    assert brief.before == Counts(1, 1, 1, 1, 1)
    assert [(share.key, share.articles) for share in brief.spread.countries] == [("AZ", 1), ("BY", 1)]
    assert [day.articles for day in brief.days] == [1, 0, 1, 0, 0, 0, 0]
    assert brief.method.articles_read == 2


def test_what_was_told_already_is_in_the_brief_all_the_same(week: Week) -> None:
    week.comes(MONDAY + DAY)
    week.store.digests.register(["desk"], MONDAY)
    digest = NewDigest("d1", "desk", MONDAY, MONDAY + 2 * DAY, (1,))
    assert week.store.digests.save(digest, [], MONDAY + 2 * DAY)
    assert [story.entry.outlet for story in week.brief().stories] == ["Paper"]


def test_where_reading_began_in_the_week_before_there_is_nothing_to_compare_with(week: Week) -> None:
    week.comes(MONDAY - 4 * DAY)
    week.comes(MONDAY + DAY)
    brief = week.brief()
    assert (brief.before, brief.read_since) == (None, MONDAY - 4 * DAY)
    assert brief.bodies.weeks == 0
    assert brief.bodies.new == ()


def test_bodies_are_counted_by_story_and_new_ones_told_apart(week: Week) -> None:
    week.comes(MONDAY - 21 * DAY)
    week.comes(MONDAY + DAY)
    week.comes(MONDAY + 2 * DAY, body="The OSCE Permanent Council")
    brief = week.brief()
    assert dict(brief.bodies.named)["Third Committee"] == 1
    assert brief.bodies.weeks == 3
    assert any("Permanent Council" in name for name in brief.bodies.new)
    assert "Third Committee" not in brief.bodies.new


def test_a_story_has_its_bodies_its_sentence_and_its_day(week: Week) -> None:
    printed = Published(MONDAY + 30 * HOUR, Precision.MINUTE, 180, "json-ld", "page", "as printed")
    week.comes(MONDAY + 3 * DAY, published=printed)
    (story,) = week.brief().stories
    assert story.bodies == ("Third Committee",)
    assert story.day == date(2026, 11, 17)
    assert "".join(segment.text for segment in story.quote).startswith(
        "The Third Committee adopted by consensus"
    )
    assert any(segment.marked for segment in story.quote)
    assert not story.continued


def test_a_story_that_began_earlier_goes_on_and_keeps_its_first_report(week: Week) -> None:
    text = "The Third Committee adopted by consensus a resolution on trafficking in persons. " + " ".join(
        f"word{number}" for number in range(60)
    )
    printed = Published(MONDAY - 2 * DAY, Precision.MINUTE, 180, "json-ld", "page", "as printed")
    week.comes(
        MONDAY - 2 * DAY, "Resolution adopted", text=text, outlet="Wire", source_id="wire", published=printed
    )
    later = replace(printed, at=MONDAY + DAY)
    week.comes(MONDAY + DAY, "Resolution adopted", text=text, published=later)
    (story,) = week.brief().stories
    assert story.continued
    assert story.entry.outlet == "Paper"
    assert story.entry.first is not None
    assert story.entry.first.outlet == "Wire"
    assert story.entry.outlets == 2


def test_wishes_of_the_subscription_limit_the_brief(week: Week) -> None:
    week.comes(MONDAY + DAY)
    week.comes(MONDAY + DAY, language="az")
    week.comes(MONDAY + DAY, source_id="wire", outlet="Wire", country="AZ")
    assert week.brief(languages=("az",)).counts.articles == 1
    assert week.brief(countries=("AZ",)).counts.articles == 1
    assert week.brief(outlets=("wire",)).method.outlets == ("wire",)
    assert week.brief(outlets=("paper",)).method.outlets == ("Paper",)
    assert week.brief(min_score=1.1).counts.articles == 0


def test_what_does_not_fit_stands_in_the_annex_and_the_rest_is_counted(
    week: Week, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(briefing, "MOST_STORIES", 2)
    monkeypatch.setattr(briefing, "MOST_LISTED", 3)
    for number in range(7):
        week.comes(MONDAY + number * HOUR)
    brief = week.brief()
    assert (brief.counts.stories, len(brief.stories), len(brief.further), brief.uncounted) == (7, 2, 3, 2)
    told = {story.entry.url for story in brief.stories}
    assert told.isdisjoint(line.url for line in brief.further)


def test_sources_that_fail_or_bring_nothing_are_named(week: Week) -> None:
    week.comes(MONDAY + DAY)
    at = MONDAY + 2 * DAY
    for name, result in (("paper", FeedResult.OK), ("quiet", FeedResult.OK), ("ruin", FeedResult.FAILED)):
        source = Source(id=name, name=name.title())
        feed = FeedReport(f"http://{name}.invalid/rss", result, at)
        week.store.sources.close_visit(VisitReport(source, at, at, (feed,)), at)
    health = week.brief().health
    assert (health.known, health.read, health.last_success_at) == (4, 1, at)
    assert [(one.name, one.failures) for one in health.failing] == [("Ruin News", 1), ("New Post", 0)]
    assert [one.name for one in health.silent] == ["Quiet Gazette"]


def test_an_empty_store_makes_a_brief(week: Week) -> None:
    brief = week.brief()
    assert (brief.counts, brief.before, brief.stories, brief.read_since) == (Counts(), None, (), None)
    assert "Nothing was found on" in html_of(document_of(brief))


def test_the_brief_does_not_depend_on_when_it_is_made_but_for_that_moment(week: Week) -> None:
    week.comes(MONDAY + DAY)
    first = week.brief()
    week.now += DAY
    again = week.brief()
    assert first != again
    assert replace(again, made_at=first.made_at) == first


@pytest.mark.parametrize(
    ("title", "text", "bodies"),
    [
        ("OSCE calls for action", "The Third Committee met.", ("OSCE", "Third Committee")),
        ("Третий комитет принял резолюцию", "Проект внесла Беларусь.", ("Third Committee",)),
        ("联合国大会通过决议", "会议在纽约举行。", ("UN General Assembly",)),
        ("Nobody is named", "Nothing at all.", ()),
        ("Far down", "x " * 700 + "the Third Committee", ()),
    ],
)
def test_bodies_are_read_near_the_top_in_every_language(
    pack: RulePack, title: str, text: str, bodies: tuple[str, ...]
) -> None:
    url = "https://paper.example/1"
    article = Article(url, url, "paper", "Paper", None, title, text)
    assert BodyReader(pack).named(article) == bodies
