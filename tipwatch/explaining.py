"""Why an article is in the digest, or where its way ended and what came closest: the walk, as values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from crawler.source import Source
from crawler.urls import same_site
from crawler.worker import Workers
from pipeline.article import Article, Classification, OutcomeKind
from pipeline.extract import PageInput, Unreadable
from pipeline.extract.worker import extract_all
from pipeline.rules import RulePack, RuleText, classify
from pipeline.store import ArticleRecord, DigestRecord, PageRecord, Store
from tipwatch.config import Config

#: a saved page belongs to no site; the reserved top-level name keeps it from matching any (RFC 2606)
FILE_URL = "http://file.invalid/"


@dataclass(frozen=True, slots=True)
class Step:
    """One station of an article's way. `passed`: None where the way ends without good or bad."""

    station: str
    passed: bool | None
    text: str


def went_on(station: str, text: str) -> Step:
    """A station the article passed."""
    return Step(station, passed=True, text=text)


def stopped(station: str, text: str) -> Step:
    """A station where the way ended, or a rule said no."""
    return Step(station, passed=False, text=text)


def noted(station: str, text: str) -> Step:
    """Something worth knowing, neither good nor bad."""
    return Step(station, passed=None, text=text)


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
        told = (
            noted(
                "digest",
                "not told to any subscription yet: `tipwatch digest preview` shows what is next",
            ),
        )
    return Explanation(
        subject=subject,
        verdict=found.verdict,
        found=found.found,
        steps=(*found.steps, *told),
        article=record.article,
        classification=found.classification,
        advice=found.advice,
    )


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
    source = site_of(desk.config, url) if url else None
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


def rule_text(config: Config, article: Article) -> RuleText:
    """An article as the rules read it."""
    source = config.source(article.source_id)
    return RuleText(
        title=article.title,
        text=article.text,
        url=article.url,
        source=article.source_id,
        language=article.language,
        country=article.country,
        tier=source.tier if source else None,
    )


def site_of(config: Config, url: str) -> Source | None:
    """The configured source on whose site the URL lies; None when there is none."""
    return next(
        (source for source in config.sources if any(same_site(url, feed) for feed in source.feeds)), None
    )


def never_seen(config: Config, url: str) -> Explanation:
    """Why a URL was never seen: no source covers its site, or no feed listed it while we looked."""
    source = site_of(config, url)
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


def ledger_steps(page: PageRecord) -> Iterator[Step]:
    """What the ledger says of a URL."""
    elsewhere = f", and in {page.seen_elsewhere} more listings" if page.seen_elsewhere else ""
    yield went_on(
        "feed",
        f"first seen {page.first_seen_at:%Y-%m-%d %H:%M} UTC at source {page.source_id}{elsewhere}",
    )
    outcome = page.outcome
    good = outcome.kind in (OutcomeKind.KEPT, OutcomeKind.NO_MATCH, OutcomeKind.REVISION)
    when = f" on {page.decided_at:%Y-%m-%d %H:%M} UTC" if page.decided_at else ""
    again = f"; next try {page.next_try_at:%Y-%m-%d %H:%M} UTC" if page.next_try_at else ""
    yield Step(
        "outcome", good, f"{outcome.kind}{when}" + (f": {outcome.detail}" if outcome.detail else "") + again
    )


def advice_for(page: PageRecord | None) -> str:
    """What would change a URL's outcome."""
    if page is None:
        return ""
    kind = page.outcome.kind
    if kind is OutcomeKind.ROBOTS:
        return "the site's robots.txt forbids this page to robots; ask the publisher, or read it yourself"
    if page.next_try_at or kind is OutcomeKind.PENDING:
        return "it is tried again by the next crawl in which its source is due"
    if kind is OutcomeKind.FAILED:
        return f"`tipwatch crawl --url {page.url}` tries once more"
    return ""


def article_steps(article: Article) -> Iterator[Step]:
    """What extraction understood."""
    if article.published:
        when = f"{article.published.at:%Y-%m-%d %H:%M} UTC, to the {article.published.precision}, from {article.published.origin}"
        zone = {"page": "zone on the page", "source": "the source's zone", "unknown": "zone unknown"}[
            article.published.zone_origin
        ]
        yield went_on("published", f"{when} ({zone})")
    else:
        yield noted("published", article.published_problem or "no date found")
    yield Step(
        "language",
        article.language is not None,
        f"{article.language or 'not recognised'} ({article.language_origin})",
    )
    if article.credits:
        yield went_on("credits", " <- ".join(credit.name for credit in article.credits))


def rule_steps(pack: RulePack, said: Classification) -> Iterator[Step]:
    """Matches with their words, vetoes by name, and near misses with what was missing."""
    for match in said.matches:
        words = ", ".join(dict.fromkeys(f"{pack.label(e.clause)}: “{e.quote}”" for e in match.evidence))
        yield went_on(f"rule {match.topic}", f"score {match.score:.2f}; {words}")
    for veto in said.vetoes:
        words = ", ".join(dict.fromkeys(f"“{e.quote}”" for e in veto.evidence))
        yield stopped(f"rule {veto.topic}", f"veto “{veto.name}”" + (f": {words}" if words else ""))
    for miss in said.near_misses:
        there = ", ".join(miss.satisfied) or "nothing"
        yield stopped(
            f"rule {miss.topic}",
            f"score {miss.score:.2f}; there: {there}; missing: {', '.join(miss.missing) or 'score'}",
        )


def told_steps(digests: Sequence[DigestRecord]) -> Iterator[Step]:
    """Which digests told it, to whom and when."""
    for digest in digests:
        for one in digest.deliveries:
            when = f" on {one.sent_at:%Y-%m-%d %H:%M} UTC" if one.sent_at else ""
            yield Step(
                "digest",
                one.state == "sent",
                f"{digest.subscription_id}, {digest.id}: {one.state} to {one.recipient.address}{when}",
            )


def nearest(pack: RulePack, said: Classification) -> str:
    """What would have made it match, by the topic that came closest."""
    if said.vetoes:
        return f"without the veto “{said.vetoes[0].name}” it might have matched {said.vetoes[0].topic}"
    best = max(said.near_misses, key=lambda miss: miss.score, default=None)
    if best is None or not best.missing:
        return ""
    title = pack.topics[best.topic].title if best.topic in pack.topics else best.topic
    return f"closest was {title}; it would have matched with: {', '.join(best.missing)}"
