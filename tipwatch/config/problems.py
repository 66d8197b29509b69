"""What is wrong with a configuration: one line per problem, with its place and what to do."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from tipwatch.errors import UsageError

#: keys and list indexes that lead to a value, e.g. ``("sources", 0, "name")``
KeyPath = tuple[str | int, ...]

SHOWN_CHARS = 60


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file; line and column count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        origin: the file as it was named, or the environment variable.
        message: what is wrong and what to do, one line.
        path: the value it is about; empty for the file as a whole.
        position: None when the problem has no place in a file.
    """

    origin: str
    message: str
    path: KeyPath = ()
    position: Position | None = None

    def __str__(self) -> str:
        """``config.yaml:4:5: sources.0.intervall: unknown key ...``."""
        place = f":{self.position.line}:{self.position.column}" if self.position else ""
        path = ".".join(shown(str(key)) for key in self.path)
        return f"{self.origin}{place}: {path + ': ' if path else ''}{self.message}"

    @property
    def order(self) -> tuple[int, int, str]:
        """Sort key: by place in the file, those without a place first."""
        if self.position is None:
            return (0, 0, self.message)
        return (self.position.line, self.position.column, self.message)


class ConfigError(UsageError):
    """The configuration cannot be used; `problems` (at least one) says all that is wrong, sorted by place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(
            sorted(dict.fromkeys(problems), key=lambda found: found.order)
        )
        super().__init__("\n".join(str(problem) for problem in self.problems))


def shown(text: str) -> str:
    """`text` on one line for a message: control and invisible characters escaped, cut at 60 characters."""
    safe = "".join(
        char if unicodedata.category(char)[0] != "C" and char not in "\u2028\u2029" else f"\\u{ord(char):04x}"
        for char in text[:SHOWN_CHARS]
    )
    return safe + ("…" if len(text) > SHOWN_CHARS else "")
