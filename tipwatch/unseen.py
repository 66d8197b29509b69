"""Why a URL was never seen: the source it would belong to, how that one does, and what was seen closest to it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from crawler.source import Source
from crawler.urls import host_of, same_site
from pipeline.store import SourceHealth, Store
from tipwatch.config import Config
from tipwatch.sites import source_on_site
from tipwatch.stations import Step, noted, stopped, went_on

#: how alike two paths must be for one to be named (0 to 1)
ALIKE = 0.6
MOST_ALIKE = 3
#: a day as many outlets write it into their URLs: /2023/11/11/ or /2023-11-11/ or /20231111
DAY_IN_PATH = re.compile(r"(?<!\d)((?:19|20)\d\d)([/-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")


def unseen_steps(config: Config, store: Store, url: str, now: datetime) -> Iterator[Step]:
    """The stations at which a URL that no feed listed could have been met."""
    source = source_on_site(config.sources, url)
    if source is None:
        yield stopped("source", f"no configured source is on this site ({host_of(url)})")
    else:
        yield went_on("source", f"{source.name} ({source.id}) is on this site")
        yield from feed_steps(store, source, url)
    yield from robots_steps(store, url, now)
    alike = nearest_known(store, url, source)
    if alike:
        yield noted("ledger", f"closest of what was seen there: {', '.join(alike)}")


def feed_steps(store: Store, source: Source, url: str) -> Iterator[Step]:
    """Whether the source was visited, whether its feeds answered, and whether it was before we looked."""
    health = store.sources.health().get(source.id)
    if health is None or health.last_visit_at is None:
        yield stopped("feed", f"{source.id} was never visited: `tipwatch crawl {source.id}` does")
        return
    yield stopped(
        "feed",
        f"none of its {lists_in_words(source)} listed this URL at any visit; {feeds_in_words(health)}",
    )
    first, day = store.pages.first_sighting(source.id), day_of(url)
    if first is not None and day is not None and day.date() < first.date():
        yield stopped(
            "window",
            f"by its URL it is of {day:%Y-%m-%d}, and we have read this source since {first:%Y-%m-%d} only: before our window",
        )


def lists_in_words(source: Source) -> str:
    """How many feeds, sitemaps and listings a source has, such as ``feeds (2) and sitemaps (1)``."""
    kinds = (("feeds", source.feeds), ("sitemaps", source.sitemaps), ("listings", source.listings))
    return " and ".join(f"{kind} ({len(urls)})" for kind, urls in kinds if urls) or "feeds (0)"


def feeds_in_words(health: SourceHealth) -> str:
    """How a source's feeds do."""
    last = f"last visit {health.last_visit_at:%Y-%m-%d %H:%M} UTC"
    if health.failures:
        good = f"{health.last_success_at:%Y-%m-%d %H:%M} UTC" if health.last_success_at else "never"
        return f"{last} failed ({health.last_problem}), last success {good}"
    listed = [
        f"{feed.entries} {'entry' if feed.entries == 1 else 'entries'} in {feed.url}"
        for feed in health.feeds
        if feed.entries
    ]
    return f"{last}" + (f", which found {'; '.join(listed)}" if listed else "")


def robots_steps(store: Store, url: str, now: datetime) -> Iterator[Step]:
    """Whether the host's robots.txt, as far as we have it, would let us read the page."""
    # imported here: it brings Scrapy along (0.5 s), which few explanations need
    from crawler.middlewares.robots import rules_of  # noqa: PLC0415 - see above

    parts = urlsplit(url)
    copy = store.robots.fresh(now).get(f"{parts.scheme}://{parts.netloc}")
    refused = rules_of(copy).refusal(url) if copy is not None else None
    if refused is not None:
        yield stopped("robots", f"{refused.detail}: it could not be read even if a feed listed it")


def nearest_known(store: Store, url: str, source: Source | None) -> list[str]:
    """URLs of the same host that were seen and look most like this one."""
    host = host_of(url)
    if not host:
        return []
    seen = store.pages.on_host(host, source.id if source else None)
    by_path = {path_of(each): each for each in reversed(seen) if same_site(each, url)}
    found = difflib.get_close_matches(path_of(url), list(by_path), MOST_ALIKE, ALIKE)
    return [by_path[path] for path in found]


def path_of(url: str) -> str:
    """A URL's path and query."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def day_of(url: str) -> datetime | None:
    """The day that a URL's path names; None when it names none."""
    found = DAY_IN_PATH.search(urlsplit(url).path)
    if found is None:
        return None
    try:
        return datetime(int(found[1]), int(found[3]), int(found[4]), tzinfo=UTC)
    except ValueError:
        return None


def unseen_advice(config: Config, store: Store, url: str, steps: Sequence[Step]) -> str:
    """What would make us see such a URL, by the stations it did not pass."""
    ended = {step.station for step in steps if step.passed is False}
    if "robots" in ended:
        return "the site's robots.txt forbids this page to robots; ask the publisher, or read it yourself"
    source = source_on_site(config.sources, url)
    health = store.sources.health().get(source.id) if source else None
    if source is None:
        advice = "add its outlet to `sources` in the configuration (docs/how-to/add-a-source.md)"
    elif health is None or health.last_visit_at is None:
        advice = f"`tipwatch crawl {source.id}` reads its feeds"
    elif health.failures:
        advice = "its feeds fail, so nothing new of it is seen: docs/how-to/add-a-source.md says what to do about each failure"
    elif "window" in ended:
        advice = "no feed brings back what is older than our reading of it"
    else:
        advice = "the feed may carry only some sections, or the item came and went unseen: add a feed, or poll more often"
    return f"{advice}; `tipwatch crawl --url {url}` takes this one article in now"
