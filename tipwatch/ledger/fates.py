"""The closed sets of the ledger: what can become of a match, which rules hold one back, and what must never be found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType


class Fate(StrEnum):
    """What became of an article for one subscription: exactly one of these."""

    DELIVERED = "delivered"  # in a digest that every recipient has, by every channel, who may be written to
    FOLDED = "folded"  # told with it, under another article of its story or in the list
    SUPPRESSED = "suppressed"  # not told, by a named rule
    PENDING = "pending"  # its window is not over, or a mail is still on its way
    FAILED = "failed"  # a recipient was refused for good
    UNKNOWN = "unknown"  # a mail may or may not have arrived: for people to look at
    EXCEPTION = "exception"  # none of these, and therefore wrong


class Rule(StrEnum):
    """By which rule an article is not told: a closed set."""

    LANGUAGE = "language"
    COUNTRY = "country"
    OUTLET = "outlet"
    SCORE = "score"
    BEFORE_SUBSCRIPTION = "before_subscription"
    WITHDRAWN = "withdrawn"
    MAILBOX = "mailbox"  # nothing is sent to any of its recipients: `pipeline.store.tables.mailboxes`
    NOT_ASKED_THEN = "not_asked_then"
    CHANGED_SINCE = "changed_since"
    NOT_RECORDED = "not_recorded"


#: the rules in words
RULES: Mapping[Rule, str] = MappingProxyType(
    {
        Rule.LANGUAGE: "not in a language that is asked for",
        Rule.COUNTRY: "its outlet is not of a country that is asked for",
        Rule.OUTLET: "not of an outlet that is asked for",
        Rule.SCORE: "its score is below the one asked for",
        Rule.BEFORE_SUBSCRIPTION: "it came in before the subscription began",
        Rule.WITHDRAWN: "later rules, or a new text, no longer bear the match out",
        Rule.MAILBOX: "nothing is sent to its recipients",
        Rule.NOT_ASKED_THEN: "when its window was closed, the subscription did not ask for it",
        Rule.CHANGED_SINCE: "its score or language was set after its window was closed, and a filter hung on it",
        Rule.NOT_RECORDED: "its window was closed by a version that did not write down what was asked for",
    }
)


class Fault(StrEnum):
    """What must never be found: a closed set."""

    LOST = "lost"
    TOLD_TWICE = "told twice"
    SENT_NOT_BUILT = "sent but not built"
    TOLD_WITHOUT_DIGEST = "told without digest"
    TOLD_ELSEWHERE = "told in another's digest"
    WAY_UNKNOWN = "told in an unknown way"
    TOLD_MISSING = "tellings missing"
    WITHOUT_ROW = "digest without row"
    ROW_MISSING = "rows missing"
    TWO_MESSAGE_IDS = "two Message-IDs"
    SHARED_MESSAGE_ID = "one Message-ID for two"
    WINDOW_OVERLAP = "window overlap"
    WINDOW_GAP = "window gap"
    STUCK = "stuck"
    STATE_UNKNOWN = "unknown state"
    WITHOUT_RULE = "suppressed without a rule"
    OTHER_MESSAGE_ID = "another Message-ID in the mail"
    OTHER_RECIPIENT = "another recipient in the mail"


@dataclass(frozen=True, slots=True)
class Meaning:
    """A fault in words: `why` it is wrong, and what `to_do`."""

    why: str
    to_do: str


_AGAIN = "tell it with `tipwatch digest send --since DATE --subscription NAME`"
_RESTORE = "compare with a backup: nothing in this program deletes such a row"
_REPORT = "report it as a fault of this program, with the lines of this check"

#: every fault in words
MEANING: Mapping[Fault, Meaning] = MappingProxyType(
    {
        Fault.LOST: Meaning("its window was closed, asked for it, and did not tell it", _AGAIN),
        Fault.TOLD_TWICE: Meaning("one digest has two rows for one recipient", _REPORT),
        Fault.SENT_NOT_BUILT: Meaning("a mail exists whose digest does not", _RESTORE),
        Fault.TOLD_WITHOUT_DIGEST: Meaning(
            "it counts as told in a digest that does not exist, so nobody was told", f"{_RESTORE}; {_AGAIN}"
        ),
        Fault.TOLD_ELSEWHERE: Meaning("it counts as told in a digest of another subscription", _RESTORE),
        Fault.WAY_UNKNOWN: Meaning(
            "this version knows no such way of telling", "run the version that wrote this database"
        ),
        Fault.TOLD_MISSING: Meaning("the digest told more articles than are noted as told with it", _RESTORE),
        Fault.WITHOUT_ROW: Meaning(
            "a digest counts as told and has nobody to go to", f"{_RESTORE}; {_AGAIN}"
        ),
        Fault.ROW_MISSING: Meaning("the digest was built with more mails than it has rows", _RESTORE),
        Fault.TWO_MESSAGE_IDS: Meaning(
            "one digest has two mails for one recipient, which no mailbox can tell are one", _REPORT
        ),
        Fault.SHARED_MESSAGE_ID: Meaning(
            "mailboxes take the second of two mails with one Message-ID for a copy and may drop it", _REPORT
        ),
        Fault.WINDOW_OVERLAP: Meaning("a stretch of time was closed twice", _REPORT),
        Fault.WINDOW_GAP: Meaning(
            "no digest answers for a stretch of time",
            "tell it with `tipwatch digest send --since DATE --subscription NAME`, DATE being its start",
        ),
        Fault.STUCK: Meaning(
            "no round will ever send this row", "send it with `tipwatch digest resend DIGEST`"
        ),
        Fault.STATE_UNKNOWN: Meaning(
            "this version knows no such state of a row", "run the version that wrote this database"
        ),
        Fault.WITHOUT_RULE: Meaning("a mail is held back and no rule says why", _REPORT),
        Fault.OTHER_MESSAGE_ID: Meaning("the bytes sent bear another Message-ID than their row", _REPORT),
        Fault.OTHER_RECIPIENT: Meaning("the bytes sent are addressed to another than their row", _REPORT),
    }
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of one article for one subscription.

    Attributes:
        rule: where it is suppressed. `fault`: where it is an exception.
        detail: one line for people; may be empty.
        due_at: when it is pending: of its digest or its next try, aware UTC; in the past: overdue.
    """

    fate: Fate
    rule: Rule | None = None
    fault: Fault | None = None
    detail: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One exception.

    Attributes:
        detail: the figures of this case, one line; may be empty.
        article_id, digest_id: None and empty where it is not about one.
    """

    fault: Fault
    subscription_id: str
    detail: str = ""
    digest_id: str = ""
    article_id: int | None = None

    def to_do(self, found: date | None = None) -> str:
        """What to do about it; `found`: the day on which its article was first seen, where it is about one."""
        said = MEANING[self.fault].to_do.replace("NAME", self.subscription_id or "NAME")
        return said.replace("DATE", found.isoformat()) if found is not None else said
