"""Which configured source a URL belongs to."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.source import Source
from crawler.urls import host_of, same_site


def source_on_site(sources: Iterable[Source], url: str) -> Source | None:
    """The source with a list on the URL's host, else one with a list on its site; None when there is none."""
    host = host_of(url)
    found = None
    for source in sources:
        lists = (*source.feeds, *source.sitemaps, *(listing.url for listing in source.listings))
        if any(host_of(one) == host for one in lists):
            return source
        if found is None and any(same_site(url, one) for one in lists):
            found = source
    return found
