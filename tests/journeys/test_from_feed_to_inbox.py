"""The whole way, by the commands a person gives: a newsroom on loopback, crawls, digests to a folder and by SMTP, and kills."""

from __future__ import annotations

import html
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from alerts.outbox import DeliveryState
from pipeline.article import OutcomeKind
from pipeline.rules import load_packs
from pipeline.store import Store, open_store
from tipwatch.config import load_config
from tipwatch.rounds.digesting import DigestOrder, digest_round

PAGES = 12
#: pages whose words are about the topic; the others are ordinary news
ON_TOPIC = 4
#: this many pages are answered before the newsroom holds its breath
ANSWERED_BEFORE_THE_KILL = 5


def page(number: int) -> bytes:
    place = ("harbour", "station", "library", "orchard", "theatre", "bakery")[number % 6]
    if number < ON_TOPIC:
        title = f"UN committee adopts resolution on trafficking in persons, reading {number}"
        body = (
            f"<p>The Third Committee of the UN General Assembly adopted by consensus a resolution on combating "
            f"trafficking in persons, delegates said near the {place}. It was reading number {number}.</p>"
            f"<p>The resolution on trafficking in persons asks states to help victims. Speaker {number} thanked all.</p>"
        )
    else:
        title = f"The old {place} opens again, part {number}"
        body = (
            f"<p>Neighbours met at the {place} on day {number} and were glad to see its doors open again.</p>"
            * 3
        )
    return f"<!doctype html><html lang=en><title>{title}</title><article><h1>{title}</h1>{body}</article></html>".encode()


class Newsroom(ThreadingHTTPServer):
    """A feed and its pages; once `holding`, pages beyond the first few wait until `released`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Desk)
        self.asked: Counter[str] = Counter()
        self.holding = False
        self.released = threading.Event()
        self.has_held = threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def feed(self) -> bytes:
        items = "".join(
            f"<item><title>Item {n}</title><link>{html.escape(self.url)}/story/{n}</link></item>"
            for n in range(PAGES)
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode()

    def may_answer(self) -> None:
        pages = sum(count for path, count in self.asked.items() if path.startswith("/story"))
        if self.holding and pages > ANSWERED_BEFORE_THE_KILL:
            self.has_held.set()
            self.released.wait(30)


class Desk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Newsroom

    def do_GET(self) -> None:
        self.server.asked[self.path] += 1
        if self.path == "/feed":
            self.reply(200, self.server.feed(), "application/rss+xml")
        elif self.path.startswith("/story/"):
            self.server.may_answer()
            self.reply(200, page(int(self.path.rpartition("/")[2])), "text/html; charset=utf-8")
        else:
            self.reply(404, b"none", "text/plain")

    def reply(self, status: int, body: bytes, content_type: str) -> None:
        if status == 200 and self.headers.get("If-None-Match") == '"one"':
            status, body = 304, b""
        self.send_response(status)
        for name, value in (
            ("Content-Type", content_type),
            ("Content-Length", str(len(body))),
            ("ETag", '"one"'),
        ):
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:  # the crawler was killed
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


class Mailbox:
    """Takes mail in, by recipient."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], bytes]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.append((list(envelope.rcpt_tos), envelope.content))
        return "250 OK"


class Office:
    """A folder with a configuration, and the commands given in it."""

    def __init__(self, folder: Path, newsroom: Newsroom) -> None:
        self.folder, self.newsroom = folder, newsroom
        self.send_to_folder()

    def send_to_folder(self) -> None:
        self._write("{transport: folder, folder: mail/}")

    def send_by_smtp(self, port: int) -> None:
        self._write(
            f"{{transport: smtp, host: 127.0.0.1, port: {port}, tls: none, sender: watch@example.org}}"
        )

    def _write(self, mail: str) -> None:
        subscriptions = "".join(
            f"""
  - id: {name}
    to: ["{name}@example.org"]
    topics: [trafficking-resolutions]
    heartbeat: false  # at some hours of the day a window ends during the test"""
            for name in ("paper", "wire")
        )
        (self.folder / "config.yaml").write_text(
            f"""
database: sqlite:///watch.db
contact: https://example.org/bot
crawl: {{per_host_delay: 0s, allow_networks: [127.0.0.0/8]}}
mail: {mail}
sources:
  - id: paper
    feeds: ["{self.newsroom.url}/feed"]
    languages: [en]
subscriptions:{subscriptions}
"""
        )

    def start(self, *command: str) -> subprocess.Popen[str]:
        environment = {
            name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
        }
        return subprocess.Popen(
            [sys.executable, "-m", "tipwatch", "--config", str(self.folder / "config.yaml"), *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def run(self, *command: str) -> dict[str, Any]:
        running = self.start(*command, "--json")
        out, err = running.communicate(timeout=60)
        assert running.returncode == 0, err
        told: dict[str, Any] = json.loads(out)
        return told

    def store(self) -> Store:
        return open_store(f"sqlite:///{self.folder / 'watch.db'}", now=lambda: datetime.now(UTC))

    def files(self) -> list[Path]:
        return sorted((self.folder / "mail").rglob("*.eml"))


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    open_newsroom = Newsroom()
    yield open_newsroom
    open_newsroom.released.set()
    open_newsroom.shutdown()
    open_newsroom.server_close()


@pytest.fixture
def office(newsroom: Newsroom, tmp_path: Path) -> Office:
    return Office(tmp_path, newsroom)


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


def wait_for(condition: Callable[[], bool], limit_s: float = 30.0) -> None:
    over = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < over, "it did not happen in time"
        time.sleep(0.05)


# The stations of the journey: each begins where the one before it ended.


def a_crawl_that_is_killed_in_the_middle_owes_its_pages(newsroom: Newsroom, office: Office) -> None:
    newsroom.holding = True
    killed = office.start("crawl")
    assert newsroom.has_held.wait(120)
    time.sleep(0.3)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    newsroom.holding = False
    newsroom.released.set()
    with office.store() as store:
        counts = store.pages.counts()
        assert sum(counts.values()) == store.pages.total() == PAGES
        assert counts[OutcomeKind.PENDING] >= PAGES - ANSWERED_BEFORE_THE_KILL


def the_next_crawl_loses_nothing_and_stores_nothing_twice(newsroom: Newsroom, office: Office) -> None:
    told = office.run("crawl")
    assert sum(told["outcomes"].values()) == told["urls_seen"]
    with office.store() as store:
        counts = store.pages.counts()
        assert counts == {OutcomeKind.KEPT: ON_TOPIC, OutcomeKind.NO_MATCH: PAGES - ON_TOPIC}
        stored = [store.articles.find(f"{newsroom.url}/story/{n}") for n in range(PAGES)]
        assert len({record.id for record in stored if record is not None}) == PAGES


def a_crawl_of_what_has_not_changed_asks_only_whether_it_has(newsroom: Newsroom, office: Office) -> None:
    newsroom.asked.clear()
    told = office.run("crawl")
    assert (told["urls_seen"], told["sources"][0]["feeds_unchanged"]) == (0, 1)
    assert newsroom.asked == {"/feed": 1}


def a_digest_to_a_folder_tells_of_each_article_on_the_topic_once(newsroom: Newsroom, office: Office) -> None:
    told = office.run("digest", "send", "--subscription", "paper", "--now")
    assert told["sent"] == 1
    (file,) = office.files()
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # a digest has a text part
    told_of = sorted(int(number) for number in re.findall(r"/story/(\d+)", text))
    assert told_of == list(range(ON_TOPIC)), text


def a_second_send_sends_nothing(office: Office) -> None:
    told = office.run("digest", "send", "--subscription", "paper", "--now")
    assert (told["sent"], told["deliveries"]) == (0, [])
    assert len(office.files()) == 1


def a_kill_while_a_mail_is_being_sent_loses_nothing(office: Office, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    with socket.socket() as deaf:  # takes the connection and never says a word
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        office.send_by_smtp(deaf.getsockname()[1])
        killed = office.start("digest", "send", "--subscription", "wire", "--now")
        with office.store() as store:
            wait_for(lambda: bool(store.outbox.counts().get(DeliveryState.SENDING)))
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
    office.send_by_smtp(port)
    config, pack = load_config(office.folder / "config.yaml", {}), load_packs(["builtin"])
    now = datetime.now(UTC)
    with office.store() as store:
        soon = digest_round(config, store, pack, DigestOrder(("wire",)), lambda: now)
        assert soon.delivered.deliveries == ()  # its lease is not over
        late = digest_round(config, store, pack, DigestOrder(("wire",)), lambda: now + timedelta(hours=1))
        assert late.delivered.sent == 1
        assert (
            digest_round(config, store, pack, DigestOrder(), lambda: now + timedelta(hours=2)).delivered.sent
            == 0
        )
    ((recipients, raw),) = box.mails
    assert recipients == ["wire@example.org"]
    assert b"reading 3" in raw


def in_the_end_the_ledger_adds_up_and_everybody_was_told_once(
    office: Office, mailbox: tuple[Mailbox, int]
) -> None:
    assert (len(mailbox[0].mails), len(office.files())) == (1, 1)
    with office.store() as store:
        assert store.outbox.counts() == {DeliveryState.SENT: 2}
        assert sum(store.pages.counts().values()) == store.pages.total() == PAGES


@pytest.mark.timeout(300)  # a busy machine starts its processes slowly
def test_m05_from_feed_to_inbox_kills_lose_nothing_and_nobody_is_told_twice(
    newsroom: Newsroom, office: Office, mailbox: tuple[Mailbox, int]
) -> None:
    a_crawl_that_is_killed_in_the_middle_owes_its_pages(newsroom, office)
    the_next_crawl_loses_nothing_and_stores_nothing_twice(newsroom, office)
    a_crawl_of_what_has_not_changed_asks_only_whether_it_has(newsroom, office)
    a_digest_to_a_folder_tells_of_each_article_on_the_topic_once(newsroom, office)
    a_second_send_sends_nothing(office)
    a_kill_while_a_mail_is_being_sent_loses_nothing(office, mailbox)
    in_the_end_the_ledger_adds_up_and_everybody_was_told_once(office, mailbox)
