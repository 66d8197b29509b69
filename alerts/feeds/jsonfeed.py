"""A feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from alerts.feeds.feed import Feed, FeedItem


def json_feed(feed: Feed, self_url: str | None) -> bytes:
    """The feed as JSON; `self_url` is where it will be reached, or None."""
    whole: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.description,
        "home_page_url": None if feed.home_url.startswith("mailto:") else feed.home_url,
        "feed_url": self_url,
        "items": [_item(item) for item in feed.items],
    }
    text = json.dumps(_without_none(whole), ensure_ascii=False, indent=1)
    return f"{text}\n".encode()


def _item(item: FeedItem) -> dict[str, object]:
    said: dict[str, object] = {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "content_html": item.html,
        "summary": item.summary or None,
        "date_published": _stamp(item.published_at),
        "date_modified": _stamp(item.updated_at),
        "authors": [{"name": item.outlet}],
        "tags": list(item.topics),
        "language": item.language,
    }
    return _without_none(said)


def _without_none(said: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in said.items() if value is not None}


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
