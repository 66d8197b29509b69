"""The engine: how connections are made, how transactions begin, and how its errors are said in words."""

from __future__ import annotations

import functools
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, StatementError

from pipeline.errors import StoreError

P = ParamSpec("P")
R = TypeVar("R")

_BUSY_TIMEOUT_S = 10.0
_LOCK_TRIES = 50
#: tries of a whole unit of work after the server went away in its middle (a restart takes 1 to 2 s)
_TRIES = 5

#: beginnings of drivers' messages and what a person can do about them
_ADVICE = (
    ("file is not a database", "it is not a database: name another file, or move this one away"),
    ("malformed", "it is damaged: restore a backup"),
    ("unable to open database file", "it cannot be opened: does its folder exist, and may we write there?"),
    ("readonly", "it cannot be written: give this user the right to write the file and its folder"),
    ("database is locked", "another program held it for more than 10 s: stop that program, or try again"),
    ("disk is full", "its disk is full: make room"),
    (
        "disk I/O error",
        "its disk cannot be read or written: check the disk and the rights of file and folder",
    ),
    ("password authentication failed", "it refuses the password: check the database URL"),
    ("does not exist", "it does not exist, or that role does not: create it, or correct the database URL"),
    ("Connection refused", "nothing answers there: start PostgreSQL, or correct the database URL"),
    ("could not translate host name", "its host is unknown: correct the database URL"),
    ("failed to resolve host", "its host is unknown: correct the database URL"),
)


class Database:
    """One database: read, write, and write durably, each a transaction of its own.

    On SQLite every write begins with BEGIN IMMEDIATE: SQLAlchemy's default lost 3,254 of 4,899 updates of
    three threads without an error (measured).
    """

    def __init__(self, url: str) -> None:
        self._url = _url(url)
        self.shown = self._url.render_as_string(hide_password=True)
        self.engine = _engine(self._url)
        self._reading = self.engine.execution_options(reading=True)
        self._durable = self.engine.execution_options(durable=True)

    @property
    def postgres(self) -> bool:
        """Whether this is PostgreSQL."""
        return self.engine.dialect.name == "postgresql"

    @property
    def file(self) -> str:
        """The SQLite file's path."""
        return (self._url.database or "").removeprefix("file:")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads."""
        with self._worded(), self._reading.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[Connection]:
        """A transaction that writes: commits at the end, rolls back on an exception.

        Args:
            durable: on disk before this returns, even should the power fail.
        """
        engine = self._durable if durable else self.engine
        with self._worded(), engine.begin() as connection:
            yield connection

    def alone(self, connection: Connection, name: str) -> None:
        """Hold others back who do `name`, until this transaction ends. SQLite has one writer anyway."""
        if self.postgres:
            connection.execute(
                text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"tipwatch {name}"}
            )

    def write_ahead(self) -> None:
        """Let readers and the writer of a SQLite file not wait for each other (kept in the file).

        SQLite does not wait for a lock here, whatever its busy timeout, so we do.
        """
        if self.postgres:
            return
        for tried in range(1, _LOCK_TRIES + 1):
            try:
                connection = self.engine.raw_connection()
                try:
                    connection.cursor().execute("PRAGMA journal_mode=WAL")
                finally:
                    connection.close()
            except sqlite3.Error as error:
                if "locked" not in str(error) or tried == _LOCK_TRIES:
                    raise StoreError(self._words(error)) from error
                time.sleep(_BUSY_TIMEOUT_S / _LOCK_TRIES)
            else:
                return

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def _worded(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            if error.connection_invalidated:
                raise _GoneAwayError(self._words(error.orig)) from error
            raise StoreError(self._words(error.orig)) from error
        except sqlite3.Error as error:  # while beginning
            raise StoreError(self._words(error)) from error
        except StatementError as error:  # a value that one of our column types refused
            if isinstance(error.orig, StoreError):
                raise error.orig from None
            raise

    def _words(self, error: BaseException | None) -> str:
        said = " ".join(str(error).split())
        for beginning, advice in _ADVICE:
            if beginning.lower() in said.lower():
                return f"database {self.shown}: {advice}"
        return f"database {self.shown}: {said}"


class _GoneAwayError(StoreError):
    """The server went away in the middle of a transaction, which was therefore rolled back."""


class Family(Protocol):
    """A family of questions: has a database."""

    @property
    def database(self) -> Database:
        """Where it asks."""


F = TypeVar("F", bound=Family)
_Method = Callable[Concatenate[F, Connection, P], R]
_Asked = Callable[Concatenate[F, P], R]


def reads(method: _Method[F, P, R]) -> _Asked[F, P, R]:
    """The method, given a connection of its own on which it only reads."""

    @functools.wraps(method)
    def asked(self: F, /, *args: P.args, **kwargs: P.kwargs) -> R:
        def once() -> R:
            with self.database.reading() as connection:
                return method(self, connection, *args, **kwargs)

        return _again_if_gone(once)

    return asked


def writes(method: _Method[F, P, R]) -> _Asked[F, P, R]:
    """The method as one write transaction, done again as a whole when the server went away in its middle."""

    @functools.wraps(method)
    def asked(self: F, /, *args: P.args, **kwargs: P.kwargs) -> R:
        def once() -> R:
            with self.database.writing() as connection:
                return method(self, connection, *args, **kwargs)

        return _again_if_gone(once)

    return asked


def writes_durably(method: _Method[F, P, R]) -> _Asked[F, P, R]:
    """Like `writes`; on disk before it returns."""

    @functools.wraps(method)
    def asked(self: F, /, *args: P.args, **kwargs: P.kwargs) -> R:
        def once() -> R:
            with self.database.writing(durable=True) as connection:
                return method(self, connection, *args, **kwargs)

        return _again_if_gone(once)

    return asked


def _again_if_gone(once: Callable[[], R]) -> R:
    for tried in range(1, _TRIES):
        try:
            return once()
        except _GoneAwayError:
            time.sleep(0.2 * 2**tried)
    return once()


def _url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        message = "the database URL cannot be read: write sqlite:///FILE or postgresql://USER@HOST/NAME"
        raise StoreError(message) from error
    if parsed.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite"}:
        message = f"databases of kind {parsed.drivername!r} are not supported: use sqlite:///FILE or postgresql://..."
        raise StoreError(message)
    if parsed.database in {None, "", ":memory:"}:
        message = "the SQLite database must be a file, so that other processes see it: write sqlite:///FILE"
        raise StoreError(message)
    return parsed


def _engine(url: URL) -> Engine:
    try:
        if url.get_backend_name() == "sqlite":
            engine = create_engine(url, connect_args={"timeout": _BUSY_TIMEOUT_S})
            event.listen(engine, "connect", _on_sqlite_connect)
            event.listen(engine, "begin", _on_sqlite_begin)
            return engine
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    except ModuleNotFoundError as error:
        message = (
            "the PostgreSQL driver is not installed: run ./tw setup postgres, or install tipwatch[postgres]"
        )
        raise StoreError(message) from error
    except (ArgumentError, NoSuchModuleError) as error:
        message = f"database {url.render_as_string(hide_password=True)}: {error}"
        raise StoreError(message) from error


def _on_sqlite_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_on_sqlite_begin`, never by the driver
    connection.execute("PRAGMA foreign_keys=ON")


def _on_sqlite_begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    # straight to the driver: asked through SQLAlchemy, these words cost as much as a small query
    execute = connection.connection.cursor().execute
    if options.get("reading"):
        execute("BEGIN")
        return
    # NORMAL may lose the last commits at a power cut, never the file; it is not changed inside a transaction
    level = "FULL" if options.get("durable") else "NORMAL"
    if connection.info.get("synchronous") != level:
        execute(f"PRAGMA synchronous={level}")
        connection.info["synchronous"] = level
    execute("BEGIN IMMEDIATE")
