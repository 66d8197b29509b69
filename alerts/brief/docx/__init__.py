"""A brief as DOCX: real headings and lists, links, languages and directions. The only door to python-docx."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import docx
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.shared import Pt
from docx.text.paragraph import Paragraph as WordParagraph

from alerts.brief.blocks import Block, Document, Heading, Items, Line, Paragraph, Quotation, Table, Voice
from alerts.brief.docx.styles import QUIET, field, set_up, text_width
from alerts.brief.docx.tables import add_table
from alerts.brief.docx.texts import add_line

#: ZIP knows no time before 1980; a fixed one makes the same bytes of the same brief
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_STYLES = {
    Voice.TITLE: "Title",
    Voice.PERIOD: "Subtitle",
    Voice.LEAD: "Brief Lead",
    Voice.BODY: "Normal",
    Voice.NOTE: "Brief Note",
}


def docx_of(document: Document) -> bytes:
    """The document as DOCX, the same bytes for the same document."""
    word = docx.Document()
    set_up(word, document.language)
    _describe(word, document)
    _foot(word, document)
    for block in document.blocks:
        _add(word, block)
    made = io.BytesIO()
    word.save(made)
    return _timeless(made.getvalue())


def _describe(word: Word, document: Document) -> None:
    about = word.core_properties
    at = datetime.fromtimestamp(document.stamp_s, UTC).replace(tzinfo=None)  # the library writes it as UTC
    about.title, about.subject = document.title[:255], document.subject[:255]
    about.language = document.language
    about.author = about.last_modified_by = "tipwatch"
    about.comments = about.keywords = ""
    about.created = about.modified = at
    about.revision = 1
    parts = word.part.package.rels  # the library's template carries a picture of itself
    for key in [key for key, relation in parts.items() if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del parts[key]


def _add(word: Word, block: Block) -> None:
    match block:
        case Heading(text, level):
            word.add_paragraph(text, style=f"Heading {level - 1}")
        case Paragraph(runs, voice):
            _set(word.add_paragraph(style=_STYLES[voice]), runs)
        case Items(items):
            for runs in items:
                add_line(word.add_paragraph(style="List Bullet"), runs)
        case Quotation(runs, source):
            _set(word.add_paragraph(style="Brief Quote"), runs)
            add_line(word.add_paragraph(style="Brief Source"), source)
        case Table():
            add_table(word, block)


def _set(paragraph: WordParagraph, runs: Line) -> None:
    add_line(paragraph, runs, turned=bool(runs) and runs[0].rtl)


def _foot(word: Word, document: Document) -> None:
    section = word.sections[0]
    paragraph = section.footer.paragraphs[0]
    paragraph.paragraph_format.tab_stops.clear_all()
    paragraph.paragraph_format.tab_stops.add_tab_stop(text_width(word), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    paragraph.add_run(f"{document.footer}\t")
    before, _, rest = document.page.partition("{n}")
    between, _, after = rest.partition("{all}")
    paragraph.add_run(before)
    field(paragraph, "PAGE")
    paragraph.add_run(between)
    field(paragraph, "NUMPAGES")
    paragraph.add_run(after)
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(8.5), QUIET


def _timeless(content: bytes) -> bytes:
    """The same archive without the moment at which it was written."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(entry, before.read(name))
    return made.getvalue()
