from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from crawler.page import Entry, FeedReport, FeedResult, VisitReport
from crawler.source import Source
from pipeline.article import Outcome, OutcomeKind
from tipwatch.rounds.tally import CUT_SHORT, KNOWN, Tally

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE = Source(id="s", name="S", feeds=("http://s.example/rss",))


def entries(*numbers: int) -> list[Entry]:
    return [Entry(f"http://s.example/story/{number}") for number in numbers]


def test_a_url_whose_outcome_is_from_an_earlier_round_is_counted_as_known() -> None:
    tally = Tally.of([SOURCE])
    tally.sighted(SOURCE, entries(1, 2, 3), entries(3))
    tally.ended(SOURCE, entries(3)[0].url, Outcome(OutcomeKind.KEPT, topics=("t",)))
    tally.finish(1.0)
    assert tally.outcomes == {"kept": 1, KNOWN: 2}
    row = tally.sources["s"]
    assert (row.found, row.new, row.kept, row.matched, row.failed) == (3, 1, 1, 1, 0)


def test_a_round_that_was_stopped_says_so_and_counts_what_it_still_owes() -> None:
    tally = Tally.of([SOURCE])
    tally.sighted(SOURCE, entries(1, 2, 3), entries(2, 3))
    tally.ended(SOURCE, entries(3)[0].url, Outcome(OutcomeKind.NO_MATCH))
    tally.closed(VisitReport(SOURCE, NOW, NOW, cut_short=True))
    tally.finish(1.0)
    assert tally.cut_short
    assert tally.outcomes == {"no_match": 1, "pending": 1, KNOWN: 1}
    assert dict(tally.sources["s"].why) == {CUT_SHORT: 1}


def test_a_page_that_is_no_article_says_why_without_counting_as_failed() -> None:
    tally = Tally.of([SOURCE])
    tally.ended(SOURCE, entries(1)[0].url, Outcome(OutcomeKind.NOT_ARTICLE, "application/pdf, no text"))
    row = tally.sources["s"]
    assert (row.failed, dict(row.why)) == (0, {"application/pdf, no text": 1})


def test_twelve_spellings_of_one_url_are_one_url() -> None:
    tally = Tally.of([SOURCE])
    spelled = [
        Entry("http://s.example/a"),
        Entry("http://s.example/a#top"),
        Entry("http://s.example/a?utm_source=x"),
    ]
    tally.sighted(SOURCE, spelled, spelled[:1])
    tally.ended(SOURCE, spelled[0].url, Outcome(OutcomeKind.NO_MATCH))
    tally.finish(1.0)
    assert tally.urls_seen == 1


def test_a_failed_feed_is_named_before_anything_else() -> None:
    tally = Tally.of([SOURCE])
    feed = FeedReport("http://s.example/rss", FeedResult.FAILED, NOW, detail="HTTP 410")
    tally.closed(VisitReport(SOURCE, NOW, NOW, (feed,)))
    assert dict(tally.sources["s"].why) == {"feed: HTTP 410": 1}
    assert tally.sources["s"].feeds_failed == 1


@given(
    st.lists(st.lists(st.integers(0, 30), max_size=8), max_size=6),
    st.dictionaries(st.integers(0, 40), st.sampled_from(OutcomeKind)),
)
def test_the_outcomes_always_add_up_to_the_urls_seen(
    listings: list[list[int]], ends: dict[int, OutcomeKind]
) -> None:
    tally = Tally.of([SOURCE])
    for listing in listings:
        tally.sighted(SOURCE, entries(*listing), entries(*[n for n in listing if n in ends]))
    for number, kind in ends.items():
        tally.ended(SOURCE, f"http://s.example/story/{number}", Outcome(kind))
    tally.finish(0.0)
    assert sum(tally.outcomes.values()) == tally.urls_seen
