"""One daemon per database: the second one is told so and leaves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.store import HeldError, Store
from tipwatch.errors import AlreadyRunningError


@contextmanager
def sole_instance(store: Store) -> Iterator[None]:
    """Be the only daemon of this database for the block.

    Raises:
        AlreadyRunningError: another daemon is.
    """
    try:
        with store.sole():
            yield
    except HeldError as error:
        raise AlreadyRunningError(str(error)) from error
