"""What digests do when the daemon was down, restarts, runs twice, or the clock is wrong: real rounds on real databases.

S08: the daemon was down at the due time. S09: it restarts every five seconds. S10: two of them. S11: a round is late.
S12: the database is locked. S14: the clock was wrong. S13 (every zone) is in tests/alerts/test_windows_everywhere.py;
that a second daemon is told so and leaves, and that ticks are no appointments, in test_daemon.py and the journeys.
"""

from __future__ import annotations

import itertools
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.article import Article
from pipeline.rules import RulePack, load_packs
from pipeline.store import DigestKind, DigestRecord, NewDigest, Store, open_store
from pipeline.understand import understand_article
from tipwatch.config import Config, load_config
from tipwatch.rounds.digesting import DigestOrder, DigestResult, digest_round

#: a Wednesday, 11:00 in Minsk
START = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
#: 07:30 in Minsk on the next day
DUE = datetime(2026, 3, 5, 4, 30, tzinfo=UTC)

CONFIG = """
database: sqlite:///never-opened.db
mail: {{transport: folder, folder: mail/}}
subscriptions:
  - id: desk
    to: [desk@example.org]
    topics: [trafficking-resolutions]
    timezone: {zone}
    digest: {{at: "{at}", days: daily}}
    heartbeat: false
"""


class Desk:
    """A database that is opened anew when the daemon restarts, and a clock set by hand."""

    def __init__(self, url: str, pack: RulePack, folder: Path) -> None:
        self.url, self.pack, self.folder, self.now = url, pack, folder, START
        self.config = self.configured()
        self.count = 0
        self.store = self.open()
        self.store.digests.register(["desk"], self.now)

    def configured(self, zone: str = "Europe/Minsk", at: str = "07:30") -> Config:
        path = self.folder / "config.yaml"
        path.write_text(CONFIG.format(zone=zone, at=at))
        return load_config(path, {})

    def open(self) -> Store:
        return open_store(self.url, now=lambda: self.now)

    def restarts(self) -> None:
        self.store.close()
        self.store = self.open()

    def publishes(self) -> None:
        """A new article, seen now, whose words are its own."""
        self.count += 1
        words = " ".join(f"{name}{self.count}" for name in ("alpha", "beta", "gamma", "delta", "epsilon") * 6)
        article = Article(
            url=f"https://paper.example/{self.count}",
            canonical_url=f"https://paper.example/{self.count}",
            source_id="paper",
            outlet="Paper",
            country="BY",
            title=f"Third Committee adopts resolution on trafficking in persons ({self.count})",
            text=f"The Third Committee adopted by consensus a resolution on trafficking in persons on Friday.\n{words}",
            language="en",
        )
        self.store.articles.add(understand_article(article, self.pack), self.now)

    def begins(self) -> None:
        """The first digest, which does not wait for its window."""
        self.now += MINUTE
        self.publishes()
        self.now += MINUTE
        self.round()

    def round(self, config: Config | None = None, **order: object) -> DigestResult:
        return digest_round(
            config or self.config, self.store, self.pack, DigestOrder(**order), lambda: self.now
        )

    def digests(self) -> list[DigestRecord]:
        """All regular digests, in the order of their windows."""
        kept = [one for one in self.store.digests.listed("desk", limit=500) if one.kind is DigestKind.DIGEST]
        return sorted(kept, key=lambda one: one.window_end)

    def told(self) -> list[int]:
        """The articles told, in any order."""
        return [
            article for one in self.store.digests.listed("desk", limit=500) for article in one.article_ids
        ]

    def mails(self) -> list[Path]:
        return sorted((self.folder / "mail").rglob("*.eml"))

    def assert_seamless(self) -> None:
        """No gap, no overlap; each article told once."""
        for one, following in itertools.pairwise(self.digests()):
            assert one.window_end == following.window_start < following.window_end
        assert len(self.told()) == len(set(self.told()))


@pytest.fixture(scope="module")
def builtin_pack() -> RulePack:
    return load_packs(["builtin"])


@pytest.fixture
def desk(store_url: str, builtin_pack: RulePack, tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(store_url, builtin_pack, tmp_path)
    yield opened
    opened.store.close()


def test_s08_after_days_down_one_digest_tells_all_that_came_and_the_next_is_on_time(desk: Desk) -> None:
    desk.begins()
    for _ in range(3):
        desk.now += HOUR
        desk.publishes()
    desk.now = DUE + 4 * DAY + HOUR
    desk.restarts()
    desk.round()
    assert [one.window_end for one in desk.digests()][1:] == [DUE + 4 * DAY]
    desk.now = DUE + 5 * DAY
    desk.round()
    assert [one.window_end for one in desk.digests()][1:] == [DUE + 4 * DAY, DUE + 5 * DAY]
    assert len(desk.told()) == 4
    desk.assert_seamless()


def test_s09_a_daemon_that_restarts_every_five_seconds_sends_each_digest_once(desk: Desk) -> None:
    desk.begins()
    desk.now = DUE - MINUTE
    desk.publishes()
    while desk.now <= DUE + MINUTE / 2:
        desk.restarts()
        desk.round()
        desk.now += 5 * SECOND
    assert [one.window_end for one in desk.digests()][1:] == [DUE]
    assert len(desk.mails()) == 2
    assert len(desk.told()) == 2


def test_s10_daemons_that_tick_at_the_same_moment_send_each_digest_once(desk: Desk) -> None:
    desk.begins()
    barrier = threading.Barrier(4)

    def tick() -> DigestResult:
        with desk.open() as store:
            barrier.wait(60)
            return digest_round(desk.config, store, desk.pack, DigestOrder(), lambda: desk.now)

    for day in range(2):
        desk.now = DUE + day * DAY
        desk.publishes()
        with ThreadPoolExecutor(4) as daemons:
            results = [one.result() for one in [daemons.submit(tick) for _ in range(4)]]
        built = [digest for result in results for one in result.built for digest in one.digests]
        assert len(built) == 1
    assert [one.window_end for one in desk.digests()][1:] == [DUE, DUE + DAY]
    assert len(desk.mails()) == 3
    desk.assert_seamless()


def test_s11_a_round_that_ends_after_the_next_window_is_over_leaves_that_to_the_next_round(
    desk: Desk,
) -> None:
    desk.begins()
    desk.now = DUE - SECOND
    desk.publishes()
    moments = iter([DUE, DUE, DUE + DAY + HOUR])  # the clock moves on by a day while the round works

    def clock() -> datetime:
        return next(moments, DUE + DAY + HOUR)

    digest_round(desk.config, desk.store, desk.pack, DigestOrder(), clock)
    desk.now = DUE + DAY + HOUR
    desk.round()
    assert [one.window_end for one in desk.digests()][-1] == DUE + DAY
    assert len(desk.told()) == 2
    desk.assert_seamless()


def test_s12_a_database_that_another_program_locks_for_a_while_delays_the_digest_and_loses_nothing(
    builtin_pack: RulePack, tmp_path: Path
) -> None:
    file = tmp_path / "locked.db"
    desk = Desk(f"sqlite:///{file}", builtin_pack, tmp_path)
    desk.begins()
    desk.now = DUE
    desk.publishes()
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    release = threading.Timer(2.0, other.execute, ["ROLLBACK"])
    release.start()
    try:
        desk.round()
    finally:
        release.join()
        other.close()
    assert [one.window_end for one in desk.digests()][1:] == [DUE]
    assert len(desk.mails()) == 2
    desk.store.close()


@pytest.mark.parametrize("wrong_by", [6 * HOUR, -6 * HOUR, 20 * HOUR, -20 * HOUR])
def test_s14_what_comes_while_and_after_the_clock_is_wrong_is_told_once(
    desk: Desk, wrong_by: timedelta
) -> None:
    """For four hours before a digest is due. Articles come and the daemon ticks every two hours, before, while and after."""
    desk.begins()
    due = DUE + 2 * DAY
    for step in range(-4, 4):
        true = due + step * 2 * HOUR
        desk.now = true + (wrong_by if step in (-2, -1) else timedelta())
        desk.publishes()
        desk.now += MINUTE
        desk.round()
    for day in (1, 2):
        desk.now = due + day * DAY
        desk.round()
    assert sorted(desk.told()) == list(range(1, desk.count + 1))
    assert len(desk.mails()) <= 5, "the first, and one a day"


@pytest.mark.parametrize(
    ("zone", "at"), [("America/New_York", "07:30"), ("Pacific/Auckland", "07:30"), ("Europe/Minsk", "07:00")]
)
def test_a_zone_or_time_changed_between_two_ticks_leaves_no_gap_and_tells_each_article_once(
    desk: Desk, zone: str, at: str
) -> None:
    desk.begins()
    edited = desk.configured(zone, at)
    now = START + HOUR
    while now < DUE + 3 * DAY:
        desk.now = now
        desk.publishes()
        desk.round(edited if now > DUE + 2 * HOUR else desk.config)
        now += 6 * HOUR
    desk.now = DUE + 4 * DAY
    desk.round(edited)
    desk.assert_seamless()
    assert sorted(desk.told()) == list(range(1, desk.count + 1))


def test_a_digest_asked_for_by_hand_between_two_windows_overlaps_neither(desk: Desk) -> None:
    desk.begins()
    for moment in (START + 2 * HOUR, DUE - SECOND, DUE, DUE + SECOND):
        desk.now = moment
        desk.publishes()
        desk.round(now=moment != DUE)
    desk.now = DUE + DAY
    desk.round()
    desk.assert_seamless()
    assert sorted(desk.told()) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("kind", [DigestKind.DIGEST, DigestKind.OPERATOR])
def test_s10_two_that_disagree_on_the_schedule_cannot_keep_windows_that_overlap(
    desk: Desk, kind: DigestKind
) -> None:
    """One has read the configuration before its time was changed, the other after; both began from the same window."""
    save = desk.store.digests.save
    assert save(NewDigest("d1", "desk", START, DUE, (), kind), (), DUE)
    assert not save(NewDigest("d2", "desk", START, DUE + HOUR, (), kind), (), DUE + HOUR)
    assert not save(NewDigest("d3", "desk", START + HOUR, DUE - HOUR, (), kind), (), DUE + HOUR)
    assert save(NewDigest("d4", "desk", DUE, DUE + HOUR, (), kind), (), DUE + HOUR)


def test_s14_a_clock_that_was_years_ahead_does_not_silence_us_for_years(desk: Desk) -> None:
    desk.begins()
    desk.now = DUE + 5 * 365 * DAY
    desk.round()
    desk.now = START + HOUR
    desk.publishes()
    for day in range(3):
        desk.now = DUE + day * DAY
        desk.round()
    assert sorted(desk.told()) == [1, 2]


def test_s14_a_clock_set_right_by_minutes_closes_no_stretch_of_time_twice(desk: Desk) -> None:
    config = replace(desk.config, subscriptions=(replace(desk.config.subscriptions[0], heartbeat=True),))
    desk.now = DUE + MINUTE
    desk.round(config)
    assert len(desk.mails()) == 1, "the first sign of life"
    for back in (3 * SECOND, 10 * MINUTE):
        desk.now -= back
        desk.round(config)
    assert len(desk.mails()) == 1
    desk.publishes()
    desk.now = DUE + DAY
    desk.round(config)
    desk.assert_seamless()
    assert desk.told() == [1], "what came before the clock had caught up is told"
