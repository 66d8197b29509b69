"""The brief as DOCX, read back by the library and checked against the order that the schema wants."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree

from alerts.brief.compose import document_of
from alerts.brief.docx import docx_of
from alerts.brief.values import Brief

#: ECMA-376, part 1: the order of the children that are written here (17.3.1.26, 17.3.2.28, 17.4.60, 17.4.70)
ORDER = {
    "pPr": "pStyle keepNext keepLines widowControl numPr pBdr shd tabs bidi spacing ind contextualSpacing jc outlineLvl rPr",
    "rPr": "rStyle rFonts b bCs i iCs caps color spacing kern sz szCs highlight u shd rtl cs lang",
    "tblPr": "tblStyle tblW jc tblBorders tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "tcW gridSpan vMerge tcBorders shd vAlign",
}


def word_of(brief: Brief):
    return docx.Document(io.BytesIO(docx_of(document_of(brief))))


def part(brief: Brief, name: str) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(docx_of(document_of(brief)))) as archive:
        return etree.fromstring(archive.read(name))


def test_headings_are_real_headings_and_the_title_is_the_document_s(week_brief: Brief) -> None:
    word = word_of(week_brief)
    found = [
        (one.style.name, one.text)
        for one in word.paragraphs
        if one.style.name.startswith(("Title", "Heading"))
    ]
    assert found[:3] == [
        ("Title", "Trafficking resolutions"),
        ("Heading 1", "The week in three lines"),
        ("Heading 1", "Stories by stage"),
    ]
    assert ("Heading 2", "By language") in found
    assert word.core_properties.title == "Trafficking resolutions: Weekly brief, 16–22 November 2026"
    assert (word.core_properties.language, word.core_properties.author) == ("en", "tipwatch")


@pytest.mark.parametrize(("language", "tag"), [("en", "en-GB"), ("ru", "ru-RU"), ("az", "az-Latn-AZ")])
def test_the_document_says_in_which_language_it_is(week_brief: Brief, language: str, tag: str) -> None:
    styles = part(replace(week_brief, language=language), "word/styles.xml")
    assert styles.find(f"{qn('w:docDefaults')}//{qn('w:lang')}").get(qn("w:val")) == tag


def test_every_table_repeats_its_head_and_is_described(week_brief: Brief) -> None:
    word = word_of(week_brief)
    assert len(word.tables) == 6
    for table in word.tables:
        properties = table.rows[0]._tr.trPr
        assert properties.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        assert table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))
    rows = [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    assert rows[0] == ["Story", "Body named", "Date", "First report", "Outlets"]
    assert set(rows[1]) == {"Adopted in committee"}
    assert rows[2][1:] == ["Third Committee\nUN General Assembly", "20 Nov 2026, 19:45", "Beresta Wire", "12"]


def test_links_lead_out_of_the_document(week_brief: Brief) -> None:
    word = word_of(week_brief)
    targets = {rel.target_ref for rel in word.part.rels.values() if rel.reltype.endswith("/hyperlink")}
    assert "https://lantern.example.az/region/218001.html" in targets
    links = word.element.body.findall(f".//{qn('w:hyperlink')}")
    assert {word.part.rels[link.get(qn("r:id"))].target_ref for link in links} == targets


def test_arabic_reads_from_right_to_left_and_chinese_has_its_fonts(week_brief: Brief) -> None:
    body = part(week_brief, "word/document.xml")
    (arabic,) = {run for run in body.iter(qn("w:r")) if "وافقت" in "".join(run.itertext())}
    assert arabic.find(f"{qn('w:rPr')}/{qn('w:rtl')}") is not None
    assert arabic.find(f"{qn('w:rPr')}/{qn('w:lang')}").get(qn("w:bidi")) == "ar"
    assert arabic.getparent().find(f"{qn('w:pPr')}/{qn('w:bidi')}") is not None
    chinese = next(run for run in body.iter(qn("w:r")) if "与会代表" in "".join(run.itertext()))
    assert chinese.find(f"{qn('w:rPr')}/{qn('w:rFonts')}").get(qn("w:hint")) == "eastAsia"
    assert chinese.find(f"{qn('w:rPr')}/{qn('w:lang')}").get(qn("w:eastAsia")) == "zh"
    normal = part(week_brief, "word/styles.xml").find(
        f"{qn('w:style')}[@{qn('w:styleId')}='Normal']//{qn('w:rFonts')}"
    )
    assert {normal.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {
        "Times New Roman",
        "SimSun",
    }


def test_bars_are_pictures_that_readers_pass_over(week_brief: Brief) -> None:
    body = part(week_brief, "word/document.xml")
    described = [one for one in body.iter() if etree.QName(one).localname == "docPr"]
    assert len(described) == 16
    assert {one.get("descr") for one in described} == {""}
    assert sum(etree.QName(one).localname == "decorative" for one in body.iter()) == 16


@pytest.mark.parametrize("name", ["word/document.xml", "word/styles.xml", "word/footer1.xml"])
def test_elements_stand_in_the_order_of_the_schema(week_brief: Brief, name: str) -> None:
    wrong = []
    for element in part(week_brief, name).iter():
        local = etree.QName(element).localname
        if local in ORDER and element.tag == qn(f"w:{local}"):
            order = ORDER[local].split()
            children = [etree.QName(child).localname for child in element]
            known = [child for child in children if child in order]
            if known != sorted(known, key=order.index):
                wrong.append((local, children))
    assert wrong == []


def test_the_same_brief_gives_the_same_bytes(week_brief: Brief) -> None:
    assert docx_of(document_of(week_brief)) == docx_of(document_of(week_brief))


def test_the_document_carries_nothing_of_the_template_it_was_made_from(week_brief: Brief) -> None:
    with zipfile.ZipFile(io.BytesIO(docx_of(document_of(week_brief)))) as archive:
        names = archive.namelist()
        told = b"".join(archive.read(name) for name in names).lower()
    assert [name for name in names if "thumbnail" in name] == []
    assert b"generated by python-docx" not in told


def test_pages_are_numbered_by_fields(week_brief: Brief) -> None:
    footer = part(replace(week_brief, language="ru"), "word/footer1.xml")
    told = "".join(footer.itertext())
    assert told == "Trafficking resolutions · 16–22 ноября 2026Страница  PAGE 1 из  NUMPAGES 1"


def test_hostile_texts_stay_texts_and_the_document_opens(hostile_brief: Brief) -> None:
    word = word_of(hostile_brief)
    texts = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert '<script>alert(1)</script> {{ 7*7 }} {% raw %} #import "@preview/x:1.0.0"' in texts
    targets = {rel.target_ref for rel in word.part.rels.values() if rel.reltype.endswith("/hyperlink")}
    assert all(target.startswith("https://") for target in targets)


def test_an_empty_week_is_a_document(empty_brief: Brief) -> None:
    texts = [paragraph.text for paragraph in word_of(empty_brief).paragraphs]
    assert "Nothing was found on Trafficking resolutions." in texts


def test_five_hundred_stories_are_bounded(long_brief: Callable[[int, int], Brief]) -> None:
    word = word_of(long_brief(40, 453))
    assert [len(table.rows) for table in (word.tables[0], word.tables[-1])] == [42, 454]
