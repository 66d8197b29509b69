"""Plays one group of faults: a server for all of its hosts, its crawls each in a child process, and what they came to as JSON.

``hostile.py GROUP FOLDER``; the groups are the functions of `hostile_rows`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import hostile_rows
from hostile_server import HostileServer

CHILD = Path(__file__).parent / "hostile_child.py"
#: crawls at a time: the machine has other things to do
TOGETHER = 2


class Scales(threading.Thread):
    """The most memory that a process and its children held together: proportional set sizes, summed."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak_kb, self.largest_kb = pid, 0, 0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.15):
            held = [held_kb(pid) for pid in family_of(self.pid)]
            self.peak_kb = max(self.peak_kb, sum(held))
            self.largest_kb = max(self.largest_kb, *held)


def held_kb(pid: int) -> int:
    with contextlib.suppress(OSError):
        for row in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if row.startswith("Pss:"):
                return int(row.split()[1])
    return 0


def family_of(pid: int) -> list[int]:
    found = [pid]
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += family_of(int(child))
    return found


def crawl_in_child(order: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    began = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, str(CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**kept, **order.pop("environment", {})},
    )
    scales = Scales(child.pid)
    scales.start()
    try:
        out, err = child.communicate(json.dumps(order), timeout=100)
    except subprocess.TimeoutExpired:
        child.kill()
        out, err = child.communicate()
    scales.over.set()
    told = json.loads(out) if child.returncode == 0 else {}
    told["memory_mb"], told["largest_mb"] = scales.peak_kb / 1024, scales.largest_kb / 1024
    told |= {"code": child.returncode, "stderr": err[-20_000:], "seconds": time.monotonic() - began}
    return told


async def play(group: str, folder: Path) -> dict[str, Any]:
    server = HostileServer({}, folder)
    await server.start()
    rows = getattr(hostile_rows, group)(folder, server.http_port)
    server.routes = rows.routes
    turns = asyncio.Semaphore(TOGETHER)

    async def crawl(order: dict[str, Any]) -> dict[str, Any]:
        ports = {"http_port": server.http_port, "tls_port": server.tls_port}
        async with turns:
            return await asyncio.to_thread(crawl_in_child, {**order, **ports})

    told = await asyncio.gather(*(crawl(order) for order in rows.crawls.values()))
    return {
        "crawls": dict(zip(rows.crawls, told, strict=True)),
        "counts": server.counts(),
        "handshakes": dict(server.handshakes),
        "asked": [asdict(one) for one in server.asked if len(server.asked) < 3000],
    }


def main() -> None:
    group, folder = sys.argv[1], Path(sys.argv[2])
    told = asyncio.run(play(group, folder))
    sys.stdout.write(json.dumps(told))
    sys.stdout.flush()
    os._exit(0)  # behaviours may still be waiting for somebody to hang up


if __name__ == "__main__":
    main()
