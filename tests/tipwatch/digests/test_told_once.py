"""Whatever happens between an article and its readers, each of its subscriptions is told it once: seeded histories."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest

from alerts.outbox import DeliveryState
from pipeline.store import DigestKind, Store, open_store
from tipwatch.ledger.checking import CheckOrder, check
from tipwatch.ledger.fates import Fault
from tipwatch.rounds import posting
from tipwatch.rounds.back import BackOrder
from tipwatch.rounds.digesting import DigestOrder, digest_round

STEPS = 50
#: edits that change when and how something is told, never what
EDITS = (
    "",
    "instant: {min_score: 0.5, max_per_hour: 2, gather: 5m}",
    'instant: {min_score: 0.5, max_per_hour: 50, gather: 0s}\nquiet_hours: "21:00-06:00"',
    "max_entries: 2",
    "max_entries: 2\nheartbeat: true",
)


class KilledError(BaseException):
    """Stands for the end of the process."""


class History:
    """Random arrivals, rounds, edits, kills and clocks that go wrong; two processes that share a database."""

    def __init__(self, desk, second: Store, seed: int) -> None:
        self.desk, self.second, self.chance = desk, second, random.Random(seed)
        self.published: dict[int, str] = {}
        self.start = desk.now

    def steps(self) -> None:
        happenings: dict[Callable[[], None], int] = {
            self.publish: 8,
            self.pass_time: 6,
            self.round: 4,
            self.two_rounds: 3,
            self.edit: 2,
            self.kill_while_building: 2,
            self.stop_before_sending: 2,
            self.back_issue: 1,
            self.step_clock: 1,
        }
        for _ in range(STEPS):
            (happening,) = self.chance.choices(list(happenings), list(happenings.values()))
            happening()

    def publish(self) -> None:
        story = f"story{self.chance.randrange(12)}"
        outlet = self.chance.choice(("Paper", "Wire", "Gazette"))
        fruit = self.chance.choice(("apple", "pear", "gouda", "nothing"))
        ending = self.chance.choice(("", "They voted again.", "Late at night."))
        self.desk.later(seconds=self.chance.randrange(1, 90))
        self.published[self.desk.publishes(story, outlet, fruit=fruit, ending=ending)] = fruit

    def pass_time(self) -> None:
        self.desk.later(minutes=self.chance.choice((2, 6, 45, 200, 900)))

    def step_clock(self) -> None:
        self.desk.now += timedelta(hours=self.chance.choice((-6, 6)))
        self.desk.now = max(self.desk.now, self.start)

    def round(self) -> None:
        self.desk.round()

    def two_rounds(self) -> None:
        def work(store: Store) -> None:
            digest_round(self.desk.config, store, self.desk.pack, DigestOrder(), lambda: now)

        now = self.desk.now
        threads = [threading.Thread(target=work, args=(store,)) for store in (self.desk.store, self.second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def edit(self) -> None:
        at = self.chance.choice(("07:30", "18:00", "00:15"))
        self.desk.ask(f'{self.chance.choice(EDITS)}\ndigest: {{at: "{at}", days: daily}}', to=READERS)

    def kill_while_building(self) -> None:
        def die(*_: object) -> None:
            raise KilledError

        with pytest.MonkeyPatch.context() as broken:
            broken.setattr(posting, "message_id", die)
            try:
                self.desk.round()
            except KilledError:
                return

    def stop_before_sending(self) -> None:
        desk = self.desk
        digest_round(desk.config, desk.store, desk.pack, DigestOrder(), lambda: desk.now, stop=lambda: True)

    def back_issue(self) -> None:
        if self.desk.now > self.start + timedelta(hours=5):
            order = BackOrder(self.desk.now - timedelta(hours=4), again=self.chance.random() < 0.5)
            self.desk.round(back=order)

    def ends(self) -> None:
        """Time passes without arrivals until nothing is left to tell."""
        for _ in range(4):
            self.desk.later(hours=24)
            self.desk.round()


READERS = "[desk@example.org, {to: second@example.org, language: ru}]"


@pytest.mark.parametrize("seed", range(4))
def test_each_article_is_told_once_whatever_happens(
    seed: int, store: Store, store_url: str, open_fruit_desk: Callable[[Store], object]
) -> None:
    desk = open_fruit_desk(store)
    desk.ask(to=READERS)
    with open_store(store_url, now=lambda: desk.now) as second:
        history = History(desk, second, seed)
        history.steps()
        history.ends()
    digests = store.digests.listed("desk", 1000)
    told = Counter(article for digest in digests for article in digest.article_ids)
    on_topic = {article for article, fruit in history.published.items() if fruit in ("apple", "pear")}
    assert told == dict.fromkeys(on_topic, 1)
    windows_touch(digests)
    for digest in digests:
        assert digest.ways.keys() == set(digest.article_ids)
        rows = {row.recipient.address: row for row in digest.deliveries}
        if digest.article_ids:
            assert rows.keys() == {"desk@example.org", "second@example.org"}
        for row in rows.values():
            assert row.state is DeliveryState.SENT
            raw = store.outbox.raw(row.id)
            assert raw is not None
    assert len(list((desk.folder / "mail").rglob("*.eml"))) == sum(len(one.deliveries) for one in digests)


def windows_touch(digests) -> None:
    """No window overlaps another or leaves a gap, and none is closed twice."""
    windows = sorted((one.window_start, one.window_end) for one in digests if one.kind is DigestKind.DIGEST)
    assert windows
    for (_, end), (start, _) in pairwise(windows):
        assert end == start


def test_s14_what_came_after_a_wrong_clock_was_set_back_is_told_without_waiting_for_it_to_catch_up(
    fruit_desk,
) -> None:
    fruit_desk.begins()
    right = fruit_desk.now
    fruit_desk.now = right + timedelta(days=2)
    assert fruit_desk.round().built[0].digest is not None, "a window of the day after tomorrow is closed"
    fruit_desk.now = right
    fruit_desk.later(hours=1)
    fruit_desk.publishes("hidden")
    fruit_desk.later(hours=1)
    assert len(fruit_desk.round(now=True).built[0].digest.entries) == 1
    fruit_desk.now = right + timedelta(days=3)
    assert fruit_desk.round().built[0].digest.entries == (), "and it is told once"
    checked = check(fruit_desk.config, fruit_desk.store, CheckOrder(), fruit_desk.now)
    assert [one.fault for one in checked.findings] == [Fault.WINDOW_OVERLAP], (
        "the wrong clock is not hushed up"
    )


def test_s14_nor_does_it_wait_for_that_where_it_is_told_at_once(fruit_desk) -> None:
    fruit_desk.ask("instant: {min_score: 0.5, max_per_hour: 3, gather: 0s}")
    fruit_desk.begins()
    fruit_desk.now += timedelta(days=2)
    fruit_desk.round()
    fruit_desk.now -= timedelta(days=2)
    fruit_desk.later(hours=1)
    fruit_desk.publishes("hidden")
    assert len(fruit_desk.round().built[0].instants) == 1
