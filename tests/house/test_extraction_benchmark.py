"""The extraction benchmark: its floors hold for our own pages, and it says so when one does not."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OWN = ROOT / "benchmarks" / "extraction" / "own"
FLOORS = OWN.parent / "floors.toml"

Told = tuple[int, str, str]
Bench = Callable[..., Told]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Bench:
    """Run the benchmark with us and trafilatura: its exit code, stdout and stderr."""
    monkeypatch.syspath_prepend(ROOT)

    def run(*arguments: str) -> Told:
        from benchmarks.extraction.__main__ import main

        code = main([*arguments, "--only", "tipwatch,trafilatura", "--rounds", "1"])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


@pytest.fixture
def floors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], dict[str, float]]:
    """A file of floors with one that nothing can reach, and one missing; and how to read it."""
    monkeypatch.syspath_prepend(ROOT)
    from benchmarks.extraction.pages import read_folder

    name = f"{read_folder(OWN).name} pages"
    held = {**tomllib.loads(FLOORS.read_text())[name], "must_not": 1.01}
    del held["day"]
    lines = [f"{key} = {value}" for key, value in held.items()]
    (tmp_path / "floors.toml").write_text(f'["{name}"]\n' + "\n".join(lines))
    return lambda: tomllib.loads((tmp_path / "floors.toml").read_text())[name]


def test_our_extraction_is_not_below_what_it_reached_on_our_own_pages(bench: Bench) -> None:
    code, out, err = bench(str(OWN))
    assert code == 0, err
    assert "trafilatura" in out
    assert "no floors" not in err


def test_a_run_below_a_floor_exits_1_and_names_what_fell(
    bench: Bench, tmp_path: Path, floors: Callable[[], dict[str, float]]
) -> None:
    before = floors()
    code, _, err = bench(str(OWN), "--floors", str(tmp_path / "floors.toml"))
    assert code == 1
    assert "must_not: " in err
    assert "floor 1.0100" in err
    assert floors() == before


def test_raising_floors_lowers_none(
    bench: Bench, tmp_path: Path, floors: Callable[[], dict[str, float]]
) -> None:
    code, _, _ = bench(str(OWN), "--floors", str(tmp_path / "floors.toml"), "--raise-floors")
    assert code == 1
    assert floors()["must_not"] == 1.01
    assert floors()["day"] > 0  # it had none


def test_floors_are_lowered_only_by_saying_so(
    bench: Bench, tmp_path: Path, floors: Callable[[], dict[str, float]]
) -> None:
    before = floors()
    code, _, err = bench(str(OWN), "--floors", str(tmp_path / "floors.toml"), "--lower-floors")
    assert (code, err) == (0, "")
    assert floors()["must_not"] <= 1.0
    assert {**floors(), "must_not": 1.01} == before  # nothing else was touched, nothing new pinned


def test_a_measure_that_can_no_longer_be_taken_is_below_its_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT)
    from benchmarks.extraction.floors import falls

    assert [str(fall) for fall in falls({"title": 0.5, "day": 0.9}, {"title": 0.5})] == [
        "day: could not be measured, floor 0.9000"
    ]


def test_a_folder_without_labels_shows_speed_and_agreement(bench: Bench, tmp_path: Path) -> None:
    shutil.copy(OWN / "quay-observer.html", tmp_path)
    shutil.copy(OWN / "deichbote.html", tmp_path)
    code, out, _ = bench(str(tmp_path), "--json")
    found = json.loads(out)["groups"]["pages"]["extractors"]
    assert code == 0
    assert (found["tipwatch"]["measures"], found["trafilatura"]["agreement"]) == ({}, 1.0)
    assert 0.5 < found["tipwatch"]["agreement"] <= 1.0
    assert found["tipwatch"]["cpu_ratio"] > 0


def test_json_tells_languages_and_the_worst_pages(bench: Bench) -> None:
    code, out, _ = bench(str(OWN), "--json", "--by-language", "--worst", "2")
    group = json.loads(out)["groups"]["pages"]
    assert code == 0
    assert {"en", "ru", "be", "az", "fr", "es", "ar", "zh", "de"} <= set(group["languages"])
    assert len(group["worst"]) == 2
    assert group["worst"][0]["behind"] >= group["worst"][1]["behind"]


def test_wrong_usage_exits_2(bench: Bench, tmp_path: Path) -> None:
    assert bench(str(tmp_path / "nowhere"))[0] == 2
    with pytest.raises(SystemExit, match="2"):
        bench(str(OWN), "--every", "2", "--raise-floors")


def test_times_titles_and_texts_are_compared_as_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT)
    from datetime import UTC, datetime

    from benchmarks.extraction.measures import is_exact, mark, overlap, shingles, tokens
    from benchmarks.extraction.pages import Known, Page
    from benchmarks.extraction.readers import Reading

    at = Reading(clock="2023-11-11T20:45:00", instant=datetime(2023, 11, 11, 16, 45, tzinfo=UTC))
    assert is_exact(at, "2023-11-11T20:45:00+04:00")
    assert is_exact(at, "2023-11-11T20:45:00")
    assert not is_exact(at, "2023-11-11T20:45:00+03:00")
    assert not is_exact(Reading(clock="2023-11-11T20:45:00"), "2023-11-11T20:45:00+04:00")  # no zone told
    assert overlap(tokens("one two two"), tokens("two two three four")) == (2 / 3, 2 / 4, 4 / 7)
    assert shingles(tokens("打击人口贩运")) == [tuple("打击人口"), tuple("击人口贩"), tuple("人口贩运")]
    known = Known(
        body="a b", title="A title", authors=frozenset({"a. writer"}), must=("a b",), must_not=("c",)
    )
    page = Page("x.html", "", b"", known, labelled=False)
    found = mark(page, Reading("a  b\nc", "A \n title", frozenset({"A. Writer".casefold()})))
    assert (found.title, found.authors, found.must, found.must_not, found.recall) == (1.0, 1.0, 1.0, 0.0, 1.0)
    assert mark(page, Reading()).text == 0.0
