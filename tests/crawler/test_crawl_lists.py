"""Crawls by sitemap and by section page: what is new is found, an archive is not fetched, and nothing leads on for ever."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

NOW = datetime.now(UTC)


def _days_ago(days: float) -> str:
    return (NOW - timedelta(days=days)).isoformat(timespec="seconds")


def _sitemap(rows: Iterable[tuple[str, str | None]], kind: str = "url") -> str:
    dated = (
        f"<{kind}><loc>{url}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</{kind}>"
        for url, changed in rows
    )
    root = "urlset" if kind == "url" else "sitemapindex"
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    return f'<?xml version="1.0" encoding="UTF-8"?><{root} {space}>{"".join(dated)}</{root}>'


def _section(links: Iterable[str], more: str = "") -> str:
    items = "".join(f'<h2><a href="{link}">What the assembly said on this day</a></h2>' for link in links)
    return f"<!doctype html><html><body><nav><a href='/about'>About</a></nav>{items}{more}</body></html>"


@pytest.fixture
def pages_of(site: Any, answer: Any) -> Callable[[Iterable[str]], list[str]]:
    """Serves article pages; their URLs."""

    def serve(paths: Iterable[str]) -> list[str]:
        for path in paths:
            site.add(path, answer())
        return [f"{site.url}{path}" for path in paths]

    return serve


def test_an_index_leads_to_the_articles_of_the_sitemaps_that_changed_and_asks_again_conditionally(
    site: Any, answer: Any, run_crawl: Callable[..., Any], pages_of: Any
) -> None:
    one, two, three = pages_of(["/story-1", "/story-2", "/story-3"])
    children = [(f"{site.url}/{name}.xml.gz", _days_ago(days)) for name, days in (("old", 400), ("new", 0.1))]
    site.add("/index.xml", answer(_sitemap(children, "sitemap"), ETag='"i"'))
    packed = gzip.compress(_sitemap([(one, _days_ago(0.1)), (two, _days_ago(0.2))]).encode())
    site.add("/new.xml.gz", answer(packed, ETag='"n"', **{"Content-Type": "application/gzip"}))
    site.add("/old.xml.gz", answer(gzip.compress(_sitemap([(three, _days_ago(400))]).encode()), ETag='"o"'))
    visit = {"id": "one", "sitemaps": [f"{site.url}/index.xml"]}
    first = run_crawl(visit)
    assert first.pages == [one, two, three]
    report = first.feeds[f"{site.url}/index.xml"]
    assert (report["kind"], report["result"], report["new"], report["etag"]) == ("sitemap", "ok", 3, '"i"')
    etags = {url: feed["etag"] for url, feed in first.feeds.items()}
    assert etags[f"{site.url}/new.xml.gz"] == '"n"'
    site.asked.clear()
    again = run_crawl({**visit, "etags": etags, "read_before": list(etags)}, known=[one, two, three])
    assert site.paths() == ["127.0.0.1/robots.txt", "127.0.0.1/index.xml"]
    assert again.feeds[f"{site.url}/index.xml"]["result"] == "not_modified"


def test_p12_the_archive_of_a_sitemap_is_passed_over_at_first_and_all_that_is_new_is_found_later(
    site: Any, answer: Any, run_crawl: Callable[..., Any], pages_of: Any
) -> None:
    fresh = pages_of(["/fresh-1", "/fresh-2"])
    archive = [f"{site.url}/old-{number}" for number in range(300)]
    rows = [
        *((url, _days_ago(30 + place)) for place, url in enumerate(archive)),
        *((u, _days_ago(1)) for u in fresh),
    ]
    site.add("/sitemap.xml", answer(_sitemap(rows)))
    visit = {"id": "one", "sitemaps": [f"{site.url}/sitemap.xml"]}
    first = run_crawl(visit)
    assert set(fresh) <= set(first.pages) | set(first.whys)
    assert len(first.pages) + len(first.whys) == 100
    assert len(first.told["passed_over"]) == 202
    late = pages_of(["/late-with-an-old-date"])
    site.add("/sitemap.xml", answer(_sitemap([*rows, (late[0], _days_ago(90))])))
    second = run_crawl({**visit, "read_before": visit["sitemaps"]}, known=[*fresh, *archive])
    assert second.pages == late
    assert second.feeds[f"{site.url}/sitemap.xml"]["new"] == 1


def test_pages_undated_in_a_long_sitemap_are_found_when_the_ledger_does_not_know_them(
    site: Any, answer: Any, run_crawl: Callable[..., Any], pages_of: Any
) -> None:
    known = [f"{site.url}/known-{number}" for number in range(1500)]
    new = pages_of(["/new-1"])
    site.add("/sitemap.xml", answer(_sitemap([*((url, None) for url in known), (new[0], None)])))
    visit = {"id": "one", "sitemaps": [f"{site.url}/sitemap.xml"], "read_before": [f"{site.url}/sitemap.xml"]}
    assert run_crawl(visit, known=known).pages == new


def test_a_news_sitemap_may_be_empty_and_no_other_list_may(
    site: Any, answer: Any, run_crawl: Callable[..., Any]
) -> None:
    news = '<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"></urlset>'
    site.add("/news.xml", answer(news))
    site.add("/plain.xml", answer(_sitemap([])))
    site.add("/page.xml", answer("<html><p>Not found, but 200</p></html>"))
    site.add("/section", answer(_section([])))
    site.add_feed("/feed", [])
    url = site.url
    sitemaps = [f"{url}/news.xml", f"{url}/plain.xml", f"{url}/page.xml"]
    done = run_crawl(
        {"id": "one", "sitemaps": sitemaps, "feeds": [f"{url}/feed"], "listings": [{"url": f"{url}/section"}]}
    )
    results = {where.removeprefix(url): (feed["result"], feed["why"]) for where, feed in done.feeds.items()}
    assert results == {
        "/news.xml": ("ok", None),
        "/plain.xml": ("failed", "empty"),
        "/page.xml": ("failed", "parse"),
        "/section": ("failed", "parse"),
        "/feed": ("failed", "empty"),
    }


def test_a_sitemap_that_names_itself_and_others_without_end_is_left_at_the_bounds(
    site: Any, answer: Any, run_crawl: Callable[..., Any]
) -> None:
    names = [(f"{site.url}/map-{number}.xml", None) for number in range(200)]
    for path in ("/map.xml", *(f"/map-{number}.xml" for number in range(200))):
        site.add(path, answer(_sitemap([(f"{site.url}/map.xml", None), *names], "sitemap")))
    run_crawl({"id": "one", "sitemaps": [f"{site.url}/map.xml"]})
    asked = [path for path in site.paths() if path.endswith(".xml")]
    assert len(asked) == len(set(asked)) == 30


def test_a_section_page_leads_to_its_articles_and_asks_again_conditionally(
    site: Any, answer: Any, run_crawl: Callable[..., Any], pages_of: Any
) -> None:
    urls = pages_of(["/world/4711", "/world/4712"])
    site.add(
        "/world",
        answer(_section(["/world/4711", "/world/4712#comments", "https://elsewhere.test/99999"]), ETag='"s"'),
    )
    visit = {"id": "one", "listings": [{"url": f"{site.url}/world"}]}
    first = run_crawl(visit)
    assert first.pages == urls
    report = first.feeds[f"{site.url}/world"]
    assert (report["kind"], report["result"], report["entries"], report["new"]) == ("listing", "ok", 2, 2)
    second = run_crawl({**visit, "etags": {f"{site.url}/world": '"s"'}})
    assert second.feeds[f"{site.url}/world"]["result"] == "not_modified"


def test_further_pages_are_read_while_they_hold_something_new_and_with_since_back_to_that_date(
    site: Any, answer: Any, run_crawl: Callable[..., Any], pages_of: Any
) -> None:
    days = {number: f"{NOW - timedelta(days=10 * number):%Y/%m/%d}" for number in range(1, 9)}
    urls = {number: pages_of([f"/{day}/report-{number}"])[0] for number, day in days.items()}
    for number, url in urls.items():
        more = f'<a rel="next" href="/news/{number + 1}">older</a>'
        site.add("/news" if number == 1 else f"/news/{number}", answer(_section([url], more)))
    listing = {"url": f"{site.url}/news", "pages": 5}
    plain = run_crawl({"id": "one", "listings": [listing]}, known=[urls[2], *list(urls.values())[3:]])
    assert plain.pages == [urls[1]], "the second page held nothing new"
    back = run_crawl({"id": "one", "listings": [listing], "since": _days_ago(45)}, known=[urls[1], urls[2]])
    assert back.pages == sorted([urls[3], urls[4]])


def test_f31_a_calendar_and_a_page_that_repeats_itself_end(
    site: Any, answer: Any, run_crawl: Callable[..., Any], pages_of: Any
) -> None:
    pages_of(["/report-1001"])
    for number in range(1, 60):
        site.add("/same" if number == 1 else f"/same?page={number}", answer(_section(["/report-1001"])))
        path = "/" + "/".join(["again"] * number)
        fresh = f"/report-{5000 + number}"
        pages_of([fresh])
        site.add(path, answer(_section([fresh], f'<a rel="next" href="{path}/again">older</a>')))
        day = f"/day?n={number}"
        site.add(
            day,
            answer(_section([f"/report-{6000 + number}"], f'<a class="n" href="/day?n={number + 1}">on</a>')),
        )
    listings = [
        {"url": f"{site.url}/same", "more": f"{site.url}/same?page={{page}}", "pages": 20},
        {"url": f"{site.url}/again", "pages": 20},
        {"url": f"{site.url}/day?n=1", "more": "a.n", "pages": 99},
    ]
    run_crawl({"id": "one", "listings": listings, "since": _days_ago(5000)})
    asked = site.paths()
    assert sum("/same" in path for path in asked) == 2
    assert sum("/again" in path for path in asked) == 2
    assert sum("/day" in path for path in asked) == 20


def test_p12_an_archive_in_a_feed_is_no_flood_and_what_is_new_comes_in_later_visits(
    site: Any, answer: Any, run_crawl: Callable[..., Any]
) -> None:
    links = [f"{site.url}/a-{number}" for number in range(700)]
    site.add_feed("/feed", links, ETag='"one"')
    visit = {"id": "one", "feeds": [f"{site.url}/feed"]}
    first = run_crawl({**visit, "per_host": 8})
    assert len(first.whys) == 300
    assert len(first.told["passed_over"]) == 400
    later = run_crawl({**visit, "per_host": 8, "read_before": visit["feeds"]}, known=links[:50])
    feed = later.feeds[f"{site.url}/feed"]
    assert len(later.whys) == 300
    assert later.told["passed_over"] == []
    assert (feed["etag"], "350 more" in feed["detail"]) == (None, True), (
        "an unchanged feed would hide the rest"
    )


def test_a_feed_of_which_nothing_is_known_any_more_has_a_gap(
    site: Any, answer: Any, run_crawl: Callable[..., Any], pages_of: Any
) -> None:
    urls = pages_of(["/1", "/2", "/3"])
    site.add_feed("/feed", urls)
    visit = {"id": "one", "feeds": [f"{site.url}/feed"]}
    gap = run_crawl({**visit, "read_before": visit["feeds"]}).feeds[f"{site.url}/feed"]
    assert (gap["gap"], gap["new"]) == (True, 3)
    assert run_crawl(visit).feeds[f"{site.url}/feed"]["gap"] is False


def test_an_article_that_the_feed_lists_too_is_not_looked_at_again_for_its_sitemap(
    site: Any, answer: Any, run_crawl: Callable[..., Any], pages_of: Any
) -> None:
    (url,) = pages_of(["/2026/11/23/report"])
    site.add_feed("/feed", [url])
    site.add("/sitemap.xml", answer(_sitemap([(url, _days_ago(0.1))])))
    both = {"id": "one", "feeds": [f"{site.url}/feed"], "sitemaps": [f"{site.url}/sitemap.xml"]}
    assert run_crawl(both, known=[url]).told["sighted"] == [url]
    alone = {"id": "one", "sitemaps": both["sitemaps"]}
    assert run_crawl(alone, known=[url]).told["sighted"] == [url], "where nothing else tells of changes"
