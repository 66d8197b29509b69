"""What can go wrong at the roof, and the exit code each gives (the commands' contract)."""

from __future__ import annotations

OK = 0
FAILED = 1
USAGE = 2
PARTLY_FAILED = 3
ALREADY_RUNNING = 75  # EX_TEMPFAIL of sysexits.h: another instance holds the database


class RoofError(Exception):
    """A command cannot do what was asked; the message says what to do. Exits 1."""

    code = FAILED


class UsageError(RoofError):
    """The command line or the configuration asks for something that does not exist. Exits 2."""

    code = USAGE


class PlacedError(UsageError):
    """Something in a file is wrong; the message begins with ``file:line:column``. Exits 2."""


class AlreadyRunningError(RoofError):
    """Another daemon serves this database. Exits 75."""

    code = ALREADY_RUNNING
