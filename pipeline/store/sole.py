"""One daemon per database: a lock that ends with its holder, however that ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from pipeline.errors import StoreError
from pipeline.store.database import Database


class HeldError(StoreError):
    """Another process holds the lock."""


@contextmanager
def sole_holder(database: Database) -> Iterator[None]:
    """Hold the database's daemon lock for the block.

    SQLite: an advisory lock on a file beside the database, which the kernel drops when the process ends.
    PostgreSQL: a session's advisory lock, which the server drops when the connection ends.

    Raises:
        HeldError: someone else holds it.
        StoreError: the lock file cannot be written.
    """
    held = (
        _postgres_lock(database) if database.postgres else _file_lock(Path(str(database.engine.url.database)))
    )
    with held:
        yield


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    lock = path.with_name(f"{path.name}.daemon-lock")
    try:
        file = lock.open("a")
    except OSError as error:
        raise StoreError(
            f"{lock}: {error.strerror or error}: give this user the right to write there"
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise HeldError(f"another tipwatch daemon serves {path}: stop that one first") from error
        yield


@contextmanager
def _postgres_lock(database: Database) -> Iterator[None]:
    with database.engine.connect() as connection:
        taken = connection.execute(text("SELECT pg_try_advisory_lock(hashtext('tipwatch daemon'))")).scalar()
        connection.commit()
        if not taken:
            raise HeldError(f"another tipwatch daemon serves {database.shown}: stop that one first")
        yield
