"""What is wrong with a rule, where it stands, and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.errors import PipelineError


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a rule file: `line` and `column` count from 1; `source` is the text of that line."""

    file: str
    line: int
    column: int
    source: str = ""


class RuleError(PipelineError):
    """A rule pack cannot be used as written.

    Attributes:
        file, line, column: where, counted from 1.
        what: what is wrong, and what to do.
    """

    def __init__(self, spot: Spot, what: str) -> None:
        self.file, self.line, self.column = spot.file, spot.line, spot.column
        self.what = what
        caret = f"\n    {spot.source}\n    {' ' * (spot.column - 1)}^" if spot.source.strip() else ""
        super().__init__(f"{spot.file}:{spot.line}:{spot.column}: {what}{caret}")


class QueryError(Exception):
    """A query that cannot be read; the pack turns it into a `RuleError` with file and line.

    Attributes:
        offset: characters from the start of the query.
        what: what is wrong, and what to do.
    """

    def __init__(self, offset: int, what: str) -> None:
        self.offset, self.what = offset, what
        super().__init__(f"at {offset}: {what}")


def hint(name: str, known: Iterable[str]) -> str:
    """A suggestion to end a message with: the known name that is most like a wrong one; empty when none is."""
    close = difflib.get_close_matches(name, list(known), 1)
    return f"; did you mean {close[0]}?" if close else ""
