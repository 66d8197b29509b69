"""The stations of an article's way, in words: what the ledger, extraction, rules and digests say of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.article import Article, Classification, OutcomeKind
from pipeline.rules import RulePack
from pipeline.store import DigestRecord, PageRecord

#: clauses named of a near miss: the first ones weigh most
MOST_NAMED = 2


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
        there = ", ".join(miss.satisfied[:MOST_NAMED]) or "nothing"
        yield stopped(
            f"rule {miss.topic}",
            f"score {miss.score:.2f}; there: {there}; missing: {', '.join(miss.missing[:MOST_NAMED]) or 'score'}",
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
    return f"closest was {title}; it would have matched with: {', '.join(best.missing[:MOST_NAMED])}"
