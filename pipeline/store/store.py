"""The store: one object with one family of questions per subject."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from types import TracebackType
from typing import Self

from pipeline.store.articles import Articles
from pipeline.store.coverage import Coverage
from pipeline.store.database import Database
from pipeline.store.digests import Digests
from pipeline.store.hosts import Hosts
from pipeline.store.house import House
from pipeline.store.ledger import Ledger
from pipeline.store.listed import Listed
from pipeline.store.mailboxes import Mailboxes
from pipeline.store.newest import Newest
from pipeline.store.outbox import Outbox
from pipeline.store.pages import Pages
from pipeline.store.robots import Robots
from pipeline.store.schema import prepare
from pipeline.store.scorings import Scorings
from pipeline.store.sole import sole
from pipeline.store.source_states import SourceStates
from pipeline.store.sources import Sources
from pipeline.store.stories import Stories


class Store:
    """All we know. Safe to share between threads; every method is one transaction.

    Attributes:
        pages: the ledger of URLs.
        listed: what lists name and the ledger does not know.
        articles: what was understood, and what it matched.
        scorings: which rules read which article; what new rules change in the archive.
        stories: articles of one event together.
        newest: which stories of a topic are the newest.
        coverage: what came in a stretch of time, told or not.
        sources: feeds' validators and health.
        source_states: how sources fared, day by day.
        robots: copies of robots.txt.
        hosts: delays and wishes that are kept from crawl to crawl.
        digests: what was told to whom; subscriptions.
        outbox: mails on their way (an `alerts.outbox.OutboxPort`).
        mailboxes: addresses that are not written to, and why.
        ledger: who was told what, for proofs.
        house: how the house itself fares.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.pages = Pages(database)
        self.listed = Listed(database)
        self.articles = Articles(database)
        self.scorings = Scorings(database)
        self.stories = Stories(database)
        self.newest = Newest(database)
        self.coverage = Coverage(database)
        self.sources = Sources(database)
        self.source_states = SourceStates(database)
        self.robots = Robots(database)
        self.hosts = Hosts(database)
        self.digests = Digests(database)
        self.outbox = Outbox(database)
        self.mailboxes = Mailboxes(database)
        self.ledger = Ledger(database)
        self.house = House(database)

    @property
    def url(self) -> str:
        """The database's URL without its password, for messages."""
        return self._database.shown

    def sole(self) -> AbstractContextManager[None]:
        """Be the only daemon of this database for a block; raises HeldError when another one is.

        The lock ends with the process, however that ends.
        """
        return sole(self._database)

    def close(self) -> None:
        """Close all connections; closing twice is fine."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_store(url: str, *, now: Callable[[], datetime]) -> Store:
    """The store at `url`, brought to this program's schema.

    Args:
        url: ``sqlite:///FILE`` (made when missing; its folder must exist) or ``postgresql://USER:PASSWORD@HOST/NAME``.
        now: the clock (aware UTC), asked when the schema is upgraded.

    Raises:
        StoreError: one line that says what is wrong and what to do; never holds the password.
    """
    database = Database(url)
    try:
        prepare(database, now)
    except BaseException:
        database.close()
        raise
    return Store(database)
