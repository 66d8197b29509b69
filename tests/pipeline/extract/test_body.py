"""Which of a page's paragraphs are the article's, and in which order."""

from __future__ import annotations

import json
from typing import Any

import pytest

HEADLINE = "Harbour of Brenn to reopen"


def _paragraph(number: int) -> str:
    return f"Paragraph number {number} tells at some length what the council of Brenn said about the harbour and the pier."


def _some(first: int, last: int, tag: str = "p") -> str:
    return "".join(f"<{tag}>{_paragraph(number)}</{tag}>" for number in range(first, last))


def _page(body: str, head: str = "") -> str:
    return f"<html lang='en'><head><title>{HEADLINE}</title>{head}</head><body>{body}</body></html>"


def test_an_article_cut_into_several_containers_is_put_together(read: Any) -> None:
    halves = "".join(
        f'<div class="grid"><div class="body__inner-container">{_some(first, first + 8)}</div></div><div class="ad">x</div>'
        for first in (0, 8)
    )
    text = read(_page(f"<article><h1>{HEADLINE}</h1>{halves}</article>")).text
    assert text.split("\n") == [_paragraph(number) for number in range(16)]


def test_the_next_article_on_an_endless_page_stays_out(read: Any) -> None:
    first = f'<article><h1>{HEADLINE}</h1><div class="body">{_some(0, 8)}</div></article>'
    second = f'<article><h1>Herring is back</h1><div class="body">{_some(50, 58)}</div></article>'
    text = read(_page(first + second)).text
    assert _paragraph(7) in text
    assert _paragraph(50) not in text


def test_paragraphs_that_the_metadata_have_in_the_text_are_taken_in(read: Any) -> None:
    stated = json.dumps(
        {
            "@type": "NewsArticle",
            "headline": HEADLINE,
            "articleBody": " ".join(_paragraph(n) for n in range(8)),
        }
    )
    body = f'<div class="article-body">{_some(0, 5)}</div><div class="x">{_some(5, 8)}</div><div class="y">{_some(60, 62)}</div>'
    page = _page(
        f"<main><h1>{HEADLINE}</h1>{body}</main>", f'<script type="application/ld+json">{stated}</script>'
    )
    assert read(page).text.split("\n") == [_paragraph(number) for number in range(8)]


STANDFIRST = "After eleven years and a long dispute, the boats may come back to the town by the end of June."


@pytest.mark.parametrize(
    "printed",
    [
        f'<p class="article-subtitle">{STANDFIRST}</p>',
        f'<div class="ContentHeaderDek"><span>{STANDFIRST}</span></div>',
        f'<div class="entry-excerpt"><p>{STANDFIRST}</p></div>',
        f'<h2 class="standfirst">{STANDFIRST}</h2>',
    ],
)
def test_a_marked_standfirst_heads_the_text(read: Any, printed: str) -> None:
    page = _page(
        f"<header><h1>{HEADLINE}</h1>{printed}<span>11 November 2023</span></header><article>{_some(0, 8)}</article>"
    )
    assert read(page).text.split("\n") == [STANDFIRST, *(_paragraph(number) for number in range(8))]


@pytest.mark.parametrize("declared", [STANDFIRST, STANDFIRST[:70] + "..."])
def test_an_unmarked_standfirst_is_known_by_the_description(read: Any, declared: str) -> None:
    head = f'<meta property="og:description" content="{declared}">'
    page = _page(
        f"<header><h1>{HEADLINE}</h1><div>{STANDFIRST}</div></header><article>{_some(0, 8)}</article>", head
    )
    assert read(page).text.split("\n")[0] == STANDFIRST


def test_a_description_that_is_not_printed_is_not_made_up(read: Any) -> None:
    head = f'<meta property="og:description" content="{STANDFIRST}">'
    page = _page(f"<header><h1>{HEADLINE}</h1></header><article>{_some(0, 8)}</article>", head)
    assert STANDFIRST not in read(page).text


def test_a_standfirst_that_the_text_has_is_not_said_twice(read: Any) -> None:
    page = _page(f"<article><h1>{HEADLINE}</h1><p class='lead'>{STANDFIRST}</p>{_some(0, 8)}</article>")
    assert read(page).text.count(STANDFIRST) == 1
