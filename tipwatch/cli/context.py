"""What every command starts from: the configuration, the rule packs and the store, opened on demand."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.rules import RulePack
    from pipeline.store import Store
    from tipwatch.config import Config


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
        """The configuration. Raises ConfigError."""
        from tipwatch.config import load_config

        return load_config(self.config_path)

    def config_and_pack(self) -> tuple[Config, RulePack]:
        """The configuration and the rule packs it names, its topics checked against them. Raises ConfigError, RuleError."""
        from pipeline.rules import load_packs
        from tipwatch.opening import check_topics

        config = self.config()
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


def out(line: str) -> None:
    """Write a line to stdout."""
    print(line, flush=True)
