"""Runs one crawl as `crawl_child` does, in a net of its own: names are made up, and nothing but our server is connected to.

Every connection asked of the operating system is counted before it is made. Public addresses of the made-up names lead to
our server; all others are refused without a packet.
"""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import json
import os
import socket
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import crawl_child

import crawler.crawl as door
from crawler.errors import CrawlError
from crawler.page import Entry, RobotsCopy, Visit
from crawler.settings import CrawlSettings, scrapy_settings
from crawler.source import Listing, Manners, Source
from crawler.worker import Workers

#: where all made-up names are, unless they say otherwise
PUBLIC, PUBLIC_6 = "93.184.216.34", "2606:2800:220:1::1"


class Net:
    """Names, and what was connected to."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.names: dict[str, Any] = order.get("names", {})
        self.ports = {80: order["http_port"], 443: order["tls_port"]}
        self.passing = {("127.0.0.1", port) for port in order.get("passing_ports", ())}
        self.opens_loopback = bool(order.get("opens_loopback"))
        self.attempts: list[tuple[str, int]] = []
        self.looked_up: list[str] = []
        self._lock = threading.Lock()

    def install(self) -> None:
        self._connect_ex = socket.socket.connect_ex
        net = self

        class Watched(socket.socket):
            def connect_ex(self, address: Any, /) -> int:
                return net.connect(self, address)

            def connect(self, address: Any, /) -> None:
                code = net.connect(self, address)
                if code not in (0, errno.EINPROGRESS):
                    raise OSError(code, os.strerror(code))

        socket.socket = Watched  # type: ignore[misc]
        socket.gethostbyname = lambda name: self.look_up(name, socket.AF_INET)
        socket.getaddrinfo = self.getaddrinfo  # type: ignore[assignment]

    def connect(self, sock: socket.socket, address: Any) -> int:
        if sock.family == socket.AF_UNIX:
            return self._connect_ex(sock, address)
        host, port = str(address[0]), int(address[1])
        if host in (PUBLIC, PUBLIC_6) and port in self.ports:
            here = "127.0.0.1" if sock.family == socket.AF_INET else "::ffff:127.0.0.1"
            return self._connect_ex(sock, (here, self.ports[port]))
        if (host, port) in self.passing:
            return self._connect_ex(sock, address)
        self.attempts.append((host, port))
        if self.opens_loopback and ipaddress.ip_address(host).is_loopback:
            return self._connect_ex(sock, address)
        return errno.ECONNREFUSED

    def look_up(self, name: str, family: int) -> str:
        """The next answer for a name, as the system would give it; literal addresses are their own."""
        with contextlib.suppress(OSError):
            if family == socket.AF_INET:
                return socket.inet_ntoa(socket.inet_aton(name))
        if ":" in name:  # no name, and no address of this family
            raise socket.gaierror(socket.EAI_ADDRFAMILY, "no address of this family")
        with self._lock:
            self.looked_up.append(name)
            said = self.names.get(name.lower().rstrip("."))
            if isinstance(said, list):
                said = said.pop(0) if len(said) > 1 else said[0]
        if isinstance(said, float | int):
            time.sleep(said)
            said = "dead"
        if said is None:
            said = PUBLIC if name.endswith(".test") else "127.0.0.1"
        if said == "dead" or (":" in said) != (family == socket.AF_INET6):
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return str(said)

    def getaddrinfo(self, host: Any, port: Any, family: int = 0, *_: Any, **__: Any) -> list[Any]:
        name = host.decode() if isinstance(host, bytes) else str(host)
        with contextlib.suppress(ValueError):
            literal = ipaddress.ip_address(name)
            kind = socket.AF_INET if literal.version == 4 else socket.AF_INET6
            return [(kind, socket.SOCK_STREAM, 6, "", (name, int(port or 0)))]
        wanted = socket.AF_INET6 if family == socket.AF_INET6 else socket.AF_INET
        return [(wanted, socket.SOCK_STREAM, 6, "", (self.look_up(name, wanted), int(port or 0)))]


def visit_of(told: dict[str, Any]) -> Visit:
    manners = Manners(
        0.0, told.get("per_host", 1), told.get("obey_robots", True), told.get("verify_tls", True)
    )
    source = Source(
        told["id"],
        told["id"],
        tuple(told.get("feeds", ())),
        manners=manners,
        sitemaps=tuple(told.get("sitemaps", ())),
        listings=tuple(Listing(**one) for one in told.get("listings", ())),
    )
    since = datetime.now(UTC) - timedelta(days=told["since_days"]) if "since_days" in told else None
    again = tuple(Entry(url) for url in told.get("again", ()))
    return Visit(source, again=again, pages=tuple(told.get("pages", ())), since=since)


class ListeningSockets(threading.Thread):
    """Looks again and again whether this process or one of its children listens on the network."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.found: set[str] = set()

    def run(self) -> None:
        while True:
            self.found |= self.listening()
            time.sleep(0.2)

    @staticmethod
    def listening() -> set[str]:
        pids = [os.getpid(), *children_of(os.getpid())]
        own = set()
        for pid in pids:
            with contextlib.suppress(OSError):
                own |= {str(one.readlink()) for one in Path(f"/proc/{pid}/fd").iterdir()}
        found = set()
        for table in ("tcp", "tcp6"):
            for row in Path(f"/proc/self/net/{table}").read_text().splitlines()[1:]:
                fields = row.split()
                if fields[3] == "0A" and f"socket:[{fields[9]}]" in own:
                    found.add(fields[1])
        return found


def children_of(pid: int) -> list[int]:
    found = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    return [*found, *(deeper for child in found for deeper in children_of(child))]


def main() -> None:
    order = json.load(sys.stdin)
    given = dict(order.get("settings", {}))
    given["allow_networks"] = tuple(given.get("allow_networks", ()))
    settings = CrawlSettings("https://example.org/bot", **given)
    changed: dict[str, Any] = {"DNSCACHE_SIZE": 0} if order.get("forgets_names") else {}
    if order.get("without_guard"):
        changed["TWISTED_DNS_RESOLVER"] = "scrapy.resolver.CachingThreadedResolver"
    door.scrapy_settings = lambda asked: {**scrapy_settings(asked), **changed}
    net = Net(order)
    watch = ListeningSockets()
    intake: Any = crawl_child.NotingIntake(set(), None)
    told = intake.told
    visits = [visit_of(one) for one in order["visits"]]
    began = time.monotonic()
    with contextlib.ExitStack() as held:
        workers, intake = held.enter_context(room(order, intake))
        net.install()
        if order.get("watches_listening"):
            watch.start()
        try:
            door.crawl(visits, settings, intake, workers)
        except CrawlError as error:
            told["error"] = [str(error)]
    told["attempts"], told["looked_up"] = net.attempts, net.looked_up
    told["listening"], told["crawl_s"] = sorted(watch.found), time.monotonic() - began
    json.dump(told, sys.stdout, default=str)


@contextlib.contextmanager
def room(order: dict[str, Any], noting: Any) -> Any:
    """The workers and the intake: one that notes only, or the real one that understands pages and keeps them."""
    if "store" not in order:
        with Workers(1, preload=("crawler.feeds", "crawler.sitemaps", "crawler.listings")) as workers:
            yield workers, noting
        return
    from pipeline.intake import ArticleIntake, prepare_worker
    from pipeline.store import open_store

    outcomes = noting.told["outcomes"] = {}

    def note(source: Source, url: str, outcome: Any) -> None:
        outcomes[url] = {"kind": outcome.kind.value, "detail": outcome.detail, "at": time.monotonic()}

    with (
        Workers(
            1, preload=("pipeline.preload",), setup=prepare_worker, setup_args=(("builtin",),)
        ) as workers,
        contextlib.closing(open_store(order["store"], now=lambda: datetime.now(UTC))) as store,
        ArticleIntake(
            store,
            workers,
            now=lambda: datetime.now(UTC),
            on_outcome=note,
            page_timeout_s=order.get("page_limit_s", 5.0),
        ) as kept,
    ):
        yield workers, _Both(kept, noting)
        noting.told["articles"] = [
            {"url": one.article.url, "title": one.article.title, "text": one.article.text[:3000]}
            for one in store.articles.export(matched_only=False)
        ]


class _Both:
    """The real intake, with the reports noted as well."""

    def __init__(self, kept: Any, noting: Any) -> None:
        self._kept, self._noting = kept, noting

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kept, name)

    async def close_visit(self, report: Any) -> None:
        await self._kept.close_visit(report)
        await self._noting.close_visit(report)

    async def remember_robots(self, copy: RobotsCopy) -> None:
        await self._kept.remember_robots(copy)
        await self._noting.remember_robots(copy)


if __name__ == "__main__":
    main()
