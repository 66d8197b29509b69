from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import datetime

import pytest

from pipeline.store import HeldError, Store, open_store

_HOLD = (
    "import sys, time, datetime; from pipeline.store import open_store\n"
    "store = open_store(sys.argv[1], now=lambda: datetime.datetime.now(datetime.UTC))\n"
    "with store.sole(): print('held', flush=True); time.sleep(600)"
)


def test_only_one_at_a_time_and_the_next_one_when_it_has_left(
    store: Store, store_url: str, noon: datetime
) -> None:
    with open_store(store_url, now=lambda: noon) as other:
        with (
            store.sole(),
            pytest.raises(HeldError, match=r"another tipwatch .*is running .*stop that one first"),
            other.sole(),
        ):
            pass
        with other.sole():
            pass


def test_a_killed_holder_holds_nothing(store: Store, store_url: str) -> None:
    holder = subprocess.Popen([sys.executable, "-c", _HOLD, store_url], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(HeldError), store.sole():
        pass
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    for _ in range(200):  # the server notices the end of a connection a moment later
        try:
            with store.sole():
                return
        except HeldError:
            time.sleep(0.05)
    pytest.fail("the lock outlived its holder")


def test_the_holder_still_reads_and_writes(store: Store, noon: datetime) -> None:
    with store.sole():
        store.digests.register(["desk"], noon)
        assert store.digests.state("desk").since == noon
