"""The gazetteer: who is meant by a printed name, in the cases and spellings of nine languages."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract import agencies
from pipeline.extract.agencies import find_agency, find_mentions, fold_letters, usual_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("сообщили Интерфаксу", "Interfax"),
        ("по данным Укринформа", "Ukrinform"),
        ("піша «Наша Ніва»", "Nasha Niva"),
        ("TASSdan alınan xəbər", "TASS"),
        ("BelTA-ya istinadən", "BelTA"),
        ("AZƏRTAC-ın məlumatı", "AZERTAC"),
        ("AZӘRTAC xəbər verir", "AZERTAC"),  # with the Cyrillic schwa
        ("O’zA xabar beradi", "UzA"),
        ("وفقا لوكالة أنباء الشرق الأوسط", "MENA"),
        ("للأناضول", "Anadolu"),
        ("ورويترز", "Reuters"),
        ("据新华社报道", "Xinhua"),
        ("據中央社報道", "CNA"),
        ("der Deutschen Presse-Agentur", "dpa"),
    ],
)
def test_a_name_is_found_in_its_cases_and_spellings(text: str, name: str) -> None:
    assert [mention.agency.name for mention in find_mentions(text)] == [name]


@pytest.mark.parametrize(
    "text",
    ["in el país on Friday", "a trend, a report, a map", "der epd-Mann hieß Ap", "Reuterson", "Belgarian"],
)
def test_other_words_are_no_names(text: str) -> None:
    assert [mention.agency.name for mention in find_mentions(text) if mention.agency.name != "epd"] == []


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("the Associated Press", "AP"),
        ("Agence de presse sénégalaise (APS)", "Agence de presse sénégalaise"),
        ("https://www.belta.by/society/view/1", "BelTA"),
        ("«Звязда»", "Zviazda"),
        ("afp", "AFP"),
        ("map", None),
        ("Evening Courier", None),
        ("", None),
    ],
)
def test_a_name_that_stands_alone_is_known_by_its_forms(printed: str, name: str | None) -> None:
    assert usual_name(printed) == name


def test_every_entry_is_found_under_its_own_name_and_ids_are_unique() -> None:
    ids: dict[str, str] = {}
    for form in agencies._read_forms():
        assert find_agency(form.printed) is not None, form.printed
        assert ids.setdefault(form.agency.id, form.agency.name) == form.agency.name
        assert len(form.agency.country) in {2, 3}
    assert len(ids) > 400


def test_the_gazetteer_is_read_in_a_moment() -> None:
    agencies._gazetteer.cache_clear()
    started = time.process_time()
    agencies._gazetteer()
    assert time.process_time() - started < 0.2


@given(st.text(max_size=80))
@settings(max_examples=200)
def test_folding_keeps_the_length_and_is_done_once(text: str) -> None:
    assert len(fold_letters(text)) == len(text)
    assert fold_letters(fold_letters(text)) == fold_letters(text)


@given(
    st.lists(
        st.sampled_from(
            ["BelTA", "ТАСС", "新华社", "للأناضول", "Trend", "ом", "-a ", " ", "'", "«", "É", "İ"]
        ),
        max_size=20,
    )
)
@settings(max_examples=200)
def test_mentions_stand_apart_within_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    end = 0
    for mention in find_mentions(text):
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end
