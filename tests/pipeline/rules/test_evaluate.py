"""What queries mean."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from pipeline.article import Classification
from pipeline.rules import RulePack, RuleText, classify

Ask = Callable[..., Classification]

TEXT = "The committee adopted a resolution. It fights trafficking in persons.\nAnother paragraph names Minsk."


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("committee AND minsk", True),
        ("committee AND vienna", False),
        ("vienna OR minsk", True),
        ("committee AND NOT minsk", False),
        ("adopted SENT resolution", True),
        ("adopted SENT trafficking", False),
        ("adopted PARA trafficking", True),
        ("adopted PARA minsk", False),
        ("adopted NEAR/1 resolution", True),
        ("adopted NEAR/0 resolution", False),
        ("resolution ONEAR/5 adopted", False),
        ("adopted ONEAR/5 resolution", True),
        ("adopted NOT SENT trafficking", True),
        ("adopted NOT SENT resolution", False),
        ("adopted NOT NEAR/1 resolution", False),
        ("ATLEAST/2 (adopted OR resolution)", True),
        ("ATLEAST/2 adopted", False),
        ("title:adopted", False),
        ("title:headline", True),
        ("body:headline", False),
        ("top:(headline AND adopted)", True),
        ("lead:adopted AND NOT lead:headline", True),
        ("title:(lead:committee)", False),
        ("top:(body:committee)", True),
        ("body:(top:headline)", False),
        ("headline NEAR/5 committee", False),
        ("headline SENT committee", False),
        ("url:minsk-news", True),
        ("news AND minsk", False),
        ("lang:en AND minsk", True),
        ("lang:(fr OR EN) AND minsk", True),
        ("country:BY AND source:desk AND tier:1 AND minsk", True),
        ("country:AZ AND minsk", False),
        ('"trafficking in persons"', True),
        ("traff*", True),
        ("=minsk", False),
        ("=Minsk", True),
    ],
)
def test_operators_mean_what_the_guide_says(answer: Ask, query: str, *, holds: bool) -> None:
    found = answer(
        query,
        TEXT,
        title="A headline",
        url="https://x.example/minsk-news/1",
        language="en",
        country="BY",
        source="desk",
        tier=1,
    )
    assert bool(found.matches) is holds


def test_evidence_names_only_what_made_the_query_hold(answer: Ask) -> None:
    found = answer("(adopted SENT resolution) OR (minsk SENT vienna)", TEXT)
    assert [each.quote for each in found.matches[0].evidence] == ["adopted", "resolution"]


def test_proximity_chains_hold_within_one_sentence(answer: Ask) -> None:
    assert answer("committee SENT adopted SENT resolution", TEXT).matches
    assert not answer("committee SENT adopted SENT trafficking", TEXT).matches


def test_the_same_words_are_not_near_themselves(answer: Ask) -> None:
    assert not answer('resolution NEAR/5 "resolution"', "One resolution only.").matches
    assert answer('resolution NEAR/5 "resolution"', "A resolution on a resolution.").matches


@pytest.mark.parametrize(
    ("query", "text", "holds"),
    [
        ("人口贩卖 SENT 人口贩卖法", "通过人口贩卖法", True),
        ("人口贩卖 NEAR/0 贩卖法", "通过人口贩卖法", True),
        ("人口贩卖 PARA 人口贩卖", "通过人口贩卖法", False),
        ("人口贩卖 ONEAR/5 贩卖法", "通过人口贩卖法", False),
        ('trafficking SENT "trafficking law"', "The trafficking law passed.", True),
        ("law SENT law*", "The law passed.", False),
        ("menschenhandel* SENT *gesetz", "Das Menschenhandelsgesetz gilt.", False),
        ('trafficking NOT SENT "trafficking law"', "The trafficking law passed.", True),
        ('ATLEAST/2 ("peace treaty" OR "treaty law")', "On peace treaty law.", False),
        ('ATLEAST/2 ("peace treaty" OR "treaty law")', "On peace treaty law, treaty law.", True),
        ("ATLEAST/2 (人口贩卖 OR 贩卖法)", "人口贩卖法", False),
    ],
)
def test_what_overlaps_is_joined_and_counts_once(answer: Ask, query: str, text: str, *, holds: bool) -> None:
    assert bool(answer(query, text).matches) is holds


def test_a_concept_with_a_query_can_stand_in_proximity(rules_from: Callable[[str], RulePack]) -> None:
    pack = rules_from(
        "concepts:\n"
        "  pair: {label: a pair, query: 'left NEAR/2 right'}\n"
        "topics:\n  it: {title: It, query: '@pair SENT here'}\n"
    )
    assert classify(pack, RuleText("", "here left and right")).matches
    assert not classify(pack, RuleText("", "here. Left and right")).matches


@pytest.mark.parametrize(
    "text",
    [
        "trafficking in persons resolution adopted " * 5000,
        "İ\u0301" * 100_000,
        "贩运人口决议通过" * 20_000,
        "الاتجار" * 50_000,
        "a.B " * 80_000,
        "trafficking " * 30_000,
    ],
)
def test_a_hostile_text_costs_little(builtin_rules: RulePack, text: str) -> None:
    began = time.process_time()
    classify(builtin_rules, RuleText(title=text[:5000], text=text))
    assert (
        time.process_time() - began < 5
    )  # a generous ceiling: a shared machine measured less than a tenth of it


def test_what_a_text_without_end_leaves_out_is_said(answer: Ask) -> None:
    assert answer("treaty SENT law", "A treaty is a law. " * 200).cut == ()
    found = answer("treaty SENT law", "A treaty is a law. " * 2000)
    assert found.matches
    assert "the first 300 count" in found.cut[0]
    many = " OR ".join(f"(a1a NEAR/{reach} b2b)" for reach in range(60))
    assert "neighbours" in answer(many, "a1a b2b " * 250).cut[0]


def test_what_stands_too_near_does_not_hide_what_stands_right(rules_from: Callable[[str], RulePack]) -> None:
    pack = rules_from('topics:\n  it: {title: It, query: \'"new law" ONEAR/5 "law*"\'}\n')
    assert classify(pack, RuleText("", "the new law on lawyers")).matches
    assert not classify(pack, RuleText("", "the new law")).matches
