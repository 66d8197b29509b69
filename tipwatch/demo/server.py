"""The HTTP server of one outlet on loopback: feed, pages, robots.txt, conditional answers, access log."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tipwatch.demo.coverage import Answer, Outlet, Piece
from tipwatch.demo.feeds import FEED_PATH, render_feed
from tipwatch.demo.pages import render_front_page, render_hanging_page, render_page

_HOST = "127.0.0.1"
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Access:
    """One answered request."""

    source_id: str
    path: str
    status: int


class AccessLog:
    """What was asked, in order; written by the servers' threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._accesses: list[Access] = []

    def note(self, access: Access) -> None:
        """Keep one answered request."""
        with self._lock:
            self._accesses.append(access)

    def read(self) -> tuple[Access, ...]:
        """Return all requests answered so far, oldest first."""
        with self._lock:
            return tuple(self._accesses)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a path answers with."""

    status: int
    content_type: str
    body: bytes

    @property
    def etag(self) -> str:
        """The reply's entity tag: changes when a byte of the body changes (RFC 9110, 8.8.3)."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


_NOT_FOUND = Reply(404, _HTML, b"<!DOCTYPE html><title>404</title><p>Not found</p>\n")


@contextmanager
def outlet_served(outlet: Outlet, port: int, log: AccessLog) -> Iterator[str]:
    """Serve one outlet until the block ends; give its base URL.

    An outlet that is down holds its port without listening: connections are refused, nobody else takes it.

    Raises:
        OSError: the port is taken.
    """
    if not outlet.alive:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as deaf:
            deaf.bind((_HOST, port))
            yield f"http://{_HOST}:{deaf.getsockname()[1]}"
        return
    with _OutletServer(outlet, port, log) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server.base_url
        finally:
            server.shutdown()
            thread.join()


class _OutletServer(ThreadingHTTPServer):
    """One outlet's server: everything it will ever say is rendered before it listens to the first request."""

    daemon_threads = True

    def __init__(self, outlet: Outlet, port: int, log: AccessLog) -> None:
        super().__init__((_HOST, port), _Request)
        self.base_url = f"http://{_HOST}:{self.server_address[1]}"
        self._outlet_id = outlet.id
        self._replies = _replies(outlet, self.base_url)
        self._log = log

    def answer(self, path: str, known_etag: str | None) -> Reply:
        """Return the reply for a path, a bare 304 when the asker already has it; note it in the log."""
        reply = self._replies.get(path, _NOT_FOUND)
        if reply.status == 200 and known_etag is not None and reply.etag in known_etag:
            reply = Reply(304, reply.content_type, b"")
        self._log.note(Access(self._outlet_id, path, reply.status))
        return reply

    def etag_of(self, path: str) -> str | None:
        """Return the entity tag of a path that exists; None otherwise."""
        reply = self._replies.get(path)
        return reply.etag if reply is not None and reply.status == 200 else None


class _Request(BaseHTTPRequestHandler):
    """One request; HTTP/1.0, so that no connection outlives the newsroom."""

    def do_GET(self) -> None:
        """Answer from the outlet's replies."""
        server = self.server
        assert isinstance(server, _OutletServer)
        path = self.path.split("?", 1)[0]
        reply = server.answer(path, self.headers.get("If-None-Match"))
        self.send_response(reply.status)
        etag = server.etag_of(path)
        if etag is not None:
            self.send_header("ETag", etag)
        if reply.status != 304:
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Stay silent: the access log keeps what matters, and stderr belongs to the program."""


def _replies(outlet: Outlet, base_url: str) -> Mapping[str, Reply]:
    path, media_type = FEED_PATH[outlet.feed_style]
    replies = {
        "/": Reply(200, _HTML, render_front_page(outlet)),
        path: Reply(200, media_type, render_feed(outlet, base_url)),
    }
    if outlet.robots:
        replies["/robots.txt"] = Reply(200, "text/plain; charset=utf-8", outlet.robots.encode())
    replies.update({piece.path: _page(outlet, piece, base_url) for piece in outlet.pieces})
    return replies


def _page(outlet: Outlet, piece: Piece, base_url: str) -> Reply:
    if piece.answer is Answer.ERROR:
        return Reply(500, _HTML, b"<!DOCTYPE html><title>500</title><p>Internal server error</p>\n")
    if piece.answer is Answer.HANG:
        return Reply(200, _HTML, render_hanging_page(outlet, piece))
    return Reply(200, _HTML, render_page(outlet, piece, base_url))
