"""`tipwatch sources health` on a database with a made history."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.store import Store, open_store
from pipeline.store.source_states import SourceDay
from tipwatch.clock import utc_now

NOW = datetime.now(UTC)


@pytest.fixture
def history(tmp_path: Path):
    """Write rows of a table into the database of the folder, which is made when missing."""
    path = tmp_path / "watch.db"
    open_store(f"sqlite:///{path}", now=utc_now).close()

    def write(table: str, **row: object) -> None:
        marks = ", ".join("?" for _ in row)
        with sqlite3.connect(path) as connection:
            connection.execute(
                f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values())
            )
        connection.close()

    return write


def at(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(sep=" ")


def test_silence_is_seen_in_the_table_and_in_json(typed, history) -> None:
    history("sources", id="herald", name="The Herald", last_visit_at=at(NOW), last_success_at=at(NOW),
            last_new_at=at(NOW - timedelta(days=9)), failures=0, last_problem="", gaps=0)  # fmt: skip
    for days in range(30):
        new = 5 if days >= 9 else 0
        day = (NOW - timedelta(days=days)).date().isoformat()
        history("source_days", source_id="herald", day=day, visits=48, failures=0, found=960, new=new,
                pages=new, chars=3000 * new, blocked=0)  # fmt: skip
    history("feeds", source_id="herald", key=b"0" * 16, url="https://herald.example/rss", last_result="ok",
            last_result_at=at(NOW), entries=20, problem="", kind="feed", failures=0)  # fmt: skip
    code, out, err = typed("sources", "health")
    assert code == 0
    row = next(line for line in out.splitlines() if line.startswith("herald"))
    assert "silent" in row
    assert "nothing new for 9 days; it usually has something every day" in row
    assert "1 source, 1 with a problem" in err
    code, out, _ = typed("sources", "health", "--json", "--problems", "--fail-on-problems")
    told = json.loads(out)
    assert (code, told["states"]) == (1, {"silent": 1})
    source = told["sources"][0]
    assert (source["usual_per_day"], source["new_yesterday"], len(source["days"])) == (5.0, 0, 28)
    assert source["lists"][0]["url"] == "https://herald.example/rss"


def test_a_fresh_database_has_no_problem(typed) -> None:
    code, out, err = typed("sources", "health", "--fail-on-problems")
    assert code == 0
    assert "unvisited" in out
    assert "1 source, 0 with a problem" in err
    assert typed("sources", "health", "--problems")[1] == ""


def test_page_failures_are_told_with_their_reasons(typed, history) -> None:
    history("sources", id="herald", name="x", last_visit_at=at(NOW), failures=0, last_problem="", gaps=0)
    for number, (outcome, age) in enumerate([("failed", 0), ("failed", 1), ("kept", 0), ("failed", 30)]):
        history("pages", key=bytes([number]) * 16, url=f"https://herald.example/{number}", source_id="herald",
                outcome=outcome, detail="http: HTTP 404", tries=1, first_seen_at=at(NOW),
                decided_at=at(NOW - timedelta(days=age)), seen_elsewhere=0)  # fmt: skip
    _, out, _ = typed("sources", "health", "--json")
    assert json.loads(out)["sources"][0]["page_failures"] == {"http: HTTP 404": 2}


def test_what_a_crawl_writes_down_is_what_health_reads(newsroom, typed, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    feeds = f"{newsroom.url}/feed, {newsroom.url}/gone"
    entry = f"  - {{id: gazette, name: x, feeds: [{feeds}], manners: {{obey_robots: false}}}}\n"
    path.write_text(path.read_text().replace("  # a note", entry + "  # a note"))
    newsroom.answers[newsroom.story(3).removeprefix(newsroom.url)] = 404
    assert typed("crawl", "gazette")[0] == 3
    code, out, err = typed("sources", "health", "--json")
    gazette = next(one for one in json.loads(out)["sources"] if one["id"] == "gazette")
    assert (code, gazette["state"], gazette["new_today"]) == (0, "robots_ignored", 20), err
    assert gazette["last_success_at"]
    assert gazette["next_due_at"] > gazette["last_success_at"]
    assert sum(gazette["page_failures"].values()) == 1
    (day,) = gazette["days"]
    assert (day["visits"], day["new"], day["pages"]) == (1, 20, 19)
    assert day["chars"] > 19 * 300
    results = {one["url"].rpartition("/")[2]: one["result"] for one in gazette["lists"]}
    assert results == {"feed": "ok", "gone": "failed"}


def test_both_databases_remember_nothing_of_what_never_was(store: Store) -> None:
    assert store.source_states.remembered(NOW, 120, 7) == {}
    assert SourceDay(NOW.date()).new == 0
