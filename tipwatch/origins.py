"""Where a publication time was read, in words; apart from all else, so that a card waits for no rules."""

from __future__ import annotations

#: by `pipeline.article.Published.origin`; one that is not here is named as it is
DATE_ORIGINS = {
    "json-ld": "the page's JSON-LD",
    "opengraph": "the page's OpenGraph tags",
    "meta": "the page's meta tags",
    "time-element": "the page's time element",
    "visible": "the page's text",
    "feed": "the feed",
    "url": "the address",
}
