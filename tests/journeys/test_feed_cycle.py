"""Cycles over feeds that fail in every way and feeds that do not; the large one is `python -m benchmarks.feed_cycle`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.feed_cycle.web import BAD_WAYS, Web, address, bad_way, number_of

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(300)
def test_feeds_that_fail_in_every_way_take_nothing_from_the_healthy_ones(tmp_path: Path) -> None:
    ways = len(BAD_WAYS)
    run = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.feed_cycle", "--json", "--folder", str(tmp_path)),
            *("--feeds", str(4 * ways), "--entries", "3", "--bad", str(ways), "--timeout", "5s", "--direct"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    first, unchanged, news = map(json.loads, run.stdout.splitlines())
    assert [phase["polled"] for phase in (first, unchanged, news)] == [3 * ways] * 3
    assert first["ledger"] == {"pending": 9 * ways}
    assert unchanged["server"]["not_modified"] == 3 * ways
    assert unchanged["server"].get("pages", 0) == 0
    assert sum(news["ledger"].values()) == 9 * ways + news["server"]["pages"]
    assert sum(first["failures"].values()) == ways, "each way is told, and only those"


def test_the_bad_ones_are_spread_over_all_and_take_turns() -> None:
    ways = [bad_way(number, 50, 5000) for number in range(5000)]
    told = [way for way in ways if way is not None]
    assert told == [BAD_WAYS[place % len(BAD_WAYS)] for place in range(50)]
    assert bad_way(7, 0, 5000) is None


def test_every_feed_has_a_host_of_its_own_and_each_version_a_tag_of_its_own() -> None:
    assert [number_of(address(number)) for number in range(0, 50_000, 777)] == list(range(0, 50_000, 777))
    web = Web(100, 5, 0)
    before, tag = web.feed(20)
    assert web.publish(0.05, 2) == 5
    after, new_tag = web.feed(20)
    assert (before.count(b"<item>"), after.count(b"<item>"), tag == new_tag) == (5, 5, False)
