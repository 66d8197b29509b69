"""The one place where the roof asks what time it is; everything below is told."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present, aware UTC."""
    return datetime.now(UTC)
