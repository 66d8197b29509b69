"""URLs: one key for one article, and only URLs that every parser reads alike are asked for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.urls import _PLAIN, _folded, host_of, identity, is_fetchable, same_site

STORY = "https://example.com/story/1"
ALIKE = [
    "https://example.com/story/1/",
    "http://example.com/story/1",
    "HTTPS://EXAMPLE.com/story/1",
    "https://example.com:443/story/1",
    "http://example.com:80/story/1",
    "https://www.example.com/story/1",
    "https://m.example.com/story/1",
    "https://mobile.example.com/story/1",
    "https://amp.example.com/story/1",
    "https://www.m.example.com/story/1",
    "https://example.com./story/1",
    "https://example.com/story/1#top",
    "https://example.com/story/1?utm_source=rss",
    "https://example.com/story/1?utm_medium=a&utm_campaign=b",
    "https://example.com/story/1?UTM_Source=rss",
    "https://example.com/story/1?fbclid=abc",
    "https://example.com/story/1?gclid=1",
    "https://example.com/story/1?at_medium=RSS&at_campaign=KARANGA",
    "https://example.com/story/1?ref=rss",
    "https://example.com/story/1?ref=rss_top",
    "https://example.com/story/1?from=telegram",
    "https://example.com/story/../story/1",
    "https://example.com/./story/1",
    "https://example.com//story/1",
    "https://example.com/story/1/amp",
    "https://example.com/story/1/amp/",
    "https://example.com/story/1?amp=1",
    "https://example.com/story/1?outputType=amp",
    "https://example.com/story/1;jsessionid=0A1B2C",
    "https://example.com/story/1?PHPSESSID=77",
    "https://example.com/%73tory/1",
    "https://example.com/story/1?",
    " https://example.com/story/1 ",
    "https://exa\nmple.com/story/1",
]
DIFFERENT = [
    "https://example.com/story/2",
    "https://example.com/Story/1",
    "https://example.com/story/1?id=5",
    "https://example.com/story/1?p=5",
    "https://example.com/story/1?ref=4711",
    "https://example.com/story/1?source=belta-5",
    "https://example.com/story/1?page=2",
    "https://example.com/story",
    "https://news.example.com/story/1",
    "https://example.org/story/1",
    "https://example.com:8080/story/1",
    "https://example.com/story/1/print",
    "https://example.com/#!/story/1",
    "https://example.com/story%2F1",
]


@pytest.mark.parametrize("url", ALIKE)
def test_p15_ways_to_link_one_article_have_one_key(url: str) -> None:
    assert identity(url) == identity(STORY)


@pytest.mark.parametrize("url", DIFFERENT)
def test_p15_different_articles_keep_different_keys(url: str) -> None:
    assert identity(url) != identity(STORY)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://xn--e1afmkfd.xn--p1ai/a", "https://пример.рф/a"),
        ("https://example.com/~user/a", "https://example.com/%7Euser/a"),
        ("https://example.com/?a=1&b=2", "https://example.com?b=2&a=1"),
        ("https://example.com/новость", "https://example.com/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C"),
        ("https://example.com/a.html", "https://example.com/a.amp.html"),
        ("https://www.bbc.co.uk/news", "http://bbc.co.uk/news/"),
    ],
)
def test_p15_spellings_of_one_url_have_one_key(one: str, other: str) -> None:
    assert identity(one) == identity(other)


def test_a_prefix_that_is_the_name_itself_is_kept() -> None:
    assert identity("https://m.com/a") != identity("https://com/a")
    assert identity("https://www.gov.uk/a") == "https://www.gov.uk/a"


def test_what_is_no_web_url_is_its_own_key() -> None:
    assert identity("javascript:alert(1)") == "javascript:alert(1)"
    assert identity("http://[broken/a") == "http://[broken/a"


_pieces = st.sampled_from(
    [
        "/",
        "/amp",
        ".amp",
        ".html",
        "..",
        "%7E",
        "%2e",
        "%25",
        ";jsessionid=1",
        "?",
        "&",
        "=",
        "utm_x",
        "ref=rss",
    ]
)
_more = st.sampled_from(["a", "www.", "m.", "#", "é", "%C3", "+", " ", "//", ":"])
_urls = st.one_of(
    st.text(max_size=40),
    st.lists(_pieces | _more, max_size=12).map(lambda parts: "http://www.example.com" + "".join(parts)),
    st.text(max_size=30).map("https://example.com/".__add__),
    st.text(max_size=20).map("https://m.example.com/?".__add__),
)


@settings(max_examples=400, deadline=None)
@given(_urls)
def test_p15_the_key_of_a_key_is_the_key(url: str) -> None:
    assert identity(identity(url)) == identity(url)


@settings(max_examples=200, deadline=None)
@given(_urls)
def test_any_text_is_answered_without_an_error(url: str) -> None:
    assert is_fetchable(url) in {True, False}
    host_of(url)
    same_site(url, "https://example.com")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "ftp://example.com/x",
        "gopher://example.com/",
        "data:text/html,x",
        "http://user@example.com/",
        "http://user:word@example.com/",
        "http://a\\@127.0.0.1/",
        "http:\\\\example.com/",
        "http://exam\tple.com/",
        "http://example.com/a\r\nHost: x",
        "http:///path",
        "http://example.com:99999/",
        "http://[::1/",
        "//example.com/a",
        "story/1",
        "",
        "http://example.com/" + "a" * 3000,
    ],
)
def test_f08_urls_that_parsers_read_differently_are_not_asked_for(url: str) -> None:
    assert not is_fetchable(url)


@pytest.mark.parametrize(
    "url", [STORY, "http://пример.рф/новость", "http://example.com:8080/a?b=c", "http://[::1]/"]
)
def test_plain_web_urls_may_be_asked_for(url: str) -> None:
    assert is_fetchable(url)


@pytest.mark.parametrize("port", [22, 25, 143, 6667])
def test_no_link_makes_us_talk_to_another_service_than_the_web(port: int) -> None:
    assert not is_fetchable(f"http://example.com:{port}/a")


def test_a_site_is_a_registered_domain() -> None:
    assert same_site("https://news.example.co.uk/a", "http://www.example.co.uk/b")
    assert not same_site("https://one.co.uk/", "https://two.co.uk/")
    assert same_site("http://127.0.0.1/a", "http://127.0.0.1:8080/b")
    assert not same_site("http://127.0.0.1/", "http://127.0.0.2/")
    assert not same_site("nonsense", "nonsense")


_slugs = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8).filter(
    lambda one: one != "amp"
)
_articles = st.builds(
    lambda host, path, query: (host, path, query),
    st.sampled_from(["example.com", "news.example.co.uk", "example.org"]),
    st.lists(_slugs, min_size=1, max_size=4),
    st.none() | st.tuples(st.sampled_from(["id", "p", "article"]), st.integers(1, 9999)),
)
_spellings = st.fixed_dictionaries(
    {
        "scheme": st.sampled_from(["http", "https", "HTTP"]),
        "prefix": st.sampled_from(["", "www.", "m.", "amp.", "mobile.", "WWW."]),
        "dots": st.sampled_from(["", "./", "x/../"]),
        "session": st.sampled_from(["", ";jsessionid=0A1B"]),
        "amp": st.sampled_from(["", "/amp", "/"]),
        "trackers": st.lists(
            st.sampled_from(
                ["utm_source=rss", "fbclid=Iw1", "gclid=7", "PHPSESSID=77", "at_medium=RSS", "ref=rss"]
            ),
            max_size=3,
        ),
        "fragment": st.sampled_from(["", "#top", "#comments"]),
        "port": st.booleans(),
        "capitals": st.booleans(),
    }
)


def _spelt(article: tuple[str, list[str], tuple[str, int] | None], how: dict[str, Any]) -> str:
    host, path, query = article
    shown = how["prefix"] + (host.upper() if how["capitals"] else host)
    port = {"http": ":80", "https": ":443"}[how["scheme"].lower()] if how["port"] else ""
    parameters = [*how["trackers"], *(["{}={}".format(*query)] if query else [])]
    asked = "?" + "&".join(parameters) if parameters else ""
    return f"{how['scheme']}://{shown}{port}/{how['dots']}{'/'.join(path)}{how['session']}{how['amp']}{asked}{how['fragment']}"


@settings(max_examples=300, deadline=None)
@given(_articles, _spellings, _spellings)
def test_p15_all_spellings_of_an_article_have_one_key(article: Any, one: Any, other: Any) -> None:
    assert identity(_spelt(article, one)) == identity(_spelt(article, other))


@settings(max_examples=300, deadline=None)
@given(_articles, _articles, _spellings, _spellings)
def test_p15_no_spelling_merges_two_articles(first: Any, second: Any, one: Any, other: Any) -> None:
    alike = identity(_spelt(first, one)) == identity(_spelt(second, other))
    assert alike is (first == second)


_plain = st.from_regex(_PLAIN, fullmatch=True) | st.lists(_pieces, max_size=8).map(
    lambda parts: "http://www.example.com/a" + "".join(parts)
)


@settings(max_examples=400, deadline=None)
@given(_plain)
def test_p15_the_short_way_for_plain_urls_leads_to_the_same_key(url: str) -> None:
    assert identity(url) == _folded(url)
