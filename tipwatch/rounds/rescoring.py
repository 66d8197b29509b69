"""A rescoring round: after the rules changed, the archive is read by them, a few articles at a time, each once."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.rules import RulePack, classify
from pipeline.store import Change, RuleChange, Store, Unread, Verdict
from tipwatch.clock import utc_now
from tipwatch.config import Config
from tipwatch.lab.reading import rule_text

log = logging.getLogger(__name__)

#: articles read between two writes: about a third of a second's work, so that no crawl waits long for the database
BATCH = 100


@dataclass(frozen=True, slots=True)
class RescoreOrder:
    """How far to go.

    Attributes:
        since: only articles first seen then or later; None: all.
        seconds: begin no batch after so long; None: go on to the end.
        stop: asked between two batches.
        show: told of what is done after each batch.
    """

    since: datetime | None = None
    seconds: float | None = None
    stop: Callable[[], bool] = lambda: False
    show: Callable[[Rescored], None] = lambda _done: None


@dataclass(slots=True)
class Rescored:
    """What a rescoring round did.

    Attributes:
        pack_version: of the rules that read; `rules_changed_at`: when they were first noticed.
        owed: articles they had not read when the round began; `read`: so many of them it read.
        changes: of matches.
    """

    pack_version: str
    rules_changed_at: datetime
    owed: int = 0
    read: int = 0
    changes: Counter[Change] = field(default_factory=Counter)

    @property
    def left(self) -> int:
        """Articles that are still to be read."""
        return max(0, self.owed - self.read)

    def line(self) -> str:
        """What was done, in one line."""
        found = self.changes[Change.FOUND] + self.changes[Change.RESTORED]
        rest = f"; {self.left} still to read" if self.left else ""
        return (
            f"rules {self.pack_version}: stored articles read again={self.read}, matches found late={found}, "
            f"withdrawn={self.changes[Change.WITHDRAWN]}{rest}"
        )


def rescore_round(
    config: Config,
    store: Store,
    pack: RulePack,
    order: RescoreOrder,
    clock: Callable[[], datetime] = utc_now,
) -> Rescored:
    """Let the rules of today read every stored article that other rules read last.

    A kill at any point loses nothing: each batch is one transaction, and what is not read yet is still owed. Two rounds
    at once keep each verdict once.
    """
    changed_at = store.scorings.notice(pack.version, clock())
    done = Rescored(pack.version, changed_at)
    batch = store.scorings.unread(pack.version, BATCH, order.since)
    if not batch:
        return done
    done.owed = store.scorings.owed(pack.version, order.since)
    until = None if order.seconds is None else time.monotonic() + order.seconds
    while batch and not order.stop():
        verdicts = [read_again(config, pack, one) for one in batch]
        done.changes += store.scorings.settle(verdicts, RuleChange(pack.version, changed_at), clock())
        done.read += len(batch)
        order.show(done)
        # no more than was owed: were another process to read by other rules meanwhile, neither would ever end
        if done.read >= done.owed or (until is not None and time.monotonic() >= until):
            break
        batch = store.scorings.unread(pack.version, BATCH, order.since)
    log.info(done.line())
    return done


def read_again(config: Config, pack: RulePack, one: Unread) -> Verdict:
    """What the rules of today say of a stored article."""
    return Verdict(one, classify(pack, rule_text(config, one.article)).matches)
