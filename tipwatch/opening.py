"""Opening the store that a configuration names, with errors that point at the configuration."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from pipeline.errors import StoreError
from pipeline.rules import RulePack
from pipeline.store import Store, open_store
from tipwatch.clock import utc_now
from tipwatch.config import Config, ConfigError
from tipwatch.errors import PlacedError


@contextmanager
def open_configured_store(config: Config, *, now: datetime) -> Iterator[Store]:
    """The configuration's store, migrated; its subscriptions are registered, so that a new one starts now.

    Raises:
        PlacedError: the database cannot be used.
    """
    try:
        store = open_store(config.database_url.get_secret_value(), now=utc_now)
    except StoreError as error:
        raise PlacedError(f"{place(config)}: {error}") from error
    with store:
        store.digests.register([one.id for one in config.subscriptions], now)
        yield store


def place(config: Config) -> str:
    """Where the database is named: the environment, or the line of the file."""
    return (
        "TIPWATCH_DATABASE_URL" if os.environ.get("TIPWATCH_DATABASE_URL") else config.locate(("database",))
    )


def check_topics(config: Config, pack: RulePack) -> None:
    """Raise ConfigError, with the place, for every subscribed topic that no rule pack has."""
    problems = [
        config.problem(
            ("subscriptions", position, "topics", number),
            f"no rule pack has the topic {topic!r}: use one of {', '.join(sorted(pack.topics))}",
        )
        for position, subscription in enumerate(config.subscriptions)
        for number, topic in enumerate(subscription.topics)
        if topic not in pack.topics
    ]
    if problems:
        raise ConfigError(problems)
