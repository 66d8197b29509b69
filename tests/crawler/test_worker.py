"""Workers: what a job may do to them, and what that may do to the next job."""

from __future__ import annotations

import asyncio
import ctypes
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.errors import WorkerError
from crawler.worker import Broken, BrokenWhy, Done, Workers


class _AwkwardError(Exception):
    """Cannot be unpickled: it wants two arguments and keeps one."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(first + second)


def _greet(word: str) -> None:
    os.environ["GREETING"] = word


def _greeted() -> str:
    return os.environ["GREETING"]


def _awkward() -> None:
    raise _AwkwardError("a", "b")


def _fill_memory() -> int:
    return len(bytearray(3 << 30))


def _fail_oddly_for_want_of_memory() -> None:
    taken = []
    try:
        while True:
            taken.append(bytearray(16 << 20))
    except MemoryError:
        raise ValueError("unknown error") from None


def _swallow_the_want_of_memory() -> str:
    taken = []
    try:
        while True:
            taken.append(bytearray(1 << 20))
    except MemoryError:
        return "half an answer"


def _crash() -> None:
    ctypes.string_at(0)


def _loop_in_c() -> None:
    sum(range(10**12))


def _limits() -> tuple[int, int, bool]:
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    return resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CORE)[0], ignored


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2, setup=_greet, setup_args=("hello",)) as started:
        yield started


def _good(workers: Workers) -> None:
    assert workers.submit(pow, 2, 10, timeout_s=10).result(20) == Done(1024)


def test_a_result_comes_back_as_a_value(workers: Workers) -> None:
    _good(workers)


def test_an_exception_comes_back_as_a_value(workers: Workers) -> None:
    assert workers.submit(int, "x", timeout_s=10).result(20) == Broken(
        BrokenWhy.RAISED, "ValueError: invalid literal for int() with base 10: 'x'"
    )


def test_an_exception_that_cannot_be_unpickled_breaks_nothing(workers: Workers) -> None:
    assert workers.submit(_awkward, timeout_s=10).result(20) == Broken(BrokenWhy.RAISED, "_AwkwardError: ab")
    _good(workers)


def test_a_hang_in_c_code_is_cut_at_its_limit_and_the_next_job_served_at_once(workers: Workers) -> None:
    started = time.monotonic()
    hung = [workers.submit(_loop_in_c, timeout_s=0.5) for _ in range(2)]
    assert {future.result(20) for future in hung} == {Broken(BrokenWhy.TIMEOUT, "stopped after 0.5 s")}
    _good(workers)
    assert time.monotonic() - started < 10


def test_time_in_the_queue_does_not_count(workers: Workers) -> None:
    ended = [workers.submit(time.sleep, 0.3, timeout_s=0.8).result for _ in range(10)]
    assert [result(20) for result in ended] == [Done(None)] * 10


def test_too_much_memory_is_named_as_such(workers: Workers) -> None:
    assert workers.submit(_fill_memory, timeout_s=20).result(30) == Broken(BrokenWhy.MEMORY, "out of memory")
    _good(workers)


def test_a_failure_at_the_memory_limit_is_put_down_to_it_whatever_the_parser_calls_it(
    workers: Workers,
) -> None:
    ended = workers.submit(_fail_oddly_for_want_of_memory, timeout_s=20).result(30)
    assert ended == Broken(BrokenWhy.MEMORY, "out of memory (ValueError: unknown error)")
    swallowed = workers.submit(_swallow_the_want_of_memory, timeout_s=20).result(30)
    assert isinstance(swallowed, Broken)
    assert swallowed.why is BrokenWhy.MEMORY
    _good(workers)


def test_a_worker_that_ran_out_of_memory_is_replaced_and_what_waited_for_it_is_not_lost() -> None:
    with Workers(1) as one:
        before = one.submit(os.getpid, timeout_s=10).result(20)
        ended = [
            one.submit(function, *args, timeout_s=20)
            for function, args in [(_fill_memory, ()), (abs, (-7,)), (os.getpid, ())]
        ]
        broken, seven, after = [each.result(30) for each in ended]
    assert (broken, seven) == (Broken(BrokenWhy.MEMORY, "out of memory"), Done(7))
    assert isinstance(after, Done)
    assert after != before


def test_a_crash_of_the_process_ends_only_its_own_job(workers: Workers) -> None:
    crashed = workers.submit(_crash, timeout_s=10).result(20)
    assert isinstance(crashed, Broken)
    assert crashed.why is BrokenWhy.DIED
    _good(workers)


def test_leaving_the_process_in_a_job_is_an_end_like_others(workers: Workers) -> None:
    assert workers.submit(os._exit, 3, timeout_s=10).result(20) == Broken(
        BrokenWhy.DIED, "the worker ended with code 3"
    )
    _good(workers)


def test_idle_workers_killed_from_outside_are_replaced(workers: Workers) -> None:
    for _ in range(3):
        pids = {workers.submit(os.getpid, timeout_s=10).result(20) for _ in range(8)}
        for done in pids:
            assert isinstance(done, Done)
            os.kill(done.value, signal.SIGKILL)
        _good(workers)
        time.sleep(0.3)  # now pebble has noticed that they died without a job
        _good(workers)


def test_limits_and_setup_hold_in_every_worker(workers: Workers) -> None:
    done = workers.submit(_limits, timeout_s=10).result(20)
    assert isinstance(done, Done)
    memory_bytes, core_bytes, ignores_interrupts = done.value
    # 1 GiB beyond what a worker maps once set up; that is 1.3 GiB where another module had the rules preloaded
    assert (1 << 30) <= memory_bytes < (3 << 30)
    assert (core_bytes, ignores_interrupts) == (0, True)
    assert workers.submit(_greeted, timeout_s=10).result(20) == Done("hello")


def test_run_is_awaited_without_blocking_the_loop(workers: Workers) -> None:
    async def both() -> list[object]:
        slow = workers.run(time.sleep, 0.2, timeout_s=5)
        return list(await asyncio.gather(slow, workers.run(pow, 3, 2, timeout_s=5)))

    assert asyncio.run(both()) == [Done(None), Done(9)]


def test_a_function_that_cannot_travel_is_an_end_like_others(workers: Workers) -> None:
    ended = workers.submit(lambda: 1, timeout_s=5).result(20)
    assert isinstance(ended, Broken)
    _good(workers)


def _no_start() -> None:
    os._exit(3)


def test_workers_that_never_start_are_an_error_of_ours_and_not_of_what_was_to_be_read() -> None:
    with Workers(1, setup=_no_start) as broken:
        jobs = [broken.submit(abs, -1, timeout_s=5) for _ in range(6)]
        with pytest.raises(WorkerError, match="in a row"):
            jobs[-1].result(60)
        with pytest.raises(WorkerError, match="in a row"):
            broken.submit(abs, -1, timeout_s=5)


def test_nothing_is_taken_after_closing_and_no_worker_is_left() -> None:
    closing = Workers(2)
    done = closing.submit(os.getpid, timeout_s=10).result(20)
    assert isinstance(done, Done)
    hung = closing.submit(_loop_in_c, timeout_s=60)
    time.sleep(0.2)
    closing.close()
    assert hung.result(5) == Broken(BrokenWhy.DIED, "the workers were closed")
    with pytest.raises(ProcessLookupError):
        os.kill(done.value, 0)
    with pytest.raises(WorkerError):
        closing.submit(os.getpid, timeout_s=1)


_ROOM = """
import os

def open_up(path, names):
    with open(path, "a") as book:
        print(os.getpid(), *names, file=book)

def hang():
    sum(range(10**12))

def parents():
    return os.getppid()
"""
_TWO_WORKERS = """
import sys, room
from crawler.worker import Workers
if __name__ == "__main__":
    with Workers(2, setup=room.open_up, setup_args=(sys.argv[1], ("a", "b"))) as workers:
        for _ in range(3):
            hung = [workers.submit(room.hang, timeout_s=0.3) for _ in range(2)]
            assert {each.result(30).why.value for each in hung} == {"timeout"}
        print(workers.submit(room.parents, timeout_s=10).result(30).value)
"""


def test_the_setup_is_done_once_by_the_server_that_workers_are_forked_from(tmp_path: Path) -> None:
    (tmp_path / "room.py").write_text(_ROOM)
    (tmp_path / "two.py").write_text(_TWO_WORKERS)
    book = tmp_path / "book"
    server = subprocess.run(
        [sys.executable, "two.py", str(book)], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout.strip()
    assert book.read_text() == f"{server} a b\n"  # the workers that replaced killed ones had it from there


def test_a_setup_that_fails_in_the_server_is_done_by_each_worker(tmp_path: Path) -> None:
    first_time = (
        "    if not os.path.exists(path):\n        open(path, 'w').close()\n        raise ValueError(path)\n"
    )
    odd = _ROOM.replace("    with open", first_time + "    with open")
    (tmp_path / "room.py").write_text(odd)
    (tmp_path / "two.py").write_text(_TWO_WORKERS)
    book = tmp_path / "book"
    subprocess.run(
        [sys.executable, "two.py", str(book)], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert len(book.read_text().splitlines()) >= 2


_PARENT = """
import os, time
from crawler.worker import Workers
if __name__ == "__main__":
    workers = Workers(1)
    print(workers.submit(os.getpid, timeout_s=10).result(20).value, flush=True)
    workers.submit(time.sleep, 60, timeout_s=100)
    time.sleep(60)
"""


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="death signals are Linux's")
def test_s15_workers_die_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(_PARENT)
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        time.sleep(1)  # now it is at work, and not looking at the pipe to its parent
        parent.kill()
    deadline = time.monotonic() + 10
    while _is_running(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _is_running(worker)
