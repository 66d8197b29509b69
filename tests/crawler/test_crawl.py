"""Crawls of a well-behaved site: everything arrives, nothing is asked twice, and the host's wishes are kept."""

from __future__ import annotations

import asyncio
import itertools
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from crawler.page import FailureKind

ROBOTS = "User-agent: *\nDisallow: /private/\n"


@pytest.fixture
def newsroom(site: Any, answer: Any) -> Any:
    site.add("/robots.txt", answer(ROBOTS))
    links = [
        f"{site.url}/a",
        f"{site.url}/b",
        f"{site.url}/a?utm_source=rss",
        f"{site.url}/private/c",
        "javascript:x",
    ]
    site.add_feed("/feed", links, ETag='"one"')
    for path in ("/a", "/b", "/private/c", "/again", "/by-hand"):
        site.add(path, answer())
    return site


def test_every_entry_ends_once_and_the_next_crawl_only_asks_whether_the_feed_has_changed(
    newsroom: Any, run_crawl: Callable[..., Any]
) -> None:
    url = newsroom.url
    visit = {"id": "one", "feeds": [f"{url}/feed"]}
    first = run_crawl(visit)
    assert first.pages == [f"{url}/a", f"{url}/b"]
    assert first.whys == {f"{url}/private/c": FailureKind.ROBOTS, "javascript:x": FailureKind.URL}
    assert first.feeds[f"{url}/feed"]["entries"] == 5
    assert newsroom.paths().count("127.0.0.1/robots.txt") == 1
    newsroom.asked.clear()
    etag = first.feeds[f"{url}/feed"]["etag"]
    second = run_crawl({**visit, "etags": {f"{url}/feed": etag}}, robots={url: ROBOTS})
    assert newsroom.paths() == ["127.0.0.1/feed"]
    assert second.feeds[f"{url}/feed"]["result"] == "not_modified"
    assert second.feeds[f"{url}/feed"]["etag"] == '"one"'


def test_pages_owed_and_asked_for_by_hand_are_fetched_once_beside_the_feed(
    newsroom: Any, run_crawl: Callable[..., Any]
) -> None:
    url = newsroom.url
    again, by_hand = [f"{url}/again", f"{url}/a/"], [f"{url}/by-hand", f"{url}/again#x"]
    done = run_crawl({"id": "one", "feeds": [f"{url}/feed"], "again": again, "pages": by_hand})
    assert done.pages == [f"{url}/a", f"{url}/again", f"{url}/b", f"{url}/by-hand"]


def test_f37_we_say_who_we_are_and_carry_no_cookies_and_no_referer(
    newsroom: Any, run_crawl: Callable[..., Any], answer: Any
) -> None:
    newsroom.add("/b", answer("", 302, Location="/moved-b", **{"Set-Cookie": "id=1"}))
    newsroom.add("/moved-b", answer())
    done = run_crawl({"id": "one", "feeds": [f"{newsroom.url}/feed"]})
    finals = {page["url"]: page["final"] for page in done.told["pages"]}
    assert finals[f"{newsroom.url}/b"] == f"{newsroom.url}/moved-b"
    for asked in newsroom.asked:
        assert asked.headers["user-agent"].startswith("tipwatch/")
        assert "https://example.org/bot" in asked.headers["user-agent"]
        assert not {"cookie", "referer"} & set(asked.headers)


def test_a_host_is_asked_one_after_the_other_with_the_largest_delay_of_its_sources(
    newsroom: Any, run_crawl: Callable[..., Any]
) -> None:
    url = newsroom.url
    slow = {"id": "slow", "pages": [f"{url}/by-hand"], "delay_s": 0.4}
    run_crawl(slow, {"id": "hasty", "feeds": [f"{url}/feed"], "delay_s": 0.1, "per_host": 4})
    times = [asked.at for asked in newsroom.asked if asked.path != "/robots.txt"]
    assert len(times) == 4
    assert min(after - before for before, after in itertools.pairwise(times)) >= 0.39


def test_the_delay_of_a_redirect_counts_from_its_answer(
    newsroom: Any, answer: Any, run_crawl: Callable[..., Any]
) -> None:
    async def redirect_slowly(writer: Any) -> None:
        await asyncio.sleep(0.5)
        writer.write(b"HTTP/1.1 302 X\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    newsroom.add("/here", redirect_slowly)
    newsroom.add("/there", answer())
    run_crawl({"id": "one", "pages": [f"{newsroom.url}/here"], "delay_s": 0.6})
    moments = {asked.path: asked.at for asked in newsroom.asked}
    assert moments["/there"] - moments["/here"] >= 1.05


def test_f35_crawl_delay_is_kept_and_an_absurd_one_means_that_we_stay_away(
    newsroom: Any, run_crawl: Callable[..., Any], answer: Any
) -> None:
    newsroom.add("/robots.txt", answer("User-agent: *\nCrawl-delay: 0.5\n"))
    run_crawl({"id": "one", "feeds": [f"{newsroom.url}/feed"]})
    times = [asked.at for asked in newsroom.asked if asked.path != "/robots.txt"]
    assert min(after - before for before, after in itertools.pairwise(times)) >= 0.49
    newsroom.asked.clear()
    newsroom.add("/robots.txt", answer("User-agent: *\nCrawl-delay: 86400\n"))
    away = run_crawl({"id": "one", "feeds": [f"{newsroom.url}/feed"]})
    assert newsroom.paths() == ["127.0.0.1/robots.txt"]
    feed = away.feeds[f"{newsroom.url}/feed"]
    assert (feed["why"], "86400" in feed["detail"]) == (FailureKind.ROBOTS, True)


def test_robots_is_asked_again_after_a_day_and_ignored_only_where_the_operator_says_so(
    newsroom: Any, run_crawl: Callable[..., Any]
) -> None:
    url = newsroom.url
    run_crawl({"id": "one", "pages": [f"{url}/a"]}, robots={url: ROBOTS}, robots_age_h=25)
    assert newsroom.paths().count("127.0.0.1/robots.txt") == 1
    newsroom.asked.clear()
    told = run_crawl({"id": "one", "pages": [f"{url}/private/c"], "obey_robots": False})
    assert told.pages == [f"{url}/private/c"]
    assert newsroom.paths() == ["127.0.0.1/private/c"]


def test_a_feed_that_has_moved_for_good_says_where_to(
    site: Any, run_crawl: Callable[..., Any], answer: Any
) -> None:
    site.add("/old", answer("", 301, Location="/new"))
    site.add("/new", answer("", 302, Location="/today"))
    site.add_feed("/today", [f"{site.url}/a"])
    done = run_crawl({"id": "one", "feeds": [f"{site.url}/old"]})
    feed = done.feeds[f"{site.url}/old"]
    assert (feed["result"], feed["moved_to"]) == ("ok", f"{site.url}/new")


def test_an_error_of_the_intake_ends_the_crawl_and_is_not_swallowed(
    newsroom: Any, run_crawl: Callable[..., Any]
) -> None:
    broken = run_crawl({"id": "one", "feeds": [f"{newsroom.url}/feed"]}, intake_fails_at=f"{newsroom.url}/a")
    assert "the intake is broken" in broken.error


def test_s06_asked_to_stop_it_ends_what_is_in_flight_and_forgets_validators(
    newsroom: Any, start_crawl: Callable[..., Any], end_crawl: Callable[..., Any]
) -> None:
    url = newsroom.url
    visit = {"id": "one", "feeds": [f"{url}/feed"], "delay_s": 5}
    settings = {"allow_networks": ["127.0.0.0/8"]}
    child = start_crawl({"visits": [visit], "settings": settings})
    deadline = time.monotonic() + 20
    while "127.0.0.1/feed" not in newsroom.paths() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    told_at = time.monotonic()
    child.send_signal(signal.SIGTERM)
    stopped = end_crawl(child, told_at)
    assert stopped.error == ""
    assert [report["cut_short"] for report in stopped.told["reports"]] == [True]
    assert stopped.feeds[f"{url}/feed"]["etag"] is None
    assert stopped.seconds < 15


def test_f25_the_wall_limit_cuts_what_hangs(site: Any, run_crawl: Callable[..., Any], hang: Any) -> None:
    site.add("/feed", hang)
    settings = {"page_timeout_s": 60, "wall_limit_s": 0.5, "stop_grace_s": 0.5}
    done = run_crawl({"id": "one", "feeds": [f"{site.url}/feed"]}, settings=settings)
    assert [report["cut_short"] for report in done.told["reports"]] == [True]
    assert done.seconds < 15
