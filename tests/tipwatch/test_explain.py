"""Why an article is in a digest, or where its way ended: one test for each ending."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.page import Entry, FailureKind, FeedReport, FeedResult, RobotsCopy, VisitReport
from pipeline.article import Article, Outcome, OutcomeKind
from pipeline.rules import load_packs
from pipeline.store import Store, open_store
from pipeline.understand import understand_article
from tipwatch.cli import run
from tipwatch.config import load_config
from tipwatch.explaining import Desk, Explanation, explain_record, explain_url
from tipwatch.rounds.digesting import DigestOrder, digest_round

START = datetime(2026, 11, 12, 8, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
CONFIG = """\
database: sqlite:///watch.db
mail: {transport: folder, folder: mail/}
packs: [rules.yaml]
sources:
  - {id: gazette, name: Gazette, country: AZ, languages: [en], feeds: [https://gazette.example/rss, https://gazette.example/b]}
  - {id: herald, name: Herald, languages: [en], feeds: [https://herald.example/rss]}
subscriptions:
  - {id: desk, to: [desk@example.org], topics: [fruit], timezone: Europe/Minsk, digest: {at: "07:30"}}
  - {id: nordic, to: [n@example.org], topics: [fruit], languages: [fi, sv]}
  - {id: sure, to: [s@example.org], topics: [fruit], min_score: 0.95}
  - {id: fish-desk, to: [f@example.org], topics: [fish], instant: {min_score: 0.5}}
"""
RULES = """\
concepts:
  fruit: {label: fruit, patterns: {en: [apple*, pear*], de: [birne*]}}
  adopted: {label: an act, patterns: {en: [adopt*, sign*]}}
topics:
  fruit:
    title: Fruit policy
    query: "@fruit SENT @adopted"
    base: 0.4
    threshold: 0.6
    weights: [{query: "title:@fruit", points: 0.4}]
    veto: {a recipe: recipe}
  fish: {title: Fish, query: fish}
"""


class Walks:
    """A store with a clock set by hand, and explanations of what is in it."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.folder, self.store, self.now = folder, store, START
        self.config = load_config(folder / "config.yaml", {})
        self.pack = load_packs(self.config.packs)
        store.digests.register([one.id for one in self.config.subscriptions], START - MINUTE)

    def kept(
        self, number: int, title: str, text: str, *, language: str | None = "en", seen: bool = True
    ) -> str:
        url = f"https://gazette.example/news/{number}"
        article = Article(
            url, url, "gazette", "Gazette", "AZ", title, text, language=language, language_origin="declared"
        )
        if seen:
            self.store.pages.sight("gazette", [Entry(url)], self.now)
        self.store.articles.add(understand_article(article, self.pack), self.now)
        return url

    def ended(self, url: str, outcome: Outcome) -> str:
        self.store.pages.sight("gazette", [Entry(url)], self.now)
        self.store.pages.record(url, "gazette", outcome, self.now)
        return url

    def edited(self, rules: str) -> None:
        (self.folder / "rules.yaml").write_text(rules)
        self.pack = load_packs(self.config.packs)

    def round(self, **order: object) -> None:
        self.now += MINUTE
        digest_round(self.config, self.store, self.pack, DigestOrder(**order), lambda: self.now)  # type: ignore[arg-type]  # fields

    def of(self, url: str) -> Explanation:
        return explain_url(Desk(self.config, self.store, self.pack, self.now), url)


@pytest.fixture
def walks(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for variable in ("TIPWATCH_CONFIG", "TIPWATCH_DATABASE_URL"):
        monkeypatch.delenv(variable, raising=False)
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "rules.yaml").write_text(RULES)
    (tmp_path / "watch.db").write_bytes(sqlite_template.read_bytes())
    with open_store(f"sqlite:///{tmp_path / 'watch.db'}", now=lambda: START) as store:
        yield Walks(tmp_path, store)


def said(found: Explanation, station: str) -> str:
    return "\n".join(step.text for step in found.steps if step.station == station)


def test_a_site_of_no_source_is_named(walks: Walks) -> None:
    found = walks.of("https://nobody.example/2026/11/11/pears")
    assert said(found, "source") == "no configured source is on this site (nobody.example)"
    assert "add its outlet to `sources`" in found.advice


def test_a_source_never_visited_is_named(walks: Walks) -> None:
    found = walks.of("https://herald.example/pears")
    assert said(found, "feed") == "herald was never visited: `tipwatch crawl herald` does"
    assert found.advice.startswith("`tipwatch crawl herald` reads its feeds; ")


def test_a_source_whose_feeds_fail_is_to_be_mended_first(walks: Walks) -> None:
    gone = FeedReport(
        "https://herald.example/rss",
        FeedResult.FAILED,
        walks.now,
        why=FailureKind.HTTP,
        detail="HTTP 410",
        status=410,
    )
    walks.store.sources.close_visit(
        VisitReport(walks.config.sources[1], walks.now, walks.now, (gone,)), walks.now
    )
    found = walks.of("https://herald.example/pears")
    assert "HTTP 410" in said(found, "feed")
    assert "its feeds fail" in found.advice
    assert "may carry only some sections" not in found.advice


def test_a_matched_article_that_nobody_asks_for_is_told_by_adding_its_topic(walks: Walks) -> None:
    walks.edited(RULES + "  nuts: {title: Nuts, query: nuts}\n")
    found = walks.of(walks.kept(5, "Nuts", "Nuts are ripe."))
    assert said(found, "digest") == "no subscription asks for nuts"
    assert found.advice == "add nuts to the `topics` of a subscription in the configuration"


def test_nothing_in_a_title_reaches_the_terminal_but_signs(
    walks: Walks, capsys: pytest.CaptureFixture[str]
) -> None:
    (walks.folder / "page.txt").write_text("Pears \x1b[2J\u202eand more\nThey signed.\n")
    assert run(["explain", "page.txt"]) == 0
    shown = capsys.readouterr().out
    assert "Pears \ufffd[2J\ufffdand more" in shown
    assert "\x1b" not in shown


def test_a_url_that_no_feed_listed_names_its_source_its_feeds_and_what_looks_like_it(walks: Walks) -> None:
    walks.kept(12, "Pears", "Pears signed.")
    walks.kept(77, "Nuts", "Nuts.")
    feed = FeedReport("https://gazette.example/rss", FeedResult.OK, walks.now, 2)
    walks.store.sources.close_visit(
        VisitReport(walks.config.sources[0], walks.now, walks.now, (feed,)), walks.now
    )
    found = walks.of("https://gazette.example/news/13")
    assert said(found, "source") == "Gazette (gazette) is on this site"
    assert "none of its feeds (2) listed this URL" in said(found, "feed")
    assert "2 entries in https://gazette.example/rss" in said(found, "feed")
    assert "https://gazette.example/news/12" in said(found, "ledger")
    assert "`tipwatch crawl --url https://gazette.example/news/13`" in found.advice


def test_a_url_older_than_our_reading_is_before_our_window(walks: Walks) -> None:
    walks.kept(12, "Pears", "Pears signed.")
    walks.store.sources.close_visit(VisitReport(walks.config.sources[0], walks.now, walks.now), walks.now)
    found = walks.of("https://gazette.example/2026/10/01/pears")
    assert "of 2026-10-01, and we have read this source since 2026-11-12 only" in said(found, "window")
    assert said(walks.of("https://gazette.example/2026/11/30/pears"), "window") == ""


def test_what_robots_txt_would_forbid_is_said_of_a_url_never_seen(walks: Walks) -> None:
    rules = "User-agent: *\nDisallow: /private/"
    walks.store.robots.save(RobotsCopy("https://gazette.example", 200, rules, walks.now))
    found = walks.of("https://gazette.example/private/1")
    assert "robots.txt forbids it" in said(found, "robots")
    assert "ask the publisher" in found.advice
    assert said(walks.of("https://gazette.example/public/1"), "robots") == ""


@pytest.mark.parametrize(
    ("outcome", "says", "advice"),
    [
        (
            Outcome(OutcomeKind.ROBOTS, "robots.txt forbids it"),
            "robots: robots.txt forbids it",
            "ask the publisher",
        ),
        (Outcome(OutcomeKind.FAILED, "http: HTTP 404"), "failed: http: HTTP 404", "tries once more"),
        (Outcome(OutcomeKind.FAILED, "dns: no such name", passing=True), "failed: dns", "by the next crawl"),
        (
            Outcome(OutcomeKind.NOT_ARTICLE, "a list of links"),
            "not_article: a list of links",
            "tipwatch extract",
        ),
        (Outcome(OutcomeKind.EXTRACTION_EMPTY), "extraction_empty", "tipwatch extract"),
    ],
    ids=lambda value: str(getattr(value, "kind", "")),
)
def test_a_page_that_gave_no_article_says_why_and_what_to_do(
    walks: Walks, outcome: Outcome, says: str, advice: str
) -> None:
    found = walks.of(walks.ended("https://gazette.example/x", outcome))
    assert found.verdict == f"Its way ended at {says}." or found.verdict.startswith(
        f"Its way ended at {says}"
    )
    assert advice in found.advice
    if outcome.passing:
        assert "1 failed try so far; next try 2026-11-12 08:15 UTC" in said(found, "outcome")


def test_a_match_names_its_clauses_places_score_threshold_and_rules(walks: Walks) -> None:
    found = walks.of(
        walks.kept(1, "Apples win", "The council adopted a plan on apples on Friday. It rained.")
    )
    assert found.verdict == "It is on: Fruit policy."
    assert said(found, "rule fruit") == f"score 0.80, 0.60 needed; rules {walks.pack.version}"
    words = said(found, "")
    assert "fruit: “Apples” (title 0-6), “apples” (text 30-36)" in words
    assert "The council *adopted* a plan on *apples* on Friday." in words


def test_a_missing_clause_says_what_came_closest_and_which_words_would_do(walks: Walks) -> None:
    found = walks.of(walks.kept(1, "Apples", "Apples are red. The council adopted a plan."))
    assert "“Apples” and “adopted” are both there, but in no one sentence" in said(found, "rule fruit")
    found = walks.of(walks.kept(2, "Apples", "Apples are red."))
    assert "closest was Fruit policy" in found.advice
    assert "(such as “adopt*”, “sign*”)" in found.advice


def test_a_score_that_falls_short_says_by_how_much_and_what_would_lift_it(walks: Walks) -> None:
    found = walks.of(walks.kept(1, "Plan", "The council adopted a plan on apples."))
    assert said(found, "rule fruit") == "score 0.40, 0.60 needed; what counts: fruit in the title (+0.4)"
    assert found.advice == "it is 0.20 short of Fruit policy; what counts: fruit in the title (+0.4)"


def test_a_veto_is_named_with_its_words(walks: Walks) -> None:
    found = walks.of(walks.kept(1, "Apples", "She adopted a recipe of apples."))
    assert "veto “a recipe”: “recipe”" in said(found, "rule fruit")
    assert found.advice == "without the veto “a recipe” it would have been on Fruit policy"


def test_a_language_without_words_in_the_rules_is_said(walks: Walks) -> None:
    found = walks.of(walks.kept(1, "Omena", "Omenat ovat punaisia.", language="fi"))
    assert "fi (declared): the rules have no words in this language" in said(found, "language")
    assert said(walks.of(walks.kept(2, "?", "??", language=None)), "language") == "not recognised"


def test_a_duplicate_names_the_article_it_repeats(walks: Walks) -> None:
    walks.kept(1, "Apples win", "The council adopted a plan on apples.")
    found = walks.of(walks.kept(2, "Apples win", "The council adopted a plan on apples."))
    assert found.verdict == (
        "It is a duplicate (same text as https://gazette.example/news/1). It is on: Fruit policy."
    )


def test_every_subscription_says_whether_it_was_told_or_why_not(walks: Walks) -> None:
    url = walks.kept(1, "Apples win", "The council adopted a plan on apples.")
    assert "desk: waits for the next digest round, its first" in said(walks.of(url), "digest")
    walks.round()
    told = said(walks.of(url), "digest")
    assert "desk: told in digest" in told
    assert "sent to desk@example.org on 2026-11-12 08:01 UTC" in told
    assert "nordic: it wants fi, sv only; this is in en" in told
    assert "sure: it wants a score of 0.95 at least; this has 0.80" in told
    assert "fish-desk" not in told


def test_an_article_between_two_digests_says_which_one_it_waits_for(walks: Walks) -> None:
    walks.kept(1, "Apples win", "The council adopted a plan on apples.")
    walks.kept(2, "Fish", "Fish swim.")
    walks.round()
    fruit = walks.of(walks.kept(3, "Pears win", "The council signed a plan on pears."))
    fish = walks.of(walks.kept(4, "A fish", "More fish."))
    assert "desk: waits for the digest due Fri 13 Nov 2026 07:30 (Europe/Minsk)" in said(fruit, "digest")
    assert ", or sooner by instant mail" in said(fish, "digest")


def test_a_topic_nobody_subscribes_to_is_said(walks: Walks) -> None:
    walks.edited(RULES + "  nuts: {title: Nuts, query: nut*}\n")
    found = walks.of(walks.kept(1, "Nuts", "Nuts."))
    assert said(found, "digest") == "no subscription asks for nuts"


def test_an_article_from_before_a_subscription_is_said_to_be(walks: Walks) -> None:
    url = walks.kept(1, "Apples win", "The council adopted a plan on apples.")
    (walks.folder / "config.yaml").write_text(
        CONFIG + "  - {id: young, to: [y@example.org], topics: [fruit]}\n"
    )
    walks.config = load_config(walks.folder / "config.yaml", {})
    walks.store.digests.register(["young"], START + DAY)
    assert "young: it came in before this subscription began" in said(walks.of(url), "digest")


def test_found_late_and_withdrawn_are_said_with_the_rules_that_did_it(walks: Walks) -> None:
    url = walks.kept(1, "Plan", "The council adopted a plan on apples.")
    before = walks.pack.version
    walks.edited(RULES.replace("threshold: 0.6", "threshold: 0.3"))
    assert f"read last by rules {before}" in said(walks.of(url), "kept")
    walks.round(subscription_ids=("fish-desk",))
    found = walks.of(url)
    assert "fruit: found late on 2026-11-12, by the rules that changed on 2026-11-12" in said(found, "kept")
    assert "in its section of what is found late" in said(found, "digest")
    walks.edited(RULES)
    walks.round(subscription_ids=("fish-desk",))
    found = walks.of(url)
    assert f"withdrawn on 2026-11-12 by rules {before}" in said(found, "kept")
    assert said(found, "digest") == ""


def test_an_imported_article_has_no_ledger_of_a_feed(walks: Walks) -> None:
    url = walks.kept(1, "Apples win", "The council adopted a plan on apples.", seen=False)
    record = walks.store.articles.find(url)
    assert record is not None
    desk = Desk(walks.config, walks.store, walks.pack, walks.now)
    assert explain_record(desk, "1", record).verdict == "It is on: Fruit policy."


def test_json_holds_evidence_what_lacks_and_what_is_kept(
    walks: Walks, capsys: pytest.CaptureFixture[str]
) -> None:
    url = walks.kept(1, "Apples win", "The council adopted a plan on apples.")
    assert run(["explain", url, "--json"]) == 0
    given = json.loads(capsys.readouterr().out)
    (topic,) = given["topics"]
    assert topic["pack_version"] == walks.pack.version
    assert {"clause", "field", "start", "end", "quote"} == set(topic["evidence"][0])
    assert [(one["topic"], one["found_late"], one["withdrawn_at"]) for one in given["kept"]] == [
        ("fruit", False, None)
    ]
    assert {lack["topic"] for lack in given["lacking"]} == {"fruit", "fish"}


def test_a_miss_is_filed_listed_and_tested_until_the_rules_find_it(
    walks: Walks, capsys: pytest.CaptureFixture[str]
) -> None:
    url = walks.kept(1, "Plums", "The council adopted a plan on plums.")
    assert run(["explain", url, "--file-miss", "--topic", "fruit", "--note", "plums count"]) == 0
    assert "Filed in" in capsys.readouterr().out
    assert run(["rules", "test"]) == 1
    out = capsys.readouterr().out
    assert (
        "missed by fruit, still wrong (missing fruit in one sentence with an act: “adopted” is there, fruit is not)"
        in out
    )
    assert "1 filed miss: 1 still wrong" in out
    walks.edited(RULES.replace("pear*]", "pear*, plum*]"))
    assert run(["rules", "test", "--misses"]) == 0
    assert "1 filed miss: 0 still wrong" in capsys.readouterr().out
    assert run(["rules", "misses", "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    given = json.loads(line)
    assert (given["note"], given["passes"], given["verdict"]) == ("plums count", True, "It is on no topic.")
    assert any("missing:" in step for step in given["way"])


def test_a_false_alarm_is_filed_the_same_way(walks: Walks, capsys: pytest.CaptureFixture[str]) -> None:
    url = walks.kept(1, "Apples win", "The council adopted a plan on apples.")
    assert run(["explain", url, "--file-miss", "--not"]) == 0
    assert run(["rules", "test", "--misses"]) == 1
    assert "false alarm of fruit, still wrong (it is on the topic, with 0.8" in capsys.readouterr().out


def test_a_miss_that_was_never_seen_is_tested_once_it_is_read(
    walks: Walks, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "https://gazette.example/news/9"
    assert run(["explain", url, "--file-miss", "--topic", "fruit"]) == 0
    assert run(["rules", "test", "--misses"]) == 0
    assert "1 filed miss: 0 still wrong, 1 never read" in capsys.readouterr().out
    walks.kept(9, "Plums", "The council adopted a plan on plums.")
    assert run(["rules", "test", "--misses"]) == 1
    assert "missed by fruit, still wrong" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--file-miss"], "say which topic with --topic: fruit, fish"),
        (["--file-miss", "--topic", "nonsense"], "no rule pack has the topic nonsense"),
        (
            ["--file-miss", "--topic", "fruit"],
            "it is on fruit by the rules of today: there is nothing to file",
        ),
        (["--file-miss", "--not", "--topic", "fish"], "it is not on fish by the rules of today"),
        (["--topic", "fish"], "--not, --topic and --note go with --file-miss"),
    ],
)
def test_a_filing_that_makes_no_sense_is_refused(
    walks: Walks, capsys: pytest.CaptureFixture[str], options: list[str], says: str
) -> None:
    url = walks.kept(1, "Apples win", "The council adopted a plan on apples.")
    if options == ["--file-miss"]:
        url = walks.kept(2, "Nothing", "Nothing at all.")
    assert run(["explain", url, *options]) == 2
    assert says in capsys.readouterr().err
    assert not (walks.folder / "missed-coverage.jsonl").exists()
