"""`python -m benchmarks.feed_cycle`: cycles over many feeds on loopback, and what each of them cost.

    python -m benchmarks.feed_cycle [--feeds 5000] [--entries 20] [--bad 50] [--pages 0] [--direct]

Each cycle is a process of its own and does what `tipwatch crawl` does, with the manners that are the default: robots.txt of
each of the hosts, 2 s between two requests to a host, 30 s for an answer. What is measured of it:

first       every feed is read, every entry sighted and stored in the ledger. The pages are NOT fetched in this cycle: 100,000
            pages take tens of minutes of reading, whatever polling costs. They stay owed, as after a kill.
unchanged   a whole crawl in which every healthy feed answers 304. Before it the owed pages are marked as decided in the
            database, since a cycle with a backlog of 100,000 pages is not one on 304.
news        a whole crawl in which 5 % of the feeds have 2 new entries, whose pages are fetched, read and kept.
pages       with `--pages N`: a whole crawl of as many feeds as list N entries, all of whose pages are fetched, read and kept.

One in a hundred feeds fails, in nine ways that take turns (see `web.BAD_WAYS`); their failing is part of every cycle: a host
that does not answer alone takes 30 s. Exits 1 when a healthy feed was not read or an entry not stored.
"""

from __future__ import annotations

import argparse
import json
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.feed_cycle.measure import Cost, measured
from benchmarks.feed_cycle.web import address, bad_way, host_name

ROOT = Path(__file__).parents[2]
SHARE, NEW = 0.05, 2


@dataclass(slots=True)
class Phase:
    """One cycle and what came of it."""

    name: str
    cost: Cost
    healthy: int
    polled: int
    round_s: float
    outcomes: dict[str, int]
    failures: dict[str, int]
    server: dict[str, int]
    ledger: dict[str, int]
    wrong: list[str] = field(default_factory=list)


class Bench:
    """The server, the configuration, the database, and the cycles over them."""

    def __init__(self, asked: argparse.Namespace, folder: Path, port: int, server_pid: int) -> None:
        self.asked, self.folder, self.server_pid = asked, folder, server_pid
        self._port = port
        self.healthy = [n for n in range(asked.feeds) if bad_way(n, asked.bad, asked.feeds) is None]
        self.config = folder / "config.yaml"
        way = "allow_networks: [127.0.0.0/8]" if asked.direct else f'proxy: "http://127.0.0.1:{port}"'
        sources = "".join(
            f'  - {{id: f{n:04}, name: Paper {n}, feeds: ["{self._site(n)}/feed.xml"]}}\n'
            for n in range(asked.feeds)
        )
        self.config.write_text(
            f"database: sqlite:///{folder}/cycle.db\ncontact: https://cycle.test/bot\n"
            f"crawl: {{{way}, page_timeout: {asked.timeout}}}\nsources:\n{sources}subscriptions: []\n"
        )

    def _site(self, number: int) -> str:
        if not self.asked.direct:
            return f"http://{host_name(number)}"
        is_refused = bad_way(number, self.asked.bad, self.asked.feeds) == "refused"
        return f"http://{address(number)}:{9 if is_refused else self._port}"  # nobody listens on port 9

    def ask(self, path: str) -> Any:
        """What the server says of itself."""
        with socket.create_connection(("127.0.0.1", self._port), timeout=30) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\n\r\n".encode())
            with connection.makefile("rb") as answer:
                return json.loads(answer.read().partition(b"\r\n\r\n")[2])

    def cycle(self, name: str, *arguments: str, of: range | None = None) -> Phase:
        """One cycle over all feeds, or some of them."""
        self.ask("/_stats")
        command = [sys.executable, "-m", "benchmarks.feed_cycle.cycle", str(self.config), *arguments]
        if self.asked.profile:
            command += ["--profile", str(self.folder / f"{name}.prof")]
        chosen = [f"f{n:04}" for n in of] if of is not None else []
        stdout, cost = measured([*command, *chosen], ROOT, self.server_pid)
        told = json.loads(stdout.strip().splitlines()[-1])
        rows = {row["id"]: row for row in told["sources"]}
        wanted = [f"f{n:04}" for n in self.healthy if of is None or n in of]
        polled = [one for one in wanted if one in rows and rows[one]["feeds_read"]]
        failures: dict[str, int] = {}
        for one in rows.values():
            for why, count in one["why"].items():
                failures[why] = failures.get(why, 0) + count
        phase = Phase(
            name=name,
            cost=cost,
            healthy=len(wanted),
            polled=len(polled),
            round_s=told["seconds"],
            outcomes=told["outcomes"],
            failures=failures,
            server=self.ask("/_stats"),
            ledger=self.ledger(),
        )
        if len(polled) < len(wanted):
            phase.wrong.append(f"{name}: {len(wanted) - len(polled)} healthy feeds were not read")
        return phase

    def ledger(self) -> dict[str, int]:
        """Rows of the ledger by their outcome."""
        with closing(sqlite3.connect(self.folder / "cycle.db")) as connection:
            return dict(connection.execute("SELECT outcome, count(*) FROM pages GROUP BY outcome").fetchall())

    def decide_owed(self) -> None:
        """Mark every owed page as decided."""
        with closing(sqlite3.connect(self.folder / "cycle.db")) as connection, connection:
            connection.execute(
                "UPDATE pages SET outcome='not_article', detail='not fetched by this benchmark', entry=NULL, "
                "decided_at=first_seen_at WHERE outcome='pending'"
            )


def phases(bench: Bench) -> Iterator[Phase]:
    """The cycles one after the other."""
    asked = bench.asked
    expected = len(bench.healthy) * asked.entries
    first = bench.cycle("first", "--list-only")
    if first.ledger != {"pending": expected}:
        first.wrong.append(f"first: {first.ledger} stored of {expected}")
    yield first
    if asked.pages:
        count = -(-asked.pages // asked.entries)
        yield bench.cycle("pages", of=range(count))
    bench.decide_owed()
    unchanged = bench.cycle("unchanged")
    if unchanged.server.get("not_modified", 0) != len(bench.healthy):
        unchanged.wrong.append(f"unchanged: {unchanged.server.get('not_modified', 0)} answers of 304")
    yield unchanged
    expected += NEW * bench.ask(f"/_publish?share={SHARE}&new={NEW}")
    news = bench.cycle("news")
    if sum(news.ledger.values()) != expected:
        news.wrong.append(f"news: {news.ledger} stored of {expected}")
    yield news


def lines(phase: Phase) -> Iterator[str]:
    """The phase for people."""
    cost = phase.cost
    yield (
        f"{phase.name:10} {cost.wall_s:6.1f} s with start ({phase.round_s:.1f} s the round), "
        f"{phase.healthy / phase.round_s:.0f} feeds/s, healthy polled {phase.polled}/{phase.healthy}"
    )
    yield (
        f"           CPU {cost.cpu_s:.1f} s crawl + {cost.workers_cpu_s:.1f} s workers, {cost.server_cpu_s:.1f} s server; "
        f"peak PSS {cost.peak_mb:.0f} MB; load {cost.load:.1f} when it began"
    )
    yield f"           ledger {phase.ledger}; server was asked {phase.server}"
    for why, count in sorted(phase.failures.items(), key=lambda one: -one[1]):
        yield f"           {count:4} x {why}"
    yield from (f"           WRONG {wrong}" for wrong in phase.wrong)


@contextmanager
def serving(folder: Path, asked: argparse.Namespace) -> Iterator[tuple[int, int]]:
    """The port and process id of a server that runs while this is entered."""
    numbers = map(str, (asked.feeds, asked.entries, asked.bad, int(asked.direct)))
    command = [sys.executable, "-m", "benchmarks.feed_cycle.web", str(folder), *numbers]
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        deadline = time.monotonic() + 30
        while not (folder / "port").exists():
            if server.poll() is not None or time.monotonic() > deadline:
                sys.exit("the server did not start")
            time.sleep(0.05)
        yield int((folder / "port").read_text()), server.pid
    finally:
        server.terminate()
        server.wait()


def main(arguments: list[str] | None = None) -> int:
    """Run the cycles; the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--feeds", type=int, default=5000)
    parser.add_argument("--entries", type=int, default=20)
    parser.add_argument("--bad", type=int, help="feeds that fail; default: one in a hundred")
    parser.add_argument("--pages", type=int, default=0)
    parser.add_argument(
        "--timeout", default="30s", help="longest wait for an answer; default: 30s, as tipwatch's own"
    )
    parser.add_argument(
        "--direct", action="store_true", help="no proxy: an address of 127.1.0.0/16 for each host"
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--profile", action="store_true", help="write FOLDER/PHASE.prof (slower)")
    parser.add_argument("--folder", type=Path, help="an empty folder that is kept")
    asked = parser.parse_args(arguments)
    asked.bad = asked.feeds // 100 if asked.bad is None else asked.bad
    with tempfile.TemporaryDirectory(prefix="feed-cycle-") as name:
        folder = (asked.folder or Path(name)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        with serving(folder, asked) as (port, pid):
            wrong: list[str] = []
            for phase in phases(Bench(asked, folder, port, pid)):
                wrong += phase.wrong
                print(json.dumps(asdict(phase)) if asked.json else "\n".join(lines(phase)), flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
