from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from alerts.digest import Stage, Warning  # noqa: A004 - the word readers know
from pipeline.article import Article, Match, Precision, Published, Role
from pipeline.store import ArticleRecord, StoryRecord
from tipwatch.cli import app
from tipwatch.entries import Wording, entry_of

SEEN = datetime(2023, 11, 12, 6, 0, tzinfo=UTC)
COMMITTEE = "The Third Committee adopted by consensus a resolution on trafficking in persons."
BODY = "The General Assembly adopted without a vote a resolution on trafficking in persons."


def told(
    number: int, outlet: str, text: str, role: Role, topic: str = "trafficking-resolutions"
) -> ArticleRecord:
    article = Article(
        url=f"https://{outlet.lower()}.example/{number}",
        canonical_url=f"https://{outlet.lower()}.example/{number}",
        source_id=outlet.lower(),
        outlet=outlet,
        country=None,
        title="UN adopts resolution on trafficking in persons",
        text=text,
        published=Published(
            datetime(2023, 11, 11, number, 0, tzinfo=UTC), Precision.MINUTE, 0, "json-ld", "page", "printed"
        ),
        language="en",
    )
    return ArticleRecord(number, article, (Match(topic, 0.9, (), "1"),), "s1", role, SEEN)


def entry(*members: ArticleRecord, others: tuple[ArticleRecord, ...] = ()):
    wording = Wording(lambda clause: clause, lambda topic: topic, lambda _topic: ())
    return entry_of(StoryRecord("s1", SEEN, members, others), wording)


def test_an_entry_has_the_stage_and_warns_of_a_headline_that_claims_more() -> None:
    made = entry(told(1, "Gazette", COMMITTEE, Role.FIRST))
    assert (made.stage, made.warning) == (Stage.ADOPTED_COMMITTEE, Warning.COMMITTEE_ONLY)
    assert made.discrepancies == ()


def test_reports_that_tell_another_stage_are_listed_those_told_before_included() -> None:
    made = entry(
        told(1, "Gazette", COMMITTEE, Role.FIRST),
        told(2, "Courier", COMMITTEE, Role.REPORT),
        others=(told(3, "Herald", BODY, Role.REPORT),),
    )
    assert made.stage is Stage.ADOPTED_COMMITTEE
    (one,) = made.discrepancies
    assert one.said == (("adopted_committee", ("Gazette", "Courier")), ("adopted", ("Herald",)))


def test_a_reprint_tells_nothing_of_its_own() -> None:
    made = entry(
        told(1, "Gazette", BODY, Role.FIRST),
        told(2, "Courier", COMMITTEE, Role.REPRINT),
        told(3, "Herald", COMMITTEE, Role.REPRINT),
    )
    assert (made.stage, made.discrepancies) == (Stage.ADOPTED, ())


def test_an_article_on_another_topic_has_no_stage() -> None:
    made = entry(told(1, "Gazette", COMMITTEE, Role.FIRST, "trafficking-news"))
    assert (made.stage, made.warning) == (None, None)


@pytest.mark.parametrize(
    ("text", "stage", "warning"),
    [(COMMITTEE, "adopted_committee", "committee_only"), (BODY, "adopted", None)],
)
def test_classify_answers_the_facts_of_an_act(text: str, stage: str, warning: str | None) -> None:
    line = {"id": "1", "title": "UN adopts resolution on trafficking in persons", "text": text}
    done = CliRunner().invoke(app, ["classify", "--jsonl", "--pack", "builtin"], input=json.dumps(line))
    facts = json.loads(done.stdout)["facts"]
    assert (facts["stage"], facts["manner"], facts["votes"]) == (stage, "consensus", None)
    assert facts.get("warning") == warning
    assert all(text[e["start"] : e["end"]] == e["quote"] for e in facts["evidence"] if e["field"] == "text")


def test_classify_answers_no_facts_of_what_is_no_act() -> None:
    line = {
        "id": "1",
        "title": "Police free nine victims of human trafficking",
        "text": "They raided two farms.",
    }
    done = CliRunner().invoke(app, ["classify", "--jsonl", "--pack", "builtin"], input=json.dumps(line))
    assert json.loads(done.stdout)["facts"] == {}
