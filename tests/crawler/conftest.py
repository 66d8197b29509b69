"""A site of our own on loopback, well-behaved or not, and crawls of it in child processes."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

CHILD = Path(__file__).parent / "crawl_child.py"
ARTICLE = "<!doctype html><title>A report</title><p>The assembly adopted a text of our own making.</p>" * 3

Behaviour = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Answer:
    body: bytes | str = ARTICLE
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})

    def as_bytes(self, etag: str | None) -> bytes:
        body = self.body.encode() if isinstance(self.body, str) else self.body
        status = self.status
        if etag is not None and etag == self.headers.get("ETag"):
            status, body = 304, b""
        lines = [
            f"HTTP/1.1 {status} X",
            f"Content-Length: {len(body)}",
            *(f"{k}: {v}" for k, v in self.headers.items()),
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class Asked:
    at: float
    host: str
    path: str
    headers: dict[str, str]


class Site:
    """Answers for every host it is asked for, as origin or as proxy; keeps what it was asked."""

    def __init__(self) -> None:
        self.routes: dict[str, Answer | Behaviour | list[Answer]] = {}
        self.asked: list[Asked] = []
        self.connections = 0
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._started.wait(10)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def add(self, where: str, answer: Answer | Behaviour | list[Answer]) -> None:
        self.routes[where] = answer

    def add_feed(self, where: str, links: list[str], **headers: str) -> None:
        items = "".join(f"<item><title>A title</title><link>{link}</link></item>" for link in links)
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'
        self.add(where, Answer(body, headers={"Content-Type": "application/rss+xml", **headers}))

    def paths(self) -> list[str]:
        return [asked.host + asked.path for asked in self.asked]

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.01))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                target = head[0].split(" ")[1]
                headers = {
                    k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:] if line)
                }
                path = "/" + target.split("/", 3)[3] if "://" in target else target
                host = headers.get("host", "").partition(":")[0]
                self.asked.append(Asked(time.monotonic(), host, path, headers))
                if not await self._answer(host, path, headers, writer):
                    return
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _answer(
        self, host: str, path: str, headers: dict[str, str], writer: asyncio.StreamWriter
    ) -> bool:
        """Whether the connection can go on."""
        found = self.routes.get(host + path, self.routes.get(path, Answer("none", 404)))
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        if isinstance(found, Answer):
            writer.write(found.as_bytes(headers.get("if-none-match")))
            await writer.drain()
            return True
        await found(writer)
        return False


@dataclass
class Crawl:
    """What a crawl told."""

    told: dict[str, Any]
    seconds: float

    @property
    def pages(self) -> list[str]:
        return sorted(page["url"] for page in self.told["pages"])

    @property
    def whys(self) -> dict[str, str]:
        return {failure["url"]: failure["why"] for failure in self.told["failures"]}

    @property
    def feeds(self) -> dict[str, dict[str, Any]]:
        return {feed["url"]: feed for report in self.told["reports"] for feed in report["feeds"]}

    @property
    def error(self) -> str:
        return "".join(self.told.get("error", ()))


@pytest.fixture
def site() -> Iterator[Site]:
    started = Site()
    yield started
    started.close()


def start_child(order: dict[str, Any]) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    child = subprocess.Popen(
        [sys.executable, str(CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**environment, **order.pop("environment", {})},
    )
    assert child.stdin is not None
    child.stdin.write(json.dumps(order))
    child.stdin.close()
    child.stdin = None
    return child


def end_of(child: subprocess.Popen[str], started: float) -> Crawl:
    out, err = child.communicate(timeout=60)
    assert child.returncode == 0, err
    return Crawl(json.loads(out), time.monotonic() - started)


@pytest.fixture
def answer() -> Callable[..., Answer]:
    """Makes answers: body, status, and headers by name."""

    def make(body: bytes | str = ARTICLE, status: int = 200, **headers: str) -> Answer:
        return Answer(body, status, {"Content-Type": "text/html; charset=utf-8", **headers})

    return make


@pytest.fixture
def hang() -> Behaviour:
    async def say_nothing(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    return say_nothing


@pytest.fixture
def end_crawl() -> Callable[..., Crawl]:
    return end_of


@pytest.fixture
def start_crawl() -> Callable[..., subprocess.Popen[str]]:
    return start_child


@pytest.fixture
def run_crawl() -> Callable[..., Crawl]:
    """Crawls in a child; loopback is allowed unless the order says otherwise."""

    def run(*visits: dict[str, Any], **order: Any) -> Crawl:
        settings = {"allow_networks": ["127.0.0.0/8"], "page_timeout_s": 3, **order.pop("settings", {})}
        started = time.monotonic()
        return end_of(start_child({"visits": list(visits), "settings": settings, **order}), started)

    return run


@pytest.fixture(scope="session")
def play_faults(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Any]:
    """Plays a group of faults (`hostile.py`) and gives what was told."""

    def play(group: str) -> Any:
        folder = tmp_path_factory.mktemp(group)
        command = [sys.executable, str(CHILD.parent / "hostile.py"), group, str(folder)]
        played = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
        assert played.returncode == 0, played.stderr
        return json.loads(played.stdout)

    return play
