"""Bylines as newsrooms print and declare them: names and nothing else, agencies apart, whoever signs alone."""

# ruff: noqa: E501 - a page stands on its line as it would be sent
from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from pipeline.extract.byline import Byline, read_byline, signed
from pipeline.extract.byline_marks import dated_bylines, marked_bylines, opened_bylines, signatures
from pipeline.extract.metadata import read_metadata
from pipeline.extract.person_names import MAX_NAME_CHARS, read_names

NAMES: list[tuple[str, list[str]]] = [
    ("By Anna Vogel and Jan Roth", ["Anna Vogel", "Jan Roth"]),
    ("By ANNA VOGEL, Associated Press", ["ANNA VOGEL"]),
    ("capital von Jemima Kelly", ["Jemima Kelly"]),
    ("Ein Gastbeitrag von Anna Vogel", ["Anna Vogel"]),
    ("Anna Vogel, Korrespondentin in Wien", ["Anna Vogel"]),
    ("Von Anna Vogel, Frankfurt", ["Anna Vogel"]),
    ("Anna Vogel aus Berlin, Jan Roth", ["Anna Vogel", "Jan Roth"]),
    ("Reporter Anna Vogel", ["Anna Vogel"]),
    ("Vogel, Anna", ["Anna Vogel"]),
    ("Anna Vogel (avec Jan Roth et Eva Lind)", ["Anna Vogel", "Jan Roth", "Eva Lind"]),
    ("신현주 기자", ["신현주"]),
    ("记者 王林", ["王林"]),
    ("بقلم سعيد بوعزة", ["سعيد بوعزة"]),
    ("Автор: Ирина Савва, БЕЛТА", ["Ирина Савва"]),
    ("Müəllif: Leyla Əliyeva", ["Leyla Əliyeva"]),
    ("Por Ana Sole y Jon Roe", ["Ana Sole", "Jon Roe"]),
    ("Jan Roth @janroth jan.roth@example.org https://example.org/jan", ["Jan Roth"]),
    ("Text: Jan Roth / Foto: Eva Lind", ["Jan Roth"]),
    ("Photo: Eva Lind/Getty Images", []),
    ("iStockphoto", []),
    ("Jan Roth 12 May 2024", ["Jan Roth"]),
    ("Jan Roth 3 days ago", ["Jan Roth"]),
    ("Written by Jan Roth Edited by Eva Lind", ["Jan Roth"]),
    ("Moscow correspondent", []),
    ("Joe S.", ["Joe S."]),
    ("Ursula von der Heide", ["Ursula von der Heide"]),
    ("jan_roth", []),
    ("admin", []),
    ("Thorsten Fuchs/RND", ["Thorsten Fuchs"]),
    ("Cathy O'Neil, PhD", ["Cathy O'Neil"]),
]  # fmt: skip


@pytest.mark.parametrize(("printed", "people"), NAMES)
def test_a_printed_byline_gives_its_people(printed: str, people: list[str]) -> None:
    assert list(read_names([printed], set()).people.values()) == people


def byline_of(head: str, body: str = "", sites: list[str] | None = None) -> Byline:
    root = html.document_fromstring(
        f"<html><head>{head}</head><body><h1>Text adopted</h1>{body}</body></html>"
    )
    return read_byline(
        read_metadata(root, "https://courier.example/a/1"), root, sites or ["Evening Courier"], None
    )


def ld(author: str) -> str:
    return f'<script type="application/ld+json">{{"@graph": [{{"@type": "NewsArticle", "headline": "Text adopted", "author": {author}}}, {{"@type": "Person", "@id": "#p1", "name": "Eva Lind"}}]}}</script>'


@pytest.mark.parametrize(
    ("author", "byline"),
    [
        ('[{"name": "Anna Vogel"}, {"name": "Jan Roth"}]', Byline(("Anna Vogel", "Jan Roth"))),
        ('{"@id": "#p1"}', Byline(("Eva Lind",))),
        ('[{"name": "Reuters"}, {"name": "Jan Roth"}]', Byline(("Jan Roth",), ("Reuters",))),
        ('[{"name": "Evening Courier"}, {"name": "Jan Roth"}]', Byline(("Jan Roth",))),
        ('{"name": "Evening Courier"}', Byline(("Evening Courier",))),
        ('{"name": "dpa"}', Byline(("dpa",), ("dpa",))),
        ('{"name": "Staff Writer"}', Byline(("Staff Writer",))),
        ('{"name": "https://courier.example/jan"}', Byline()),
    ],
)
def test_declared_authors_shed_agencies_and_the_outlet_beside_people(author: str, byline: Byline) -> None:
    assert byline_of(ld(author)) == byline


@pytest.mark.parametrize(
    ("body", "authors"),
    [
        ('<div class="byline"><span>Anna Vogel</span> <span>Jan Roth</span> <span>Eva Lind</span></div>', ("Anna Vogel", "Jan Roth", "Eva Lind")),
        ('<ul class="metaInfoAuthorList"><li><a href="/author/anna">Anna Vogel</a></li></ul>', ("Anna Vogel",)),
        ('<aside><span itemprop="author">Anna Vogel</span></aside>', ("Anna Vogel",)),
        ('<div class="related"><p class="author">Jan Roth</p></div><p class="author">Anna Vogel</p>', ("Anna Vogel",)),
        ("<time><h4>By Anna Vogel | 12/10/2020</h4></time>", ("Anna Vogel",)),
        ("<p><b>Von:</b><br><br>Anna Vogel</p>", ("Anna Vogel",)),
        ("<p><strong>Автор:</strong> <a>Ирина Савва</a></p>", ("Ирина Савва",)),
        ("<p>By the end of the day the text was adopted.</p>", ()),
        ("<p>记者从当地获悉，文本获得通过。</p>", ()),
        ('<p class="author">Photo: Eva Lind</p>', ()),
    ],
)  # fmt: skip
def test_the_visible_byline_is_read_where_none_is_declared(body: str, authors: tuple[str, ...]) -> None:
    assert byline_of("", body).authors == authors


@pytest.mark.parametrize(
    ("text", "dated", "authors"),
    [
        ("30 ліпеня, Мінск /Аліна Кот - БЕЛТА/. Адкрылася выстава.", [], ("Аліна Кот",)),
        ("新华社北京6月2日电（记者王林、赵敏）决议获得通过。", [], ("王林", "赵敏")),
        ("The text was adopted by consensus. " * 8 + "\nAnna Vogel, dpa", [], ("Anna Vogel",)),
        ("The text was adopted.", ["13.12.2022, 10:25 | Evening Courier | Anna Vogel"], ("Anna Vogel",)),
        ("The text was adopted.", ["13.12.2022, 10:25 | Evening Courier"], ()),
        ("The text was adopted /and/or rejected/.", ["13.12.2022"], ()),
    ],
)
def test_who_signs_beside_the_date_or_in_the_text_is_the_author(
    text: str, dated: list[str], authors: tuple[str, ...]
) -> None:
    assert signed(Byline(), text, dated, ["Evening Courier"]).authors == authors


def test_a_name_alone_behind_the_date_may_be_the_outlet_where_the_page_names_none() -> None:
    assert signed(Byline(), "The text was adopted.", ["13.12.2022, 10:25 | Harbour Post"], []).authors == ()


def test_a_byline_that_names_people_is_not_replaced_by_a_signature() -> None:
    byline = Byline(("Jan Roth",))
    assert signed(byline, "Minsk /Anna Vogel - BelTA/. Adopted.", [], []) == byline


PIECES = [
    "By ",
    "Anna Vogel",
    ", ",
    " and ",
    "dpa",
    "(",
    ")",
    "/",
    "Reporter ",
    "12 May 2024",
    "기자",
    "记者",
    "@",
    "—",
    "\n",
    "x" * 30,
    ":",
    "É",
    "Автор: ",
]


@given(st.one_of(st.text(max_size=120), st.lists(st.sampled_from(PIECES), max_size=14).map("".join)))
@settings(max_examples=300)
def test_names_are_short_bare_and_read_again_as_themselves(printed: str) -> None:
    for name in read_names([printed], set()).people.values():
        assert 2 <= len(name) <= MAX_NAME_CHARS
        assert name == name.strip()
        assert "\n" not in name
        assert "@" not in name


@given(
    st.lists(
        st.sampled_from(["Anna Vogel", "Jan Roth", "Eva Lind", "Ирина Савва"]),
        min_size=1,
        max_size=4,
        unique=True,
    )
)
def test_reading_names_again_changes_nothing(people: list[str]) -> None:
    once = list(read_names([", ".join(people)], set()).people.values())
    assert once == people
    assert list(read_names(once, set(), listed=True).people.values()) == once


@given(st.text(max_size=200))
@settings(max_examples=150)
def test_no_text_makes_the_readers_fail(text: str) -> None:
    list(signatures(text))
    list(dated_bylines(text.split("\n"), set()))
    root = html.document_fromstring("<html><body><p class='author'>x</p></body></html>")
    root.find(".//p").text = "".join(char for char in text if char.isprintable())
    list(marked_bylines(root))
    list(opened_bylines(root))


@pytest.mark.parametrize(
    "piece",
    [
        "By ",
        "Von ",
        ", ",
        "(",
        "/",
        "Anna ",
        "A",
        " and ",
        "correspondent ",
        "foreign ",
        "with ",
        "12.",
        "@a",
        "记者",
        " | ",
    ],
)
def test_a_megabyte_of_one_piece_costs_a_moment(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    started = time.process_time()
    read_names([text], set())
    signed(Byline(), text, [text], [])
    assert time.process_time() - started < 0.5
