"""Alembic's entry: works on the connection it is given, inside that connection's transaction."""

from __future__ import annotations

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import TypeDecorator

from pipeline.store.tables import metadata


def _plain(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Our column types are written as what they are made of: a migration outlives today's classes."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
    compare_type=True,
    render_item=_plain,
)
context.run_migrations()
