"""Expected errors in words: what to print and which exit code to give, for every error the rooms declare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alerts.errors import AlertError
from crawler.errors import CrawlError
from pipeline.errors import PipelineError
from tipwatch.errors import FAILED, USAGE, PlacedError, RoofError

if TYPE_CHECKING:
    from pipeline.rules import RuleError


@dataclass(frozen=True, slots=True)
class Told:
    """What a person is told of an error, and the exit code."""

    text: str
    code: int


def explain_error(error: Exception) -> Told | None:
    """Words and exit code for an error of ours; None for anything unexpected (which deserves its traceback)."""
    from pipeline.rules import RuleError  # here, so that --help need not wait for parsers
    from tipwatch.config import ConfigError

    if isinstance(error, ConfigError):
        return Told("\n".join(str(problem) for problem in error.problems), USAGE)
    if isinstance(error, RuleError):
        return Told(one_line(error), USAGE)
    if isinstance(error, PlacedError):
        return Told(str(error), USAGE)
    if isinstance(error, RoofError):
        return Told(f"tipwatch: {error}", error.code)
    if isinstance(error, PipelineError | CrawlError | AlertError):
        return Told(f"tipwatch: {error}", FAILED)
    return None


def one_line(error: RuleError) -> str:
    """A wrong rule on one line, without the excerpt of its file: ``file:line:column: what, and what to do``."""
    return f"{error.file}:{error.line}:{error.column}: {' '.join(error.what.split())}"
