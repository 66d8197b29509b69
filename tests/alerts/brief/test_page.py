"""The brief as HTML, read back by a parser, and letter by letter as it was.

To renew the golden page after a change that is meant: ``RENEW_GOLDEN=1 pytest tests/alerts/brief``, then read the diff.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest

from alerts.brief.compose import document_of
from alerts.brief.html import html_of
from alerts.brief.values import Brief

GOLDEN = Path(__file__).parent / "golden"


def page_of(brief: Brief) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(html_of(document_of(brief)))


@pytest.mark.parametrize("language", ["en", "ru", "az"])
def test_the_page_is_letter_by_letter_the_golden_one(week_brief: Brief, language: str) -> None:
    page = html_of(document_of(replace(week_brief, language=language)))
    golden = GOLDEN / f"week-{language}.html"
    if os.environ.get("RENEW_GOLDEN"):
        golden.write_text(page)
    assert page == golden.read_text()


def test_the_page_stands_alone(week_brief: Brief) -> None:
    page = page_of(week_brief)
    assert (
        page.xpath("//script | //img | //link | //iframe | //form | //object | //@style[contains(., 'url')]")
        == []
    )
    assert "url(" not in page.xpath("string(//style)")
    assert page.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)").startswith(
        "default-src 'none'"
    )


def test_tables_have_heads_and_captions_and_groups(week_brief: Brief) -> None:
    page = page_of(week_brief)
    tables = page.xpath("//table")
    assert len(tables) == 6
    for table in tables:
        assert table.xpath("string(caption)")
        assert table.xpath("thead/tr/th[@scope='col']")
    assert page.xpath("//th[@scope='rowgroup']/text()") == [
        "Adopted in committee",
        "Under negotiation",
        "Stage not stated",
    ]
    assert [len(page.xpath(f"//h{level}")) for level in (1, 2, 3)] == [1, 8, 7]


def test_foreign_texts_carry_language_and_direction(week_brief: Brief) -> None:
    page = page_of(week_brief)
    assert page.get("lang") == "en"
    headline = page.xpath("//table[1]//a[@lang='ar']")[0]
    assert (headline.get("dir"), headline.getparent().get("dir")) == ("rtl", "rtl")
    quote = page.xpath("//blockquote[@lang='ar']")[0]
    assert (quote.get("dir"), quote.getparent().get("class")) == ("rtl", "rtl")
    assert page.xpath("//blockquote[@lang='zh']//mark/text()") == ["人口贩运"]


def test_bars_are_as_long_as_what_they_show_and_hidden_from_readers(week_brief: Brief) -> None:
    bars = page_of(week_brief).xpath("(//table)[2]//div[@class='bar']")
    assert [bar.get("aria-hidden") for bar in bars] == ["true"] * 4
    assert [bar[0].get("style") for bar in bars] == [
        "width:100.0%",
        "width:50.0%",
        "width:16.7%",
        "width:8.3%",
    ]


def test_hostile_texts_stay_texts(hostile_brief: Brief) -> None:
    html = html_of(document_of(hostile_brief))
    page = lxml.html.document_fromstring(html)
    assert page.xpath("//script") == []
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }} {% raw %} #import" in html
    assert {link.split(":")[0] for link in page.xpath("//a/@href")} <= {"https"}
    assert not set(html) & set("\x00\x01\x08\x0b\x1f\x7f\x85\u202e\u202c\u2066\u2069\ufffe\uffff")
    html.encode()  # no lone surrogates
    assert len(html) < 200_000


def test_five_hundred_stories_are_bounded(long_brief: Callable[[int, int], Brief]) -> None:
    page = page_of(long_brief(40, 453))
    tables = page.xpath("//table")
    assert len(tables[0].xpath("tbody/tr/td[1]")) == 40
    assert len(tables[-1].xpath("tbody/tr")) == 453
    assert len(page.xpath("//blockquote")) == 12
    assert "and 7 more stories, not listed" in page.text_content()
