"""Where our log lines go: one stream (stderr), one line each, never an article's text, never a recipient above DEBUG."""

from __future__ import annotations

import logging
import sys

LINE = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"

#: libraries that say at INFO what we say better ourselves
QUIET = (
    "scrapy",
    "twisted",
    "trafilatura",
    "htmldate",
    "apscheduler",
    "asyncio",
    "py.warnings",
    "alembic",
    "filelock",
    "charset_normalizer",
)


def set_up(*, verbose: bool = False, level: int | None = None) -> None:
    """Send log lines to stderr; INFO for our rooms when `level` says so, WARNING by default, DEBUG when verbose."""
    chosen = logging.DEBUG if verbose else (logging.WARNING if level is None else level)
    writer = logging.StreamHandler(sys.stderr)
    writer.setFormatter(OneLine(LINE))
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(writer)
    root.setLevel(chosen)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING if verbose else logging.ERROR)


class OneLine(logging.Formatter):
    """A formatter that keeps every record on one line, so that fetched text cannot forge log lines (faults W11)."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line; a traceback keeps its own lines, indented."""
        text = super().format(record)
        first, *rest = text.replace("\r", " ").split("\n")
        if record.exc_info:
            return "\n    ".join([first, *rest])
        return " ".join([first, *rest])
