"""What runs inside a worker process: its limits, its setup, and the border at which a job's exceptions end."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing import forkserver
from pathlib import Path
from typing import Any, Generic, TypeVar

from crawler import warm

T = TypeVar("T")

#: `prctl` option: the signal a process gets when its parent ends (linux/prctl.h)
_PR_SET_PDEATHSIG = 1
#: of the memory allowed, what must once have been taken for a failure to be put down to it (libxml2 says "unknown error"
#: when it gets no more), and what makes even an answer doubtful, because some parsers swallow a MemoryError
_SUSPECT, _DOUBTFUL = 0.75, 0.97
_VM_PEAK = re.compile(rb"^VmPeak:\s+(\d+) kB", re.MULTILINE)
#: how this worker began
_begun: list[Start] = []


class BrokenWhy(StrEnum):
    """Why a worker gave no result: a closed set."""

    TIMEOUT = "timeout"
    MEMORY = "memory"
    DIED = "died"
    RAISED = "raised"


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What the function returned."""

    value: T


@dataclass(frozen=True, slots=True)
class Broken:
    """No result: `detail` is one line for people, e.g. ``ValueError: no root element``."""

    why: BrokenWhy
    detail: str


@dataclass(frozen=True, slots=True)
class Start:
    """What a new worker does first; travels to the worker.

    Attributes:
        memory_bytes: address space beyond what is mapped once set up.
        setup: called with `setup_args`, unless the fork server has done it.
    """

    memory_bytes: int
    setup: Callable[..., None] | None
    setup_args: tuple[Any, ...]


def call(function: Callable[..., Any], args: tuple[Any, ...]) -> Done[Any] | Broken:
    """Runs in the worker. Exceptions end here: one that cannot be unpickled would break the pool."""
    try:
        value = function(*args)
    except MemoryError:
        return Broken(BrokenWhy.MEMORY, "out of memory")
    except Exception as error:  # the border of the worker: whatever a parser raises is an outcome
        said = f"{type(error).__name__}: {error}"[:500]
        if _memory_taken() >= _SUSPECT:
            return Broken(BrokenWhy.MEMORY, f"out of memory ({said})")
        return Broken(BrokenWhy.RAISED, said)
    if _memory_taken() >= _DOUBTFUL:
        return Broken(BrokenWhy.MEMORY, "out of memory (an answer came, but not from all of it)")
    return Done(value)


def begin(start: Start) -> None:
    """Runs first in each worker: limits, signals, then the setup."""
    # pebble ends a worker by SIGTERM, which Python cannot answer while C code hangs: let it end us at once
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with_parent()
    _lower(resource.RLIMIT_CORE, 0)
    if start.setup is not None and not warm.is_done(start.setup, start.setup_args):
        start.setup(*start.setup_args)
    # on top of what is mapped already: some libraries reserve address space that they never touch (rensa: 1 GiB)
    _lower(resource.RLIMIT_AS, _mapped_bytes() + start.memory_bytes)
    _begun[:] = [start]


def _die_with_parent() -> None:
    """The fork server ends when we end, and its workers with it: also when we are killed."""
    if not sys.platform.startswith("linux"):
        return
    # each worker is handed the pipe by which the fork server notices our end: it would keep the server, and so
    # itself, alive for as long as it works
    alive_fd = getattr(forkserver._forkserver, "_forkserver_alive_fd", None)  # noqa: SLF001 - a test holds it
    if alive_fd is not None:
        with contextlib.suppress(OSError):
            os.close(alive_fd)
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended in between
        os._exit(1)


def _mapped_bytes() -> int:
    """Address space this process has mapped; 0 where /proc does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def _memory_taken() -> float:
    """The most this worker ever took of the memory it may take, 0 to 1; 0 where /proc does not tell."""
    try:
        peak = _VM_PEAK.search(Path("/proc/self/status").read_bytes())
    except OSError:
        return 0.0
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if peak is None or not _begun or limit == resource.RLIM_INFINITY:
        return 0.0
    allowed = _begun[0].memory_bytes
    return 1 - (limit - int(peak[1]) * 1024) / allowed


def _lower(limit: int, value: int) -> None:
    _, hard = resource.getrlimit(limit)
    ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(limit, (ceiling, ceiling))
