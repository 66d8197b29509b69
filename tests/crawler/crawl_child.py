"""Runs one crawl as told by JSON on stdin and tells by JSON on stdout: a reactor can be started once in a process."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import crawler.crawl as door
from crawler.errors import CrawlError
from crawler.page import (
    Entry,
    FetchedPage,
    FetchFailure,
    HostMemory,
    RobotsCopy,
    UnchangedPage,
    Validators,
    Visit,
    VisitReport,
)
from crawler.settings import CrawlSettings, scrapy_settings
from crawler.source import Listing, Manners, Source
from crawler.urls import identity
from crawler.worker import Workers


class NotingIntake:
    def __init__(self, known: set[str], fails_at: str | None) -> None:
        self.known, self.fails_at = known, fails_at
        self.told: dict[str, list[Any]] = {
            "pages": [],
            "failures": [],
            "reports": [],
            "robots": [],
            "sighted": [],
            "unchanged": [],
            "hosts": [],
            "passed_over": [],
        }

    async def sight(self, source: Source, entries: Sequence[Entry]) -> Sequence[Entry]:
        self.told["sighted"] += [entry.url for entry in entries]
        new = [entry for entry in entries if identity(entry.url) not in self.known]
        self.known.update(identity(entry.url) for entry in new)
        return list({identity(entry.url): entry for entry in reversed(new)}.values())[::-1]

    async def unknown(
        self, source: Source, entries: Sequence[Entry], *, passed_over: bool = False
    ) -> Sequence[Entry]:
        del source, passed_over
        new = [entry for entry in entries if identity(entry.url) not in self.known]
        return list({identity(entry.url): entry for entry in reversed(new)}.values())[::-1]

    async def pass_over(self, source: Source, entries: Sequence[Entry], why: str) -> None:
        del source, why
        self.told["passed_over"] += [entry.url for entry in entries]
        self.known.update(identity(entry.url) for entry in entries)

    async def take_in(self, page: FetchedPage | UnchangedPage | FetchFailure) -> None:
        if self.fails_at == page.url:
            raise RuntimeError("the intake is broken")
        if isinstance(page, UnchangedPage):
            self.told["unchanged"].append(page.url)
        elif isinstance(page, FetchedPage):
            self.told["pages"].append(
                {
                    "url": page.url,
                    "final": page.final_url,
                    "size": len(page.body),
                    "text": page.body[:2000].decode("utf-8", "replace"),
                    "etag": page.validators.etag if page.validators else None,
                }
            )
        else:
            self.told["failures"].append(
                {"url": page.url, "why": page.why, "detail": page.detail, "status": page.status}
            )

    async def remember_robots(self, copy: RobotsCopy) -> None:
        self.told["robots"].append({"origin": copy.origin, "status": copy.status, "text": copy.text[:200]})

    async def remember_hosts(self, hosts: Sequence[HostMemory]) -> None:
        self.told["hosts"] += [
            {
                "host": one.host,
                "asked_at": one.asked_at.isoformat() if one.asked_at else None,
                "busy_until": one.busy_until.isoformat() if one.busy_until else None,
                "why": one.why,
            }
            for one in hosts
        ]

    async def close_visit(self, report: VisitReport) -> None:
        feeds = [
            {
                "url": feed.url,
                "result": feed.result,
                "why": feed.why,
                "detail": feed.detail,
                "entries": feed.entries,
                "etag": feed.validators.etag if feed.validators else None,
                "moved_to": feed.moved_to,
                "kind": feed.kind,
                "new": feed.new,
                "gap": feed.gap,
            }
            for feed in report.feeds
        ]
        told = {
            "source": report.source.id,
            "feeds": feeds,
            "cut_short": report.cut_short,
            "requests": report.requests,
        }
        self.told["reports"].append(told)


def visit_of(told: dict[str, Any]) -> Visit:
    manners = Manners(told.get("delay_s", 0.0), told.get("per_host", 1), told.get("obey_robots", True))
    source = Source(
        told["id"],
        told["id"],
        tuple(told.get("feeds", ())),
        manners=manners,
        render=told.get("render", False),
        sitemaps=tuple(told.get("sitemaps", ())),
        listings=tuple(Listing(**one) for one in told.get("listings", ())),
    )
    validators = {url: Validators(etag=etag) for url, etag in told.get("etags", {}).items()}
    again = tuple(Entry(url) for url in told.get("again", ()))
    again += tuple(Entry(url, seen=Validators(etag=etag)) for url, etag in told.get("seen", {}).items())
    since, newest = (
        datetime.fromisoformat(told[name]) if name in told else None for name in ("since", "newest")
    )
    read_before = frozenset(told.get("read_before", ()))
    return Visit(source, validators, again, tuple(told.get("pages", ())), since, newest, read_before)


def host_memory(host: str, asked_ago_s: float | None = None, busy_for_s: float | None = None) -> HostMemory:
    now = datetime.now(UTC)
    asked_at = None if asked_ago_s is None else now - timedelta(seconds=asked_ago_s)
    busy_until = None if busy_for_s is None else now + timedelta(seconds=busy_for_s)
    return HostMemory(host, asked_at, busy_until, "HTTP 429" if busy_until else "")


def answer_by_ipv6(names: dict[str, str]) -> None:
    """Names that have an IPv6 address and no other."""

    def no_address(name: str) -> str:
        raise socket.gaierror(-5, f"{name} has no IPv4 address")

    numeric = socket.getaddrinfo

    def found(name: str, *more: Any) -> list[tuple[Any, ...]]:
        if name not in names:
            return numeric(name, *more)
        return [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", (names[name], 0, 0, 0))]

    socket.gethostbyname = no_address  # type: ignore[assignment]
    socket.getaddrinfo = found  # type: ignore[assignment]


def main() -> None:
    order = json.load(sys.stdin)
    given = dict(order.get("settings", {}))
    given["allow_networks"] = tuple(given.get("allow_networks", ()))
    hours = timedelta(hours=order.get("robots_age_h", 1))
    given["robots"] = {
        origin: RobotsCopy(origin, 200, text, datetime.now(UTC) - hours)
        for origin, text in order.get("robots", {}).items()
    }
    given["hosts"] = {one["host"]: host_memory(**one) for one in order.get("hosts", ())}
    settings = CrawlSettings("https://example.org/bot", **given)
    if "ipv6_names" in order:
        answer_by_ipv6(order["ipv6_names"])
    if order.get("without_guard"):
        plain = {"TWISTED_DNS_RESOLVER": "scrapy.resolver.CachingThreadedResolver"}
        door.scrapy_settings = lambda asked: {**scrapy_settings(asked), **plain}
    intake = NotingIntake({identity(url) for url in order.get("known", ())}, order.get("intake_fails_at"))
    told: dict[str, Any] = intake.told
    with Workers(1, preload=("crawler.feeds",)) as workers:
        sys.stderr.write("crawling\n")
        sys.stderr.flush()
        try:
            door.crawl([visit_of(one) for one in order["visits"]], settings, intake, workers)
        except CrawlError as error:
            told["error"] = [str(error)]
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
