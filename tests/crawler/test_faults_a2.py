"""How much is read of a host that means harm or is broken, and how long: each ends by name, and the good ones are read."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from crawler.page import FailureKind

#: one process plays the group for all of its tests
pytestmark = pytest.mark.xdist_group("faults-a2")

TOO_LARGE, TIMEOUT, CONNECT = FailureKind.TOO_LARGE, FailureKind.TIMEOUT, FailureKind.CONNECT
#: how the one page of each host ends; None: it is read
OUTCOMES = {
    "f20-gzip": TOO_LARGE,
    "f20-br": TOO_LARGE,
    "f20-zstd": TOO_LARGE,
    "f21-gzip": TOO_LARGE,
    "f21-br": TOO_LARGE,
    "f22-three": TOO_LARGE,
    "f22-many": TOO_LARGE,
    "f22-two": None,
    "f22-not-packed": None,
    "f22-odd": None,
    "f22-not-br": FailureKind.TRUNCATED,
    "f22-not-zstd": FailureKind.TRUNCATED,
    "f22-not-deflate": FailureKind.TRUNCATED,
    "f23-length": TOO_LARGE,
    "f24-chunks": TOO_LARGE,
    "f24-no-length": TOO_LARGE,
    "f25-drip": TIMEOUT,
    "f25-head": TIMEOUT,
    "f25-silence": TIMEOUT,
    "f25-half": TIMEOUT,
    "f26-many": TOO_LARGE,
    "f26-one": CONNECT,
    "f26-status": CONNECT,
    "f27-continue": TOO_LARGE,
    "f27-chunk": TIMEOUT,
    "f27-letters": FailureKind.TRUNCATED,
    "f30-close": CONNECT,
    "f30-reset": CONNECT,
    "f30-http-0-9": CONNECT,
    "f30-status": CONNECT,
    "f30-two-lengths": CONNECT,
    "f30-negative": CONNECT,
    "f30-short": FailureKind.TRUNCATED,
    "f30-noise": CONNECT,
    "f30-coding": CONNECT,
    "f30-upgrade": TIMEOUT,
    "f30-trailers": FailureKind.TRUNCATED,
    "f30-unasked-304": FailureKind.HTTP,
    "f30-tls": CONNECT,
    "f39-picture": FailureKind.NOT_TEXT,
    "f39-paper": FailureKind.NOT_TEXT,
    "f39-film": FailureKind.NOT_TEXT,
    "f39-mislabelled": None,
    "f33-huge": None,
    "f33-endless": None,
    "f34-404": None,
    "f34-403": None,
    "f34-500": FailureKind.ROBOTS,
    "f34-503": FailureKind.ROBOTS,
    "f34-hang": TIMEOUT,
    "f34-closed": CONNECT,
    "f34-loop": None,
    "f35-delay": FailureKind.ROBOTS,
    "f35-short-delay": None,
    "f35-html": None,
    "f35-noise": None,
    "f35-mark": FailureKind.ROBOTS,
    "f36-slow": None,
    "good": None,
}


@pytest.fixture(scope="module")
def a2(play_faults: Callable[[str], Any]) -> Any:
    return play_faults("a2")


@pytest.fixture(scope="module")
def straight(a2: Any) -> Any:
    return a2["crawls"]["straight"]


@pytest.fixture(scope="module")
def whys(straight: Any) -> dict[str, str]:
    return {one["url"]: one["why"] for one in straight["failures"]}


@pytest.fixture(scope="module")
def details(straight: Any) -> dict[str, str]:
    return {one["url"]: one["detail"] for one in straight["failures"]}


@pytest.fixture(scope="module")
def read(straight: Any) -> set[str]:
    return {page["url"] for page in straight["pages"]}


def _hits(a2: Any, host: str) -> dict[str, int]:
    return {
        where.partition("/")[2]: count
        for where, count in a2["counts"].items()
        if where.startswith(f"{host}/")
    }


def _feed(crawl: Any, url: str) -> Any:
    return next(feed for report in crawl["reports"] for feed in report["feeds"] if feed["url"] == url)


def _check(host: str, whys: dict[str, str], read: set[str]) -> None:
    url = f"http://{host}.test/page"
    assert whys.get(url) == OUTCOMES[host]
    assert (url in read) is (OUTCOMES[host] is None)


def _hosts(*ids: str) -> Any:
    return pytest.mark.parametrize("host", [host for host in OUTCOMES if host.startswith(ids)])


@_hosts("f20", "f21")
def test_f20_f21_a_bomb_of_any_packer_is_not_unpacked_beyond_the_bound(
    host: str, whys: dict[str, str], read: set[str], details: dict[str, str]
) -> None:
    _check(host, whys, read)
    assert details[f"http://{host}.test/page"] == "larger than 10 MiB, decompressed"


@_hosts("f22")
def test_f22_layers_of_packing_are_bounded_in_number_and_each_in_size(
    host: str, whys: dict[str, str], read: set[str]
) -> None:
    _check(host, whys, read)


@_hosts("f23", "f24")
def test_f23_f24_a_body_is_read_up_to_its_bound_whether_it_says_how_long_it_is_or_not(
    host: str, whys: dict[str, str], read: set[str]
) -> None:
    _check(host, whys, read)


@_hosts("f25")
def test_f25_answers_that_drip_or_never_come_are_given_up_after_one_try(
    host: str, whys: dict[str, str], read: set[str], a2: Any
) -> None:
    _check(host, whys, read)
    assert _hits(a2, f"{host}.test")["page"] == 1


@_hosts("f26")
def test_f26_headers_without_end_are_cut(host: str, whys: dict[str, str], read: set[str]) -> None:
    _check(host, whys, read)


@_hosts("f27")
def test_f27_continues_without_end_and_impossible_chunks_end_by_name(
    host: str, whys: dict[str, str], read: set[str]
) -> None:
    _check(host, whys, read)


def test_f28_a_redirect_is_followed_five_times_and_no_more(
    a2: Any, whys: dict[str, str], read: set[str]
) -> None:
    assert whys["http://f28-loop.test/page"] == FailureKind.REDIRECT
    assert whys["http://f28-chain.test/7"] == FailureKind.REDIRECT
    assert "http://f28-chain.test/5" in read
    loop = _hits(a2, "f28-loop.test")
    assert loop["page"] + loop["page?again"] == 6


def test_f28_redirects_written_to_be_misread_lead_nowhere(whys: dict[str, str], straight: Any) -> None:
    odd = {url: why for url, why in whys.items() if "//f28-" in url}
    assert len(odd) == 2 + 12
    assert set(odd.values()) == {FailureKind.REDIRECT, FailureKind.ADDRESS}
    assert straight["attempts"] == []


def test_nothing_that_was_foreseen_is_an_error_of_ours(whys: dict[str, str]) -> None:
    assert FailureKind.INTERNAL not in whys.values()


@pytest.mark.parametrize("wish", ["day", "date", "absurd", "unsaid", "nonsense"])
def test_f29_a_host_that_is_busy_is_asked_once_and_then_left_alone(
    wish: str, a2: Any, whys: dict[str, str], straight: Any
) -> None:
    assert {whys[f"http://f29-{wish}.test/{n}"] for n in range(3)} == {FailureKind.BUSY}
    assert sum(count for path, count in _hits(a2, f"f29-{wish}.test").items() if path != "robots.txt") == 1
    assert any(one["host"] == f"f29-{wish}.test" and one["busy_until"] for one in straight["hosts"])


def test_f29_a_short_wish_is_waited_out(a2: Any, read: set[str]) -> None:
    assert {f"http://f29-short.test/{n}" for n in range(3)} <= read
    times = [
        one["at"] for one in a2["asked"] if one["host"] == "f29-short.test" and "robots" not in one["path"]
    ]
    assert times[1] - times[0] >= 2.9


@_hosts("f30")
def test_f30_broken_answers_are_failures_in_passing(host: str, whys: dict[str, str], read: set[str]) -> None:
    _check(host, whys, read)


def test_f31_calendars_are_left_after_twenty_pages_or_when_their_urls_repeat_themselves(
    a2: Any, straight: Any
) -> None:
    assert sum("calendar" in path for path in _hits(a2, "f31-calendar.test")) == 20
    assert sum("calendar" in path for path in _hits(a2, "f31-growing.test")) <= 20
    assert _feed(straight, "http://f31-calendar.test/calendar?n=0")["result"] == "ok"


def test_f32_of_a_page_of_links_two_thousand_are_looked_at(a2: Any) -> None:
    farm = a2["crawls"]["farm"]
    assert _feed(farm, "http://f32-section.test/links")["entries"] == 2000
    assert _feed(farm, "http://f32-more.test/links")["why"] == TOO_LARGE


@_hosts("f33")
def test_f33_of_rules_without_end_five_hundred_kib_are_read(
    host: str, whys: dict[str, str], read: set[str]
) -> None:
    _check(host, whys, read)


def test_f33_packed_rules_are_not_unpacked_beyond_the_bound(whys: dict[str, str], read: set[str]) -> None:
    url = "http://f33-bomb.test/page"
    assert (url in read) != (whys.get(url) in {TOO_LARGE, FailureKind.ROBOTS})


@_hosts("f34")
def test_f34_rules_that_are_not_there_allow_and_rules_that_cannot_be_read_forbid(
    host: str, whys: dict[str, str], read: set[str]
) -> None:
    _check(host, whys, read)


@_hosts("f35")
def test_f35_odd_rules_are_read_as_far_as_they_are_rules(
    host: str, whys: dict[str, str], read: set[str]
) -> None:
    _check(host, whys, read)


def test_f35_a_delay_that_rules_ask_for_is_kept_and_an_absurd_one_said(
    a2: Any, details: dict[str, str]
) -> None:
    times = [one["at"] for one in a2["asked"] if one["host"] == "f35-short-delay.test"]
    assert all(after - before >= 0.99 for before, after in itertools.pairwise(times))
    assert "86400 s" in details["http://f35-delay.test/page"]


def test_f36_patterns_made_to_be_slow_hold_nobody_up(whys: dict[str, str], read: set[str]) -> None:
    _check("f36-slow", whys, read)
    assert f"http://f36-slow.test/{'a' * 1500}b" in read


def test_f37_no_cookie_is_carried_to_anybody(a2: Any, read: set[str]) -> None:
    assert {f"http://f37.test/{n}" for n in range(5)} <= read
    assert [one for one in a2["asked"] if {"cookie", "referer"} & set(one["headers"])] == []


@_hosts("f39")
def test_f39_what_is_no_text_is_told_by_how_it_begins(
    host: str, whys: dict[str, str], read: set[str]
) -> None:
    _check(host, whys, read)


def test_f40_dead_and_slow_names_hold_nobody_up_and_are_looked_up_once(
    a2: Any, whys: dict[str, str], read: set[str], straight: Any
) -> None:
    assert {f"http://f40-{n}.test/page" for n in range(10)} <= read
    assert {why for url, why in whys.items() if "//f40-" in url} == {FailureKind.DNS}
    assert straight["looked_up"].count("f40-dead.test") <= 2  # once for each family of addresses
    asked = [one["at"] for one in a2["asked"] if one["host"].startswith("f40-")]
    assert max(asked) - min(one["at"] for one in a2["asked"]) < 15


def test_f41_feeds_that_fail_in_any_way_cost_the_others_nothing(a2: Any) -> None:
    farm = a2["crawls"]["farm"]
    feeds = {
        feed["url"]: feed for report in farm["reports"] for feed in report["feeds"] if "f41" in feed["url"]
    }
    failed = {url for url, feed in feeds.items() if feed["result"] == "failed"}
    assert failed == {f"http://f41-{n}.test/feed" for n in range(0, 240, 10)}
    assert len([page for page in farm["pages"] if "//f41-" in page["url"]]) == 3 * (240 - 24)
    assert all(a2["counts"][url.removeprefix("http://")] <= 2 for url in failed)


@pytest.mark.parametrize(
    ("host", "why"),
    [("f20-gzip", TOO_LARGE), ("f24-chunks", TOO_LARGE), ("f26-many", TOO_LARGE), ("f30-short", FailureKind.TRUNCATED),
     ("f30-reset", CONNECT), ("f39-picture", FailureKind.PARSE)],
)  # fmt: skip
def test_feeds_that_answer_badly_end_by_name_as_well(host: str, why: str, straight: Any) -> None:
    assert _feed(straight, f"http://{host}.test/page")["why"] == why


def test_a_whole_group_of_faults_is_bounded_in_time_and_memory(a2: Any) -> None:
    for crawl in a2["crawls"].values():
        assert crawl["code"] == 0, crawl["stderr"]
        assert crawl["memory_mb"] <= 300
        assert "Traceback" not in crawl["stderr"]
        assert crawl["crawl_s"] <= 35
        assert crawl["attempts"] == []
