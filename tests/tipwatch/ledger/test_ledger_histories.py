"""Whatever happens in a newsroom, a database made by real rounds has no exceptions, and each article one fate."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import example, given, settings
from hypothesis import strategies as st

from alerts.subscription import Instant, Recipient
from pipeline.store import open_store
from tipwatch.ledger.fates import Fate, Fault

if TYPE_CHECKING:
    from tests.tipwatch.ledger.conftest import LedgerRoom

NOON = datetime(2026, 11, 12, tzinfo=UTC)
FRUIT = ("apple", "pear", "carrot")
STEPS = st.one_of(
    st.tuples(st.just("publishes"), st.sampled_from(FRUIT), st.sampled_from(["en", "ru"])),
    st.tuples(st.just("rules"), st.sets(st.sampled_from(FRUIT), min_size=1)),
    st.tuples(st.just("later"), st.sampled_from([1, 30, 61, 400, 1440, 5000])),
    st.tuples(st.just("clock back"), st.sampled_from([10, 100, 2000])),
    st.tuples(st.just("round"), st.booleans()),
    st.tuples(
        st.just("edits"), st.sampled_from(["none", "wider", "russian", "surer", "instant", "readers", "gone"])
    ),
)
EDITS: dict[str, dict[str, object]] = {
    "none": {},
    "wider": {"topics": ("fruit", "roots")},
    "russian": {"languages": ("ru",)},
    "surer": {"min_score": 0.6},
    "instant": {"instant": Instant(min_score=0.1, max_per_hour=2, gather_s=60.0)},
    "readers": {"recipients": (Recipient("other@example.org"),)},
}


def take(room: LedgerRoom, step: tuple[object, ...]) -> None:
    what, *how = step
    if what == "publishes":
        room.publishes(str(how[0]), language=str(how[1]))
    elif what == "rules":
        room.rules(*sorted(how[0]))  # type: ignore[call-overload]
    elif what == "later":
        room.later(minutes=how[0])  # type: ignore[arg-type]
    elif what == "clock back":
        room.now -= timedelta(minutes=how[0])  # type: ignore[arg-type]
    elif what == "round":
        room.round(now=how[0])
    elif what == "edits" and how[0] == "gone":
        room.config = replace(room.config, subscriptions=())
    elif what == "edits":
        room.configure(**EDITS[str(how[0])])


def set_back(steps: list[tuple[object, ...]], hours: int) -> bool:
    back = sum(int(str(how)) for what, how, *_ in steps if what == "clock back")
    return back > 60 * hours


@settings(max_examples=40, deadline=None)
@example(steps=[("later", 1440), ("round", False), ("clock back", 10), ("round", False)])
@given(steps=st.lists(STEPS, min_size=3, max_size=14))
def test_real_rounds_leave_no_exceptions_whatever_happens(
    steps: list[tuple[object, ...]], sqlite_template: Path, ledger_rooms: type[LedgerRoom]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(sqlite_template, folder / "desk.db")
        with open_store(f"sqlite:///{folder / 'desk.db'}", now=lambda: NOON) as store:
            room = ledger_rooms(store, folder)
            for step in steps:
                take(room, step)
                room.later(seconds=1)
                checked = room.check(mails=True)
                faults = {one.fault for one in checked.findings}
                # a window closed by a clock that was far ahead is not waited for, and the ledger says so (decision 0020)
                assert faults <= ({Fault.WINDOW_OVERLAP} if set_back(steps, hours=1) else set())
                for one in checked.totals:
                    assert sum(one.fates.values()) == one.articles
                    assert one.fates[Fate.EXCEPTION] == 0
