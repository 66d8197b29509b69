"""Articles of our own for the pipeline's tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import pytest

from pipeline.article import Article, Classification, Evidence, Match, Precision, Published
from pipeline.store import NewArticle
from pipeline.stories import fingerprint

#: long enough to be compared
WIRE_TEXT = (
    "The committee of the assembly adopted a resolution on trafficking in persons on Saturday without a vote.\n"
    "Ninety-seven countries put their names to the draft, which the delegation of Belarus had introduced in October. "
    "The document asks governments to help victims first, to look closely at the internet as a place of recruitment, "
    "and to report to the next session. It will go to the plenary meeting in December, said the mission in New York."
)


@pytest.fixture
def wire_text() -> str:
    return WIRE_TEXT


@pytest.fixture
def new_article() -> Callable[..., NewArticle]:
    """Makes an article ready to be kept; `topics` are matched with evidence in its title."""

    def make(
        url: str,
        *,
        outlet: str = "Morning Paper",
        text: str = WIRE_TEXT,
        title: str = "Committee adopts resolution",
        topics: Sequence[str] = ("resolutions",),
        published_at: datetime | None = None,
        precision: Precision = Precision.MINUTE,
        language: str | None = "en",
        country: str | None = "BY",
        score: float = 0.8,
        canonical_url: str | None = None,
        page_url: str | None = None,
    ) -> NewArticle:
        published = published_at and Published(published_at, precision, 0, "json-ld", "page", "as printed")
        article = Article(
            url=url,
            canonical_url=canonical_url or url,
            source_id=outlet.lower().replace(" ", "-"),
            outlet=outlet,
            country=country,
            title=title,
            text=text,
            published=published,
            language=language,
        )
        found = (Evidence("@resolution", "title", 0, min(9, len(title)), title[:9]),)
        matches = tuple(Match(topic, score, found, "pack-1") for topic in topics)
        print_ = fingerprint(text, title)
        return NewArticle(page_url or url, article, Classification(matches), print_)

    return make
