"""What the ledger proves of databases made by real rounds, and what it finds in those broken by hand."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from alerts.deliver import DeliveryReport
from tipwatch.ledger.fates import MEANING, RULES, Fate, Fault, Rule
from tipwatch.rounds import digesting

if TYPE_CHECKING:
    from tests.tipwatch.ledger.conftest import LedgerRoom


def fates(room: LedgerRoom, **order: object) -> dict[Fate, int]:
    checked = room.check(**order)
    assert checked.findings == []
    return {fate: count for fate, count in checked.fates.items() if count}


def rules(room: LedgerRoom) -> Counter[Rule]:
    (desk,) = room.check().totals
    return desk.rules


def test_every_fault_and_every_rule_is_said_in_words() -> None:
    assert set(MEANING) == set(Fault)
    assert set(RULES) == set(Rule)


def test_what_was_told_to_every_recipient_is_delivered(ledger_room: LedgerRoom) -> None:
    ledger_room.tells("apple", "apple")
    assert fates(ledger_room) == {Fate.DELIVERED: 2}
    (desk,) = ledger_room.check().totals
    assert (desk.articles, desk.matches, desk.digests, dict(desk.rows)) == (2, 2, 1, {"sent": 2})


def test_what_is_told_under_its_story_is_folded(ledger_room: LedgerRoom) -> None:
    ledger_room.tells("apple", "apple")
    with ledger_room.broken() as run:
        run("UPDATE told SET way = 'copy' WHERE article_id = 2")
    assert fates(ledger_room) == {Fate.DELIVERED: 1, Fate.FOLDED: 1}


def test_what_waits_for_its_window_is_pending_until_then(ledger_room: LedgerRoom) -> None:
    ledger_room.tells("apple")
    ledger_room.later()
    ledger_room.publishes("apple")
    assert fates(ledger_room) == {Fate.DELIVERED: 1, Fate.PENDING: 1}
    assert ledger_room.check().totals[0].overdue_since is None
    ledger_room.later(days=1)
    assert ledger_room.check().totals[0].overdue_since is not None, "no round has closed it"


def test_before_the_first_round_everything_is_pending(ledger_room: LedgerRoom) -> None:
    ledger_room.later()
    ledger_room.publishes("apple")
    assert fates(ledger_room) == {Fate.PENDING: 1}


def test_a_mail_not_sent_yet_is_pending(ledger_room: LedgerRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digesting, "deliver", lambda *_args, **_kwargs: DeliveryReport())
    ledger_room.tells("apple")
    assert fates(ledger_room) == {Fate.PENDING: 1}


@pytest.mark.parametrize(
    ("state", "fate"),
    [
        ("state = 'failed', last_error = '550 no such user'", Fate.FAILED),
        ("state = 'unknown', next_try_at = NULL", Fate.UNKNOWN),
        ("state = 'unknown', next_try_at = '2026-11-13 00:00:00'", Fate.PENDING),
        ("state = 'retry', next_try_at = '2026-11-13 00:00:00'", Fate.PENDING),
        ("state = 'sending', lease_until = '2026-11-13 00:00:00'", Fate.PENDING),
        ("state = 'suppressed', rule = 'by_operator'", Fate.DELIVERED),
    ],
)
def test_one_of_two_recipients_decides(ledger_room: LedgerRoom, state: str, fate: Fate) -> None:
    ledger_room.tells("apple")
    with ledger_room.broken() as run:
        run(f"UPDATE outbox SET {state} WHERE recipient = 'second@example.org'")
    assert fates(ledger_room) == {fate: 1}


def test_where_no_recipient_may_be_written_to_the_mailboxes_are_the_rule(ledger_room: LedgerRoom) -> None:
    ledger_room.tells("apple")
    with ledger_room.broken() as run:
        run("UPDATE outbox SET state = 'suppressed', rule = 'refused_for_good'")
    assert fates(ledger_room) == {Fate.SUPPRESSED: 1}
    assert rules(ledger_room) == {Rule.MAILBOX: 1}


@pytest.mark.parametrize(
    ("edit", "rule"),
    [
        ({"languages": ("ru",)}, Rule.LANGUAGE),
        ({"countries": ("BY",)}, Rule.COUNTRY),
        ({"outlets": ("gazette",)}, Rule.OUTLET),
        ({"min_score": 1.01}, Rule.SCORE),
    ],
)
def test_what_a_filter_keeps_out_is_suppressed_by_its_name(
    ledger_room: LedgerRoom, edit: dict[str, object], rule: Rule
) -> None:
    ledger_room.configure(**edit)
    ledger_room.tells("apple")
    assert rules(ledger_room) == {rule: 1}
    assert fates(ledger_room) == {Fate.SUPPRESSED: 1}


def test_what_came_before_the_subscription_is_suppressed_for_that(ledger_room: LedgerRoom) -> None:
    ledger_room.publishes("apple")
    ledger_room.later()
    assert rules(ledger_room) == {Rule.BEFORE_SUBSCRIPTION: 1}


def test_a_withdrawn_match_is_told_to_nobody_and_one_told_before_stays_told(ledger_room: LedgerRoom) -> None:
    ledger_room.tells("apple")
    ledger_room.later()
    ledger_room.publishes("apple")
    ledger_room.rules("pear")
    ledger_room.later()
    ledger_room.round(now=True)
    assert fates(ledger_room) == {Fate.DELIVERED: 1, Fate.SUPPRESSED: 1}
    assert rules(ledger_room) == {Rule.WITHDRAWN: 1}


def test_what_is_found_late_is_told_late_and_nothing_is_missed(ledger_room: LedgerRoom) -> None:
    ledger_room.tells("apple", "pear")
    ledger_room.rules("apple", "pear")
    ledger_room.later(hours=3)
    ledger_room.round(now=True)
    assert fates(ledger_room) == {Fate.DELIVERED: 2}
    assert ledger_room.check().totals[0].ways["late"] == 1


def test_a_wider_subscription_is_not_told_of_closed_windows_and_the_ledger_knows_why(
    ledger_room: LedgerRoom,
) -> None:
    ledger_room.tells("apple", "carrot")
    ledger_room.later(hours=3)
    ledger_room.round(now=True)
    ledger_room.tells("apple")
    ledger_room.later(hours=3)
    ledger_room.configure(topics=("fruit", "roots"))
    assert fates(ledger_room) == {Fate.DELIVERED: 2, Fate.SUPPRESSED: 1}
    assert rules(ledger_room) == {Rule.NOT_ASKED_THEN: 1}


def test_a_digest_from_before_this_was_written_down_proves_nothing_and_says_so(
    ledger_room: LedgerRoom,
) -> None:
    ledger_room.tells("apple")
    ledger_room.later(hours=3)
    ledger_room.round(now=True)
    ledger_room.tells("apple")
    with ledger_room.broken() as run:
        run("UPDATE digests SET asked = NULL, articles = NULL, mails = NULL")
        run("DELETE FROM told WHERE article_id = 1")
    assert rules(ledger_room) == {Rule.NOT_RECORDED: 1}


def test_a_score_that_rose_after_its_window_was_closed_is_no_loss(ledger_room: LedgerRoom) -> None:
    ledger_room.configure(min_score=0.5)
    ledger_room.later()
    ledger_room.publishes("apple")
    with ledger_room.broken() as run:
        run("UPDATE matches SET score = 0.2")
    ledger_room.tells("apple")
    ledger_room.later(hours=3)
    ledger_room.tells("apple")
    with ledger_room.broken() as run:
        run("UPDATE matches SET score = 0.9, pack_version = 'later' WHERE article_id = 1")
        run("INSERT INTO rule_changes (pack_version, noticed_at) VALUES ('later', '2026-11-12 10:00:00')")
    assert rules(ledger_room) == {Rule.CHANGED_SINCE: 1}


def test_a_subscription_that_is_gone_is_still_answered_for(ledger_room: LedgerRoom) -> None:
    ledger_room.configure("  - {id: late, to: [late@example.org], topics: [fruit]}")
    ledger_room.tells("apple")
    ledger_room.configure()
    late = ledger_room.check(subscription_ids=("late",)).totals[0]
    assert (late.configured, late.fates[Fate.DELIVERED]) == (False, 1)
    assert fates(ledger_room) == {Fate.DELIVERED: 2}


def test_only_what_is_newer_is_checked_when_asked(ledger_room: LedgerRoom) -> None:
    ledger_room.tells("apple")
    ledger_room.later(days=1)
    since = ledger_room.now
    ledger_room.tells("apple")
    assert fates(ledger_room, since=since) == {Fate.DELIVERED: 1}


FIRST = "WHERE window_end = (SELECT min(window_end) FROM digests)"
LAST = "WHERE window_end = (SELECT max(window_end) FROM digests)"
TWICE = """INSERT INTO outbox (digest_id, recipient, recipient_name, channel, message_id, subject, name, raw, state,
    attempts, doubts, last_error, created_at, sent_at) SELECT digest_id, recipient, '', 'smtp', {}, subject, name, raw,
    state, 1, 0, '', created_at, sent_at FROM outbox WHERE id = 1"""
DAMAGE = {
    "a telling that is gone": ("DELETE FROM told WHERE article_id = 1", {Fault.LOST, Fault.TOLD_MISSING}),
    "one of two mails that is gone": (
        "DELETE FROM outbox WHERE recipient = 'second@example.org' AND digest_id = (SELECT min(id) FROM digests)",
        {Fault.ROW_MISSING},
    ),
    "both mails that are gone": ("DELETE FROM outbox", {Fault.ROW_MISSING, Fault.WITHOUT_ROW}),
    "a digest that is gone": (
        f"DELETE FROM digests {FIRST}",
        {Fault.TOLD_WITHOUT_DIGEST, Fault.SENT_NOT_BUILT, Fault.WINDOW_GAP},
    ),
    "a second row for one recipient": (
        TWICE.format("message_id"),
        {Fault.TOLD_TWICE},
    ),
    "a second Message-ID for one recipient": (
        TWICE.format("'<x@y>'"),
        {Fault.TWO_MESSAGE_IDS},
    ),
    "one Message-ID for two mails": (
        "UPDATE outbox SET message_id = '<x@y>' WHERE id IN (1, 2)",
        {Fault.SHARED_MESSAGE_ID},
    ),
    "a window that begins too late": (
        f"UPDATE digests SET window_start = '2026-11-12 09:00:00' {LAST}",
        {Fault.WINDOW_GAP},
    ),
    "a first window that begins too late": (
        f"UPDATE digests SET window_start = '2026-11-12 08:01:30' {FIRST}",
        {Fault.WINDOW_GAP},
    ),
    "a window that begins too early": (
        f"UPDATE digests SET window_start = '2026-11-12 08:00:30' {LAST}",
        {Fault.WINDOW_OVERLAP},
    ),
    "a state that nobody knows": ("UPDATE outbox SET state = 'gone' WHERE id = 1", {Fault.STATE_UNKNOWN}),
    "a retry that never comes": ("UPDATE outbox SET state = 'retry' WHERE id = 1", {Fault.STUCK}),
    "a sender that never ends": ("UPDATE outbox SET state = 'sending' WHERE id = 1", {Fault.STUCK}),
    "a mail held back by no rule": (
        "UPDATE outbox SET state = 'suppressed' WHERE id = 1",
        {Fault.WITHOUT_RULE},
    ),
    "a way of telling that nobody knows": (
        "UPDATE told SET way = 'song' WHERE article_id = 1",
        {Fault.WAY_UNKNOWN},
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found_by_its_name(ledger_room: LedgerRoom, damage: str) -> None:
    ledger_room.tells("apple")
    ledger_room.tells("apple")
    ledger_room.later(hours=3)
    ledger_room.round(now=True)
    ledger_room.tells("apple")
    assert ledger_room.faults() == set()
    statement, expected = DAMAGE[damage]
    with ledger_room.broken() as run:
        run(statement)
    assert ledger_room.faults() == expected


def test_an_article_told_in_the_digest_of_another_subscription_is_found(ledger_room: LedgerRoom) -> None:
    ledger_room.configure("  - {id: late, to: [late@example.org], topics: [fruit]}")
    ledger_room.tells("apple")
    with ledger_room.broken() as run:
        run(
            "UPDATE told SET digest_id = (SELECT id FROM digests WHERE subscription_id = 'late') "
            "WHERE subscription_id = 'desk'"
        )
    assert Fault.TOLD_ELSEWHERE in ledger_room.faults()


def test_the_bytes_of_a_mail_must_bear_the_message_id_and_the_recipient_of_their_row(
    ledger_room: LedgerRoom,
) -> None:
    ledger_room.tells("apple")
    whole = ledger_room.check(mails=True)
    assert (whole.findings, whole.mails) == ([], 2)
    with ledger_room.broken() as run:
        run("UPDATE outbox SET raw = (SELECT raw FROM outbox WHERE id = 2) WHERE id = 1")
    assert ledger_room.faults() == set(), "only asked for by name"
    assert ledger_room.faults(mails=True) == {Fault.OTHER_MESSAGE_ID, Fault.OTHER_RECIPIENT}


def test_an_article_lost_is_named_with_the_digest_that_should_have_told_it(ledger_room: LedgerRoom) -> None:
    ledger_room.tells("apple")
    ledger_room.later(hours=3)
    ledger_room.round(now=True)
    ledger_room.tells("apple")
    with ledger_room.broken() as run:
        run("DELETE FROM told WHERE article_id = 1")
    lost = next(one for one in ledger_room.check().findings if one.fault is Fault.LOST)
    first = min(ledger_room.store.digests.listed(), key=lambda digest: digest.window_end)
    assert (lost.article_id, lost.digest_id, lost.subscription_id) == (1, first.id, "desk")


def test_an_article_kept_just_after_its_window_was_closed_still_waits(ledger_room: LedgerRoom) -> None:
    ledger_room.tells("apple")
    ledger_room.now -= timedelta(seconds=30)
    ledger_room.publishes("apple")
    ledger_room.later()
    assert fates(ledger_room) == {Fate.DELIVERED: 1, Fate.PENDING: 1}
    ledger_room.round(now=True)
    assert fates(ledger_room) == {Fate.DELIVERED: 2}


def test_an_article_of_a_clock_that_was_set_back_still_waits(ledger_room: LedgerRoom) -> None:
    ledger_room.later(hours=9)
    ledger_room.tells("apple")
    ledger_room.later(hours=-5)
    ledger_room.publishes("apple")
    ledger_room.later(hours=6)
    assert fates(ledger_room) == {Fate.DELIVERED: 1, Fate.PENDING: 1}
    ledger_room.round(now=True)
    assert fates(ledger_room) == {Fate.DELIVERED: 2}
