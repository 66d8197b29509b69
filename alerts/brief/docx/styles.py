"""Page, styles and fields of a brief as DOCX."""

from __future__ import annotations

from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle
from docx.text.paragraph import Paragraph

INK = RGBColor(0x1C, 0x1B, 0x19)
QUIET = RGBColor(0x5F, 0x5A, 0x51)
ACCENT = RGBColor(0x7B, 0x1E, 0x2B)

#: what Word calls the languages of a frame
_LANGUAGES = {"en": "en-GB", "ru": "ru-RU", "az": "az-Latn-AZ"}
#: for Latin and Cyrillic, East Asian and complex scripts; other offices have families of the same widths
_SERIF = ("Times New Roman", "SimSun", "Times New Roman")
_SANS = ("Arial", "Microsoft YaHei", "Arial")


def set_up(word: Word, language: str) -> None:
    """A4, our styles, and the language in which nothing else is said."""
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    _default_language(word, _LANGUAGES.get(language, language))
    styles = (
        # name, family, points, bold, colour, points before and after
        ("Normal", _SERIF, 10.5, False, INK, (0, 6)),
        ("Title", _SANS, 21, True, INK, (0, 2)),
        ("Subtitle", _SANS, 12, False, QUIET, (0, 10)),
        ("Heading 1", _SANS, 14, True, INK, (18, 6)),
        ("Heading 2", _SANS, 10.5, True, ACCENT, (10, 4)),
        ("List Bullet", _SERIF, 10.5, False, INK, (0, 3)),
        ("Brief Lead", _SERIF, 12, False, INK, (0, 4)),
        ("Brief Note", _SANS, 9, False, QUIET, (2, 6)),
        ("Brief Quote", _SERIF, 10.5, False, INK, (8, 2)),
        ("Brief Source", _SANS, 9, False, INK, (0, 8)),
        ("Brief Cell", _SERIF, 9.5, False, INK, (0, 0)),
        ("Brief Head", _SANS, 8.5, True, INK, (0, 0)),
    )
    for name, families, points, bold, colour, around in styles:
        style = _style(word, name)
        _fonts(style, families)
        _sizes(style, points, bold=bold)
        style.font.color.rgb, style.font.italic = colour, False
        before, after = around
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.line_spacing = 1.1
    for name in ("Brief Quote", "Brief Source"):
        _style(word, name).paragraph_format.left_indent = Mm(5)
    _style(word, "Brief Quote").paragraph_format.keep_with_next = True
    for name in ("Title", "Subtitle", "Heading 1", "Heading 2"):
        _style(word, name).paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
        _style(word, name).paragraph_format.keep_with_next = True
    _rule_below(_style(word, "Subtitle"), "7B1E2B", eighths=18)
    _rule_below(_style(word, "Heading 1"), "CFC8BA", eighths=4)
    _rule_below(_style(word, "Title"), None, eighths=0)
    link = word.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    assert isinstance(link, CharacterStyle)
    link.font.underline = True


def text_width(word: Word) -> Emu:
    """Between the margins."""
    section = word.sections[0]
    sides = int(section.left_margin or 0) + int(section.right_margin or 0)
    return Emu(int(section.page_width or 0) - sides)


def field(paragraph: Paragraph, code: str) -> None:
    """A field that the office fills in, such as ``PAGE``."""
    for kind in ("begin", None, "separate", "text", "end"):
        run = paragraph.add_run("1" if kind == "text" else "")
        if kind == "text":
            continue
        if kind is None:
            told = OxmlElement("w:instrText")
            told.set(qn("xml:space"), "preserve")
            told.text = f" {code} "
        else:
            told = OxmlElement("w:fldChar")
            told.set(qn("w:fldCharType"), kind)
        run._r.append(told)  # noqa: SLF001 - the library has no fields


def _style(word: Word, name: str) -> ParagraphStyle:
    if name not in word.styles:
        made = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        assert isinstance(made, ParagraphStyle)
        made.base_style = word.styles["Normal"]
    style = word.styles[name]
    assert isinstance(style, ParagraphStyle)
    return style


def _fonts(style: ParagraphStyle, families: tuple[str, str, str]) -> None:
    latin, eastern, complex_ = families
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script, family in (("ascii", latin), ("hAnsi", latin), ("eastAsia", eastern), ("cs", complex_)):
        fonts.set(qn(f"w:{script}"), family)


def _sizes(style: ParagraphStyle, points: float, *, bold: bool) -> None:
    """Size and weight, also for complex scripts, which have their own."""
    style.font.size, style.font.bold = Pt(points), bold
    style.font.cs_bold = bold
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:szCs")):
        properties.remove(old)
    size = OxmlElement("w:szCs")
    size.set(qn("w:val"), str(round(points * 2)))
    properties.find(qn("w:sz")).addnext(size)


def _rule_below(style: ParagraphStyle, colour: str | None, *, eighths: int) -> None:
    """A line under the paragraph, in eighths of a point; None takes the template's away."""
    properties: BaseOxmlElement = style.element.get_or_add_pPr()
    for old in properties.findall(qn("w:pBdr")):
        properties.remove(old)
    if colour is None:
        return
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "4"), ("color", colour)):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    # the schema wants it before these
    later = [
        qn(f"w:{name}") for name in ("shd", "tabs", "spacing", "ind", "contextualSpacing", "jc", "outlineLvl")
    ]
    first = next((child for child in properties if child.tag in later), None)
    if first is None:
        properties.append(borders)
    else:
        first.addprevious(borders)


def _default_language(word: Word, tag: str) -> None:
    properties = word.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    for name, value in (("val", tag), ("eastAsia", "zh-CN"), ("bidi", "ar-SA")):
        language.set(qn(f"w:{name}"), value)
