"""A folder of pages -> the pages, with what is known of each."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

INDEX = "index.jsonl"
_SAVED = {".html", ".htm", ".gz"}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a page; None (or no strings) for what is not, so that it is not counted.

    Attributes:
        published: ISO 8601; without an offset it is the clock as printed.
        day: ISO 8601; also of pages of which only the day is known.
        must, must_not: passages that belong into the text, and that do not.
    """

    body: str | None = None
    title: str | None = None
    authors: frozenset[str] | None = None
    published: str | None = None
    day: str | None = None
    language: str | None = None
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page as saved; `labelled` ones (of our own writing, in some folders) are counted apart."""

    file: str
    url: str
    html: bytes
    known: Known
    labelled: bool


@dataclass(frozen=True, slots=True)
class Folder:
    """The pages of a folder; `name` identifies them by what its index says, wherever it lies. None: it has no index."""

    name: str | None
    pages: tuple[Page, ...]


def read_folder(folder: Path) -> Folder:
    """The pages that ``index.jsonl`` lists; without one, all saved pages in the folder, of which nothing is known.

    Raises:
        FileNotFoundError: no such folder, or not a page in it.
    """
    index = folder / INDEX
    if index.is_file():
        said = index.read_bytes()
        rows = [json.loads(line) for line in said.splitlines() if line.strip()]
        name = hashlib.sha256(said).hexdigest()[:16]
        return Folder(name, tuple(_page(folder, row) for row in rows))
    saved = sorted(path for path in folder.rglob("*") if path.suffix in _SAVED)
    if not saved:
        raise FileNotFoundError(f"{folder}: neither {INDEX} nor a saved page")
    return Folder(None, tuple(_page(folder, {"file": str(path.relative_to(folder))}) for path in saved))


def _page(folder: Path, row: Mapping[str, object]) -> Page:
    file = str(row["file"])
    html = (folder / file).read_bytes()
    return Page(
        file=file,
        url=str(row.get("url") or "https://unknown.example/a/b"),
        html=gzip.decompress(html) if file.endswith(".gz") else html,
        known=_known(row),
        labelled=bool(row.get("label")),
    )


def _known(row: Mapping[str, object]) -> Known:
    published = _text(row, "published")
    language = _text(row, "lang")
    return Known(
        body=_text(row, "body"),
        title=_text(row, "title"),
        authors=_authors(row),
        published=published,
        day=(published or _text(row, "date") or "")[:10] or None,
        language=None if language == "und" else language,
        must=_texts(row, "must_contain"),
        must_not=_texts(row, "must_not_contain"),
    )


def _authors(row: Mapping[str, object]) -> frozenset[str] | None:
    """Names in lower case. That there is none is only taken for knowledge where a label says that people looked."""
    given = row.get("authors")
    if not isinstance(given, list) or (not given and not row.get("label")):
        return None
    names = [name for one in given for name in (one if isinstance(one, list) else [one])]
    return frozenset(" ".join(str(name).split()).casefold() for name in names)


def _text(row: Mapping[str, object], key: str) -> str | None:
    value = row.get(key)
    return value if isinstance(value, str) and value.strip() else None


def _texts(row: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = row.get(key)
    return tuple(str(one) for one in value) if isinstance(value, list) else ()
