"""Worker processes that can be killed: the door to pebble.

What comes from outside can hang a parser written in C for minutes, and no timeout inside Python stops it:
only ending the process can. So everything fetched is parsed here, under a limit of time and of memory.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, InvalidStateError
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import forkserver
from typing import Any, Self, TypeVar, cast

import pebble

from crawler import warm
from crawler.confined import Broken, BrokenWhy, Done, Start, begin, call
from crawler.errors import WorkerError

__all__ = ["Broken", "BrokenWhy", "Done", "Workers"]

T = TypeVar("T")

#: jobs handed to one worker at a time: the second waits in the pipe, so that the worker never waits for us
_JOBS_AHEAD = 2
#: how often a job is given to another worker when the one it waited for broke before it was done
_MAX_TRIES = 3
#: workers that broke in a row, none giving any result in between: more of them would not help
_MAX_BROKEN_IN_A_ROW = 8
#: seconds beyond its jobs' own limits after which a silent worker is given up
_SILENCE_S = 20.0
_WATCH_S = 0.25


@dataclass(slots=True, eq=False)
class _Job:
    """One call on its way; `tries` counts the workers it was given to."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    timeout_s: float
    future: Future[Any]
    tries: int = 0


@dataclass(slots=True, eq=False)
class _Slot:
    """One worker and the jobs it has been given; `heard_at` is monotonic."""

    pool: pebble.ProcessPool
    jobs: list[_Job] = field(default_factory=list)
    heard_at: float = 0.0

    def is_silent(self, now: float) -> bool:
        """Whether the jobs should long have ended, one way or the other."""
        allowed = sum(job.timeout_s for job in self.jobs) + _SILENCE_S
        return bool(self.jobs) and now - self.heard_at > allowed


class Workers:
    """A fixed number of worker processes; a context manager, usable from any thread.

    Args:
        count: worker processes (>= 1).
        memory_bytes: address space of each beyond what it maps once set up; more raises MemoryError in it.
        preload: modules imported once in the server that workers are forked from: a new one is ready at once.
            Only the first `Workers` of a process can choose them.
        setup: called with `setup_args` before a worker's first job: once in the server if that starts now and both can
            be told as JSON, else in each new worker.
    """

    def __init__(
        self,
        count: int,
        *,
        memory_bytes: int = 1 << 30,
        preload: tuple[str, ...] = (),
        setup: Callable[..., None] | None = None,
        setup_args: tuple[Any, ...] = (),
    ) -> None:
        if count < 1:
            raise WorkerError(f"{count} workers asked for: at least 1 is needed")
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([__name__, *preload, "crawler.prepare"])
        # imports beside us while nothing is to be parsed yet: the first job would stop the event loop for all of them
        with warm.ask(setup, setup_args), _interrupts_held():
            forkserver.ensure_running()
        self._start = Start(memory_bytes, setup, setup_args)
        self._lock = threading.RLock()
        self._waiting: deque[_Job] = deque()
        self._broken_in_a_row = 0
        self._slots = [_Slot(self._new_pool()) for _ in range(count)]
        self._closed = threading.Event()
        self._watch = threading.Thread(target=self._watch_slots, name="worker-watch", daemon=True)
        self._watch.start()

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *exc: object) -> None:
        """Close."""
        self.close()

    def submit(self, function: Callable[..., T], *args: Any, timeout_s: float) -> Future[Done[T] | Broken]:
        """A future that always ends in a value; the limit counts from when a worker takes the job up.

        Args:
            function: importable by name; it and `args` and its result must be picklable.
            args: handed to it.
            timeout_s: after that the worker is killed and replaced.

        Raises:
            WorkerError: after `close`, or when workers keep breaking before they give any result (the future raises it
                too, should that be found out later).
        """
        job = _Job(function, args, timeout_s, Future())
        with self._lock:
            if self._closed.is_set():
                raise WorkerError("the workers are closed")
            if self._are_hopeless:
                raise _hopeless()
            self._waiting.append(job)
            self._dispatch()
        return cast("Future[Done[T] | Broken]", job.future)

    async def run(self, function: Callable[..., T], *args: Any, timeout_s: float) -> Done[T] | Broken:
        """The same, awaited in an asyncio loop."""
        return await asyncio.wrap_future(self.submit(function, *args, timeout_s=timeout_s))

    def close(self) -> None:
        """End all workers; jobs that are not done end as DIED."""
        with self._lock:
            self._closed.set()
            unfinished = [*self._waiting, *(job for slot in self._slots for job in slot.jobs)]
            self._waiting.clear()
        self._watch.join()
        for slot in self._slots:
            _stop(slot.pool)
        for slot in self._slots:
            slot.pool.join()
        for job in unfinished:
            _settle(job, Broken(BrokenWhy.DIED, "the workers were closed"))

    def _new_pool(self) -> pebble.ProcessPool:
        return pebble.ProcessPool(
            max_workers=1, initializer=begin, initargs=(self._start,), context=self._context
        )

    def _dispatch(self) -> None:
        """Give waiting jobs to the least busy workers. Called with the lock held."""
        while self._waiting:
            slot = min(self._slots, key=lambda one: len(one.jobs))
            if len(slot.jobs) >= _JOBS_AHEAD:
                return
            self._give(slot, self._waiting.popleft())

    def _give(self, slot: _Slot, job: _Job) -> None:
        if not slot.jobs:
            slot.heard_at = time.monotonic()
        if not slot.jobs and slot.pool.active is False:  # an idle worker was killed from outside
            self._replace_pool(slot)
        slot.jobs.append(job)
        job.tries += 1
        pool = slot.pool
        try:
            inner = pool.schedule(call, args=(job.function, job.args), timeout=job.timeout_s)
        except RuntimeError:  # it broke this moment: the watch replaces it, and gives the job again
            return
        inner.add_done_callback(lambda ended: self._on_end(slot, pool, job, ended))

    def _on_end(self, slot: _Slot, pool: pebble.ProcessPool, job: _Job, ended: Future[Any]) -> None:
        """Runs in a thread of the pool's."""
        outcome = _outcome_of(ended, job.timeout_s)
        with self._lock:
            if slot.pool is not pool or self._closed.is_set():
                return  # given up before: the job has gone elsewhere
            if outcome is None:
                self._rebuild(slot)
                return
            if job in slot.jobs:
                slot.jobs.remove(job)
            slot.heard_at = time.monotonic()
            self._broken_in_a_row = 0
            if isinstance(outcome, Broken) and outcome.why is BrokenWhy.MEMORY:
                self._renew(slot)
            self._dispatch()
        _settle(job, outcome)

    def _renew(self, slot: _Slot) -> None:
        """A new worker for one that ran out of memory: it may not get back all it took, and the next page would pay for it.

        Called with the lock held.
        """
        for job in reversed(slot.jobs):
            job.tries -= 1  # this one is not at fault
            self._waiting.appendleft(job)
        slot.jobs = []
        self._replace_pool(slot)

    def _rebuild(self, slot: _Slot) -> None:
        """A new worker for one that cannot go on; its jobs are given again. Called with the lock held."""
        orphans, slot.jobs = slot.jobs, []
        self._broken_in_a_row += 1
        if self._are_hopeless:
            self._give_up(orphans)
            return
        self._replace_pool(slot)
        for job in reversed(orphans):
            if job.tries < _MAX_TRIES:
                self._waiting.appendleft(job)
            else:
                _settle(job, Broken(BrokenWhy.DIED, f"{job.tries} workers broke down"))
        self._dispatch()

    @property
    def _are_hopeless(self) -> bool:
        return self._broken_in_a_row >= _MAX_BROKEN_IN_A_ROW

    def _give_up(self, orphans: list[_Job]) -> None:
        """No worker can be had: an error of ours or of the machine's, not of what was to be read. With the lock held."""
        for job in (*orphans, *self._waiting):
            if not job.future.done():
                job.future.set_exception(_hopeless())
        self._waiting.clear()

    def _replace_pool(self, slot: _Slot) -> None:
        old, slot.pool = slot.pool, self._new_pool()
        # joined elsewhere: we may be in one of its own threads
        threading.Thread(target=_put_away, args=(old,), name="worker-put-away").start()

    def _watch_slots(self) -> None:
        """Notice workers that broke untold: pebble reports only the jobs it had already registered."""
        while not self._closed.wait(_WATCH_S):
            with self._lock:
                now = time.monotonic()
                for slot in self._slots:
                    if slot.jobs and (slot.pool.active is False or slot.is_silent(now)):
                        self._rebuild(slot)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C waits. What is started meanwhile never gets one: a server still at its imports would die of it, with a traceback."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _hopeless() -> WorkerError:
    return WorkerError(
        f"{_MAX_BROKEN_IN_A_ROW} worker processes in a row broke down before they could do anything"
    )


def _settle(job: _Job, outcome: Done[Any] | Broken) -> None:
    try:
        if not job.future.cancelled():
            job.future.set_result(outcome)
    except InvalidStateError:  # cancelled between the question and the answer, or already settled
        return


def _put_away(pool: pebble.ProcessPool) -> None:
    _stop(pool)
    pool.join()


def _stop(pool: pebble.ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it unannotated


def _outcome_of(ended: Future[Any], timeout_s: float) -> Done[Any] | Broken | None:
    """What the pool's own future says; None when the pool itself broke."""
    error = CancelledError() if ended.cancelled() else ended.exception()
    if error is None:
        return cast("Done[Any] | Broken", ended.result())
    if isinstance(error, BrokenProcessPool):
        return None
    if isinstance(error, FutureTimeoutError):
        return Broken(BrokenWhy.TIMEOUT, f"stopped after {timeout_s:g} s")
    if isinstance(error, pebble.ProcessExpired):
        return Broken(BrokenWhy.DIED, f"the worker ended with code {error.exitcode}")
    return Broken(BrokenWhy.RAISED, f"{type(error).__name__}: {error}")
