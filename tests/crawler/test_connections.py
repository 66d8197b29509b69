"""Connections are kept for the next request to their host, but never so many that no file could be opened any more."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.settings import Settings
from twisted.internet.task import Clock
from twisted.web.client import HTTPConnectionPool

from crawler.middlewares.limits import MAX_KEPT, _Connections
from crawler.settings import CrawlSettings, scrapy_settings


class _Idle:
    """A connection that nobody uses."""

    state = "QUIESCENT"

    def __init__(self) -> None:
        self.is_open = True
        self.transport = self

    def loseConnection(self) -> None:  # noqa: N802 - Twisted's name
        self.is_open = False


def _kept(**settings: Any) -> Any:
    crawl = CrawlSettings(contact="https://example.org/bot", **settings)
    crawler = SimpleNamespace(settings=Settings(scrapy_settings(crawl)))
    return _Connections(crawler, HTTPConnectionPool(Clock()))  # type: ignore[arg-type, no-untyped-call]  # Twisted's


def test_of_the_idle_connections_to_thousands_of_hosts_only_the_youngest_stay_open() -> None:
    kept = _kept()
    connections = [_Idle() for _ in range(MAX_KEPT + 500)]
    for number, connection in enumerate(connections):
        kept._putConnection(("http", f"host{number}.test", 80), connection)
    assert [one.is_open for one in connections] == [False] * 500 + [True] * MAX_KEPT


@pytest.mark.parametrize(("proxy", "open_ones"), [(None, 1), ("http://127.0.0.1:8080", 5)])
def test_a_host_has_one_idle_connection_and_a_proxy_as_many_as_requests_go_through_it(
    proxy: str | None, open_ones: int
) -> None:
    kept = _kept(proxy=proxy, concurrency=5)
    connections = [_Idle() for _ in range(8)]
    for connection in connections:
        kept._putConnection(("http", "one.test", 80), connection)
    assert sum(one.is_open for one in connections) == open_ones
