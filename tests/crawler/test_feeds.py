"""Feeds: every kind gives the same entries, and no document makes the parser raise."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.entries import MAX_ENTRIES, clean, plain_text, read_date
from crawler.feeds import parse_feed

BASE = "http://outlet.test/news/rss.xml"
NOON = datetime(2023, 11, 11, 16, 45, tzinfo=UTC)


def _rss(*items: str, head: str = "") -> bytes:
    rows = "".join(f"<item>{item}</item>" for item in items)
    return f'{head}<rss version="2.0"><channel><title>x</title>{rows}</channel></rss>'.encode()


RSS = _rss(
    "<title>A &amp;amp; B</title><link>/a</link><pubDate>Sat, 11 Nov 2023 20:45:00 +0400</pubDate>"
    "<description>&lt;p&gt;The lead.&lt;/p&gt;</description><guid isPermaLink='false'>7</guid>"
)
ATOM = (
    b'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB"><title>x</title><entry><title type="html">A &amp;amp; B'
    b"</title><link href='/a'/><id>7</id><published>2023-11-11T20:45:00+04:00</published><summary>The lead.</summary>"
    b"</entry></feed>"
)
RDF = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>x</title></channel><item rdf:about="7">'
    b"<title>A &amp;amp; B</title><link>http://outlet.test/a</link><description>The lead.</description>"
    b"<dc:date>2023-11-11T16:45:00Z</dc:date></item></rdf:RDF>"
)
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "language": "en",
        "items": [
            {
                "id": 7,
                "url": "/a",
                "title": "A & B",
                "date_published": "2023-11-11T20:45:00+04:00",
                "summary": "The lead.",
            }
        ],
    }
).encode()


@pytest.mark.parametrize(
    ("body", "kind"),
    [(RSS, "rss20"), (ATOM, "atom10"), (RDF, "rss10"), (JSON, "json"), (b"\xef\xbb\xbf" + JSON, "json")],
)
def test_all_kinds_of_feeds_give_the_same_entry(body: bytes, kind: str) -> None:
    feed = parse_feed(body, BASE, None)
    (entry,) = feed.entries
    assert (feed.kind, feed.problem) == (kind, None)
    assert (entry.url, entry.title, entry.published) == ("http://outlet.test/a", "A & B", NOON)
    assert (entry.summary, entry.guid) == ("The lead.", entry.guid)
    assert entry.language in {"en", None}


@pytest.mark.parametrize("label", [None, "text/xml", "text/html", "application/rss+xml; charset=iso-8859-1"])
def test_f38_what_is_utf_8_is_read_as_such_whatever_its_label(label: str | None) -> None:
    (entry,) = parse_feed(
        _rss("<title>Борьба с торговлей людьми</title><link>/a</link>"), BASE, label
    ).entries
    assert entry.title == "Борьба с торговлей людьми"


def test_f38_what_is_not_utf_8_is_read_as_it_declares_itself() -> None:
    head = '<?xml version="1.0" encoding="windows-1251"?>'
    body = (
        _rss("<title>Борьба с торговлей людьми</title><link>/a</link>", head=head)
        .decode()
        .encode("windows-1251")
    )
    (entry,) = parse_feed(body, BASE, "application/rss+xml").entries
    assert entry.title == "Борьба с торговлей людьми"


def test_a_permalink_guid_stands_in_for_a_missing_link() -> None:
    (entry,) = parse_feed(_rss("<guid>http://outlet.test/a</guid>"), BASE, None).entries
    assert entry.url == "http://outlet.test/a"


def test_f01_links_of_other_schemes_are_kept_to_be_refused_by_name() -> None:
    links = ["javascript:alert(1)", "gopher://127.0.0.1/", "ftp://127.0.0.1/x", "http://[::1"]
    feed = parse_feed(_rss(*(f"<link>{link}</link>" for link in links), "<title>no link</title>"), BASE, None)
    assert [entry.url for entry in feed.entries][:3] == links[:3]
    assert "without a link" in (feed.problem or "")


@pytest.mark.parametrize("trap", ["&#xD800;", "&#x110000;", "&#99999999999;", "&#xFFFFFFFFFFFFFFFFFFFF;"])
def test_p10_references_that_make_the_parser_raise_are_stripped(trap: str) -> None:
    feed = parse_feed(_rss(f"<title>A{trap} title</title><link>/a</link>"), BASE, None)
    assert [entry.title for entry in feed.entries] == ["A title"]


def test_p10_an_entity_that_makes_the_parser_raise_is_stripped() -> None:
    head = '<!DOCTYPE rss [<!ENTITY path "C:\\data">]>'
    assert parse_feed(_rss("<title>A</title><link>/a</link>", head=head), BASE, None).entries


def test_p09_entities_read_no_file_and_do_not_multiply() -> None:
    outside = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    (entry,) = parse_feed(_rss("<title>A &x;</title><link>/a</link>", head=outside), BASE, None).entries
    assert "root" not in (entry.title or "")
    names = "abcdefghij"
    grown = "".join(f'<!ENTITY {n} "{("&" + p + ";") * 10}">' for p, n in itertools.pairwise(names))
    laughs = f'<!DOCTYPE rss [<!ENTITY a "ha">{grown}]>'
    (entry,) = parse_feed(_rss("<title>&j;</title><link>/a</link>", head=laughs), BASE, None).entries
    assert len(entry.title or "") < 1000


def test_p18_titles_and_summaries_are_plain_text() -> None:
    title = "&lt;script&gt;alert(1)&lt;/script&gt;Talks &lt;b&gt;end&lt;/b&gt; in 3 &amp;lt; 4 days\u202e\x85"
    (entry,) = parse_feed(_rss(f"<title>{title}</title><link>/a</link>"), BASE, None).entries
    assert entry.title == "Talks end in 3 < 4 days"


def test_p12_no_more_entries_than_news_can_be_are_read() -> None:
    many = _rss(*(f"<link>/{number}</link>" for number in range(MAX_ENTRIES + 5)))
    assert len(parse_feed(many, BASE, None).entries) == MAX_ENTRIES


@pytest.mark.parametrize(
    "body", [b"<html><p>A page</p></html>", b"", b"{}", b'{"items": 3}', b"{" * 100_000, b"\x00\xff"]
)
def test_what_is_no_feed_has_no_kind(body: bytes) -> None:
    feed = parse_feed(body, BASE, "text/html")
    assert (feed.entries, feed.kind) == ((), "")
    assert feed.problem


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Sat, 11 Nov 2023 20:45:00 +0400", NOON),
        ("Sat, 11 Nov 2023 16:45:00 GMT", NOON),
        ("Sat, 11 Nov 2023 16:45:00 -0000", NOON),
        ("Sat, 11 Nov 2023 11:45:00 EST", NOON),
        ("2023-11-11T16:45:00Z", NOON),
        ("2023-11-11T20:45+04:00", NOON),
        ("Sat, 11 Nov 2023 20:45:00", None),
        ("2023-11-11T20:45:00", None),
        ("2023-11-11", None),
        ("11.11.2023 20:45", None),
        ("yesterday-ish", None),
        ("Sat, 31 Feb 2023 20:45:00 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("1795457228", datetime(2026, 11, 23, 18, 7, 8, tzinfo=UTC)),
        ("0795457228", None),
        ("сб, 11 ноя 2023 20:45:00 +0400", NOON),
        ("11 лістапада 2023, 19:45 MSK", NOON),
        ("Sa., 11. November 2023 17:45 CET", NOON),
        ("samedi 11 novembre 2023 17:45 CET", NOON),
        ("Dom, 11 nov 2023 16:45:00 GMT", NOON),
        ("11 noyabr 2023 20:45 AZT", NOON),
        ("11 نوفمبر 2023 19:45 +0300", NOON),
        ("2023年11月12日 00:45 +0800", NOON),
        ("Nov 11, 2023 11:45 AM EST", NOON),
        ("2023-11-11 20:45:00 +0400", NOON),
        ("Mon, 11 Nov 2023 20:45:00 GMT+4", NOON),
        ("Sat, 11 Nov 2023 20:45:00 XYZ", None),
        ("", None),
    ],
)
def test_p16_a_date_is_taken_only_with_its_zone_and_in_the_years_of_the_web(
    printed: str, expected: datetime | None
) -> None:
    assert read_date(printed) == expected


def test_a_date_that_is_not_taken_is_kept_as_printed() -> None:
    (entry,) = parse_feed(_rss("<link>/a</link><pubDate>11.11.2023 20:45</pubDate>"), BASE, None).entries
    assert (entry.published, entry.published_raw) == (None, "11.11.2023 20:45")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60), st.integers(0, len(RSS)), st.sampled_from([RSS, ATOM, RDF, JSON]))
def test_p10_no_mutation_of_a_feed_makes_it_raise(noise: bytes, at: int, body: bytes) -> None:
    for entry in parse_feed(body[:at] + noise + body[at + len(noise) :], BASE, None).entries:
        for text in (entry.url, entry.title, entry.summary, entry.author, entry.guid, entry.published_raw):
            assert text is None or text == clean(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_p08_cleaned_text_can_be_encoded_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert clean(cleaned) == cleaned
    assert not any(ord(char) < 32 for char in cleaned)
    assert len(plain_text(text, 20) or "") <= 20


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_p16_no_text_makes_the_date_reader_raise(text: str) -> None:
    found = read_date(text)
    assert found is None or found.tzinfo is UTC


def test_the_link_that_a_relay_replaced_is_the_article() -> None:
    space = 'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    item = "<item><link>http://relay.test/~r/1</link><feedburner:origLink>http://outlet.test/a</feedburner:origLink></item>"
    body = f'<rss version="2.0" {space}><channel><title>x</title>{item}</channel></rss>'.encode()
    assert parse_feed(body, BASE, None).entries[0].url == "http://outlet.test/a"


def test_without_a_link_whatever_the_entry_links_to_is_the_article() -> None:
    rss = _rss(
        "<title>A</title><enclosure url='/a.html' type='text/html' length='1'/>", "<guid>/by-guid</guid>"
    )
    assert [entry.url for entry in parse_feed(rss, BASE, None).entries] == [
        "http://outlet.test/a.html",
        "http://outlet.test/by-guid",
    ]
    atom = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title><content type="text/html" src="/c"/></entry></feed>'
    assert parse_feed(atom, BASE, None).entries[0].url == "http://outlet.test/c"


def test_links_are_resolved_against_the_base_that_the_entry_declares() -> None:
    atom = (
        b'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://outlet.test/q/"><entry><link href="a"/>'
        b"<updated>2023-11-11T16:45:00Z</updated><published>2023-11-10T16:45:00Z</published></entry></feed>"
    )
    (entry,) = parse_feed(atom, BASE, None).entries
    assert entry.url == "http://outlet.test/q/a"
    assert (entry.published, entry.updated) == (NOON.replace(day=10), NOON)


@pytest.mark.parametrize(
    "junk", [b"\n \n", b"PHP Warning: none\n", b"<br />\n<b>Warning</b>: in <b>x</b>\n", b"\xef\xbb\xbf" * 2]
)
def test_junk_before_a_feed_is_passed_by(junk: bytes) -> None:
    assert len(parse_feed(junk + b'<?xml version="1.0"?>' + RSS, BASE, None).entries) == 1


def test_what_comes_before_the_break_of_a_document_is_kept() -> None:
    cut = _rss("<link>/a</link>", "<link>/b</link>")
    for end in range(cut.index(b"/b</link>"), len(cut)):
        urls = [entry.url for entry in parse_feed(cut[:end], BASE, None).entries]
        assert urls[:1] == ["http://outlet.test/a"]
        assert urls[1:] in ([], ["http://outlet.test/b"])
    feed = parse_feed(JSON[:-2] + b', {"url": "/b', BASE, None)
    assert ([entry.url for entry in feed.entries], bool(feed.problem)) == (["http://outlet.test/a"], True)


def test_p12_of_an_archive_the_newest_are_read_at_whichever_end_they_are() -> None:
    days = [
        f"<link>/{n}</link><pubDate>{n % 28 + 1} Jan {2000 + n // 28} 00:00:00 GMT</pubDate>"
        for n in range(5, 700)
    ]
    for items in (days, days[::-1]):
        entries = parse_feed(_rss(*items * 8), BASE, None).entries
        assert len(entries) == MAX_ENTRIES
        assert min(entry.published for entry in entries if entry.published).year > 2003


def test_a_web_page_says_what_it_is_and_what_finds_its_feeds() -> None:
    feed = parse_feed(
        b"<!DOCTYPE html><html><head><title>x</title></head><body><p>A page</p></body></html>", BASE, None
    )
    assert (feed.kind, "sources discover" in (feed.problem or "")) == ("", True)


@pytest.mark.parametrize(
    ("wish", "seconds"),
    [
        ("<ttl>60</ttl>", 3600.0),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 21600.0),
        ("<ttl>soon</ttl>", None),
        ("<ttl>-5</ttl>", None),
    ],
)
def test_a_feed_may_ask_to_be_left_alone_for_a_while(wish: str, seconds: float | None) -> None:
    space = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    body = f'<rss version="2.0" {space}><channel><title>x</title>{wish}<item><link>/a</link></item></channel></rss>'
    assert parse_feed(body.encode(), BASE, None).wish_s == seconds
