"""Folding keeps a way back to the original characters."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.rules.fold import fold, span_in_original
from pipeline.rules.han import SIMPLIFIED

ODD = "İıəǝәіўёйßﬁŒœÆ½㈱ﷺـًٰأإآٱىةＡ１٣　’ʼ`\u0301\u0308\u200d\u00ad販賣決議가각Ⅻ\n .,«»"
mixed_text = st.text(
    alphabet=st.one_of(st.sampled_from(ODD + "abc людзьмі 贩运"), st.characters(exclude_categories=["Cs"])),
    max_size=60,
)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("İNSAN ALVERİ", "insan alveri"),
        ("qətnamǝ", "qetname"),
        ("qәtnamə", "qetname"),
        ("Людзьмi", "людзьмi"),
        ("людзьмі", "людзьмi"),
        ("её ў", "ее у"),
        ("الاتجـــــار بالأشــخاص", "الاتجار بالاشخاص"),
        ("إتّجارٌ", "اتجار"),
        ("販運人口決議", "贩运人口决议"),
        ("ＵＮ２０２６", "un2026"),
        ("٣٠", "30"),
        ("d’êtres d'êtres", "d'etres d'etres"),
        ("Straße Œuvre", "strasse oeuvre"),
    ],
)
def test_spellings_of_a_word_fold_to_one(written: str, folded: str) -> None:
    assert fold(written).text == folded


@settings(max_examples=300)
@given(mixed_text)
def test_every_folded_character_leads_back_to_one_that_folds_to_it(text: str) -> None:
    folded = fold(text)
    origins = [folded.starts_at(position) for position in range(len(folded.text))]
    assert origins == sorted(origins)
    for position, origin in enumerate(origins):
        assert folded.text[position] in fold(text[origin]).text


@settings(max_examples=200)
@given(mixed_text, mixed_text)
def test_a_text_folds_like_its_parts(first: str, second: str) -> None:
    assert fold(first + second).text == fold(first).text + fold(second).text


@given(mixed_text)
def test_a_span_is_never_empty(text: str) -> None:
    folded = fold(text)
    for position in range(len(folded.text)):
        start, end = span_in_original(folded, text, position, position + 1)
        assert 0 <= start < end <= len(text)


def test_simplified_characters_are_not_folded_further() -> None:
    assert not set(SIMPLIFIED) & set(SIMPLIFIED.values())
