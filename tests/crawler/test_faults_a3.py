"""What parsers are given: pages, feeds, sitemaps and section pages made to hang, fill or fool them, through the real intake.

Each ends in a named outcome or is read for what it says; nothing of a file of ours, and no request of a parser's, comes of it.
"""

from __future__ import annotations

import ast
import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.render.links import shown_domain
from crawler.decoding import html_encoding
from crawler.entries import YEARS, clean, read_date
from crawler.feeds import parse_feed
from crawler.listings import read_listing
from crawler.novelty import LISTING, by_date, choose
from crawler.page import Entry, FailureKind, FetchedPage, Visit
from crawler.sitemaps import parse_sitemap
from crawler.source import Listing, Source
from crawler.urls import identity, is_fetchable
from crawler.worker import Broken, BrokenWhy, Done, Workers
from pipeline.extract.decode import decode
from pipeline.extract.prescan import foreign, prescan
from pipeline.intake import prepare_worker, read_page
from pipeline.rules.errors import QueryError
from pipeline.rules.query import parse_query

#: one process plays the group for all of its tests
pytestmark = pytest.mark.xdist_group("faults-a3")

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
BASE = "http://outlet.test/news/"
GOOD = "<html><head><title>A text is adopted</title></head><body><h1>A text is adopted</h1>" + (
    "<p>The committee adopted the text on Friday evening, after a long day of talks in the hall.</p>" * 3
)

READ = {"no_match", "kept", "duplicate"}
KILLED = {"extraction_killed"}
#: how each page may end; what takes long is read by a quick machine and killed on a slow one
PAGES = {
    "good": READ,
    "p01-nested": {"too_deep"},
    "p01-formatting": {"too_deep"},
    "p01-tables": {"too_deep"},
    "p02-deep": READ,
    "p03-attributes": {"too_large"},
    "p03-many-tags": READ | KILLED,
    "p04-links": {"too_large"},
    "p04-million": {"too_large"},
    "p05-two": READ | KILLED,
    "p05-five": READ | KILLED,
    "p05-nine": {"too_large"},
    "p05-one-line": READ | KILLED,
    "p06-comments": {"too_large"},
    "p06-few-comments": READ,
    "p07-nested": READ,
    "p07-long": READ | KILLED,
    "p07-many": READ | KILLED | {"extraction_empty"},
    "p08-dirt": READ,
    "p08-surrogates": READ,
    "p21-override": READ,
    "p38-latin": READ,
}


@pytest.fixture(scope="module")
def a3(play_faults: Callable[[str], Any]) -> Any:
    return play_faults("a3")


@pytest.fixture(scope="module")
def outcomes(a3: Any) -> dict[str, Any]:
    return {**a3["crawls"]["pages"]["outcomes"], **a3["crawls"]["lists"]["outcomes"]}


@pytest.fixture(scope="module")
def articles(a3: Any) -> dict[str, Any]:
    crawls = a3["crawls"].values()
    return {article["url"]: article for crawl in crawls for article in crawl["articles"]}


@pytest.fixture(scope="module")
def feeds(a3: Any) -> dict[str, Any]:
    reports = a3["crawls"]["lists"]["reports"]
    return {feed["url"]: feed for report in reports for feed in report["feeds"]}


@pytest.mark.parametrize("name", PAGES)
def test_p01_to_p08_each_page_ends_in_its_outcome(name: str, outcomes: dict[str, Any]) -> None:
    assert outcomes[f"http://page-{name}.test/page"]["kind"] in PAGES[name]


def test_p01_what_is_nested_without_end_is_told_and_not_parsed(outcomes: dict[str, Any]) -> None:
    assert "nested" in outcomes["http://page-p01-nested.test/page"]["detail"]


def test_p02_an_article_deep_in_a_page_is_read_or_said_to_be_too_deep(
    outcomes: dict[str, Any], articles: dict[str, Any]
) -> None:
    page = articles.get("http://page-p02-deep.test/page") or articles["http://page-good.test/page"]
    assert outcomes["http://page-p02-deep.test/page"]["kind"] in READ
    assert "delegate number" in page["text"]


def test_p03_tags_that_take_parsers_minutes_are_found_by_a_look_at_the_bytes(
    outcomes: dict[str, Any],
) -> None:
    assert "attributes" in outcomes["http://page-p03-attributes.test/page"]["detail"]


def test_p04_p05_p06_pages_beyond_what_is_affordable_say_so(outcomes: dict[str, Any]) -> None:
    for name in ("p04-links", "p04-million", "p05-nine", "p06-comments"):
        assert outcomes[f"http://page-{name}.test/page"]["detail"]


def test_p07_structured_text_without_end_takes_nothing_from_the_page(articles: dict[str, Any]) -> None:
    assert "delegate number" in articles["http://page-p07-nested.test/page"]["text"]


def test_p08_no_text_that_is_kept_has_control_characters_or_half_letters(articles: dict[str, Any]) -> None:
    for article in articles.values():
        for text in (article["title"], article["text"]):
            text.encode("utf-8")
            assert not re.search(
                "[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]", text
            )


@pytest.mark.parametrize("name", ["laughs", "blowup", "file", "outside", "parameter"])
def test_p09_entities_of_feeds_multiply_nothing_and_read_nothing(name: str, feeds: dict[str, Any]) -> None:
    feed = feeds[f"http://feeds.test/p09-{name}"]
    assert feed["entries"] == 1 or feed["why"] == FailureKind.PARSE_KILLED  # on a machine that is very busy


def test_p09_no_parser_reads_a_file_or_asks_anybody(a3: Any) -> None:
    assert "canary-in-a-file" not in json.dumps(a3["crawls"])
    assert not [where for where in a3["counts"] if where.endswith("/xxe")]
    assert all(crawl["attempts"] == [] for crawl in a3["crawls"].values())


@pytest.mark.parametrize("name", ["surrogate", "far", "date", "link"])
def test_p10_what_makes_the_parser_raise_costs_no_entry(name: str, feeds: dict[str, Any]) -> None:
    feed = feeds[f"http://feeds.test/p10-{name}"]
    assert (feed["result"], feed["entries"]) == ("ok", 1)


@pytest.mark.parametrize("name", ["p11-comments", "p11-author", "p11-tags", "nested", "attributes"])
def test_p11_a_feed_that_takes_too_long_is_killed_by_name_and_no_other(
    name: str, feeds: dict[str, Any]
) -> None:
    feed = feeds[f"http://feeds.test/{name}"]
    read = FailureKind.EMPTY if name == "nested" else None  # in time, by a quick machine: it holds no entry
    assert feed["why"] in {read, FailureKind.PARSE_KILLED, FailureKind.PARSE}
    assert feeds["http://feeds.test/p14-guids"]["result"] == "ok"


def test_p12_of_an_archive_only_what_news_can_be_is_fetched(
    feeds: dict[str, Any], outcomes: dict[str, Any]
) -> None:
    assert feeds["http://feeds.test/p12-dump"]["why"] in {None, FailureKind.PARSE_KILLED}
    assert feeds["http://feeds.test/p12-huge"]["why"] in {None, FailureKind.PARSE_KILLED}
    for path in ("p12/", "map/"):
        assert len([url for url in outcomes if f".test/{path}" in url]) <= 500


def test_p12_sitemaps_without_end_that_name_themselves_or_too_many_are_bounded(
    a3: Any, feeds: dict[str, Any]
) -> None:
    asked = [where for where in a3["counts"] if "/maps/none-" in where]
    assert len(asked) <= 30
    assert a3["counts"]["mapped.test/maps/itself"] == 1
    assert feeds["http://mapped.test/maps/bomb.xml.gz"]["result"] == "failed"
    assert {feed["kind"] for url, feed in feeds.items() if "/maps/" in url} <= {"sitemap", None}


@pytest.mark.parametrize("name", ["nested", "attributes", "in-one-card", "words", "dirt"])
def test_section_pages_made_to_hang_end_by_name(name: str, feeds: dict[str, Any]) -> None:
    feed = feeds[f"http://listed-{name}.test/section"]
    assert feed["result"] == "ok" or feed["why"] in {FailureKind.PARSE_KILLED, FailureKind.PARSE}


def test_p13_the_feed_parser_is_only_ever_given_bytes_in_memory() -> None:
    rooms = (ROOT / name for name in ("crawler", "pipeline", "alerts", "tipwatch"))
    calls = [
        (module.name, ast.unparse(node.args[0]))
        for module in (module for room in rooms for module in room.rglob("*.py"))
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "feedparser.parse"
    ]
    assert calls == [("feeds.py", "BytesIO(body)")]


def test_p14_an_entry_is_known_by_where_it_leads_whatever_its_guid_says(outcomes: dict[str, Any]) -> None:
    # one guid for two articles, and one article under two guids
    for name in ("p14-a", "p14-b"):
        assert outcomes[f"http://entries.test/{name}"]["kind"] in READ
    assert "http://entries.test/p14-a?utm_source=x" not in outcomes


@pytest.mark.parametrize(
    "variant",
    [
        "?utm_source=a",
        "?fbclid=1",
        "?gclid=2&utm_medium=b",
        "#top",
        "/",
        "/amp",
        ";jsessionid=1",
        "?PHPSESSID=1",
    ],
)
def test_p15_variants_of_a_url_are_one_article(variant: str) -> None:
    assert identity(f"http://www.Outlet.org:80/a/b{variant}") == identity("https://m.outlet.org/x/../a/b")


@pytest.mark.parametrize(
    "printed",
    ["Sat, 01 Jan -0001 00:00:00 GMT", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "31 Feb 2026 00:00:00 GMT", "1795457228",
     "Sat, 01 Jan 2022 00:00:00", "2026-02-31T00:00:00Z", "99999999999999999999", "2026-13-01T00:00:00+99:99"],
)  # fmt: skip
def test_p16_impossible_dates_are_no_dates(printed: str) -> None:
    moment = read_date(printed)
    assert moment is None or moment.year in YEARS


def test_p17_an_entry_dated_in_the_future_keeps_no_other_from_being_read(outcomes: dict[str, Any]) -> None:
    assert outcomes["http://entries.test/p17-future"]["kind"] in READ
    assert outcomes["http://entries.test/p17-now"]["kind"] in READ
    future = [Entry(f"http://o.test/f{n}", published=NOON + timedelta(days=900)) for n in range(400)]
    now = [Entry(f"http://o.test/n{n}", published=NOON) for n in range(100)]
    visit = Visit(Source("o", "O"), newest=NOON)
    first = choose([*future, *now], NOON - timedelta(days=2), LISTING, is_first=False)
    assert {entry.url for entry in (*first.now, *first.later)} >= {entry.url for entry in now}
    assert visit.newest == NOON
    assert by_date(now) == tuple(now)


def test_p18_links_that_run_are_refused_and_markup_in_titles_is_text(
    outcomes: dict[str, Any], articles: dict[str, Any]
) -> None:
    assert outcomes["javascript:alert(1)"]["detail"] == "url: not a plain http(s) URL"
    assert "<script" not in articles["http://entries.test/p18-links"]["text"]
    assert not is_fetchable("javascript:alert(1)")


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$", "(a|a)*$", "(.*a){25}", "^(([a-z])+.)+[A-Z]([a-z])+$", "a{1000}{1000}", "*a*a*a*a*a*a*a*a"],
)
def test_p19_rules_have_no_patterns_that_can_be_made_slow(pattern: str) -> None:
    began = time.monotonic()
    _ask(f'"{pattern}"')
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "text", ['"', "AND", "NEAR(", "title:foo", "-foo", "*", "a OR", "(", "a~", "\x00", "title:", '""']
)
def test_p20_any_question_has_an_answer_or_an_error_that_points_into_it(text: str) -> None:
    assert 0 <= _ask(text) <= len(text)


def test_p21_names_that_look_like_others_are_shown_as_they_are_asked_for(articles: dict[str, Any]) -> None:
    assert shown_domain("https://xn--pple-43d.com/a") == "xn--pple-43d.com"
    assert "\u202e" not in clean("The \u202ecommittee\u2066 adopts")
    title = articles["http://page-p21-override.test/page"]["title"]
    assert title == "The committee adopts a text"


def test_every_page_of_the_group_has_one_outcome_and_the_good_one_is_read(
    outcomes: dict[str, Any], articles: dict[str, Any]
) -> None:
    asked = {url for url in outcomes if "//page-" in url}
    assert len(asked) == 33
    assert {outcomes[url]["kind"] for url in asked} <= READ | KILLED | {
        "too_deep", "too_large", "extraction_empty", "not_article"
    }  # fmt: skip
    assert articles["http://page-good.test/page"]["title"] == "The committee adopts a text"


def test_a_whole_group_of_faults_is_bounded_in_time_and_memory(a3: Any) -> None:
    for crawl in a3["crawls"].values():
        assert crawl["code"] == 0, crawl["stderr"]
        assert crawl["largest_mb"] <= 300
        assert "error" not in crawl


def _hang(page: FetchedPage) -> int:
    """Runs in a worker, which must be killed over it."""
    return sum(range(10**12)) + len(page.body)


def test_a_good_page_after_a_killed_one_is_read_within_half_a_second() -> None:
    page = FetchedPage(Source("o", "O"), BASE, BASE, GOOD.encode(), "text/html", NOON)
    waited = []
    with Workers(
        1, preload=("pipeline.preload",), setup=prepare_worker, setup_args=(("builtin",),)
    ) as workers:
        assert isinstance(workers.submit(read_page, page, timeout_s=60).result(90), Done)
        for _ in range(3):
            hung, good = (workers.submit(job, page, timeout_s=1) for job in (_hang, read_page))
            assert hung.result(30) == Broken(BrokenWhy.TIMEOUT, "stopped after 1 s")
            killed_at = time.monotonic()
            assert isinstance(good.result(30), Done)
            waited.append(time.monotonic() - killed_at)
    assert min(waited) < 0.5  # the quickest of three: others may be busy on this machine


def _ask(text: str) -> int:
    """Where in the text its error is, if it is none of a question; else 0."""
    try:
        parse_query(text)
    except QueryError as error:
        return error.offset
    return 0


NOISE = st.one_of(
    st.binary(max_size=600),
    st.lists(
        st.sampled_from(
            [b"<", b">", b"&", b"<rss>", b"<item>", b"<link>http://[", b"<![CDATA[", b"]]>", b"<!--", b"<urlset>", b"<url><loc>",
             b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"&#xD800;", b"&#0;", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"<a href='",
             b"'>", b"http://x.test/", b"<time datetime='-1'>", b"<base href='//['>", b"</", b"{", b'"items":[', b"\xef\xbb\xbf",
             b"<?xml version='1.0' encoding='utf-7'?>", b"<pubDate>99 Foo 0", b"\x1f\x8b", b"xmlns:a='", b"<sitemapindex>"]
        ),
        max_size=60,
    ).map(b"".join),
)  # fmt: skip


@given(
    NOISE,
    st.sampled_from([None, "text/html; charset=utf-7", "text/xml; charset=\x00", "a/b; charset=idna", "x"]),
)
@settings(max_examples=150, deadline=None)
def test_p10_no_bytes_make_any_reader_raise(body: bytes, label: str | None) -> None:
    parse_feed(body, BASE, label)
    parse_sitemap(body, BASE)
    read_listing(body, BASE, label, Listing(BASE))
    read_listing(body, BASE, label, Listing(BASE, css="a", more="a", links="**"))
    html_encoding(body, label)
    prescan(body)
    foreign(body)
    decode(body, label).encode("utf-8")
