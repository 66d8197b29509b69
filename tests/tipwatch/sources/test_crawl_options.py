"""`tipwatch crawl` with sitemaps, listings and `--since`, planned and run against a real site."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.page import FeedReport, FeedResult, ListKind, VisitReport
from crawler.source import Listing, Manners, Source
from pipeline.article import Outcome, OutcomeKind
from pipeline.store import Store
from tipwatch.cli.crawl import as_object, reasons
from tipwatch.config import Config, load_config
from tipwatch.rounds.crawling import CrawlOrder, plan
from tipwatch.rounds.tally import GAP, Tally

MAP, NEWS = "https://paper.example/map.xml", "https://paper.example/news"
WHEN = datetime(2023, 11, 1, tzinfo=UTC)


@pytest.fixture
def paper(tmp_path: Path) -> Config:
    path = tmp_path / "paper.yaml"
    listing = f"{{url: '{NEWS}', links: '/news/*', pages: 3}}"
    path.write_text(
        f"sources: [{{id: paper, name: Paper, sitemaps: ['{MAP}'], listings: [{listing}]}},"
        " {id: other, feeds: ['https://other.example/rss']}]"
    )
    return load_config(path, {})


def test_a_sitemap_alone_is_visited_under_the_name_of_its_outlet(paper: Config, store: Store) -> None:
    (visit,) = plan(paper, store, CrawlOrder(sitemaps=(MAP,)))
    assert (visit.source.id, visit.source.sitemaps, visit.source.listings) == ("paper", (MAP,), ())


def test_a_listing_is_read_as_it_is_configured(paper: Config, store: Store) -> None:
    (visit,) = plan(paper, store, CrawlOrder(listings=(NEWS,)))
    assert visit.source.listings == (Listing(NEWS, "/news/*", pages=3),)
    assert visit.source.sitemaps == ()


def test_lists_of_unknown_sites_are_visited_under_the_name_of_their_host(paper: Config, store: Store) -> None:
    order = CrawlOrder(listings=("https://new.example/a",), sitemaps=("https://new.example/map.xml",))
    (visit,) = plan(paper, store, order)
    assert (visit.source.id, len(visit.source.listings), len(visit.source.sitemaps)) == ("new.example", 1, 1)


def test_a_feed_asked_for_alone_brings_no_other_list_of_its_source(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "both.yaml"
    path.write_text(f"sources: [{{id: a, feeds: ['https://a.example/rss'], sitemaps: ['{MAP}']}}]")
    (visit,) = plan(load_config(path, {}), store, CrawlOrder(feeds=("https://a.example/rss",)))
    assert (visit.source.feeds, visit.source.sitemaps) == (("https://a.example/rss",), ())


def test_since_holds_for_all_visits(paper: Config, store: Store) -> None:
    assert [visit.since for visit in plan(paper, store, CrawlOrder(since=WHEN))] == [WHEN, WHEN]
    assert [visit.since for visit in plan(paper, store, CrawlOrder())] == [None, None]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--since", "yesterday"), "write 30d, 8w, 12h, or a date"),
        (("--since", "2999-01-01"), "--since lies ahead"),
        (("--due", "--sitemap", "https://a.example/x"), "--due goes with configured sources"),
        (("--listing", "file:///etc/passwd"), "not an http or https URL"),
    ],
)
def test_wrong_options_are_told(typed, options: tuple[str, ...], why: str) -> None:
    code, _, err = typed("crawl", *options)
    assert (code, why in err) == (2, True), err


def test_a_listing_and_a_sitemap_are_crawled_back_to_a_date(newsroom, typed) -> None:
    code, out, err = typed("crawl", "--listing", f"{newsroom.url}/news", "--since", "2d", "--json")
    told = json.loads(out)
    assert (code, told["sources"][0]["found"], told["sources"][0]["feeds_read"]) == (0, 12, 1), err


def test_the_tally_tells_of_gaps_of_what_is_blocked_and_of_orders() -> None:
    rude = Source("rude", "Rude", ("https://rude.example/rss",), manners=Manners(obey_robots=False))
    tally = Tally.of([rude])
    feed = FeedReport("https://rude.example/rss", FeedResult.OK, WHEN, entries=9, new=9, gap=True)
    bad = FeedReport(
        "https://rude.example/map", FeedResult.FAILED, WHEN, detail="HTTP 404", kind=ListKind.SITEMAP
    )
    tally.ended(rude, "https://rude.example/1", Outcome(OutcomeKind.ROBOTS, "robots.txt forbids it"))
    tally.closed(VisitReport(rude, WHEN, WHEN + timedelta(seconds=1), (feed, bad)))
    row = tally.sources["rude"]
    assert row.why == Counter({GAP: 1, "sitemap: HTTP 404": 1, "robots.txt forbids it": 1})
    assert reasons(row).endswith("; robots.txt ignored by order")
    (told,) = as_object(tally)["sources"]  # type: ignore[misc]  # a list of objects
    assert (told["feed_gaps"], told["blocked"], told["by_order"]) == (1, 1, ["robots.txt ignored by order"])
