"""Why an article is in the digest, or where its way ended and what came closest: the walk, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from crawler.worker import Workers
from pipeline.article import Article, Classification, OutcomeKind
from pipeline.extract import PageInput, Unreadable
from pipeline.extract.worker import extract_all
from pipeline.rules import RulePack, classify
from pipeline.rules.lacking import Lack, lacking
from pipeline.store import ArticleRecord, MatchRecord, Store
from tipwatch.config import Config
from tipwatch.lab.reading import rule_text
from tipwatch.sites import source_on_site
from tipwatch.stations import (
    Step,
    advice_for,
    article_steps,
    kept_steps,
    ledger_steps,
    nearest,
    noted,
    rule_steps,
    stopped,
    went_on,
)
from tipwatch.telling import Asked, told_steps, unasked_advice
from tipwatch.unseen import unseen_advice, unseen_steps

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
        kept: the matches kept of it, those withdrawn included; empty for what is not stored.
        lacks: what lies between it and each topic, the closest first.
        advice: what would change the verdict; empty when nothing is to be done.
    """

    subject: str
    verdict: str
    found: bool
    steps: tuple[Step, ...]
    article: Article | None = None
    classification: Classification = field(default_factory=Classification)
    kept: tuple[MatchRecord, ...] = ()
    lacks: tuple[Lack, ...] = ()
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
        steps = tuple(unseen_steps(desk.config, desk.store, url, desk.now))
        advice = unseen_advice(desk.config, desk.store, url, steps)
        return Explanation(url, "tipwatch has never seen this URL.", found=False, steps=steps, advice=advice)
    before = list(ledger_steps(page)) if page else [went_on("ledger", "taken in by import")]
    if record is None:
        ended = page.outcome if page else None
        detail = (
            f"{ended.kind}: {ended.detail}" if ended and ended.detail else str(ended.kind if ended else "")
        )
        return Explanation(
            url, f"Its way ended at {detail}.", found=False, steps=tuple(before), advice=advice_for(page)
        )
    found = explain_record(desk, url, record, before)
    if page is not None and page.outcome.kind is OutcomeKind.DUPLICATE:
        verdict = f"It is a duplicate ({page.outcome.detail}). {found.verdict}"
        return replace(found, verdict=verdict)
    return found


def explain_record(
    desk: Desk, subject: str, record: ArticleRecord, before: Sequence[Step] = ()
) -> Explanation:
    """The walk of a stored article, from its extraction on."""
    stored = went_on(
        "article",
        f"number {record.id}, {record.role} in story {record.story_id}: {record.article.title}",
    )
    found = explain_article(desk, subject, record.article, (*before, stored))
    kept = desk.store.scorings.verdicts(record.id)
    asked = Asked(record, kept, desk.now)
    steps = (
        *found.steps,
        *kept_steps(desk.pack, kept, desk.store.scorings.read_by(record.id)),
        *told_steps(desk.config, desk.store, asked),
    )
    advice = found.advice or unasked_advice(desk.config, asked)
    return replace(found, steps=steps, kept=kept, advice=advice)


def explain_article(desk: Desk, subject: str, article: Article, before: Sequence[Step] = ()) -> Explanation:
    """What the rules, as they are now, say of an article."""
    text = rule_text(desk.config, article)
    said = classify(desk.pack, text, near_misses=True)
    lacks = tuple(lacking(desk.pack, text))
    steps = (
        *before,
        *article_steps(article, desk.pack),
        *(noted("rules", f"not all of it was compared: {each}") for each in said.cut),
        *rule_steps(desk.pack, said, lacks, article),
    )
    names = ", ".join(desk.pack.topics[match.topic].title for match in said.matches)
    return Explanation(
        subject,
        f"It is on: {names}." if names else "It is on no topic.",
        found=bool(names),
        steps=steps,
        article=article,
        classification=said,
        lacks=lacks,
        advice="" if names else nearest(desk.pack, lacks),
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
            outlet="",
            country=None,
            title=title,
            text=text,
        )
        return explain_article(desk, str(path), article)
    found = read_page(desk, body, url)
    if isinstance(found, Unreadable):
        step = stopped("extraction", f"{found.kind}: {found.detail}")
        return Explanation(
            str(path), f"Not an article we can read: {found.detail}.", found=False, steps=(step,)
        )
    return explain_article(desk, str(path), found)


def read_page(desk: Desk, body: bytes, url: str | None) -> Article | Unreadable:
    """Extract a saved page in a killable worker."""
    source = source_on_site(desk.config.sources, url) if url else None
    page = PageInput(
        body=body,
        url=url or FILE_URL,
        content_type=None,
        source_id=source.id if source else "file",
        outlet=source.name if source else "",
        country=source.country if source else None,
        languages=source.languages if source else (),
        timezone=source.timezone if source else None,
        entry=None,
        fetched_at=desk.now,
    )
    with Workers(1) as workers:
        return next(iter(extract_all([page], workers)))
