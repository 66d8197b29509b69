"""A feed entry as JSON and back: kept while its page is owed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crawler.page import Entry

_TEXTS = ("url", "title", "published_raw", "summary", "author", "guid", "language")


def entry_to_json(entry: Entry) -> dict[str, Any]:
    """The entry without what is None; its time as ISO 8601."""
    kept = {name: value for name in _TEXTS if (value := getattr(entry, name)) is not None}
    if entry.published is not None:
        kept["published"] = entry.published.isoformat()
    return kept


def entry_from_json(kept: dict[str, Any]) -> Entry:
    """The entry that `entry_to_json` was given."""
    published = kept.get("published")
    texts = {name: kept[name] for name in _TEXTS if name in kept}
    return Entry(**texts, published=None if published is None else datetime.fromisoformat(published))
