"""The publisher's own address of an article, believed only on the same site: else one site could hide another's articles."""

from __future__ import annotations

from urllib.parse import urlsplit

from crawler.urls import same_site
from pipeline.extract.metadata import Metadata


def canonical_url(url: str, found: Metadata) -> str:
    """``rel=canonical``, else ``og:url``, when on the site of `url` and not its front page; else `url`."""
    for address in (found.canonical, found.first("og:url")):
        if address and address.startswith(("http://", "https://")) and same_site(url, address):
            parts = urlsplit(address)
            # templates with a fault point every article to the front page
            if parts.path.strip("/") or parts.query:
                return address.partition("#")[0]
    return url
