"""What came of a run: the figures of each extractor, as values, as tables for people, and the pages where we are worst."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean

from rich.table import Table

from benchmarks.extraction.measures import Mark, Mean, mark, means, overlap, tokens
from benchmarks.extraction.pages import Page
from benchmarks.extraction.readers import BASE, OURS, Reading
from benchmarks.extraction.turns import Turns

_SHOWN = {
    "body_f1": "body F1", "precision": "P", "recall": "R", "shingle_f1": "4-gram F1", "must": "must", "must_not": "must not",
    "title": "title =", "authors": "authors =", "instant": "instant", "day": "day", "language": "lang", "text": "text",
}  # fmt: skip
_WITH_SPREAD = {"body_f1", "shingle_f1"}


@dataclass(frozen=True, slots=True)
class Figures:
    """One extractor over one group of pages.

    Attributes:
        cpu_ratio: to trafilatura in the same run; None without it.
        agreement: body F1 against trafilatura's text, where nothing is known of the pages.
        empty: pages without text; failed: pages on which it raised (another extractor than ours).
        memory_mb: None when it was not asked for.
    """

    measures: dict[str, Mean]
    cpu_ms: float
    cpu_ratio: float | None
    agreement: float | None
    empty: int
    failed: int
    memory_mb: float | None = None

    def as_object(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Group:
    """Some pages of a folder with all readings of them."""

    name: str
    pages: Sequence[Page]
    turns: Mapping[str, Turns]

    def part(self, name: str, places: Sequence[int]) -> Group:
        """Some of its pages."""
        cut = {
            reader: Turns([each.readings[at] for at in places], [each.cpu_s[at] for at in places])
            for reader, each in self.turns.items()
        }
        return Group(name, [self.pages[at] for at in places], cut)

    def marks(self, reader: str) -> list[Mark]:
        """The readings of one extractor, marked."""
        return [
            mark(page, reading) for page, reading in zip(self.pages, self.turns[reader].readings, strict=True)
        ]


def groups(whole: Group) -> list[Group]:
    """The pages, and apart from them those with a label; what is empty is left out."""
    split = {"pages": False, "labelled pages": True}
    parts = {
        name: [at for at, page in enumerate(whole.pages) if page.labelled == labelled]
        for name, labelled in split.items()
    }
    return [whole.part(name, places) for name, places in parts.items() if places]


def by_language(group: Group) -> list[Group]:
    """The group by what is known of its pages' languages, those with most pages first."""
    languages: dict[str, list[int]] = {}
    for at, page in enumerate(group.pages):
        languages.setdefault(page.known.language or "not known", []).append(at)
    ordered = sorted(languages.items(), key=lambda one: -len(one[1]))
    return [group.part(f"{group.name}, {language}", places) for language, places in ordered]


def figures(group: Group, memory: Mapping[str, float]) -> dict[str, Figures]:
    """The figures of every extractor."""
    base = group.turns.get(BASE)
    known = any(means([one]) for one in group.marks(next(iter(group.turns))))
    found = {}
    for name, turns in group.turns.items():
        found[name] = Figures(
            measures=_offered(name, turns.readings, means(group.marks(name))),
            cpu_ms=1000 * fmean(turns.cpu_s),
            cpu_ratio=sum(turns.cpu_s) / sum(base.cpu_s) if base else None,
            agreement=_agreement(turns.readings, base.readings) if base and not known else None,
            empty=sum(not one.text.strip() for one in turns.readings),
            failed=0 if name == OURS else sum(bool(one.failed) for one in turns.readings),
            memory_mb=memory.get(name),
        )
    return found


def _offered(name: str, readings: Sequence[Reading], found: dict[str, Mean]) -> dict[str, Mean]:
    """The measures without those of what another extractor never tells, of no page."""
    told = {
        key: any(getattr(one, key) for one in readings) for key in ("authors", "instant", "day", "language")
    }
    return {key: one for key, one in found.items() if name == OURS or told.get(key, True)}


def _agreement(mine: Iterable[Reading], theirs: Iterable[Reading]) -> float:
    return fmean(overlap(tokens(a.text), tokens(b.text))[2] for a, b in zip(mine, theirs, strict=True))


def table(group: Group, found: Mapping[str, Figures]) -> Table:
    """One line per extractor; only columns that say something."""
    size = fmean(len(page.html) for page in group.pages) / 1000
    shown = [key for key in _SHOWN if any(key in one.measures for one in found.values())]
    title = f"{group.name}: {len(group.pages)}, mean {size:.0f} KB"
    made = Table(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 1)
    )
    extra = {
        "agrees": [_number(one.agreement) for one in found.values()],
        "CPU ms": [f"{one.cpu_ms:.1f}" for one in found.values()],
        "ratio": ["-" if one.cpu_ratio is None else f"{one.cpu_ratio:.2f}" for one in found.values()],
        "peak MB": ["" if one.memory_mb is None else f"{one.memory_mb:.0f}" for one in found.values()],
        "no text": [str(one.empty) for one in found.values()],
        "raised": [str(one.failed) if one.failed else "" for one in found.values()],
    }
    extra = {key: values for key, values in extra.items() if any(value not in {"", "-"} for value in values)}
    made.add_column("")
    for key in shown:
        made.add_column(_SHOWN[key], justify="right")
    for key in extra:
        made.add_column(key, justify="right")
    for row, (name, one) in enumerate(found.items()):
        cells = [_cell(key, one.measures.get(key)) for key in shown]
        made.add_row(name, *cells, *(values[row] for values in extra.values()))
    return made


def _cell(key: str, found: Mean | None) -> str:
    if found is None:
        return "-"
    spread = f" ±{found.spread:.3f}".replace("0.", ".") if key in _WITH_SPREAD else ""
    return f"{found.value:.4f}{spread}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def worst(group: Group, count: int) -> list[dict[str, object]]:
    """The pages where our text is furthest behind the best other one (behind the truth, where there is no other)."""
    others = [name for name in group.turns if name != OURS]
    marks = {name: group.marks(name) for name in group.turns}
    found: list[dict[str, object]] = []
    for at, page in enumerate(group.pages):
        mine, reading = marks[OURS][at], group.turns[OURS].readings[at]
        score = _score(mine)
        if score is None:
            continue
        best, name = max(
            ((_score(marks[other][at]) or 0.0, other) for other in others), default=(1.0, "truth")
        )
        wrong = [
            key for key in ("title", "authors", "instant", "day", "language") if getattr(mine, key) == 0.0
        ]
        found.append(
            {
                "behind": best - score, "ours": score, "best": best, "best_of": name, "file": page.file, "url": page.url,
                "wrong": wrong, "failed": reading.failed,
            }
        )  # fmt: skip
    return sorted(found, key=lambda one: (-float(str(one["behind"])), str(one["file"])))[:count]


def _score(found: Mark) -> float | None:
    """How good a text is: body F1, else the passages it should have and those it should not."""
    if found.body_f1 is not None:
        return found.body_f1
    passages = [one for one in (found.must, found.must_not) if one is not None]
    return fmean(passages) if passages else None


def worst_lines(found: Sequence[Mapping[str, object]]) -> list[str]:
    """The same for people."""
    return [
        f"{one['ours']:.2f} ({one['best_of']} {one['best']:.2f})  {one['file']}  {one['url']}"
        + (f"  wrong: {', '.join(map(str, one['wrong']))}" if one["wrong"] else "")  # type: ignore[call-overload]
        + (f"  {one['failed']}" if one["failed"] else "")
        for one in found
    ]
