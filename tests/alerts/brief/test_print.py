"""The brief as PDF, read back by another library."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from pypdf import PdfReader

from alerts.brief.compose import document_of
from alerts.brief.pdf import EMBEDDED, Pdf, pdf_of
from alerts.brief.values import Brief
from alerts.digest import Segment


def made(brief: Brief, *, system_fonts: bool = True) -> Pdf:
    return pdf_of(document_of(brief), system_fonts=system_fonts)


def read(pdf: Pdf) -> PdfReader:
    return PdfReader(io.BytesIO(pdf.content))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def plain(brief: Brief) -> Brief:
    """Without the scripts that the embedded fonts lack."""
    return replace(brief, stories=(*brief.stories[:2], brief.stories[3]), further=brief.further[:1])


def outline(reader: PdfReader) -> list[str]:
    return [
        one.title
        for level in reader.outline
        for one in (level if isinstance(level, list) else [level])
        if not isinstance(one, list)
    ]


@pytest.mark.parametrize("language", ["en", "ru", "az"])
def test_the_pdf_is_tagged_titled_in_its_language_and_accessible(week_brief: Brief, language: str) -> None:
    document = document_of(replace(plain(week_brief), language=language))
    pdf = pdf_of(document, system_fonts=False)
    reader = read(pdf)
    assert (pdf.accessible, pdf.missing, pdf.warnings) == (True, (), ())
    assert reader.metadata is not None
    assert reader.metadata.title == document.title
    root = reader.trailer["/Root"]
    assert str(root["/Lang"]).split("-")[0] == language
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert len(reader.pages) == 3


def test_the_pdf_says_what_the_brief_says(week_brief: Brief) -> None:
    text = text_of(read(made(plain(week_brief), system_fonts=False)))
    for said in (
        "The week before: 4 stories, 30 articles (stories +4, articles −9).",
        "UN adopts text on coordinating action against trafficking in persons",
        "В Минске обсудили план действий против торговли людьми",
        "qətnamə layihəsi",
        "Ruh News never 3",
        "Page 1 of 3",
    ):
        assert said in text


def test_the_pdf_has_bookmarks_and_links(week_brief: Brief) -> None:
    reader = read(made(plain(week_brief), system_fonts=False))
    assert outline(reader)[0] == "Trafficking resolutions"
    assert "Day by day" in outline(reader)
    targets = {
        annotation.get_object()["/A"]["/URI"]
        for page in reader.pages
        for annotation in page.get("/Annots", ())
    }
    assert "https://lantern.example.az/region/218001.html" in targets


def test_the_same_brief_gives_the_same_bytes_dated_when_the_period_ended(week_brief: Brief) -> None:
    first, again = made(week_brief), made(week_brief)
    assert first.content == again.content
    metadata = read(first).metadata
    assert metadata is not None
    assert metadata.creation_date == week_brief.end


def test_signs_that_no_font_has_are_named_and_the_pdf_is_made(week_brief: Brief) -> None:
    pdf = made(week_brief, system_fonts=False)
    assert not pdf.accessible
    assert "多" in pdf.missing
    reader = read(pdf)
    assert "/StructTreeRoot" in reader.trailer["/Root"]
    assert "UN adopts text" in text_of(reader)


def test_without_other_fonts_the_embedded_one_is_used(week_brief: Brief) -> None:
    reader = read(made(plain(week_brief), system_fonts=False))
    names = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert any(EMBEDDED.replace(" ", "") in name for name in names)


def test_hostile_texts_are_never_markup(hostile_brief: Brief) -> None:
    reader = read(made(hostile_brief))
    text = "".join(text_of(reader).split())
    assert (
        '<script>alert(1)</script>{{7*7}}{%raw%}#import"@preview/x:1.0.0"#read("/etc/passwd")$x$*b*_i_@label'
        in text
    )
    assert "root:" not in text
    targets = {
        annotation.get_object()["/A"]["/URI"]
        for page in reader.pages
        for annotation in page.get("/Annots", ())
    }
    assert all(target.startswith("https://") for target in targets)


def test_an_empty_week_is_one_page(empty_brief: Brief) -> None:
    reader = read(made(empty_brief, system_fonts=False))
    assert len(reader.pages) == 1
    assert "Nothing was found on Trafficking resolutions." in text_of(reader)


def test_five_hundred_stories_are_bounded(long_brief: Callable[[int, int], Brief]) -> None:
    reader = read(made(long_brief(40, 453), system_fonts=False))
    text = text_of(reader)
    assert "Told story 39" in text
    assert "Listed story 452" in text
    assert "and 7 more stories, not listed" in text
    assert len(reader.pages) < 30


def test_missing_signs_are_named_as_signs_and_what_only_joins_them_is_not(week_brief: Brief) -> None:
    first = week_brief.stories[0]
    headline = (Segment("\U0001f468\u200d\U0001f469\ufe0f resolution"),)
    family = replace(first, entry=replace(first.entry, headline=headline))
    pdf = made(replace(plain(week_brief), stories=(family,)), system_fonts=False)
    assert pdf.missing == ("\U0001f468", "\U0001f469")
