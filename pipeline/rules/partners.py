"""Which two places belong together: the nearest in one sentence or paragraph, or so many words apart."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple, Protocol, TypeAlias

from pipeline.rules.text import Document

#: characters of a word with its blank that few words reach: so many are looked at first to see that places are far apart
_LONG_WORD = 12


class Leaf(NamedTuple):
    """A term's place: characters from `first` to `last` (exclusive) of the joined text."""

    clause: str
    first: int
    last: int


#: a clause's place, and the leaves that make it up
Hit: TypeAlias = tuple[int, int, tuple[Leaf, ...]]


class Reading(Protocol):
    """What is asked of the evaluation of one text: `pipeline.rules.evaluate.Evaluation`."""

    document: Document

    def bounds(self, unit: str) -> list[int]:
        """Where the parts begin that an operator does not reach over."""

    def spend(self, steps: int = 1) -> bool:
        """Count neighbours looked at; False when there were too many."""


class Way(NamedTuple):
    """How near two places must stand: in one `unit`, or at most `distance` words apart; `apart`: so near they must not."""

    unit: str
    distance: int
    apart: bool


class Partners:
    """The hits that others are joined with, or kept apart from, and how near they must stand."""

    def __init__(self, evaluation: Reading, hits: Sequence[Hit], way: Way) -> None:
        self._evaluation = evaluation
        self._document = evaluation.document
        self._hits = hits
        self._same = _share if way.apart else _are_one
        self._firsts = [hit[0] for hit in hits]
        self._ordered = way.unit == "ONEAR"
        self._distance = way.distance if way.unit in {"NEAR", "ONEAR"} else None
        self._bounds = evaluation.bounds(way.unit)
        self._reach = list(
            accumulate((hit[1] for hit in hits), max)
        )  # the furthest end of the hits up to each

    def of(self, left: Hit) -> Hit | None:
        """The nearest hit that is close enough; None when there is none.

        Not one in the very place of `left`; where the two are to be apart, none that shares a word with it.
        What overlaps is nearest. Of two that are equally near, the one that begins before `left` does.
        """
        firsts = self._firsts
        middle = bisect_left(firsts, left[0])
        index = bisect_right(self._bounds, left[0])
        start = self._bounds[index - 1]
        end = self._bounds[index] if index < len(self._bounds) else len(self._document.joined)
        before = None
        if middle and firsts[middle - 1] >= start and not self._ordered:
            before = self._before(left, middle, start)
        if middle == len(firsts) or firsts[middle] >= end:
            return before
        limit = end
        if before is not None:
            if before[1] > left[0]:
                return before
            limit = min(end, left[1] + left[0] - before[1])
        return self._after(left, middle, limit) or before

    def _before(self, left: Hit, middle: int, start: int) -> Hit | None:
        """The nearest hit that begins at `start` or later, but before `left`."""
        best, least = None, len(self._document.joined)
        for number in range(middle - 1, -1, -1):
            right, reach = self._hits[number], self._reach[number]
            if right[0] < start or left[0] - reach >= least or self._too_far(reach, left[0]):
                break  # whatever begins earlier is no nearer
            if not self._evaluation.spend():
                break
            gap = max(left[0] - right[1], 0)
            if gap < least and not self._too_far(right[1], left[0]) and not self._same(left, right):
                best, least = right, gap
        return best

    def _after(self, left: Hit, middle: int, limit: int) -> Hit | None:
        """The nearest hit that begins where `left` does or later, but before `limit`."""
        for number in range(middle, len(self._hits)):
            right = self._hits[number]
            if right[0] >= limit or self._too_far(left[1], right[0]) or not self._evaluation.spend():
                return None
            if not (self._ordered and right[0] < left[1]) and not self._same(left, right):
                return right
        return None

    def _too_far(self, end: int, start: int) -> bool:
        """Whether more words stand between an end and a start than the operator allows."""
        if self._distance is None or start <= end:
            return False
        enough = end + _LONG_WORD * (self._distance + 2)
        if enough < start and self._document.words_between(end, enough) > self._distance + 1:
            return True  # whatever follows; the last of these may be half a sign between words
        return self._document.words_between(end, start) > self._distance


def begin(hit: Hit) -> int:
    """Where a hit begins."""
    return hit[0]


def joined(left: Hit, right: Hit) -> Hit:
    """Two hits as one."""
    return min(left[0], right[0]), max(left[1], right[1]), (*left[2], *right[2])


def _are_one(left: Hit, right: Hit) -> bool:
    """Whether a term of one side stands in the very place of a term of the other: then they are one find, not two."""
    if left[1] <= right[0] or right[1] <= left[0]:
        return False
    return any(a.first == b.first and a.last == b.last for a in left[2] for b in right[2])


def _share(left: Hit, right: Hit) -> bool:
    """Whether a term of one side shares a word with a term of the other."""
    if left[1] <= right[0] or right[1] <= left[0]:
        return False
    return any(a.first < b.last and b.first < a.last for a in left[2] for b in right[2])
