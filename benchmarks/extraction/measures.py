"""How good a reading is, measured against what is known of the page; and the means over pages, with their uncertainty. Pure."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import fmean, pstdev

from benchmarks.extraction.pages import Known, Page
from benchmarks.extraction.readers import Reading

_TOKEN = re.compile(r"[\u4e00-\u9fff\u3040-\u30ff]|\w+")
_SHINGLE = 4
_RESAMPLES = 300


@dataclass(frozen=True, slots=True)
class Mark:
    """One reading, marked: each measure between 0 and 1; None where nothing is known to measure it by."""

    precision: float | None = None
    recall: float | None = None
    body_f1: float | None = None
    shingle_precision: float | None = None
    shingle_recall: float | None = None
    must: float | None = None
    must_not: float | None = None
    title: float | None = None
    authors: float | None = None
    instant: float | None = None
    day: float | None = None
    language: float | None = None
    text: float | None = None


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over `count` pages; `spread`: the standard deviation of the means of resampled pages (bootstrap)."""

    value: float
    spread: float
    count: int


def mark(page: Page, reading: Reading) -> Mark:
    """The reading of a page, marked. Whether there is `text` counts only where there should be."""
    known = page.known
    precision = recall = together = shingle_precision = shingle_recall = None
    if known.body is not None:
        precision, recall, together = overlap(tokens(reading.text), tokens(known.body))
        shingle_precision, shingle_recall, _ = overlap(
            shingles(tokens(reading.text)), shingles(tokens(known.body))
        )
    flat = _flat(reading.text)
    expects_text = known.body is not None or bool(known.must)
    return Mark(
        precision=precision,
        recall=recall,
        body_f1=together,
        # as in article-extraction-benchmark: the precision of no text at all is not counted
        shingle_precision=shingle_precision if reading.text.strip() else None,
        shingle_recall=shingle_recall,
        must=_share(_flat(one) in flat for one in known.must),
        must_not=_share(_flat(one) not in flat for one in known.must_not),
        title=None if known.title is None else float(_flat(reading.title) == _flat(known.title)),
        authors=None if known.authors is None else float(reading.authors == known.authors),
        instant=None if known.published is None else float(is_exact(reading, known.published)),
        day=None if known.day is None else float(reading.day == known.day),
        language=_language(reading, known),
        text=float(bool(reading.text.strip())) if expects_text else None,
    )


def _language(reading: Reading, known: Known) -> float | None:
    return None if known.language is None else float(reading.language == known.language)


def tokens(text: str) -> list[str]:
    """Words; single signs in Chinese and Japanese."""
    return _TOKEN.findall(text)


def shingles(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Runs of four words; of a shorter text, all of it."""
    return (
        [tuple(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1))] if words else []
    )


def overlap(got: Iterable[object], want: Iterable[object]) -> tuple[float, float, float]:
    """Precision, recall and F1 of the bags; 0 where one has nothing."""
    mine, truth = Counter(got), Counter(want)
    common = (mine & truth).total()
    if not common:
        return (1.0, 1.0, 1.0) if mine == truth else (0.0, 0.0, 0.0)
    return (
        common / mine.total(),
        common / truth.total(),
        2 * common / (mine.total() + truth.total()),
    )


def is_exact(reading: Reading, expected: str) -> bool:
    """The same instant where the truth has an offset, else the same clock; fractions of a second left out."""
    want = datetime.fromisoformat(expected).replace(microsecond=0)
    if want.tzinfo is None:
        return reading.clock == f"{want:%Y-%m-%dT%H:%M:%S}"
    return reading.instant is not None and reading.instant.replace(microsecond=0) == want.astimezone(UTC)


def mean(values: Iterable[float | None]) -> Mean | None:
    """The mean of what could be measured; None of nothing."""
    there = [value for value in values if value is not None]
    if not there:
        return None
    dice = random.Random(0)  # the same pages give the same spread
    means = (
        [fmean(dice.choices(there, k=len(there))) for _ in range(_RESAMPLES)] if len(set(there)) > 1 else [0]
    )
    return Mean(fmean(there), pstdev(means), len(there))


def means(marks: Sequence[Mark]) -> dict[str, Mean]:
    """Every measure that could be taken; `shingle_f1` from the means of its precision and recall."""
    found: dict[str, Mean] = {}
    for name in Mark.__slots__:
        if one := mean(getattr(each, name) for each in marks):
            found[name] = one
    precision, recall = found.pop("shingle_precision", None), found.pop("shingle_recall", None)
    if recall:
        p, r = (precision.value if precision else 0.0), recall.value
        spread = max(precision.spread if precision else 0.0, recall.spread)
        found["shingle_f1"] = Mean(2 * p * r / (p + r) if p + r else 0.0, spread, recall.count)
    return found


def _share(hits: Iterable[bool]) -> float | None:
    counted = list(hits)
    return sum(counted) / len(counted) if counted else None


def _flat(text: str) -> str:
    return " ".join(text.split())
