"""Crawls of hosts that mean harm or are broken: each ends in a named outcome, and the others go on."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import Callable
from typing import Any

import pytest

from crawler.page import FailureKind


async def _endless_headers(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(5000):
        writer.write(f"X-{number}: {'x' * 4000}\r\n".encode())
        await writer.drain()


async def _endless_body(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    for _ in range(200):
        writer.write(b" " * 200_000)
        await writer.drain()


async def _short_body(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<html>")
    await writer.drain()


async def _nothing_at_all(writer: asyncio.StreamWriter) -> None:
    await writer.drain()


def test_each_hostile_host_ends_in_its_own_outcome_and_the_good_one_is_read(
    site: Any, run_crawl: Callable[..., Any], answer: Any, hang: Any
) -> None:
    bomb = answer(gzip.compress(b"\0" * 40_000_000), 200, **{"Content-Encoding": "gzip"})
    pages: dict[str, tuple[Any, FailureKind | None]] = {
        "good.test/a": (answer(), None),
        "f20-bomb.test/a": (bomb, FailureKind.TOO_LARGE),
        "f24-endless.test/a": (_endless_body, FailureKind.TOO_LARGE),
        "f25-stall.test/a": (hang, FailureKind.TIMEOUT),
        "f26-headers.test/a": (_endless_headers, FailureKind.TOO_LARGE),
        "f28-loop.test/a": (answer("", 302, Location="/a?again"), FailureKind.REDIRECT),
        "f28-loop.test/a?again": (answer("", 302, Location="/a"), FailureKind.REDIRECT),
        "f02-file.test/a": (answer("", 302, Location="file:///etc/passwd"), FailureKind.REDIRECT),
        "f04-inward.test/a": (answer("", 302, Location="http://127.0.0.2/"), FailureKind.ADDRESS),
        "f30-short.test/a": (_short_body, FailureKind.TRUNCATED),
        "f30-silent.test/a": (_nothing_at_all, FailureKind.CONNECT),
        "f39-film.test/a": (answer(b"\x00\x00\x00\x18ftypmp42" * 9), FailureKind.NOT_TEXT),
        "f39-paper.test/a": (answer(b"%PDF-1.7 ...", **{"Content-Type": "text/html"}), FailureKind.NOT_TEXT),
        "f39-sound.test/a": (answer("la la", **{"Content-Type": "audio/mpeg"}), FailureKind.NOT_TEXT),
        "f39-mislabelled.test/a": (answer(**{"Content-Type": "image/png"}), None),
        "gone.test/a": (answer("gone", 410), FailureKind.HTTP),
        "empty.test/a": (answer("  "), FailureKind.EMPTY),
        "f29-busy.test/a": (answer("", 429, **{"Retry-After": "3600"}), FailureKind.BUSY),
        "f29-busy.test/b": (answer(), FailureKind.BUSY),
        "f34-broken-rules.test/a": (answer(), FailureKind.ROBOTS),
        "f35-hanging-rules.test/a": (answer(), FailureKind.TIMEOUT),
        "f35-html-as-rules.test/a": (answer(), None),
    }
    for where, (behaviour, _) in pages.items():
        site.add(where, behaviour)
    site.add("f34-broken-rules.test/robots.txt", answer("User-agent: *\nAllow: /", 500))
    site.add("f35-hanging-rules.test/robots.txt", hang)
    site.add("f35-html-as-rules.test/robots.txt", answer())
    asked = [f"http://{where}" for where in pages if "again" not in where]
    settings = {"proxy": site.url, "page_timeout_s": 2, "max_body_bytes": 2_000_000, "allow_networks": []}
    done = run_crawl({"id": "all", "pages": asked}, settings=settings)
    expected = {f"http://{where}": why for where, (_, why) in pages.items() if why and "again" not in where}
    assert done.whys == expected
    details = {failure["url"]: failure["detail"] for failure in done.told["failures"]}
    assert details["http://f20-bomb.test/a"] == "larger than 1.91 MiB, decompressed"
    assert details["http://f26-headers.test/a"] == "more than 64 KiB of headers"
    assert done.pages == sorted(f"http://{where}" for where, (_, why) in pages.items() if why is None)
    assert site.paths().count("f29-busy.test/b") == 0
    assert site.paths().count("f34-broken-rules.test/a") == 0
    assert site.paths().count("f28-loop.test/a") + site.paths().count("f28-loop.test/a?again") == 6
    assert done.seconds < 30


def test_bad_feeds_end_in_a_named_outcome_and_change_nothing_for_the_others(
    site: Any, run_crawl: Callable[..., Any], answer: Any
) -> None:
    site.add_feed("good.test/feed", ["http://good.test/a"])
    site.add("good.test/a", answer())
    attributes = " ".join(f"a{n}='1'" for n in range(200_000))
    hanging = f"<rss version='2.0' {attributes}><channel><item><link>/x</link></item></channel></rss>"
    feeds = {
        "p11-hangs.test/feed": (answer(hanging), FailureKind.PARSE_KILLED),
        "no-feed.test/feed": (answer("<html>a page</html>"), FailureKind.PARSE),
        "empty.test/feed": (answer(""), FailureKind.EMPTY),
        "missing.test/feed": (answer("", 404), FailureKind.HTTP),
        "f29-busy.test/feed": (answer("", 503), FailureKind.BUSY),
    }
    for where, (behaviour, _) in feeds.items():
        site.add(where, behaviour)
    site.add(
        "p10-raises.test/feed", answer("<rss><channel><item><link>http://good.test/b</link>&#xD800;</item>")
    )
    site.add("good.test/b", answer())
    names = [*feeds, "good.test/feed", "p10-raises.test/feed"]
    visits = [{"id": where, "feeds": [f"http://{where}"]} for where in names]
    settings = {"proxy": site.url, "parse_timeout_s": 1.5, "allow_networks": []}
    done = run_crawl(*visits, settings=settings)
    assert {where: done.feeds[f"http://{where}"]["why"] for where in feeds} == {
        w: why for w, (_, why) in feeds.items()
    }
    assert done.pages == ["http://good.test/a", "http://good.test/b"]
    assert len(done.told["reports"]) == len(visits)


def test_f29_a_short_rest_is_waited_out_once(site: Any, run_crawl: Callable[..., Any], answer: Any) -> None:
    site.add("/a", [answer("", 429, **{"Retry-After": "1"}), answer()])
    done = run_crawl({"id": "one", "pages": [f"{site.url}/a"]})
    assert done.pages == [f"{site.url}/a"]
    first, second = (asked.at for asked in site.asked if asked.path == "/a")
    assert second - first >= 0.99


def test_f33_a_robots_file_without_end_is_read_as_far_as_anybody_must(
    site: Any, run_crawl: Callable[..., Any], answer: Any
) -> None:
    rules = "User-agent: *\nDisallow: /private\n" + "# nothing more\n" * 200_000
    site.add("/robots.txt", answer(rules))
    site.add("/private", answer())
    done = run_crawl({"id": "one", "pages": [f"{site.url}/private"]})
    assert list(done.whys.values()) == [FailureKind.ROBOTS]
    assert done.told["robots"][0]["status"] == 200


@pytest.fixture
def canary() -> Any:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        yield listening


def _was_reached(canary: socket.socket) -> bool:
    try:
        canary.accept()
    except TimeoutError:
        return False
    return True


LOOPBACK = [
    "127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]",
    "localhost", "LOCALHOST.", "１２７.0.0.1", "127.0.0.1.", "[::]", "[::ffff:7f00:1]", "0x7f.1", "①②⑦.0.0.1",
]  # fmt: skip


@pytest.mark.parametrize("through", ["straight", "proxy"])
def test_f03_no_spelling_of_this_machine_is_connected_to(
    through: str, site: Any, canary: socket.socket, run_crawl: Callable[..., Any]
) -> None:
    port = canary.getsockname()[1]
    asked = [f"http://{host}:{port}/{number}" for number, host in enumerate(LOOPBACK)]
    asked += ["http://169.254.169.254/latest", "http://10.0.0.1/", "http://100.64.0.1/", "http://[fd00::1]/"]
    settings = {"proxy": site.url if through == "proxy" else None, "allow_networks": []}
    done = run_crawl({"id": "one", "pages": asked}, settings=settings)
    assert not done.pages
    assert {why for url, why in done.whys.items()} <= {FailureKind.ADDRESS, FailureKind.URL, FailureKind.DNS}
    assert done.whys[f"http://127.0.0.1:{port}/0"] == FailureKind.ADDRESS
    assert not _was_reached(canary)
    assert site.asked == []


def test_f07_a_proxy_of_the_environment_is_not_used(
    site: Any, run_crawl: Callable[..., Any], answer: Any
) -> None:
    site.add("/a", answer())
    environment = {"http_proxy": "http://127.0.0.1:9/", "HTTP_PROXY": "http://127.0.0.1:9/"}
    done = run_crawl({"id": "one", "pages": [f"{site.url}/a"]}, environment=environment)
    assert done.pages == [f"{site.url}/a"]


def test_f06_without_the_guard_it_does_not_crawl(site: Any, run_crawl: Callable[..., Any]) -> None:
    refused = run_crawl(
        {"id": "one", "pages": [f"{site.url}/a"]}, settings={"allow_networks": []}, without_guard=True
    )
    assert "the address guard is not in force" in refused.error
    assert site.asked == []
