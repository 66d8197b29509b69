"""M05, small and seeded: senders killed at random moments; the whole storm is `python -m benchmarks.kill_storm`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(300)
def test_m05_kills_while_building_and_sending_lose_nothing_and_copies_are_identical(tmp_path: Path) -> None:
    storm = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.kill_storm", "--json", "--folder", str(tmp_path)),
            *(
                "--kills",
                "12",
                "--digests",
                "60",
                "--subscriptions",
                "20",
                "--by-command",
                "1",
                "--seed",
                "5",
            ),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert storm.returncode == 0, storm.stdout + storm.stderr
    told = json.loads(storm.stdout)
    assert told["wrong"] == []
    assert told["kills"] >= 12
    assert told["digests"] == told["mails"] >= 60
    assert told["extra_copies"] <= told["ambiguous"]
    assert set(told["states"]) <= {"sent", "unknown"}
