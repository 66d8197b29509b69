"""Extraction beside trafilatura (body and metadata), same pages, same process: CPU, body F1, title, exact publication time.

    python benchmarks/extraction.py FOLDER [--rounds 3] [--every 1]

FOLDER has index.jsonl, one page a line: "file" (HTML, may be .gz) and "url", and what is known of its "body", "title" and
"published" (ISO 8601; without an offset: the clock as printed). Pages with a "label" are counted apart.
The two take turns page by page, the first to go changes each round, and the first five pages are read once before the clock
starts; what is compared is the ratio within one run. trafilatura tells days only: no time of its is ever exact.
"""

from __future__ import annotations

import argparse
import gzip
import json
import pathlib
import re
import time
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from trafilatura import bare_extraction

from pipeline.article import Article
from pipeline.extract import PageInput, extract

_TOKEN = re.compile(r"[\u4e00-\u9fff\u3040-\u30ff]|\w+")
NAMES = ("tipwatch", "trafilatura")


@dataclass
class Reading:
    """What one extractor made of one page."""

    text: str = ""
    title: str = ""
    clock: str | None = None  # as printed on the page's own clock, to the second
    instant: datetime | None = None
    day: str | None = None


@dataclass
class Tally:
    """Sums over pages for one extractor."""

    cpu_s: float = 0.0
    readings: list[Reading] = field(default_factory=list)


def ours(body: bytes, url: str) -> Reading:
    page = PageInput(body, url, None, "bench", "", None, (), None, None, datetime.now(UTC))
    found = extract(page)
    if not isinstance(found, Article):
        return Reading()
    reading = Reading(found.text, found.title)
    if at := found.published:
        local = at.at + timedelta(minutes=at.offset_minutes or 0)
        reading.clock, reading.instant, reading.day = f"{local:%Y-%m-%dT%H:%M:%S}", at.at, f"{local:%Y-%m-%d}"
    return reading


def theirs(body: bytes, url: str) -> Reading:
    found = bare_extraction(body, url=url, with_metadata=True, include_comments=False)
    return Reading(found.text or "", found.title or "", day=found.date) if found else Reading()


def f1(text: str, expected: str) -> float:
    """F1 of the bags of words (of signs in Chinese and Japanese)."""
    got, want = Counter(_TOKEN.findall(text)), Counter(_TOKEN.findall(expected))
    common = (got & want).total()
    return 2 * common / (got.total() + want.total()) if common else float(got == want)


def is_exact(reading: Reading, expected: str) -> bool:
    """The same instant where the truth has an offset, else the same clock; fractions of a second left out."""
    want = datetime.fromisoformat(expected).replace(microsecond=0)
    if want.tzinfo is None:
        return reading.clock == f"{want:%Y-%m-%dT%H:%M:%S}"
    return reading.instant is not None and reading.instant.replace(microsecond=0) == want.astimezone(UTC)


def timed(read: Callable[[bytes, str], Reading], body: bytes, url: str) -> tuple[Reading, float]:
    start = time.process_time()
    reading = read(body, url)
    return reading, time.process_time() - start


def run(pages: list[tuple[dict, bytes]], rounds: int) -> dict[str, Tally]:
    """The readings of the last round and the CPU of all of them."""
    readers = list(zip(NAMES, (ours, theirs), strict=True))
    tallies = {name: Tally() for name in NAMES}
    for number in range(-1, rounds):
        for row, body in pages[:5] if number < 0 else pages:
            for name, read in readers if number % 2 else reversed(readers):
                reading, cpu_s = timed(read, body, row.get("url") or "https://unknown.example/a/b")
                if number >= 0:
                    tallies[name].cpu_s += cpu_s
                if number == rounds - 1:
                    tallies[name].readings.append(reading)
    return tallies


def share(hits: list[bool | float]) -> str:
    return f"{sum(hits) / len(hits):.4f}" if hits else "-"


def report(label: str, pages: list[tuple[dict, bytes]], tallies: dict[str, Tally], rounds: int) -> None:
    print(
        f"\n{label}: {len(pages)} pages, mean {sum(len(body) for _, body in pages) / len(pages) / 1000:.0f} KB"
    )
    print(
        f"{'':12} {'CPU ms':>8} {'ratio':>6} {'body F1':>8} {'title =':>8} {'exact time':>11} {'day':>7} {'no text':>8}"
    )
    base = tallies[NAMES[1]].cpu_s
    for name, tally in tallies.items():
        rows = [(row, reading) for (row, _), reading in zip(pages, tally.readings, strict=True)]
        dated = [(row["published"], reading) for row, reading in rows if row.get("published")]
        columns = (
            f"{1000 * tally.cpu_s / rounds / len(pages):8.2f}",
            f"{tally.cpu_s / base:6.2f}",
            f"{share([f1(one.text, row['body']) for row, one in rows if row.get('body')]):>8}",
            f"{share([one.title.split() == row['title'].split() for row, one in rows if row.get('title')]):>8}",
            f"{share([is_exact(one, stamp) for stamp, one in dated]):>11}",
            f"{share([one.day == stamp[:10] for stamp, one in dated]):>7}",
            f"{sum(not one.text for _, one in rows):>8}",
        )
        print(f"{name:12} {' '.join(columns)}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--every", type=int, default=1, help="every n-th page only")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    rows = [json.loads(line) for line in (asked.folder / "index.jsonl").read_text("utf-8").splitlines()][
        :: asked.every
    ]
    pages = []
    for row in rows:
        body = (asked.folder / row["file"]).read_bytes()
        pages.append((row, gzip.decompress(body) if row["file"].endswith(".gz") else body))
    for label, labelled in (("pages without a label", False), ("pages with a label", True)):
        if part := [page for page in pages if bool(page[0].get("label")) == labelled]:
            report(label, part, run(part, asked.rounds), asked.rounds)


if __name__ == "__main__":
    main()
