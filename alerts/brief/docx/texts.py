"""Lines of a brief as DOCX: runs with language and direction, marked words, links."""

from __future__ import annotations

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run as WordRun

from alerts.brief.blocks import Line, Run
from alerts.brief.docx.styles import QUIET

_MARK = "FCEFBF"
_EASTERN = frozenset({"zh", "ja", "ko"})


def add_line(paragraph: Paragraph, runs: Line, *, turned: bool = False) -> None:
    """Add the runs; `turned`: the whole paragraph reads from right to left."""
    if turned:
        properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - the library has no right-to-left paragraphs
        properties.append(
            OxmlElement("w:bidi")
        )  # of a new paragraph: nothing stands there yet that comes after it
    for run in runs:
        if run.url:
            _link(paragraph, run)
        else:
            _dress(paragraph.add_run(run.text), run)


def _link(paragraph: Paragraph, run: Run) -> None:
    made = paragraph.add_run(run.text)
    made.style = "Hyperlink"
    _dress(made, run)
    link = OxmlElement("w:hyperlink")
    link.set(
        qn("r:id"), paragraph.part.relate_to(run.url or "", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    )
    link.set(qn("w:history"), "1")
    element = made._r  # noqa: SLF001 - the library reads links and does not write them
    element.addprevious(link)
    link.append(element)


def _dress(made: WordRun, run: Run) -> None:
    if run.strong:
        made.font.bold = made.font.cs_bold = True
    if run.quiet:
        made.font.color.rgb, made.font.size = QUIET, Pt(8.5)
    properties = made._r.get_or_add_rPr()  # noqa: SLF001 - for what the library has no words for
    if run.marked:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", _MARK)):
            shade.set(qn(f"w:{name}"), value)
        properties.append(shade)
    if run.rtl:
        made.font.rtl = True
    if run.language:
        if run.language.split("-")[0] in _EASTERN:
            properties.get_or_add_rFonts().set(qn("w:hint"), "eastAsia")
        language = OxmlElement("w:lang")
        script = "bidi" if run.rtl else "eastAsia" if run.language.split("-")[0] in _EASTERN else "val"
        language.set(qn(f"w:{script}"), run.language)
        properties.append(language)
    if len(properties) == 0:
        made._r.remove(properties)  # noqa: SLF001 - as above
