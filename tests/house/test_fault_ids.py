"""Every fault of our list has a test that carries its id, and no test carries an id that the list does not explain."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
LISTED = re.findall(r"^([FP]\d\d) \S.*$", (TESTS / "house" / "fault_ids.txt").read_text(), re.MULTILINE)
_NAME = re.compile(r"^(?:async )?def test_((?:[fp]\d\d_(?:to_)?)+)", re.MULTILINE)


@lru_cache(maxsize=1)
def _ids_of_tests() -> set[str]:
    found = set()
    for module in TESTS.rglob("test_*.py"):
        for ids in _NAME.findall(module.read_text()):
            found |= _spanned(ids.upper())
    return found


def _spanned(ids: str) -> set[str]:
    """The ids in a name; ``P01_TO_P08`` stands for all of them."""
    named = re.findall(r"[FP]\d\d", ids)
    if "_TO_" in ids and len(named) == 2:
        first, last = (int(one[1:]) for one in named)
        return {f"{named[0][0]}{number:02}" for number in range(first, last + 1)}
    return set(named)


@pytest.mark.parametrize("fault", LISTED)
def test_the_fault_has_a_test_that_carries_its_id(fault: str) -> None:
    assert fault in _ids_of_tests()


def test_the_list_is_whole_and_says_each_fault_once() -> None:
    assert len(LISTED) == len(set(LISTED)) == 54
    assert _ids_of_tests() <= set(LISTED)
