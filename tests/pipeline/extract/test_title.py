"""The headline as its readers see it, whatever the page calls it elsewhere."""

# ruff: noqa: E501 - pages stand on their lines as they would be sent
from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.sites import strip_guessed, strip_site
from pipeline.extract.title import plain

TEXT = "<p>The committee backed the text on Friday evening without a vote, its chair told reporters.</p><p>Its sponsors thanked the interpreters, who had stayed late, and left for the night train.</p>"
NEWS = "Committee backs text against trafficking"
LONGER = "Committee backs text against trafficking in a late vote"
OTHER = "Late vote: trafficking text has backing of committee"


def page(title: str = "", *, h1: str = "", og: str = "", ld: str = "", head: str = "", body: str = "") -> str:
    """A page with its headline in the places named."""
    told = (
        f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": ld})}</script>'
        if ld
        else ""
    )
    social = f"<meta property=\"og:title\" content='{og}'>" if og else ""
    heading = f"<h1>{h1}</h1>" if h1 else ""
    return f'<html lang="en"><head><meta charset="utf-8"><title>{title}</title>{social}{told}{head}</head><body>{body}<main>{heading}{TEXT}</main></body></html>'


AGREEMENT = [
    ("all agree", page(f"{NEWS} | Courier", h1=NEWS, og=NEWS, ld=NEWS), NEWS),
    ("the title is for search engines", page(f"{OTHER} | Evening Courier", h1=NEWS, og=NEWS, ld=NEWS), NEWS),
    ("what is declared is for search engines", page(f"{OTHER} | Evening Courier", h1=NEWS, og=OTHER), NEWS),
    ("two wordings against two: the readers'", page(NEWS, h1=NEWS, og=OTHER, ld=OTHER), NEWS),
    ("two wordings against one", page("", h1=NEWS, og=OTHER, ld=OTHER), OTHER),
    ("JSON-LD alone against all others", page(NEWS, h1=NEWS, og=NEWS, ld="Vote expected tonight"), NEWS),
    ("the section stands in the h1", page(f"{NEWS} | Evening Courier", h1="World news", og=NEWS), NEWS),
    ("the section in the h1, nothing declared", page(f"{NEWS} | Evening Courier", h1="World news").replace("<main>", '<header class="site">').replace("</h1>", "</h1></header><main>"), NEWS),
    ("one title for the whole site", page("News from the harbour and the hills", h1=NEWS), NEWS),
    ("the logo is an h1", page(f"{NEWS} - Courier", og=f"{NEWS}", body='<h1 class="logo"><a href="/">The harbour\'s paper</a></h1>'), NEWS),
    ("several h1", page(f"{NEWS} | Evening Courier", h1=NEWS, body="<h1>Evening Courier</h1><h1>Weather</h1>"), NEWS),
    ("the headline is an h2", page(f"{NEWS} | Evening Courier", body=f"<h1>Evening Courier</h1><h2>{NEWS}</h2>"), NEWS),
    ("no heading", page(f"{NEWS} | Evening Courier", og=f"{NEWS} | Evening Courier"), NEWS),
    ("only microdata tells", page(f"{NEWS}-World\u3163Courier", body=f'<h2 itemprop="headline">{NEWS}</h2>'), NEWS),
    ("a tag cut short by a quotation mark", page('Committee backs "strong text" against trafficking', h1='Committee backs "strong text" against trafficking', og="Committee backs"), 'Committee backs "strong text" against trafficking'),
    ("cut with dots", page(NEWS, h1=LONGER, og="Committee backs text against\u2026"), LONGER),
    ("a headline that ends in dots", page(f"{NEWS}\u2026", h1=f"{NEWS}\u2026", og=f"{NEWS}\u2026"), f"{NEWS}\u2026"),
    ("shortened for previews", page(f"{LONGER} | Evening Courier", h1=LONGER, og=NEWS, ld=LONGER), LONGER),
]  # fmt: skip
KICKERS = [
    ("a kicker in a span", page(NEWS, h1=f'<span class="kicker">United Nations</span> {NEWS}'), NEWS),
    ("a kicker glued to the headline", page("", h1=f'<span class="topline">United Nations</span><span>{NEWS}</span>', og=NEWS), NEWS),
    ("a kicker that nothing declares", page("", h1=f'<span class="dachzeile">United Nations</span><span>{NEWS}</span>'), NEWS),
    ("a kicker that the page declares too", page(f"United Nations: {NEWS}", h1=f'<span class="kicker">United Nations</span><span>: </span><span>{NEWS}</span>', og=f"United Nations: {NEWS}", ld=f"United Nations: {NEWS}"), f"United Nations: {NEWS}"),
    ("lines that style alone parts", page("", h1=f"<span>United Nations</span><span>{NEWS}</span>", og=f"United Nations: {NEWS}"), f"United Nations: {NEWS}"),
    ("a subline in the heading", page("", h1=f"{NEWS}<small>Sponsors thank interpreters</small>", ld=NEWS), NEWS),
]  # fmt: skip
SIGNS = [
    ("quotation marks as printed", page("", h1="Chair: \u201ca strong text\u201d, and more", og='Chair: "a strong text", and more'), "Chair: \u201ca strong text\u201d, and more"),
    ("quotation marks that a template ate", page("", h1='"A strong text", says the chair of the panel', ld="A strong text, says the chair of the panel"), '"A strong text", says the chair of the panel'),
    ("spaces and what has no width", page("", h1="Committee\u00a0backs\u200b text\n  against traf\u00adficking"), NEWS),
    ("capitals as printed", page(NEWS, h1=NEWS.upper()), NEWS.upper()),
    ("entities escaped twice", page("", ld="Rights &amp;amp; duties of the panel"), "Rights & duties of the panel"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("html", "headline"),
    [row[1:] for row in (*AGREEMENT, *KICKERS, *SIGNS)],
    ids=[row[0] for row in (*AGREEMENT, *KICKERS, *SIGNS)],
)
def test_the_headline_is_what_readers_see_and_the_page_bears_out(read: Any, html: str, headline: str) -> None:
    assert read(html).title == headline


SITES = ["Evening Courier", "Courier Online - news and weather", "courier.example", "courier", "新华网"]


@pytest.mark.parametrize(
    ("title", "stripped"),
    [
        (f"{NEWS} | Evening Courier", NEWS),
        (f"{NEWS} - Evening Courier", NEWS),
        (f"{NEWS} \u2014 Evening Courier", NEWS),
        (f"{NEWS} \u00ab Evening Courier", NEWS),
        (f"{NEWS} \u00b7 courier.example", NEWS),
        (f"{NEWS}|Courier", NEWS),
        (f"{NEWS}\u3163Evening Courier", NEWS),
        (f"{NEWS} :: Evening Courier", NEWS),
        (f"{NEWS} [courier.example]", NEWS),
        (f"{NEWS} (Evening Courier)", NEWS),
        (f"Evening Courier: {NEWS}", f"Evening Courier: {NEWS}"),
        (f"Evening Courier | {NEWS}", NEWS),
        (f"{NEWS} - Courier Online - news and weather", NEWS),
        (f"{NEWS} - Courier News", NEWS),
        ("委员会支持打击人口贩运的案文_新华网", "委员会支持打击人口贩运的案文"),
        ("委员会支持打击人口贩运的案文-新华网", "委员会支持打击人口贩运的案文"),
        (f"{NEWS} | World | Evening Courier", NEWS),
        (f"{NEWS} | World", f"{NEWS} | World"),
        ("Talks end - without a text", "Talks end - without a text"),
        ("The courier-led talks end", "The courier-led talks end"),
        ("Evening Courier", "Evening Courier"),
        ("", ""),
    ],
)
def test_names_of_the_site_come_off_and_nothing_else(title: str, stripped: str) -> None:
    assert strip_site(title, SITES, ["World"]) == stripped


def test_a_short_part_behind_a_bar_is_a_name_when_nothing_else_tells() -> None:
    assert strip_guessed(f"{NEWS} | The Daily Something") == NEWS
    assert strip_guessed("Vote | The Daily Something") == "Vote | The Daily Something"
    assert strip_guessed(f"{NEWS} - without a vote") == f"{NEWS} - without a vote"


def test_the_feed_gives_the_headline_that_the_page_lacks(read: Any, entry: Any) -> None:
    assert read(page(""), entry=entry(title=f"{NEWS} | Evening Courier")).title == NEWS


def test_the_feed_tells_the_headline_from_an_unknown_name_beside_it(read: Any, entry: Any) -> None:
    html = page(f"{NEWS} - Something Daily", h1="")
    assert read(html, entry=entry(title=NEWS)).title == NEWS


def test_a_site_s_name_that_is_the_headline_is_none(read: Any) -> None:
    html = page(NEWS, h1=NEWS, head=f'<meta property="og:site_name" content="{NEWS}">')
    assert read(html).title == NEWS


@given(st.text(max_size=300), st.lists(st.text(min_size=1, max_size=20), max_size=4))
@settings(max_examples=80, deadline=None)
def test_stripping_only_ever_takes_off(title: str, sites: list[str]) -> None:
    stripped = strip_site(title, sites)
    assert stripped in title
    assert stripped or not title.strip()
    assert plain(strip_guessed(title)) in plain(title)
