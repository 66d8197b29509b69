"""`python -m benchmarks.kill_storm`: the storm, its figures, and exit code 1 if a promise was broken."""

from __future__ import annotations

import argparse
import json
import logging
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.kill_storm.newsroom import write_config
from benchmarks.kill_storm.storm import Plan, Storm
from benchmarks.kill_storm.verdict import Verdict, judge
from pipeline.store import open_store


def main(arguments: list[str] | None = None) -> int:
    """Run the storm; the exit code."""
    asked = _parser().parse_args(arguments)
    logging.disable(logging.CRITICAL)  # thousands of deliveries
    if asked.folder is None:
        with tempfile.TemporaryDirectory(prefix="kill-storm-") as folder:
            verdict = run(asked, Path(folder))
    else:
        asked.folder.mkdir(parents=True, exist_ok=True)
        verdict = run(asked, asked.folder)
    if asked.json:
        print(json.dumps(verdict.as_json()))
    else:
        print("\n".join(lines(verdict)))
    return 1 if verdict.wrong else 0


def run(asked: argparse.Namespace, folder: Path) -> Verdict:
    """A storm in a folder, with a mail server beside it."""
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "benchmarks.kill_storm.mailserver"),
            *(str(folder), str(asked.seed), str(asked.refused), str(asked.cut)),
        ],
        cwd=Path(__file__).parents[2],
    )
    try:
        port = _port(folder, server)
        database = asked.database or f"sqlite:///{folder / 'storm.db'}"
        config_path = write_config(folder, port, asked.subscriptions, database)
        plan = Plan(
            asked.kills, asked.digests, asked.subscriptions, asked.seed, asked.by_command, asked.limit
        )
        storm = Storm(plan, config_path, lambda line: print(line, file=sys.stderr, flush=True))
        counted = storm.run()
        with open_store(database, now=storm.now) as store:
            verdict = judge(store, folder, counted)
        if counted.kills < asked.kills:
            verdict.wrong.append(f"only {counted.kills} of {asked.kills} kills in {asked.limit:.0f} s")
        return verdict
    finally:
        server.kill()
        server.wait()


def lines(verdict: Verdict) -> list[str]:
    """The figures for people."""
    told = [
        f"{verdict.kills} kills ({verdict.kills_while_sending} while a mail was being sent) in {verdict.seconds:.0f} s",
        f"{verdict.digests} digests, {verdict.mails} mails, {verdict.attempts} attempts, {verdict.cuts} cut after DATA",
        f"{verdict.copies} copies arrived: {verdict.extra_copies} extra, {verdict.ambiguous} outcomes ambiguous",
        "rows: " + ", ".join(f"{count} {state}" for state, count in sorted(verdict.states.items())),
    ]
    return [*told, *(f"WRONG: {one}" for one in verdict.wrong or ())] + (
        [] if verdict.wrong else ["nothing lost, nobody told twice, all copies byte-identical"]
    )


def _port(folder: Path, server: subprocess.Popen[bytes]) -> int:
    over = time.monotonic() + 60
    while not (folder / "port").exists():
        if server.poll() is not None or time.monotonic() > over:
            message = "the mail server did not start"
            raise SystemExit(message)
        time.sleep(0.05)
    return int((folder / "port").read_text())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kill_storm", description=__doc__)
    add = parser.add_argument
    add("--kills", type=int, default=200)
    add("--digests", type=int, default=1000, help="at least so many (default: 1000)")
    add("--subscriptions", type=int, default=100, help="digests per article (default: 100)")
    add("--seed", type=int, default=1)
    add("--refused", type=float, default=0.03, help="share of mails refused in passing (default: 0.03)")
    add("--cut", type=float, default=0.03, help="share of mails kept whose answer is lost (default: 0.03)")
    add(
        "--by-command", type=int, default=20, help="the first so many kills hit `tipwatch digest send` itself"
    )
    add("--limit", type=float, default=1200, help="seconds after which no more is killed (default: 1200)")
    add("--database", help="another than SQLite in the folder: the URL of an empty one")
    add("--folder", type=Path, help="kept afterwards; default: a temporary one")
    add("--json", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
