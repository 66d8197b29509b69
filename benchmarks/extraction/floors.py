"""The floors: what extraction reached on a set of pages once, and may not fall below unless somebody says so. One TOML file."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("floors.toml")
#: what is pinned; how quick extraction is depends on the machine, and is not
PINNED = (
    "body_f1", "shingle_f1", "must", "must_not", "title", "authors", "instant", "day", "language", "text",
)  # fmt: skip
_HEAD = """\
# What our extraction reached on sets of pages, each named by the hash of its index.jsonl (the pages themselves are not here).
# Written by `python -m benchmarks.extraction FOLDER --raise-floors`; lowered only by `--lower-floors`.
"""

Values = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Fall:
    """A measure below its floor; `value` is None when it could not be taken at all."""

    measure: str
    floor: float
    value: float | None

    def __str__(self) -> str:
        """In words."""
        reached = "could not be measured" if self.value is None else f"{self.value:.4f}"
        return f"{self.measure}: {reached}, floor {self.floor:.4f}"


def load(file: Path) -> dict[str, dict[str, float]]:
    """Floors by set. A file that is not there has none."""
    if not file.is_file():
        return {}
    return {name: dict(table) for name, table in tomllib.loads(file.read_text("utf-8")).items()}


def falls(floors: Values, values: Values) -> list[Fall]:
    """What is below its floor."""
    return [
        Fall(measure, floor, values.get(measure))
        for measure, floor in floors.items()
        if values.get(measure, -1.0) < floor
    ]


def raised(floors: Values, values: Values) -> dict[str, float]:
    """The floors, each as high as was reached now where that is higher."""
    return _pinned({**values, **{key: max(floor, values.get(key, floor)) for key, floor in floors.items()}})


def lowered(floors: Values, values: Values) -> dict[str, float]:
    """The floors, those that were not reached lowered to what was."""
    return _pinned({key: min(floor, values[key]) for key, floor in floors.items() if key in values})


def _pinned(values: Values) -> dict[str, float]:
    """Cut, not rounded: a floor is never above what was reached."""
    return {key: math.floor(values[key] * 10_000 + 1e-6) / 10_000 for key in PINNED if key in values}


def save(file: Path, floors: Mapping[str, Values]) -> None:
    """Write all floors."""
    tables = [
        "\n".join([f"[{json.dumps(name)}]", *(f"{key} = {value:.4f}" for key, value in table.items())])
        for name, table in sorted(floors.items())
    ]
    file.write_text("\n\n".join([_HEAD.rstrip("\n"), *tables]) + "\n", "utf-8")
