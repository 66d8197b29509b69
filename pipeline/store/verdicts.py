"""An article read again, by new rules or with a new text: matches stand, are found, withdrawn or restored; none is deleted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, exists, insert, select, update

from pipeline.article import Match
from pipeline.store.records import DigestKind
from pipeline.store.rows import match_values
from pipeline.store.tables import AnyRow, digests, matches, scorings


class Change(StrEnum):
    """What became of one match when its article was read again."""

    STANDS = "stands"
    FOUND = "found"  # on this topic for the first time
    WITHDRAWN = "withdrawn"  # on it no more
    RESTORED = "restored"  # on it again, after it was withdrawn


@dataclass(frozen=True, slots=True)
class Reread:
    """An article read again.

    Attributes:
        matches: what the rules say now.
        pack_version: of these rules.
        at: when, aware UTC.
        rules_changed_at: what is found was found by that change of the rules, late; None: by a new text.
    """

    article_id: int
    matches: tuple[Match, ...]
    pack_version: str
    at: datetime
    rules_changed_at: datetime | None = None


def mark_read(connection: Connection, article_id: int, pack_version: str) -> None:
    """Remember by which rules a stored article was read last."""
    connection.execute(
        update(scorings).where(scorings.c.article_id == article_id).values(pack_version=pack_version)
    )


def change_matches(connection: Connection, new: Reread, *, told: bool) -> Counter[Change]:
    """Bring an article's matches to what the rules say now; what became of them, counted.

    Of an article that was `told` to somebody, scores and evidence stay as they were told.
    """
    rows = {
        row.topic: row
        for row in connection.execute(select(matches).where(matches.c.article_id == new.article_id))
    }
    changes: Counter[Change] = Counter()
    for match in new.matches:
        row = rows.pop(match.topic, None)
        changes[_matched(connection, new, match, row, told=told)] += 1
    for row in rows.values():
        if row.withdrawn_at is None:
            gone = {"withdrawn_at": new.at, "withdrawn_by": new.pack_version}
            connection.execute(update(matches).where(matches.c.id == row.id).values(**gone))
            changes[Change.WITHDRAWN] += 1
    return changes


def _matched(connection: Connection, new: Reread, match: Match, row: AnyRow | None, *, told: bool) -> Change:
    if row is None:
        values = match_values(new.article_id, match, new.at)
        connection.execute(insert(matches).values(**values, rules_changed_at=new.rules_changed_at))
        return Change.FOUND
    change = Change.STANDS if row.withdrawn_at is None else Change.RESTORED
    found_at, rules_changed_at = row.found_at, row.rules_changed_at
    if change is Change.RESTORED and _window_closed_since(connection, row.withdrawn_at):
        # a digest that would have told it has gone out without it: what comes now comes late
        found_at, rules_changed_at = new.at, new.rules_changed_at
    values = {} if told else match_values(new.article_id, match, found_at)
    values |= {"found_at": found_at, "rules_changed_at": rules_changed_at}
    values |= {"withdrawn_at": None, "withdrawn_by": None}
    connection.execute(update(matches).where(matches.c.id == row.id).values(**values))
    return change


def _window_closed_since(connection: Connection, since: datetime) -> bool:
    closed = exists().where(digests.c.kind == DigestKind.DIGEST.value, digests.c.window_end >= since)
    return bool(connection.execute(select(closed)).scalar())
