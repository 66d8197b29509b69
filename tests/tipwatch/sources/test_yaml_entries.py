"""Sources written as YAML, and added to a configuration that stays as it is otherwise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.source import Listing, Manners, Source
from tipwatch.config import load_config
from tipwatch.config.document import read_document
from tipwatch.errors import UsageError
from tipwatch.sources_yaml import append, duration, entry_of, one_line, scalar

DEFAULT = Manners(2.0)
WHOLE = Source(
    id="gazette",
    name="The Gazette: news & views #1",
    feeds=("https://gazette.example/rss?a=1&b=2", "https://gazette.example/[x]"),
    country="NO",
    languages=("no", "en"),
    timezone="Europe/Oslo",
    tier=1,
    manners=Manners(10.0, 2, obey_robots=False, verify_tls=False),
    sitemaps=("https://gazette.example/news.xml",),
    listings=(
        Listing("https://gazette.example/news"),
        Listing("https://gazette.example/more", "/news/*/**", "main h2 a, .x > a", "?page={page}", 3),
    ),
    poll_min_s=300.0,
    poll_max_s=3600.0,
    render=True,
)
GOLDEN = """\
- id: gazette
  name: "The Gazette: news & views #1"
  country: NO
  languages: [no, en]
  timezone: Europe/Oslo
  tier: 1
  manners: {delay: 10s, per_host: 2, obey_robots: false, verify_tls: false}
  poll: {min: 5m, max: 1h}
  render: true
  feeds:
    - https://gazette.example/rss?a=1&b=2  # 12 entries
    - "https://gazette.example/[x]"
  sitemaps:
    - https://gazette.example/news.xml
  listings:
    - https://gazette.example/news
    - {url: https://gazette.example/more, links: "/news/*/**", css: "main h2 a, .x > a", more: "?page={page}", pages: 3}
  # - https://gazette.example/old  # empty
"""


def test_a_source_is_written_as_people_write_it() -> None:
    comments = {"https://gazette.example/rss?a=1&b=2": "12 entries"}
    assert entry_of(WHOLE, DEFAULT, comments, ["- https://gazette.example/old  # empty"]) == GOLDEN


def test_what_is_written_is_read_back_as_the_same_source(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("sources:\n" + entry_of(WHOLE, DEFAULT))
    assert load_config(path, {}).sources == (WHOLE,)


@given(st.text(max_size=60))
def test_any_text_is_read_back_as_it_was(text: str) -> None:
    wanted = one_line(text)
    assert read_document(f"- {scalar(text)}  # a comment\n", "x").value == [wanted]
    assert read_document(f"a: {{b: {scalar(text, in_flow=True)}, c: d}}\n", "x").value == {
        "a": {"b": wanted, "c": "d"}
    }


@pytest.mark.parametrize(
    "text", ["no", "null", "true", "12", "0x1", "~", "- a", "a: b", "a #b", "'a", "@a", "x:", ""]
)
def test_words_that_yaml_reads_otherwise_are_quoted(text: str) -> None:
    assert read_document(f"- {scalar(text)}", "x").value == [text]


def test_durations_have_their_largest_unit() -> None:
    said = [duration(seconds) for seconds in (0, 0.5, 2, 90, 300, 3600, 86_400)]
    assert said == ["0s", "500ms", "2s", "90s", "5m", "1h", "1d"]


def source(name: str) -> Source:
    return Source(name, name.capitalize(), (f"https://{name}.example/rss",), manners=Manners(2.0))


FILES = {
    "in the middle": "contact: a@b.c\nsources:\n- id: a   # first\n  feeds: [https://a.example/]\n\n# note\npacks: [builtin]\n",
    "at the end, indented, without a line's end": "sources:\n    -   id: a\n        feeds: [https://a.example/]",
    "with nothing yet": "sources:   # none\nsubscriptions: []\n",
    "empty": "sources: []  # none\npacks: [builtin]\n",
    "not there": "contact: a@b.example\npacks: [builtin]",
}


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("before", FILES.values(), ids=list(FILES))
def test_entries_are_added_behind_the_last_source(before: str, ending: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(before.replace("\n", ending).encode())
    path.chmod(0o640)
    old = load_config(path, {})
    new = (source("gazette"), source("herald"))
    assert append(old, [entry_of(one, DEFAULT) for one in new], new) == path.resolve()
    assert load_config(path, {}).sources == (*old.sources, *new)
    assert path.stat().st_mode & 0o777 == 0o640
    after = path.read_bytes().decode()
    assert [
        line for line in before.replace("[]", "").split("\n") if line.strip() and line.rstrip() not in after
    ] == []
    assert ("\r\n" in after) == (ending == "\r\n")
    assert "\n" not in after.replace(ending, "")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("file", "new", "why"),
    [
        ("sources: [{id: a, feeds: [https://a.example/]}]\n", source("b"), "written in brackets"),
        ("sources:\n- id: a\n  feeds: [https://a.example/]\n", source("a"), "paste it by hand"),
    ],
)
def test_what_does_not_fit_leaves_the_file_as_it_was(
    file: str, new: Source, why: str, tmp_path: Path
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(file)
    with pytest.raises(UsageError, match=why):
        append(load_config(path, {}), [entry_of(new, DEFAULT)], [new])
    assert path.read_text() == file
    assert list(tmp_path.iterdir()) == [path]


def test_the_shipped_configuration_is_not_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="copy it"):
        append(load_config(None, {}), [entry_of(source("a"), DEFAULT)], [source("a")])


def test_all_shipped_sources_survive_the_way_to_yaml_and_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shipped = load_config(None, {}).sources
    path = tmp_path / "again.yaml"
    path.write_text("sources:\n" + "".join(entry_of(one, DEFAULT) for one in shipped))
    assert load_config(path, {}).sources == shipped
    assert replace(shipped[0], name="x") != shipped[0]
