"""Feeds as readers have them: parsed again, all three say the same, and hostile texts stay texts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from xml.etree import ElementTree as ET

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.digest import Digest, Segment
from alerts.feeds import Feed, FeedForm, FeedItem, item_of, written

NOW = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)


def feed_with(items: list[FeedItem]) -> Feed:
    return Feed(
        "tag:us.example,2026-11-01:feed:t", "Topic · tipwatch", "About", "https://us.example/", tuple(items)
    )


@pytest.fixture
def feed(day_digest: Digest) -> Feed:
    return feed_with(
        [
            item_of(entry, "us.example", entry.first_seen_at, entry.first_seen_at + timedelta(hours=1))
            for entry in day_digest.entries
        ]
    )


def item_with(title: str = "A title", lead: str = "A lead.", outlet: str = "Outlet") -> FeedItem:
    return FeedItem(
        "tag:us.example,2026-11-22:story:s",
        "https://a.example/",
        title,
        outlet,
        "en",
        lead,
        "<p></p>",
        (),
        NOW,
        NOW,
    )


@pytest.mark.parametrize("form", [FeedForm.RSS, FeedForm.ATOM])
def test_feedparser_reads_back_what_was_written(feed: Feed, form: FeedForm) -> None:
    read = feedparser.parse(written(feed, form, f"https://us.example/t.{form}"))
    assert read.bozo == 0, read.get("bozo_exception")
    assert read.version == ("rss20" if form is FeedForm.RSS else "atom10")
    assert read.feed.title == feed.title
    assert [link.href for link in read.feed.links if link.rel == "self"] == [f"https://us.example/t.{form}"]
    for entry, item in zip(read.entries, feed.items, strict=True):
        assert (entry.id, entry.title, entry.link) == (item.id, item.title, item.url)
        assert entry.author == item.outlet
        assert entry.summary == item.summary
        assert [tag.term for tag in entry.tags] == list(item.topics)
        assert entry.published_parsed[:6] == item.published_at.timetuple()[:6]
        assert entry.updated_parsed[:6] == item.updated_at.timetuple()[:6]
    assert (
        "<mark>trafficking in persons</mark>"
        in feedparser.parse(written(feed, form), sanitize_html=False).entries[0].content[0].value
    )


def test_json_feed_says_the_same(feed: Feed) -> None:
    read = json.loads(written(feed, FeedForm.JSON, "https://us.example/t.json"))
    assert read["version"] == "https://jsonfeed.org/version/1.1"
    assert (read["title"], read["feed_url"]) == (feed.title, "https://us.example/t.json")
    first = read["items"][0]
    assert first["id"] == "tag:us.example,2026-11-22:story:s1"
    assert first["date_published"] == "2026-11-22T16:45:00Z"
    assert first["date_modified"] == "2026-11-22T18:02:00Z"
    assert first["authors"] == [{"name": "Azernews"}]
    assert [item["title"] for item in read["items"]] == [item.title for item in feed.items]


@pytest.mark.parametrize("form", list(FeedForm))
def test_the_same_feed_is_the_same_bytes_also_when_empty(feed: Feed, form: FeedForm) -> None:
    assert written(feed, form) == written(feed, form)
    empty = written(feed_with([]), form)
    assert empty == written(feed_with([]), form)
    if form is not FeedForm.JSON:
        assert feedparser.parse(empty).bozo == 0


def test_atom_has_all_that_rfc_4287_asks_for(feed: Feed) -> None:
    space = "{http://www.w3.org/2005/Atom}"
    root = ET.fromstring(written(feed, FeedForm.ATOM))
    for element in (root, *root.iter(f"{space}entry")):
        for needed in ("id", "title", "updated"):
            assert len(element.findall(space + needed)) == 1
    for entry in root.iter(f"{space}entry"):
        assert entry.find(f"{space}author/{space}name") is not None
        assert entry.find(f"{space}link[@rel='alternate']") is not None


def test_rss_has_all_that_rss_2_asks_for(feed: Feed) -> None:
    [channel] = ET.fromstring(written(feed, FeedForm.RSS)).findall("channel")
    assert all(channel.findtext(needed) for needed in ("title", "link", "description"))
    for item in channel.iter("item"):
        guid = item.find("guid")
        assert guid is not None
        assert guid.get("isPermaLink") == "false"


HOSTILE = [
    "]]></title><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt; &amp; \x00\x0b\x1b[31m\ufffe\uffff",
    "half a pair \ud800",
    "\"quoted\" 'too' \u202e",
    "line\r\nbreak\u2028sep",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_article_stays_text_in_every_form(day_digest: Digest, text: str) -> None:
    entry = replace(
        day_digest.entries[0],
        headline=(Segment("T "), Segment(text, marked=True)),
        lead=(Segment(text),),
        outlet=f"O {text}",
        language=text,
        url=f"javascript:alert(1)//{text}",
        copies=(replace(day_digest.entries[0].copies[0], title=text, url="data:text/html,x"),),
    )
    feed = feed_with([item_of(entry, "us.example", NOW, NOW)])
    for form in FeedForm:
        raw = written(feed, form)
        raw.decode("utf-8")
        assert b"javascript:" not in raw
        assert b"data:text" not in raw
        if form is FeedForm.JSON:
            html = json.loads(raw)["items"][0]["content_html"]
        else:
            read = feedparser.parse(raw, sanitize_html=False)
            assert read.bozo == 0
            html = read.entries[0].content[0].value
        assert "<script" not in html
        assert "<img" not in html


@given(
    st.text(max_size=60), st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.text(max_size=40)
)
@settings(max_examples=80, deadline=None)
def test_any_text_makes_a_feed_that_can_be_read(title: str, lead: str, outlet: str) -> None:
    from alerts.feeds.feed import clean_line

    item = item_with(clean_line(title), clean_line(lead), clean_line(outlet))
    for form in (FeedForm.RSS, FeedForm.ATOM):
        root = ET.fromstring(written(feed_with([item]), form))
        found = {(element.text or "") for element in root.iter()}
        summary = escape(item.summary, quote=False) if form is FeedForm.RSS else item.summary
        assert {item.title, summary, item.outlet} <= found
    assert json.loads(written(feed_with([item]), FeedForm.JSON))["items"][0]["title"] == item.title
