"""Pages that need a browser: their scripts run, and nothing they do gets around the guard, the rules or the line of a host."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("playwright", reason="an extra")

PAGE = """<!doctype html><title>Empty</title><div id="root">nothing yet</div>
<script src="/app.js"></script><img src="/picture.png"><link rel="stylesheet" href="/style.css">"""
APP = """
const canary = "http://127.0.0.2:%(port)d/";
for (const link of ["preconnect", "prefetch", "dns-prefetch"]) {
  const element = document.createElement("link"); element.rel = link; element.href = canary + link;
  document.head.append(element);
}
new Image().src = canary + "image"; navigator.sendBeacon(canary + "beacon", "x");
try { new WebSocket("ws://127.0.0.2:%(port)d/socket"); } catch (error) {}
const frame = document.createElement("iframe"); frame.src = canary + "frame"; document.body.append(frame);
navigator.serviceWorker?.register("/worker.js").catch(() => {});
fetch(canary + "fetch", {mode: "no-cors"}).catch(() => {});
fetch("/private/secret").catch(() => {});
fetch("/post", {method: "POST", body: "x"}).catch(() => {});
fetch("/story.json").then(r => r.json()).then(s => { document.getElementById("root").textContent = s.text; });
"""


@pytest.fixture
def canary() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.2", 0)) as listening:
        listening.settimeout(0.5)
        yield listening


def test_what_a_page_asks_for_is_asked_for_by_the_crawl_or_not_at_all(
    site: Any, answer: Any, run_crawl: Callable[..., Any], canary: socket.socket
) -> None:
    site.add("/robots.txt", answer("User-agent: *\nDisallow: /private/\n"))
    site.add("/page", answer(PAGE))
    script = APP % {"port": canary.getsockname()[1]}
    site.add("/app.js", answer(script, **{"Content-Type": "text/javascript"}))
    site.add(
        "/story.json", answer('{"text": "The assembly adopted it."}', **{"Content-Type": "application/json"})
    )
    page = f"{site.url}/page"
    visit = {"id": "one", "pages": [page], "render": True, "delay_s": 0.2}
    done = run_crawl(visit, settings={"allow_networks": ["127.0.0.1/32"], "page_timeout_s": 10})
    (told,) = done.told["pages"]
    assert "The assembly adopted it." in told["text"]
    paths = [asked.path for asked in site.asked]
    assert sorted(paths) == ["/app.js", "/page", "/robots.txt", "/story.json"]
    times = [asked.at for asked in site.asked]
    assert min(after - before for before, after in itertools.pairwise(times)) >= 0.19
    with pytest.raises(TimeoutError):
        canary.accept()


def test_a_machine_without_a_browser_says_what_to_do(
    site: Any, answer: Any, run_crawl: Callable[..., Any]
) -> None:
    site.add("/page", answer(PAGE))
    visit = {"id": "one", "pages": [f"{site.url}/page"], "render": True}
    nowhere = {"PATH": "/nonexistent", "HOME": "/nonexistent"}
    done = run_crawl(visit, environment=nowhere)
    (failure,) = done.told["failures"]
    assert (failure["why"], "chromium" in failure["detail"]) == ("internal", True)
