"""JSON Feed (https://www.jsonfeed.org/version/1.1/) -> entries. Pure; runs inside a worker process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from crawler.entries import MAX_ENTRIES, ParsedFeed, RawEntry, parsed_feed


def parse_json_feed(body: bytes, url: str) -> ParsedFeed:
    """The entries of a JSON Feed; `kind` is empty when it is other JSON."""
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError) as error:
        return ParsedFeed((), "", f"{type(error).__name__}: {error}"[:200])
    rows = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(rows, list):
        return ParsedFeed((), "", "not a feed")
    language = _text(feed.get("language"))
    raw = [_raw_entry(row, language) for row in rows[:MAX_ENTRIES] if isinstance(row, dict)]
    return parsed_feed(raw, url, "json", None)


def _raw_entry(row: Mapping[str, Any], language: str | None) -> RawEntry:
    summary = row.get("summary") or row.get("content_text") or row.get("content_html")
    guid = _text(row.get("id"))
    return RawEntry(
        url=_text(row.get("url")) or (guid if (guid or "").startswith(("http://", "https://")) else None),
        title=_text(row.get("title")),
        published=_text(row.get("date_published")) or _text(row.get("date_modified")),
        summary=_text(summary),
        author=_authors(row),
        guid=guid,
        language=_text(row.get("language")) or language,
    )


def _authors(row: Mapping[str, Any]) -> str | None:
    """Version 1.1 has a list, version 1 had one."""
    listed = row.get("authors")
    people = listed if isinstance(listed, list) else [row.get("author")]
    names = [_text(person.get("name")) for person in people if isinstance(person, dict)]
    return ", ".join(name for name in names if name) or None


def _text(value: object) -> str | None:
    # version 1 allowed numbers as ids
    return (
        str(value) if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None
    )
