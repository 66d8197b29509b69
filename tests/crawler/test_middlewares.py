"""The parts that every request passes, each on its own: addresses, rules, busy hosts, pace."""

from __future__ import annotations

import asyncio
import ipaddress
import itertools
import time
from datetime import UTC, datetime

import pytest

from crawler.middlewares.busy import retry_after_s
from crawler.middlewares.failures import trouble_of
from crawler.middlewares.guard import AddressGuard, literal_address
from crawler.middlewares.robots import MAX_CRAWL_DELAY_S, origin_of, rules_of
from crawler.pace import Pace, StoppedError
from crawler.page import FailureKind, FetchFailure, RobotsCopy
from crawler.source import Manners, Source
from crawler.spiders.page import is_text

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

CLOSED = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.2.1", "224.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "fd12::1", "fec0::1",
    "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001::1", "2001:db8::1",
]  # fmt: skip
OPEN = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8"]


@pytest.mark.parametrize("address", CLOSED)
def test_f04_addresses_that_are_not_public_are_closed(address: str) -> None:
    assert not AddressGuard().is_open(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", OPEN)
def test_public_addresses_are_open(address: str) -> None:
    assert AddressGuard().is_open(ipaddress.ip_address(address))


def test_networks_that_the_operator_lists_are_open() -> None:
    guard = AddressGuard(["10.0.0.0/8", "::1/128"])
    assert guard.is_open(ipaddress.ip_address("10.9.8.7"))
    assert guard.is_open(ipaddress.ip_address("::1"))
    assert not guard.is_open(ipaddress.ip_address("192.168.0.1"))
    assert not guard.allows_loopback


SPELLINGS = [
    "127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "127.0.1", "0x7f.1", "１２７.0.0.1",
    "①②⑦.0.0.1", "127.0.0.1.", "017700000001", "0x7F.0x0.0x0.0x1",
]  # fmt: skip


@pytest.mark.parametrize("host", SPELLINGS)
def test_f03_every_spelling_of_an_address_is_read_as_that_address(host: str) -> None:
    assert literal_address(host) == ipaddress.ip_address("127.0.0.1")
    assert not AddressGuard().is_open_host(host)


def test_f07_names_of_this_network_are_closed_and_other_names_are_not_judged_here() -> None:
    guard = AddressGuard()
    for host in ("localhost", "LOCALHOST.", "x.localhost", "printer.local", "db.internal", "a.home.arpa"):
        assert not guard.is_open_host(host)
    for host in ("example.org", "local.example.org", "notlocalhost.org"):
        assert guard.is_open_host(host)


def _copy(text: str, status: int = 200) -> RobotsCopy:
    return RobotsCopy("http://example.org", status, text, NOW)


def test_f34_rules_that_are_missing_allow_and_rules_that_cannot_be_read_forbid() -> None:
    url = "http://example.org/a"
    for status in (400, 401, 403, 404, 410):
        assert rules_of(_copy("User-agent: *\nDisallow: /", status)).refusal(url) is None
    for status in (500, 503, 429, 0, 304):
        assert rules_of(_copy("User-agent: *\nAllow: /", status)).refusal(url) is not None


def test_rules_for_us_by_name_come_before_rules_for_all() -> None:
    rules = rules_of(_copy("User-agent: tipwatch\nDisallow: /ours\n\nUser-agent: *\nDisallow: /\n"))
    assert rules.refusal("http://example.org/a") is None
    refused = rules.refusal("http://example.org/ours")
    assert refused is not None
    assert refused.why is FailureKind.ROBOTS


def test_f35_a_crawl_delay_is_read_and_one_too_long_forbids() -> None:
    assert rules_of(_copy("User-agent: *\nCrawl-delay: 7")).delay_s == 7
    long = rules_of(_copy(f"User-agent: *\nCrawl-delay: {MAX_CRAWL_DELAY_S + 1}"))
    assert long.refusal("http://example.org/") is not None


def test_f36_patterns_made_to_be_slow_are_not() -> None:
    rules = rules_of(_copy("User-agent: *\nDisallow: /" + "*a" * 60 + "$"))
    started = time.monotonic()
    rules.refusal("http://example.org/" + "a" * 2000 + "b")
    assert time.monotonic() - started < 10


def test_f34_a_page_whose_rules_could_not_be_read_is_tried_again() -> None:
    source = Source("one", "One")
    assert FetchFailure(source, "u", FailureKind.ROBOTS, "", NOW, status=503).passing
    assert not FetchFailure(source, "u", FailureKind.ROBOTS, "", NOW).passing


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://Example.org:80/a", "http://example.org"),
        ("https://example.org:443/", "https://example.org"),
        ("http://example.org:8080/a", "http://example.org:8080"),
        ("http://[::1]:80/a", "http://[::1]"),
    ],
)
def test_an_origin_names_its_port_only_where_it_is_not_the_usual_one(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    ("printed", "seconds"),
    [
        ("3", 3),
        ("0", 0),
        ("99999999999", 86_400),
        ("Mon, 23 Nov 2026 12:01:00 GMT", 60),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0),
        ("Fri, 01 Jan 2099 00:00:00 GMT", 86_400),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_f29_retry_after_is_read_in_both_forms(printed: str | None, seconds: int | None) -> None:
    assert retry_after_s(printed, NOW) == seconds


@pytest.mark.parametrize(
    ("label", "body", "expected"),
    [
        ("text/html", b"<p>x", True),
        (None, b"plain words", True),
        ("application/octet-stream", b"<html>", True),
        ("image/png", b"  <!DOCTYPE html><p>x", True),
        ("image/png", b"words", False),
        ("text/html", b"\x89PNG\r\n", False),
        ("text/html", b"%PDF-1.7", False),
        (None, b"PK\x03\x04", False),
        ("video/mp4", b"....", False),
        ("application/xhtml+xml", b"<p>", True),
    ],
)
def test_f39_a_body_is_judged_by_how_it_begins_before_its_label(
    label: str | None, body: bytes, expected: bool
) -> None:
    assert is_text(label, body) is expected


def test_an_error_nobody_foresaw_has_a_name_of_its_own() -> None:
    assert trouble_of(RuntimeError("what?")).why is FailureKind.INTERNAL
    assert trouble_of(TimeoutError()).why is FailureKind.TIMEOUT


def test_the_pace_of_a_host_is_that_of_its_most_careful_source() -> None:
    async def starts() -> list[float]:
        pace, times = Pace(), []
        pace.agree("host", Manners(0.05, 1))

        async def ask() -> None:
            async with pace.turn("host", Manners(0.01, 9)):
                times.append(time.monotonic())

        await asyncio.gather(*(ask() for _ in range(5)))
        return times

    assert min(after - before for before, after in itertools.pairwise(asyncio.run(starts()))) >= 0.049


def test_whoever_waits_when_the_crawl_stops_is_told() -> None:
    async def waiting() -> list[object]:
        pace = Pace()

        async def ask() -> None:
            async with pace.turn("host", Manners(30)):
                pass

        tasks = [asyncio.create_task(ask()) for _ in range(4)]
        await asyncio.sleep(0.05)
        pace.stop()
        return list(await asyncio.gather(*tasks, return_exceptions=True))

    first, *others = asyncio.run(asyncio.wait_for(waiting(), 5))
    assert first is None
    assert [type(one) for one in others] == [StoppedError] * 3
