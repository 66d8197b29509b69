"""The web of the benchmark in one process: feeds, robots.txt and small article pages of thousands of hosts, some of them bad.

    python -m benchmarks.feed_cycle.web FOLDER FEEDS ENTRIES BAD DIRECT

An HTTP proxy on 127.0.0.1 that answers for `feed0000.test`, `feed0001.test` ... itself; with DIRECT 1 no proxy, but a host for
each of the addresses 127.1.0.0, 127.1.0.1 ... (then it listens on all addresses, and hangs up on who is not of this machine).
Writes its port to FOLDER/port.
`/_stats` tells what it was asked, `/_publish?share=0.05&new=2` adds new entries on top of every twentieth healthy feed.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

#: how a feed fails; they take turns
BAD_WAYS = (
    "refused",
    "hang",
    "http_500",
    "http_404",
    "http_410",
    "garbage",
    "empty",
    "endless",
    "redirect_loop",
)
#: so much an endless body sends at once, and in all before the server itself gives up
_CHUNK, _ENDLESS_MAX = b" " * 65536, 64 << 20
_BEGAN = datetime.now(UTC).replace(microsecond=0)
_WORDS = (
    "harbour",
    "station",
    "library",
    "orchard",
    "theatre",
    "bakery",
    "lantern",
    "meadow",
    "bridge",
    "tower",
    "council",
    "budget",
    "river",
    "market",
    "school",
    "winter",
    "report",
    "number",
    "street",
    "garden",
    "museum",
    "ferry",
    "tram",
    "bench",
    "clinic",
    "archive",
    "window",
    "letter",
)


def host_name(number: int) -> str:
    """The host of a feed that is asked through the proxy."""
    return f"feed{number:04}.test"


def address(number: int) -> str:
    """The host of a feed that is asked directly."""
    return f"127.1.{number // 250}.{number % 250}"


def number_of(host: str) -> int:
    """The feed of a host of either kind. Raises ValueError."""
    if host.startswith("127.1."):
        third, fourth = host.split(".")[2:]
        return int(third) * 250 + int(fourth)
    return int(host.removeprefix("feed").partition(".")[0])


def bad_way(number: int, bad: int, feeds: int) -> str | None:
    """How this feed fails, None when it is healthy: `bad` of them, spread evenly over all."""
    if not bad:
        return None
    step = feeds // bad
    place, rest = divmod(number, step)
    return BAD_WAYS[place % len(BAD_WAYS)] if rest == step // 2 and place < bad else None


class Web:
    """What all hosts say."""

    def __init__(self, feeds: int, entries: int, bad: int, direct: int = 0) -> None:
        self.feeds, self.entries, self.bad = feeds, entries, bad
        self.is_direct = bool(direct)
        self.port = 0
        self.asked: Counter[str] = Counter()
        self.ready: set[int] = set()
        self.newer: Counter[int] = Counter()

    def site(self, number: int) -> str:
        """Where a feed and its articles are, without a slash at the end."""
        return f"http://{address(number)}:{self.port}" if self.is_direct else f"http://{host_name(number)}"

    def publish(self, share: float, new: int) -> int:
        """New entries in a share of the healthy feeds; how many feeds that are."""
        healthy = [n for n in range(self.feeds) if bad_way(n, self.bad, self.feeds) is None]
        chosen = healthy[:: max(1, round(1 / share))]
        self.newer.update(dict.fromkeys(chosen, new))
        return len(chosen)

    def stats(self) -> dict[str, object]:
        """What was asked since the last time, and how many different healthy feeds were answered."""
        told = {**self.asked, "healthy_answered": len(self.ready)}
        self.asked.clear()
        self.ready.clear()
        return told

    def feed(self, number: int) -> tuple[bytes, bytes]:
        """The feed, newest entry first, and its ETag."""
        last = self.entries + self.newer[number]
        items = "".join(self._item(number, one) for one in range(last, last - self.entries, -1))
        body = (
            '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<channel><title>Paper {number}</title><link>{self.site(number)}/</link>"
            f"<description>News of town {number}</description><language>en</language>{items}</channel></rss>"
        ).encode()
        return body, b'"%d-%d"' % (number, last)

    def _item(self, number: int, one: int) -> str:
        url = f"{self.site(number)}/news/{one}-{_sentence(number, one, 4).replace(' ', '-')}"
        at = _BEGAN - timedelta(minutes=30 * (self.entries + 10 - one))
        return (
            f"<item><title>{_sentence(number, one, 8).capitalize()}</title><link>{url}</link>"
            f'<guid isPermaLink="true">{url}</guid><pubDate>{at:%a, %d %b %Y %H:%M:%S} +0000</pubDate>'
            f"<dc:creator>Reporter {number % 50}</dc:creator>"
            f"<description>&lt;p&gt;{_sentence(number, one, 40)}.&lt;/p&gt;</description></item>"
        )


def page(number: int, path: str) -> bytes:
    """A small article page with a text of its own."""
    title = path.rpartition("/")[2].replace("-", " ").capitalize()
    paragraphs = "".join(
        f"<p>{_sentence(number, len(path) * 100 + k, 45).capitalize()}.</p>" for k in range(6)
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="article:published_time" content="{_BEGAN.isoformat()}"></head>'
        f"<body><header><a href='/'>Paper</a></header><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    ).encode()


def _sentence(number: int, one: int, words: int) -> str:
    seed = blake2b(f"{number}/{one}".encode(), digest_size=64).digest()
    return " ".join(
        _WORDS[seed[k % 64] % len(_WORDS)] + (f" {k}" if k and k % 9 == 0 else "") for k in range(words)
    )


class Connection(asyncio.Protocol):
    """One connection: HTTP/1.1, requests without a body, one after the other."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._buffer = b""
        self._sending: asyncio.Task[None] | None = None
        self._may_write = asyncio.Event()
        self._may_write.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if not str(transport.get_extra_info("peername")[0]).startswith("127."):
            transport.abort()

    def pause_writing(self) -> None:
        """The other side does not keep up."""
        self._may_write.clear()

    def resume_writing(self) -> None:
        """It does again."""
        self._may_write.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """End."""
        self._may_write.set()
        if self._sending is not None:
            self._sending.cancel()

    def data_received(self, data: bytes) -> None:
        """Answer what is complete."""
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
            self._answer(lines[0].split(" ")[1], headers)

    def _answer(self, target: str, headers: dict[str, str]) -> None:
        parts = urlsplit(target)
        host = parts.hostname or headers.get("host", "").partition(":")[0]
        if parts.path.startswith("/_"):
            self._control(parts.path, {k: v[0] for k, v in parse_qs(parts.query).items()})
        else:
            self._answer_for(number_of(host), parts.path, headers)

    def _control(self, path: str, asked: dict[str, str]) -> None:
        told: object = (
            self._web.stats()
            if path == "/_stats"
            else self._web.publish(float(asked["share"]), int(asked["new"]))
        )
        self._say(200, json.dumps(told).encode())
        self._transport.close()

    def _answer_for(self, number: int, path: str, headers: dict[str, str]) -> None:
        web = self._web
        way = bad_way(number, web.bad, web.feeds)
        if way == "refused":  # a host that takes no connection, as far as a proxy can be one
            self._transport.abort()
        elif path == "/robots.txt":
            web.asked["robots"] += 1
            self._say(200, b"User-agent: *\nDisallow: /private/\n", "Content-Type: text/plain")
        elif path.startswith("/feed"):
            web.asked["feeds"] += 1
            if way is not None:
                self._fail(way)
            else:
                self._feed(number, headers)
        else:
            web.asked["pages"] += 1
            self._say(200, page(number, path), "Content-Type: text/html; charset=utf-8")

    def _feed(self, number: int, headers: dict[str, str]) -> None:
        web = self._web
        web.ready.add(number)
        etag = b'"%d-%d"' % (number, web.entries + web.newer[number])
        if headers.get("if-none-match", "").encode() == etag:
            web.asked["not_modified"] += 1
            self._say(304, b"", f"ETag: {etag.decode()}")
            return
        body, etag = web.feed(number)
        self._say(200, body, "Content-Type: application/rss+xml; charset=utf-8", f"ETag: {etag.decode()}")

    def _fail(self, way: str) -> None:
        answers: dict[str, Callable[[], None]] = {
            "hang": lambda: None,
            "http_500": lambda: self._say(500, b"broken"),
            "http_404": lambda: self._say(404, b"not here"),
            "http_410": lambda: self._say(410, b"gone for good"),
            "garbage": lambda: self._say(200, b"<?xml \x00\xff<<rss>&&&;" * 200, "Content-Type: text/xml"),
            "empty": lambda: self._say(200, b"", "Content-Type: text/xml"),
            "redirect_loop": lambda: self._say(302, b"", "Location: /feed.xml"),
            "endless": self._never_end,
        }
        answers[way]()

    def _never_end(self) -> None:
        self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n<rss>")
        self._sending = asyncio.ensure_future(self._pour())

    async def _pour(self) -> None:
        sent = 0
        while sent < _ENDLESS_MAX and not self._transport.is_closing():
            await self._may_write.wait()
            self._transport.write(_CHUNK)
            sent += len(_CHUNK)
            await asyncio.sleep(0)
        self._transport.abort()

    def _say(self, status: int, body: bytes, *headers: str) -> None:
        length = [] if status == 304 else [f"Content-Length: {len(body)}"]
        head = "\r\n".join([f"HTTP/1.1 {status} X", *length, *headers])
        self._transport.write(head.encode() + b"\r\n\r\n" + body)


async def serve(folder: Path, web: Web) -> None:
    """Serve until killed."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Connection(web), "0.0.0.0" if web.is_direct else "127.0.0.1", 0, backlog=1024
    )
    web.port = server.sockets[0].getsockname()[1]
    (folder / "port.new").write_text(str(web.port))
    (folder / "port.new").rename(folder / "port")
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    where, *numbers = sys.argv[1:]
    asyncio.run(serve(Path(where), Web(*map(int, numbers))))
