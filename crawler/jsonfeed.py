"""JSON Feed (https://www.jsonfeed.org/version/1.1/) -> entries. Pure; runs inside a worker process."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from crawler.entries import ParsedFeed, RawEntry, is_web, parsed_feed

_ITEMS = re.compile(r'"items"\s*:\s*\[\s*')
_COMMA = re.compile(r"\s*,\s*")


def parse_json_feed(body: bytes, url: str) -> ParsedFeed:
    """The entries of a JSON Feed; `kind` is empty when it is other JSON."""
    problem = None
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError) as error:
        problem = f"{type(error).__name__}: {error}"[:200]
        feed = {"items": list(_items_before_the_break(body.decode("utf-8", "replace")))}
    rows = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(rows, list) or (problem and not rows):
        return ParsedFeed((), "", problem or "not a feed")
    language = _text(feed.get("language"))
    raw = [_raw_entry(row, language) for row in rows if isinstance(row, dict)]
    return parsed_feed(raw, url, "json", problem)


def _items_before_the_break(text: str) -> Iterator[object]:
    """The items of a document that breaks off, as far as they are whole."""
    start = _ITEMS.search(text)
    if start is None:
        return
    reader, place = json.JSONDecoder(), start.end()
    while True:
        try:
            item, place = reader.raw_decode(text, place)
        except (ValueError, RecursionError):
            return
        yield item
        comma = _COMMA.match(text, place)
        if comma is None:
            return
        place = comma.end()


def _raw_entry(row: Mapping[str, Any], language: str | None) -> RawEntry:
    summary = row.get("summary") or row.get("content_text") or row.get("content_html")
    guid = _text(row.get("id"))
    return RawEntry(
        url=_text(row.get("url")) or (guid if is_web(guid) else None) or _text(row.get("external_url")),
        title=_text(row.get("title")),
        published=_text(row.get("date_published")) or _text(row.get("date_modified")),
        summary=_text(summary),
        author=_authors(row),
        guid=guid,
        language=_text(row.get("language")) or language,
        updated=_text(row.get("date_modified")),
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
