"""Words, sentences, paragraphs and leads."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.rules.fold import GAPPED
from pipeline.rules.text import LEAD_WORDS, MAX_CHARS, Document

PIECES = [
    *(
        "İnsan",
        "Ре\u0301золюция",
        "الاتجـــار",
        "贩运人口",
        "販",
        "résolution",
        "d’êtres",
        "U.N.",
        "A/C.3/80/L.27",
        "½",
        "ﬁght",
    ),
    *(".", ",", "\n", "\n\n", " - ", "«", "»", "。", "…", "\u00ad", "\u200d", "\u0301", "  ", "Straße", "3"),
]
pieces = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=30)
texts = st.builds(lambda parts, glue: glue.join(parts), pieces, st.sampled_from(["", " "]))


def words_in(document: Document) -> list[tuple[str, int, int]]:
    return [(found.group(), *found.span()) for found in re.finditer(r"[^ \n\f]+", document.joined)]


def sentences(text: str) -> int:
    document = Document("", text)
    return sum(start >= document.fields[1].first for start in document.sentences) - 1  # the URL's


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One sentence. And another one.", 2),
        ("The text (A/C.3/80/L.27) passed at 5.30 p.m. in New York.", 1),
        ("On Dec. 17 the U.N. General Assembly met.", 1),
        ("It went to the U.N. The delegates sat.", 2),
        ("J. R. Smith spoke. He was brief.", 2),
        ("Am 10. November tagte der Ausschuss. Er stimmte ab.", 2),
        ("Das gilt z. B. Kindern, bzw. Frauen.", 1),
        ("Так решили 14 октября 2025 г. Минск поддержал.", 1),
        ("Об этом сообщил А. С. Иванов. Он не уточнил.", 2),
        ("决议获得通过。各国表示欢迎。", 2),
        ("“决议通过！”他说。", 2),
        ("Really? Yes! Of course… Fine.", 4),
        ("first line\nsecond line", 2),
        ("صوت المجلس أمس. وقال المندوب إن النص مهم.", 2),
        ("هل صوت المجلس؟ نعم صوت.", 2),
        ("Qərar qəbul edildi. Sənəd qüvvəyə minir.", 2),
        ("Mme. Dupont et M. Martin ont voté. Le texte passe.", 2),
        ("El Sr. García votó. La resolución pasó.", 2),
        ("It said yes... but not now.", 1),
        ("A full-width end．Next one", 1),
    ],
)
def test_sentences_are_told_apart(text: str, count: int) -> None:
    assert sentences(text) == count


def test_paragraphs_end_with_a_line() -> None:
    document = Document("A title", "One. Two.\n\nThree.\nFour")
    assert len(document.sentences) == 6
    assert [document.joined[start:].split()[0] for start in document.paragraphs[1:4]] == [
        "one",
        "three",
        "four",
    ]


def test_every_han_character_is_a_word() -> None:
    assert [word for word, _, _ in words_in(Document("", "打击贩运人口 now"))] == [*"打击贩运人口", "now"]


def test_the_lead_ends_with_a_paragraph() -> None:
    document = Document("Title", "one two\n" + "three " * LEAD_WORDS + "\nlast paragraph")
    assert document.joined.startswith("last", document.lead_end)


def test_a_text_of_one_endless_paragraph_still_has_a_body_after_its_lead() -> None:
    document = Document("", "word " * 1000)
    lead = document.joined[document.fields[1].first : document.lead_end]
    assert len(lead.split()) == 5 * LEAD_WORDS


@settings(max_examples=300, deadline=None)
@given(texts, texts)
def test_the_joined_text_holds_the_words_of_the_original_one_by_one(title: str, text: str) -> None:
    document = Document(title, text)
    apart = re.compile(
        "[\u3040-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|[^ \n\u3040-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
    )
    written = [word for each in (title, text) for word in apart.findall(each.translate(GAPPED))]
    assert [word for word, _, _ in words_in(document)] == written


@settings(max_examples=300, deadline=None)
@given(texts, texts)
def test_every_word_quotes_the_characters_it_came_from(title: str, text: str) -> None:
    document = Document(title, text)
    end_of_last = {"title": 0, "text": 0}
    for word, first, last in words_in(document):
        name, start, end = document.quote(first, last)
        original = {"title": title, "text": text}[name]
        folded = original[start:end].translate(GAPPED)
        assert word in folded.replace(" ", "").replace("\n", "")
        assert start >= end_of_last[name] or len(word) == 1  # one sign may give several words
        end_of_last[name] = start


@settings(max_examples=200, deadline=None)
@given(texts)
def test_quotes_do_not_depend_on_the_order_in_which_they_are_asked_for(text: str) -> None:
    places = [(first, last) for _, first, last in words_in(Document("", text))]
    forwards, backwards = Document("", text), Document("", text)
    there = [forwards.quote(*place) for place in places]
    back = [backwards.quote(*place) for place in reversed(places)]
    assert there == back[::-1]


@settings(max_examples=200, deadline=None)
@given(texts, texts)
def test_sentences_and_paragraphs_begin_with_words(title: str, text: str) -> None:
    document = Document(title, text)
    begins = {first for _, first, _ in words_in(document)} | {field.first for field in document.fields}
    assert set(document.sentences) <= begins
    assert set(document.paragraphs) <= set(document.sentences)
    assert document.sentences == sorted(document.sentences)


def test_a_text_beyond_the_limit_is_read_up_to_it_and_that_is_said() -> None:
    began = time.monotonic()
    document = Document("", "a " * 5_000_000)
    assert len(words_in(document)) == MAX_CHARS / 2
    assert document.cut == [f"only the first {MAX_CHARS:,} characters of the text were read"]
    assert time.monotonic() - began < 10


def test_sentences_without_end_are_told_apart_up_to_a_limit_and_that_is_said() -> None:
    document = Document("", "One. " * 20_000)
    assert len(document.sentences) < 15_000
    assert "told apart" in document.cut[0]


def test_a_count_may_end_a_sentence_but_an_ordinal_does_not() -> None:
    assert sentences("It passed by 90 votes to 3. In the debate one spoke.") == 2
    assert sentences("Der Text ging am 3. Oktober durch.") == 1
