"""Stories of the store -> entries of a digest: the headline, the lead and why, with the rule's words marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from alerts.digest import Copy, DigestEntry, Reason, Segment
from pipeline.article import Article, Evidence, Match, Role
from pipeline.store import ArticleRecord, StoryRecord

LEAD_CHARS = 420  # two or three sentences: what fits above the fold of a phone
QUOTE_CHARS = 180
MAX_REASONS = 4

SENTENCE_END = re.compile(r"(?<=[.!?。！？؟])[\s»”\"]+|\n")


def entry_of(
    story: StoryRecord, label: Callable[[str], str], topic_title: Callable[[str], str]
) -> DigestEntry:
    """A story as a digest shows it: its first report (or best match) on top, every other member as a copy."""
    head = lead_record(story)
    article, match = head.article, best_match(head.matches)
    spans = [e for m in head.matches for e in m.evidence]
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
        why=reasons(article, match, label),
        score=match.score,
        topics=tuple(dict.fromkeys(topic_title(m.topic) for r in story.members for m in r.matches)),
        credits=tuple(c.name for c in article.credits),
        copies=tuple(copy_of(record) for record in story.members if record.id != head.id),
        first_seen_at=min(record.first_seen_at for record in story.members),
    )


def story_order(story: StoryRecord) -> tuple[bool, float, float]:
    """Sort key: new stories before ones told before, then by score, then the earliest seen."""
    score = max(match.score for record in story.members for match in record.matches)
    return (story.already_told, -score, story.first_seen_at.timestamp())


def lead_record(story: StoryRecord) -> ArticleRecord:
    """The member to show on top: the first report if it is among the new members, else the earliest published."""
    firsts = [record for record in story.members if record.role is Role.FIRST]
    return min(firsts or story.members, key=publication_order)


def publication_order(record: ArticleRecord) -> tuple[float, int]:
    """Sort key: by publication time, then by when we stored it; unknown times by when we first saw the article."""
    published = record.article.published
    return ((published.at if published else record.first_seen_at).timestamp(), record.id)


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
    )


def marked(
    text: str, evidence: Iterable[Evidence], start: int = 0, end: int | None = None
) -> tuple[Segment, ...]:
    """`text[start:end]` cut into runs, those covered by evidence marked; overlapping evidence is one run."""
    stop = len(text) if end is None else end
    segments: list[Segment] = []
    at = start
    for left, right in merged(evidence, start, stop):
        if left > at:
            segments.append(Segment(text[at:left]))
        segments.append(Segment(text[left:right], marked=True))
        at = right
    if at < stop:
        segments.append(Segment(text[at:stop]))
    return tuple(segments)


def merged(evidence: Iterable[Evidence], start: int, stop: int) -> list[tuple[int, int]]:
    """The evidence's spans within [start, stop), sorted, overlaps joined."""
    spans: list[tuple[int, int]] = []
    for left, right in sorted((max(e.start, start), min(e.end, stop)) for e in evidence):
        if left >= right:
            continue
        if spans and left <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(right, spans[-1][1]))
        else:
            spans.append((left, right))
    return spans


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


def sentence_ends(text: str) -> list[int]:
    """Offsets just after each sentence, in order; the last is the end of the text."""
    return [*[found.start() for found in SENTENCE_END.finditer(text)], len(text)]


def word_end(text: str, limit: int) -> int:
    """The last offset <= limit that does not cut a word (scripts without spaces are cut at the limit)."""
    space = text.rfind(" ", 0, limit)
    return space if space > limit // 2 else min(limit, len(text))


def reasons(article: Article, match: Match, label: Callable[[str], str]) -> tuple[Reason, ...]:
    """Why the article matched: one line per clause, the first quote of each, text before title."""
    chosen: dict[str, Evidence] = {}
    for evidence in sorted(match.evidence, key=lambda e: (e.field != "text", e.start)):
        if evidence.field in ("title", "text"):
            chosen.setdefault(label(evidence.clause), evidence)
    lines = []
    for name, evidence in list(chosen.items())[:MAX_REASONS]:
        field = article.title if evidence.field == "title" else article.text
        hits = [e for e in match.evidence if e.field == evidence.field and label(e.clause) == name]
        lines.append(Reason(label=name, quote=quoted(field, evidence, hits)))
    return tuple(lines)


def quoted(text: str, evidence: Evidence, hits: Sequence[Evidence]) -> tuple[Segment, ...]:
    """The sentence around the evidence, at most QUOTE_CHARS long, with the hits marked."""
    cuts = [0, *sentence_ends(text)]
    start = max(cut for cut in cuts if cut <= evidence.start)
    stop = min(cut for cut in cuts if cut >= evidence.end)
    while start < evidence.start and (text[start].isspace() or text[start] in '.!?»”"'):
        start += 1
    opened = closed = False
    if stop - start > QUOTE_CHARS:
        room = max(0, QUOTE_CHARS - (evidence.end - evidence.start)) // 2
        left, right = max(start, evidence.start - room), min(stop, evidence.end + room)
        space = text.find(" ", left, evidence.start) if left > start else -1
        opened, closed = left > start, right < stop
        start = space + 1 if space != -1 else left
        stop = max(evidence.end, word_end(text, right)) if closed else stop
    body = marked(text.replace("\n", " "), hits, start, stop)
    return (*([Segment("… ")] if opened else []), *body, *([Segment(" …")] if closed else []))
