"""`tipwatch sources check` against a real site on loopback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture
def configured(newsroom, typed, tmp_path: Path):
    """Configure a source on the newsroom with these keys, and return how commands are typed."""

    def configure(keys: str):
        path = tmp_path / "config.yaml"
        entry = f"  - id: gazette\n    name: The Gazette\n    {keys}\n".replace("SITE", newsroom.url)
        path.write_text(path.read_text().replace("  # a note", entry + "  # a note"))
        return typed

    return configure


def test_a_good_source_is_told_list_by_list_and_nothing_is_kept(newsroom, configured, tmp_path: Path) -> None:
    typed = configured("feeds: [SITE/feed]\n    sitemaps: [SITE/sitemap-news.xml]\n    listings: [SITE/news]")
    code, out, err = typed("sources", "check", "gazette", "--json")
    told = json.loads(out)
    assert (code, told["problems"]) == (0, 0), err
    assert [(one["kind"], one["result"], one["entries"]) for one in told["lists"]] == [
        ("feed", "ok", 20),
        ("sitemap", "ok", 15),
        ("listing", "ok", 12),
    ]
    articles = [article for one in told["lists"] for article in one["articles"]]
    assert 3 <= len(articles) <= 9
    assert all(
        article["title"] and article["published_at"] and article["chars"] > 300 for article in articles
    )
    assert {article["language"] for article in articles} == {"en"}
    assert [(one["status"], one["refused"]) for one in told["robots"]] == [(200, [])]
    assert len(newsroom.asked) == len(set(newsroom.asked))
    assert not list(tmp_path.glob("*.db*"))


def test_what_is_wrong_is_told_with_what_to_do(newsroom, configured) -> None:
    newsroom.put("/robots.txt", "User-agent: *\nDisallow: /culture\nCrawl-delay: 0.1\n", "text/plain")
    newsroom.put(
        "/empty", '<rss version="2.0"><channel><title>x</title></channel></rss>', "application/rss+xml"
    )
    typed = configured("feeds: [SITE/gone, SITE/culture/feed, SITE/news, SITE/empty, SITE/sport/feed]")
    code, out, _ = typed("sources", "check", "gazette")
    told = out.replace(newsroom.url, "SITE")
    assert code == 3
    assert "SITE/robots.txt: HTTP 200, asks for 0.1 s between requests, PROBLEM: forbids" in told
    assert "PROBLEM: HTTP 404: it has moved: `tipwatch sources discover` its site" in told
    assert "PROBLEM: robots.txt forbids it: robots.txt keeps us out" in told
    assert "`tipwatch sources discover` its site" in told.partition("SITE/news:")[2]
    assert "PROBLEM: nothing new since 20" in told.partition("SITE/sport/feed:")[2]
    assert told.rstrip().endswith("problems")


def test_a_lone_address_can_be_tried(newsroom, typed) -> None:
    code, out, _ = typed("sources", "check", f"{newsroom.url}/feed")
    assert code == 0
    assert "feed " + newsroom.url + "/feed: HTTP 200, 20 entries, newest" in out
    assert out.count("characters") == 3
    assert out.endswith("all is well\n")


def test_nothing_that_can_be_read_is_a_failure(newsroom, typed) -> None:
    code, out, _ = typed("sources", "check", f"{newsroom.url}/gone")
    assert (code, "1 problem" in out) == (1, True)


@pytest.mark.parametrize(
    ("name", "why"), [("heral", "did you mean herald?"), ("ftp://x.example/", "not an http")]
)
def test_a_name_nobody_has_is_told(typed, name: str, why: str) -> None:
    code, out, err = typed("sources", "check", name)
    assert (code, out, why in err) == (2, "", True)
