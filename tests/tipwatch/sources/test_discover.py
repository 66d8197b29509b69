"""`tipwatch sources discover` against a real site on loopback."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tipwatch.config import load_config

GOLDEN = """\
sources:
- id: 127.0.0.1
  name: The Gazette
  country: null  # two capitals, e.g. AZ: its address does not say
  languages: [en]
  timezone: null  # not needed while its dates carry a zone: +0400, +00:00
  feeds:
    - http://SITE/feed  # 20 entries, newest 0 min ago; linked on http://SITE/
  sitemaps:
    - http://SITE/sitemap-news.xml  # news sitemap, 15 entries, newest 0 min ago; named in http://SITE/sitemap_index.xml
  # - http://SITE/culture/feed  # another one lists all of it: 5 entries, newest 0 min ago; linked on http://SITE/
  # - http://SITE/sport/feed  # nothing new for a long time: 3 entries, newest 208 days ago; linked on http://SITE/
  # - http://SITE/  # not needed: what is above lists articles with their dates: 10 entries, not dated; the address given
"""


def test_a_site_is_told_as_an_entry_that_can_be_pasted(newsroom, typed, tmp_path: Path) -> None:
    code, out, err = typed("sources", "discover", newsroom.url)
    assert code == 0, err
    told = out.replace(newsroom.url, "http://SITE")
    assert re.sub(r"newest [01] min", "newest 0 min", told) == GOLDEN
    assert "--append adds it" in err
    # each was asked for once, and comments and interfaces for programs not at all
    assert len(newsroom.asked) == len(set(newsroom.asked))
    assert not {"/comments/feed", "/wp-json/wp/v2/pages/2"} & set(newsroom.asked)
    pasted = tmp_path / "pasted.yaml"
    pasted.write_text(f"{out}subscriptions: []\n")
    source = load_config(pasted, {}).sources[0]
    assert (source.name, source.languages) == ("The Gazette", ("en",))
    assert source.sitemaps == (f"{newsroom.url}/sitemap-news.xml",)


def test_append_puts_it_behind_the_last_source_and_changes_nothing_else(newsroom, typed, tmp_path) -> None:
    path = tmp_path / "config.yaml"
    before = path.read_text()
    code, out, err = typed("sources", "discover", newsroom.url, "--append")
    assert (code, out) == (0, ""), err
    assert "127.0.0.1 added to" in err
    after = path.read_text()
    added = "".join(line for line in after.splitlines(True) if line not in before.splitlines(True))
    assert after.replace(added, "") == before
    assert after.index("herald") < after.index("The Gazette") < after.index("a note about what comes next")
    assert typed("check-config")[0] == 0
    assert [source.id for source in load_config(path, {}).sources] == ["herald", "127.0.0.1"]


def test_without_feeds_the_usual_places_are_tried_politely_and_a_section_is_found(room, typed) -> None:
    room.put(
        "/", room.list_page(range(2), more='<a href="/news">Latest news</a><a href="/about">About us</a>')
    )
    room.put("/news", room.list_page(range(12)))
    code, out, err = typed("sources", "discover", room.url, "--json")
    told = json.loads(out)
    assert code == 0, err
    assert told["source"]["feeds"] == told["source"]["sitemaps"] == []
    assert [one["url"] for one in told["source"]["listings"]] == [f"{room.url}/news"]
    guessed = [path for path in room.asked if path not in {"/", "/news", "/about", "/robots.txt"}]
    assert 0 < len(guessed) <= 8
    assert len(told["tried"]) >= len(guessed)


def test_a_page_that_lists_feeds_is_followed_and_a_packed_sitemap_unpacked(newsroom, typed) -> None:
    newsroom.put("/", newsroom.list_page(range(2), more='<a href="/rss/">RSS</a>'))
    newsroom.put("/rss/", '<p><a href="/feed">All news by RSS</a> <a href="/culture/feed">Culture</a></p>')
    newsroom.put("/robots.txt", f"Sitemap: {newsroom.url}/sitemap-1.xml.gz\n", "text/plain")
    _, out, _ = typed("sources", "discover", newsroom.url, "--json")
    told = json.loads(out)
    assert told["source"]["feeds"] == [f"{newsroom.url}/feed"]
    packed = next(one for one in told["lists"] if one["url"].endswith(".gz"))
    assert (packed["kind"], packed["entries"]) == ("sitemap", 15)


def test_a_feeds_own_address_is_enough_and_what_is_configured_is_told(newsroom, typed, tmp_path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(path.read_text().replace("https://herald.example", newsroom.url))
    code, out, err = typed("sources", "discover", f"{newsroom.url}/feed", "--json")
    told = json.loads(out)
    assert (code, told["source"]["feeds"], told["known_as"]) == (0, [f"{newsroom.url}/feed"], "herald")
    assert "this site is configured already, as herald" in err


def test_what_was_tried_is_told_when_nothing_is_found(room, typed) -> None:
    room.put("/", "<p>Nothing here yet.</p>")
    code, out, err = typed("sources", "discover", room.url)
    assert (code, out) == (1, "")
    assert "found neither feed nor sitemap nor a page that lists articles" in err
    assert f"tried {room.url}/feed (a usual place): HTTP 404" in err


def test_a_site_that_keeps_robots_out_is_not_searched(newsroom, typed) -> None:
    newsroom.put("/robots.txt", "User-agent: *\nDisallow: /\n", "text/plain")
    code, _, err = typed("sources", "discover", newsroom.url)
    assert code == 1
    assert "robots.txt forbids it" in err
    assert newsroom.asked == ["/robots.txt"]
