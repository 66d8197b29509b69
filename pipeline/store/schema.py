"""Bringing a database to this program's schema, safely when several start at once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, inspect, select, text

from pipeline.errors import StoreError
from pipeline.store.database import Database
from pipeline.store.tables import upgrades

if TYPE_CHECKING:
    from alembic.config import Config

#: the newest revision under `migrations/versions` (a test compares them)
HEAD = "0004"


def prepare(database: Database, now: Callable[[], datetime]) -> None:
    """Upgrade the database where needed.

    Raises:
        StoreError: it cannot be reached or written, or its schema is newer than this program.
    """
    database.write_ahead()
    with database.reading() as connection:
        found = _revision(connection)
    if found == HEAD:
        return
    with database.writing() as connection:
        database.alone(connection, "schema")
        _upgrade(database, connection, now())


def _upgrade(database: Database, connection: Connection, now: datetime) -> None:
    # imported here: a program whose database is up to date starts without Alembic (0.15 s)
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - see above

    config = alembic_config(connection)
    found = _revision(connection)  # again, now that nobody else can change it
    if found == HEAD:
        return
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        message = (
            f"database {database.shown}: its schema ({found}) is newer than this program ({HEAD}): "
            "update tipwatch, or use another database"
        )
        raise StoreError(message)
    command.upgrade(config, "head")
    connection.execute(insert(upgrades).values(revision=HEAD, applied_at=now))


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration for our migrations, working on `connection`."""
    from alembic.config import Config  # noqa: PLC0415 - as in `_upgrade`

    config = Config(
        stdout=sys.stdout
    )  # asked now: its default is what stood there when Alembic was first imported
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def applied(connection: Connection) -> dict[str, datetime]:
    """When which schema was reached."""
    return {row.revision: row.applied_at for row in connection.execute(select(upgrades))}
