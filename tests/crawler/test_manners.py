"""What a host may expect of us: one line for all that is asked of it, its wishes kept from crawl to crawl, its rules obeyed."""

from __future__ import annotations

import asyncio
import itertools
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.middlewares.failures import Trouble
from crawler.middlewares.limits import is_too_slow
from crawler.middlewares.robots import copy_of, rules_of
from crawler.pace import KEPT_MAX_S, KEPT_MIN_S, Pace, RestingError
from crawler.page import FailureKind, HostMemory, RobotsCopy
from crawler.source import Manners

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOST = "127.0.0.1"
ORIGIN = "http://example.org"


def gaps(site: Any, host: str = HOST) -> list[float]:
    times = [asked.at for asked in site.asked if asked.host == host]
    return [after - before for before, after in itertools.pairwise(times)]


def test_robots_feed_pages_and_redirects_of_a_host_share_one_line(
    site: Any, answer: Any, run_crawl: Callable[..., Any]
) -> None:
    for number in range(3):
        site.add(f"a.test/{number}", answer("", 302, Location=f"http://b.test/moved-{number}"))
        site.add(f"b.test/moved-{number}", answer())
        site.add(f"b.test/own-{number}", answer())
    pages = [f"http://a.test/{number}" for number in range(3)]
    own = [f"http://b.test/own-{number}" for number in range(3)]
    done = run_crawl(
        {"id": "a", "pages": pages, "delay_s": 0.3, "per_host": 1},
        {"id": "b", "pages": own, "delay_s": 0.3},
        settings={"proxy": site.url, "concurrency": 8},
    )
    assert len(done.pages) == 6
    assert {asked.path for asked in site.asked if asked.host == "b.test"} >= {"/robots.txt", "/moved-2"}
    for host in ("a.test", "b.test"):
        assert min(gaps(site, host)) >= 0.29, host


def test_the_first_request_of_a_crawl_waits_for_the_rest_of_the_delay(
    site: Any, answer: Any, run_crawl: Callable[..., Any]
) -> None:
    site.add("/a", answer())
    visit = {"id": "one", "pages": [f"{site.url}/a"], "delay_s": 4.0}
    robots = {site.url: ""}
    fresh = run_crawl(visit, robots=robots)
    (host,) = [one for one in fresh.told["hosts"] if one["asked_at"]]
    assert (host["host"], host["busy_until"]) == (HOST, None)
    waited = run_crawl(visit, robots=robots, hosts=[{"host": HOST, "asked_ago_s": 0.0}])
    long_ago = run_crawl(visit, robots=robots, hosts=[{"host": HOST, "asked_ago_s": 60.0}])
    assert waited.pages == long_ago.pages == [f"{site.url}/a"]
    assert waited.seconds - min(fresh.seconds, long_ago.seconds) > 1.5


@pytest.mark.parametrize("wish", ["3600", "Fri, 01 Jan 2100 00:00:00 GMT", "11", None])
def test_f29_a_long_rest_is_kept_and_nothing_is_asked_again_in_this_crawl_or_the_next(
    site: Any, answer: Any, run_crawl: Callable[..., Any], wish: str | None
) -> None:
    headers = {} if wish is None else {"Retry-After": wish}
    for path in ("/a", "/b", "/c"):
        site.add(path, answer("", 429, **headers))
    visit = {"id": "one", "pages": [f"{site.url}/{page}" for page in "abc"]}
    done = run_crawl(visit, robots={site.url: ""})
    assert set(done.whys.values()) == {FailureKind.BUSY}
    assert len(site.asked) == 1
    kept = [datetime.fromisoformat(one["busy_until"]) for one in done.told["hosts"] if one["busy_until"]]
    rest_s = (kept[-1] - datetime.now(UTC)).total_seconds()
    expected = {"3600": 3600, "11": KEPT_MIN_S, None: 600}.get(wish, KEPT_MAX_S)
    assert expected - 30 < rest_s <= expected
    again = run_crawl(visit, robots={site.url: ""}, hosts=[{"host": HOST, "busy_for_s": rest_s}])
    assert set(again.whys.values()) == {FailureKind.BUSY}
    assert len(site.asked) == 1


def test_f29_a_short_rest_is_over_before_anything_is_asked_also_of_the_next_crawl(
    site: Any, answer: Any, run_crawl: Callable[..., Any]
) -> None:
    site.add("/a", [answer("", 503, **{"Retry-After": "2"}), answer()])
    site.add("/b", answer())
    visit = {"id": "one", "pages": [f"{site.url}/a", f"{site.url}/b"], "per_host": 2}
    done = run_crawl(visit, robots={site.url: ""})
    assert len(done.pages) == 2
    first = next(asked.at for asked in site.asked if asked.path == "/a")
    assert all(asked.at - first >= 1.99 or asked.at - first < 0.5 for asked in site.asked)
    site.asked.clear()
    waited = run_crawl(visit, robots={site.url: ""}, hosts=[{"host": HOST, "busy_for_s": 6.0}])
    assert len(waited.pages) == 2
    assert waited.seconds > 5


def test_a_page_read_before_is_asked_for_with_its_own_validators(
    site: Any, answer: Any, run_crawl: Callable[..., Any]
) -> None:
    site.add("/same", answer(ETag='"1"'))
    site.add("/changed", answer(ETag='"2"'))
    seen = {f"{site.url}/same": '"1"', f"{site.url}/changed": '"1"'}
    done = run_crawl({"id": "one", "seen": seen})
    assert done.told["unchanged"] == [f"{site.url}/same"]
    assert [(page["url"], page["etag"]) for page in done.told["pages"]] == [(f"{site.url}/changed", '"2"')]


def test_f34_rules_read_a_day_ago_hold_while_the_host_cannot_tell_them(
    site: Any, answer: Any, run_crawl: Callable[..., Any]
) -> None:
    site.add("/robots.txt", answer("", 500))
    for path in ("/a", "/private/b"):
        site.add(path, answer())
    pages = [f"{site.url}/a", f"{site.url}/private/b"]
    rules = {site.url: "User-agent: *\nDisallow: /private/\n"}
    done = run_crawl({"id": "one", "pages": pages}, robots=rules, robots_age_h=25)
    assert done.pages == [f"{site.url}/a"]
    assert done.whys == {f"{site.url}/private/b": FailureKind.ROBOTS}
    unknown = run_crawl({"id": "one", "pages": pages})
    assert set(unknown.whys.values()) == {FailureKind.ROBOTS}


def test_f34_what_a_host_said_before_holds_for_a_day_and_its_silence_for_a_month() -> None:
    good = RobotsCopy(ORIGIN, 200, "User-agent: *\nDisallow: /private/\n", NOW - timedelta(hours=25))
    silent = Trouble(FailureKind.TIMEOUT, "no answer within 10 s")
    first = copy_of(ORIGIN, silent, good, NOW)
    assert (first.status, first.failing_since, first.last_good) == (0, NOW, good.text)
    copy, allowed = first, {}
    for hours in (1, 23, 24, 29 * 24, 30 * 24):
        copy = copy_of(ORIGIN, silent, copy, NOW + timedelta(hours=hours))
        rules = rules_of(copy)
        allowed[hours] = [rules.refusal(f"{ORIGIN}{path}") is None for path in ("/a", "/private/b")]
    assert allowed == {
        1: [True, False],
        23: [True, False],
        24: [False, False],
        29 * 24: [False, False],
        30 * 24: [True, True],
    }
    never_read = copy_of(ORIGIN, silent, None, NOW)
    assert rules_of(never_read).refusal(f"{ORIGIN}/a") is not None
    had_none = copy_of(ORIGIN, silent, RobotsCopy(ORIGIN, 404, "<html>", NOW), NOW)
    assert rules_of(had_none).refusal(f"{ORIGIN}/a") is None


def test_f35_rules_are_found_behind_five_redirects_and_not_behind_six(
    site: Any, answer: Any, run_crawl: Callable[..., Any]
) -> None:
    for host, hops in (("five.test", 5), ("six.test", 6)):
        site.add(f"{host}/robots.txt", answer("", 302, Location="/1"))
        for number in range(1, hops):
            site.add(f"{host}/{number}", answer("", 301, Location=f"/{number + 1}"))
        site.add(f"{host}/{hops}", answer("\ufeffUser-agent: *\nDisallow: /a\n"))
        site.add(f"{host}/a", answer())
    pages = ["http://five.test/a", "http://six.test/a"]
    done = run_crawl({"id": "one", "pages": pages}, settings={"proxy": site.url})
    assert done.pages == ["http://six.test/a"]
    assert done.whys == {"http://five.test/a": FailureKind.ROBOTS}


def test_the_rules_of_each_host_on_the_way_are_kept(
    site: Any, answer: Any, run_crawl: Callable[..., Any]
) -> None:
    site.add("a.test/x", answer("", 302, Location="http://b.test/private/x"))
    site.add("b.test/robots.txt", answer("User-agent: *\nDisallow: /private/\n"))
    done = run_crawl({"id": "one", "pages": ["http://a.test/x"]}, settings={"proxy": site.url})
    assert done.whys == {"http://a.test/x": FailureKind.ROBOTS}
    assert "b.test/private/x" not in site.paths()


@pytest.fixture
def ipv6_port() -> Iterator[int]:
    """A page on the IPv6 loopback, and on no other address."""
    if not socket.has_ipv6:
        pytest.fail("this machine has no IPv6, not even on loopback")
    listening = socket.create_server(("::1", 0), family=socket.AF_INET6)

    def serve() -> None:
        body = b"<!doctype html><title>Six</title><p>A page that only the newer protocol leads to.</p>"
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.recv(4096)
                head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
                connection.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    threading.Thread(target=serve, daemon=True).start()
    yield listening.getsockname()[1]
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()


def test_f03_a_host_that_only_has_ipv6_is_reached_and_its_address_is_guarded(
    ipv6_port: int, run_crawl: Callable[..., Any]
) -> None:
    page = f"http://six.test:{ipv6_port}/a"
    names = {"six.test": "::1"}
    visit = {"id": "one", "pages": [page], "obey_robots": False}
    closed = run_crawl(visit, ipv6_names=names)
    assert closed.whys == {page: FailureKind.ADDRESS}
    opened = run_crawl(visit, ipv6_names=names, settings={"allow_networks": ["127.0.0.0/8", "::1/128"]})
    assert opened.pages == [page]


@pytest.mark.parametrize(
    ("count", "seconds", "expected"),
    [
        (0, 10.0, False),
        (10_000, 10.1, True),
        (10_500, 10.1, False),
        (100, 9.0, False),
        (1 << 20, 900.0, False),
    ],
)
def test_f25_an_answer_is_too_slow_below_a_kilobyte_a_second_after_ten(
    count: int, seconds: float, expected: bool
) -> None:
    assert is_too_slow(count, seconds) is expected


def test_a_host_at_rest_turns_away_all_who_wait_in_its_line_at_once() -> None:
    async def turned_away() -> int:
        pace, count = Pace(), 0

        async def ask() -> None:
            nonlocal count
            try:
                async with pace.turn("host", Manners(5.0)):
                    pace.rest("host", 3600, "HTTP 429", Manners())
            except RestingError as error:
                count += 3590 < (error.seconds or 0) <= 3600

        await asyncio.gather(*(ask() for _ in range(20)))
        return count

    assert asyncio.run(asyncio.wait_for(turned_away(), 4)) == 19


def test_a_clock_that_was_set_back_makes_nobody_wait_longer_than_the_delay() -> None:
    async def waited() -> float:
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        pace = Pace({"host": HostMemory("host", tomorrow, NOW, "HTTP 503")})
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with pace.turn("host", Manners(0.3)):
            return loop.time() - began

    assert 0.29 <= asyncio.run(asyncio.wait_for(waited(), 4)) < 2
