"""A real web server on loopback that takes webhooks well and badly, and what comes with them."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from alerts.digest import RenderedMail


@dataclass
class Hook:
    """A receiver's memory, with how it answers.

    Attributes:
        status: what it answers; 0 hangs up when it has read all, -1 never answers, -2 answers a byte at a time.
    """

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    taken: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


def _receiver(hook: Hook) -> type[BaseHTTPRequestHandler]:
    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.taken.append((self.path, dict(self.headers.items()), body))
            if hook.status == 0:
                self.connection.close()
            elif hook.status == -1:
                hook.over.wait(20)
            elif hook.status == -2:
                self._drip()
            else:
                self.send_response(hook.status)
                for name, value in hook.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(hook.body)))
                self.end_headers()
                self.wfile.write(hook.body)

        def _drip(self) -> None:
            try:
                self.wfile.write(b"H")
                while not hook.over.wait(0.05):
                    self.wfile.write(b"a")
                    self.wfile.flush()
            except OSError:
                return

        def log_message(self, *arguments: object) -> None:
            pass

    return Receiver


@pytest.fixture
def new_hook() -> type[Hook]:
    return Hook


@pytest.fixture
def hook_server() -> Iterator[Callable[..., int]]:
    """Starts a real web server with that hook on loopback, and gives its port."""
    running: list[tuple[ThreadingHTTPServer, Hook]] = []

    def start(hook: Hook, context: ssl.SSLContext | None = None) -> int:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _receiver(hook))
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients that hang up are the tests' own
        if context is not None:
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        running.append((server, hook))
        return int(server.server_address[1])

    yield start
    for server, hook in running:
        hook.over.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def day_mail() -> RenderedMail:
    return RenderedMail("Trafficking resolutions, daily · 5 stories", "text", "<p>html</p>")
