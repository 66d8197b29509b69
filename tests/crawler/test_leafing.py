"""Leafing through a listing: whatever its pages say, it ends, asks for no page twice and keeps to its bounds."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.listings import ListingPage
from crawler.page import Entry, FeedReport, FeedResult, ListKind, Visit
from crawler.source import Listing, Source
from crawler.spiders import listing as leafing
from crawler.spiders.lists import Trip

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FIRST = "https://o.test/0"
_pages = st.lists(
    st.tuples(st.lists(st.integers(0, 30), min_size=1, max_size=4), st.integers(0, 25) | st.none()),
    min_size=26,
    max_size=26,
)


class _Ledger:
    """Knows some articles."""

    def __init__(self, known: set[int]) -> None:
        self.known = {f"https://o.test/a/{number}" for number in known}

    async def unknown(
        self, source: Source, entries: Sequence[Entry], *, passed_over: bool = False
    ) -> Sequence[Entry]:
        del source, passed_over
        return [entry for entry in entries if entry.url not in self.known]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_pages, st.sets(st.integers(0, 30)), st.integers(1, 20), st.booleans())
def test_f31_leafing_always_ends(
    monkeypatch: pytest.MonkeyPatch, pages: Any, known: set[int], limit: int, with_since: bool
) -> None:
    asked: list[str] = []

    async def page_of(trip: Trip, so_far: Any, url: str) -> tuple[FeedReport, ListingPage]:
        del trip, so_far
        asked.append(url)
        articles, more = pages[int(url.rpartition("/")[2])]
        entries = tuple(Entry(f"https://o.test/a/{number}") for number in articles)
        report = FeedReport(url, FeedResult.OK, NOW, kind=ListKind.LISTING)
        return report, ListingPage(entries, None if more is None else f"https://o.test/{more}")

    monkeypatch.setattr(leafing, "_page", page_of)
    listing = Listing(FIRST, pages=limit)
    visit = Visit(Source("one", "one", listings=(listing,)), since=NOW if with_since else None)
    tour: Any = SimpleNamespace(intake=_Ledger(known))
    reading = asyncio.run(leafing.read_section(Trip(tour, tour, visit), listing))
    assert len(asked) == len(set(asked)) == reading.requests
    assert len(asked) <= (leafing.MAX_PAGES if with_since else limit)
    assert len({entry.url for entry in reading.entries}) == len(reading.entries)
