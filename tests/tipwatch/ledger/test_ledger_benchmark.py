"""The ledger's benchmark, in small: it finds exactly what was taken away."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "ledger_check.py"


def test_the_benchmark_finds_what_was_taken_away_and_nothing_else() -> None:
    small = ["--matches", "400", "--days", "20", "--subscriptions", "10", "--lost", "7", "--bytes"]
    done = subprocess.run([sys.executable, BENCHMARK, *small], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["judged"] == 800
    assert said["faults"]["lost"] == 7
    assert said["mails_compared"] == 20 * 10 * 2
