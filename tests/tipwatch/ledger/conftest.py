"""A newsroom on two topics whose database can be broken by hand, and a clock that is set by hand."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.article import Article
from pipeline.rules import load_packs
from pipeline.store import Store, open_store
from pipeline.understand import understand_article
from tipwatch.config import Config, load_config
from tipwatch.ledger.checking import Checked, CheckOrder, check
from tipwatch.ledger.fates import Fault
from tipwatch.rounds.digesting import DigestOrder, DigestResult, digest_round

#: a Thursday, 11:00 in Minsk
START = datetime(2026, 11, 12, 8, 0, tzinfo=UTC)
CONFIG = """
database: sqlite:///desk.db
mail: {{transport: folder, folder: mail/}}
packs: [rules.yaml]
subscriptions:
  - id: desk
    to: [desk@example.org, "Second <second@example.org>"]
    topics: [fruit]
    timezone: Europe/Minsk
    digest: {{at: "07:30", days: daily}}
{more}
"""


class LedgerRoom:
    """A store, rules, a configuration and a clock; `broken` opens the database without its guards."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder, self.now, self.count = store, folder, START, 0
        self.rules("apple")
        self.configure()

    def configure(self, more: str = "", **edits: object) -> None:
        path = self.folder / "config.yaml"
        path.write_text(CONFIG.format(more=more))
        config = load_config(path, {})
        first, *rest = config.subscriptions
        self.config: Config = replace(config, subscriptions=(replace(first, **edits), *rest))  # type: ignore[arg-type]
        self.store.digests.register([one.id for one in self.config.subscriptions], self.now)

    def rules(self, *fruit: str) -> None:
        lines = {"fruit": fruit, "roots": ("carrot",)}
        topics = "\n".join(
            f"  {name}: {{title: {name}, query: '{' OR '.join(words)}'}}" for name, words in lines.items()
        )
        path = self.folder / "rules.yaml"
        path.write_text(f"topics:\n{topics}\n")
        self.pack = load_packs([str(path)])

    def publishes(
        self, *words: str, language: str = "en", country: str | None = None, source: str = "paper"
    ) -> None:
        for word in words:
            self.count += 1
            filler = " ".join(f"{word[:2]}{self.count}w{number}" for number in range(40))
            article = Article(
                url=f"https://{source}.example/{self.count}",
                canonical_url=f"https://{source}.example/{self.count}",
                source_id=source,
                outlet=source.title(),
                country=country,
                title=f"The {word} of the day",
                text=f"This is about the {word}. {filler}",
                language=language,
            )
            self.store.articles.add(understand_article(article, self.pack), self.now)

    def later(self, **by: float) -> None:
        self.now += timedelta(**(by or {"minutes": 1}))

    def round(self, **order: object) -> DigestResult:
        return digest_round(self.config, self.store, self.pack, DigestOrder(**order), lambda: self.now)  # type: ignore[arg-type]

    def tells(self, *words: str) -> None:
        """Publish, and close the window a minute later."""
        self.later()
        self.publishes(*words)
        self.later()
        self.round(now=True)

    def check(self, **order: object) -> Checked:
        return check(self.config, self.store, CheckOrder(**order), self.now)  # type: ignore[arg-type]

    def faults(self, **order: object) -> set[Fault]:
        return {finding.fault for finding in self.check(**order).findings}

    @contextmanager
    def broken(self) -> Iterator[Callable[[str], object]]:
        """Run statements on the database file itself, with no guard against nonsense."""
        with closing(sqlite3.connect(self.folder / "desk.db")) as connection:
            connection.execute("PRAGMA foreign_keys=OFF")
            yield connection.execute
            connection.commit()


@pytest.fixture
def ledger_room(tmp_path: Path, sqlite_template: Path) -> Iterator[LedgerRoom]:
    path = tmp_path / "desk.db"
    shutil.copy(sqlite_template, path)
    with open_store(f"sqlite:///{path}", now=lambda: START) as store:
        yield LedgerRoom(store, tmp_path)


@pytest.fixture(scope="session")
def ledger_rooms() -> type[LedgerRoom]:
    return LedgerRoom
