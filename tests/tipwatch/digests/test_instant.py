"""Instant mail: gathered, one for each story, in its thread, not at night, and never too many."""

from __future__ import annotations

from datetime import timedelta

from alerts.windows import Window
from pipeline.store import DigestKind
from tipwatch.rounds.choosing import story_query
from tipwatch.rounds.desk import Desk
from tipwatch.rounds.instant import tell_story, urgent_stories

INSTANT = "instant: {min_score: 0.5, max_per_hour: 3, gather: 5m}"


def at_once(result) -> list[str]:
    """The headlines of a round's instant mails."""
    digests = [digest for one in result.built for digest in one.instants]
    entries = [(*digest.entries, *(update.entry for update in digest.updates)) for digest in digests]
    assert all(len(one) == 1 for one in entries), "one mail for each story"
    return ["".join(segment.text for segment in one[0].headline) for one in entries]


def begun(desk, more: str = INSTANT) -> None:
    desk.ask(more)
    desk.begins()
    desk.later()


def test_a_story_waits_for_its_copies_and_is_then_told_with_them(fruit_desk) -> None:
    begun(fruit_desk)
    fruit_desk.publishes("one")
    fruit_desk.later(minutes=3)
    fruit_desk.publishes("one", "Wire")
    fruit_desk.later(minutes=1)
    assert at_once(fruit_desk.round()) == []
    fruit_desk.later(minutes=1)
    result = fruit_desk.round()
    assert at_once(result) == ["The apple of one"]
    (digest,) = result.built[0].instants
    assert [copy.outlet for copy in digest.entries[0].copies] == ["Wire"]
    assert at_once(fruit_desk.round()) == []


def test_an_instant_mail_says_what_it_is_and_calls_the_list_by_its_name(fruit_desk) -> None:
    begun(fruit_desk)
    fruit_desk.publishes("one")
    fruit_desk.later(minutes=5)
    fruit_desk.round()
    said = " ".join(fruit_desk.texts()[-1].split())
    assert said.startswith("Desk: just in ")
    assert "your address is on the list “Desk”." in said


def test_each_story_has_a_mail_of_its_own_and_what_is_beyond_the_hour_is_folded_into_the_digest(
    fruit_desk,
) -> None:
    begun(fruit_desk)
    for number in range(5):
        fruit_desk.publishes(f"story{number}")
    fruit_desk.later(minutes=6)
    assert len(at_once(fruit_desk.round())) == 3
    fruit_desk.later(minutes=30)
    assert at_once(fruit_desk.round()) == []
    digest = fruit_desk.round(now=True).built[0].digest
    assert len(digest.entries) == 2
    told = [article for one in fruit_desk.store.digests.listed() for article in one.article_ids]
    assert len(told) == len(set(told)) == 6


def test_an_hour_later_there_is_room_again(fruit_desk) -> None:
    begun(fruit_desk)
    for number in range(5):
        fruit_desk.publishes(f"story{number}")
    fruit_desk.later(minutes=6)
    assert len(at_once(fruit_desk.round())) == 3
    fruit_desk.later(minutes=60)
    assert len(at_once(fruit_desk.round())) == 2


def test_more_about_a_story_comes_in_its_thread_an_hour_later_and_copies_of_it_wait_for_the_digest(
    fruit_desk,
) -> None:
    begun(fruit_desk)
    fruit_desk.publishes("one")
    fruit_desk.later(minutes=6)
    fruit_desk.round()
    fruit_desk.publishes("one", "Wire")
    fruit_desk.later(minutes=90)
    assert at_once(fruit_desk.round()) == [], "a copy is no news"
    fruit_desk.publishes("one", "Paper", ending="They voted again.")
    fruit_desk.later(minutes=6)
    assert at_once(fruit_desk.round()) == ["The apple of one"]
    _, first, second = fruit_desk.mails()
    assert "just in" in str(first["Subject"])
    assert first["In-Reply-To"] is None
    assert second["In-Reply-To"] == first["Message-ID"]
    assert second["References"] == first["Message-ID"]
    assert second["Subject"] == f"Re: {first['Subject']}"


def test_a_third_mail_names_all_before_it_and_no_mail_about_another_story(fruit_desk) -> None:
    begun(fruit_desk)
    fruit_desk.publishes("one")
    fruit_desk.publishes("other")
    fruit_desk.later(minutes=6)
    fruit_desk.round()
    for ending in ("They voted again.", "They voted a third time, and it was late."):
        fruit_desk.later(minutes=60)
        fruit_desk.publishes("one", ending=ending)
        fruit_desk.later(minutes=6)
        assert at_once(fruit_desk.round()) == ["The apple of one"]
    mails = [mail for mail in fruit_desk.mails() if "apple of one" in str(mail["Subject"])]
    assert len(mails) == 3
    ids = [str(mail["Message-ID"]) for mail in mails]
    assert str(mails[2]["References"]).split() == ids[:2]
    assert mails[2]["In-Reply-To"] == ids[1]


def test_more_about_a_story_does_not_come_more_often_than_every_hour(fruit_desk) -> None:
    begun(fruit_desk)
    fruit_desk.publishes("one")
    fruit_desk.later(minutes=6)
    fruit_desk.round()
    fruit_desk.publishes("one", ending="They voted again.")
    fruit_desk.later(minutes=50)
    assert at_once(fruit_desk.round()) == []
    fruit_desk.later(minutes=11)
    assert len(at_once(fruit_desk.round())) == 1


def test_quiet_hours_hold_everything_back_until_they_are_over(fruit_desk) -> None:
    begun(fruit_desk, f'{INSTANT}\nquiet_hours: "22:00-06:30"')
    fruit_desk.now = fruit_desk.now.replace(hour=19, minute=10)  # 22:10 in Minsk
    for number in range(5):
        fruit_desk.publishes(f"story{number}")
    fruit_desk.later(hours=4)
    assert at_once(fruit_desk.round()) == []
    fruit_desk.now = (fruit_desk.now + timedelta(days=1)).replace(hour=3, minute=30)  # 06:30
    assert len(at_once(fruit_desk.round())) == 3, "as many as an hour takes"
    fruit_desk.now = fruit_desk.now.replace(hour=4, minute=30)  # 07:30, when the digest is due
    assert len(fruit_desk.round().built[0].digest.entries) == 2


def test_two_processes_at_once_tell_a_story_once(fruit_desk) -> None:
    begun(fruit_desk)
    fruit_desk.publishes("one")
    fruit_desk.later(minutes=6)
    state = fruit_desk.store.digests.state("desk")
    (subscription,) = fruit_desk.config.subscriptions
    desk = Desk(fruit_desk.config, fruit_desk.store, fruit_desk.pack, fruit_desk.now)
    window = Window(state.last_window_end, fruit_desk.now)
    (story,) = urgent_stories(
        desk, subscription, subscription.instant, story_query(subscription, window, state)
    )
    assert tell_story(desk, subscription, story, window) is not None
    assert tell_story(desk, subscription, story, window) is None
    kinds = [one.kind for one in fruit_desk.store.digests.listed()]
    assert kinds.count(DigestKind.INSTANT) == 1
