"""Which configured source a URL belongs to."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.source import Source
from crawler.urls import host_of, same_site


def source_on_site(sources: Iterable[Source], url: str) -> Source | None:
    """The source with a feed on the URL's host, else one with a feed on its site; None when there is none."""
    host = host_of(url)
    found = None
    for source in sources:
        if any(host_of(feed) == host for feed in source.feeds):
            return source
        if found is None and any(same_site(url, feed) for feed in source.feeds):
            found = source
    return found
