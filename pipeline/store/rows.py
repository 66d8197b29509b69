"""Articles and matches as rows and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from pipeline.article import Article, Credit, Evidence, Match, Precision, Published, Role
from pipeline.store.keys import page_key
from pipeline.store.records import ArticleRecord
from pipeline.store.tables import AnyRow
from pipeline.stories import Fingerprint


def article_values(article: Article, print_: Fingerprint) -> dict[str, Any]:
    """The columns that come from the article and its text."""
    published = article.published
    return {
        "url_key": page_key(article.url),
        "canonical_key": page_key(article.canonical_url),
        "url": article.url,
        "canonical_url": article.canonical_url,
        "source_id": article.source_id,
        "outlet": article.outlet,
        "country": article.country,
        "title": article.title,
        "text": article.text,
        "authors": list(article.authors),
        "published_at": published and published.at,
        "published_precision": published and published.precision.value,
        "published_offset_minutes": published and published.offset_minutes,
        "published_origin": published and published.origin,
        "published_zone_origin": published and published.zone_origin,
        "published_printed": published and published.printed,
        "published_problem": article.published_problem,
        "modified_at": article.modified_at,
        "language": article.language,
        "language_origin": article.language_origin,
        "credits": [asdict(credit) for credit in article.credits],
        "partial": article.partial,
        "text_hash": print_.text_hash,
        "signature": print_.signature,
    }


def match_values(article_id: int, match: Match, found_at: datetime) -> dict[str, Any]:
    """The row of a match."""
    return {
        "article_id": article_id,
        "topic": match.topic,
        "score": match.score,
        "evidence": [asdict(piece) for piece in match.evidence],
        "pack_version": match.pack_version,
        "found_at": found_at,
    }


def article_record(row: AnyRow, matches: tuple[Match, ...]) -> ArticleRecord:
    """The record of a row of `articles` (all columns but `signature` are needed)."""
    role = Role(row.role)
    return ArticleRecord(
        row.id, article_of(row), matches, row.story_id, role, row.first_seen_at, row.revised_at
    )


def article_of(row: AnyRow) -> Article:
    """The article of a row of `articles`."""
    return Article(
        url=row.url,
        canonical_url=row.canonical_url,
        source_id=row.source_id,
        outlet=row.outlet,
        country=row.country,
        title=row.title,
        text=row.text,
        authors=tuple(row.authors),
        published=_published(row),
        published_problem=row.published_problem,
        modified_at=row.modified_at,
        language=row.language,
        language_origin=row.language_origin,
        credits=tuple(Credit(**credit) for credit in row.credits),
        partial=row.partial,
    )


def match_of(row: AnyRow) -> Match:
    """The match of a row of `matches`."""
    evidence = tuple(Evidence(**piece) for piece in row.evidence)
    return Match(row.topic, row.score, evidence, row.pack_version, row.rules_changed_at)


def _published(row: AnyRow) -> Published | None:
    if row.published_at is None:
        return None
    return Published(
        at=row.published_at,
        precision=Precision(row.published_precision),
        offset_minutes=row.published_offset_minutes,
        origin=row.published_origin,
        zone_origin=row.published_zone_origin,
        printed=row.published_printed,
    )
