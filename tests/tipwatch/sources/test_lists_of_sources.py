"""`tipwatch sources import`, `export` and `list`, and the way there and back."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crawler.opml import read_opml
from crawler.source import Manners, Source
from tipwatch.clock import utc_now
from tipwatch.config import load_config
from tipwatch.sources_identity import country_of, free_id, id_of
from tipwatch.sources_opml import as_opml, import_opml

OPML = """<?xml version="1.0"?><opml version="1.1"><body><outline text="Press">
<outline text="Gazette &amp; Co" xmlUrl="https://gazette.az/rss"/>
<outline text="Gazette &amp; Co" xmlUrl="https://gazette.az/culture/rss"/>
<outline text="Другая газета" xmlUrl="https://news.gazette.by/feed?x=1&amp;y=2"/>
<outline text="Herald" xmlUrl="https://herald.example/rss"/>
<outline text="Odd" xmlUrl="https://user:pass@odd.example/rss"/>
<outline text="a folder"/></outline></body></opml>"""


def test_an_opml_list_becomes_sources_without_those_there_are(typed, tmp_path: Path) -> None:
    (tmp_path / "list.opml").write_text(OPML)
    code, out, err = typed("sources", "import", "list.opml")
    assert code == 0, err
    assert "1 feed left out: configured already" in err
    assert "left out: https://user:pass@odd.example/rss" in err
    (tmp_path / "pasted.yaml").write_text(out)
    first, second = load_config(tmp_path / "pasted.yaml", {}).sources
    assert (first.id, first.name, first.country) == ("gazette", "Gazette & Co", "AZ")
    assert first.feeds == ("https://gazette.az/rss", "https://gazette.az/culture/rss")
    assert (second.id, second.name, second.country) == ("news.gazette.by", "Другая газета", "BY")


def test_import_adds_to_the_configuration_once(typed, tmp_path: Path) -> None:
    (tmp_path / "list.opml").write_text(OPML)
    assert typed("sources", "import", "list.opml", "--append")[0] == 0
    ids = [source.id for source in load_config(tmp_path / "config.yaml", {}).sources]
    assert ids == ["herald", "gazette", "news.gazette.by"]
    code, out, err = typed("sources", "import", "list.opml", "--append")
    assert (code, out) == (0, "")
    assert "4 feeds left out" in err
    assert "nothing to add" in err


@pytest.mark.parametrize(
    "document",
    [
        b"no xml",
        b"<opml/>",
        b'<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body><outline text="&x;"/></body></opml>',
    ],
)
def test_what_is_no_list_is_told_on_one_line(typed, tmp_path: Path, document: bytes) -> None:
    (tmp_path / "list.opml").write_bytes(document)
    code, out, err = typed("sources", "import", "list.opml")
    assert (code, out, len(err.splitlines())) == (2, "", 1)


def test_entities_of_a_list_are_not_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("https://secret.example/")
    document = (
        f'<!DOCTYPE o [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY y "yyyy">]><opml><body>'
        '<outline text="a">&x;</outline><outline text="b" xmlUrl="https://b.example/"/></body></opml>'
    )
    found = import_opml(document.encode(), Manners(), ())
    assert [source.name for source in found.sources] == ["b"]


def test_export_is_opml_that_others_read(typed) -> None:
    code, out, _ = typed("sources", "export")
    root = etree.fromstring(out.encode())
    assert (code, root.get("version"), root[0][0].tag) == (0, "2.0", "title")
    (outline,) = root.iter("outline")
    assert dict(outline.attrib) == {
        "type": "rss",
        "text": "The Herald",
        "title": "The Herald",
        "xmlUrl": "https://herald.example/rss",
    }


words = st.text(min_size=1, max_size=30).filter(lambda text: text.strip())


@given(st.lists(words, min_size=1, max_size=8, unique=True))
def test_any_names_come_back_from_opml(names: list[str]) -> None:
    sources = [
        Source(str(number), name, (f"https://site{number}.example/rss?a=<&b=\"'",))
        for number, name in enumerate(names)
    ]
    read = read_opml(as_opml(sources, utc_now()).encode("utf-8", "replace"), Manners())
    assert [one.feeds for one in read] == [one.feeds for one in sources]


def test_yaml_and_csv_hold_all_lists(typed, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    added = (
        "  - id: osce\n    name: =OSCE\n    sitemaps: [https://osce.example/map.xml]\n"
        "    listings: [https://osce.example/press]\n    manners: {obey_robots: false}\n"
    )
    path.write_text(path.read_text().replace("  # a note", added + "  # a note"))
    _, out, _ = typed("sources", "export", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["id"], row["kind"]) for row in rows] == [
        ("herald", "feed"),
        ("osce", "sitemap"),
        ("osce", "listing"),
    ]
    assert rows[1]["name"] == "'=OSCE"
    assert typed("sources", "export", "--format", "yaml", "--to", "all.yaml")[0] == 0
    again = (tmp_path / "all.yaml").read_text() + "crawl: {per_host_delay: 0s}\n"
    (tmp_path / "all.yaml").write_text(again)
    assert load_config(tmp_path / "all.yaml", {}).sources == load_config(path, {}).sources
    _, _, err = typed("sources", "export")
    assert "OPML has no place for sitemaps and listings: left out of osce" in err
    _, out, _ = typed("sources", "list")
    assert "sitemap https://osce.example/map.xml\tlisting https://osce.example/press" in out
    _, out, _ = typed("sources", "list", "--json")
    osce = json.loads(out.splitlines()[1])
    assert (osce["sitemaps"], osce["listings"][0]["pages"]) == (["https://osce.example/map.xml"], 1)
    assert (osce["manners"]["obey_robots"], osce["render"]) == (False, False)


@pytest.mark.parametrize(
    ("url", "country"),
    [
        ("https://report.az/rss", "AZ"),
        ("https://www.bbc.co.uk/", "GB"),
        ("https://www.itu.int/", "INT"),
        ("https://a.io/", None),
        ("https://a.tv/", None),
        ("https://a.eu/", None),
        ("https://a.com/", None),
        ("http://127.0.0.1/", None),
    ],
)
def test_a_country_is_guessed_only_where_the_address_is_sure(url: str, country: str | None) -> None:
    assert country_of(url) == country


@pytest.mark.parametrize(
    ("url", "taken", "expected"),
    [
        ("https://www.azernews.az/", (), "azernews"),
        ("https://news.un.org/feed", (), "un"),
        ("https://www.bbc.co.uk/news", (), "bbc"),
        ("https://www.bbc.co.uk/news", ("bbc",), "bbc.co.uk"),
        ("https://www.bbc.co.uk/news", ("bbc", "bbc.co.uk"), "bbc.co.uk-2"),
        ("http://127.0.0.1:8/", (), "127.0.0.1"),
        ("https://новости.рф/", (), "xn--b1amnebsh"),
    ],
)
def test_ids_are_short_and_nobody_elses(url: str, taken: tuple[str, ...], expected: str) -> None:
    assert id_of(url, taken) == expected


@given(st.text(max_size=200), st.integers(0, 3))
def test_any_word_makes_an_id(word: str, times: int) -> None:
    taken: list[str] = []
    for _ in range(times + 1):
        made = free_id((word,), taken)
        assert made not in taken
        assert len(made) <= 64
        taken.append(made)
