"""The extractors, each behind one function: a page in, a reading out. Those that are not installed are left out, and named."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

BASE = "trafilatura"
OURS = "tipwatch"
#: each with the module it needs
MODULES = {
    OURS: "pipeline",
    BASE: "trafilatura",
    "newspaper4k": "newspaper",
    "readability-lxml": "readability",
}
_BLOCKS = (
    "p",
    "div",
    "li",
    "br",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "td",
    "blockquote",
    "pre",
    "article",
    "section",
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one extractor made of one page.

    Attributes:
        clock: as printed on the page's own clock, to the second.
        instant: aware UTC; None where no zone is known.
        failed: the exception it raised, in words.
    """

    text: str = ""
    title: str = ""
    authors: frozenset[str] = frozenset()
    clock: str | None = None
    instant: datetime | None = None
    day: str | None = None
    language: str | None = None
    failed: str = ""


Read = Callable[[bytes, str], Reading]


def readers(only: tuple[str, ...] = ()) -> tuple[dict[str, Read], tuple[str, ...]]:
    """The extractors asked for (all, if none is named) that are installed; and those that are not."""
    wanted = [name for name in MODULES if not only or name in only]
    there = [name for name in wanted if importlib.util.find_spec(MODULES[name])]
    made: dict[str, Callable[[], Read]] = {
        OURS: _ours, BASE: _trafilatura, "newspaper4k": _newspaper, "readability-lxml": _readability,
    }  # fmt: skip
    return {name: _caught(made[name]()) for name in there}, tuple(
        name for name in wanted if name not in there
    )


def _caught(read: Read) -> Read:
    def read_or_fail(html: bytes, url: str) -> Reading:
        try:
            return read(html, url)
        except Exception as error:  # whatever an extractor raises is its answer to this page
            return Reading(failed=f"{type(error).__name__}: {error}"[:200])

    return read_or_fail


def _ours() -> Read:
    from pipeline.article import Article, Precision
    from pipeline.extract import PageInput, extract

    def read(html: bytes, url: str) -> Reading:
        found = extract(PageInput(html, url, None, "bench", "", None, (), None, None, datetime.now(UTC)))
        if not isinstance(found, Article):
            return Reading(failed=f"{found.kind.value}: {found.detail}")
        clock = instant = day = None
        if when := found.published:
            local = when.at + timedelta(minutes=when.offset_minutes or 0)
            day = f"{local:%Y-%m-%d}"
            if when.precision is not Precision.DAY:
                clock = f"{local:%Y-%m-%dT%H:%M:%S}"
                instant = when.at if when.offset_minutes is not None else None
        return Reading(found.text, found.title, _names(found.authors), clock, instant, day, found.language)

    return read


def _trafilatura() -> Read:
    """With the metadata it can give. It tells days only."""
    from trafilatura import bare_extraction

    def read(html: bytes, url: str) -> Reading:
        found: Any = bare_extraction(html, url=url, with_metadata=True, include_comments=False)
        if not found:
            return Reading(failed="nothing found")
        authors = _names((found.author or "").split(";"))
        return Reading(found.text or "", found.title or "", authors, day=found.date, language=found.language)

    return read


def _newspaper() -> Read:
    """Without its images, which it would fetch."""
    import newspaper
    from trafilatura.utils import decode_file

    def read(html: bytes, url: str) -> Reading:
        found = newspaper.Article(url, fetch_images=False)
        found.download(input_html=decode_file(html))
        found.parse()
        at = found.publish_date
        clock = instant = None
        if isinstance(at, datetime):
            clock = f"{at:%Y-%m-%dT%H:%M:%S}"
            instant = at.astimezone(UTC) if at.tzinfo else None
        day = f"{at:%Y-%m-%d}" if isinstance(at, datetime) else None
        authors = _names(found.authors or ())
        return Reading(
            found.text or "", found.title or "", authors, clock, instant, day, found.meta_lang or None
        )

    return read


def _readability() -> Read:
    """It gives HTML, which is put into lines here, and a title; nothing else."""
    from lxml import html as lxml_html
    from readability import Document

    def read(html: bytes, url: str) -> Reading:
        document = Document(html, url=url)
        tree: Any = lxml_html.fromstring(document.summary())
        for element in tree.iter(*_BLOCKS):
            element.tail = "\n" + (element.tail or "")
        return Reading(tree.text_content(), document.short_title() or "")

    return read


def _names(names: tuple[str, ...] | list[str]) -> frozenset[str]:
    return frozenset(" ".join(name.split()).casefold() for name in names if name.strip())
