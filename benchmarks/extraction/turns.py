"""All extractors over all pages: they take turns page by page, and who goes first changes: all share the machine's moods."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.extraction.pages import Page
from benchmarks.extraction.readers import Read, Reading, readers

#: pages read once before the clock starts: first calls import, compile and fill caches
_WARM_UP = 5


@dataclass(slots=True)
class Turns:
    """What one extractor made of the pages; CPU seconds per page, least of all rounds."""

    readings: list[Reading] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)


def take_turns(
    pages: Sequence[Page], extractors: Mapping[str, Read], rounds: int, step: Callable[[], None]
) -> dict[str, Turns]:
    """The readings and times of every extractor; `step` is called after each page of each round."""
    names = list(extractors)
    turns = {name: Turns() for name in names}
    for page in pages[:_WARM_UP]:
        for name in names:
            extractors[name](page.html, page.url)
    for number in range(rounds):
        for place, page in enumerate(pages):
            shift = (number + place) % len(names)
            for name in names[shift:] + names[:shift]:
                start = time.process_time()
                reading = extractors[name](page.html, page.url)
                _keep(turns[name], place, reading, time.process_time() - start)
            step()
    return turns


def _keep(turns: Turns, place: int, reading: Reading, cpu_s: float) -> None:
    if place == len(turns.readings):
        turns.readings.append(reading)
        turns.cpu_s.append(cpu_s)
    else:
        turns.cpu_s[place] = min(turns.cpu_s[place], cpu_s)


def peak_memory(name: str, pages: Sequence[Page]) -> float:
    """MB a process of its own takes at most that reads all pages with this extractor alone (and holds them)."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_peak_of, (name, [(page.html, page.url) for page in pages]))


def _peak_of(name: str, pages: Sequence[tuple[bytes, str]]) -> float:
    warnings.simplefilter("ignore")
    read = readers((name,))[0][name]
    for html, url in pages:
        read(html, url)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1_000_000 if sys.platform == "darwin" else 1_000)
