from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import WorkerError
from crawler.intake import Intake
from crawler.page import (
    Entry,
    FailureKind,
    FeedReport,
    FeedResult,
    FetchedPage,
    FetchFailure,
    RobotsCopy,
    Validators,
    VisitReport,
)
from crawler.source import Source
from crawler.worker import Workers
from pipeline import intake as intake_module
from pipeline.article import Outcome, OutcomeKind
from pipeline.errors import PipelineError, StoreError
from pipeline.extract import PageInput
from pipeline.intake import ArticleIntake, outcome_of_failure, prepare_worker, read_page
from pipeline.store import Store, open_store
from pipeline.understand import understand

NOON = datetime(2023, 11, 12, 12, tzinfo=UTC)
PAPER = Source(
    "paper", "Morning Paper", feeds=("https://paper.example/rss",), languages=("en",), country="BY"
)
URL = "https://paper.example/news/resolution"

PAGE = """<!doctype html><html lang="en"><head><title>UN adopts resolution on trafficking in persons</title>
<meta property="article:published_time" content="2023-11-11T20:45:00+04:00"></head>
<body><article><h1>UN adopts resolution on trafficking in persons</h1>
<p>The Third Committee of the UN General Assembly on Saturday adopted by consensus a resolution on combating
trafficking in persons, which Belarus had introduced together with 97 other countries, its foreign ministry said.</p>
<p>The resolution on trafficking in persons asks governments to help the victims first and to look closely at the
internet as a place of recruitment. The document goes to the plenary meeting of the Assembly in December.</p>
<p>The delegation thanked all who had put their names to the draft and said that the talks had been long.</p>
</article></body></html>"""

Seen = list[tuple[str, str, OutcomeKind]]


def fetched(url: str = URL, body: str = PAGE, content_type: str | None = "text/html") -> FetchedPage:
    return FetchedPage(PAPER, url, url, body.encode(), content_type, NOON, Entry(url))


def failed(why: FailureKind, status: int | None = None, url: str = URL) -> FetchFailure:
    return FetchFailure(PAPER, url, why, "what happened", NOON, status)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(
        1, preload=("pipeline.understand",), setup=prepare_worker, setup_args=(("builtin",),)
    ) as running:
        yield running


@pytest.fixture
def seen() -> Seen:
    return []


@pytest.fixture
def taking(store: Store, workers: Workers, seen: Seen) -> Iterator[ArticleIntake]:
    def note(source: Source, url: str, outcome: Outcome) -> None:
        seen.append((source.id, url, outcome.kind))

    with ArticleIntake(store, workers, now=lambda: NOON, on_outcome=note, page_timeout_s=60) as intake:
        yield intake


def test_it_is_what_the_crawler_hands_over_to(taking: ArticleIntake) -> None:
    intake: Intake = taking
    assert intake is taking


def test_a_page_becomes_an_article_with_its_matches_and_one_outcome(
    taking: ArticleIntake, store: Store, seen: Seen
) -> None:
    async def visit() -> None:
        assert await taking.sight(PAPER, [Entry(URL), Entry(f"{URL}?utm_source=x")]) == [Entry(URL)]
        await taking.take_in(fetched())
        assert await taking.sight(PAPER, [Entry(URL)]) == []

    asyncio.run(visit())
    record = store.articles.find(URL)
    assert record is not None
    assert record.article.published is not None
    assert record.article.published.at == datetime(2023, 11, 11, 16, 45, tzinfo=UTC)
    assert [match.topic for match in record.matches] == ["trafficking-resolutions"]
    for piece in record.matches[0].evidence:
        field = {"title": record.article.title, "text": record.article.text}[piece.field]
        assert field[piece.start : piece.end] == piece.quote
    assert seen == [("paper", URL, OutcomeKind.KEPT)]
    assert store.pages.counts() == {OutcomeKind.KEPT: 1}


def test_the_same_page_again_and_under_another_url_is_stored_once(
    taking: ArticleIntake, store: Store, seen: Seen
) -> None:
    async def visit() -> None:
        await taking.take_in(fetched())
        await taking.take_in(fetched())
        await taking.take_in(fetched("https://paper.example/world/resolution"))

    asyncio.run(visit())
    assert [kind for _, _, kind in seen] == [OutcomeKind.KEPT, OutcomeKind.KEPT, OutcomeKind.DUPLICATE]
    assert len(list(store.articles.export(matched_only=False))) == 1


def test_a_page_that_is_no_article_says_so(taking: ArticleIntake, store: Store) -> None:
    asyncio.run(taking.take_in(fetched(body="<html><body></body></html>")))
    (kind,) = store.pages.counts()
    assert kind in {OutcomeKind.EXTRACTION_EMPTY, OutcomeKind.NOT_ARTICLE}


@pytest.mark.parametrize(
    ("why", "status", "kind", "detail", "passing"),
    [
        (FailureKind.ROBOTS, None, OutcomeKind.ROBOTS, "what happened", False),
        (FailureKind.TOO_LARGE, 200, OutcomeKind.TOO_LARGE, "what happened", False),
        (FailureKind.NOT_TEXT, 200, OutcomeKind.NOT_ARTICLE, "what happened", False),
        (FailureKind.EMPTY, 200, OutcomeKind.EXTRACTION_EMPTY, "what happened", False),
        (FailureKind.HTTP, 404, OutcomeKind.FAILED, "http: what happened", False),
        (FailureKind.HTTP, 502, OutcomeKind.FAILED, "http: what happened", True),
        (FailureKind.BUSY, 429, OutcomeKind.FAILED, "busy: what happened", True),
        (FailureKind.DNS, None, OutcomeKind.FAILED, "dns: what happened", True),
        (FailureKind.ADDRESS, None, OutcomeKind.FAILED, "address: what happened", False),
        (FailureKind.URL, None, OutcomeKind.FAILED, "url: what happened", False),
    ],
)
def test_each_failure_has_its_outcome(
    why: FailureKind, status: int | None, kind: OutcomeKind, detail: str, passing: bool
) -> None:
    assert outcome_of_failure(failed(why, status)) == Outcome(kind, detail, passing=passing)


def test_every_kind_of_failure_ends_in_exactly_one_outcome(
    taking: ArticleIntake, store: Store, seen: Seen
) -> None:
    async def visit() -> None:
        for why in FailureKind:
            await taking.take_in(failed(why, url=f"{URL}/{why}"))

    asyncio.run(visit())
    assert len(seen) == len(FailureKind) == store.pages.total() == sum(store.pages.counts().values())


def test_a_page_that_passes_all_limits_of_time_is_killed_and_the_next_one_is_kept(
    store: Store, workers: Workers, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_module, "read_page", hang_on_demand)
    with ArticleIntake(store, workers, now=lambda: NOON, page_timeout_s=5) as intake:

        async def visit() -> None:
            await asyncio.gather(
                intake.take_in(fetched(f"{URL}/hang")), intake.take_in(fetched(f"{URL}/fine"))
            )

        asyncio.run(visit())
    page = store.pages.find(f"{URL}/hang")
    assert page is not None
    assert (page.outcome.kind, page.outcome.detail[:8]) == (OutcomeKind.EXTRACTION_KILLED, "timeout:")
    assert store.articles.find(f"{URL}/fine") is not None


def hang_on_demand(page: FetchedPage) -> Any:
    """Runs in a worker."""
    if page.url.endswith("/hang"):
        while True:
            pass
    if page.url.endswith("/bug"):
        raise LookupError("a bug of ours")
    return read_page(page)


def test_a_page_is_still_owed_when_no_worker_can_be_had(
    store: Store, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def have_none(*_: object, **__: object) -> None:
        raise WorkerError("workers break down")

    monkeypatch.setattr(workers, "run", have_none)
    with ArticleIntake(store, workers, now=lambda: NOON) as intake:
        asyncio.run(intake.sight(PAPER, [Entry(URL)]))
        with pytest.raises(WorkerError):
            asyncio.run(intake.take_in(fetched()))
    assert store.pages.counts() == {OutcomeKind.PENDING: 1}


def test_the_crawl_itself_imports_no_parser_of_pages() -> None:
    code = (
        "import sys, tipwatch.rounds.crawling;"
        "sys.exit(' '.join({'trafilatura', 'py3langid', 'numpy', 'lark'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""


def test_a_bug_over_one_page_is_that_pages_outcome(
    taking: ArticleIntake, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_module, "read_page", hang_on_demand)
    asyncio.run(taking.take_in(fetched(f"{URL}/bug")))
    page = store.pages.find(f"{URL}/bug")
    assert page is not None
    assert page.outcome == Outcome(OutcomeKind.FAILED, "internal: LookupError: a bug of ours")


def test_an_article_that_cannot_be_written_is_that_pages_outcome(
    taking: ArticleIntake, store: Store, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StoreError("the row is refused")

    monkeypatch.setattr(type(store.articles), "add", refuse)
    asyncio.run(taking.take_in(fetched()))
    assert seen == [("paper", URL, OutcomeKind.FAILED)]
    page = store.pages.find(URL)
    assert page is not None
    assert page.outcome.detail == "internal: StoreError: the row is refused"


def test_when_nothing_can_be_recorded_any_more_the_round_is_told(
    tmp_path: Path, workers: Workers, clock: Callable[[], datetime]
) -> None:
    with open_store(f"sqlite:///{tmp_path / 'a.db'}", now=clock) as store:
        with sqlite3.connect(tmp_path / "a.db") as breaking:
            breaking.execute("DROP TABLE pages")
        breaking.close()
        with (
            ArticleIntake(store, workers, now=clock) as intake,
            pytest.raises(StoreError, match="no such table"),
        ):
            asyncio.run(intake.take_in(failed(FailureKind.ROBOTS)))


def test_a_visit_is_closed_and_robots_are_remembered(taking: ArticleIntake, store: Store) -> None:
    async def visit() -> None:
        await taking.remember_robots(RobotsCopy("https://paper.example", 404, "", NOON))
        feed = FeedReport(PAPER.feeds[0], FeedResult.OK, NOON, 1, Validators('"1"'))
        await taking.close_visit(VisitReport(PAPER, NOON, NOON, (feed,)))

    asyncio.run(visit())
    assert "https://paper.example" in store.robots.fresh(NOON)
    assert store.sources.visit_memory("paper", NOON).validators == {PAPER.feeds[0]: Validators('"1"')}


def test_s09_a_source_whose_visit_was_cut_short_is_due_at_once(taking: ArticleIntake, store: Store) -> None:
    asyncio.run(taking.close_visit(VisitReport(PAPER, NOON, NOON, cut_short=True)))
    assert store.sources.due([PAPER], NOON, every_s=1800) == (PAPER,)
    read = FeedReport(PAPER.feeds[0], FeedResult.NOT_MODIFIED, NOON)
    asyncio.run(taking.close_visit(VisitReport(PAPER, NOON, NOON, (read,))))
    assert store.sources.due([PAPER], NOON, every_s=1800) == ()


def test_single_pages_asked_for_by_hand_leave_their_source_due(taking: ArticleIntake, store: Store) -> None:
    asyncio.run(taking.close_visit(VisitReport(PAPER, NOON, NOON, feeds=())))
    assert store.sources.due([PAPER], NOON, every_s=1800) == (PAPER,)
    assert store.sources.health() == {}


def test_a_process_without_rules_says_how_to_give_it_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.understand._prepared", [])
    with pytest.raises(PipelineError, match="give Workers setup=prepare"):
        understand(PageInput.from_page(fetched()), URL)
