"""Headings and lists between paragraphs belong to a text; what stands above its headline does not."""

from __future__ import annotations

import lxml.html

from pipeline.extract.above import cut_above
from pipeline.extract.between import with_between
from pipeline.extract.tree import text_of

FIRST, SECOND = "The experts urge the authorities to do two things:", "The committee will meet in May."
PAGE = (
    f"<html><body><h1>Experts speak</h1><h2>What they ask</h2><p>{FIRST}</p><ul><li>open shelters</li><li>ask the men</li></ul>"
    f"<p>{SECOND}</p><h3>Latest news</h3><ul><li><a href='/1'>Storm names announced</a></li></ul></body></html>"
)


def test_a_heading_and_a_list_that_a_reading_left_out_come_back() -> None:
    text = with_between(f"{FIRST}\n{SECOND}", lxml.html.fromstring(PAGE), "Experts speak")
    assert text.split("\n") == ["What they ask", FIRST, "open shelters", "ask the men", SECOND]


def test_what_is_there_already_comes_no_second_time() -> None:
    text = f"What they ask\n{FIRST}\nopen shelters\nask the men\n{SECOND}"
    assert with_between(text, lxml.html.fromstring(PAGE), "Experts speak") == text


def test_sections_above_the_headline_are_cut_and_so_is_a_list_of_data_below() -> None:
    root = lxml.html.fromstring(
        "<html><body><div><a href='/'>Home</a> | <a href='/p'>Politics</a></div><div class='x'>Column</div><h1>Experts speak</h1>"
        f"<ul><li>Yesterday, 14:20</li><li>Views: 3</li></ul><p>{FIRST}</p><ul><li>open shelters</li></ul></body></html>"
    )
    assert cut_above(root, "Experts speak") == 3
    assert text_of(root, gap="") == f"Experts speak{FIRST}open shelters"


def test_a_text_above_a_headline_stays_with_all_about_it() -> None:
    root = lxml.html.fromstring(
        f"<html><body><p>Lead</p><p>{'Word after word. ' * 20}</p><h1>Experts speak</h1></body></html>"
    )
    assert cut_above(root, "Experts speak") == 0
