"""The parts a brief is set from, the same for HTML, DOCX and PDF: headings, paragraphs, tables, lists, quotations.

All texts in them are clean, cut to size and in the reader's words; all links are safe.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one language.

    Attributes:
        url: where it leads, safe to link; None: nowhere.
        marked: words that a rule hit.
        strong, quiet: how it is set.
        language: ISO 639 when it is not the frame's; `rtl`: it reads from right to left.
    """

    text: str
    url: str | None = None
    marked: bool = False
    strong: bool = False
    quiet: bool = False
    language: str | None = None
    rtl: bool = False


Line: TypeAlias = tuple[Run, ...]


class Voice(StrEnum):
    """How a paragraph is set: a closed set."""

    TITLE = "title"
    PERIOD = "period"
    LEAD = "lead"  # one of the three lines
    BODY = "body"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` 2 or 3 (1 is the title's)."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    runs: Line
    voice: Voice = Voice.BODY


@dataclass(frozen=True, slots=True)
class Items:
    """A list without numbers."""

    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Quotation:
    """What an outlet wrote, and where."""

    runs: Line
    source: Line


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: one line below the other.

    Attributes:
        number: set at the right edge.
        bar: a bar of that length, 0 to 1, in place of text; what it shows stands in the cell before it. None: no bar.
    """

    lines: tuple[Line, ...] = ()
    number: bool = False
    bar: float | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `share`: of the table's width, in percent. `number`: its head is set at the right edge."""

    head: str
    share: int
    number: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together; `head` is empty when they need none."""

    head: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `caption` says to those who do not see it what it holds."""

    caption: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    small: bool = False


Block: TypeAlias = Heading | Paragraph | Items | Quotation | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A whole brief.

    Attributes:
        language: of the frame. `title`: of the document, plain. `subject`: what it is about, plain.
        footer: stands at the foot of every page.
        page: "page {n} of {all}" in the frame's words, with these two places left open.
        day: the period's end as YYYY-MM-DD; `stamp_s`: the same moment in seconds since 1970.
    """

    language: str
    title: str
    subject: str
    footer: str
    page: str
    day: str
    stamp_s: int
    blocks: tuple[Block, ...]
