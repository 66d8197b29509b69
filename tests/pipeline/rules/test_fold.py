"""Folding keeps a way back to the original characters."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.rules.fold import GAPPED, Origins, fold, gapped, with_marks
from pipeline.rules.han import SIMPLIFIED

ODD = "İıəǝәіўёйßﬁŒœÆ½㈱ﷺـًٰأإآٱىةＡ１٣　’ʼ`\u0301\u0308\u200d\u00ad\u200b\ufeff販賣決議가각Ⅻ№™\n .,«»"
mixed_text = st.text(
    alphabet=st.one_of(st.sampled_from(ODD + "abc людзьмі 贩运"), st.characters()),
    max_size=60,
)
mostly_latin = st.text(alphabet=st.sampled_from("abcdefgh XYZ éüçñøß’“”–\u00ad.,\n"), max_size=200)


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
        ("اتفاقية لمنع", "اتفاقيه لمنع"),
        ("販運人口決議", "贩运人口决议"),
        ("ＵＮ２０２６", "un2026"),
        ("٣٠", "30"),
        ("d’êtres d'êtres", "d'etres d'etres"),
        ("Straße Œuvre", "strasse oeuvre"),
        ("ﬁght traf\u00adfick\u200bing", "fight trafficking"),
        ("Re\u0301solution", "resolution"),
        ("№ 5 ™", "  5  "),
    ],
)
def test_spellings_of_a_word_fold_to_one(written: str, folded: str) -> None:
    assert fold(written) == folded


@settings(max_examples=300)
@given(mixed_text)
def test_every_folded_character_leads_back_to_the_one_that_gave_it(text: str) -> None:
    origins = Origins(text)
    found = [origins(position) for position in range(len(fold(text)))]
    assert found == [index for index, character in enumerate(text) for _ in fold(character)]
    assert found == sorted(found)


@settings(max_examples=200)
@given(mixed_text, mixed_text)
def test_a_text_folds_like_its_parts(first: str, second: str) -> None:
    assert fold(first + second) == fold(first) + fold(second)


@settings(max_examples=300)
@given(st.one_of(mixed_text, mostly_latin))
def test_the_quick_way_to_gaps_equals_the_slow_one(text: str) -> None:
    assert gapped(text) == text.translate(GAPPED)
    assert len(gapped(text)) == len(fold(text))


@settings(max_examples=300)
@given(mixed_text)
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_every_letter_folds_like_its_capital() -> None:
    odd = [
        character
        for character in map(chr, range(0x250))
        for other in (character.upper(), character.lower())
        if len(other) == 1 and fold(character) != fold(other)
    ]
    assert odd == []


def test_signs_belong_to_the_letter_before_them() -> None:
    assert with_marks("e\u0301\u0302x", 1) == 3
    assert with_marks("e" + "\u0301" * 1000, 1) < 50  # no script writes as many


def test_simplified_characters_are_not_folded_further() -> None:
    assert not set(SIMPLIFIED) & set(SIMPLIFIED.values())
