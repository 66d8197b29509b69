from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from alerts.channels.email import Envelope, build_message
from alerts.errors import UnsafeMailError
from pipeline.article import Article
from pipeline.rules import RulePack, load_packs
from pipeline.store import DigestKind, Store, open_store
from pipeline.understand import understand_article
from tipwatch.config import Config, load_config
from tipwatch.errors import UsageError
from tipwatch.rounds import posting
from tipwatch.rounds.digesting import Desk, DigestOrder, DigestResult, digest_round, preview

#: a Wednesday, 11:00 in Minsk
START = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

CONFIG = """
database: sqlite:///never-opened.db
mail: {{transport: folder, folder: mail/}}
subscriptions:
  - id: desk
    to: ["Desk <desk@example.org>", second@example.org]
    topics: [trafficking-resolutions]
    timezone: Europe/Minsk
    digest: {{at: "07:30", days: daily}}
    heartbeat: false
{more}
"""


class Newsroom:
    """A store, a configuration and a clock that is set by hand."""

    def __init__(self, store: Store, pack: RulePack, folder: Path) -> None:
        self.store, self.pack, self.folder, self.now = store, pack, folder, START
        self.count = 0
        self.configure("")

    def configure(self, more: str) -> None:
        path = self.folder / "config.yaml"
        path.write_text(CONFIG.format(more=more))
        self.config: Config = load_config(path, {})
        self.store.digests.register([one.id for one in self.config.subscriptions], self.now)

    def publishes(self, title: str = "Third Committee adopts resolution on trafficking in persons") -> None:
        """A new article, seen now, whose words are its own."""
        self.count += 1
        words = " ".join(f"{name}{self.count}" for name in ("alpha", "beta", "gamma", "delta", "epsilon") * 6)
        article = Article(
            url=f"https://paper.example/{self.count}",
            canonical_url=f"https://paper.example/{self.count}",
            source_id="paper",
            outlet="Paper",
            country="BY",
            title=f"{title} ({self.count})",
            text=f"The Third Committee adopted by consensus a resolution on trafficking in persons on Friday.\n{words}",
            language="en",
        )
        self.store.articles.add(understand_article(article, self.pack), self.now)

    def round(self, **order: object) -> DigestResult:
        return digest_round(self.config, self.store, self.pack, DigestOrder(**order), lambda: self.now)

    def mails(self) -> list[Path]:
        return sorted((self.folder / "mail").rglob("*.eml"))


@pytest.fixture(scope="module")
def pack() -> RulePack:
    return load_packs(["builtin"])


@pytest.fixture
def room(store: Store, pack: RulePack, tmp_path: Path) -> Newsroom:
    return Newsroom(store, pack, tmp_path)


def stories(result: DigestResult) -> list[int]:
    return [len(digest.entries) for one in result.built for digest in one.digests]


def test_a_new_subscription_hears_of_the_first_match_at_once_and_of_nothing_twice(room: Newsroom) -> None:
    assert stories(room.round()) == []
    room.now += MINUTE
    room.publishes()
    room.now += MINUTE
    assert stories(room.round()) == [1]
    assert len(room.mails()) == 2, "one mail for each recipient"
    room.now += MINUTE
    assert stories(room.round()) == []
    assert len(room.mails()) == 2


def test_a_new_subscription_on_a_quiet_topic_hears_so_once_at_its_first_scheduled_time(
    room: Newsroom,
) -> None:
    path = room.folder / "config.yaml"
    path.write_text(path.read_text().replace("heartbeat: false", "heartbeat: true"))
    room.config = load_config(path, {})
    room.now += 20 * HOUR  # 07:00 in Minsk
    assert room.round().built[0].digest is None
    room.now += 31 * MINUTE
    assert stories(room.round()) == [0]
    room.now += MINUTE
    assert room.round().built[0].digest is None
    assert len(room.mails()) == 2
    room.publishes()
    room.now += DAY
    assert stories(room.round()) == [1]


def test_after_the_first_a_digest_waits_for_the_end_of_its_window(room: Newsroom) -> None:
    room.now += MINUTE
    room.publishes()
    room.round()
    room.now += HOUR
    room.publishes()
    waiting = room.round()
    assert stories(waiting) == []
    assert waiting.built[0].next_due_at == datetime(2026, 3, 5, 4, 30, tzinfo=UTC), "07:30 in Minsk"
    room.now = datetime(2026, 3, 5, 4, 30, tzinfo=UTC)
    assert stories(room.round()) == [1]


def test_a_window_without_news_is_closed_without_a_mail(room: Newsroom) -> None:
    room.now += MINUTE
    room.publishes()
    room.round()
    room.now += DAY
    assert stories(room.round()) == [0]
    assert len(room.mails()) == 2
    assert room.store.digests.state("desk").last_window_end == datetime(2026, 3, 5, 4, 30, tzinfo=UTC)


def test_one_digest_covers_all_the_days_that_nobody_was_there(room: Newsroom) -> None:
    room.now += MINUTE
    room.publishes()
    room.round()
    for _ in range(3):
        room.now += DAY
        room.publishes()
    room.now = datetime(2026, 3, 8, 9, 0, tzinfo=UTC)
    assert stories(room.round()) == [3]
    assert stories(room.round()) == []


def test_what_came_before_the_subscription_is_not_told(room: Newsroom) -> None:
    room.publishes()
    room.now += HOUR
    room.configure("  - {id: late, to: [late@example.org], topics: [trafficking-resolutions]}")
    room.now += HOUR
    room.publishes()
    room.now += MINUTE
    assert stories(room.round(subscription_ids=("late",))) == [1]


def test_now_closes_the_window_whatever_the_schedule_says(room: Newsroom) -> None:
    room.now += MINUTE
    room.publishes()
    room.round()
    room.now += MINUTE
    room.publishes()
    room.now += MINUTE
    assert stories(room.round(now=True)) == [1]


def test_what_is_sure_enough_does_not_wait_and_the_digest_does_not_repeat_it(room: Newsroom) -> None:
    more = "    instant: {min_score: 0.5, max_per_hour: 2, gather: 0s}"
    room.configure(more)
    room.now += MINUTE
    room.publishes()
    room.round()
    for _ in range(3):
        room.now += MINUTE
        room.publishes()
        room.now += MINUTE
        room.round()
    kinds = [one.kind for one in room.store.digests.listed()]
    assert kinds.count(DigestKind.INSTANT) == 2, "at most two an hour"
    room.now += DAY
    assert stories(room.round()) == [1], "the third was kept for the digest"
    told = [article for one in room.store.digests.listed() for article in one.article_ids]
    assert len(told) == len(set(told)) == 4


def test_two_processes_that_build_at_once_make_one_digest(
    room: Newsroom, store_url: str, clock: Callable[[], datetime]
) -> None:
    room.now += MINUTE
    room.publishes()
    room.now += MINUTE
    with open_store(store_url, now=clock) as other:
        second = Newsroom(other, room.pack, room.folder)
        second.now = room.now
        assert [stories(room.round()), stories(second.round())] == [[1], []]
    assert len(room.store.digests.listed()) == 1


def test_the_mail_is_addressed_to_each_reader_alone(room: Newsroom) -> None:
    room.now += MINUTE
    room.publishes()
    room.now += MINUTE
    room.round()
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in room.mails()]
    assert {mail["To"].addresses[0].addr_spec for mail in mails} == {"desk@example.org", "second@example.org"}
    assert len({mail["Message-ID"] for mail in mails}) == 2
    assert all(mail["Date"].datetime == room.now for mail in mails)


def test_a_preview_changes_nothing_and_needs_no_recipient_to_be_told(room: Newsroom) -> None:
    room.now += MINUTE
    room.publishes()
    room.now += MINUTE
    desk = Desk(room.config, room.store, room.pack, room.now)
    shown = preview(desk, room.config.subscriptions[0], None)
    assert len(shown.digest.entries) == 1
    assert "trafficking in persons" in shown.mail.text
    assert room.store.digests.listed() == []
    assert stories(room.round()) == [1]


def test_an_unknown_subscription_is_named_with_those_there_are(room: Newsroom) -> None:
    with pytest.raises(UsageError, match=r"no subscription has the id dask \(there are: desk\)"):
        room.round(subscription_ids=("dask",))


def test_a_digest_that_cannot_be_built_holds_up_no_other_and_is_tried_again(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.configure("  - {id: late, to: [late@example.org], topics: [trafficking-resolutions]}")
    room.now += MINUTE
    room.publishes()
    room.now += MINUTE

    def refuse(raw_mail: object, envelope: Envelope) -> bytes:
        if envelope.recipient.address == "desk@example.org":
            raise UnsafeMailError("mail not built: a header too many")
        return build_message(raw_mail, envelope)

    with monkeypatch.context() as broken:
        broken.setattr(posting, "build_message", refuse)
        result = room.round()
    assert [(one.subscription.id, bool(one.problem)) for one in result.built] == [
        ("desk", True),
        ("late", False),
    ]
    assert result.undelivered == 1
    assert len(room.mails()) == 1
    room.now += MINUTE
    assert stories(room.round(subscription_ids=("desk",))) == [1]


def test_a_round_that_is_to_stop_leaves_its_mails_to_the_next_one(room: Newsroom) -> None:
    room.now += MINUTE
    room.publishes()
    room.now += MINUTE
    digest_round(room.config, room.store, room.pack, DigestOrder(), lambda: room.now, stop=lambda: True)
    assert room.mails() == []
    room.now += MINUTE
    room.round()
    assert len(room.mails()) == 2
