from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from pipeline.store import CoverageQuery, Covered, NewArticle, NewDigest, Store, StoryQuery

Make = Callable[..., NewArticle]
HOUR = timedelta(hours=1)


def own_words(number: int) -> str:
    return " ".join(f"{number}word{word}" for word in range(30))


def week(noon: datetime, **more: object) -> CoverageQuery:
    return CoverageQuery(noon, noon + 168 * HOUR, ("resolutions", "news"), **more)  # type: ignore[arg-type]  # fields


def urls(found: list[Covered]) -> list[str]:
    return [one.url for one in found]


def test_coverage_has_its_start_and_not_its_end(store: Store, noon: datetime, new_article: Make) -> None:
    second = timedelta(microseconds=1)
    for number, at in enumerate((noon - second, noon, noon + 168 * HOUR - second, noon + 168 * HOUR)):
        store.articles.add(new_article(f"https://p.example/{number}", text=own_words(number)), at)
    assert urls(store.coverage.listed(week(noon))) == ["https://p.example/1", "https://p.example/2"]
    assert store.coverage.began() == noon - second


def test_what_was_told_already_is_coverage_all_the_same(
    store: Store, noon: datetime, new_article: Make
) -> None:
    store.digests.register(["desk"], noon)
    store.articles.add(new_article("https://p.example/1"), noon + HOUR)
    window = StoryQuery("desk", noon, noon + 2 * HOUR, ("resolutions",))
    ids = tuple(member.id for story in store.stories.between(window) for member in story.members)
    assert store.digests.save(NewDigest("d1", "desk", noon, window.end, ids), [], window.end)
    assert urls(store.coverage.listed(week(noon))) == ["https://p.example/1"]


@pytest.mark.parametrize(
    ("wish", "number"),
    [
        ({"languages": ("ru",)}, 1),
        ({"countries": ("AZ",)}, 2),
        ({"outlets": ("wire",)}, 3),
        ({"min_score": 0.9}, 4),
    ],
    ids=str,
)
def test_coverage_is_limited_to_what_is_wished(
    store: Store, noon: datetime, new_article: Make, wish: dict[str, object], number: int
) -> None:
    odd: list[dict[str, object]] = [
        {},
        {"language": "ru"},
        {"country": "AZ"},
        {"outlet": "Wire"},
        {"score": 0.95},
    ]
    for place, differs in enumerate(odd):
        new = new_article(f"https://p.example/{place}", text=own_words(place), **differs)
        store.articles.add(new, noon + HOUR)
    assert len(store.coverage.listed(week(noon))) == 5
    assert urls(store.coverage.listed(week(noon, **wish))) == [f"https://p.example/{number}"]


def test_an_article_on_two_topics_counts_once_with_its_best_score_and_one_on_others_not(
    store: Store, noon: datetime, new_article: Make
) -> None:
    store.articles.add(new_article("https://p.example/1", topics=("resolutions", "news")), noon)
    store.articles.add(new_article("https://p.example/2", topics=("sport",), text=own_words(2)), noon)
    store.articles.add(new_article("https://p.example/3", topics=(), text=own_words(3)), noon)
    (found,) = store.coverage.listed(week(noon))
    assert (found.url, found.score) == ("https://p.example/1", 0.8)
    reading = store.coverage.read(noon, noon + HOUR)
    assert (reading.articles, dict(reading.by_source)) == (3, {"morning-paper": 3})


def test_a_match_that_was_withdrawn_is_no_coverage(store: Store, noon: datetime, new_article: Make) -> None:
    store.articles.add(new_article("https://p.example/1"), noon)
    assert len(store.coverage.listed(week(noon))) == 1
    revised = new_article("https://p.example/1", text=own_words(7), topics=())
    store.articles.add(revised, noon + HOUR)
    assert store.coverage.listed(week(noon)) == []


def test_a_story_comes_with_the_articles_of_the_week_and_when_it_began(
    store: Store, noon: datetime, new_article: Make
) -> None:
    store.articles.add(new_article("https://a.example/1", outlet="First"), noon - HOUR)
    store.articles.add(new_article("https://b.example/1", outlet="Second"), noon + HOUR)
    store.articles.add(new_article("https://c.example/1", outlet="Third", text=own_words(3)), noon + 2 * HOUR)
    store.articles.add(new_article("https://d.example/1", outlet="Later"), noon + 169 * HOUR)
    found = store.coverage.listed(week(noon))
    stories = store.coverage.stories(found, noon + 168 * HOUR)
    assert [[member.article.outlet for member in story.members] for story in stories] == [
        ["Second"],
        ["Third"],
    ]
    assert [[other.article.outlet for other in story.others] for story in stories] == [["First"], []]
    assert [story.first_seen_at for story in stories] == [noon - HOUR, noon + 2 * HOUR]
    assert [record.article.outlet for record in store.coverage.texts(found)] == ["Second", "Third"]


def test_an_empty_database_has_no_coverage(store: Store, noon: datetime) -> None:
    assert store.coverage.listed(week(noon)) == []
    assert store.coverage.stories([], noon) == []
    assert store.coverage.began() is None
    assert store.coverage.read(noon, noon + HOUR).articles == 0
