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
    """

    delay_s: float = 2.0
    per_host: int = 1
    obey_robots: bool = True


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
    """

    id: str
    name: str
    feeds: tuple[str, ...] = ()
    country: str | None = None
    languages: tuple[str, ...] = ()
    timezone: str | None = None
    tier: int | None = None
    manners: Manners = field(default_factory=Manners)
