"""One cycle in a process of its own: the round that `tipwatch crawl` makes, its tally as JSON on stdout.

    python -m benchmarks.feed_cycle.cycle CONFIG [--list-only] [--profile FILE]

With `--list-only` every entry is sighted and stored in the ledger, and its page stays owed: a later round fetches it.
"""

from __future__ import annotations

import argparse
import contextlib
import cProfile
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from crawler.page import Entry, Visit
from crawler.source import Source
from pipeline.intake import ArticleIntake
from tipwatch.cli.context import Context
from tipwatch.cli.crawl import as_object
from tipwatch.rounds import crawling


class ListingIntake(ArticleIntake):
    """An intake that keeps what the lists name, and asks for no page."""

    async def sight(self, source: Source, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Record the entries; none of their pages is fetched now."""
        await super().sight(source, entries)
        return ()


def only_lists() -> None:
    """From now on rounds of this process read lists only."""
    plan = crawling.plan

    def without_owed(*args: object) -> list[Visit]:
        return [replace(visit, again=()) for visit in plan(*args)]  # type: ignore[arg-type]  # passed on

    crawling.plan = without_owed
    crawling.ArticleIntake = ListingIntake  # type: ignore[misc]  # the round's own, but for pages


def main() -> None:
    """Run the round."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("sources", nargs="*")
    parser.add_argument("--list-only", action="store_true")
    parser.add_argument("--profile", type=Path)
    asked = parser.parse_args()
    if asked.list_only:
        only_lists()
    profile = cProfile.Profile() if asked.profile else None
    context = Context(asked.config)
    config = context.config()
    order = crawling.CrawlOrder(source_ids=tuple(asked.sources))
    with context.store(config) as store, profile or contextlib.nullcontext():
        tally = crawling.crawl_round(config, store, order, lambda _: None)
    if profile:
        profile.dump_stats(asked.profile)
    print(json.dumps(as_object(tally)))


if __name__ == "__main__":
    main()
