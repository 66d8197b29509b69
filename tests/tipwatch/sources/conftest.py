"""A small newsroom on loopback with feeds, sitemaps and sections, and commands typed against it."""

from __future__ import annotations

import gzip
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tipwatch.cli import run

Typed = Callable[..., tuple[int, str, str]]

PLACES = ("harbour", "station", "library", "orchard", "theatre", "bakery", "market", "bridge")
PAGE = """<!doctype html><html lang=en><head><title>{title}</title>
<meta property="article:published_time" content="{stamp}"></head><body><article><h1>{title}</h1>
<p>Neighbours met at the {place} on Saturday and were glad to see that its doors had been opened again after a long winter.</p>
<p>The council had promised for years to repair the roof of the {place}, and this spring it was done at last by a local firm.</p>
<p>A concert is planned for the evening, and everybody who helped with the repairs has been invited to take part in it.</p>
</article></body></html>"""


@dataclass
class Room:
    """What the server answers with, by path: (content type, body) or a status; and what it was asked for."""

    answers: dict[str, tuple[str, bytes] | int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def put(self, path: str, body: str | bytes, kind: str = "text/html; charset=utf-8") -> None:
        self.answers[path] = (kind, body.encode() if isinstance(body, str) else body)

    def story(self, number: int) -> str:
        return f"{self.url}/news/2023/{number:04d}-the-old-{PLACES[number % 8]}-opens-its-doors-again"

    def title(self, number: int) -> str:
        return f"The old {PLACES[number % 8]} opens its doors again to its neighbours, part {number}"

    def write_stories(self, count: int) -> None:
        for number in range(count):
            path = self.story(number).removeprefix(self.url)
            stamp = (datetime.now(UTC) - timedelta(hours=number)).isoformat(timespec="seconds")
            self.put(path, PAGE.format(title=self.title(number), stamp=stamp, place=PLACES[number % 8]))

    def feed(self, numbers: range, zone_hours: int = 4) -> str:
        zone = timedelta(hours=zone_hours)
        now = datetime.now(UTC)
        items = "".join(
            f"<item><title>{self.title(n)}</title><link>{self.story(n)}</link>"
            f"<pubDate>{format_datetime(now + zone - timedelta(hours=n))[:-5]}+{zone_hours:02d}00</pubDate></item>"
            for n in numbers
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>The Gazette</title>{items}</channel></rss>'

    def news_sitemap(self, numbers: range) -> str:
        now = datetime.now(UTC)
        urls = "".join(
            f"<url><loc>{self.story(n)}</loc><news:news><news:publication><news:name>x</news:name>"
            f"<news:language>en</news:language></news:publication><news:publication_date>"
            f"{(now - timedelta(hours=n)).isoformat(timespec='seconds')}</news:publication_date>"
            f"<news:title>{self.title(n)}</news:title></news:news></url>"
            for n in numbers
        )
        return (
            '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>'
        )

    def index(self, *paths: str) -> str:
        maps = "".join(f"<sitemap><loc>{self.url}{path}</loc></sitemap>" for path in paths)
        return f'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>'

    def list_page(self, numbers: range, head: str = "", more: str = "") -> str:
        links = "".join(f'<h2><a href="{self.story(n)}">{self.title(n)}</a></h2>' for n in numbers)
        return f"<!doctype html><html lang=en><head>{head}</head><body>{more}{links}</body></html>"


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()

    class Desk(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            made.asked.append(self.path)
            found = made.answers.get(self.path, 404)
            status, kind, body = (found, "text/plain", b"none") if isinstance(found, int) else (200, *found)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Desk) as server:
        made.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield made
        server.shutdown()


@pytest.fixture
def newsroom(room: Room) -> Room:
    """A site with a main feed, a section feed, a feed of comments, an index with a news sitemap, and robots.txt."""
    room.write_stories(30)
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{path}">'
        for title, path in (
            ("The Gazette", "/feed"),
            ("The Gazette » Comments Feed", "/comments/feed"),
            ("Culture", "/culture/feed"),
            ("Sport, given up", "/sport/feed"),
        )
    )
    head = f'<title>The Gazette | News of the town</title><meta property="og:site_name" content="The Gazette">{links}'
    more = '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">'
    room.put("/", room.list_page(range(10), head + more, '<nav><a href="/news">News</a></nav>'))
    room.put("/news", room.list_page(range(12)))
    room.put("/feed", room.feed(range(20)), "application/rss+xml")
    room.put("/culture/feed", room.feed(range(5)), "application/rss+xml")
    room.put("/sport/feed", room.feed(range(5000, 5003)), "application/rss+xml")
    room.put("/comments/feed", room.feed(range(3)), "application/rss+xml")
    room.put(
        "/robots.txt",
        f"User-agent: *\nDisallow: /private\nSitemap: {room.url}/sitemap_index.xml\n",
        "text/plain",
    )
    room.put("/sitemap_index.xml", room.index("/sitemap-1.xml", "/sitemap-news.xml"), "application/xml")
    room.put("/sitemap-news.xml", room.news_sitemap(range(15)), "application/xml")
    room.put("/sitemap-1.xml.gz", gzip.compress(room.news_sitemap(range(15)).encode()), "application/gzip")
    return room


CONFIG = """\
# our own
contact: bot@us.example.org
database: sqlite:///watch.db
packs: [rules.yaml]
crawl: {per_host_delay: 0s, allow_networks: [127.0.0.0/8], proxy: off, workers: 1}
sources:
  - {id: herald, name: The Herald, feeds: ["https://herald.example/rss"]}   # kept
  # a note about what comes next

subscriptions: []   # nobody yet
"""


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Run a command in a folder of its own: its exit code, stdout, stderr."""
    for variable in ("TIPWATCH_CONFIG", "TIPWATCH_DATABASE_URL", "COLUMNS"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.yaml").write_text("topics:\n  fruit: {title: Fruit, query: apple}\n")
    (tmp_path / "config.yaml").write_text(CONFIG)

    def tell(*command: str) -> tuple[int, str, str]:
        if command[0] == "crawl":  # a reactor starts once in the life of a process
            apart = subprocess.run(
                [sys.executable, "-m", "tipwatch", *command],
                capture_output=True,
                text=True,
                timeout=100,
                check=False,
            )
            return apart.returncode, apart.stdout, apart.stderr
        code = run(list(command))
        heard = capsys.readouterr()
        return code, heard.out, heard.err

    return tell
