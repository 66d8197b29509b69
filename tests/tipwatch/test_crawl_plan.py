from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.store import Store
from tipwatch.config import Config, load_config
from tipwatch.errors import UsageError
from tipwatch.rounds.crawling import CrawlOrder, plan

FIRST, SECOND, THIRD = (f"https://paper.example/{name}.xml" for name in ("world", "local", "sport"))
OPML = f"""<opml version="2.0"><body>
<outline text="Local" xmlUrl="{SECOND}"/><outline text="World" xmlUrl="{FIRST}"/>
<outline text="Other" xmlUrl="https://other.example/rss"/></body></opml>""".encode()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    path = tmp_path / "config.yaml"
    path.write_text(f"sources: [{{id: paper, name: Paper, feeds: ['{FIRST}', '{SECOND}', '{THIRD}']}}]")
    return load_config(path, {})


def feeds(config: Config, store: Store, order: CrawlOrder) -> dict[str, set[str]]:
    return {visit.source.id: set(visit.source.feeds) for visit in plan(config, store, order)}


def test_all_feeds_named_of_one_source_are_visited(config: Config, store: Store) -> None:
    assert feeds(config, store, CrawlOrder(feeds=(FIRST, SECOND))) == {"paper": {FIRST, SECOND}}


def test_a_list_of_feeds_keeps_each_of_them(config: Config, store: Store) -> None:
    found = feeds(config, store, CrawlOrder(opml=OPML))
    assert found.pop("paper") == {FIRST, SECOND}
    assert [*found.values()] == [{"https://other.example/rss"}]


def test_a_source_named_with_one_of_its_feeds_keeps_all_of_them(config: Config, store: Store) -> None:
    order = CrawlOrder(source_ids=("paper",), feeds=(FIRST,))
    assert feeds(config, store, order) == {"paper": {FIRST, SECOND, THIRD}}


def test_a_misspelled_source_is_named_with_what_was_meant(config: Config, store: Store) -> None:
    with pytest.raises(UsageError, match="did you mean paper"):
        plan(config, store, CrawlOrder(source_ids=("papper",)))


def test_a_page_asked_for_by_hand_is_a_visit_without_feeds(config: Config, store: Store) -> None:
    (visit,) = plan(config, store, CrawlOrder(urls=("https://paper.example/story",)))
    assert (visit.source.name, visit.source.feeds, visit.pages) == (
        "Paper",
        (),
        ("https://paper.example/story",),
    )
    assert store.sources.due(config.sources, datetime(2026, 1, 1, tzinfo=UTC), 60.0) == config.sources
