"""One daemon per database: a lock that ends with its holder, however that one ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from pipeline.errors import StoreError
from pipeline.store.database import Database


class HeldError(StoreError):
    """Another process holds the database for itself; the message says which, where we can know."""


@contextmanager
def sole(database: Database) -> Iterator[None]:
    """Be the only one on this database for the block.

    Raises:
        HeldError: another one is.
    """
    with _advisory_lock(database) if database.postgres else _lock_file(database):
        yield


@contextmanager
def _advisory_lock(database: Database) -> Iterator[None]:
    """Held by a connection of its own: PostgreSQL lets go of it when the connection ends."""
    with database.reading() as connection:
        key = {"name": "tipwatch sole"}
        taken = connection.execute(text("SELECT pg_try_advisory_lock(hashtext(:name))"), key).scalar_one()
        connection.commit()  # else the server would see a transaction open for days
        if not taken:
            message = f"another tipwatch is running on {database.shown}: stop that one first"
            raise HeldError(message)
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(hashtext(:name))"), key)


@contextmanager
def _lock_file(database: Database) -> Iterator[None]:
    """A file beside the database: the kernel lets go of its lock when the process ends."""
    path = f"{database.file}.lock"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        message = f"{path}: {error.strerror}: may we write in that folder?"
        raise StoreError(message) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
            message = (
                f"another tipwatch (process {holder}) is running on {database.shown}: stop that one first"
            )
            raise HeldError(message) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)
