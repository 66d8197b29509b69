"""Sitemaps of every kind: what they list is read, nothing outside is, and no document makes the reader raise."""

from __future__ import annotations

import gzip
import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.entries import clean
from crawler.sitemaps import MAX_BYTES, MAX_URLS, Child, by_promise, parse_sitemap

BASE = "https://outlet.test/map.xml"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = (
    f'<?xml version="1.0"?><urlset {SPACE} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
    "<url><loc>https://outlet.test/a</loc><lastmod>2026-11-24T09:00:00+00:00</lastmod><news:news><!-- ours -->"
    "<news:publication><news:name>Outlet</news:name><news:language>ru</news:language></news:publication>"
    "<news:publication_date>2026-11-24T11:30:00+03:00</news:publication_date><news:title>A &amp; B</news:title>"
    "</news:news><image:image><image:loc>https://outlet.test/a.jpg</image:loc></image:image></url></urlset>"
).encode()
PLAIN = (
    f"<urlset {SPACE}><url><loc> https://outlet.test/2026/11/23/b </loc></url><url><loc>c d</loc>"
    "<lastmod>2026-11-20</lastmod></url><url><lastmod>2026</lastmod></url></urlset>"
).encode()
INDEX = (
    f"<sitemapindex {SPACE}><sitemap><loc>https://outlet.test/1.xml</loc><lastmod>2026-11</lastmod></sitemap>"
    "<sitemap><loc>/2.xml</loc></sitemap></sitemapindex>"
).encode()


def test_a_news_sitemap_gives_titles_dates_and_languages_and_no_images() -> None:
    read = parse_sitemap(NEWS, BASE)
    (entry,) = read.entries
    assert (read.kind, read.listed, read.problem) == ("news", 1, None)
    assert (entry.url, entry.title, entry.language) == ("https://outlet.test/a", "A & B", "ru")
    assert entry.published == datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    assert entry.updated == datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_a_plain_sitemap_gives_what_has_a_location() -> None:
    read = parse_sitemap(PLAIN, BASE)
    assert [entry.url for entry in read.entries] == [
        "https://outlet.test/2026/11/23/b",
        "https://outlet.test/c%20d",
    ]
    assert [entry.updated for entry in read.entries] == [None, datetime(2026, 11, 20, tzinfo=UTC)]


def test_an_index_names_sitemaps_with_their_dates() -> None:
    read = parse_sitemap(INDEX, BASE)
    assert read.kind == "index"
    assert read.children == (
        Child("https://outlet.test/1.xml", datetime(2026, 11, 1, tzinfo=UTC)),
        Child("https://outlet.test/2.xml"),
    )


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(NEWS),
        b"\xef\xbb\xbf" + NEWS,
        b"\n\n Warning: something \n" + NEWS,
        NEWS.decode().replace('<?xml version="1.0"?>', "").encode("utf-16"),
        NEWS.replace(b' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"', b""),
        NEWS[:-15],
        gzip.compress(NEWS)[:-6],
    ],
)
def test_a_sitemap_is_read_packed_marked_cut_short_or_badly_declared(body: bytes) -> None:
    read = parse_sitemap(body, BASE)
    assert (read.kind, [entry.title for entry in read.entries]) == ("news", ["A & B"])


def test_a_text_sitemap_has_one_url_a_line_and_a_feed_is_a_sitemap_too() -> None:
    text = parse_sitemap(b"\xef\xbb\xbfhttps://outlet.test/a\r\n\r\nhttps://outlet.test/b\n", BASE)
    assert (text.kind, text.listed) == ("text", 2)
    feed = parse_sitemap(b"<rss version='2.0'><channel><item><link>/a</link></item></channel></rss>", BASE)
    assert (feed.kind, [entry.url for entry in feed.entries]) == ("feed", ["https://outlet.test/a"])


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"User-agent: *", b"<html><a href='/a'>x</a></html>", b"\x1f\x8bnone", b"<a/>"]
)
def test_what_is_no_sitemap_has_no_kind_and_a_reason(body: bytes) -> None:
    read = parse_sitemap(body, BASE)
    assert (read.kind, read.entries, read.children) == ("", (), ())
    assert read.problem


def test_dates_of_change_that_are_all_the_same_say_nothing() -> None:
    rows = "".join(
        f"<url><loc>/{n}</loc><lastmod>2026-11-24T10:00:{n:02}Z</lastmod></url>" for n in range(30)
    )
    read = parse_sitemap(f"<urlset {SPACE}>{rows}</urlset>".encode(), BASE)
    assert {entry.updated for entry in read.entries} == {None}


def test_of_a_long_sitemap_only_what_may_be_news_is_handed_on() -> None:
    old = "".join(f"<url><loc>/{n}</loc><lastmod>20{n % 20:02}-01-01</lastmod></url>" for n in range(1500))
    rows = old + "<url><loc>/undated</loc></url><url><loc>/2026/11/23/new</loc></url>"
    read = parse_sitemap(f"<urlset {SPACE}>{rows}</urlset>".encode(), BASE, NOW - timedelta(days=2))
    assert read.listed == 1502
    assert {entry.url.removeprefix("https://outlet.test") for entry in read.entries} == {
        "/undated",
        "/2026/11/23/new",
    }


def test_f20_what_unpacks_without_end_and_what_lists_without_end_is_cut() -> None:
    bomb = parse_sitemap(gzip.compress(b"<urlset>" + b" " * (MAX_BYTES * 4), 9), BASE)
    assert "MiB" in (bomb.problem or "")
    many = parse_sitemap(b"<urlset>" + b"<url><loc>/a</loc></url>" * (MAX_URLS + 10) + b"</urlset>", BASE)
    assert many.listed == MAX_URLS


def test_p09_entities_read_no_file_and_do_not_multiply() -> None:
    names = "abcdefghij"
    grown = "".join(f'<!ENTITY {n} "{("&" + p + ";") * 10}">' for p, n in itertools.pairwise(names))
    head = f'<!DOCTYPE urlset [<!ENTITY a "ha">{grown}<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    body = f"{head}<urlset><url><loc>/&j;&x;</loc></url><url><loc>/ok</loc></url></urlset>"
    read = parse_sitemap(body.encode(), BASE)
    assert read.entries[-1].url == "https://outlet.test/ok"
    assert all("root" not in entry.url and len(entry.url) < 1000 for entry in read.entries)


def test_of_an_index_what_changed_comes_first_then_the_undated_and_the_old_apart() -> None:
    new, newer = (Child(f"https://o.test/{n}.xml", NOW - timedelta(hours=n)) for n in (5, 1))
    news, last = Child("https://o.test/news.xml"), Child("https://o.test/posts-9.xml")
    month, old = Child("https://o.test/2026-11.xml"), Child("https://o.test/2019-01.xml")
    first, others = by_promise((new, news, old, newer, month, last), NOW - timedelta(days=2), NOW)
    assert set(first[:3]) == {new, newer, month}
    assert first.index(newer) < first.index(new)
    assert first[3:] == (news, last)
    assert others == (old,)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=60),
    st.integers(0, len(NEWS)),
    st.sampled_from([NEWS, PLAIN, INDEX, gzip.compress(NEWS)]),
)
def test_no_mutation_of_a_sitemap_makes_it_raise(noise: bytes, at: int, body: bytes) -> None:
    for start in (body[:at] + noise + body[at + len(noise) :], noise + body[at:], noise):
        read = parse_sitemap(start, BASE, NOW)
        for entry in read.entries:
            for text in (entry.url, entry.title, entry.published_raw):
                assert text is None or text == clean(text)
