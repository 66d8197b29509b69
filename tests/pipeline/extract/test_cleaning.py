"""Lines at the head and the tail of a text that are no part of it, in our nine languages, and prose that stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.cleaning import clean_body
from pipeline.extract.furniture import is_furniture, is_section_line

TITLE = "Harbour of Brenn to reopen"
PROSE = [
    "The council of Brenn voted on Tuesday to reopen the harbour after eleven years.",
    "Fishermen had asked for it every spring since the flood.",
    "The vote was 14 to 3 with two abstentions.",
    "Work on the northern pier begins in May.",
]


def _clean(lines: list[str], authors: tuple[str, ...] = ("Mara Lind",)) -> list[str]:
    return clean_body("\n".join(lines), TITLE, ["Evening Courier"], authors).split("\n")


@pytest.mark.parametrize(
    "line",
    [
        TITLE, "Coast: Harbour of Brenn to reopen", "Harbour of Brenn", "News / World", "Home › Politics › Coast",
        "Новости / В мире", "Start > Politik > Europa", "By Mara Lind", "Von Mara Lind, Korrespondentin", "Автор: Mara Lind",
        "Mara Lind", "Evening Courier", "11.11.2023, 13:41", "3 min read", "Lesedauer: 4 Minuten", "Temps de lecture : 3 min",
        "Tiempo de lectura: 3 min", "Время чтения: 5 мин", "941 comments", "47", "Article content", "* * *",
    ],
)  # fmt: skip
def test_a_head_line_that_is_furniture_is_left_out(line: str) -> None:
    assert _clean([line, *PROSE]) == PROSE


@pytest.mark.parametrize(
    "line",
    [
        "Photo: Jan Roth / Norland Press", "Image: Jan Roth", "Photo by Jan Roth", "Foto: dpa", "Bild: Jan Roth", "Фото: БЕЛТА",
        "Şəkil: AZƏRTAC", "صورة: رويترز", "图片来源：新华社", ">> Here are all the dates of the year",
        "→ More pictures of the pier",
        "Follow Courier on Google News and add us as a preferred source.", "Get the latest news from the bay in your inbox.",
        "Подписывайтесь на наш канал", "Teilen auf Facebook", "Síguenos en Twitter", "Abonnez-vous à notre lettre", "分享到微信",
        "You must confirm your name before commenting", "Link copied", "Ссылка скопирована", "|---|---|",
    ],
)  # fmt: skip
def test_furniture_between_paragraphs_is_left_out_wherever_it_stands(line: str) -> None:
    assert _clean([*PROSE[:2], line, *PROSE[2:]]) == PROSE
    assert _clean([*PROSE, line]) == PROSE


@pytest.mark.parametrize(
    "note",
    [
        ["Mara Lind is a reporter at the Courier. She covers the coast."],
        ["Korrespondentin Mara Lind ist bei uns für die Küste zuständig."],
        ["About the author", "She has sailed the bay twice and lives in Selm."],
        ["Über die Autorin", "Sie lebt in Selm."],
        ["Об авторе", "Живёт в Сельме."],
        ["作者简介", "住在塞尔姆。"],
    ],
)
def test_a_closing_note_on_the_author_is_left_out(note: list[str]) -> None:
    assert _clean([*PROSE, *note]) == PROSE


@pytest.mark.parametrize(
    "line",
    [
        "Mara Lind is one of the fishermen who waited for eleven years.",
        "Photo reporters were not let in when the council met behind closed doors.",
        "Images of the flood, seen by the whole country, had led to the first inquiry.",
        "News agencies and newspapers from Norland reported on the decision at length.",
        "By Wednesday, the port authority had received more than forty letters.",
        "Follow the rules of the port, the mayor told the crews of the first boats.",
        "»We waited for this day«, said the mayor, »for eleven years.«",
        "Resolution 14/3 was adopted without the votes of Norland and Selm.",
        "In 2019, 47 comments on the plan were received and published.",
        "Loading of the first boats begins in June.",
        "14 votes to 3",
        "(Norland Press)",
    ],
)
def test_prose_is_never_taken_for_furniture(line: str) -> None:
    for place in range(len(PROSE) + 1):
        lines = [*PROSE[:place], line, *PROSE[place:]]
        assert _clean(lines) == lines


@pytest.mark.parametrize(
    "line", ["War / Peace talks go on.", "a/b", "Yes or no? The vote / the doubt remain open", "Brenn"]
)
def test_a_sentence_with_a_slash_is_no_path_of_sections(line: str) -> None:
    assert not is_section_line(line)


@settings(max_examples=60, deadline=1_000)
@given(st.text(alphabet="ab /|>:.\u00a01", max_size=4_000))
def test_any_line_is_judged_quickly(line: str) -> None:
    assert is_furniture(line) in {True, False}
    clean_body(line, TITLE, ["Evening Courier"], ("Mara Lind",))
