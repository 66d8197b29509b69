"""Several processes at one database: nothing is lost, nothing is done twice, a kill leaves no half."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, event, text

from crawler.page import Entry
from pipeline.article import OutcomeKind
from pipeline.store import NewArticle, Store, open_store

#: each adds one to a counter, reading it first and writing it after: the pattern in which updates get lost
_COUNT = """
import sys
from sqlalchemy import select, update
from pipeline.store.database import Database
from pipeline.store.tables import pages
database = Database(sys.argv[1])
for _ in range(int(sys.argv[2])):
    with database.writing() as connection:
        database.alone(connection, "counting")
        tries = connection.execute(select(pages.c.tries)).scalar_one()
        connection.execute(update(pages).values(tries=tries + 1))
"""

#: keeps articles until it is killed, saying after each commit which one it was
_KEEP = """
import datetime, sys
from pipeline.article import Article, Classification, Match
from pipeline.store import NewArticle, open_store
from pipeline.stories import fingerprint
store = open_store(sys.argv[1], now=lambda: datetime.datetime.now(datetime.UTC))
for number in range(int(sys.argv[2]), 100_000):
    url = f"https://paper.example/{number}"
    words = " ".join(f"{number}w{word}" for word in range(40))
    article = Article(url, url, "paper", "Paper", None, "Title", words)
    found = Classification((Match("news", 0.5, (), "v"),))
    store.articles.add(NewArticle(url, article, found, fingerprint(words)), datetime.datetime.now(datetime.UTC))
    print(number, flush=True)
"""


def start(code: str, *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code, *args], stdout=subprocess.PIPE, text=True)


def test_three_processes_that_read_and_then_write_lose_no_update(
    store: Store, store_url: str, noon: datetime
) -> None:
    store.pages.sight("paper", [Entry("https://paper.example/")], noon)
    counting = [start(_COUNT, store_url, "60") for _ in range(3)]
    for one in counting:
        one.communicate()
    assert [one.returncode for one in counting] == [0, 0, 0]
    with store.pages.database.reading() as connection:
        assert connection.execute(text("SELECT tries FROM pages")).scalar() == 180


def test_a_kill_in_the_middle_leaves_whole_articles_and_every_acknowledged_one(
    store: Store, store_url: str
) -> None:
    acknowledged: set[int] = set()
    begin = 0
    for round_ in range(2):
        keeping = start(_KEEP, store_url, str(begin))
        assert keeping.stdout is not None
        for _ in range(5 + round_):
            acknowledged.add(int(keeping.stdout.readline()))
        time.sleep(0.003 * round_)
        keeping.send_signal(signal.SIGKILL)
        acknowledged.update(int(line) for line in keeping.communicate()[0].split())
        begin = max(acknowledged) + 1
    kept = {record.article.url: record for record in store.articles.export()}
    assert {f"https://paper.example/{number}" for number in acknowledged} <= kept.keys()
    assert store.pages.counts() == {OutcomeKind.KEPT: len(kept)}
    assert {story.id for story in store.stories.listed()} == {record.story_id for record in kept.values()}
    if store_url.startswith("sqlite"):
        with store.pages.database.reading() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"


def test_a_connection_cut_by_the_server_in_mid_transaction_is_a_transaction_done_again(
    postgres_server: Any, noon: datetime, new_article: Callable[..., NewArticle]
) -> None:
    with open_store(postgres_server.url("ready"), now=lambda: noon) as store:
        cuts: list[int] = []

        def cut_once(connection: Connection, *_: object) -> None:
            if not cuts:
                cuts.append(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
                postgres_server.run(f"SELECT pg_terminate_backend({cuts[0]})")

        event.listen(store.articles.database.engine, "commit", cut_once)
        outcome = store.articles.add(new_article("https://paper.example/1"), noon)
        assert (outcome.kind, len(cuts)) == (OutcomeKind.KEPT, 1)
        assert store.pages.counts() == {OutcomeKind.KEPT: 1}
    postgres_server.empty_ready()
