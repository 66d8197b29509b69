"""Boxes inside an article: what leads to other articles never reaches the text, what belongs to it stays."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.extract.teasers import find_teasers
from pipeline.extract.tree import Parsed, parse

HEADLINE = "Harbour of Brenn to reopen"
TEXT = [
    "The council of Brenn voted on Tuesday to reopen the harbour after eleven years, ending a long dispute with the port.",
    "Fishermen had asked for it every spring since the flood, and the mayor promised them the first boats by the end of June.",
    "The vote was 14 to 3 with two abstentions; the opposition said that it would ask the court to look at the figures again.",
    "Work on the northern pier begins in May, and the port authority expects it to cost some four million crowns in all.",
]
ELSEWHERE = [
    "Ferry company orders three new ships from Marnau",
    "Old lighthouse of Selm becomes a museum next year",
    "Why the herring came back to the bay after decades",
]


def _page(*inside: str, after: str = "") -> str:
    """An article with something between its paragraphs."""
    paragraphs = [f"<p>{one}</p>" for one in TEXT]
    body = "".join([paragraphs[0], paragraphs[1], *inside, paragraphs[2], paragraphs[3]])
    return (
        f"<html lang='en'><head><title>{HEADLINE}</title></head><body>"
        f"<article><h1>{HEADLINE}</h1>{body}{after}</article></body></html>"
    )


def _links(tag: str = "li") -> str:
    return "".join(f'<{tag}><a href="/news/{n}">{one}</a></{tag}>' for n, one in enumerate(ELSEWHERE))


@pytest.mark.parametrize(
    "box",
    [
        f"<ul>{_links()}</ul>",
        f"<h3>In the same bay</h3><ul>{_links()}</ul>",
        f"<p><strong>What our readers liked this week:</strong></p><ul>{_links()}</ul>",
        _links("p"),
        f'<p>Bay news: <a href="/news/1">{ELSEWHERE[0]}</a></p>',
        f'<p><b>BAY NEWS</b> | <a href="/news/1">{ELSEWHERE[0]}</a></p>',
        "".join(
            f'<div class="c{n}"><h4><a href="/news/{n}">{one}</a></h4><p>{one}, as our reporter learned.</p></div>'
            for n, one in enumerate(ELSEWHERE)
        ),
        f'<ul><li><i>Sea</i> <a href="/1">{ELSEWHERE[0]}</a></li><li><i>Bay</i> <a href="/2">{ELSEWHERE[1]}</a></li></ul>',
    ],
    ids=[
        "a list", "a list under a heading", "a list after a bold line", "lines of links", "a lead-in with a colon",
        "a lead-in with a bar", "cards", "a list with kickers",
    ],
)  # fmt: skip
def test_links_to_other_articles_are_told_without_a_word_of_any_language(read: Any, box: str) -> None:
    assert read(_page(box)).text.split("\n") == TEXT


@pytest.mark.parametrize(
    "label",
    [
        "Read also:", "Related articles", "Up next", "Читайте также:", "По теме", "Чытайце таксама", "Həmçinin oxuyun",
        "À lire aussi :", "Noticia relacionada", "Lea también", "Lesen Sie auch", "Weiterlesen:", "اقرأ أيضا", "相关新闻",
        "延伸阅读",
    ],
)  # fmt: skip
def test_a_label_takes_its_links_with_it_in_every_language(read: Any, label: str) -> None:
    inline = f'<p>{label} <a href="/news/1">{ELSEWHERE[0]}</a></p>'
    block = f"<div><h4>{label}</h4><ul>{_links()}</ul></div>"
    for box in (inline, block):
        text = read(_page(box)).text
        assert text.split("\n") == TEXT, text


@pytest.mark.parametrize(
    "box",
    [
        '<div class="c-inlineSignup"><h2>Get the bay in your inbox every morning</h2><p>Fresh news.</p></div>',
        '<div class="author__bio"><p>Mara Lind covers the coast for the Courier and has sailed it twice.</p></div>',
        '<div class="image-widget"><img src="a.jpg"><p>The pier in March</p><p>Image: Jan Roth</p></div>',
        '<p class="caption">The northern pier after the flood</p>',
        "<figure><img src='a.jpg'><figcaption>The northern pier after the flood</figcaption></figure>",
        '<div class="visually-hidden">Article content</div>',
        '<div class="crumbs">News / World</div>',
        '<ol class="breadcrumb"><li>Home</li><li>Politics</li></ol>',
        f'<div class="relatedArticles"><p><a href="/news/1">{ELSEWHERE[0]}</a></p></div>',
    ],
)
def test_furniture_is_known_by_its_marks(read: Any, box: str) -> None:
    assert read(_page(box)).text.split("\n") == TEXT


def test_sections_above_bare_text_do_not_run_into_it(read: Any) -> None:
    lines = "<br><br>".join(TEXT)
    body = f"<h1>{HEADLINE}</h1><div class='crumbs'>News / World</div>{lines}"
    page = f"<html><head><title>{HEADLINE}</title></head><body>{body}</body></html>"
    assert read(page).text.startswith(TEXT[0])


@pytest.mark.parametrize(
    ("inside", "kept"),
    [
        ("<ul><li>harbour dues fall by a tenth</li><li>the pier is closed at night</li></ul>", "harbour dues fall"),
        ("<ol><li>In favour: 14</li><li>Against: 3</li><li>Abstaining: 2</li></ol>", "Abstaining: 2"),
        ("<blockquote><p>We waited for this day for eleven years, said the mayor of the town.</p></blockquote>", "We waited"),
        ("<table><tr><td>Norland</td><td>in favour</td></tr><tr><td>Selm</td><td>against</td></tr></table>", "Norland"),
        ("<p><b>Why did it take the council so long to decide?</b></p>", "so long to decide?"),
        ("<h3>Figures in doubt</h3>", "Figures in doubt"),
        ('<p><a href="/decision.pdf">The decision was published on the same evening by the council.</a></p>', "was published"),
        ('<p>Source: <a href="https://www.norland.example/">Norland Press</a></p>', "Norland Press"),
        (
            '<p>The council pointed to <a href="/1">the plan of the port authority for the pier</a> and to the figures.</p>',
            "the plan of the port authority",
        ),
    ],
    ids=[
        "bullets", "votes", "a quote", "a table of votes", "a question of an interview", "a heading",
        "a linked sentence", "a linked source", "a link in a sentence",
    ],
)  # fmt: skip
def test_what_belongs_to_the_text_stays(read: Any, inside: str, kept: str) -> None:
    text = read(_page(inside)).text
    assert kept in text
    assert all(one in text for one in TEXT)


def test_on_a_page_that_is_a_list_of_links_none_is_a_teaser() -> None:
    headline = "Number {} of the reports on the harbour that we chose for you"
    many = "".join(f'<p><a href="/news/{n}">{headline.format(n)}</a></p>' for n in range(40))
    parsed = parse(f"<html><head><title>{HEADLINE}</title></head><body><p>{TEXT[0]}</p>{many}</body></html>")
    assert isinstance(parsed, Parsed)
    assert find_teasers(parsed.root) == []


def test_marks_that_cover_the_text_itself_tell_nothing(read: Any) -> None:
    paragraphs = "".join(f'<p class="caption">{one}</p>' for one in TEXT * 5)
    body = f"<article><h1>{HEADLINE}</h1>{paragraphs}</article>"
    page = f"<html><head><title>{HEADLINE}</title></head><body>{body}</body></html>"
    assert TEXT[0] in read(page).text


def test_a_drop_cap_is_joined_to_its_word(read: Any) -> None:
    first = f'<p><span class="cap">A</span>{"fter"} {TEXT[0][4:]}</p>'
    text = read(_page().replace(f"<p>{TEXT[0]}</p>", first)).text
    assert text.startswith("After ")
