"""After an edit of the rules: the archive is read again, late finds have their section, and nobody is told anything twice."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.article import Article
from pipeline.rules import RulePack, load_packs
from pipeline.store import Store, open_store
from pipeline.understand import understand_article
from tipwatch.config import Config, load_config
from tipwatch.current_rules import CurrentRules
from tipwatch.rounds import digesting, rescoring
from tipwatch.rounds.digesting import Desk, DigestOrder, DigestResult, digest_round, preview
from tipwatch.rounds.rescoring import Rescored, RescoreOrder, rescore_round

START = datetime(2026, 11, 12, 8, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
CONFIG = """
database: sqlite:///never-opened.db
mail: {transport: folder, folder: mail/}
packs: [rules.yaml]
subscriptions:
  - id: desk
    to: [desk@example.org]
    topics: [fruit]
    timezone: Europe/Minsk
    digest: {at: "07:30", days: daily}
    instant: {min_score: 0.5, gather: 0s}
"""


class Newsroom:
    """A store, rules that are edited by writing their words, and a clock that is set by hand."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder, self.now, self.count = store, folder, START, 0
        self.rules("apple")
        (folder / "config.yaml").write_text(CONFIG)
        self.config: Config = load_config(folder / "config.yaml", {})
        store.digests.register(["desk"], self.now)

    def rules(self, *words: str) -> None:
        self.pack = pack_of(self.folder / "rules.yaml", *words)

    def publishes(self, *fruits: str) -> None:
        for fruit in fruits:
            self.count += 1
            filler = " ".join(f"{fruit[:2]}{self.count}w{number}" for number in range(40))
            article = Article(
                url=f"https://paper.example/{self.count}",
                canonical_url=f"https://paper.example/{self.count}",
                source_id="paper",
                outlet="Paper",
                country=None,
                title=f"The {fruit} of the day",
                text=f"This is about the {fruit}. {filler}",
                language="en",
            )
            self.store.articles.add(understand_article(article, self.pack), self.now)

    def later(self, by: timedelta = MINUTE) -> None:
        self.now += by

    def round(self, **order: object) -> DigestResult:
        return digest_round(self.config, self.store, self.pack, DigestOrder(**order), lambda: self.now)  # type: ignore[arg-type]  # fields

    def mails(self) -> list[str]:
        found = []
        for path in sorted((self.folder / "mail").rglob("*.eml")):
            body = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("plain",))
            assert body is not None
            found.append(body.get_content())
        return found


def pack_of(path: Path, *words: str) -> RulePack:
    path.write_text(f"topics:\n  fruit: {{title: Fruit, query: '{' OR '.join(words)}'}}\n")
    return load_packs([str(path)])


@pytest.fixture
def room(tmp_path: Path, sqlite_template: Path):
    path = tmp_path / "desk.db"
    path.write_bytes(sqlite_template.read_bytes())
    with open_store(f"sqlite:///{path}", now=lambda: START) as store:
        yield Newsroom(store, tmp_path)


def built(result: DigestResult) -> list[tuple[int, int]]:
    return [(len(digest.entries), digest.late) for one in result.built for digest in one.digests]


def test_a_digest_round_notices_new_rules_and_tells_what_they_find_in_the_next_digest(room: Newsroom) -> None:
    room.later()
    room.publishes("apple", "pear")
    room.later()
    assert built(room.round()) == [(1, 0)]
    room.rules("apple", "pear")
    room.later()
    assert built(room.round()) == [], "no instant mail for what is found late, and the window is open"
    room.later()
    room.publishes("apple")
    room.now = START + DAY
    assert built(room.round()) == [(1, 1)]
    text = room.mails()[-1]
    assert text.index("The *apple* of the day") < text.index("Found late (rules changed 12 Nov)")
    assert text.index("Found late") < text.index("The *pear* of the day")
    assert built(room.round(now=True)) == []
    assert len(room.mails()) == 2


def test_news_found_at_once_is_still_told_at_once_after_a_change(room: Newsroom) -> None:
    room.later()
    room.publishes("apple", "pear")
    room.later()
    room.round()
    room.rules("apple", "pear")
    room.later()
    room.publishes("pear")
    room.later()
    assert built(room.round()) == [(1, 0)], "an instant mail with the new pear, without the old one"


def test_a_first_digest_may_hold_nothing_but_late_finds(room: Newsroom) -> None:
    room.later()
    room.publishes("pear")
    room.rules("pear")
    room.later()
    assert built(room.round()) == [(0, 1)]
    assert "Nothing new in this window; 1 story found late." in room.mails()[0]


def test_what_the_edited_rules_no_longer_find_is_not_told_and_a_told_mail_stays(room: Newsroom) -> None:
    room.later()
    room.publishes("apple")
    room.later()
    room.round()
    before = room.mails()
    room.later()
    room.publishes("apple", "apple")
    room.rules("plum")
    room.later()
    room.round(now=True)
    assert room.mails() == before
    told = room.store.digests.listed("desk")[0]
    assert len(told.article_ids) == 1


def test_a_preview_shows_late_finds_and_changes_nothing(room: Newsroom) -> None:
    room.later()
    room.publishes("pear")
    room.later()
    room.rules("pear")
    rescore_round(room.config, room.store, room.pack, RescoreOrder(), lambda: room.now)
    room.later()
    for _ in range(2):
        shown = preview(
            Desk(room.config, room.store, room.pack, room.now), room.config.subscriptions[0], None
        )
        assert shown.digest.late == 1
        assert "Found late" in shown.mail.html


def test_rescoring_that_fails_costs_nobody_a_digest(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    room.later()
    room.publishes("apple")
    room.later()

    def broken(*_args: object) -> Rescored:
        raise ZeroDivisionError

    monkeypatch.setattr(digesting, "rescore_round", broken)
    assert built(room.round()) == [(1, 0)]
    assert "it is tried again in the next round" in caplog.text


def test_a_round_reads_for_some_seconds_only_and_the_next_goes_on(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rescoring, "BATCH", 2)
    room.publishes(*["pear"] * 7)
    room.rules("pear")
    shown: list[int] = []
    order = RescoreOrder(seconds=0.0, show=lambda done: shown.append(done.read))
    rounds = [rescore_round(room.config, room.store, room.pack, order, lambda: room.now) for _ in range(5)]
    assert [done.read for done in rounds] == [2, 2, 2, 1, 0]
    assert [done.left for done in rounds] == [5, 3, 1, 0, 0]
    assert shown == [2, 2, 2, 1]
    assert "found late=2" in rounds[0].line()


def test_a_round_stops_between_two_batches(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rescoring, "BATCH", 1)
    room.publishes("pear", "pear", "pear")
    room.rules("pear")
    answers = iter([False, True])
    done = rescore_round(
        room.config, room.store, room.pack, RescoreOrder(stop=lambda: next(answers)), lambda: room.now
    )
    assert (done.read, done.left) == (1, 2)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.lists(
        st.tuples(
            st.lists(st.sampled_from(["apple", "pear", "plum"]), max_size=3),
            st.sets(st.sampled_from(["apple", "pear", "plum"]), min_size=1),
            st.booleans(),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_however_rules_are_edited_no_article_is_told_twice_and_none_that_stands_is_lost(
    days: list[tuple[list[str], set[str], bool]], tmp_path: Path, sqlite_template: Path
) -> None:
    path = tmp_path / "days.db"
    for left in tmp_path.glob("days.db*"):
        left.unlink()
    path.write_bytes(sqlite_template.read_bytes())
    with open_store(f"sqlite:///{path}", now=lambda: START) as store:
        room = Newsroom(store, tmp_path)
        for published, words, closes in days:
            room.later()
            room.publishes(*published)
            room.later()
            room.rules(*sorted(words))
            room.round()
            if closes:
                room.now += DAY
                room.round()
        room.now += 2 * DAY
        room.round()
        told = [article_id for digest in store.digests.listed("desk") for article_id in digest.article_ids]
        assert len(told) == len(set(told))
        standing = {record.id for record in store.articles.export()}
        assert standing <= set(told)


def test_a_rescore_that_is_killed_goes_on_where_it_was(tmp_path: Path, sqlite_template: Path) -> None:
    path = tmp_path / "desk.db"
    path.write_bytes(sqlite_template.read_bytes())
    with open_store(f"sqlite:///{path}", now=lambda: START) as store:
        room = Newsroom(store, tmp_path)
        room.publishes(*["pear"] * 150)
    room.rules("pear")
    (tmp_path / "config.yaml").write_text(CONFIG.replace("never-opened", "desk"))
    code = (
        "import sys; from tipwatch.rounds import rescoring; rescoring.BATCH = 1;"
        "from tipwatch.cli import run; sys.exit(run(['rules', 'rescore']))"
    )
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    running = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, env=environment)
    with open_store(f"sqlite:///{path}", now=lambda: START) as store:
        deadline = time.monotonic() + 30
        while store.scorings.owed(room.pack.version) > 140 and time.monotonic() < deadline:
            time.sleep(0.005)
        running.send_signal(signal.SIGKILL)
        running.wait()
        owed = store.scorings.owed(room.pack.version)
        assert 0 < owed <= 140, "killed in the middle"
        subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True)
        assert store.scorings.owed(room.pack.version) == 0
        assert all(len(store.scorings.verdicts(record.id)) == 1 for record in store.articles.export())
        assert len(list(store.articles.export())) == 150


def test_a_running_daemon_takes_up_edited_rules_and_keeps_the_last_good_ones(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "rules.yaml"
    first = pack_of(path, "apple")
    rules = CurrentRules(first, [path], lambda: (load_packs([str(path)]), [path]))
    assert rules.now() is first
    second = pack_of(path, "apple", "pear")
    assert rules.now().version == second.version
    path.write_text("topics: {fruit: {title: Fruit, query: 'apple OR'}}")
    with caplog.at_level(logging.ERROR):
        assert [rules.now().version for _ in range(3)] == [second.version] * 3
    assert caplog.text.count("those of before stay in force") == 1
    path.unlink()
    assert rules.now().version == second.version
    assert pack_of(path, "plum").version == rules.now().version
