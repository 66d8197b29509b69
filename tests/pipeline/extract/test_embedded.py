"""Pages that show no text themselves: what their scripts hold, and what a broader reading finds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.embedded import embedded_text
from pipeline.extract.tree import Parsed, parse

FIRST = (
    "The council of Brenn voted on Tuesday to reopen the harbour after eleven years, ending a long dispute."
)
SECOND = (
    "Fishermen had asked for it every spring since the flood; the mayor promised the first boats by June."
)
TEXT = f"<p>{FIRST}</p><figure>a picture</figure><p>{SECOND}</p>"
HEAD = (
    '<meta property="og:title" content="Harbour of Brenn reopens"><meta property="og:type" content="article">'
)


def _escaped(text: str) -> str:
    return json.dumps(text).replace("<", "\\u003c").replace(">", "\\u003e")


def _streamed(text: str) -> str:
    """A text row of a stream, cut in the middle."""
    row = f"24:T{len(text.encode()):x},{text}25:[]\n"
    half = len(row) // 2
    return "".join(
        f"<script>self.__next_f.push([1,{_escaped(part)}])</script>" for part in (row[:half], row[half:])
    )


@pytest.mark.parametrize(
    "scripts",
    [
        f"<script>window.state = {{article: {{body: {_escaped(TEXT)}}}}}</script>",
        f'<script type="application/json">{{"props": {{"html": {_escaped(TEXT)}}}}}</script>',
        f"<script>start(JSON.parse({_escaped(json.dumps({'html': TEXT}))}))</script>",
        _streamed(TEXT),
    ],
    ids=["a value", "application/json", "JSON in a string", "a stream in pieces"],
)
def test_an_article_that_only_scripts_hold_is_read(read: Any, scripts: str) -> None:
    article = read(f"<html><head>{HEAD}</head><body><div id='root'></div>{scripts}</body></html>")
    assert article.title == "Harbour of Brenn reopens"
    assert article.text == f"{FIRST}\n{SECOND}"


def test_scripts_of_a_page_that_is_no_article_are_not_searched(refuse: Any) -> None:
    script = f"<script>window.state = {{body: {_escaped(TEXT)}}}</script>"
    assert "no text" in refuse(f"<html><head><title>Brenn</title></head><body>{script}</body></html>").detail


def test_a_page_that_shows_its_text_is_not_asked_for_its_scripts(read: Any) -> None:
    shown = "Only this sentence is shown to readers, and it is longer than a label would be by far."
    script = f"<script>window.state = {{body: {_escaped(TEXT)}}}</script>"
    assert read(f"<html><head>{HEAD}</head><body><p>{shown}</p>{script}</body></html>").text == shown


def test_an_article_of_one_word_is_an_article(read: Any) -> None:
    page = (
        f"<html><head>{HEAD}</head><body><article><header><h1>Harbour of Brenn reopens</h1></header>"
        "<div><p>Developing</p></div></article>"
        "<aside><ul><li><a href='/1'>Other news of the day</a></li></ul></aside></body></html>"
    )
    assert read(page).text == "Developing"


@given(st.text(alphabet='{}[]"\\,:Tabc0<p>br \n', max_size=200))
@settings(max_examples=100)
def test_no_script_makes_the_search_fail(script: str) -> None:
    parsed = parse(f"<html><body><p>x</p><script>{script}</script></body></html>")
    assert isinstance(parsed, Parsed)
    assert isinstance(embedded_text(parsed.root, "https://www.courier.example/1"), str)


@pytest.mark.parametrize("piece", ['"', '\\"', '"[', '":T', "<p>", '"{'])
def test_no_script_costs_more_than_a_moment(piece: str) -> None:
    parsed = parse(f"<html><body><script>{piece * 200_000}</script></body></html>")
    assert isinstance(parsed, Parsed)
    assert embedded_text(parsed.root, "https://www.courier.example/1") == ""
