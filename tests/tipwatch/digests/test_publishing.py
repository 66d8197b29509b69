"""Feeds in a folder: the newest stories of each topic, written whole, and only when they say something new."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import feedparser
import pytest

from pipeline.understand import understand_article
from tipwatch.rounds.publishing import Published, publish_round


def published(desk, top: str = 'publish: {folder: out/, base_url: "https://us.example/feeds"}') -> Published:
    desk.ask(top=top)
    return publish_round(desk.config, desk.store, desk.pack)


def items(desk, name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((desk.folder / "out" / name).read_bytes())["items"]
    return found


def test_each_topic_has_its_feeds_with_the_newest_story_on_top(fruit_desk) -> None:
    fruit_desk.publishes("older")
    fruit_desk.later()
    fruit_desk.publishes("newer", fruit="pear")
    result = published(fruit_desk)
    assert sorted(path.name for path in result.written) == [
        *("cheese.atom", "cheese.json", "cheese.rss"),
        *("fruit.atom", "fruit.json", "fruit.rss"),
    ]
    assert [item["title"] for item in items(fruit_desk, "fruit.json")] == [
        "The pear of newer",
        "The apple of older",
    ]
    assert items(fruit_desk, "cheese.json") == []
    read = feedparser.parse((fruit_desk.folder / "out" / "fruit.rss").read_bytes())
    assert (read.bozo, read.feed.title) == (0, "Fruit · tipwatch")
    assert [link.href for link in read.feed.links if link.rel == "self"] == [
        "https://us.example/feeds/fruit.rss"
    ]
    assert [entry.id for entry in read.entries] == [item["id"] for item in items(fruit_desk, "fruit.json")]


def test_what_has_nothing_new_is_not_touched(fruit_desk) -> None:
    fruit_desk.publishes("one")
    published(fruit_desk)
    for path in (fruit_desk.folder / "out").iterdir():
        os.utime(path, (1, 1))
    again = published(fruit_desk)
    assert (again.written, again.unchanged) == ((), 6)
    fruit_desk.later()
    fruit_desk.publishes("two")
    assert {path.name for path in published(fruit_desk).written} == {"fruit.rss", "fruit.atom", "fruit.json"}
    assert (fruit_desk.folder / "out" / "cheese.rss").stat().st_mtime == 1
    assert not [path for path in (fruit_desk.folder / "out").iterdir() if path.name.startswith(".")]


def test_a_further_report_updates_its_story_under_the_same_id(fruit_desk) -> None:
    fruit_desk.publishes("one")
    fruit_desk.later()
    fruit_desk.publishes("two")
    published(fruit_desk)
    before = {item["title"]: item for item in items(fruit_desk, "fruit.json")}
    fruit_desk.later()
    fruit_desk.publishes("one", "Wire", ending="more")
    published(fruit_desk)
    top, second = items(fruit_desk, "fruit.json")
    earlier = before["The apple of one"]
    assert top["id"] == earlier["id"]
    assert top["date_modified"] != earlier["date_modified"]
    assert "Wire: " in str(top["content_html"])
    assert second == before["The apple of two"]


def test_a_feed_holds_so_many_stories(fruit_desk) -> None:
    for number in range(5):
        fruit_desk.later()
        fruit_desk.publishes(f"s{number}")
    published(fruit_desk, "publish: {folder: out/, base_url: null, entries: 3}")
    titles = [item["title"] for item in items(fruit_desk, "fruit.json")]
    assert titles == ["The apple of s4", "The apple of s3", "The apple of s2"]


def test_a_match_that_was_withdrawn_is_published_no_more(fruit_desk) -> None:
    article_id = fruit_desk.publishes("one")
    fruit_desk.publishes("two")
    published(fruit_desk)
    article = fruit_desk.store.articles.find(article_id).article
    corrected = replace(article, title="A correction", text="It was about no such thing at all.")
    fruit_desk.later()
    fruit_desk.store.articles.add(understand_article(corrected, fruit_desk.pack), fruit_desk.now)
    published(fruit_desk)
    assert [item["title"] for item in items(fruit_desk, "fruit.json")] == ["The apple of two"]


def test_nothing_is_published_where_nothing_is_configured(fruit_desk) -> None:
    fruit_desk.publishes("one")
    assert published(fruit_desk, "publish: null") == Published()
    assert not (fruit_desk.folder / "out").exists()


def test_a_folder_that_cannot_be_written_is_a_problem_in_words(fruit_desk) -> None:
    (fruit_desk.folder / "out").write_text("a file")
    result = published(fruit_desk)
    assert result.written == ()
    assert result.problem.startswith(f"feeds cannot be written to {fruit_desk.folder / 'out'}: ")


def test_half_a_file_is_never_seen(fruit_desk, monkeypatch: pytest.MonkeyPatch) -> None:
    fruit_desk.publishes("one")
    published(fruit_desk)
    whole = (fruit_desk.folder / "out" / "fruit.rss").read_bytes()
    fruit_desk.later()
    fruit_desk.publishes("two")

    def broken(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", broken)
    assert "No space left on device" in published(fruit_desk).problem
    assert (fruit_desk.folder / "out" / "fruit.rss").read_bytes() == whole
    assert len(list((fruit_desk.folder / "out").iterdir())) == 6
