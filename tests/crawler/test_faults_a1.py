"""Where we may connect to: no link, hop, rule or list of others leads to this machine or its networks.

All hosts are played by one server of ours; what is counted are the connections asked of the operating system.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from alerts.channels.https import Answer, Request, post
from crawler.middlewares.guard import AddressGuard, literal_address
from crawler.page import FailureKind

#: one process plays the group for all of its tests
pytestmark = pytest.mark.xdist_group("faults-a1")

#: how a URL that leads inwards may end
REFUSED = {FailureKind.ADDRESS, FailureKind.URL, FailureKind.DNS, FailureKind.REDIRECT, FailureKind.ROBOTS}
WAYS = ("item", "mapped", "one-off")
SPELLINGS = 60


@pytest.fixture(scope="module")
def a1(play_faults: Callable[[str], Any]) -> Any:
    return play_faults("a1")


@pytest.fixture(scope="module")
def straight(a1: Any) -> Any:
    return a1["crawls"]["straight"]


def _whys(crawl: Any, part: str) -> dict[str, str]:
    return {one["url"]: one["why"] for one in crawl["failures"] if part in one["url"]}


def _feeds(crawl: Any, part: str) -> dict[str, Any]:
    feeds = (feed for report in crawl["reports"] for feed in report["feeds"])
    return {feed["url"]: feed for feed in feeds if part in feed["url"]}


def test_f01_links_to_files_and_other_schemes_end_by_name_and_nothing_of_a_file_is_read(a1: Any) -> None:
    straight = a1["crawls"]["straight"]
    schemes = {url.partition(":")[0].lower() for url in _whys(straight, "") if not url.startswith("http")}
    assert schemes == {"file", "data", "ftp", "javascript", "gopher", "s3", "view-source", "jar"}
    assert {why for url, why in _whys(straight, "").items() if not url.startswith("http")} == {
        FailureKind.URL
    }
    assert "canary-in-a-file" not in json.dumps(a1["crawls"])
    read = {page["url"] for page in straight["pages"]}
    wanted = {"good", "mapped", "news/a-listed-good-article-2026"}
    assert {f"http://f01.test/{path}" for path in wanted} <= read


def test_f02_a_redirect_to_a_file_is_refused_and_a_refresh_of_a_page_is_not_followed(straight: Any) -> None:
    hops = _whys(straight, "//f02.test/")
    assert set(hops.values()) == {FailureKind.REDIRECT}
    assert len(hops) == 9
    assert len([page for page in straight["pages"] if "f02.test/refresh-" in page["url"]]) == 9


def test_f03_no_spelling_of_this_machine_is_connected_to_whatever_leads_there(straight: Any) -> None:
    assert straight["attempts"] == []
    assert not [page for page in straight["pages"] if any(f"/{way}-" in page["url"] for way in WAYS)]


@pytest.mark.parametrize("way", WAYS)
def test_f03_every_spelling_ends_by_name_in(way: str, straight: Any) -> None:
    whys = _whys(straight, f"/{way}-")
    assert len(whys) >= SPELLINGS - 6  # some are the same URL written differently
    assert set(whys.values()) <= REFUSED


@pytest.mark.parametrize("hop", ["redirect", "twice"])
def test_f03_every_redirect_inwards_ends_by_name(hop: str, straight: Any) -> None:
    whys = _whys(straight, f"f03.test/{hop}-")
    assert len(whys) == SPELLINGS
    assert set(whys.values()) <= REFUSED


def test_f03_a_refresh_inwards_is_not_followed(straight: Any) -> None:
    assert len([page for page in straight["pages"] if "f03.test/refresh-" in page["url"]]) == SPELLINGS


def test_f03_rules_behind_a_redirect_inwards_are_not_read(straight: Any) -> None:
    whys = _whys(straight, ".test/page")
    asked = {url: why for url, why in whys.items() if "//f03-" in url}
    read = {page["url"] for page in straight["pages"] if "//f03-" in page["url"]}
    assert len(asked) + len(read) == SPELLINGS
    assert set(asked.values()) <= REFUSED


@pytest.mark.parametrize("kind", ["feed", "sitemap", "listing"])
def test_f03_a_source_of_our_own_network_is_not_read_unless_it_is_listed(kind: str, straight: Any) -> None:
    feeds = _feeds(straight, f"/{kind}-")
    assert len(feeds) == SPELLINGS
    assert {feed["why"] for feed in feeds.values()} <= REFUSED


def test_f03_indexes_and_further_pages_lead_nowhere_inwards(straight: Any) -> None:
    indexes = _feeds(straight, "f03-map.test/index-")
    assert {feed["result"] for feed in indexes.values()} == {"failed"}
    assert {feed["entries"] for feed in _feeds(straight, "f03-list.test/more-").values()} == {1}


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "10.0.0.1", "100.64.0.1", "fe80::1", "fd00::1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::",
     "::127.0.0.1", "::ffff:0:127.0.0.1", "3fff::1", "5f00::1", "192.0.0.192", "192.88.99.1", "168.63.129.16"],
)  # fmt: skip
def test_f04_ranges_that_reach_inwards_or_nowhere_are_closed(address: str) -> None:
    assert not AddressGuard().is_open(ipaddress.ip_address(address))


def test_f04_only_what_the_operator_lists_is_opened(a1: Any) -> None:
    listed = a1["crawls"]["listed"]
    assert [page["url"].rpartition("/")[2] for page in listed["pages"]] == ["in"]
    assert _whys(listed, "") == {"http://10.0.0.1/out": FailureKind.ADDRESS}
    assert {host for host, _ in listed["attempts"]} == {"127.0.0.1"}


def test_f05_a_name_that_changes_its_answer_is_not_followed_inwards(a1: Any) -> None:
    rebinding = a1["crawls"]["rebinding"]
    assert a1["counts"]["f05-rebinding.test/robots.txt"] == 1  # its first answer was a public address
    assert set(_whys(rebinding, "").values()) == {FailureKind.ADDRESS}
    assert rebinding["attempts"] == []


def test_f06_a_crawl_whose_guard_is_left_out_notices_and_does_not_begin(a1: Any) -> None:
    unguarded = a1["crawls"]["unguarded"]
    assert "the address guard is not in force" in "".join(unguarded["error"])
    assert "f06.test/a" not in a1["counts"]


def test_f07_through_a_proxy_addresses_are_still_refused_and_that_of_the_environment_is_not_used(
    a1: Any,
) -> None:
    proxy = a1["crawls"]["proxy"]
    assert [page["url"] for page in proxy["pages"]] == ["http://f07.test/good"]
    assert {port for _, port in proxy["attempts"]} != {9}
    assert len({port for _, port in proxy["attempts"]}) == 1
    # names are the proxy's to resolve: what they lead to is not ours to know then
    asked = [where for where in a1["counts"] if "/proxied-" in where or "/through-the-proxy" in where]
    assert [where for where in asked if literal_address(where.partition("/")[0])] == []
    assert not [where for where in asked if "localhost" in where or where.endswith(".internal")]
    assert _whys(proxy, "f07.test/inward") == {"http://f07.test/inward": FailureKind.ADDRESS}


def test_f08_urls_that_parsers_read_differently_are_refused_or_read_as_everybody_does(straight: Any) -> None:
    riddles = _whys(straight, "")
    for told in ("http://a@127.0.0.1/", "http://127.0.0.1:99999/", "http://127.0.0.1%00.test/"):
        assert riddles[told] == FailureKind.URL
    assert straight["attempts"] == []


def test_f09_a_webhook_goes_where_the_configuration_says_and_nowhere_else() -> None:
    # the operator's own word, so that a chat of the office can be reached; what it answers leads nowhere
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def serve() -> None:
            while True:
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                with line:
                    asked.append(line.recv(65536))
                    line.sendall(
                        f"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:{port}/inner\r\nContent-Length: 0\r\n\r\n".encode()
                    )

        threading.Thread(target=serve, daemon=True).start()
        answered = post(Request(urlsplit(f"http://127.0.0.1:{port}/hook"), {}, b"{}"))
        listening.shutdown(socket.SHUT_RDWR)
    assert isinstance(answered, Answer)
    assert answered.status == 307
    assert [one.split(b" ")[1] for one in asked] == [b"/hook"]


def test_f10_bad_certificates_are_refused_by_name_and_not_tried_again(a1: Any) -> None:
    straight = a1["crawls"]["straight"]
    bad = ("expired", "self-signed", "wrong-host", "unknown-ca")
    assert _whys(straight, "//f10-") == {f"https://f10-{name}.test/page": FailureKind.TLS for name in bad}
    assert {name: a1["handshakes"][f"f10-{name}.test"] for name in bad} == dict.fromkeys(bad, 1)
    assert "https://f10-good.test/page" in {page["url"] for page in straight["pages"]}


def test_f10_a_source_that_need_not_prove_itself_is_read_and_only_that_one(straight: Any) -> None:
    read = {page["url"] for page in straight["pages"]}
    names = ("good", "expired", "self-signed", "wrong-host", "unknown-ca")
    assert {f"https://f10-trusted-{name}.test/page" for name in names} <= read


def test_f11_the_crawl_listens_on_nothing(straight: Any) -> None:
    # but for the moment of its own test of the guard, on a port of this machine only
    assert len(straight["listening"]) <= 1
    assert all(where.startswith("0100007F:") for where in straight["listening"])


def test_a_whole_group_of_faults_is_bounded_in_time_and_memory(a1: Any) -> None:
    for crawl in a1["crawls"].values():
        assert crawl["code"] == 0, crawl["stderr"]
        assert crawl["memory_mb"] <= 300
        assert "Traceback" not in crawl["stderr"]
        assert crawl["crawl_s"] <= 35
