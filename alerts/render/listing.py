"""The attached list: the stories that a mail has no room for, as CSV (RFC 4180) that spreadsheets open and do not run."""

from __future__ import annotations

import csv
import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from alerts.digest import Attachment, Digest, DigestEntry
from alerts.render.cut import one_line
from alerts.render.layouts import Beyond
from alerts.render.links import safe_link
from alerts.render.words import Words, nominal_day

#: with an HTML part of 90 KB and its text, in base64, the whole mail stays below 1 MB
MAX_LIST_BYTES = 480_000

_COLUMNS = ("headline", "outlet", "country", "language", "published", "url", "topics", "score", "note")
_LONGEST_CELL = 300
_LONGEST_TOPICS = 200
#: what makes a spreadsheet take a cell for a formula (OWASP, CSV injection), full-width signs included
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Listed:
    """How many of the stories beyond a layout stand in the list, by section: as many as it has room for."""

    news: int
    updates: int
    late: tuple[int, ...]

    @property
    def total(self) -> int:
        """Stories in the list."""
        return self.news + self.updates + sum(self.late)


class StoryList:
    """The lines of the list for one digest, each written once however often they are counted."""

    def __init__(self, digest: Digest, words: Words) -> None:
        self.name = list_name(digest, words)
        self._words = words
        self._lines: dict[tuple[int, str], bytes] = {}

    def room_for(self, stories: Beyond) -> Listed:
        """How many of them fit, news before updates before late finds."""
        used, kept = len(self._head()), 0
        for entry, note in _with_notes(stories):
            used += len(self._line(entry, note))
            if used > MAX_LIST_BYTES:
                break
            kept += 1
        counts = []
        for section in (stories.news, stories.updates, *stories.late):
            counts.append(min(len(section), kept))
            kept -= counts[-1]
        return Listed(counts[0], counts[1], tuple(counts[2:]))

    def parted(self, stories: Beyond) -> tuple[tuple[DigestEntry, ...], tuple[DigestEntry, ...]]:
        """Those that stand in the list, and those that it has no room for."""
        most = self.room_for(stories).total
        entries = tuple(entry for entry, _ in _with_notes(stories))
        return entries[:most], entries[most:]

    def attachment(self, stories: Beyond) -> Attachment | None:
        """The list as a file; None when there is nothing to list."""
        most = self.room_for(stories).total
        if not most:
            return None
        lines = (self._line(entry, note) for entry, note in islice(_with_notes(stories), most))
        return Attachment(self.name, "text/csv", self._head() + b"".join(lines))

    def _head(self) -> bytes:
        return BOM_UTF8 + _record(self._words.say(f"column_{column}") for column in _COLUMNS)

    def _line(self, entry: DigestEntry, note: str) -> bytes:
        """One story's line."""
        key = (id(entry), note)  # entries live as long as their digest
        if key not in self._lines:
            self._lines[key] = _record(_cells(entry, note, self._words))
        return self._lines[key]


def list_name(digest: Digest, words: Words) -> str:
    """The file's name: the subscription and the day in ASCII, such as ``desk-20261124-stories.csv``."""
    subscription = re.sub(r"[^A-Za-z0-9_-]+", "-", digest.subscription_id).strip("-")[:40] or "digest"
    return f"{subscription}-{digest.window_end.astimezone(words.zone):%Y%m%d}-stories.csv"


def _with_notes(stories: Beyond) -> Iterator[tuple[DigestEntry, str]]:
    for entry in stories.news:
        yield entry, ""
    for entry in stories.updates:
        yield entry, "note_update"
    for change in stories.late:
        for entry in change:
            yield entry, "note_late"


def _cells(entry: DigestEntry, note: str, words: Words) -> Iterator[str]:
    yield one_line("".join(segment.text for segment in entry.headline), _LONGEST_CELL)
    yield one_line(entry.outlet, _LONGEST_CELL)
    yield one_line(words.country(entry.country), _LONGEST_CELL)
    yield one_line(words.tongue(entry.language), _LONGEST_CELL)
    yield _published(entry.published_at, entry.precision, words)
    yield safe_link(entry.url) or ""
    yield one_line("; ".join(entry.topics), _LONGEST_TOPICS)
    yield f"{min(1.0, max(0.0, entry.score)):.2f}"
    notes = [words.say(note)] if note else []
    if entry.warning is not None:
        notes.append(words.say(f"warning_{entry.warning}"))
    yield "; ".join(notes)


def _published(at: datetime | None, precision: str | None, words: Words) -> str:
    """In ISO 8601: with the zone's offset, or the day alone; empty when it is not known."""
    if at is None:
        return ""
    if precision == "day":
        return nominal_day(at).isoformat()
    return at.astimezone(words.zone).isoformat(timespec="minutes")


def _record(cells: Iterable[str]) -> bytes:
    """One CSV record; a leading apostrophe keeps a spreadsheet from taking a cell for a formula."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(
        [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]
    )
    return buffer.getvalue().encode("utf-8", "replace")
