"""What every command starts from: the configuration, the rule packs and the store, opened on demand."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.rules import RulePack
    from pipeline.store import Store
    from tipwatch.config import Config

#: characters a line of a table may have where no terminal shows it
PIPED_WIDTH = 200
PROBLEMS_SHOWN = 20
#: what a hostile text could do to a terminal: control characters, and marks that turn the reading direction over
UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Context:
    """The options that stand before a command.

    Attributes:
        config_path: the file named by --config; None: TIPWATCH_CONFIG, ./config.yaml or the shipped default.
        verbose: DEBUG lines on stderr.
    """

    config_path: Path | None = None
    verbose: bool = False

    def config(self) -> Config:
        """The configuration, checked with its rule packs as for every command. Raises ConfigError, RuleError."""
        return self.config_and_pack()[0]

    def config_and_pack(self) -> tuple[Config, RulePack]:
        """The configuration and the rule packs it names, its topics checked against them. Raises ConfigError, RuleError."""
        from pipeline.rules import load_packs
        from tipwatch.config import load_config
        from tipwatch.opening import check_topics

        config = load_config(self.config_path)
        pack = load_packs(config.packs)
        check_topics(config, pack)
        return config, pack

    @contextlib.contextmanager
    def store(self, config: Config) -> Iterator[Store]:
        """The store, migrated, with the configuration's subscriptions registered (a new one starts now)."""
        from tipwatch.clock import utc_now
        from tipwatch.opening import open_configured_store

        with open_configured_store(config, now=utc_now()) as store:
            yield store


def say(message: str) -> None:
    """Write a line for people to stderr."""
    print(message, file=sys.stderr, flush=True)


def printable(text: str) -> str:
    """The text, as long as it was, with what a terminal would obey instead of showing it replaced; tabs are spaces."""
    return UNPRINTABLE.sub("\ufffd", text.replace("\t", " "))


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its word, e.g. ``1 source``, ``2 sources``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def table_console() -> Console:
    """The console for tables: as wide as the terminal; in a file or pipe wide enough for one line per row."""
    from rich.console import Console

    narrow = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(highlight=False, width=None if narrow else PIPED_WIDTH)


def tell_problems(problems: Sequence[str]) -> None:
    """Say what is wrong with the first lines of a file, and of how many more: one of another kind holds nothing else."""
    for problem in problems[:PROBLEMS_SHOWN]:
        say(problem)
    if len(problems) > PROBLEMS_SHOWN:
        say(f"and {counted(len(problems) - PROBLEMS_SHOWN, 'more line', 'more lines')} like these")


def out(line: str) -> None:
    """Write a line to stdout."""
    print(line, flush=True)
