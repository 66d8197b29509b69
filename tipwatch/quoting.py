"""Quoting an article: its text with the rule's words marked, and the fewest sentences that show why it matched. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from alerts.digest import Reason, Segment
from pipeline.article import Article, Evidence, Match

QUOTE_CHARS = 240
MAX_REASONS = 4
#: kinds of evidence shown, those that decide first: further ones support a match, they do not explain it
MAX_LABELS = 4
#: what each sentence further down must show more to be quoted
LATER = 0.4

SENTENCE_END = re.compile(r"(?<=[.!?。！？؟])[\s»”\"]+|\n")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a title or text in which a rule hit something.

    Attributes:
        start, stop: its span in the field.
        hits: the evidence in it, in order.
        place: how many sentences of its field come before it.
    """

    field: str
    start: int
    stop: int
    hits: tuple[Evidence, ...]
    place: int = 0


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


def sentence_ends(text: str) -> list[int]:
    """Offsets just after each sentence, in order; the last is the end of the text."""
    return [*[found.start() for found in SENTENCE_END.finditer(text)], len(text)]


def word_end(text: str, limit: int) -> int:
    """The last offset <= limit that does not cut a word (scripts without spaces are cut at the limit)."""
    space = text.rfind(" ", 0, limit)
    return space if space > limit // 2 else min(limit, len(text))


def telling(
    evidence: Sequence[Evidence], label: Callable[[str], str], decisive: Sequence[str] = ()
) -> tuple[Evidence, ...]:
    """The evidence worth showing: of hits within hits the longest; of its kinds those that decide, then the most frequent.

    `decisive`: the clauses of the topic's query, in its order (`RulePack.decisive`).
    """
    outer = [hit for hit in evidence if not any(within(hit, other) for other in evidence)]
    counted = Counter(label(hit.clause) for hit in outer)
    deciding = [name for name in dict.fromkeys(map(label, decisive)) if name in counted]
    frequent = [name for name, _ in counted.most_common()]
    shown = set(list(dict.fromkeys([*deciding, *frequent]))[:MAX_LABELS])
    return tuple(hit for hit in outer if label(hit.clause) in shown)


def within(hit: Evidence, other: Evidence) -> bool:
    """Whether a hit is part of a longer one."""
    longer = other.end - other.start > hit.end - hit.start
    return longer and other.field == hit.field and other.start <= hit.start and hit.end <= other.end


def reasons(
    article: Article, match: Match, label: Callable[[str], str], decisive: Sequence[str] = ()
) -> tuple[Reason, ...]:
    """Why the article matched, in the fewest sentences: each names what it is the first to show, with all its hits marked."""
    found = list(sentences_hit(article, telling(match.evidence, label, decisive)))
    lines: list[Reason] = []
    told: set[str] = set()
    while found and len(lines) < MAX_REASONS:
        best = max(found, key=lambda sentence: worth(sentence, len(labels(sentence, label) - told)))
        new = [name for name in labels_in_order(best, label) if name not in told]
        if not new:
            break
        told.update(new)
        found.remove(best)
        text = article.title if best.field == "title" else article.text
        lines.append(Reason(label=" · ".join(new), quote=quoted(text, best)))
    return tuple(lines)


def worth(sentence: Sentence, new: int) -> tuple[bool, float, bool]:
    """Sort key: what a sentence shows that is new, and how early. News comes first in a text, background last."""
    return (new > 0, new - LATER * min(sentence.place, 8), sentence.field == "text")


def labels(sentence: Sentence, label: Callable[[str], str]) -> set[str]:
    """What a sentence shows, in a reader's words."""
    return {label(hit.clause) for hit in sentence.hits}


def labels_in_order(sentence: Sentence, label: Callable[[str], str]) -> list[str]:
    """The same, each once, in the order of the text."""
    return list(dict.fromkeys(label(hit.clause) for hit in sentence.hits))


def sentences_hit(article: Article, evidence: Sequence[Evidence]) -> Iterator[Sentence]:
    """The sentences with evidence: the text's in order, then the title."""
    for field, text in (("text", article.text), ("title", article.title)):
        hits = sorted(
            (e for e in evidence if e.field == field and 0 <= e.start < e.end <= len(text)),
            key=lambda e: e.start,
        )
        start = 0
        for place, stop in enumerate(sentence_ends(text)):
            inside = tuple(hit for hit in hits if start <= hit.start < stop)
            if inside:
                yield Sentence(field, start, max(stop, inside[-1].end), inside, place)
            start = stop


def quoted(text: str, sentence: Sentence) -> tuple[Segment, ...]:
    """The sentence with its hits marked, cut around them to about QUOTE_CHARS."""
    start, stop = sentence.start, sentence.stop
    while start < sentence.hits[0].start and (text[start].isspace() or text[start] in '.!?»”"'):
        start += 1
    opened = closed = False
    if stop - start > QUOTE_CHARS:
        first, last = sentence.hits[0].start, max(hit.end for hit in sentence.hits)
        last = min(last, max(first + QUOTE_CHARS, sentence.hits[0].end))
        room = max(0, QUOTE_CHARS - (last - first)) // 2
        left, right = max(start, first - room), min(stop, last + room)
        space = text.find(" ", left, first) if left > start else -1
        opened, closed = left > start, right < stop
        start = space + 1 if space != -1 else left
        stop = max(sentence.hits[0].end, word_end(text, right)) if closed else stop
    body = marked(text.replace("\n", " "), sentence.hits, start, stop)
    return (*([Segment("… ")] if opened else []), *body, *([Segment(" …")] if closed else []))
