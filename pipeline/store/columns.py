"""Column types that keep bad values out: aware UTC times, text that both engines take, hashes as keys."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, LargeBinary, Text
from sqlalchemy.types import TypeDecorator

from pipeline.errors import StoreError

#: bytes of a key (see `keys`)
KEY_BYTES = 16


def clean_text(text: str) -> str:
    """`text` with NUL and lone surrogates replaced by U+FFFD, one for one, so that spans stay right.

    PostgreSQL refuses both; SQLite cuts at the one in some functions and refuses the other.
    """
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


def _clean_tree(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(key): _clean_tree(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_clean_tree(part) for part in value]
    return value


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time: a naive one is refused, since SQLite would silently drop the zone of any other."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time as the engine keeps it."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"{value!r} has no time zone: the store keeps aware times only"
            raise StoreError(message)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time, aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class CleanText(TypeDecorator[str]):
    """Text that both engines can keep (see `clean_text`)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The text as kept."""
        return None if value is None else clean_text(value)


class CleanJson(TypeDecorator[Any]):
    """A JSON value as text, its strings cleaned; what is read was written by us."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The value as compact JSON."""
        if value is None:
            return None
        return json.dumps(_clean_tree(value), ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        """The value read back."""
        return None if value is None else json.loads(value)


class Key(TypeDecorator[bytes]):
    """A 16-byte hash."""

    impl = LargeBinary(KEY_BYTES)
    cache_ok = True

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Plain bytes on both engines (psycopg may give a memoryview)."""
        return None if value is None else bytes(value)
