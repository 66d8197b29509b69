from __future__ import annotations

import http.client
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.source import Source
from tipwatch.demo.coverage import Answer, PageStyle, read_outlets
from tipwatch.demo.site import Expected, Newsroom, serve
from tipwatch.demo.wording import day_in_words, fill, ordinal, session_of, stamp_in_words

NOW = datetime(2023, 11, 12, 9, 30, tzinfo=UTC)
DEAD = "vesper-tribune"
CUT = "palm-delta-courier"


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with serve(now=NOW) as served:
        yield served


def get(url: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request("GET", parts.path, headers=headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def alive(newsroom: Newsroom) -> list[Source]:
    return [source for source in newsroom.sources if source.id != DEAD]


def links_in(body: bytes) -> list[str]:
    if body.startswith(b"{"):
        return [item["url"] for item in json.loads(body)["items"]]
    return [entry.link for entry in feedparser.parse(body).entries if "link" in entry]


def one(newsroom: Newsroom, **wanted: object) -> tuple[str, Expected]:
    """The first article whose expectation has all the wanted attributes, and its URL."""
    return next(
        (url, expected)
        for url, expected in newsroom.truth.items()
        if all(getattr(expected, name) == value for name, value in wanted.items())
    )


def test_the_newsroom_is_as_large_as_promised(newsroom: Newsroom) -> None:
    readable = [expected for expected in newsroom.truth.values() if expected.readable]
    assert len(alive(newsroom)) >= 8
    assert {"en", "ru", "be", "az", "fr", "es", "ar", "zh"} == {e.language for e in readable}
    assert len(readable) >= 60
    topics = Counter(expected.topic for expected in readable)
    assert topics["trafficking-resolutions"] >= 20
    assert topics["trafficking-news"] >= 10
    assert topics[None] >= 20
    assert {expected.style for expected in readable} == set(PageStyle)


def test_every_topic_named_is_one_of_the_two_default_topics(newsroom: Newsroom) -> None:
    assert {e.topic for e in newsroom.truth.values()} == {None, "trafficking-resolutions", "trafficking-news"}


def test_a_near_miss_is_never_expected_on_a_topic(newsroom: Newsroom) -> None:
    near = [expected for expected in newsroom.truth.values() if expected.near is not None]
    assert len(near) >= 15
    assert all(expected.topic is None for expected in near)


def test_the_wire_story_starts_at_the_agency_and_reaches_every_language(newsroom: Newsroom) -> None:
    wire = [e for e in newsroom.truth.values() if e.story == "third-committee"]
    assert min(wire, key=lambda e: e.published).source_id == "beresta-wire"
    assert len({e.language for e in wire}) == 8
    assert len({e.source_id for e in wire if e.language == "en"}) >= 6
    assert all(e.topic == "trafficking-resolutions" for e in wire)


@pytest.mark.parametrize("shift_days", [0, 140, 1100])
def test_articles_are_dated_within_the_last_days_whenever_the_newsroom_opens(shift_days: int) -> None:
    now = NOW + timedelta(days=shift_days)
    for outlet in read_outlets(now):
        for piece in outlet.pieces:
            assert timedelta(hours=1) < now - piece.published < timedelta(days=6), (outlet.id, piece.path)


def test_each_article_says_something_and_leaves_no_placeholder_behind() -> None:
    for outlet in read_outlets(NOW):
        for piece in outlet.pieces:
            whole = " ".join(piece.paragraphs)
            assert "{" not in whole + piece.title
            if piece.answer is Answer.PAGE:
                assert len(piece.paragraphs) >= 3, (outlet.id, piece.path)
                assert len(whole) >= (120 if outlet.language == "zh" else 300), (outlet.id, piece.path)


def test_every_feed_that_answers_lists_every_article_of_its_outlet(newsroom: Newsroom) -> None:
    for source in alive(newsroom):
        status, _, body = get(source.feeds[0])
        promised = {url for url, expected in newsroom.truth.items() if expected.source_id == source.id}
        assert status == 200
        assert set(links_in(body)) == promised, source.id


def test_feeds_come_in_rss_atom_and_json(newsroom: Newsroom) -> None:
    kinds = {get(source.feeds[0])[1].get_content_type() for source in alive(newsroom)}
    assert kinds == {"application/rss+xml", "application/atom+xml", "application/feed+json"}


def test_one_feed_breaks_off_in_the_middle_and_all_others_are_well_formed(newsroom: Newsroom) -> None:
    broken = []
    for source in alive(newsroom):
        _, headers, body = get(source.feeds[0])
        if headers.get_content_type() == "application/feed+json":
            continue
        try:
            ElementTree.fromstring(body)
        except ElementTree.ParseError:
            broken.append(source.id)
    assert broken == [CUT]


def test_a_feed_asked_for_again_with_its_etag_answers_304_without_a_body(newsroom: Newsroom) -> None:
    for source in alive(newsroom):
        _, headers, _ = get(source.feeds[0])
        etag = headers["ETag"]
        assert etag is not None
        status, again, body = get(source.feeds[0], **{"If-None-Match": etag})
        assert (status, body, again["ETag"]) == (304, b"", etag)
        assert get(source.feeds[0], **{"If-None-Match": '"another"'})[0] == 200


def test_every_readable_article_is_served_with_its_headline_and_no_time_but_its_own(
    newsroom: Newsroom,
) -> None:
    for url, expected in newsroom.truth.items():
        if expected.answer is not Answer.PAGE:
            continue
        status, headers, body = get(url)
        assert status == 200
        assert headers.get_content_charset() == "utf-8"
        assert f'<html lang="{expected.language}"'.encode() in body
        marked = body.count(b"datePublished") + body.count(b"article:published_time")
        assert marked == (0 if expected.style is PageStyle.VISIBLE else 1), url


def test_the_box_beside_each_article_is_a_trap_that_names_trafficking(newsroom: Newsroom) -> None:
    url, _ = one(newsroom, source_id="caspian-lantern", near="drug trafficking")
    box = get(url)[2].decode().split('<aside class="related', 1)[1]
    assert "ratifies convention on action against trafficking in human beings" in box


def test_english_visible_dates_carry_their_zone_as_the_model_article_does(newsroom: Newsroom) -> None:
    url, expected = one(newsroom, source_id="caspian-lantern", story="third-committee")
    assert expected.published == NOW - timedelta(hours=23, minutes=56)
    assert b'<div class="date">11 November 2023 13:34 (UTC+04:00)</div>' in get(url)[2]


def test_the_lag_between_the_agency_and_its_first_reprint_is_six_hours_and_four_minutes(
    newsroom: Newsroom,
) -> None:
    _, first = one(newsroom, source_id="beresta-wire", story="third-committee")
    _, reprint = one(newsroom, source_id="caspian-lantern", story="third-committee")
    assert reprint.published - first.published == timedelta(hours=6, minutes=4)


def test_robots_txt_closes_a_path_that_the_feed_nevertheless_lists(newsroom: Newsroom) -> None:
    url, expected = one(newsroom, forbidden=True)
    origin = url.removesuffix(urlsplit(url).path)
    status, headers, body = get(f"{origin}/robots.txt")
    assert (status, headers.get_content_type()) == (200, "text/plain")
    assert b"Disallow: /members/" in body
    assert not expected.readable
    assert [e.forbidden for e in newsroom.truth.values()].count(True) == 1


def test_an_outlet_without_robots_txt_answers_404(newsroom: Newsroom) -> None:
    origin = newsroom.sources[0].feeds[0].removesuffix("/rss.xml")
    assert get(f"{origin}/robots.txt")[0] == 404
    assert get(f"{origin}/")[0] == 200


def test_one_page_answers_with_an_error(newsroom: Newsroom) -> None:
    url, _ = one(newsroom, answer=Answer.ERROR)
    assert get(url)[0] == 500


def test_p03_one_page_is_a_single_enormous_tag(newsroom: Newsroom) -> None:
    url, _ = one(newsroom, answer=Answer.HANG)
    status, _, body = get(url)
    assert status == 200
    tag = body[body.index(b"<article") : body.index(b">", body.index(b"<article"))]
    assert len(tag) > 1_000_000
    assert tag.count(b"=") >= 100_000


def test_the_dead_outlet_refuses_connections_and_keeps_its_port(newsroom: Newsroom) -> None:
    (dead,) = [source for source in newsroom.sources if source.id == DEAD]
    with pytest.raises(ConnectionRefusedError):
        get(dead.feeds[0])


def test_the_log_says_who_was_asked_for_what_and_how_it_was_answered() -> None:
    with serve(now=NOW) as served:
        feed = served.sources[0].feeds[0]
        etag = get(feed)[1]["ETag"]
        get(feed, **{"If-None-Match": etag})
        get(feed.replace("/rss.xml", "/nowhere"))
        seen = [(access.source_id, access.path, access.status) for access in served.accesses()]
    outlet = served.sources[0].id
    assert seen == [(outlet, "/rss.xml", 200), (outlet, "/rss.xml", 304), (outlet, "/nowhere", 404)]


def test_nothing_answers_once_the_newsroom_has_closed() -> None:
    with serve(now=NOW) as served:
        feed = served.sources[0].feeds[0]
        assert get(feed)[0] == 200
    with pytest.raises(ConnectionRefusedError):
        get(feed)


@pytest.mark.parametrize(
    ("language", "printed"),
    [
        ("en", "1 May 2024 07:05 (UTC+04:00)"),
        ("ru", "1 мая 2024, 07:05"),
        ("be", "1 мая 2024, 07:05"),
        ("az", "1 may 2024, 07:05"),
        ("fr", "Publié le 1er mai 2024 à 07:05"),
        ("es", "1 de mayo de 2024, 07:05"),
        ("ar", "1 مايو 2024، 07:05"),
        ("zh", "2024年5月1日 07:05"),
    ],
)
def test_a_visible_stamp_reads_as_the_language_prints_it(language: str, printed: str) -> None:
    at = datetime.fromisoformat("2024-05-01T07:05:00+04:00")
    assert stamp_in_words(at, language) == printed


def test_the_session_under_way_changes_in_september() -> None:
    assert session_of(datetime(2023, 11, 10, tzinfo=UTC)) == 78
    assert session_of(datetime(2024, 8, 31, tzinfo=UTC)) == 78
    assert session_of(datetime(2024, 9, 30, tzinfo=UTC)) == 79
    assert [ordinal(n) for n in (1, 2, 3, 11, 78, 81, 112)] == [
        "1st",
        "2nd",
        "3rd",
        "11th",
        "78th",
        "81st",
        "112th",
    ]


def test_placeholders_become_dates_and_session_numbers() -> None:
    assert fill("on {day:44} at its {session} session", "en", NOW) == "on 10 November at its 78th session"
    assert fill("第{session}届 {day:44}", "zh", NOW) == "第78届 11月10日"


@settings(max_examples=40, deadline=None)
@given(day=st.dates(), language=st.sampled_from(["en", "ru", "be", "az", "fr", "es", "ar", "zh"]))
def test_every_day_of_the_year_has_words_in_every_language(day: date, language: str) -> None:
    assert str(day.day) in day_in_words(datetime.combine(day, time(), UTC), language)
