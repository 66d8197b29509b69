"""Words, sentences, paragraphs and leads."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.rules.text import LEAD_WORDS, MAX_WORDS, Document


def sentences(text: str) -> int:
    return len(set(Document("", text).sentence))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One sentence. And another one.", 2),
        ("The text (A/C.3/80/L.27) passed at 5.30 p.m. in New York.", 1),
        ("On Dec. 17 the U.N. General Assembly met.", 1),
        ("Am 10. November tagte der Ausschuss. Er stimmte ab.", 2),
        ("Так решили 14 октября 2025 г. Минск поддержал.", 1),
        ("决议获得通过。各国表示欢迎。", 2),
        ("Really? Yes! Of course… Fine.", 4),
        ("first line\nsecond line", 2),
        ("صوت المجلس أمس. وقال المندوب إن النص مهم.", 2),
    ],
)
def test_sentences_are_told_apart(text: str, count: int) -> None:
    assert sentences(text) == count


def test_every_han_character_is_a_word() -> None:
    assert Document("", "打击贩运人口 now").words == ["打", "击", "贩", "运", "人", "口", "now"]


def test_the_lead_ends_with_a_paragraph() -> None:
    document = Document("Title", "one two\n" + "three " * LEAD_WORDS + "\nlast paragraph")
    assert document.words[document.lead_end] == "last"


def test_a_text_of_one_endless_paragraph_still_has_a_body_after_its_lead() -> None:
    document = Document("", "word " * 1000)
    assert document.lead_end <= 5 * LEAD_WORDS + 1


@given(st.text(max_size=200), st.text(max_size=400))
def test_words_quote_the_original(title: str, text: str) -> None:
    document = Document(title, text)
    assert len(document.words) == len(document.at) == len(document.sentence) == len(document.paragraph)
    for index, word in enumerate(document.words):
        name, start, end = document.quote(index, index + 1)
        original = {"title": title, "text": text}[name]
        assert original[start:end]
        assert document.joined.startswith(f" {word} ", document.at[index])


def test_a_text_beyond_the_limit_is_read_up_to_it() -> None:
    began = time.monotonic()
    document = Document("", "a " * 5_000_000)
    assert len(document.words) == MAX_WORDS
    assert time.monotonic() - began < 10


def test_a_count_may_end_a_sentence_but_an_ordinal_does_not() -> None:
    votes = Document("", "It passed by 90 votes to 3. In the debate one spoke.")
    assert votes.sentence[0] != votes.sentence[-1]
    ordinal = Document("", "Der Text ging am 3. Oktober durch.")
    assert ordinal.sentence[0] == ordinal.sentence[-1]
