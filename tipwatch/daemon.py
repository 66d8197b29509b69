"""The daemon: APScheduler only ticks; the main thread decides what is due, runs crawls as child processes and digests itself.

Due dates live in the database (facts: a job store pickles, doubles with two daemons and forgets), so a restart, a clock step
or a missed tick costs one tick's delay and nothing else. The daemon imports neither Scrapy nor an HTML parser: a page that
crashes a parser takes a crawl's worker along, never the daemon.
"""

from __future__ import annotations

import logging
import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger(__name__)

CRAWL_TICK_S = 15.0
DIGEST_TICK_S = 20.0
#: what a child gets between signals: Scrapy finishes its pages after the first TERM, and leaves at once after the second
TERM_GRACE_S = (10.0, 5.0)
POLL_S = 0.5


@dataclass(frozen=True, slots=True)
class Duties:
    """What the daemon does, given by the roof.

    Attributes:
        crawl_due: whether any source is due now (asks the database).
        crawl_command: the child's command line; it crawls what is due and exits.
        digest: run one digest round in this process; it is given a question, whether to stop, to ask between two mails.
        crawl_wall_s: a crawl that runs longer than this is stopped.
    """

    crawl_due: Callable[[], bool]
    crawl_command: Sequence[str]
    digest: Callable[[Callable[[], bool]], None]
    crawl_wall_s: float = 1800.0


@dataclass(slots=True)
class Child:
    """A crawl running as a process group of its own."""

    process: subprocess.Popen[bytes]
    started_s: float = field(default_factory=time.monotonic)

    def age_s(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self.started_s


class Daemon:
    """Ticks until told to stop. One crawl at a time; digests between ticks; an ordered stop on SIGTERM or SIGINT."""

    def __init__(
        self, duties: Duties, *, crawl_tick_s: float = CRAWL_TICK_S, digest_tick_s: float = DIGEST_TICK_S
    ) -> None:
        self._duties = duties
        self._ticks: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._child: Child | None = None
        self._stopping = False
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )
        for name, every_s in (("crawl", crawl_tick_s), ("digest", digest_tick_s)):
            self._scheduler.add_job(self._ticks.put, "interval", seconds=every_s, args=[name], id=name)

    @property
    def crawl_pid(self) -> int | None:
        """The running crawl's process; None while none runs."""
        return self._child.process.pid if self._child else None

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT; returns after an ordered stop (<= about 16 s with a crawl running)."""
        old = {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
        self._scheduler.start()
        try:
            for name in ("crawl", "digest"):  # the first round at once: a restart must not delay anything
                self._serve(name)
            while not self._stopping:
                self._look_after_child()
                try:
                    self._serve(self._ticks.get(timeout=POLL_S))
                except queue.Empty:
                    continue
        finally:
            self._scheduler.shutdown(wait=False)
            self._end_child()
            for number, action in old.items():
                signal.signal(number, action)

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        log.info("stopping on %s", signal.Signals(number).name)
        self._stopping = True

    def _serve(self, tick: str) -> None:
        """Do what the tick asks. A failed round is logged and tried again at the next tick: the daemon lives on."""
        try:
            if tick == "crawl" and self._child is None and self._duties.crawl_due():
                self._start_crawl()
            elif tick == "digest":
                self._duties.digest(lambda: self._stopping)
        except Exception:
            log.exception("the %s round failed; it is tried again at the next tick", tick)

    def _start_crawl(self) -> None:
        # a session of its own: a Ctrl-C in the terminal reaches the daemon alone, which then stops the child in order
        process = subprocess.Popen(  # noqa: S603 - our own command line, no shell
            self._duties.crawl_command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._child = Child(process)
        log.info("crawl started, process %d", process.pid)

    def _look_after_child(self) -> None:
        if self._child is None:
            return
        code = self._child.process.poll()
        if code is not None:
            level = logging.INFO if code in (0, 3) else logging.ERROR
            log.log(level, "crawl ended with code %d after %.0f s", code, self._child.age_s())
            sweep(self._child.process.pid)
            self._child = None
        elif self._child.age_s() > self._duties.crawl_wall_s:
            log.error("crawl stopped: it ran for more than %.0f s", self._duties.crawl_wall_s)
            self._end_child()

    def _end_child(self) -> None:
        if self._child is None:
            return
        process = self._child.process
        for grace_s in TERM_GRACE_S:
            if process.poll() is not None:
                break
            process.terminate()
            try:
                process.wait(grace_s)
            except subprocess.TimeoutExpired:
                log.warning("the crawl is still there %.0f s after SIGTERM", grace_s)
        sweep(process.pid)
        process.wait()
        self._child = None


def sweep(group: int) -> None:
    """Kill what is left of a child's process group (its workers)."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def crawl_command(config_path: str | None) -> tuple[str, ...]:
    """The command line of a crawl of what is due, under the same interpreter and configuration."""
    config = ("--config", config_path) if config_path else ()
    return (
        sys.executable,
        "-m",
        "tipwatch",
        *config,
        "crawl",
        "--due",
        "--json",
        "--die-with-parent",
        str(os.getpid()),
    )
