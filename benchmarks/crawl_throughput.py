"""Articles per second of `tipwatch crawl` beside a bare Scrapy + trafilatura-in-a-process-pool spider, same pages, same run.

    python benchmarks/crawl_throughput.py PROXY HOSTS.jsonl [--rounds 3] [--workers 2]

PROXY is an HTTP forward proxy that serves the sites; HOSTS.jsonl has one object a line with "host", "feed", "lang", "articles".
tipwatch does the whole way (ledger, extraction, language, credits, rules, stories, SQLite), the bare spider fetches and extracts
only. Rounds alternate; what is compared is the ratio within one run. Both: no delay, 32 requests in flight, 8 per host.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).parent


def configuration(proxy: str, hosts: list[dict], folder: pathlib.Path, workers: int) -> pathlib.Path:
    """A configuration with every host as a source."""
    sources = "".join(
        f"  - {{id: h{n}, name: {json.dumps(h['host'])}, languages: [{h['lang'][:2]}], timezone: UTC, "
        f"feeds: [{json.dumps(h['feed'])}], "
        "manners: {delay: 0s, per_host: 8}}\n"
        for n, h in enumerate(hosts)
    )
    path = folder / "config.yaml"
    path.write_text(
        f"database: sqlite:///tipwatch.db\ncontact: https://example.org/bot\n"
        f"crawl: {{proxy: {json.dumps(proxy)}, per_host_delay: 0s, concurrency: 32, workers: {workers}}}\n"
        f"sources:\n{sources}subscriptions: []\n"
    )
    return path


def tree_rss_mb(group: int) -> float:
    """Resident memory of all processes of a session, MB (shared pages counted once per process)."""
    total = 0
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getsid(int(entry.name)) == group:
                    total += int((entry / "statm").read_text().split()[1])
            except (OSError, ProcessLookupError, ValueError):
                continue
    return total * os.sysconf("SC_PAGE_SIZE") / 1e6


def measured(command: list[str], cwd: pathlib.Path) -> tuple[dict, float, float, float]:
    """(result, wall s, CPU s, peak MB of the whole tree) of one command in a session of its own."""
    before = os.times()
    began = time.monotonic()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd, start_new_session=True, text=True
    )
    peak, over = 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(0.25):
            peak = max(peak, tree_rss_mb(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    stdout, stderr = process.communicate()
    wall = time.monotonic() - began
    over.set()
    watcher.join()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    if not stdout.strip():
        sys.exit(f"{command}: no result\n{stderr[-3000:]}")
    after = os.times()
    cpu = (after.children_user + after.children_system) - (before.children_user + before.children_system)
    return json.loads(stdout.strip().splitlines()[-1]), wall, cpu, peak


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("proxy")
    parser.add_argument("hosts", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    args = parser.parse_args()
    hosts = [json.loads(line) for line in args.hosts.read_text().splitlines() if line.strip()]
    expected = sum(h["articles"] for h in hosts)
    rates: dict[str, list[float]] = {"bare": [], "tipwatch": []}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        feeds = folder / "feeds.txt"
        feeds.write_text("\n".join(h["feed"] for h in hosts))
        for number in range(args.rounds):
            bare = [sys.executable, str(HERE / "bare_spider.py"), args.proxy, str(feeds), str(args.workers)]
            result, wall, cpu, peak = measured(bare, folder)
            report("bare", number, result["articles"], expected, wall, cpu, peak, rates)
            place = folder / str(number)
            place.mkdir()
            config = configuration(args.proxy, hosts, place, args.workers)
            ours = [sys.executable, "-m", "tipwatch", "--config", str(config), "crawl", "--json"]
            result, wall, cpu, peak = measured(ours, place)
            articles = sum(count for kind, count in result["outcomes"].items() if kind != "known")
            report("tipwatch", number, articles, expected, wall, cpu, peak, rates)
            print(f"           outcomes {result['outcomes']}")
    ratios = [ours / bare for ours, bare in zip(rates["tipwatch"], rates["bare"], strict=True)]
    print(
        f"ratio tipwatch / bare: median {statistics.median(ratios):.2f}, rounds {' '.join(f'{r:.2f}' for r in ratios)}"
    )


def report(
    name: str,
    number: int,
    articles: int,
    expected: int,
    wall: float,
    cpu: float,
    peak: float,
    rates: dict[str, list[float]],
) -> None:
    rates[name].append(articles / wall)
    print(
        f"round {number} {name:9} {articles}/{expected} articles in {wall:.1f} s: {articles / wall:.1f}/s, "
        f"{1000 * cpu / max(1, articles):.1f} ms CPU each, peak {peak:.0f} MB",
        flush=True,
    )


if __name__ == "__main__":
    main()
