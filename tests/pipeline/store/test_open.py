from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text

from pipeline.errors import StoreError
from pipeline.store import open_store
from pipeline.store.database import Database
from pipeline.store.schema import HEAD, alembic_config, applied

Clock = Callable[[], datetime]


def test_an_empty_database_gets_the_schema_and_remembers_when(empty_url: str, clock: Clock) -> None:
    open_store(empty_url, now=clock).close()
    database = Database(empty_url)
    with database.reading() as connection:
        assert applied(connection) == {HEAD: clock()}
    database.close()


def test_the_migrations_lead_to_exactly_the_tables(empty_url: str, clock: Clock) -> None:
    open_store(empty_url, now=clock).close()
    database = Database(empty_url)
    with database.writing() as connection:
        command.check(alembic_config(connection))  # raises when they differ
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
    database.close()


def test_opening_again_changes_nothing(store_url: str, clock: Clock) -> None:
    open_store(store_url, now=clock).close()
    open_store(store_url, now=clock).close()


def test_two_that_start_at_once_do_not_collide(empty_url: str) -> None:
    code = (
        "import sys, datetime; from pipeline.store import open_store;"
        "open_store(sys.argv[1], now=lambda: datetime.datetime.now(datetime.UTC)).pages.total()"
    )
    starting = [
        subprocess.Popen([sys.executable, "-c", code, empty_url], stderr=subprocess.PIPE) for _ in range(2)
    ]
    said = [one.communicate()[1] for one in starting]
    assert [one.returncode for one in starting] == [0, 0], said


def test_a_schema_newer_than_the_program_is_refused(empty_url: str, clock: Clock) -> None:
    open_store(empty_url, now=clock).close()
    database = Database(empty_url)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(
        StoreError, match=r"its schema \(9999\) is newer than this program .* update tipwatch"
    ):
        open_store(empty_url, now=clock)


def test_sqlite_runs_in_wal_with_foreign_keys_and_immediate_writes(tmp_path: Path, clock: Clock) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    open_store(url, now=clock).close()
    database = Database(url)
    with database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10_000
    with database.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 1  # NORMAL
        other = sqlite3.connect(tmp_path / "a.db", timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):  # although we have written nothing yet
            other.execute("BEGIN IMMEDIATE")
        other.close()
    with database.writing(durable=True) as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
    database.close()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "the database URL cannot be read: write sqlite:///FILE or postgresql://USER@HOST/NAME"),
        ("mysql://u:secret@h/d", "databases of kind 'mysql' are not supported: use sqlite:///FILE or"),
        ("sqlite://", "the SQLite database must be a file"),
        ("sqlite:///:memory:", "the SQLite database must be a file"),
        ("sqlite:////nowhere/at/all/x.db", "it cannot be opened: does its folder exist"),
        ("postgresql://u:secret@127.0.0.1:1/d", "nothing answers there: start PostgreSQL"),
    ],
)
def test_a_database_that_cannot_be_used_says_what_to_do_in_one_line(
    url: str, says: str, clock: Clock
) -> None:
    with pytest.raises(StoreError) as raised:
        open_store(url, now=clock)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "secret" not in str(raised.value)


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "notes.db"
    path.write_text("dear diary, " * 200)
    with pytest.raises(StoreError, match="it is not a database: name another file"):
        open_store(f"sqlite:///{path}", now=clock)
    assert path.read_text().startswith("dear diary")


def test_a_database_missing_on_the_server_is_named(postgres_server: Any, clock: Clock) -> None:
    with pytest.raises(StoreError, match=r"database postgresql.*nowhere.*does not exist, or that role"):
        open_store(postgres_server.url("nowhere"), now=clock)


def test_a_database_that_may_not_be_written_says_so(
    tmp_path: Path, sqlite_template: Path, clock: Clock
) -> None:
    path = tmp_path / "ro.db"
    path.write_bytes(sqlite_template.read_bytes())
    with (
        open_store(f"sqlite:///file:{path}?mode=ro&uri=true", now=clock) as store,
        pytest.raises(StoreError, match="it cannot be written: give this user the right"),
    ):
        store.digests.register(["desk"], clock())


def test_a_missing_driver_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from pipeline.store import open_store\n"
        "try: open_store('postgresql://h/d', now=None)\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=dict(os.environ), check=False
    )
    assert said.stdout.strip() == (
        "StoreError the PostgreSQL driver is not installed: run ./tw setup postgres, or install tipwatch[postgres]"
    ), said.stderr


def test_a_naive_time_is_refused(store_url: str, clock: Clock) -> None:
    with open_store(store_url, now=clock) as store, pytest.raises(StoreError, match="has no time zone"):
        store.digests.register(["desk"], datetime(2023, 11, 11, 12))  # noqa: DTZ001 - naive on purpose


def test_a_database_held_by_another_program_says_so(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.store.database._BUSY_TIMEOUT_S", 0.1)
    with open_store(f"sqlite:///{tmp_path / 'a.db'}", now=clock) as store:
        other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"another program held it for more than 10 s"):
            store.digests.register(["desk"], clock())
        other.execute("ROLLBACK")
        other.close()
        store.digests.register(["desk"], clock())
