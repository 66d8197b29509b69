"""A line that names the source of a text is a credit, wherever the page has it; a picture's source is none."""

# ruff: noqa: E501 - pages stand on their lines as they would be sent
from __future__ import annotations

from typing import Any

import pytest

PROSE = (
    "<p>The committee adopted the text without a vote on Friday evening, after a long day of talks in the old hall.</p>"
    "<p>The chair thanked the delegates and closed the meeting shortly before eight in the evening.</p>"
)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("<p>Source: Xinhua</p>", ("Xinhua",)),
        ("<p>Quelle: <a href='https://www.dpa.com/x'>dpa</a></p>", ("dpa",)),
        ("<p>Источник: БЕЛТА</p>", ("BelTA",)),
        ("<p>Крыніца: <b>БелТА</b></p>", ("BelTA",)),
        ("<div>2023-11-11 10:20　来源：新华社　作者：林若溪</div>", ("Xinhua",)),
        ("<p><a href='https://eng.belta.by/society/view/1'>Read the original</a></p>", ("BelTA",)),
        ("<p><a href='https://belta.by/x'>Источник</a></p>", ("BelTA",)),
        ("<p><a href='https://lantern.example/x'>Source</a></p>", ()),
        ("<figure><img src='a'><figcaption>Source: Reuters</figcaption></figure>", ()),
        ("<div class='photo-caption'>Quelle: dpa</div>", ()),
        ("<p>Source: people in the hall</p>", ()),
    ],
)
def test_the_line_that_names_the_source_is_a_credit(read: Any, line: str, names: tuple[str, ...]) -> None:
    page = f"<html><head><title>Text adopted</title></head><body><article><h1>Text adopted</h1>{line}{PROSE}</article></body></html>"
    assert tuple(credit.name for credit in read(page).credits) == names


def test_the_source_declared_in_the_metadata_is_a_credit(read: Any) -> None:
    page = f"<html><head><title>Text adopted</title><meta name='source' content='Reuters'></head><body><article><h1>Text adopted</h1>{PROSE}</article></body></html>"
    assert [credit.name for credit in read(page).credits] == ["Reuters"]


def test_what_the_text_says_goes_before_the_line_with_the_source(read: Any) -> None:
    told = "<p>AZERTAC reports, citing BelTA, that the committee adopted the text without a vote on Friday evening.</p>"
    page = f"<html><head><title>Text adopted</title></head><body><article><h1>Text adopted</h1>{told}{PROSE}<p>Source: BelTA</p></article></body></html>"
    found = read(page)
    assert [credit.name for credit in found.credits] == ["AZERTAC", "BelTA"]
    assert all(found.text[credit.start : credit.end] == credit.printed for credit in found.credits)
