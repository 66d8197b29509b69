"""JSON-LD as pages have it: in graphs and lists, by reference, about other articles, and broken."""

# ruff: noqa: E501 - scripts stand on their lines as they would be sent
from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.jsonld import article_node, names, read_nodes, read_scripts, string
from pipeline.extract.repair import load_all

URL = "https://www.courier.example/world/4711"
HEADLINE = "Committee backs text against trafficking"
PAGE = '<html lang="en"><head><title>%s | Courier</title>%s</head><body><main><h1>%s</h1><p>The committee backed the text on Friday evening without a vote, its chair told reporters.</p></main></body></html>'


def told(*nodes: object) -> dict[str, Any]:
    """The article's node in a script that holds these."""
    return article_node(read_nodes([json.dumps(node) for node in nodes]), [URL], [HEADLINE])


def page(script: str) -> str:
    """A page with one script."""
    return PAGE % (HEADLINE, f'<script type="application/ld+json">{script}</script>', HEADLINE)


@pytest.mark.parametrize(
    "wrapped",
    [
        {"@type": "NewsArticle", "headline": HEADLINE},
        [{"@type": "WebSite"}, {"@type": "NewsArticle", "headline": HEADLINE}],
        {"@graph": [{"@type": "Organization"}, {"@type": "NewsArticle", "headline": HEADLINE}]},
        {"@type": "WebPage", "mainEntity": {"@type": ["Article", "NewsArticle"], "headline": HEADLINE}},
        {"@type": ["http://schema.org/NewsArticle"], "headline": HEADLINE},
        {"@type": "schema:NewsArticle", "headline": HEADLINE},
        {"headline": HEADLINE, "datePublished": "2023-11-11"},
    ],
    ids=["alone", "in a list", "in a graph", "inside the page's node", "type by address", "type with prefix", "without a type"],
)  # fmt: skip
def test_the_article_is_found_wherever_it_stands(wrapped: object) -> None:
    assert told(wrapped)["headline"] == HEADLINE


def test_references_become_the_nodes_they_stand_for() -> None:
    node = told(
        {
            "@graph": [
                {
                    "@type": "NewsArticle",
                    "headline": HEADLINE,
                    "author": [{"@id": "#ana"}, {"@id": "#jon"}],
                    "publisher": {"@id": "#paper"},
                },
                {"@type": "Person", "@id": "#ana", "name": "Ana Sole"},
                {"@type": "Person", "@id": "#jon", "name": "Jon Roe"},
                {"@type": "WebSite", "publisher": {"@id": "#paper", "name": "Evening Courier"}},
            ]
        }
    )
    assert names(node["author"]) == ["Ana Sole", "Jon Roe"]
    assert names(node["publisher"]) == ["Evening Courier"]


def test_a_reference_to_nothing_names_nobody() -> None:
    node = told({"@type": "NewsArticle", "headline": HEADLINE, "author": {"@id": "#nobody"}})
    assert names(node["author"]) == []


def test_of_several_articles_the_one_at_this_address_is_taken() -> None:
    other = {
        "@type": "NewsArticle",
        "headline": "Harbour closed",
        "url": "https://www.courier.example/world/1",
    }
    own = {"@type": "NewsArticle", "headline": "Text backed", "mainEntityOfPage": {"@id": f"{URL}?from=home"}}
    assert told(other, own)["headline"] == "Text backed"


def test_of_several_articles_without_address_the_one_with_this_headline_is_taken() -> None:
    assert (
        told(
            {"@type": "NewsArticle", "headline": "Harbour closed"},
            {"@type": "NewsArticle", "headline": HEADLINE},
        )["headline"]
        == HEADLINE
    )


def test_articles_that_are_only_listed_are_not_this_one() -> None:
    listed = {
        "@type": "ItemList",
        "itemListElement": [{"item": {"@type": "NewsArticle", "headline": "Harbour closed"}}],
    }
    assert told(listed) == {}
    assert (
        told(listed, {"@type": "NewsArticle", "headline": "A text is backed"})["headline"]
        == "A text is backed"
    )


def test_a_lone_article_of_another_address_and_subject_is_not_this_one() -> None:
    node = {
        "@type": "NewsArticle",
        "headline": "Harbour closed",
        "url": "https://www.courier.example/world/1",
    }
    assert told(node) == {}
    # an address may be an older one, when the headline speaks for it
    assert told({**node, "headline": "Trafficking text gets backing"}) != {}


@pytest.mark.parametrize(
    "script",
    [
        '{"@type":"NewsArticle","headline":"%s",}',
        '<!-- {"@type":"NewsArticle","headline":"%s"} -->',
        '//<![CDATA[\n{"@type":"NewsArticle","headline":"%s"}\n//]]>',
        '{"@type":"NewsArticle","headline":"%s"};',
        '{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;headline&quot;:&quot;%s&quot;}',
        '{"@type":"WebSite"}\n{"@type":"NewsArticle","headline":"%s"}',
        '{"@type":"NewsArticle","description":"one\ntwo","headline":"%s"}',
        '{"@type":"NewsArticle","description":"the chair\\\'s words","headline":"%s"}',
        '{\n "@type": "NewsArticle",\n "description": "The "backed" text",\n "headline": "%s"\n}',
        '{"@type":"NewsArticle","headline":"%s","description":"never closed',
        '{"@type":"NewsArticle","headline":"%s","image":[{"url":}],"x":',
    ],
    ids=["comma at the end", "in a comment", "in CDATA", "semicolon", "escaped for HTML", "two values", "line break", "lone backslash", "bare quotes", "cut off", "a value missing"],
)  # fmt: skip
def test_broken_json_gives_what_it_holds(script: str) -> None:
    found = article_node(read_nodes([script % HEADLINE]), [URL], [HEADLINE])
    assert found["headline"] == HEADLINE


def test_a_cut_script_still_gives_time_and_author(read: Any) -> None:
    script = (
        f'{{"@type":"NewsArticle","headline":"{HEADLINE}","datePublished":"2023-11-11T09:00:00Z",'
        '"author":{"@type":"Person","name":"Ana Sole"},"articleBody":"The committee'
    )
    article = read(page(script))
    assert article.authors == ("Ana Sole",)
    assert article.published.at.isoformat() == "2023-11-11T09:00:00+00:00"


def test_a_broken_script_of_no_article_gives_nothing() -> None:
    assert load_all('{"@type":"WebSite","name":"Courier') == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Rights &amp; duties", "Rights & duties"),
        ("Rights &amp;amp; duties", "Rights & duties"),
        ("The chair&amp;#8217;s words", "The chair’s words"),
        ("A <em>new</em> text", "A new text"),
        ("Fewer than 3 < 5", "Fewer than 3 < 5"),
        (["First", "Second"], "First"),
        ({"@value": "Text", "@language": "en"}, "Text"),
        (None, ""),
        (17, ""),
    ],
)
def test_values_are_read_as_text(value: object, text: str) -> None:
    assert string(value) == text


def test_authors_are_named_through_every_nesting() -> None:
    value = [[{"name": ["Ana Sole", "Jon Roe"]}], "Mia Lund", {"@type": "Person"}]
    assert names(value) == ["Ana Sole", "Jon Roe", "Mia Lund"]


@given(st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_no_script_breaks_the_reading(noise: str) -> None:
    for script in (noise, f'{{"@type":"NewsArticle","headline":"{noise}', f'{{"@graph":[{noise}]}}'):
        assert isinstance(article_node(read_nodes([script]), [URL], [HEADLINE]), dict)


def test_endless_nesting_is_read_to_a_bound() -> None:
    deep = '{"@graph":' * 900 + "{}" + "}" * 900
    assert len(read_scripts([deep, "[" * 100_000])) <= 2_000
