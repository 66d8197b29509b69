"""What a page says of itself: collected once, and the outlet's name where no source gives one."""

# ruff: noqa: E501 - pages stand on their lines as they would be sent
from __future__ import annotations

from typing import Any

import pytest
from lxml import html as lxml_html

from pipeline.extract.metadata import read_metadata

TEXT = "<main><h1>Committee backs text</h1><p>The committee backed the text on Friday evening without a vote, its chair told reporters.</p></main>"


def page(head: str, title: str = "Committee backs text") -> str:
    """A page with this in its head."""
    return f'<html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{TEXT}</body></html>'


PUBLISHED = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Committee backs text","publisher":%s}</script>'


@pytest.mark.parametrize(
    ("html", "outlet"),
    [
        (page('<meta property="og:site_name" content="Evening Courier">'), "Evening Courier"),
        (page('<meta property="og:site_name" content="Courier \u2013 News from the harbour | Weather, sport">'), "Courier"),
        (page('<meta property="og:site_name" content="News and weather | Courier">'), "Courier"),
        (page('<meta property="og:site_name" content="https://www.courier.example/">'), "courier.example"),
        (page(PUBLISHED % '{"@type":"Organization","name":"Evening Courier"}'), "Evening Courier"),
        (page(PUBLISHED % '[{"@id":"#paper"}]' + '<script type="application/ld+json">{"@type":"NewsMediaOrganization","@id":"#paper","name":"Evening Courier"}</script>'), "Evening Courier"),
        (page('<meta property="og:site_name" content="World">' + PUBLISHED % '{"name":"Evening Courier"}'), "Evening Courier"),
        (page('<meta name="application-name" content="Courier">'), "Courier"),
        (page('<script type="application/ld+json">{"@type":"WebSite","name":"Evening Courier"}</script>'), "Evening Courier"),
        (page("", "Committee backs text | Evening Courier"), "Evening Courier"),
        (page("", "Committee backs text - Harbour Gazette"), "Harbour Gazette"),
        (page('<meta property="og:site_name" content="Committee backs text">'), "courier.example"),
        (page(""), "courier.example"),
    ],
    ids=[
        "site name", "without its slogan", "the part that the host bears out", "an address", "publisher", "publisher by reference",
        "a section in the site's name", "application name", "website", "tail of the title", "a tail that the host does not know",
        "the headline in the site's name", "host",
    ],
)  # fmt: skip
def test_an_outlet_without_a_source_is_named_by_its_page(read: Any, html: str, outlet: str) -> None:
    assert read(html, outlet="").outlet == outlet


def test_a_source_names_its_outlet(read: Any) -> None:
    assert read(page('<meta property="og:site_name" content="Somebody Else">')).outlet == "Evening Courier"


def test_a_page_of_nowhere_has_no_outlet(read: Any) -> None:
    assert read(page(""), outlet="", url="").outlet == ""


def test_everything_is_collected_in_the_order_of_the_page() -> None:
    root = lxml_html.document_fromstring(
        '<html lang="en"><head><title>A &amp; B</title><link rel="canonical" href="/a"><meta name="Author" content="Ana Sole">'
        '<meta property="og:title" content="A &amp;amp; B"><meta itemprop="headline" content="A and B"></head>'
        '<body><svg><title>icon</title></svg><h2>Menu</h2><h1 itemprop="headline">A <em>&amp;</em> B</h1><h1></h1>'
        '<time datetime="2023-11-11">today</time><input type="password"></body></html>'
    )
    found = read_metadata(root, "https://www.courier.example/x")
    assert found.page_title == "A & B"
    assert found.canonical == "https://www.courier.example/a"
    assert found.first("author") == "Ana Sole"
    assert found.first("og:title") == "A & B"
    assert found.every("headline") == ["A and B", "A & B"]
    assert found.main_headings == ["A & B"]
    assert [printed for printed, _ in found.times] == ["2023-11-11"]
    assert found.password_field
    assert found.html_lang == "en"


def test_headings_by_the_thousand_are_read_to_a_bound() -> None:
    root = lxml_html.document_fromstring(
        "<html><body>" + "<h2>x</h2>" * 5_000 + "<h1>The one</h1>" + "<h1>y</h1>" * 5_000 + "</body></html>"
    )
    found = read_metadata(root, "https://www.courier.example/x")
    assert found.main_headings[0] == "The one"
    assert len(found.headings) <= 100
