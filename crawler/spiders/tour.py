"""What one running crawl shares: its settings, the intake, the workers, the pace, and how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from crawler.intake import Intake
from crawler.pace import Pace
from crawler.settings import CrawlSettings
from crawler.worker import Workers


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a crawl is.

    Attributes:
        visits, visits_done: sources asked for, and those whose visit is over.
        pages_found, pages_done: pages to be fetched as far as known, and those taken in (as page or failure).
        failures: of `pages_done`, those that gave no page.
    """

    visits: int
    visits_done: int = 0
    pages_found: int = 0
    pages_done: int = 0
    failures: int = 0


def utc_now() -> datetime:
    """The time, aware UTC."""
    return datetime.now(UTC)


@dataclass(slots=True, eq=False)
class Tour:
    """One crawl, from start to end; lives in the crawl's event loop.

    Attributes:
        tell: is told the progress after every change of it.
        first_error: the first error of ours, which ended the crawl; None as long as there was none.
        is_over: all visits were walked, or the crawl was stopped in good order.
    """

    settings: CrawlSettings
    intake: Intake
    workers: Workers
    pace: Pace
    progress: Progress
    tell: Callable[[Progress], None] | None = None
    clock: Callable[[], datetime] = field(default=utc_now)
    first_error: BaseException | None = None
    is_over: bool = False

    def fail(self, error: BaseException) -> None:
        """Note an error of ours; the crawl stops because of the first one."""
        if self.first_error is None:
            self.first_error = error
        self.pace.stop()

    def report(self, progress: Progress) -> None:
        """Note the progress and pass it on."""
        self.progress = progress
        if self.tell is not None:
            self.tell(progress)
