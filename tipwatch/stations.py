"""The stations of an article's way, in words: what the ledger, extraction and rules say of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alerts.digest import Segment
from pipeline.article import Article, Classification, Evidence, Match, OutcomeKind
from pipeline.rules import RulePack
from pipeline.rules.lacking import Lack, Want
from pipeline.store import MatchRecord, PageRecord
from tipwatch.origins import DATE_ORIGINS
from tipwatch.quoting import reasons, telling

#: clauses named of a near miss, and places named of a clause: the first ones weigh most
MOST_NAMED, MOST_PLACES = 3, 3


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
    tried = f"; {page.tries} failed {'try' if page.tries == 1 else 'tries'} so far" if page.tries else ""
    again = f"; next try {page.next_try_at:%Y-%m-%d %H:%M} UTC" if page.next_try_at else ""
    detail = f": {outcome.detail}" if outcome.detail else ""
    yield Step("outcome", good, f"{outcome.kind}{when}{detail}{tried}{again}")


#: what would change an outcome, by its kind
ADVICE = {
    OutcomeKind.ROBOTS: "the site's robots.txt forbids this page to robots; ask the publisher, or read it yourself",
    OutcomeKind.TOO_OLD: "it was in an archive when we first read that: `tipwatch crawl --url {url}` reads it all the same",
    OutcomeKind.FAILED: "`tipwatch crawl --url {url}` tries once more",
    OutcomeKind.NOT_ARTICLE: "if it is an article, save the page and see what `tipwatch extract FILE` makes of it",
    OutcomeKind.EXTRACTION_EMPTY: "if it is an article, save the page and see what `tipwatch extract FILE` makes of it",
}


def advice_for(page: PageRecord | None) -> str:
    """What would change a URL's outcome."""
    if page is None:
        return ""
    kind = page.outcome.kind
    if page.next_try_at or kind is OutcomeKind.PENDING:
        return "it is tried again by the next crawl in which its source is due"
    return ADVICE.get(kind, "").format(url=page.url)


def article_steps(article: Article, pack: RulePack) -> Iterator[Step]:
    """What extraction understood, and whether the rules have words in its language."""
    if article.published:
        origin = DATE_ORIGINS.get(article.published.origin, article.published.origin)
        when = (
            f"{article.published.at:%Y-%m-%d %H:%M} UTC, to the {article.published.precision}, from {origin}"
        )
        zone = {"page": "zone on the page", "source": "the source's zone", "unknown": "zone unknown"}[
            article.published.zone_origin
        ]
        yield went_on("published", f"{when} ({zone})")
    else:
        yield noted("published", article.published_problem or "no date found")
    if article.language is None:
        yield stopped("language", "not recognised")
    elif article.language.split("-")[0] not in languages_of(pack):
        yield stopped(
            "language",
            f"{article.language} ({article.language_origin}): the rules have no words in this language, and find it by "
            "names and by words of other languages only",
        )
    else:
        yield went_on("language", f"{article.language} ({article.language_origin})")
    if article.partial:
        yield noted("text", "only a teaser was on the page")
    if article.credits:
        yield went_on("credits", " <- ".join(credit.name for credit in article.credits))


def languages_of(pack: RulePack) -> set[str]:
    """The languages in which a pack has words."""
    return {language for concept in pack.concepts.values() for language in concept.patterns}


def rule_steps(
    pack: RulePack, said: Classification, lacks: Sequence[Lack], article: Article
) -> Iterator[Step]:
    """Matches with their words, vetoes by name, and near misses with what was missing."""
    for match in said.matches:
        yield from match_steps(pack, match, article)
    for veto in said.vetoes:
        words = ", ".join(dict.fromkeys(f"“{e.quote}”" for e in veto.evidence))
        yield stopped(f"rule {veto.topic}", f"veto “{veto.name}”" + (f": {words}" if words else ""))
    matched = {match.topic for match in said.matches}
    for lack in lacks:
        ahead = next((name for name in pack.topics[lack.topic].unless if name in matched), None)
        if ahead is not None and not lack.wants:
            yield noted(f"rule {lack.topic}", f"{ahead} goes first")
        elif lack.topic not in matched and ahead is None and (lack.progress or not matched):
            yield from lack_steps(lack)


def match_steps(pack: RulePack, match: Match, article: Article) -> Iterator[Step]:
    """A match: its score, each clause with the places it was found in, and the sentences that show it."""
    station = f"rule {match.topic}"
    needed = f", {pack.topics[match.topic].threshold:.2f} needed" if match.topic in pack.topics else ""
    yield went_on(station, f"score {match.score:.2f}{needed}; rules {match.pack_version}")
    decisive = pack.decisive(match.topic)
    places: dict[str, list[Evidence]] = {}
    for hit in telling(match.evidence, pack.label, decisive):
        places.setdefault(pack.label(hit.clause), []).append(hit)
    for label, hits in places.items():
        shown = ", ".join(f"“{hit.quote}” ({hit.field} {hit.start}-{hit.end})" for hit in hits[:MOST_PLACES])
        yield went_on(
            "",
            f"{label}: {shown}" + (f" and {len(hits) - MOST_PLACES} more" if len(hits) > MOST_PLACES else ""),
        )
    for reason in reasons(article, match, pack.label, decisive):
        yield went_on("", starred(reason.quote))


def starred(segments: Sequence[Segment]) -> str:
    """A quote with its words in asterisks."""
    return "".join(f"*{each.text}*" if each.marked else each.text for each in segments)


def lack_steps(lack: Lack) -> Iterator[Step]:
    """How far a topic got, and what stood in its way."""
    station = f"rule {lack.topic}"
    for want in lack.wants[:MOST_NAMED]:
        yield stopped(station, f"missing: {want.clause}: {want.why}")
    if not lack.wants and lack.score < lack.threshold:
        lifts = f"; what counts: {', '.join(lack.lifts)}" if lack.lifts else ""
        yield stopped(station, f"score {lack.score:.2f}, {lack.threshold:.2f} needed{lifts}")


def nearest(pack: RulePack, lacks: Sequence[Lack]) -> str:
    """The smallest change that would have made it match, for the topic that came closest."""
    if not lacks:
        return ""
    lack = lacks[0]
    title = pack.topics[lack.topic].title
    if lack.vetoes and not lack.wants:
        return f"without the veto “{lack.vetoes[0]}” it would have been on {title}"
    if not lack.wants:
        short = f"{lack.threshold - lack.score:.2f} short of {title}"
        return f"it is {short}; what counts: {' or '.join(lack.lifts)}" if lack.lifts else f"it is {short}"
    return f"closest was {title}; it would have matched with {' and '.join(in_place(want) for want in lack.wants)}"


def in_place(want: Want) -> str:
    """A clause that was missing, with words that would satisfy it."""
    return want.clause + (f" (such as “{'”, “'.join(want.examples[:MOST_NAMED])}”)" if want.examples else "")


def kept_steps(pack: RulePack, kept: Sequence[MatchRecord], read_by: str) -> Iterator[Step]:
    """What is kept of an article's matches: since when, found late or not, withdrawn or not."""
    for one in kept:
        match = one.match
        late = (
            f"found late on {one.found_at:%Y-%m-%d}, by the rules that changed on {match.rules_changed_at:%Y-%m-%d}"
            if match.rules_changed_at
            else f"found on {one.found_at:%Y-%m-%d %H:%M} UTC"
        )
        told = f"{match.topic}: {late}, with {match.score:.2f} by rules {match.pack_version}"
        if one.withdrawn_at is None:
            yield went_on("kept", told)
        else:
            yield stopped(
                "kept",
                f"{told}; withdrawn on {one.withdrawn_at:%Y-%m-%d} by rules {one.withdrawn_by or 'unknown'}",
            )
    if read_by != pack.version:
        yield noted(
            "kept",
            f"read last by {f'rules {read_by}' if read_by else 'rules of before'}; those of today ({pack.version}) read the "
            "archive in the next digest round, or by `tipwatch rules rescore`",
        )
