"""The rule lab on an archive: queries tried, forecasts, the diff of an edit, and the missed-coverage log."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.article import Article, Match, Precision, Published, Role
from pipeline.rules import RulePack, RuleText, lab, load_packs
from pipeline.store import ArticleRecord
from tipwatch.config import Config, load_config
from tipwatch.errors import PlacedError
from tipwatch.lab.backtest import Backtest, backtest
from tipwatch.lab.forecast import Found, Noise, Period
from tipwatch.lab.misses import Miss, file_miss, filed_text, read_misses, try_again
from tipwatch.lab.trial import try_out

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def record(
    number: int,
    title: str,
    seen: datetime = MONDAY,
    published: datetime | None = None,
    *,
    story: str = "",
    outlet: str = "Paper",
    matches: tuple[Match, ...] = (),
) -> ArticleRecord:
    when = published and Published(published, Precision.MINUTE, 0, "feed", "page", "printed")
    address = f"https://paper.example/{number}"
    article = Article(
        address, address, "paper", outlet, None, title, f"{title}.", published=when, language="en"
    )
    return ArticleRecord(number, article, matches, story or f"s{number}", Role.FIRST, seen)


def pack_of(folder: Path, name: str, topics: str) -> RulePack:
    path = folder / name
    path.write_text("concepts:\n  fruit: {label: fruit, patterns: {en: [apple*, pear*]}}\ntopics:\n" + topics)
    return load_packs([str(path)])


@pytest.fixture
def quiet_config(tmp_path: Path) -> Config:
    (tmp_path / "config.yaml").write_text("database: sqlite:///x.db\n")
    return load_config(tmp_path / "config.yaml", {})


def noise_of(records: list[ArticleRecord], matched: str = "pear") -> Noise:
    period, found = Period(), Found()
    for one in records:
        period.add(one)
        if matched in one.article.title:
            found.add(one)
    return found.noise(period)


def test_an_archive_that_grew_is_counted_by_arrival_without_the_backlog_of_its_first_day() -> None:
    backlog = [record(number, "pear", MONDAY) for number in range(40)]
    daily = [record(100 + day, "pear", MONDAY + (1 + day) * DAY) for day in range(14)]
    noise = noise_of([*backlog, *daily])
    assert noise.by_arrival
    assert (noise.articles, noise.counted, noise.days) == (54, 14, 14)
    assert noise.articles_a_week == 7
    assert [number for _, number in noise.weeks] == [6, 7, 1]


def test_a_young_archive_is_counted_by_the_articles_own_dates_and_old_ones_do_not_count() -> None:
    old = record(1, "pear", MONDAY, MONDAY - 3000 * DAY)
    recent = [record(10 + day, "pear", MONDAY, MONDAY - day * DAY) for day in range(10)]
    others = [record(50, "nuts", MONDAY, MONDAY - 13 * DAY)]
    noise = noise_of([old, *recent, *others])
    assert not noise.by_arrival
    assert (noise.articles, noise.counted, noise.days) == (11, 10, 14)
    assert noise.articles_a_week == 5


def test_entries_are_stories_a_day_and_not_articles() -> None:
    copies = [record(number, "pear", MONDAY, MONDAY - DAY, story="one") for number in range(6)]
    others = [record(9 + day, "nuts", MONDAY, MONDAY - day * DAY) for day in (0, 6)]
    noise = noise_of([*copies, *others])
    assert (noise.articles_a_week, noise.entries_a_week) == (6, 1)


def test_an_archive_of_old_articles_is_counted_from_its_newest_date() -> None:
    years_ago = [record(number, "pear", MONDAY, MONDAY - (2000 + number) * DAY) for number in range(14)]
    assert (noise_of(years_ago).days, noise_of(years_ago).articles_a_week) == (14, 7)


def test_without_any_date_nothing_is_forecast() -> None:
    assert noise_of([record(1, "pear")]).articles_a_week is None
    assert noise_of([]).days == 0


def test_a_query_shows_the_newest_it_finds_and_reads_one_article_at_a_time(
    quiet_config: Config, tmp_path: Path
) -> None:
    pack = lab.query_pack(pack_of(tmp_path, "a.yaml", "  t: {title: T, query: '@fruit'}\n"), "@fruit")
    alive = 0

    def stream() -> Iterator[ArticleRecord]:
        nonlocal alive
        for number in range(500):
            alive = number
            yield record(number, "apple pie" if number % 2 else "nuts", MONDAY + number * timedelta(hours=1))

    seen: list[int] = []
    trial = try_out(quiet_config, pack, stream(), 3, lambda read: seen.append(read - alive))
    assert (trial.read, trial.noise.articles) == (500, 250)
    assert [sample.record.id for sample in trial.newest] == [499, 497, 495]
    assert set(seen) == {1}, "each is read before the next is fetched"
    assert [hit.quote for hit in trial.newest[0].match.evidence] == ["apple", "apple"]


def diff(config: Config, old: RulePack | None, new: RulePack, *records: ArticleRecord) -> Backtest:
    return backtest(config, old, new, records)


def test_the_diff_of_an_edit_names_what_it_adds_and_drops_and_what_decided(
    quiet_config: Config, tmp_path: Path
) -> None:
    old = pack_of(tmp_path, "old.yaml", "  t: {title: T, query: apple AND pie}\n")
    new = pack_of(tmp_path, "new.yaml", "  t: {title: T, query: '@fruit', veto: {a joke: joke}}\n")
    found = diff(
        quiet_config,
        old,
        new,
        record(1, "apple pie"),
        record(2, "pear"),
        record(3, "apple pie joke"),
        record(4, "nuts"),
    )
    topic = found.topics["t"]
    assert (topic.stays, topic.adds, topic.drops) == (1, 1, 1)
    (added,), (dropped,) = topic.added, topic.dropped
    assert (added.id, added.found, added.lacking) == (2, ("fruit “pear”",), "nothing in it was found")
    assert (dropped.id, dropped.lacking) == (3, "vetoed by a joke")
    assert (found.old, found.new, found.changes) == (old.version, new.version, 2)


def test_without_an_old_pack_the_diff_is_against_what_was_kept(quiet_config: Config, tmp_path: Path) -> None:
    new = pack_of(tmp_path, "new.yaml", "  t: {title: T, query: pear}\n")
    kept = record(1, "apple", matches=(Match("t", 0.7, (), "v1"),))
    found = diff(quiet_config, None, new, kept, record(2, "pear"))
    assert [(shift.id, shift.score) for shift in found.topics["t"].dropped] == [(1, 0.7)]
    assert [shift.id for shift in found.topics["t"].added] == [2]


def test_topics_that_an_edit_removes_or_yields_to_others_are_said_to(
    quiet_config: Config, tmp_path: Path
) -> None:
    old = pack_of(tmp_path, "old.yaml", "  t: {title: T, query: pear}\n  gone: {title: G, query: pear}\n")
    new = pack_of(
        tmp_path, "new.yaml", "  t: {title: T, query: pear, unless: [u]}\n  u: {title: U, query: pear}\n"
    )
    found = diff(quiet_config, old, new, record(1, "pear"))
    assert found.topics["gone"].dropped[0].lacking == "there is no such topic"
    assert found.topics["t"].dropped[0].lacking == "u goes first"
    assert found.topics["u"].added[0].lacking == "there is no such topic"


def miss(**changes: object) -> Miss:
    values: dict[str, object] = {
        "topic": "t",
        "wanted": True,
        "url": "https://paper.example/1",
        "title": "Pear harvest",
        "text": "Näher am Obst.\u2028 Yes.",
        "language": "en",
        "outlet": "Paper",
        "source": "paper",
        "country": None,
        "note": "",
        "filed_at": "2026-11-12T09:00:00+00:00",
        "filed_by": "ann",
        "pack_version": "v1",
        "verdict": "It is on no topic.",
        "way": ("feed: first seen",),
    }
    return Miss(**(values | changes))  # type: ignore[arg-type]  # fields


def test_a_filed_miss_comes_back_as_it_was_and_a_torn_line_costs_only_itself(tmp_path: Path) -> None:
    log = tmp_path / "missed.jsonl"
    file_miss(log, miss())
    with log.open("ab") as torn:
        torn.write(b'{"topic": "t", "wan')
    file_miss(log, miss(wanted=False, note="ein Fehlalarm"))
    with log.open("ab") as torn:
        torn.write(b'[1]\n{"topic": 5}\n\xff\n')
    problems: list[str] = []
    assert list(read_misses(log, problems)) == [miss(), miss(wanted=False, note="ein Fehlalarm")]
    assert len(problems) == 4
    assert problems[0].startswith(f"{log}:2: not a miss")


def file_many(path: str, name: str) -> None:
    for number in range(30):
        file_miss(Path(path), miss(filed_by=name, note=f"{number} " + "x" * 5000))


def test_two_people_who_file_at_once_lose_nothing(tmp_path: Path) -> None:
    log = tmp_path / "missed.jsonl"
    people = [
        multiprocessing.get_context("spawn").Process(target=file_many, args=(str(log), name)) for name in "ab"
    ]
    for one in people:
        one.start()
    for one in people:
        one.join()
    problems: list[str] = []
    assert len(list(read_misses(log, problems))) == 60
    assert problems == []


def test_no_log_is_no_misses_and_a_log_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    assert list(read_misses(tmp_path / "none.jsonl", [])) == []
    with pytest.raises(PlacedError, match="cannot be read"):
        list(read_misses(tmp_path, []))
    with pytest.raises(PlacedError, match="cannot be written"):
        file_miss(tmp_path, miss())


@pytest.mark.parametrize(
    ("query", "wanted", "passes", "why"),
    [
        ("pear", True, True, ""),
        ("plum OR kiwi", True, False, "missing plum or kiwi: not found"),
        ("plum AND harvest", True, False, "missing plum: not found"),
        ("pear", False, False, "it is on the topic, with 1: “Pear”"),
        ("plum", False, True, ""),
    ],
)
def test_a_miss_is_asked_again_by_the_rules_of_today(
    tmp_path: Path, query: str, wanted: bool, passes: bool, why: str
) -> None:
    pack = pack_of(tmp_path, "a.yaml", f"  t: {{title: T, query: {query}}}\n")
    again = try_again(pack, miss(wanted=wanted), None)
    assert (again.passes, again.why) == (passes, why)


def test_a_miss_that_was_never_read_waits_for_its_text(tmp_path: Path) -> None:
    pack = pack_of(tmp_path, "a.yaml", "  t: {title: T, query: pear}\n")
    unread = miss(title="", text="")
    assert filed_text(unread) is None
    assert try_again(pack, unread, None).passes is None
    assert try_again(pack, unread, RuleText(title="A pear", text="")).passes is True
    assert try_again(pack, miss(topic="gone"), None).why == "no rule pack has the topic gone"


def test_the_log_is_plain_json_lines_that_an_editor_can_read(tmp_path: Path) -> None:
    log = tmp_path / "missed.jsonl"
    file_miss(log, miss(title="Груша"))
    (line,) = log.read_text(encoding="utf-8").split("\n")[:-1]
    assert json.loads(line)["title"] == "Груша"
    assert "Груша" in line
