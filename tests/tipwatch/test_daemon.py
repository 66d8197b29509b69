from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tipwatch.daemon import Daemon, Duties

#: a crawl that says it began, and leaves on the first SIGTERM
OBEDIENT = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(60)"
#: a crawl that has stopped listening, with a worker of its own
DEAF = (
    "import pathlib, signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "worker = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(120)']);"
    "pathlib.Path(sys.argv[1]).write_text(str(worker.pid)); time.sleep(120)"
)


def wait_for(condition: Callable[[], bool], limit_s: float = 20.0) -> None:
    over = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < over, "it did not happen in time"
        time.sleep(0.05)


def stopped_after(condition: Callable[[], bool]) -> threading.Thread:
    """A thread that sends SIGTERM to this process once the condition holds."""

    def watch() -> None:
        wait_for(condition)
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    return thread


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_digests_go_on_while_a_crawl_runs_and_sigterm_ends_both(tmp_path: Path) -> None:
    began, rounds = tmp_path / "began", []
    duties = Duties(
        crawl_due=lambda: True,
        crawl_command=(sys.executable, "-c", OBEDIENT, str(began)),
        digest=lambda _stopping: rounds.append(time.monotonic()),
    )
    watcher = stopped_after(lambda: began.exists() and len(rounds) >= 3)
    Daemon(duties, crawl_tick_s=0.2, digest_tick_s=0.2).run()
    watcher.join()
    assert len(rounds) >= 3


def test_s04_a_crawl_deaf_to_sigterm_is_killed_with_its_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tipwatch.daemon.TERM_GRACE_S", (0.5, 0.5))
    began = tmp_path / "began"
    duties = Duties(lambda: True, (sys.executable, "-c", DEAF, str(began)), lambda _stopping: None)
    watcher = stopped_after(lambda: began.exists() and began.read_text() != "")
    Daemon(duties, crawl_tick_s=0.2, digest_tick_s=5).run()
    watcher.join()
    wait_for(lambda: gone(int(began.read_text())), 5)


def test_s03_a_crawl_that_crashes_is_started_again_at_the_next_tick(tmp_path: Path) -> None:
    counted = tmp_path / "counted"
    crash = f"import os; open({str(counted)!r}, 'a').write('x'); os.abort()"
    duties = Duties(lambda: True, (sys.executable, "-c", crash), lambda _stopping: None)
    watcher = stopped_after(lambda: counted.exists() and len(counted.read_text()) >= 2)
    Daemon(duties, crawl_tick_s=0.2, digest_tick_s=5).run()
    watcher.join()


def test_a_failing_digest_round_is_tried_again_and_stops_nothing() -> None:
    tries: list[int] = []

    def digest(_stopping: object) -> None:
        tries.append(1)
        raise RuntimeError("the database was away")

    watcher = stopped_after(lambda: len(tries) >= 3)
    Daemon(Duties(lambda: False, (), digest), crawl_tick_s=5, digest_tick_s=0.2).run()
    watcher.join()


def test_a_crawl_that_runs_too_long_is_stopped(tmp_path: Path) -> None:
    began = tmp_path / "began"
    duties = Duties(
        lambda: not began.exists(),
        (sys.executable, "-c", OBEDIENT, str(began)),
        lambda _stopping: None,
        crawl_wall_s=1.0,
    )
    daemon = Daemon(duties, crawl_tick_s=0.2, digest_tick_s=5)
    ended = stopped_after(lambda: began.exists() and daemon.crawl_pid is None)
    daemon.run()
    ended.join()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the death signal is Linux's")
def test_s15_a_child_that_asked_for_it_does_not_outlive_its_parent(tmp_path: Path) -> None:
    child = (
        "import pathlib, sys, time; from tipwatch.parent import die_with;"
        "die_with(int(sys.argv[1])); pathlib.Path(sys.argv[2]).touch(); time.sleep(60)"
    )
    mark = tmp_path / "ready"
    parent = (
        "import os, subprocess, sys, time;"
        "p = subprocess.Popen([sys.executable, '-c', sys.argv[1], str(os.getpid()), sys.argv[2]]);"
        "print(p.pid, flush=True); time.sleep(60)"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", parent, child, str(mark)], stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    with running.stdout:
        pid = int(running.stdout.readline())
        wait_for(mark.exists)
        running.kill()
        running.wait()
    wait_for(lambda: gone(pid), 5)


def test_sigterm_between_two_mails_is_seen_by_the_digest_round() -> None:
    sent: list[bool] = []

    def digest(stopping: Callable[[], bool]) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        wait_for(stopping)
        sent.append(stopping())

    Daemon(Duties(lambda: False, (), digest), crawl_tick_s=5, digest_tick_s=5).run()
    assert sent == [True]
