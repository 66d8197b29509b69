"""What extraction does not do twice: which readings a page is given, and what is dropped before any of them."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.extract import body
from pipeline.extract.prescan import prescan
from pipeline.extract.tree import Parsed, length_of, lighten, parse, text_of

SENTENCES = [
    f"Paragraph number {number} tells at some length what the council of Brenn said about the harbour."
    for number in range(12)
]


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """The readings asked for (whether fast), filled as they happen."""
    asked: list[bool] = []
    real = body._trafilatura

    def watched(root: Any, url: str, *, fast: bool, broad: bool = False) -> str:
        asked.append(fast)
        return real(root, url, fast=fast, broad=broad)

    monkeypatch.setattr(body, "_trafilatura", watched)
    return asked


def test_a_plain_article_is_read_once_and_fast(read: Any, readings: list[bool]) -> None:
    paragraphs = "".join(f"<p>{one}</p>" for one in SENTENCES)
    text = read(f"<html><body><article><h1>Harbour</h1>{paragraphs}</article></body></html>").text
    assert text.split("\n") == SENTENCES
    assert readings == [True]


def test_a_text_that_nothing_bears_out_is_read_thoroughly(read: Any, readings: list[bool]) -> None:
    lines = "<br><br>".join(SENTENCES)
    beside = "".join(f"<li>{one}</li>" for one in SENTENCES * 2)
    read(
        f"<html><body><h1>Harbour</h1><div class='story'>{lines}</div><aside><ul>{beside}</ul></aside></body></html>"
    )
    assert readings == [True, False]


def test_what_is_no_text_is_dropped_and_what_follows_it_stays() -> None:
    parsed = parse(
        "<html><body><p>One <svg><title>x</title></svg>two<script>var a;</script> three.</p>"
        '<script type="application/ld+json">{"a": 1}</script><nav>Menu</nav><p>Four.</p></body></html>'
    )
    assert isinstance(parsed, Parsed)
    lighten(parsed.root)
    assert text_of(parsed.root) == "One two three. Four."
    assert [script.text for script in parsed.root.iter("script")] == ['{"a": 1}']


def test_the_length_of_a_text_is_told_without_taking_it() -> None:
    parsed = parse("<html><body><p>  One\n two <b>three</b>. </p></body></html>")
    assert isinstance(parsed, Parsed)
    assert length_of(parsed.root) == len("One two three.")


def test_long_tags_are_told_from_long_texts() -> None:
    assert not isinstance(prescan(b"<p>" + b"a " * 9_000 + b"</p>"), str)
    assert "attributes" in str(prescan(b"<p " + b"a= " * 9_000 + b">"))


@pytest.mark.parametrize(
    "offer",
    [
        "Subscribe to continue",
        "Register to keep reading",
        "Already a subscriber?",
        "Become a member to see it all",
        "This article is for our readers",
        "Полный текст доступен только по подписке",
        "Оформите подписку",
        "Réservé à nos abonnés",
        "Il vous reste 70 % à découvrir",
        "Lire la suite de cet article",
        "Exclusivo para suscriptores",
        "Suscríbete para seguir",
        "Jetzt lesen mit Plus",
        "Nur für Abonnenten",
        "Abunəçilər üçün",
        "للمشتركين فقط",
        "订阅后继续阅读",
    ],
)
def test_every_offer_to_subscribe_is_still_found(read: Any, offer: str) -> None:
    page = (
        f"<html><body><article><h1>Harbour</h1><p>{SENTENCES[0]} {SENTENCES[1]}</p></article>"
        f"<div class='paywall'><span>{offer}</span></div></body></html>"
    )
    assert read(page).partial
    assert not read(page.replace(offer, "Good night")).partial


def test_a_byline_in_a_button_is_read_although_buttons_are_dropped(read: Any) -> None:
    page = (
        "<html><body><article><h1>Harbour</h1><button><span class='author'>Mara Lind</span></button>"
        f"<p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p></article></body></html>"
    )
    article = read(page)
    assert article.authors == ("Mara Lind",)
    assert "Lind" not in article.text
