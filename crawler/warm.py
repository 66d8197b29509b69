"""A fork server that has done the workers' setup: what it loaded once is there, and shared, in every worker it forks.

`Workers` starts the fork server with what `ask` leaves in its environment, and lets it import `crawler.prepare`, which does it
(`do_what_is_asked`). A worker then finds that it `is_done`, and is ready at once when it replaces a killed one.
"""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_ASKED = "TIPWATCH_FORK_SERVER_SETUP"
#: what was done in this process, or in the one it was forked from
_done: list[str] = []


@contextmanager
def ask(setup: Callable[..., None] | None, args: tuple[Any, ...]) -> Iterator[None]:
    """While open, a fork server that starts does `setup`. Nothing is asked for what cannot be told as JSON."""
    told = _told(setup, args)
    if told is None:
        yield
        return
    os.environ[_ASKED] = told
    try:
        yield
    finally:
        os.environ.pop(_ASKED, None)


def is_done(setup: Callable[..., None], args: tuple[Any, ...]) -> bool:
    """Whether this process was forked after exactly this was done."""
    return bool(_done) and _told(setup, args) == _done[0]


def _told(setup: Callable[..., None] | None, args: tuple[Any, ...]) -> str | None:
    """The call as JSON; None where there is none, or where it could not be read back as it was."""
    if setup is None or "<" in setup.__qualname__ or setup.__module__ == "__main__":
        return None
    try:
        told = json.dumps([setup.__module__, setup.__qualname__, args])
    except TypeError:
        return None
    return told if _args(told) == args else None


def _args(told: str) -> tuple[Any, ...]:
    """Arguments as they are read back: a list is taken for the tuple it was."""
    return tuple(tuple(each) if isinstance(each, list) else each for each in json.loads(told)[2])


def do_what_is_asked() -> None:
    """Do the setup of which the environment tells, if any; a failure is left to the workers, where it is noticed."""
    told = os.environ.pop(_ASKED, None)
    if told is None:
        return
    module, name, _ = json.loads(told)
    try:
        getattr(importlib.import_module(module), name)(*_args(told))
    except Exception:  # whatever it is, it will happen again in the workers
        return
    _done.append(told)
