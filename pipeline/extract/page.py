"""What goes into extraction, and what comes out when there is no article: plain values that cross process borders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from crawler.page import Entry, FetchedPage
from pipeline.article import OutcomeKind


@dataclass(frozen=True, slots=True)
class PageInput:
    """A page to be read, with what is known of its source.

    Attributes:
        body: bytes as sent (decompressed).
        url: where the page came from in the end (after redirects).
        content_type: the header's value; None when missing.
        outlet: the source's name.
        country: ISO 3166 alpha-2 of the outlet; None when not known.
        languages: ISO 639 codes of the source, most used first.
        timezone: IANA zone for dates printed without one; None when not known.
        entry: what the feed said; None when no feed led here.
        fetched_at: aware UTC; dates more than 26 h after it are refused.
    """

    body: bytes
    url: str
    content_type: str | None
    source_id: str
    outlet: str
    country: str | None
    languages: tuple[str, ...]
    timezone: str | None
    entry: Entry | None
    fetched_at: datetime

    @classmethod
    def from_page(cls, page: FetchedPage) -> Self:
        """The input for a page that a crawl brought."""
        source = page.source
        return cls(
            body=page.body,
            url=page.final_url,
            content_type=page.content_type,
            source_id=source.id,
            outlet=source.name,
            country=source.country,
            languages=source.languages,
            timezone=source.timezone,
            entry=page.entry,
            fetched_at=page.fetched_at,
        )


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a page gave no article.

    Attributes:
        kind: NOT_ARTICLE, EXTRACTION_EMPTY, TOO_DEEP, TOO_LARGE or EXTRACTION_KILLED.
        detail: one line for people.
    """

    kind: OutcomeKind
    detail: str
