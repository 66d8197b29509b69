from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.article import Outcome, OutcomeKind
from tipwatch.config import load_config
from tipwatch.demo.check import compare
from tipwatch.demo.desk import clear_desk, write_config
from tipwatch.demo.site import Newsroom, serve
from tipwatch.errors import UsageError

NOW = datetime(2023, 11, 12, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def served_newsroom() -> Iterator[Newsroom]:
    with serve(now=NOW) as served:
        yield served


def test_the_configuration_written_for_the_demo_is_one_that_tipwatch_reads(
    tmp_path: Path, served_newsroom: Newsroom
) -> None:
    config = load_config(write_config(tmp_path, served_newsroom.sources), env={})
    assert config.sources == served_newsroom.sources
    assert config.crawl.allow_networks == ("127.0.0.0/8",)
    assert config.mail.folder == tmp_path / "mail"
    assert str(tmp_path / "demo.db") in config.database_url.get_secret_value()
    assert config.subscriptions[0].topics == ("trafficking-resolutions", "trafficking-news")


def test_a_folder_that_an_earlier_demo_wrote_is_emptied_of_what_it_left(
    tmp_path: Path, served_newsroom: Newsroom
) -> None:
    clear_desk(tmp_path / "desk")
    write_config(tmp_path / "desk", served_newsroom.sources)
    (tmp_path / "desk" / "mail" / "2023-11-12").mkdir(parents=True)
    (tmp_path / "desk" / "mail" / "2023-11-12" / "old.eml").write_text("old")
    (tmp_path / "desk" / "demo.db-wal").write_text("old")
    (tmp_path / "desk" / "notes.txt").write_text("mine")
    clear_desk(tmp_path / "desk")
    assert [path.name for path in (tmp_path / "desk").iterdir()] == ["notes.txt"]


def test_a_folder_with_files_of_somebody_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("database: sqlite:///mine.db\n")
    (tmp_path / "demo.db").write_text("mine")
    with pytest.raises(UsageError, match="no demo wrote"):
        clear_desk(tmp_path)
    assert (tmp_path / "demo.db").read_text() == "mine"


def test_a_path_that_cannot_be_a_folder_is_refused_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="--folder"):
        clear_desk(tmp_path / "file")


def test_the_check_counts_what_was_found_missed_wrong_and_lost(served_newsroom: Newsroom) -> None:
    truth = served_newsroom.truth
    resolutions = [url for url, e in truth.items() if e.readable and e.topic == "trafficking-resolutions"]
    near = next(url for url, e in truth.items() if e.near == "drug trafficking")
    answers: dict[str, Outcome | None] = {url: Outcome(OutcomeKind.NO_MATCH) for url in truth}
    for url in resolutions[1:]:
        answers[url] = Outcome(OutcomeKind.KEPT, topics=("trafficking-resolutions",))
    answers[near] = Outcome(OutcomeKind.KEPT, topics=("trafficking-news",))
    answers[resolutions[0]] = None
    comparison = compare(truth, answers.get)
    assert comparison.expected["trafficking-resolutions"] == len(resolutions)
    assert comparison.found == {"trafficking-resolutions": len(resolutions) - 1, "trafficking-news": 0}
    assert resolutions[0] in comparison.missed
    assert comparison.false == (near,)
    assert comparison.open == (resolutions[0],)


def test_the_check_expects_nothing_of_pages_that_cannot_be_read(served_newsroom: Newsroom) -> None:
    truth = served_newsroom.truth
    comparison = compare(truth, lambda _url: Outcome(OutcomeKind.FAILED))
    unreadable = sum(not expected.readable for expected in truth.values())
    assert unreadable == 3
    assert sum(comparison.expected.values()) + comparison.near + comparison.other == len(truth) - unreadable
