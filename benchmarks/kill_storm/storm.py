"""The storm: senders are started and killed, time goes on between them, and more news comes in."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alerts.outbox import WAITING, DeliveryState
from benchmarks.kill_storm.newsroom import publish
from benchmarks.kill_storm.verdict import Counted
from pipeline.rules import load_packs
from pipeline.store import Store, open_store
from tipwatch.config import load_config
from tipwatch.rounds.digesting import DigestOrder, digest_round

#: the clock goes on by so much between two senders: leases (30 min) and waits (5 min and more) end during the storm
_BETWEEN = timedelta(minutes=7)
#: and by so much between the rounds that clear up
_AFTERWARDS = timedelta(minutes=31)
_LONGEST_LIFE_S = 20.0
_CLEARING_ROUNDS = 200
#: share of the kills that hit a sender before it does anything
_WHILE_STARTING = 0.1


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do: so many kills and digests, the first `by_command` of the senders being `tipwatch digest send`."""

    kills: int
    digests: int
    subscriptions: int
    seed: int
    by_command: int
    limit_s: float


class Storm:
    """One storm over one database."""

    def __init__(self, plan: Plan, config_path: Path, say: Callable[[str], None]) -> None:
        self._plan, self._say, self._path = plan, say, config_path
        self._random = random.Random(plan.seed)
        self._config = load_config(config_path, dict(os.environ))
        self._pack = load_packs(["builtin"])
        self._ahead = timedelta()
        self._begun = time.monotonic()
        self._worked_s = self._start_s = 0.0
        self._progress = 0
        self._waves = self._kills = self._hits = 0
        self._seen: set[tuple[int, int]] = set()

    def run(self) -> Counted:
        """Kill until all kills are done and everything is built, then let the senders live until nothing waits."""
        with self._store() as store:
            store.digests.register([one.id for one in self._config.subscriptions], self.now())
        idle = time.monotonic()
        self._live()  # nothing to do yet: so long takes a sender to start
        self._start_s = time.monotonic() - idle
        while (self._kills < self._plan.kills or not self._all_built()) and not self._late():
            self._next_wave()
            if self._kills < self._plan.kills:
                self._strike()
            else:
                self._live()
        self._clear_up()
        return Counted(
            self._waves * self._plan.subscriptions, self._kills, self._hits, time.monotonic() - self._begun
        )

    def now(self) -> datetime:
        """The time of the storm, which runs ahead of the real one."""
        return datetime.now(UTC) + self._ahead

    def _store(self) -> Store:
        return open_store(self._config.database_url.get_secret_value(), now=self.now)

    def _late(self) -> bool:
        return time.monotonic() - self._begun > self._plan.limit_s

    def _built(self) -> int:
        with self._store() as store:
            return sum(store.outbox.counts().values())

    def _all_built(self) -> bool:
        planned = -(-self._plan.digests // self._plan.subscriptions)
        return self._waves >= planned and self._built() >= self._waves * self._plan.subscriptions

    def _next_wave(self) -> None:
        """An article for everybody, once the one before is in everybody's digest: spread over the kills."""
        with self._store() as store:
            counts = store.outbox.counts()
        if sum(counts.values()) < self._waves * self._plan.subscriptions:
            return
        planned = -(-self._plan.digests // self._plan.subscriptions)
        due = 1 + planned * self._kills // max(1, self._plan.kills)
        unsent = counts.get(DeliveryState.PENDING, 0)
        if self._waves >= (min(due, planned) if unsent else planned + due):
            return
        self._waves += 1
        with self._store() as store:
            publish(store, self._pack, self._waves, self.now())
        self._ahead += timedelta(seconds=1)

    def _strike(self) -> None:
        """Start a sender and kill it at a random moment."""
        by_command = self._kills < self._plan.by_command
        life_s = self._random.uniform(0.5, 6.0) if by_command else self._life_s()
        sender = self._command() if by_command else self._fork()
        begun = time.monotonic()
        while time.monotonic() - begun < life_s and not _ended(sender):
            time.sleep(0.002)
        killed = not _ended(sender)
        if killed:
            os.kill(sender, signal.SIGKILL)
            self._kills += 1
            self._tell()
        _must_be_well(os.waitpid(sender, 0)[1], killed=killed or by_command)
        self._look()
        if not by_command:
            self._worked_s += max(0.0, time.monotonic() - begun - self._start_s)
            self._ahead += _BETWEEN

    def _life_s(self) -> float:
        """When to kill: mostly while it works, at times while it starts.

        Lives are as long as lets the kills that are left spread over the work that is left.
        """
        if self._random.random() < _WHILE_STARTING:
            return self._random.uniform(0.0, self._start_s)
        rate = (self._progress + 1) / (self._worked_s + 0.05)
        work = max(2 * self._plan.digests - self._progress, self._plan.subscriptions)
        mean_s = work / rate / max(1, self._plan.kills - self._kills)
        return self._start_s + self._random.uniform(0.0, min(2 * mean_s, _LONGEST_LIFE_S))

    def _look(self) -> None:
        """What the kill hit: mails that were being sent are the ones whose fate is open."""
        with self._store() as store:
            rows = store.outbox.listed(limit=1_000_000)
        hit = {(row.id, row.attempts) for row in rows if row.state is DeliveryState.SENDING} - self._seen
        self._seen |= hit
        self._hits += len(hit)
        self._progress = len(rows) + sum(row.state is not DeliveryState.PENDING for row in rows)

    def _live(self) -> None:
        """A sender that nobody kills."""
        _must_be_well(os.waitpid(self._fork(), 0)[1])
        self._ahead += _AFTERWARDS

    def _clear_up(self) -> None:
        for _ in range(_CLEARING_ROUNDS):
            with self._store() as store:
                summary = store.outbox.queue_summary(self.now())
            open_rows = sum(
                one.rows
                for one in summary
                if one.state is DeliveryState.SENDING or (one.state in WAITING and one.next_try_at)
            )
            pending = sum(one.rows for one in summary if one.state is DeliveryState.PENDING)
            if not open_rows and not pending:
                return
            self._say(f"clearing up: {open_rows + pending} mails on their way")
            self._live()

    def _fork(self) -> int:
        """A sender as a process of its own, its imports done; its process id."""
        sender = os.fork()
        if sender:
            return sender
        code = 1
        try:
            with self._store() as store:
                digest_round(self._config, store, self._pack, DigestOrder(now=True), self.now)
            code = 0
        except BaseException:  # the border of this process
            traceback.print_exc()
        finally:
            os._exit(code)

    def _command(self) -> int:
        """`tipwatch digest send --now`; its process id."""
        command = [sys.executable, "-m", "tipwatch", "--config", str(self._path), "digest", "send", "--now"]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).pid

    def _tell(self) -> None:
        if self._kills % 10 == 0:
            self._say(
                f"{self._kills} kills, {self._hits} while a mail was being sent; {self._waves} waves of news,"
                f" {time.monotonic() - self._begun:.0f} s"
            )


def _must_be_well(status: int, *, killed: bool = False) -> None:
    """A sender that nobody killed must come to a good end; raises SystemExit."""
    if status and not killed:
        message = "a sender failed that nobody killed"
        raise SystemExit(message)


def _ended(process_id: int) -> bool:
    """Whether the process is over; it is waited for later, so that its id stays its own until then."""
    return os.waitid(os.P_PID, process_id, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
