"""Which of the lists that a site has are proposed: pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crawler.page import FetchedPage, ListKind
from crawler.source import Source
from tipwatch.sources_discovery import are_old, judged
from tipwatch.sources_reading import Document, Kind, read_document, read_site
from tipwatch.sources_search import Candidate

NOW = datetime(2023, 11, 11, 12, tzinfo=UTC)


def feed(name: str, *keys: str, days: float | None = 0.1, own: float = 1.0) -> Candidate:
    newest = None if days is None else NOW - timedelta(days=days)
    document = Document(Kind.FEED, len(keys), frozenset(keys), newest, own)
    return Candidate(f"https://a.example/{name}", "linked", ListKind.FEED, document)


def sitemap(name: str, *, is_news: bool) -> Candidate:
    document = Document(Kind.SITEMAP, 50, frozenset("x"), NOW, is_news=is_news)
    return Candidate(f"https://a.example/{name}", "named", ListKind.SITEMAP, document)


def section(name: str, count: int) -> Candidate:
    document = Document(Kind.PAGE, count)
    return Candidate(f"https://a.example/{name}", "a section", ListKind.LISTING, document)


def told(*found: Candidate) -> dict[str, str]:
    return {one.url.removeprefix("https://a.example/"): one.reason for one in judged(found, NOW)}


def test_the_widest_feed_comes_first_and_what_it_holds_is_left_out() -> None:
    reasons = told(feed("part", "a", "b"), feed("all", "a", "b", "c"), feed("other", "d"))
    assert reasons == {"all": "", "other": "", "part": "another one lists all of it"}


def test_old_lists_are_proposed_only_where_there_is_nothing_newer() -> None:
    assert told(feed("old", "a", days=200), feed("new", "b"))["old"] == "nothing new for a long time"
    assert told(feed("old", "a", days=200)) == {"old": ""}
    assert are_old(judged([feed("old", "a", days=200)], NOW), NOW)
    assert not are_old(judged([feed("new", "a")], NOW), NOW)
    assert not are_old(judged([feed("undated", "a", days=None)], NOW), NOW)


def test_empty_feeds_and_those_of_others_are_left_out() -> None:
    reasons = told(feed("good", "a"), feed("empty"), feed("planet", "b", "c", own=0.1))
    assert reasons == {"good": "", "planet": "links to other sites", "empty": "empty"}


def test_a_news_sitemap_stands_beside_feeds_and_one_of_everything_does_not() -> None:
    reasons = told(feed("good", "a"), sitemap("news.xml", is_news=True), sitemap("all.xml", is_news=False))
    assert (reasons["news.xml"], reasons["all.xml"]) == ("", "a sitemap of everything: the feeds are enough")


def test_sections_are_the_last_resort_and_the_fullest_is_taken() -> None:
    reasons = told(section("culture", 7), section("news", 30), section("about", 1))
    assert reasons == {"news": "", "culture": "one section more", "about": "links to 1 articles only"}
    assert told(feed("good", "a"), section("news", 30))["news"].startswith("not needed")


def test_a_site_names_itself_and_its_feeds_but_not_its_comments() -> None:
    page = b"""<html><head><title>Home | The Gazette</title>
    <link rel="alternate" type="application/rss+xml" title="Main" href="/feed/">
    <link rel="alternate" type="application/feed+json" href="https://gazette.example/feed.json">
    <link rel="alternate" type="application/rss+xml" title="Gazette &raquo; Comments" href="/x/feed/">
    <link rel="alternate" type="application/json+oembed" href="/oembed?url=x">
    <link rel="alternate" hreflang="ru" href="/ru/"></head>
    <body><a href="/news/">News</a><a href="/rss">RSS</a><a href="javascript:x">x</a></body></html>"""
    site = read_site(page, "https://gazette.example/", "text/html")
    assert site.name == "The Gazette"
    assert [link.url for link in site.feeds] == [
        "https://gazette.example/feed/",
        "https://gazette.example/feed.json",
    ]
    assert [link.url for link in site.hints] == ["https://gazette.example/rss"]
    assert [link.url for link in site.sections] == ["https://gazette.example/news/"]


def test_what_a_document_is_is_told_by_its_content() -> None:
    feed = b'<rss version="2.0"><channel><item><title>A</title><link>https://a.example/1</link></item></channel></rss>'
    bodies = {
        Kind.FEED: b"\xef\xbb\xbf" + feed,
        Kind.PAGE: b'<?xml version="1.0"?>\n<!-- x -->\n<!DOCTYPE html><html><title>rss</title></html>',
        Kind.SITEMAP: b"<urlset><url><loc>https://a.example/1</loc></url></urlset>",
        Kind.INDEX: b"<sitemapindex><sitemap><loc>https://a.example/1.xml</loc></sitemap></sitemapindex>",
    }
    url = "https://a.example/"
    pages = {
        kind: FetchedPage(Source("a", "A"), url, url, body, "text/html", NOW) for kind, body in bodies.items()
    }
    assert {kind: read_document(page).kind for kind, page in pages.items()} == {kind: kind for kind in bodies}


def test_no_page_breaks_the_reading_of_a_site() -> None:
    for body in (
        b"",
        b"\x00\xff",
        b"<html",
        b"<a href='http://[x'>y</a>",
        "<a href=/новости>Новости</a>".encode(),
    ):
        read_site(body, "https://a.example/", None)
