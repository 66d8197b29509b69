from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from crawler.page import FailureKind, FetchedPage, FetchFailure
from tipwatch.config import Config, load_config
from tipwatch.fetch import fetch_one

PAGE = b"<html><head><title>A story</title></head><body><p>Something happened.</p></body></html>"


class Paper(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path == "/story"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE if found else b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def paper() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Paper) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def config(tmp_path: Path, more: str) -> Config:
    path = tmp_path / "config.yaml"
    path.write_text(f"crawl: {{per_host_delay: 0s, proxy: off{more}}}")
    return load_config(path, {})


def test_two_pages_can_be_asked_for_one_after_the_other(tmp_path: Path, paper: str) -> None:
    opened = config(tmp_path, ", allow_networks: [127.0.0.0/8]")
    page, missing = fetch_one(f"{paper}/story", opened), fetch_one(f"{paper}/gone", opened)
    assert isinstance(page, FetchedPage)
    assert page.body == PAGE
    assert isinstance(missing, FetchFailure)
    assert missing.status == 404


def test_a_page_on_this_machine_is_refused_unless_its_network_is_opened(tmp_path: Path, paper: str) -> None:
    refused = fetch_one(f"{paper}/story", config(tmp_path, ""))
    assert isinstance(refused, FetchFailure)
    assert refused.why is FailureKind.ADDRESS
    assert "crawl.allow_networks" in refused.detail
