"""Why an article is in the digest, or where its way ended and what came closest: the walk, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from crawler.worker import Workers
from pipeline.article import Article, Classification
from pipeline.extract import PageInput, Unreadable
from pipeline.extract.worker import extract_all
from pipeline.rules import RulePack, classify
from pipeline.store import ArticleRecord, Store
from tipwatch.config import Config
from tipwatch.lab.reading import rule_text
from tipwatch.sites import source_on_site
from tipwatch.stations import (
    Step,
    advice_for,
    article_steps,
    ledger_steps,
    nearest,
    noted,
    rule_steps,
    stopped,
    told_steps,
    went_on,
)

#: a saved page belongs to no site; the reserved top-level name keeps it from matching any (RFC 2606)
FILE_URL = "http://file.invalid/saved-page"


@dataclass(frozen=True, slots=True)
class Explanation:
    """The whole walk.

    Attributes:
        subject: what was asked about.
        verdict: one sentence.
        found: whether the article is on a topic.
        article: None when there is none to look at.
        advice: what would change the verdict; empty when nothing is to be done.
    """

    subject: str
    verdict: str
    found: bool
    steps: tuple[Step, ...]
    article: Article | None = None
    classification: Classification = field(default_factory=Classification)
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """What explaining needs."""

    config: Config
    store: Store
    pack: RulePack
    now: datetime


def explain_url(desk: Desk, url: str) -> Explanation:
    """The walk of a URL through source list, ledger, extraction, rules and digests."""
    page = desk.store.pages.find(url)
    record = desk.store.articles.find(url)
    if page is None and record is None:
        return never_seen(desk.config, url)
    steps = list(ledger_steps(page)) if page else [went_on("ledger", "taken in by import")]
    if record is None:
        ended = page.outcome if page else None
        detail = (
            f"{ended.kind}: {ended.detail}" if ended and ended.detail else str(ended.kind if ended else "")
        )
        return Explanation(
            url, f"Its way ended at {detail}.", found=False, steps=tuple(steps), advice=advice_for(page)
        )
    return explain_record(desk, url, record, steps)


def explain_record(
    desk: Desk, subject: str, record: ArticleRecord, before: Sequence[Step] = ()
) -> Explanation:
    """The walk of a stored article, from its extraction on."""
    stored = went_on(
        "article",
        f"number {record.id}, {record.role} in story {record.story_id}: {record.article.title}",
    )
    found = explain_article(desk, subject, record.article, (*before, stored))
    told = tuple(told_steps(desk.store.digests.telling(record.id)))
    if not told and found.found:
        told = (noted("digest", waiting(desk.config, found.classification)),)
    return Explanation(
        subject=subject,
        verdict=found.verdict,
        found=found.found,
        steps=(*found.steps, *told),
        article=record.article,
        classification=found.classification,
        advice=found.advice,
    )


def waiting(config: Config, said: Classification) -> str:
    """Why a matched article was told to nobody yet."""
    topics = {match.topic for match in said.matches}
    asking = [one.id for one in config.subscriptions if topics.intersection(one.topics)]
    if not asking:
        return "no subscription asks for this topic"
    return f"not told yet to {', '.join(asking)}: `tipwatch digest preview` shows what is next"


def explain_article(desk: Desk, subject: str, article: Article, before: Sequence[Step] = ()) -> Explanation:
    """What the rules, as they are now, say of an article."""
    said = classify(desk.pack, rule_text(desk.config, article))
    steps = [*before, *article_steps(article), *rule_steps(desk.pack, said)]
    if said.matches:
        names = ", ".join(
            desk.pack.topics[match.topic].title for match in said.matches if match.topic in desk.pack.topics
        )
        return Explanation(
            subject,
            f"It is on: {names}.",
            found=True,
            steps=tuple(steps),
            article=article,
            classification=said,
        )
    return Explanation(
        subject,
        "It is on no topic.",
        found=False,
        steps=tuple(steps),
        article=article,
        classification=said,
        advice=nearest(desk.pack, said),
    )


def explain_file(desk: Desk, path: Path, url: str | None) -> Explanation:
    """What extraction and rules make of a saved page (.html) or a plain text (.txt: first line is the title)."""
    body = path.read_bytes()
    if path.suffix.lower() == ".txt":
        title, _, text = body.decode("utf-8", "replace").strip().partition("\n")
        article = Article(
            url=url or FILE_URL,
            canonical_url=url or FILE_URL,
            source_id="file",
            outlet=path.name,
            country=None,
            title=title,
            text=text,
        )
        return explain_article(desk, str(path), article)
    found = read_page(desk, body, path, url)
    if isinstance(found, Unreadable):
        step = stopped("extraction", f"{found.kind}: {found.detail}")
        return Explanation(
            str(path), f"Not an article we can read: {found.detail}.", found=False, steps=(step,)
        )
    return explain_article(desk, str(path), found)


def read_page(desk: Desk, body: bytes, path: Path, url: str | None) -> Article | Unreadable:
    """Extract a saved page in a killable worker."""
    source = source_on_site(desk.config.sources, url) if url else None
    page = PageInput(
        body=body,
        url=url or FILE_URL,
        content_type=None,
        source_id=source.id if source else "file",
        outlet=source.name if source else path.name,
        country=source.country if source else None,
        languages=source.languages if source else (),
        timezone=source.timezone if source else None,
        entry=None,
        fetched_at=desk.now,
    )
    with Workers(1) as workers:
        return next(iter(extract_all([page], workers)))


def never_seen(config: Config, url: str) -> Explanation:
    """Why a URL was never seen: no source covers its site, or no feed listed it while we looked."""
    source = source_on_site(config.sources, url)
    if source is None:
        step = stopped("source", "no configured source is on this site")
        advice = "add its outlet to `sources` in the configuration (docs/how-to/add-a-source.md)"
    else:
        step = stopped(
            "feed",
            f"{source.name} is configured, but none of its feeds listed this URL at any of our visits",
        )
        advice = "the feed may carry only some sections, or the item came and went unseen: add a feed, or poll more often"
    once = f"; `tipwatch crawl --url {url}` takes this one article in now"
    return Explanation(
        url, "tipwatch has never seen this URL.", found=False, steps=(step,), advice=advice + once
    )
