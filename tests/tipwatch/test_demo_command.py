"""The demo as a user runs it, in a process of its own: a reactor starts once per process."""

from __future__ import annotations

import json
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest


def run_demo(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tipwatch", "demo", "--folder", str(folder), *options],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo_told(demo_folder: Path) -> dict[str, Any]:
    done = run_demo(demo_folder, "--json")
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_every_url_of_the_newsroom_ends_in_exactly_one_outcome(demo_told: dict[str, Any]) -> None:
    crawl = demo_told["crawl"]
    assert demo_told["lost"] == []
    assert sum(crawl["outcomes"].values()) == crawl["urls_seen"] == 74


def test_each_trap_ends_as_what_it_is(demo_told: dict[str, Any]) -> None:
    crawl = demo_told["crawl"]
    assert crawl["outcomes"]["robots"] == 1
    rows = {row["id"]: row for row in crawl["sources"]}
    assert rows["vesper-tribune"]["feeds_failed"] == 1
    assert rows["palm-delta-courier"]["kept"] == 5  # its feed breaks off, and is read all the same
    assert rows["fanal-des-rives"]["failed"] == 1  # the page that hangs parsers
    assert rows["xezer-lepesi"]["failed"] == 1  # the page that answers with an error


def test_the_watch_finds_the_coverage_and_leaves_the_near_misses(demo_told: dict[str, Any]) -> None:
    assert (
        demo_told["found"] == demo_told["expected"] == {"trafficking-resolutions": 28, "trafficking-news": 13}
    )
    assert demo_told["false"] == []


def test_a_second_digest_round_sends_nothing(demo_told: dict[str, Any]) -> None:
    assert len(demo_told["digest"]["deliveries"]) == 1
    assert demo_told["second_digest"]["deliveries"] == []


def test_the_mail_lies_where_the_demo_says(demo_told: dict[str, Any], demo_folder: Path) -> None:
    files = [Path(name) for name in demo_told["files"]]
    assert [path.suffix for path in files] == [".html", ".txt", ".eml"]
    assert all(path.is_relative_to(demo_folder) for path in files)
    mail = message_from_bytes(files[2].read_bytes(), policy=policy.default)
    assert mail["To"].addresses[0].addr_spec == "desk@example.org"
    assert "Third Committee" in files[1].read_text(encoding="utf-8")


def test_the_demo_runs_again_in_its_own_folder_and_speaks_to_people(
    demo_told: dict[str, Any], demo_folder: Path
) -> None:
    done = run_demo(demo_folder)
    assert done.returncode == 0, done.stderr
    assert "28 of 28" in done.stdout
    assert "A second digest round had nothing to send." in done.stdout
    assert "Traceback" not in done.stderr


def test_the_demo_does_not_touch_a_folder_of_somebody_else(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    done = run_demo(tmp_path)
    assert done.returncode == 2
    assert "--folder" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
