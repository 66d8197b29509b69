"""Articles as JSON lines: the contract of `export` and `import` with other systems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

from crawler.urls import is_fetchable
from pipeline.article import Article, Credit, Precision, Published
from pipeline.store import ArticleRecord
from tipwatch.clock import utc_now
from tipwatch.config import Config
from tipwatch.spread import EARLIEST

T = TypeVar("T")

MAX_TITLE_CHARS = 2_000
MAX_TEXT_CHARS = 1_000_000


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be imported, and why."""

    why: str


def as_object(record: ArticleRecord) -> dict[str, object]:
    """An article as `export` writes it. Times are ISO 8601 in UTC; None where not known."""
    article = record.article
    published = article.published
    return {
        "url": article.url,
        "canonical_url": article.canonical_url,
        "title": article.title,
        "text": article.text,
        "authors": list(article.authors),
        "published_at": stamp(published.at) if published else None,
        "published_precision": str(published.precision) if published else None,
        "language": article.language,
        "outlet": article.outlet,
        "country": article.country,
        "source": article.source_id,
        "credits": [credit.name for credit in article.credits],
        "topics": [{"topic": match.topic, "score": match.score} for match in record.matches],
        "story": record.story_id,
        "role": str(record.role),
        "first_seen_at": stamp(record.first_seen_at),
    }


def stamp(at: datetime) -> str:
    """An instant as ISO 8601 in UTC, to the second, with Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def article_from(line: object, config: Config) -> Article | BadLine:
    """The article of an imported line. ``url``, ``title`` and ``text`` are required; what it says of topics is ignored."""
    from pipeline.extract.decode import clean_line, clean_text  # noqa: PLC0415 - an export loads no parser

    if not isinstance(line, Mapping):
        return BadLine("not a JSON object")
    for name in ("url", "title", "text"):
        if not isinstance(line.get(name), str) or not line[name].strip():
            return BadLine(f'"{name}" is missing or not a text')
    url = line["url"].strip()
    if not is_fetchable(url):
        return BadLine(f'"url" is not an http or https URL: {url[:100]}')
    published = published_from(line)
    if isinstance(published, BadLine):
        return published
    problem = None if published else "the imported line gives none"
    if published and not EARLIEST <= published.at <= utc_now() + timedelta(days=2):
        problem, published = f"the imported line says {published.printed}, which cannot be", None
    source = config.source(str(line.get("source") or ""))
    return Article(
        url=url,
        canonical_url=text_or(line.get("canonical_url"), url),
        source_id=text_or(line.get("source"), urlsplit(url).hostname or "import"),
        outlet=text_or(line.get("outlet"), source.name if source else urlsplit(url).hostname or "import"),
        country=text_or(line.get("country"), source.country if source else None),
        title=clean_line(line["title"])[:MAX_TITLE_CHARS],
        text=clean_text(line["text"])[:MAX_TEXT_CHARS],
        authors=texts(line.get("authors")),
        published=published,
        published_problem=problem,
        language=text_or(line.get("language"), None),
        language_origin="declared" if line.get("language") else "none",
        credits=tuple(
            Credit(name=name, printed=name, start=-1, end=-1) for name in texts(line.get("credits"))
        ),
    )


def published_from(line: Mapping[str, object]) -> Published | BadLine | None:
    """The publication time of an imported line; a time without a zone is read as UTC and said to be of unknown zone."""
    printed = line.get("published_at")
    if printed is None or printed == "":
        return None
    try:
        at = datetime.fromisoformat(str(printed))
        precision = Precision(str(line.get("published_precision") or guessed_precision(str(printed))))
    except ValueError:
        return BadLine(f'"published_at" or "published_precision" cannot be read: {printed}')
    offset = at.utcoffset()
    aware = at if offset is not None else at.replace(tzinfo=UTC)
    minutes = None if offset is None else int(offset.total_seconds() // 60)
    try:
        instant = aware.astimezone(UTC)
    except OverflowError:
        return BadLine(f'"published_at" is out of range: {printed}')
    return Published(
        instant, precision, minutes, "import", "unknown" if offset is None else "page", str(printed)
    )


def guessed_precision(printed: str) -> str:
    """How much of the time is written out: a bare date is a day."""
    return "day" if len(printed.strip()) <= 10 else "second"


def text_or(value: object, otherwise: T) -> str | T:
    """The text, on one line and without control characters; `otherwise` when it is missing, empty or no text."""
    line = printable_line(value) if isinstance(value, str) else ""
    return line or otherwise


def printable_line(text: str) -> str:
    """The text on one line, without characters that cannot be shown."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def texts(value: object) -> tuple[str, ...]:
    """The non-empty texts of a list; empty for anything else."""
    return (
        tuple(line for one in value if isinstance(one, str) and (line := printable_line(one)))
        if isinstance(value, list)
        else ()
    )
