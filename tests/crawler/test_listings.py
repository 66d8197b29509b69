"""Section pages: their articles are told from their other links, dates and further pages are found, and it always ends."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.listings import MAX_LINKS, matches, may_follow, read_listing
from crawler.source import Listing
from crawler.urls import identity, same_site

URL = "https://www.outlet.com/world"
PAGE = """<!doctype html><html><head><meta charset="utf-8"><link rel="next" href="/world?page=2"></head><body>
<nav><a href="/">Home</a> <a href="/about">About us and our work since 1990</a> <a href="/world">World news of the day</a>
<a href="/tag/assembly-and-its-many-resolutions">Assembly and its many resolutions</a></nav>
<main><div class="card"><a href="/world/assembly-adopts-text-on-trafficking-4711"><img src="a.jpg"></a>
<h3><a href="/world/assembly-adopts-text-on-trafficking-4711#top">Assembly adopts text on trafficking</a></h3>
<time datetime="2026-11-23T10:00:00+03:00">Monday</time></div>
<div class="card"><h3><a href="https://news.outlet.com/2026/11/22/ministers-meet">Ministers meet</a></h3>
<time datetime="2026-11-22">Sunday</time></div>
<div class="card"><h3><a href="/doc/99812">Съезд закрылся</a></h3></div></main>
<footer><a href="https://elsewhere.test/2026/11/23/a-story-of-somebody-else-1">A story of somebody else altogether</a>
<a href="/report.pdf">Our whole report of the year as a file</a> <a href="mailto:desk@outlet.com">Write to the desk now</a>
</footer></body></html>"""


def _read(page: str | bytes = PAGE, label: str | None = "text/html", **keys: object) -> list[str]:
    body = page.encode() if isinstance(page, str) else page
    return [entry.url for entry in read_listing(body, URL, label, Listing(URL, **keys)).entries]  # type: ignore[arg-type]  # by name


def test_articles_are_told_from_sections_files_and_other_sites() -> None:
    assert _read() == [
        "https://www.outlet.com/world/assembly-adopts-text-on-trafficking-4711",
        "https://news.outlet.com/2026/11/22/ministers-meet",
        "https://www.outlet.com/doc/99812",
    ]


def test_titles_and_dates_stand_beside_the_links() -> None:
    first, second, third = read_listing(PAGE.encode(), URL, None, Listing(URL)).entries
    assert (first.title, first.published) == (
        "Assembly adopts text on trafficking",
        datetime(2026, 11, 23, 7, tzinfo=UTC),
    )
    assert (second.published, second.published_raw) == (None, "2026-11-22")
    assert (third.title, third.published_raw) == ("Съезд закрылся", None)


@pytest.mark.parametrize(
    ("pattern", "url", "expected"),
    [
        ("/world/*", "https://o.test/world/a-story", True),
        ("/world/*", "https://o.test/world/a-story/", True),
        ("/world/*", "https://o.test/world/a/b", False),
        ("/world/**", "https://o.test/world/a/b", True),
        ("/en/**/20*/*/*.html", "https://o.test/en/press/2026/May/a.html", True),
        ("/en/**/20*/*/*.html", "https://o.test/en/press/index.html", False),
        ("https://news.o.test/*", "https://news.o.test/a", True),
        ("https://news.o.test/*", "https://www.o.test/a", False),
        ("/story.php?id=*", "https://o.test/story.php?id=5", True),
        ("/a.b/*", "https://o.test/axb/c", False),
    ],
)
def test_a_pattern_says_what_articles_urls_look_like(pattern: str, url: str, expected: bool) -> None:
    assert matches(pattern, url) is expected


def test_a_pattern_or_a_selector_decides_alone() -> None:
    assert _read(links="/tag/*") == ["https://www.outlet.com/tag/assembly-and-its-many-resolutions"]
    assert _read(css="nav a[href^='/about']") == ["https://www.outlet.com/about"]
    assert _read(css="main", links="/doc/*") == ["https://www.outlet.com/doc/99812"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", f"{URL}?page=2"),
        (f"{URL}/{{page}}", f"{URL}/4"),
        ("main h3 a", f"{URL}/assembly-adopts-text-on-trafficking-4711"),
        ("b", None),
    ],
)
def test_the_next_page_is_where_the_listing_says(more: str, expected: str | None) -> None:
    assert read_listing(PAGE.encode(), URL, None, Listing(URL, more=more), 3).more == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.test/world",
        "javascript:next()",
        f"{URL}?{'&'.join(f'a{n}=1' for n in range(9))}",
        "https://www.outlet.com/a/b/a/c/a",
        f"{URL}?{'x' * 2100}",
    ],
)
def test_f31_further_pages_that_look_like_traps_are_not_followed(url: str) -> None:
    assert not may_follow(url, URL)
    assert may_follow(f"{URL}?page=2", URL)


def test_f32_no_more_links_are_looked_at_than_a_section_can_have() -> None:
    page = "".join(
        f"<a href='/story-of-the-day-{n + 1000}'>What was said on day {n} of it</a>"
        for n in range(MAX_LINKS + 50)
    )
    assert len(_read(page)) == MAX_LINKS


def test_f38_titles_are_read_in_the_encoding_that_the_bytes_prove() -> None:
    entry = read_listing(PAGE.encode(), URL, "text/html; charset=iso-8859-1", Listing(URL)).entries[2]
    assert entry.title == "Съезд закрылся"
    cyrillic = PAGE.replace('<meta charset="utf-8">', "").encode("windows-1251")
    entry = read_listing(cyrillic, URL, "text/html; charset=windows-1251", Listing(URL)).entries[2]
    assert entry.title == "Съезд закрылся"


@pytest.mark.parametrize("body", [b"", b"   ", b"<html></html>", b"\x00\xff", b"{}", b"<!-- -->"])
def test_a_page_without_links_gives_a_reason(body: bytes) -> None:
    read = read_listing(body, URL, None, Listing(URL))
    assert (read.entries, bool(read.problem)) == ((), True)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=80),
    st.integers(0, len(PAGE.encode())),
    st.sampled_from(["", "/world/*"]),
    st.sampled_from(["", "h3", "a"]),
)
def test_no_mutation_of_a_page_makes_the_reader_raise_or_leave_the_site(
    noise: bytes, at: int, links: str, css: str
) -> None:
    body = PAGE.encode()
    listing = Listing(URL, links, css)
    for page in (body[:at] + noise + body[at + len(noise) :], noise):
        read = read_listing(page, URL, noise.decode("latin-1"), listing)
        keys = [identity(entry.url) for entry in read.entries]
        assert len(keys) == len(set(keys))
        assert all(same_site(entry.url, URL) for entry in read.entries)
        assert read.more is None or may_follow(read.more, URL)
