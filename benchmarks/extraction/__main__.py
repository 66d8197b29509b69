"""Our extraction beside trafilatura (with metadata), newspaper4k and readability-lxml: the same pages, one run, one process.

    python -m benchmarks.extraction [FOLDER]

FOLDER has index.jsonl, one page a line: "file" (HTML, may be .gz), "url", and what is known of it: "title", "authors" (a list),
"published" (ISO 8601; without an offset: the clock as printed) or "date", "lang", "body", "must_contain" and "must_not_contain"
(lists of passages). Pages with a "label" are counted apart. A folder of saved pages without an index shows only how quick the
extractors are and how far they agree. Without FOLDER: the few pages of our own writing beside this file.

Our figures are held against the floors pinned for these pages, if there are any. Exit codes: 0, 1 below a floor, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from benchmarks.extraction import floors as pinned
from benchmarks.extraction.pages import Folder, read_folder
from benchmarks.extraction.readers import BASE, MODULES, OURS, readers
from benchmarks.extraction.report import (
    Figures,
    Group,
    by_language,
    figures,
    groups,
    table,
    worst,
    worst_lines,
)
from benchmarks.extraction.turns import peak_memory, take_turns

_OWN = Path(__file__).with_name("own")
_WIDTH = 170  # where no terminal says how wide it is


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.extraction",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, nargs="?", default=_OWN)
    parser.add_argument("--only", default="", metavar="NAMES", help=f"of {', '.join(MODULES)}; comma between")
    parser.add_argument(
        "--rounds", type=int, default=2, help="the time of a page is the least of all rounds (2)"
    )
    parser.add_argument(
        "--every", type=int, default=1, help="every n-th page only; no floor is looked at then"
    )
    parser.add_argument("--by-language", action="store_true", help="a table per language, too")
    parser.add_argument(
        "--memory", action="store_true", help="peak memory, each extractor once more in a process of its own"
    )
    parser.add_argument(
        "--worst", type=int, default=0, metavar="N", help="the pages where we are furthest behind"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument(
        "--floors", type=Path, default=pinned.FILE, metavar="FILE", help="other floors than the pinned ones"
    )
    changing = parser.add_mutually_exclusive_group()
    changing.add_argument(
        "--raise-floors", action="store_true", help="pin what is better than its floor, or has none"
    )
    changing.add_argument(
        "--lower-floors", action="store_true", help="give up the floors that were not reached"
    )
    asked = parser.parse_args(given)
    unknown = {name for name in asked.only.split(",") if name} - set(MODULES)
    if unknown:
        parser.error(f"--only: not known: {', '.join(sorted(unknown))}")
    if asked.rounds < 1 or asked.every < 1:
        parser.error("--rounds and --every begin at 1")
    if asked.every > 1 and (asked.raise_floors or asked.lower_floors):
        parser.error("floors are pinned for all pages: not together with --every")
    return asked


def say(line: str) -> None:
    print(line, file=sys.stderr)


def measured(folder: Folder, asked: argparse.Namespace) -> tuple[Group, dict[str, float]]:
    """All readings, and the peak memory where it was asked for."""
    extractors, missing = readers(tuple(name for name in asked.only.split(",") if name))
    for name in missing:
        say(f"{name} is left out, because it is not installed: ./tw setup bench")
    pages = folder.pages[:: asked.every]
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("reading", total=asked.rounds * len(pages))
        turns = take_turns(pages, extractors, asked.rounds, lambda: bar.advance(task))
        memory = {name: peak_memory(name, pages) for name in extractors} if asked.memory else {}
    return Group("pages", pages, turns), memory


def check_floors(name: str, found: Mapping[str, Figures], asked: argparse.Namespace) -> list[pinned.Fall]:
    """What of ours is below its floor; floors are changed where that was asked for."""
    if OURS not in found:
        return []
    values = {key: mean.value for key, mean in found[OURS].measures.items()}
    known = pinned.load(asked.floors)
    floors = known.get(name, {})
    if asked.raise_floors or (asked.lower_floors and floors):
        change = pinned.raised if asked.raise_floors else pinned.lowered
        floors = change(floors, values)
        pinned.save(asked.floors, {**known, name: floors})
    if not floors:
        say(f"no floors are pinned for {name}: --raise-floors does")
    return pinned.falls(floors, values)


def main(given: Sequence[str] | None = None) -> int:
    asked = arguments(given)
    warnings.simplefilter("ignore")
    try:
        folder = read_folder(asked.folder)
    except (OSError, ValueError, KeyError) as error:
        say(f"{asked.folder}: {error}")
        return 2
    whole, memory = measured(folder, asked)
    parts = groups(whole)
    results = {group.name: figures(group, memory) for group in parts}
    fallen = []
    if folder.name and asked.every == 1:
        for group in parts:
            name = f"{folder.name} {group.name}"
            fallen += [f"{name}: {fall}" for fall in check_floors(name, results[group.name], asked)]
    tell(parts, results, asked, fallen)
    for line in fallen:
        say(f"below its floor: {line}")
    return 1 if fallen else 0


def tell(
    parts: Sequence[Group],
    results: Mapping[str, Mapping[str, Figures]],
    asked: argparse.Namespace,
    fallen: Sequence[str],
) -> None:
    """Print what came of it."""
    if asked.json:
        print(json.dumps(as_object(parts, results, asked, fallen), ensure_ascii=False))
        return
    console = Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)
    for group in parts:
        console.print(table(group, results[group.name]), "")
        if asked.by_language:
            for part in by_language(group):
                console.print(table(part, figures(part, {})), "")
        for line in worst_lines(worst(group, asked.worst)) if asked.worst else ():
            print(line)
    if BASE in next(iter(results.values())):
        console.print(f"CPU: of this process; ratio: to {BASE}; ±: bootstrap", style="dim")


def as_object(
    parts: Sequence[Group],
    results: Mapping[str, Mapping[str, Figures]],
    asked: argparse.Namespace,
    fallen: Sequence[str],
) -> dict[str, object]:
    """The same as JSON."""
    told: dict[str, object] = {"below_floors": list(fallen), "groups": {}}
    for group in parts:
        one: dict[str, object] = {
            "pages": len(group.pages),
            "extractors": {name: each.as_object() for name, each in results[group.name].items()},
        }
        if asked.by_language:
            one["languages"] = {
                part.name.rpartition(", ")[2]: {
                    "pages": len(part.pages),
                    "extractors": {name: each.as_object() for name, each in figures(part, {}).items()},
                }
                for part in by_language(group)
            }
        if asked.worst:
            one["worst"] = worst(group, asked.worst)
        told["groups"][group.name] = one  # type: ignore[index]
    return told


if __name__ == "__main__":
    logging.disable()  # extractors tell of their failures there; they are counted
    sys.exit(main())
