"""Stories that go on, floods, quiet windows, languages and filters: what a digest says and as what each article is told."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from pipeline.store import DigestKind, Mailbox, MailboxRule, Told
from tipwatch.config import load_config
from tipwatch.rounds.digesting import DigestOrder, digest_round

DAY = timedelta(days=1)


def ways(desk: Any) -> dict[int, Told]:
    return {key: way for one in desk.store.digests.listed() for key, way in one.ways.items()}


def next_morning(desk: Any) -> Any:
    desk.now = (desk.now + DAY).replace(hour=4, minute=30, second=0)
    (built,) = desk.round().built
    assert not built.problem
    return built.digest


def test_more_about_a_told_story_is_an_update_under_the_headline_and_time_of_then(fruit_desk) -> None:
    fruit_desk.begins()
    told_at = fruit_desk.now
    fruit_desk.later()
    fruit_desk.publishes("beginning", "Wire")
    fruit_desk.publishes("another")
    digest = next_morning(fruit_desk)
    assert [entry.outlet for entry in digest.entries] == ["Paper"]
    (update,) = digest.updates
    assert update.earlier_headline == "The apple of beginning"
    assert update.told_at == told_at
    assert update.entry.outlet == "Wire"
    assert (update.entry.outlets, update.entry.origins) == (2, 1)
    assert update.entry.first is not None
    assert update.entry.first.outlet == "Paper"
    assert "The apple of beginning" in fruit_desk.texts()[-1]


def test_as_what_each_article_was_told_is_kept(fruit_desk) -> None:
    fruit_desk.later()
    entry = fruit_desk.publishes("one")
    copy = fruit_desk.publishes("one", "Wire")
    fruit_desk.later()
    fruit_desk.round()
    fruit_desk.later()
    update = fruit_desk.publishes("one", "Gazette")
    next_morning(fruit_desk)
    assert ways(fruit_desk) == {entry: Told.ENTRY, copy: Told.COPY, update: Told.UPDATE}


def test_news_comes_before_updates_when_there_is_no_room_for_all_and_nothing_is_dropped(fruit_desk) -> None:
    fruit_desk.ask("max_entries: 2")
    fruit_desk.begins()
    fruit_desk.later()
    update = fruit_desk.publishes("beginning", "Wire")
    news = [fruit_desk.publishes(f"story{number}") for number in range(3)]
    digest = next_morning(fruit_desk)
    assert (len(digest.entries), len(digest.updates), len(digest.unlisted)) == (2, 0, 2)
    assert digest.flood is None
    assert digest.left_out == digest.updates_left_out == 0
    found = ways(fruit_desk)
    assert found[update] is Told.LISTED
    assert sorted(found[one] for one in news) == [Told.ENTRY, Told.ENTRY, Told.LISTED]
    mail = fruit_desk.mails()[-1]
    (attached,) = mail.iter_attachments()
    assert attached.get_content_type() == "text/csv"
    assert "The apple of beginning" in attached.get_content()


def test_a_flood_is_folded_says_so_and_lists_the_rest(fruit_desk) -> None:
    fruit_desk.begins()
    for day in range(1, 9):
        fruit_desk.later()
        fruit_desk.publishes(f"usual{day}")
        assert next_morning(fruit_desk).flood is None
    fruit_desk.later()
    for number in range(30):
        fruit_desk.publishes(f"flood{number}")
    digest = next_morning(fruit_desk)
    assert digest.flood is not None
    assert digest.flood.came == 30
    assert digest.flood.expected == pytest.approx(1.0, abs=0.3)
    assert (len(digest.entries), len(digest.unlisted)) == (10, 20)
    assert len(ways(fruit_desk)) == 1 + 8 + 30, "all count as told"
    assert next_morning(fruit_desk).entries == ()


def test_an_empty_window_is_told_in_one_line_to_those_who_want_it(fruit_desk) -> None:
    fruit_desk.ask("heartbeat: true")
    assert fruit_desk.round().built[0].digest is None, "not before anything was told"
    fruit_desk.begins()
    fruit_desk.later()
    assert fruit_desk.round(now=True).built[0].digest is None, "nor because somebody looks"
    for days in (1, 2, 3):
        digest = next_morning(fruit_desk)
        assert (digest.entries, len(fruit_desk.mails())) == ((), 1 + days)
    assert digest.last_match_at is not None
    assert "quiet" in fruit_desk.mails()[-1]["Subject"]
    assert ways(fruit_desk).keys() == {1}


def test_the_days_of_a_month_are_counted_as_the_zone_counts_them(fruit_desk) -> None:
    fruit_desk.begins()
    fruit_desk.now = fruit_desk.now.replace(hour=21, minute=30)  # 00:30 in Minsk
    fruit_desk.publishes("midnight")
    fruit_desk.publishes("cheese", fruit="gouda")
    digest = next_morning(fruit_desk)
    assert len(digest.days) == 30
    assert [(one.day.isoformat(), one.articles) for one in digest.days[-2:]] == [
        ("2026-11-12", 1),
        ("2026-11-13", 1),
    ]
    assert sum(one.articles for one in digest.days) == 2


def test_each_reader_has_the_frame_in_a_language_of_their_own(fruit_desk) -> None:
    fruit_desk.ask(
        "language: az",
        to="[az@example.org, {to: ru@example.org, language: ru}, {to: en@example.org, language: en}]",
    )
    fruit_desk.later()
    fruit_desk.publishes("one")
    fruit_desk.later()
    fruit_desk.round()
    languages = {mail["To"].addresses[0].username: mail["Content-Language"] for mail in fruit_desk.mails()}
    assert languages == {"az": "az", "ru": "ru", "en": "en"}
    subjects = {str(mail["Subject"]) for mail in fruit_desk.mails()}
    assert len(subjects) == 3


def test_only_articles_of_the_outlets_asked_for_are_told(fruit_desk) -> None:
    fruit_desk.ask("outlets: [wire]")
    fruit_desk.later()
    fruit_desk.publishes("one", "Paper")
    wire = fruit_desk.publishes("two", "Wire")
    fruit_desk.later()
    fruit_desk.round()
    assert ways(fruit_desk) == {wire: Told.ENTRY}


def test_topics_that_were_not_asked_for_say_nothing_in_the_digest(fruit_desk) -> None:
    fruit_desk.later()
    fruit_desk.publishes("one", fruit="apple and the gouda")
    fruit_desk.later()
    (built,) = fruit_desk.round().built
    assert built.digest is not None
    assert built.digest.entries[0].topics == ("Fruit",)


def test_a_subscription_that_is_gone_from_the_configuration_still_gets_what_was_built(fruit_desk) -> None:
    fruit_desk.later()
    fruit_desk.publishes("one")
    fruit_desk.later()
    digest_round(
        fruit_desk.config,
        fruit_desk.store,
        fruit_desk.pack,
        DigestOrder(),
        lambda: fruit_desk.now,
        stop=lambda: True,
    )
    assert fruit_desk.mails() == []
    path = fruit_desk.folder / "config.yaml"
    path.write_text(path.read_text().split("subscriptions:")[0])
    fruit_desk.config = load_config(path, {})
    assert fruit_desk.round().delivered.sent == 1


def test_a_mailbox_that_is_closed_gets_a_row_that_says_why_and_no_mail(fruit_desk) -> None:
    fruit_desk.ask(to="[desk@example.org, gone@example.org]")
    fruit_desk.store.mailboxes.suppress(
        Mailbox("gone@example.org"), MailboxRule.BY_OPERATOR, "left the house", fruit_desk.now
    )
    fruit_desk.begins()
    (digest,) = fruit_desk.store.digests.listed()
    rows = {row.recipient.address: (str(row.state), row.rule) for row in digest.deliveries}
    assert rows == {"desk@example.org": ("sent", ""), "gone@example.org": ("suppressed", "by_operator")}
    assert len(fruit_desk.mails()) == 1


def test_every_mail_carries_a_link_to_leave_once_there_is_a_public_address(fruit_desk) -> None:
    secret = fruit_desk.folder / "secret"
    secret.write_text("a secret of more than sixteen characters\n")
    secret.chmod(0o600)
    fruit_desk.ask(top=f"public_url: https://watch.example.org\nlink_secret_file: {secret}")
    fruit_desk.begins()
    (mail,) = fruit_desk.mails()
    assert mail["List-Unsubscribe"].startswith("<https://watch.example.org/unsubscribe/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [one.kind for one in fruit_desk.store.digests.listed()] == [DigestKind.DIGEST]


def test_a_channel_that_is_no_mail_has_one_row_for_all_its_readers(fruit_desk) -> None:
    fruit_desk.ask(
        "channels: [mail, hook]",
        to="[desk@example.org, second@example.org]",
        top="channels: [{id: hook, kind: webhook, url: 'http://127.0.0.1:9/in'}]",
    )
    fruit_desk.begins()
    (digest,) = fruit_desk.store.digests.listed()
    rows = Counter(row.channel for row in digest.deliveries)
    assert rows == {"folder": 2, "hook": 1}
    (row,) = (row for row in digest.deliveries if row.channel == "hook")
    assert (row.recipient.address, str(row.state)) == ("hook", "retry"), "nobody listens there"
    raw = fruit_desk.store.outbox.raw(row.id)
    assert raw is not None
    assert b"The apple of beginning" in raw
    assert len(fruit_desk.mails()) == 2, "a channel that fails holds up no other"
