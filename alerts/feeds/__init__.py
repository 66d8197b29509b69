"""What was found as feeds of our own: RSS 2.0, Atom 1.0 and JSON Feed 1.1. Nobody need subscribe to mail to read along."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from alerts.feeds.feed import Feed, FeedItem, item_of, tag_uri
from alerts.feeds.jsonfeed import json_feed
from alerts.feeds.xmlfeeds import atom, rss

__all__ = ["Feed", "FeedForm", "FeedItem", "item_of", "tag_uri", "written"]


class FeedForm(StrEnum):
    """The forms a feed is written in; the value is the suffix of its file."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"


_WRITERS: Mapping[FeedForm, Callable[[Feed, str | None], bytes]] = MappingProxyType(
    {FeedForm.RSS: rss, FeedForm.ATOM: atom, FeedForm.JSON: json_feed}
)


def written(feed: Feed, form: FeedForm, self_url: str | None = None) -> bytes:
    """The feed as UTF-8 bytes, the same for the same feed.

    Args:
        feed: what to write; its texts may come from anywhere and are trusted with nothing.
        form: which of the three.
        self_url: where this very file will be reached; None: not known.
    """
    return _WRITERS[form](feed, self_url)
