"""Expected errors in words: what to print and which exit code to give, for every error the rooms declare."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.errors import AlertError
from crawler.errors import CrawlError
from pipeline.errors import PipelineError
from pipeline.rules import RuleError
from tipwatch.config import ConfigError
from tipwatch.errors import FAILED, USAGE, PlacedError, RoofError


@dataclass(frozen=True, slots=True)
class Told:
    """What a person is told of an error, and the exit code."""

    text: str
    code: int


def explain_error(error: Exception) -> Told | None:
    """Words and exit code for an error of ours; None for anything unexpected (which deserves its traceback)."""
    if isinstance(error, ConfigError):
        return Told("\n".join(str(problem) for problem in error.problems), USAGE)
    if isinstance(error, RuleError | PlacedError):
        return Told(str(error), USAGE)
    if isinstance(error, RoofError):
        return Told(f"tipwatch: {error}", error.code)
    if isinstance(error, PipelineError | CrawlError | AlertError):
        return Told(f"tipwatch: {error}", FAILED)
    return None
