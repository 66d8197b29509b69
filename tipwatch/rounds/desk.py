"""What building any digest needs: the configuration, the store, the rules and the time; and how a digest is named."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from pipeline.rules import RulePack
from pipeline.store import Store
from tipwatch.config import Config
from tipwatch.entries import Wording


@dataclass(frozen=True, slots=True)
class Desk:
    """What composing a digest needs besides the subscription; `now` is aware UTC."""

    config: Config
    store: Store
    pack: RulePack
    now: datetime

    @property
    def wording(self) -> Wording:
        """How the rule packs' ids are said to readers."""
        topics = {topic.id: topic.title for topic in self.pack.topics.values()}
        return Wording(self.pack.label, lambda topic: topics.get(topic, topic), self.pack.decisive)


def digest_id(subscription_id: str, window_end: datetime) -> str:
    """The digest's id: the same for the same window, so that two builders cannot make two digests of one window."""
    print_of = hashlib.sha256(f"{subscription_id}\n{window_end.isoformat()}".encode()).hexdigest()[:10]
    return f"{window_end:%Y%m%dT%H%M}-{print_of}"
