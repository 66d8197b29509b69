"""What a page says for itself is told from what its text says."""

from __future__ import annotations

import time

import pytest

from pipeline.extract.closing import speaks_for_page, without_contacts

CALLS = [
    "Join our WhatsApp channel!",
    "Далучайцеся да нашага тэлеграм-канала @kut",
    "¡Sumate al canal de WhatsApp de La Ribera!",
    "Rejoignez notre chaîne WhatsApp pour ne rien manquer",
    "Telegram kanalımıza qoşulun",
    "لمتابعة أخبارنا عبر جوجل نيوز",
    "【立即下載App，即時掌握突發新聞】",
    "Мнение редакции может не совпадать с мнением автора.",
    "Les tribunes n’engagent que leurs auteurs.",
    "Просмотров: 318",
    "Bericht herunterladen (PDF | 213 KB)",
    "Reporting by Anna Vogel; Editing by Jan Roth",
]
TEXTS = [
    "The ministry said recruiters had told the men to join a Telegram channel and wait there for a driver.",
    "Telegram said it had closed the channel.",
    "Users subscribe to the paper.",
    "Мнения депутатов разделились.",
    "Opinions differ among the delegations.",
    "Просмотр дела продолжится в марте.",
    "She asked readers to donate blood.",
    "Copyright law was changed in 2019.",
]


@pytest.mark.parametrize("line", CALLS)
def test_a_line_that_speaks_for_the_page_is_told(line: str) -> None:
    assert speaks_for_page(line)


@pytest.mark.parametrize("line", TEXTS)
def test_news_of_channels_and_opinions_stays(line: str) -> None:
    assert not speaks_for_page(line)


def test_contacts_that_close_a_text_are_cut_and_a_sentence_with_a_number_stays() -> None:
    text = ["The mission will report in May.", "Its hot line is tel. 8 800 100, day and night."]
    assert without_contacts([*text, "Press contact", "Anna Vogel", "Tel.: +41 00 000 00 00"]) == text


def test_a_hostile_line_is_read_in_linear_time() -> None:
    start = time.perf_counter()
    for piece in (
        "views ",
        "reporting by ",
        "мнение ",
        "copyright 2020 ",
        "( 1",
        "донат ",
        "《江城日报",
        "a ",
    ):
        speaks_for_page(piece * (320 // len(piece)))
        without_contacts([piece * 50_000] * 9)
    assert time.perf_counter() - start < 2
