"""Whom a text has its report from, in the words of nine languages: nearest first, the origin last, spans exact."""

# ruff: noqa: E501 - pages stand on their lines as they would be sent
from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.credits import read_credits

CASES: list[tuple[str, str, tuple[str, ...]]] = [
    ("اعتمدت اللجنة النص مساء الجمعة، وفق ما نقل موقع مرسى الأخبار.", "", ("مرسى الأخبار",)),
    ("اعتمدت اللجنة النص، وفق ما نقلت صحيفة الشرق الأوسط.", "", ("Asharq Al-Awsat",)),
    ("The text was adopted, Azernews reports, citing BelTA.", "Azernews", ("BelTA",)),
    ("(MENAFN- AzerNews) The text was adopted, Azernews reports, citing BelTA.", "MENAFN", ("AzerNews", "BelTA")),
    ("MINSK, 16 November (BelTA) - The text was adopted.", "", ("BelTA",)),
    ("NEW YORK (AP) — The text was adopted.", "", ("AP",)),
    ("The text was adopted, Reuters reported.", "", ("Reuters",)),
    ("It was adopted, citing the Ministry of Foreign Affairs of Belarus, on Friday.", "", ("Ministry of Foreign Affairs of Belarus",)),
    ("Документ принят, сообщает БЕЛТА со ссылкой на пресс-службу МИД.", "", ("BelTA", "пресс-служба МИД")),
    ("Документ принят, как передаёт ТАСС, в пятницу.", "", ("TASS",)),
    ("МИНСК, 16 ноября. /ТАСС/. Документ принят.", "", ("TASS",)),
    ("Дакумент ухвалены, паведамляе БелТА.", "", ("BelTA",)),
    ("AZƏRTAC xəbər verir ki, sənəd qəbul olunub.", "", ("AZERTAC",)),
    ("BelTA-ya istinadən bildirilir ki, sənəd qəbul olunub.", "", ("BelTA",)),
    ("Der Text wurde angenommen, berichtet dpa unter Berufung auf Diplomaten.", "", ("dpa",)),
    ("Le texte a été adopté, d'après l'AFP, vendredi.", "", ("AFP",)),
    ("El texto fue aprobado, según informó EFE.", "", ("EFE",)),
    ("اعتمد النص نقلا عن رويترز مساء الجمعة", "", ("Reuters",)),
    ("据新华社报道，文本获得通过。", "", ("Xinhua",)),
    ("Le texte a été adopté.\nIl sera voté en décembre. (AFP)", "", ("AFP",)),
    ("She had worked for Reuters and for AP before she joined the ministry.", "", ()),
    ("Die Prozessakte AP 12 wurde geschlossen.", "", ()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "outlet", "expected"), CASES)
def test_credits_are_named_nearest_first_with_exact_spans(
    text: str, outlet: str, expected: tuple[str, ...]
) -> None:
    found = read_credits(text, (), [outlet] if outlet else [])
    assert tuple(credit.name for credit in found) == expected
    assert all(text[credit.start : credit.end] == credit.printed for credit in found)


def test_an_agency_in_the_byline_is_a_credit_without_a_span() -> None:
    (found,) = read_credits("The text was adopted.", ("Агентство", "БЕЛТА"), [])
    assert (found.name, found.printed, found.start, found.end) == ("BelTA", "БЕЛТА", -1, -1)


def test_the_outlet_does_not_credit_itself_under_another_spelling() -> None:
    assert read_credits("Документ принят, сообщает БЕЛТА.", (), ["BelTA"]) == ()


PIECES = [
    "citing ", "(", "citing Aaaa ", "Reuters ", "/", "新华社", "сообщает ", "according to the ", "Ministry of ", "пресс-служба ", "A", "a ",
    "« ", "据", "据新华社、", "source: ", "Bu barədə ", "selon le ", "l'", "Trend-in ", ", said ", "\n", "xidməti ", "وفقا ل", "(AFP) ", "– ",
    "a dit ", "dijo ", "foreign ", "the ",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_a_megabyte_of_one_piece_costs_a_moment(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    started = time.process_time()
    read_credits(text, (), [])
    assert time.process_time() - started < 0.5


@given(st.text(max_size=300))
@settings(max_examples=150)
def test_no_text_makes_the_reader_fail(text: str) -> None:
    for credit in read_credits(text, (text[:40],), [text[:10]]):
        assert credit.start < 0 or text[credit.start : credit.end] == credit.printed


@given(
    st.lists(
        st.sampled_from(
            [*"aA «»()/,.\n", "citing ", "BelTA", "БЕЛТА ", "新华社", "со ссылкой на ", "Reuters reports "]
        ),
        max_size=60,
    ).map("".join)
)
@settings(max_examples=150)
def test_every_span_is_what_is_printed_there(text: str) -> None:
    for credit in read_credits(text, (), []):
        assert text[credit.start : credit.end] == credit.printed
        assert credit.printed.strip()


def test_the_agencies_of_the_byline_are_credits_without_a_span() -> None:
    found = read_credits("The text was adopted, citing BelTA.", ("Anna Vogel",), [], ("dpa", "Ana Daily"))
    assert [(one.name, one.start) for one in found] == [("dpa", -1), ("BelTA", 29)]


def test_a_text_read_twice_gives_the_same_credits() -> None:
    text = "MINSK, 16 November (BelTA) - Adopted, the Ministry of Justice said on Friday."
    assert read_credits(text, (), []) == read_credits(text, (), [])
    assert [one.name for one in read_credits(text, (), [])] == ["BelTA", "Ministry of Justice"]
