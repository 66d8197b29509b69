"""Back issues, and mails that are sent again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from alerts.outbox import DeliveryState
from pipeline.store import DigestKind, Mailbox, MailboxRule
from tipwatch.config import load_config
from tipwatch.errors import UsageError
from tipwatch.rounds.back import BackOrder
from tipwatch.rounds.resending import ResendOrder, resend

DAY = timedelta(days=1)


def back_issue(desk, since, **more):
    return desk.round(back=BackOrder(since, **more)).built[0].digest


def test_a_back_issue_tells_what_came_before_the_subscription_and_leaves_its_window_alone(fruit_desk) -> None:
    fruit_desk.publishes("old")
    fruit_desk.later(hours=1)
    day_before = fruit_desk.now - DAY
    path = fruit_desk.folder / "config.yaml"
    path.write_text(path.read_text() + "\n  - {id: late, to: [late@example.org], topics: [fruit]}\n")
    fruit_desk.config = load_config(path, {})
    fruit_desk.store.digests.register(["late"], fruit_desk.now)
    fruit_desk.later()
    assert fruit_desk.round(subscription_ids=("late",)).built[0].digest is None
    result = fruit_desk.round(subscription_ids=("late",), back=BackOrder(day_before))
    assert len(result.built[0].digest.entries) == 1
    state = fruit_desk.store.digests.state("late")
    assert (state.last_window_end, state.digests) == (None, 0)
    (record,) = fruit_desk.store.digests.listed("late")
    assert record.kind is DigestKind.BACK


def test_what_a_back_issue_told_is_told_and_what_was_told_is_not_in_it(fruit_desk) -> None:
    fruit_desk.begins()
    fruit_desk.later()
    fruit_desk.publishes("two")
    fruit_desk.later()
    digest = back_issue(fruit_desk, fruit_desk.now - DAY)
    assert [entry.headline[-1].text for entry in digest.entries] == [" of two"]
    assert back_issue(fruit_desk, fruit_desk.now - DAY) is None
    assert fruit_desk.round(now=True).built[0].digest is None
    assert len(fruit_desk.mails()) == 2
    assert "back issue" in str(fruit_desk.mails()[-1]["Subject"])


def test_again_tells_all_of_it_without_telling_anything_twice_by_the_ledger(fruit_desk) -> None:
    fruit_desk.begins()
    fruit_desk.later()
    fruit_desk.publishes("beginning", "Wire")
    fruit_desk.publishes("two")
    fruit_desk.later()
    digest = back_issue(fruit_desk, fruit_desk.now - DAY, again=True)
    assert (len(digest.entries), len(digest.updates)) == (2, 0)
    told = [article for one in fruit_desk.store.digests.listed() for article in one.article_ids]
    assert sorted(told) == [1, 2, 3]
    fruit_desk.later()
    assert len(back_issue(fruit_desk, fruit_desk.now - DAY, again=True).entries) == 2


def test_a_back_issue_begins_to_the_minute_it_is_asked_for(fruit_desk) -> None:
    fruit_desk.later(minutes=30)
    fruit_desk.publishes("one")
    fruit_desk.later(minutes=10)
    since = fruit_desk.now
    fruit_desk.later(minutes=10)
    fruit_desk.publishes("two")
    fruit_desk.later()
    assert len(back_issue(fruit_desk, since).entries) == 1


def test_a_back_issue_of_the_future_is_refused_in_words(fruit_desk) -> None:
    with pytest.raises(UsageError, match="a back issue begins in the past"):
        back_issue(fruit_desk, fruit_desk.now + DAY)


def failed_digest(desk) -> str:
    """A digest one of whose two mails failed for good."""
    desk.ask(to="[desk@example.org, second@example.org]")
    desk.begins()
    (digest,) = desk.store.digests.listed()
    row = next(row for row in digest.deliveries if row.recipient.address == "second@example.org")
    with desk.store.outbox.database.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE outbox SET state = 'failed', sent_at = NULL, last_error = '550 no such user' WHERE id = ?",
            (row.id,),
        )
    for path in (desk.folder / "mail").rglob("*second@example.org*"):
        path.unlink()
    return digest.id


def test_a_failed_mail_is_sent_again_as_it_was_and_the_others_are_left_alone(fruit_desk) -> None:
    digest_id = failed_digest(fruit_desk)
    raws = {
        row.id: fruit_desk.store.outbox.raw(row.id)
        for row in fruit_desk.store.digests.show(digest_id).deliveries
    }
    resent = resend(fruit_desk.config, fruit_desk.store, ResendOrder(digest_id), lambda: fruit_desk.now)
    assert [row.recipient.address for row in resent.again] == ["second@example.org"]
    assert [one.row.recipient.address for one in resent.left] == ["desk@example.org"]
    assert "--all sends it once more" in resent.left[0].why
    assert resent.delivered.sent == 1
    after = fruit_desk.store.digests.show(digest_id).deliveries
    assert {row.state for row in after} == {DeliveryState.SENT}
    assert {row.id: fruit_desk.store.outbox.raw(row.id) for row in after} == raws


def test_all_sends_to_those_as_well_who_have_it_and_to_picks_one(fruit_desk) -> None:
    digest_id = failed_digest(fruit_desk)
    order = ResendOrder(digest_id, ("DESK@example.org",), sent_too=True)
    resent = resend(fruit_desk.config, fruit_desk.store, order, lambda: fruit_desk.now)
    assert [row.recipient.address for row in resent.again] == ["desk@example.org"]
    assert resent.left == ()


def test_a_digest_or_a_reader_that_does_not_exist_is_named(fruit_desk) -> None:
    digest_id = failed_digest(fruit_desk)
    with pytest.raises(UsageError, match="no digest has the id nonsense"):
        resend(fruit_desk.config, fruit_desk.store, ResendOrder("nonsense"), lambda: fruit_desk.now)
    with pytest.raises(UsageError, match=r"no mail for nobody@example.org \(it went to: desk@"):
        resend(
            fruit_desk.config,
            fruit_desk.store,
            ResendOrder(digest_id, ("nobody@example.org",)),
            lambda: fruit_desk.now,
        )


def test_nothing_is_sent_again_to_a_closed_mailbox(fruit_desk) -> None:
    digest_id = failed_digest(fruit_desk)
    fruit_desk.store.mailboxes.suppress(
        Mailbox("second@example.org"), MailboxRule.UNSUBSCRIBED, "", fruit_desk.now
    )
    resent = resend(fruit_desk.config, fruit_desk.store, ResendOrder(digest_id), lambda: fruit_desk.now)
    assert resent.again == ()
    assert any("second@example.org left all subscriptions" in one.why for one in resent.left)
