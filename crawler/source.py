"""What a source is: an outlet's identity, where its articles are listed, and how we behave towards it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Manners:
    """How politely a source's hosts are asked.

    Attributes:
        delay_s: seconds between an answer of a host and the next request to it (>= 0); robots.txt may ask for more.
        per_host: requests in flight at one host (>= 1).
        obey_robots: False only where the operator says so for that source.
        verify_tls: False only where the operator says so for that source.
    """

    delay_s: float = 2.0
    per_host: int = 1
    obey_robots: bool = True
    verify_tls: bool = True


@dataclass(frozen=True, slots=True)
class Listing:
    """A section page that links to articles.

    Attributes:
        url: its first page.
        links: what an article's URL looks like: `*` any characters but a slash, `**` any at all; matched with the whole
            path, or with the whole URL when it holds ``://``. Empty: told by what the page's links look like.
        css: CSS selector of the links (or of what holds them); empty: all links of the page.
        more: where further pages are: a CSS selector of the link to the next one, or a URL with ``{page}``; empty: the
            link that says so (``rel=next``).
        pages: at most so many pages a visit (>= 1).
    """

    url: str
    links: str = ""
    css: str = ""
    more: str = ""
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Source:
    """One outlet and where its articles are listed.

    Attributes:
        id: short and stable, e.g. ``azernews``.
        name: the outlet's name as readers know it.
        feeds: feed URLs (RSS, Atom, RDF, JSON Feed).
        country: ISO 3166 alpha-2 of the outlet, ``INT`` for international bodies; None when not known.
        languages: ISO 639 codes, most used first; empty when not known.
        timezone: IANA zone for dates printed without one; None when not known.
        tier: 1 (must not miss) to 3; None when not graded.
        sitemaps: URLs of sitemaps, sitemap indexes and news sitemaps.
        listings: section pages, for outlets without feeds.
        poll_min_s, poll_max_s: bounds for the time between two visits; None: those of the configuration.
        render: pages need a browser (JavaScript) to show their text.
    """

    id: str
    name: str
    feeds: tuple[str, ...] = ()
    country: str | None = None
    languages: tuple[str, ...] = ()
    timezone: str | None = None
    tier: int | None = None
    manners: Manners = field(default_factory=Manners)
    sitemaps: tuple[str, ...] = ()
    listings: tuple[Listing, ...] = ()
    poll_min_s: float | None = None
    poll_max_s: float | None = None
    render: bool = False
