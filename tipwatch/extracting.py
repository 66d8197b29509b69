"""Pages asked for by hand or by another system, and what extraction makes of them: questions in, answers out, in order."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from crawler.page import FetchFailure
from crawler.urls import is_fetchable
from crawler.worker import Workers
from pipeline.article import Article, Credit, Precision, Published
from pipeline.extract import PageInput, Unreadable
from pipeline.extract.worker import answer_all
from tipwatch.config import Config
from tipwatch.errors import UsageError
from tipwatch.fetch import fetch_one
from tipwatch.jsonl import stamp

#: one byte more than extraction reads, so that it can say so; also what a compressed file may grow to
MAX_BYTES = 5 * 1024 * 1024 + 1
#: a page of that size, each of its signs written as an escape
MAX_LINE_BYTES = 6 * MAX_BYTES
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no page to read. `kind`: ``input``, or why a fetch failed; `detail`: one line for people."""

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: the `id` it is answered under, and the problem where there is no page."""

    id: object
    problem: Problem | None = None


Question = tuple[Asked, PageInput | None]
Answer = Article | Unreadable | Problem


def answers(questions: Iterable[Question], workers: Workers) -> Iterator[tuple[Asked, Answer]]:
    """Each question with its answer, in order, as soon as its turn comes. Raises what `questions` raises, in its turn."""
    for asked, found in answer_all(questions, workers):
        yield asked, found or asked.problem or Problem("internal", "neither a page nor a problem")


# questions


def questions_from_subjects(
    subjects: Iterable[str], url: str | None, now: datetime, config: Config | None
) -> Iterator[Question]:
    """What files and URLs ask: a file is read, a URL fetched with the configuration's manners, when its turn comes.

    Args:
        subjects: as `check_subjects` lets them pass.
        url: where a file's page came from; None when not known.
        now: aware UTC; dates long after it are refused.
        config: None when no subject is a URL.
    """
    for subject in subjects:
        path = Path(subject)
        if path.is_file():
            body = read_page_file(path)
            yield _question(subject, body if isinstance(body, Problem) else _page(body, url, now))
            continue
        assert config is not None
        fetched = fetch_one(subject, config)
        if isinstance(fetched, FetchFailure):
            yield _question(subject, Problem(fetched.why.value, fetched.detail))
        else:
            yield _question(subject, PageInput.from_page(fetched))


def check_subjects(subjects: Iterable[str]) -> bool:
    """Whether any of them is a URL, and so must be fetched. Raises UsageError for what is neither a file nor a URL."""
    fetched = False
    for subject in subjects:
        if Path(subject).is_file():
            continue
        if not is_fetchable(subject):
            if "://" in subject:
                raise UsageError(f"{subject}: not an http or https URL that can be fetched")
            raise UsageError(f"{subject}: no such file (an address begins with http:// or https://)")
        fetched = True
    return fetched


def questions_from_lines(lines: IO[bytes], folder: Path, now: datetime) -> Iterator[Question]:
    """What JSON lines ask; files they name are relative to `folder`. A line that asks nothing usable has its problem."""
    for number, line in enumerate(bounded_lines(lines), start=1):
        if line is None:
            yield _question(number, Problem("input", f"line {number}: longer than {MAX_LINE_BYTES:,} bytes"))
        elif line.strip():
            yield _question_of_line(line, number, folder, now)


def bounded_lines(file: IO[bytes]) -> Iterator[bytes | None]:
    """Lines as they come; None for one that is longer than MAX_LINE_BYTES, which is read to its end and forgotten."""
    while line := file.readline(MAX_LINE_BYTES):
        if line.endswith(b"\n") or len(line) < MAX_LINE_BYTES:
            yield line
            continue
        while rest := file.readline(MAX_LINE_BYTES):
            if rest.endswith(b"\n"):
                break
        yield None


def _question_of_line(line: bytes, number: int, folder: Path, now: datetime) -> Question:
    """The question of one JSON line: ``html``, or ``file``; ``url``, ``language`` and ``source_timezone`` as known."""
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:
        return _question(number, Problem("input", f"line {number}: no JSON: {error}"))
    if not isinstance(given, dict):
        return _question(number, Problem("input", f"line {number}: not a JSON object"))
    name = given.get("id", number)
    body = _body_of(given, folder)
    if isinstance(body, Problem):
        return _question(name, Problem(body.kind, f"line {number}: {body.detail}"))
    url, language, timezone = (
        given[key] if isinstance(given.get(key), str) else None
        for key in ("url", "language", "source_timezone")
    )
    return _question(name, _page(body, url, now, language=language, timezone=timezone))


def _body_of(given: dict[str, object], folder: Path) -> bytes | Problem:
    html, file = given.get("html"), given.get("file")
    if isinstance(html, str):
        return html.encode("utf-8", "surrogatepass")
    if isinstance(file, str):
        return read_page_file(folder / file)
    return Problem("input", 'neither "html" nor "file" is given as a text')


def _question(name: object, page: PageInput | Problem) -> Question:
    return (Asked(name, page), None) if isinstance(page, Problem) else (Asked(name), page)


def _page(
    body: bytes, url: str | None, now: datetime, *, language: str | None = None, timezone: str | None = None
) -> PageInput:
    return PageInput(
        body=body,
        url=url or "",
        content_type=None,
        source_id="",
        outlet="",
        country=None,
        languages=(language,) if language else (),
        timezone=timezone,
        entry=None,
        fetched_at=now,
    )


def read_page_file(path: Path) -> bytes | Problem:
    """The file's bytes, decompressed, at most MAX_BYTES; or what is wrong with it."""
    try:
        with path.open("rb") as raw:
            if raw.read(2) != _GZIP:
                raw.seek(0)
                return raw.read(MAX_BYTES)
        with gzip.open(path) as unpacked:
            return unpacked.read(MAX_BYTES)
    except (OSError, EOFError, ValueError, zlib.error) as error:  # ValueError: a name with a NUL in it
        return Problem("input", f"{path}: {error}")


# answers


def as_object(asked: Asked, found: Answer) -> dict[str, object]:
    """An answer as a JSON object: the article's fields, or ``error`` with kind and detail."""
    if isinstance(found, Problem):
        return {"id": asked.id, "error": {"kind": found.kind, "detail": found.detail}}
    if isinstance(found, Unreadable):
        return {"id": asked.id, "error": {"kind": found.kind.value, "detail": found.detail}}
    when = found.published
    return {
        "id": asked.id,
        "title": found.title,
        "text": found.text,
        "authors": list(found.authors),
        "outlet": found.outlet or None,
        "published_at": published_stamp(when) if when else None,
        "published_precision": when.precision.value if when else None,
        "published_origin": when.origin if when else None,
        "published_problem": found.published_problem,
        "zone_origin": when.zone_origin if when else None,
        "offset_minutes": when.offset_minutes if when else None,
        "modified_at": stamp(found.modified_at) if found.modified_at else None,
        "language": found.language,
        "language_origin": found.language_origin,
        "credits": [credit.name for credit in found.credits],
        "credit_spans": [_span(credit) for credit in found.credits],
        "partial": found.partial,
        "canonical_url": found.canonical_url or None,
    }


def _span(credit: Credit) -> dict[str, object]:
    """A credit with its place: ``printed`` is ``text[start:end]``; both are None when it was not read from the text."""
    inside = credit.start >= 0
    return {
        "name": credit.name,
        "printed": credit.printed,
        "start": credit.start if inside else None,
        "end": credit.end if inside else None,
    }


def published_stamp(when: Published) -> str:
    """ISO 8601: the instant in UTC with Z; only the printed day when no more is known."""
    if when.precision is Precision.DAY:
        return (when.at + timedelta(minutes=when.offset_minutes or 0)).date().isoformat()
    return stamp(when.at)
