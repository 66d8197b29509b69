"""The newsroom of the storm: a configuration with many subscriptions, a database, and articles that all of them want."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pipeline.article import Article
from pipeline.rules import RulePack
from pipeline.store import Store
from pipeline.understand import understand_article

_WORDS = (
    "harbour",
    "station",
    "library",
    "orchard",
    "theatre",
    "bakery",
    "lantern",
    "meadow",
    "bridge",
    "tower",
)


def write_config(folder: Path, port: int, subscriptions: int, database: str) -> Path:
    """The configuration; returns its path."""
    readers = "".join(
        f'  - id: s{n:04}\n    to: ["r{n:04}@storm.test"]\n    topics: [trafficking-resolutions]\n    heartbeat: false\n'
        for n in range(subscriptions)
    )
    path = folder / "config.yaml"
    path.write_text(
        f"database: {database}\ncontact: https://storm.test/bot\nsources: []\n"
        f"mail: {{transport: smtp, host: 127.0.0.1, port: {port}, tls: none, sender: watch@storm.test, per_minute: 600}}\n"
        f"subscriptions:\n{readers}"
    )
    return path


def publish(store: Store, pack: RulePack, number: int, now: datetime) -> None:
    """A new article on the topic, a story of its own, first seen now."""
    words = " ".join(f"{word}{number}" for word in _WORDS * 4)
    url = f"https://paper.test/{number}"
    article = Article(
        url=url,
        canonical_url=url,
        source_id="paper",
        outlet="Paper",
        country="BY",
        title=f"Third Committee adopts resolution on trafficking in persons, reading {number}",
        text=f"The Third Committee adopted by consensus a resolution on trafficking in persons.\n{words}",
        language="en",
    )
    store.articles.add(understand_article(article, pack), now)
