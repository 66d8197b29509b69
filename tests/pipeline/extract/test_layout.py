"""Pages laid out in tables are read as text; tables of data stay tables."""

# ruff: noqa: E501 - pages stand on their lines as they would be sent
from __future__ import annotations

from typing import Any

MENU = '<tr><td colspan="2"><a href="/">Front page</a> <a href="/a">Markets</a> <a href="/b">Weather</a></td></tr>'
PROSE = (
    "The committee adopted the text without a vote on Friday evening, after a long day of talks in the old hall.<br><br>"
    "Seventy states have joined it as sponsors since the spring, among them all of the neighbours of the host.<br><br>"
    "The plenary is to take the matter up before the end of the year, the chair told reporters at the door."
)
VOTES = "".join(
    f"<tr><td>{name}</td><td>{'For' if n % 2 else 'Against'}</td></tr>"
    for n, name in enumerate(("Asteria", "Borduria", "Carinthia", "Deltora", "Elbonia", "Florin"))
)


def test_a_page_laid_out_in_a_table_is_read_in_paragraphs_without_its_menu(read: Any) -> None:
    page = f"<html lang='en'><body><table>{MENU}<tr><td><h1>Text adopted in the old hall</h1>{PROSE}</td><td><a href='/c'>Ferry line to reopen in spring</a></td></tr></table></body></html>"
    article = read(page)
    assert [line.split()[0] for line in article.text.split("\n")] == ["The", "Seventy", "The"]
    assert "Markets" not in article.text


def test_a_table_of_votes_stays_in_the_text_row_by_row(read: Any) -> None:
    page = (
        "<html lang='en'><body><article><h1>Text adopted in the old hall</h1><p>The committee adopted the text on Friday evening, after a long day of talks in the hall.</p>"
        f"<table>{VOTES}</table><p>The plenary is to take the matter up before the end of the year, the chair told reporters.</p></article></body></html>"
    )
    lines = read(page).text.split("\n")
    assert any("Borduria" in line and "For" in line and "Carinthia" not in line for line in lines), lines


def test_a_data_table_with_one_long_cell_in_each_row_is_no_layout(read: Any) -> None:
    rows = "".join(f"<tr><td>Case {n}</td><td>{PROSE}</td></tr>" for n in range(6))
    page = f"<html lang='en'><body><article><h1>Six cases in the old hall</h1><p>{'The court heard six cases on Friday, and the clerk wrote them down one by one. ' * 3}</p><table>{rows}</table></article></body></html>"
    assert all(f"Case {n}" in read(page).text for n in range(6))
