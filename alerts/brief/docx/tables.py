"""Tables of a brief as DOCX: heads that repeat on every page, groups, bars, and words for those who do not see them."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence

from docx.document import Document as Word
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Emu, Length, Mm
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.table import _Row as WordRow

from alerts.brief.blocks import Cell, Group, Table
from alerts.brief.docx.styles import ACCENT, text_width
from alerts.brief.docx.texts import add_line

_HAIR, _HEAD = ("CFC8BA", 4), ("1C1B19", 8)
_BAR_HEIGHT = Mm(2.6)
_DECORATIVE = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"
_DECORATIVE_NS = "http://schemas.microsoft.com/office/drawing/2017/decorative"
_DRAWING_NS = "http://schemas.openxmlformats.org/drawingml/2006/main"


def add_table(word: Word, table: Table) -> None:
    """Add the table, as wide as the text."""
    width = text_width(word)
    widths = [Emu(width * column.share // 100) for column in table.columns]
    made = word.add_table(rows=1, cols=len(widths))
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    _describe(made, table.caption)
    for column, one in zip(made.columns, widths, strict=True):
        column.width = one
    head = made.rows[0]
    for filled, column in zip(head.cells, table.columns, strict=True):
        paragraph = filled.paragraphs[0]
        paragraph.style = "Brief Head"
        paragraph.add_run(column.head)
        if column.number:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _close(head, widths, _HEAD, is_head=True)
    for group in table.groups:
        _add_group(made, group, widths)
    word.add_paragraph(style="Brief Cell")


def _add_group(made: WordTable, group: Group, widths: Sequence[Length]) -> None:
    if group.head:
        row = _new_row(made)
        joined = row.cells[0].merge(row.cells[-1])
        paragraph = joined.paragraphs[0]
        paragraph.style = "Brief Head"
        paragraph.paragraph_format.space_before = Mm(2.5)
        paragraph.paragraph_format.keep_with_next = True
        paragraph.add_run(group.head).font.color.rgb = ACCENT
        _close(row, [], _HAIR)
    for cells in group.rows:
        row = _new_row(made)
        for filled, cell, width in zip(row.cells, cells, widths, strict=True):
            _fill(filled, cell, width)
        _close(row, widths, _HAIR)


def _fill(filled: WordCell, cell: Cell, width: Length) -> None:
    paragraph = filled.paragraphs[0]
    paragraph.style = "Brief Cell"
    if cell.bar is not None:
        room = max(0, int(width) - int(Mm(5)))
        picture = paragraph.add_run().add_picture(
            io.BytesIO(_dot(ACCENT)),
            width=Emu(max(12700, int(room * min(1.0, cell.bar)))),
            height=_BAR_HEIGHT,
        )
        _make_decorative(picture._inline.docPr)  # noqa: SLF001 - the library has no alternative texts
        return
    for number, runs in enumerate(cell.lines):
        if number:
            paragraph = filled.add_paragraph(style="Brief Cell")
        add_line(paragraph, runs, turned=bool(runs) and runs[0].rtl)
        if cell.number:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _make_decorative(properties: BaseOxmlElement) -> None:
    """Readers for the blind pass over a bar: what it shows stands as a number beside it."""
    properties.set("descr", "")
    properties.append(
        parse_xml(
            f'<a:extLst xmlns:a="{_DRAWING_NS}"><a:ext uri="{_DECORATIVE}">'
            f'<adec:decorative xmlns:adec="{_DECORATIVE_NS}" val="1"/></a:ext></a:extLst>'
        )
    )


def _new_row(made: WordTable) -> WordRow:
    row: WordRow = made.add_row()  # type: ignore[no-untyped-call]  # the library has no types there
    return row


def _describe(made: WordTable, caption: str) -> None:
    """Title and description: what a screen reader says of the table."""
    properties = made._tbl.tblPr  # noqa: SLF001 - the library has no words for tables
    for name in ("tblCaption", "tblDescription"):
        told = OxmlElement(f"w:{name}")
        told.set(qn("w:val"), caption)
        properties.append(told)


def _close(row: WordRow, widths: Sequence[Length], rule: tuple[str, int], *, is_head: bool = False) -> None:
    """Keep the row on one page, draw the line below it, and let a head repeat."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - the library cannot keep rows together
    names = ["cantSplit", *(["tblHeader"] if is_head else [])]
    for name in names:
        properties.append(OxmlElement(f"w:{name}"))
    for number, tc in enumerate(row._tr.tc_lst):  # noqa: SLF001 - quicker than its cells, by far in long tables
        if widths:
            tc.width = widths[number]
        borders, bottom = OxmlElement("w:tcBorders"), OxmlElement("w:bottom")
        colour, eighths = rule
        for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "0"), ("color", colour)):
            bottom.set(qn(f"w:{name}"), value)
        borders.append(bottom)
        tc.get_or_add_tcPr().append(borders)


def _dot(colour: object) -> bytes:
    """A picture of one point (PNG), to be stretched."""
    rgb = bytes.fromhex(str(colour))

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" + rgb))
        + chunk(b"IEND", b"")
    )
