"""The rescoring ledger: every article is read by the rules of today once, nothing told is rewritten, a kill loses nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from alembic import command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pipeline.article import Evidence, Match
from pipeline.store import Change, NewArticle, NewDigest, RuleChange, Store, StoryQuery, Verdict, open_store
from pipeline.store.database import Database
from pipeline.store.schema import alembic_config

Make = Callable[..., NewArticle]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def url(number: int) -> str:
    return f"https://morning.example/{number}"


def words(number: int) -> str:
    return " ".join(f"w{number}x{word}" for word in range(40))


def match(topic: str = "resolutions", score: float = 0.8, version: str = "pack-2") -> Match:
    return Match(topic, score, (Evidence("@resolution", "title", 0, 9, "Committee"),), version)


def take_in(store: Store, make: Make, numbers: range, now: datetime, topics: tuple[str, ...] = ()) -> None:
    for number in numbers:
        new = make(url(number), text=words(number), topics=topics)
        store.articles.add(
            replace(new, classification=replace(new.classification, pack_version="pack-1")), now
        )


def rescore(
    store: Store,
    now: datetime,
    *,
    version: str = "pack-2",
    on: Callable[[str], tuple[Match, ...]] = lambda _url: (match(),),
    batch: int = 3,
) -> Counter[Change]:
    """Read all that is owed, as a round does."""
    changed = RuleChange(version, store.scorings.notice(version, now))
    changes: Counter[Change] = Counter()
    while lent := store.scorings.unread(version, batch):
        verdicts = [Verdict(one, on(one.article.url)) for one in lent]
        changes += store.scorings.settle(verdicts, changed, now)
    return changes


def said_of(urls: set[str], at: str) -> tuple[Match, ...]:
    return (match(),) if at in urls else ()


def query(now: datetime, **more: object) -> StoryQuery:
    return StoryQuery("desk", now - DAY, now, ("resolutions",), **more)  # type: ignore[arg-type]  # fields


def found(store: Store, now: datetime, **more: object) -> list[str]:
    return sorted(
        member.article.url for story in store.stories.between(query(now, **more)) for member in story.members
    )


def tell(store: Store, now: datetime, digest_id: str, **more: object) -> None:
    ids = tuple(m.id for story in store.stories.between(query(now, **more)) for m in story.members)
    assert store.digests.save(NewDigest(digest_id, "desk", now - DAY, now, ids), [], now)


@pytest.fixture
def desk(store: Store, noon: datetime) -> Store:
    store.digests.register(["desk"], noon - 2 * DAY)
    return store


def test_new_rules_owe_every_article_and_read_each_once(
    desk: Store, noon: datetime, new_article: Make
) -> None:
    take_in(desk, new_article, range(7), noon)
    assert (desk.scorings.owed("pack-1"), desk.scorings.owed("pack-2")) == (0, 7)
    assert rescore(desk, noon + HOUR) == {Change.FOUND: 7}
    assert desk.scorings.owed("pack-2") == 0
    assert rescore(desk, noon + 2 * HOUR) == {}


def test_what_new_rules_find_is_found_late_and_no_news(
    desk: Store, noon: datetime, new_article: Make
) -> None:
    take_in(desk, new_article, range(1), noon)
    rescore(desk, noon + HOUR)
    now = noon + 2 * HOUR
    assert found(desk, now) == []
    assert found(desk, now, late=True) == [url(0)]
    record = desk.articles.find(url(0))
    assert record is not None
    assert [one.rules_changed_at for one in record.matches] == [noon + HOUR]


def test_an_article_from_before_the_subscription_is_not_found_late_for_it(
    store: Store, noon: datetime, new_article: Make
) -> None:
    take_in(store, new_article, range(1), noon)
    store.digests.register(["desk"], noon + HOUR)
    rescore(store, noon + 2 * HOUR)
    late = StoryQuery("desk", noon + HOUR, noon + 3 * HOUR, ("resolutions",), late=True)
    assert store.stories.between(late) == []


def test_a_match_is_withdrawn_and_not_deleted(desk: Store, noon: datetime, new_article: Make) -> None:
    take_in(desk, new_article, range(2), noon, ("resolutions",))
    assert rescore(desk, noon + HOUR, on=lambda _url: ()) == {Change.WITHDRAWN: 2}
    assert found(desk, noon + 2 * HOUR) == []
    assert found(desk, noon + 2 * HOUR, late=True) == []
    record = desk.articles.find(url(0))
    assert record is not None
    assert record.matches == ()
    (kept,) = desk.scorings.verdicts(record.id)
    assert (kept.withdrawn_at, kept.withdrawn_by) == (noon + HOUR, "pack-2")
    assert kept.match.pack_version == "pack-1"
    assert list(desk.articles.export()) == []
    assert list(desk.stories.listed()) == []


def test_a_slip_that_is_mended_before_a_digest_went_out_leaves_news_as_news(
    desk: Store, noon: datetime, new_article: Make
) -> None:
    take_in(desk, new_article, range(1), noon, ("resolutions",))
    rescore(desk, noon + HOUR, on=lambda _url: ())
    assert rescore(desk, noon + 2 * HOUR, version="pack-3") == {Change.RESTORED: 1}
    assert found(desk, noon + 3 * HOUR) == [url(0)]


def test_what_a_digest_went_out_without_comes_back_late(
    desk: Store, noon: datetime, new_article: Make
) -> None:
    take_in(desk, new_article, range(1), noon, ("resolutions",))
    rescore(desk, noon + HOUR, on=lambda _url: ())
    tell(desk, noon + 2 * HOUR, "d1")
    rescore(desk, noon + 3 * HOUR, version="pack-3")
    assert found(desk, noon + 4 * HOUR) == []
    assert found(desk, noon + 4 * HOUR, late=True) == [url(0)]


def test_what_was_told_keeps_its_evidence_and_is_not_told_again(
    desk: Store, noon: datetime, new_article: Make
) -> None:
    take_in(desk, new_article, range(1), noon, ("resolutions",))
    tell(desk, noon + HOUR, "d1")
    before = desk.articles.find(url(0))
    rescore(desk, noon + 2 * HOUR, on=lambda _url: (match(score=0.1), match("other")))
    after = desk.articles.find(url(0))
    assert before is not None
    assert after is not None
    assert [one for one in after.matches if one.topic == "resolutions"] == list(before.matches)
    rescore(desk, noon + 3 * HOUR, version="pack-3", on=lambda _url: ())
    rescore(desk, noon + 4 * HOUR, version="pack-4")
    assert found(desk, noon + 5 * HOUR) == []
    assert found(desk, noon + 5 * HOUR, late=True) == []


def test_what_was_told_to_nobody_shows_the_evidence_of_today(
    desk: Store, noon: datetime, new_article: Make
) -> None:
    take_in(desk, new_article, range(1), noon, ("resolutions",))
    assert rescore(desk, noon + HOUR, on=lambda _url: (match(score=0.9),)) == {Change.STANDS: 1}
    record = desk.articles.find(url(0))
    assert record is not None
    assert [(one.score, one.pack_version, one.rules_changed_at) for one in record.matches] == [
        (0.9, "pack-2", None)
    ]
    assert found(desk, noon + 2 * HOUR) == [url(0)], "still news: it was on the topic as it came in"


def test_an_article_revised_while_it_was_read_is_read_again(
    desk: Store, noon: datetime, new_article: Make
) -> None:
    take_in(desk, new_article, range(1), noon)
    changed = RuleChange("pack-2", desk.scorings.notice("pack-2", noon))
    lent = desk.scorings.unread("pack-2", 10)
    take_in(desk, lambda at, **more: new_article(at, **{**more, "text": words(99)}), range(1), noon + HOUR)
    assert desk.scorings.settle([Verdict(one, (match(),)) for one in lent], changed, noon + HOUR) == {}
    assert desk.scorings.owed("pack-2") == 1


def test_two_that_read_at_once_keep_each_verdict_once(desk: Store, noon: datetime, new_article: Make) -> None:
    take_in(desk, new_article, range(4), noon)
    changed = RuleChange("pack-2", desk.scorings.notice("pack-2", noon))
    both = [[Verdict(one, (match(),)) for one in desk.scorings.unread("pack-2", 10)] for _ in range(2)]
    changes = [desk.scorings.settle(verdicts, changed, noon + HOUR) for verdicts in both]
    assert changes == [{Change.FOUND: 4}, {}]


def test_a_revision_withdraws_what_its_new_text_no_longer_says(
    desk: Store, noon: datetime, new_article: Make
) -> None:
    take_in(desk, new_article, range(1), noon, ("resolutions",))
    take_in(desk, lambda at, **more: new_article(at, **{**more, "text": words(99)}), range(1), noon + HOUR)
    record = desk.articles.find(url(0))
    assert record is not None
    assert record.matches == ()
    (kept,) = desk.scorings.verdicts(record.id)
    assert kept.withdrawn_at == noon + HOUR
    take_in(
        desk,
        lambda at, **more: new_article(at, **{**more, "text": words(98)}),
        range(1),
        noon + 2 * HOUR,
        ("resolutions",),
    )
    assert found(desk, noon + 3 * HOUR) == [url(0)], "a new text that is on the topic again is news"


def test_only_recent_articles_are_read_when_asked(desk: Store, noon: datetime, new_article: Make) -> None:
    take_in(desk, new_article, range(2), noon)
    take_in(desk, new_article, range(2, 5), noon + DAY)
    since = noon + HOUR
    assert desk.scorings.owed("pack-2", since) == 3
    assert [one.article.url for one in desk.scorings.unread("pack-2", 9, since)] == [url(4), url(3), url(2)]
    assert desk.scorings.forget(since) == 3
    assert (desk.scorings.owed("pack-1"), desk.scorings.forget(), desk.scorings.owed("pack-1")) == (3, 2, 5)


def test_a_change_of_the_rules_is_noticed_once_and_a_return_is_one_too(store: Store, noon: datetime) -> None:
    noticed = [
        store.scorings.notice(version, noon + hours * HOUR)
        for hours, version in enumerate(["a", "a", "b", "b", "a"])
    ]
    assert noticed == [noon, noon, noon + 2 * HOUR, noon + 2 * HOUR, noon + 4 * HOUR]
    assert [change.pack_version for change in store.scorings.changes()] == ["a", "b", "a"]


#: settles one article at a time until it is killed, saying after each commit which one it was
_SETTLE = """
import datetime, sys
from pipeline.article import Match
from pipeline.store import RuleChange, Verdict, open_store
now = datetime.datetime(2023, 11, 11, 13, tzinfo=datetime.UTC)
store = open_store(sys.argv[1], now=lambda: now)
changed = RuleChange("pack-2", store.scorings.notice("pack-2", now))
while lent := store.scorings.unread("pack-2", 1):
    verdicts = [Verdict(one, (Match("resolutions", 0.8, (), "pack-2"),)) for one in lent]
    print(sum(store.scorings.settle(verdicts, changed, now).values()), flush=True)
"""


def test_a_kill_in_the_middle_loses_nothing_and_does_nothing_twice(
    store: Store, store_url: str, noon: datetime, new_article: Make
) -> None:
    take_in(store, new_article, range(60), noon)
    settled = 0
    for stop_after in (5, 9, None):
        running = subprocess.Popen(
            [sys.executable, "-c", _SETTLE, store_url], stdout=subprocess.PIPE, text=True
        )
        assert running.stdout is not None
        for number, line in enumerate(running.stdout, 1):
            settled += int(line)
            if number == stop_after:
                running.send_signal(signal.SIGKILL)
                break
        running.stdout.close()
        running.wait()
    records = list(store.articles.export())
    assert settled <= len(records) == 60, "a kill may come between the commit and our hearing of it"
    assert all(len(store.scorings.verdicts(record.id)) == 1 for record in records)
    assert store.scorings.owed("pack-2") == 0
    assert {change.pack_version for change in store.scorings.changes()} == {"pack-2"}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["read", "digest"]), st.sets(st.integers(0, 4)), st.integers(1, 5)),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_the_edits_an_article_is_told_once_and_ends_where_the_last_rules_say(
    steps: list[tuple[str, set[int], int]],
    tmp_path: Path,
    sqlite_template: Path,
    noon: datetime,
    new_article: Make,
) -> None:
    path = tmp_path / "edits.db"
    path.write_bytes(sqlite_template.read_bytes())
    for left in tmp_path.glob("edits.db-*"):
        left.unlink()
    with open_store(f"sqlite:///{path}", now=lambda: noon) as store:
        store.digests.register(["desk"], noon - HOUR)
        take_in(store, new_article, range(5), noon, ("resolutions",))
        now, start, told, on = noon, noon - HOUR, [], set(range(5))
        for number, (what, chosen, batch) in enumerate(steps):
            now += HOUR
            if what == "read":
                on = chosen
                urls = {url(each) for each in on}
                rescore(
                    store,
                    now,
                    version=f"v{number}",
                    batch=batch,
                    on=partial(said_of, urls),
                )
            else:
                asked = StoryQuery("desk", start, now, ("resolutions",))
                stories = [*store.stories.between(asked), *store.stories.between(replace(asked, late=True))]
                ids = tuple(member.id for story in stories for member in story.members)
                assert store.digests.save(NewDigest(f"d{number}", "desk", start, now, ids), [], now)
                told += ids
                start = now
        assert len(told) == len(set(told))
        standing = {record.article.url for record in store.articles.export()}
        assert standing == {url(each) for each in on}
        # what stands and was not told yet is told by the next digest: nothing is lost between two edits
        asked = StoryQuery("desk", start, now + HOUR, ("resolutions",))
        stories = [*store.stories.between(asked), *store.stories.between(replace(asked, late=True))]
        last = {member.article.url for story in stories for member in story.members}
        told_urls = {record.article.url for record in store.articles.export() if record.id in set(told)}
        assert last == standing - told_urls


def test_an_archive_of_the_first_schema_is_taken_along_and_owed_to_the_rules_of_today(
    empty_url: str, noon: datetime, new_article: Make
) -> None:
    database = Database(empty_url)
    with database.writing() as connection:
        command.upgrade(alembic_config(connection), "0001")
        connection.execute(
            text("INSERT INTO upgrades (revision, applied_at) VALUES ('0001', '2023-11-01 00:00:00')")
        )
        connection.execute(
            text("INSERT INTO stories (id, first_seen_at) VALUES ('s1', '2023-11-01 00:00:00')")
        )
        old = {"i": 7, "key": b"k" * 16}
        connection.execute(
            text(
                "INSERT INTO articles (id, url_key, canonical_key, url, canonical_url, source_id, outlet, title, text,"
                " authors, language_origin, credits, partial, text_hash, signature, first_seen_at, story_id, role)"
                " VALUES (:i, :key, :key, 'https://a.example/1', 'https://a.example/1', 'a', 'A', 'Title', 'Text', '[]',"
                " 'none', '[]', false, :key, :key, '2023-11-01 00:00:00', 's1', 'first')"
            ),
            old,
        )
        connection.execute(
            text(
                "INSERT INTO matches (article_id, topic, score, evidence, pack_version, found_at)"
                " VALUES (7, 'resolutions', 0.7, '[]', 'pack-1', '2023-11-01 00:00:00')"
            )
        )
    database.close()
    with open_store(empty_url, now=lambda: noon) as store:
        (record,) = store.articles.export()
        assert [(one.topic, one.score, one.rules_changed_at) for one in record.matches] == [
            ("resolutions", 0.7, None)
        ]
        assert store.scorings.read_by(7) == ""
        assert [one.id for one in store.scorings.unread("pack-2", 10)] == [7]
        assert rescore(store, noon, on=lambda _url: (match(), match("other"))) == {
            Change.STANDS: 1,
            Change.FOUND: 1,
        }
