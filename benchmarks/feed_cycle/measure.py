"""What a process and its children cost: seconds on the clock, seconds of the processors, memory at the worst moment."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_EVERY_S = 0.5
PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command cost.

    Attributes:
        wall_s: from its start to its end; cpu_s: of its first process; workers_cpu_s: of all others of its tree.
        server_cpu_s: what the server that it asked spent meanwhile.
        peak_mb: largest sum of all processes' proportional shares (PSS), looked at twice a second.
        load: processes that wanted to run on this machine, on average over the last minute, when it began.
    """

    wall_s: float
    cpu_s: float
    workers_cpu_s: float
    server_cpu_s: float
    peak_mb: float
    load: float


def cpu_s(pid: int) -> float:
    """Seconds of processor that a process took; 0 when it is gone."""
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) * _TICK_S


def measured(command: list[str], cwd: Path, server_pid: int) -> tuple[str, Cost]:
    """What a command printed, and what it cost. Exits when it failed without printing anything."""
    load, server_before, began = os.getloadavg()[0], cpu_s(server_pid), time.monotonic()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd, start_new_session=True, text=True
    ) as process:
        spent: dict[int, float] = {}
        peak, over = [0.0], threading.Event()

        def watch() -> None:
            while not over.wait(_EVERY_S):
                pids = _tree(process.pid)
                spent.update({pid: max(spent.get(pid, 0.0), cpu_s(pid)) for pid in pids})
                peak[0] = max(peak[0], sum(map(_pss_mb, pids)))

        watcher = threading.Thread(target=watch)
        watcher.start()
        stdout, stderr = process.communicate()
        over.set()
        watcher.join()
    if process.returncode or not stdout.strip():
        sys.exit(f"{' '.join(command)}: ended with code {process.returncode}\n{stderr[-3000:]}")
    print(stderr[-2000:], file=sys.stderr, end="")
    own = spent.pop(process.pid, 0.0)
    cost = Cost(
        wall_s=time.monotonic() - began,
        cpu_s=own,
        workers_cpu_s=sum(spent.values()),
        server_cpu_s=cpu_s(server_pid) - server_before,
        peak_mb=peak[0],
        load=load,
    )
    return stdout, cost


def _tree(session: int) -> list[int]:
    found = []
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                if os.getsid(int(entry.name)) == session:
                    found.append(int(entry.name))
            except OSError:  # it ended
                continue
    return found


def _pss_mb(pid: int) -> float:
    try:
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0
