"""Stories of the store -> entries of a digest: the headline, the lead and why, with the rule's words marked. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from alerts.digest import Copy, DigestEntry, Segment
from pipeline.article import Article, Evidence, Match, Role
from pipeline.dossier import ACT_TOPIC, Report, act_of_story, discrepancies, headline_warning, read_act
from pipeline.store import ArticleRecord, StoryRecord
from tipwatch.quoting import marked, reasons, sentence_ends, telling, word_end
from tipwatch.spread import (
    first_of,
    first_report,
    origin,
    origins_of,
    outlets_of,
    publication_order,
    same_name,
)

MOST_READ = 30  # reports of a story in which a stage is looked for: a millisecond each
LEAD_CHARS = 420  # two or three sentences: what fits above the fold of a phone


@dataclass(frozen=True, slots=True)
class Wording:
    """How a rule pack's ids are said to readers.

    Attributes:
        label: a word for a clause.
        title: a topic's title.
        decisive: the clauses of a topic's query, most important first.
    """

    label: Callable[[str], str]
    title: Callable[[str], str]
    decisive: Callable[[str], Sequence[str]]


def entry_of(story: StoryRecord, wording: Wording) -> DigestEntry:
    """A story as a digest shows it: its first report (or best match) on top, every other member as a copy.

    How far it spread counts all its articles, those told before or in another language included.
    """
    label = wording.label
    head = lead_record(story)
    everybody = (*story.members, *story.others)
    article, match = head.article, best_match(head.matches)
    decisive = wording.decisive(match.topic)
    spans = telling(match.evidence, label, decisive)
    acts = acts_told(everybody)
    act = act_of_story(acts)
    return DigestEntry(
        story_id=story.id,
        headline=marked(article.title, [e for e in spans if e.field == "title"]),
        url=article.url,
        outlet=article.outlet,
        country=article.country,
        language=article.language,
        published_at=article.published.at if article.published else None,
        precision=article.published.precision.value if article.published else None,
        lead=lead(article, [e for e in spans if e.field == "text"]),
        why=reasons(article, match, label, decisive),
        score=match.score,
        topics=tuple(dict.fromkeys(wording.title(m.topic) for r in story.members for m in r.matches)),
        credits=tuple(c.name for c in article.credits),
        copies=tuple(copy_of(record) for record in story.members if record.id != head.id),
        first_seen_at=min(record.first_seen_at for record in story.members),
        stage=act.stage if act else None,
        warning=headline_warning(read_act(article)) if on_an_act(head) else None,
        first=first_report(head, everybody),
        outlets=len(outlets_of(everybody)),
        origins=len(origins_of(everybody)),
        discrepancies=discrepancies(acts),
    )


def on_an_act(record: ArticleRecord) -> bool:
    """Whether it is on an act of a body, so that a stage is looked for."""
    return any(match.topic == ACT_TOPIC for match in record.matches)


def acts_told(records: Sequence[ArticleRecord]) -> tuple[Report, ...]:
    """What the articles of a story tell of an act, the first report first; what a reprint tells is told already."""
    if not any(on_an_act(record) for record in records):
        return ()
    first = first_of(records)
    own = [record for record in records if on_an_act(record) and record.role is not Role.REPRINT]
    chosen = own or [record for record in records if on_an_act(record)]
    chosen.sort(key=lambda record: (record.id != first.id, publication_order(record)))
    read = [(record, read_act(record.article)) for record in chosen[:MOST_READ]]
    return tuple(
        Report(record.article.outlet, same_name(origin(record.article, first.article, record.role)), act)
        for record, act in read
        if act is not None
    )


def story_order(story: StoryRecord) -> tuple[bool, float, int, float]:
    """Sort key: new stories before ones told before, then by score, by number of articles, the latest published first."""
    latest = max(publication_order(record)[0] for record in story.members)
    return (story.already_told, -round(score_of(story), 1), -len(story.members), -latest)


def score_of(story: StoryRecord) -> float:
    """How sure the best match of a story's new articles is, 0 to 1."""
    return max(match.score for record in story.members for match in record.matches)


def lead_record(story: StoryRecord) -> ArticleRecord:
    """The member to show on top: the first report if it is among the new members, else the earliest published."""
    firsts = [record for record in story.members if record.role is Role.FIRST]
    return min(firsts or story.members, key=publication_order)


def best_match(matches: Sequence[Match]) -> Match:
    """The match with the highest score."""
    return max(matches, key=lambda match: match.score)


def copy_of(record: ArticleRecord) -> Copy:
    """Another outlet's article of the story."""
    article = record.article
    return Copy(
        outlet=article.outlet,
        url=article.url,
        title=article.title,
        language=article.language,
        country=article.country,
        relation="reprint" if record.role is Role.REPRINT else "report",
        published_at=article.published.at if article.published else None,
        precision=article.published.precision.value if article.published else None,
    )


def lead(article: Article, evidence: Sequence[Evidence]) -> tuple[Segment, ...]:
    """The first sentences of the text, up to LEAD_CHARS, with the rule's words marked."""
    text, stop = article.text, 0
    for cut in sentence_ends(text):
        if stop and cut > LEAD_CHARS:
            break
        stop = cut
    clipped = stop > LEAD_CHARS * 1.5
    if clipped:
        stop = word_end(text, LEAD_CHARS)
    segments = marked(text.replace("\n", " "), evidence, 0, stop)
    more = clipped or stop < len(text.rstrip())
    return (*segments, Segment(" …")) if more else segments
