"""Sources as people and programs are shown them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.source import Source


def lists_of(source: Source) -> list[str]:
    """All addresses where it lists its articles; what is no feed says so."""
    sitemaps = [f"sitemap {url}" for url in source.sitemaps]
    return [*source.feeds, *sitemaps, *(f"listing {one.url}" for one in source.listings)]


def orders_of(source: Source) -> list[str]:
    """What the operator ordered that is out of the common."""
    manners = source.manners
    said = [
        ("robots.txt ignored", not manners.obey_robots),
        ("certificates unverified", not manners.verify_tls),
        ("rendered", source.render),
    ]
    return [words for words, holds in said if holds]


def source_object(source: Source) -> dict[str, object]:
    """A source as JSON."""
    return {
        "id": source.id,
        "name": source.name,
        "country": source.country,
        "languages": list(source.languages),
        "timezone": source.timezone,
        "tier": source.tier,
        "feeds": list(source.feeds),
        "sitemaps": list(source.sitemaps),
        "listings": [
            {"url": one.url, "links": one.links, "css": one.css, "more": one.more, "pages": one.pages}
            for one in source.listings
        ],
        "poll_min_s": source.poll_min_s,
        "poll_max_s": source.poll_max_s,
        "render": source.render,
        "manners": {
            "delay_s": source.manners.delay_s,
            "per_host": source.manners.per_host,
            "obey_robots": source.manners.obey_robots,
            "verify_tls": source.manners.verify_tls,
        },
    }


def ago(newest: datetime | None, now: datetime) -> str:
    """How old the newest entry is."""
    if newest is None:
        return "not dated"
    minutes = max(0.0, (now - newest).total_seconds() / 60)
    if minutes < 90:
        return f"newest {minutes:.0f} min ago"
    return (
        f"newest {minutes / 60:.0f} h ago" if minutes < 48 * 60 else f"newest {minutes / 1440:.0f} days ago"
    )
