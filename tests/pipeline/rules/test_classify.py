"""Matches, vetoes and near misses, with evidence that quotes the text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.rules import RulePack, RuleText, classify

WORDS = [
    *(
        "İnsan alverinə",
        "INSAN ALVERİ",
        "qətnamə",
        "qəbul edilib",
        "Ре\u0301золюция",
        "приня\u0301та",
        "торговлей людьми",
    ),
    *(
        "гандлем людзьмi",
        "рэзалюцыя прынята",
        "الاتجـــار بالأشــخاص",
        "والاتجار بالبشر",
        "اعتمدت",
        "قرارا",
        "販運人口",
    ),
    *(
        "贩运人口",
        "通過決議",
        "ＵＮ",
        "resolution",
        "adopted",
        "trafficking in persons",
        "Straße",
        "Menschenhandel",
    ),
    *(
        "verabschiedet",
        "traite d’êtres humains",
        "adoptée",
        "résolution",
        ".",
        "\n",
        "½",
        "\u200d",
        "\ufb01ght",
    ),
    *("drug trafficking", "se trata de personas"),
]
TEXTS = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=5)), max_size=25).map(" ".join)

PACK = """
concepts:
  fish: {label: fish, patterns: {en: [cod, herring]}}
  rule: {label: a rule, patterns: {en: [law, quota*]}}
topics:
  fishing:
    title: Fishing rules
    query: "@fish AND @rule"
    base: 0.4
    weights:
      - {query: "title:@fish", points: 0.5}
    veto:
      cooking: "recipe OR oven"
  other-fish:
    title: Other fish
    query: "@fish"
    unless: [fishing]
"""


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS)
def test_evidence_quotes_the_text_exactly(builtin_rules: RulePack, title: str, text: str) -> None:
    found = classify(builtin_rules, RuleText(title=title, text=text))
    fields = {"title": title, "text": text}
    for one in (*found.matches, *found.vetoes):
        for each in one.evidence:
            assert each.quote
            assert fields[each.field][each.start : each.end] == each.quote


@pytest.fixture
def fishing(rules_from: Callable[[str], RulePack]) -> RulePack:
    return rules_from(PACK)


def test_weights_raise_the_score_over_the_threshold(fishing: RulePack) -> None:
    (match,) = classify(fishing, RuleText("Cod quota cut", "The law is new.")).matches
    assert (match.topic, match.score, match.pack_version) == ("fishing", 0.9, fishing.version)
    assert [(each.clause, each.field, each.quote) for each in match.evidence] == [
        ("@fish", "title", "Cod"),
        ("@rule", "title", "quota"),
        ("@rule", "text", "law"),
    ]


def test_a_score_below_the_threshold_is_a_near_miss_in_words(fishing: RulePack) -> None:
    found = classify(fishing, RuleText("News", "A law on cod."), near_misses=True)
    assert [match.topic for match in found.matches] == ["other-fish"]
    (miss,) = found.near_misses
    because = ("a score of 0.5 (it is 0.4)", "fish in the title (+0.5)")
    assert (miss.topic, miss.satisfied, miss.missing) == (
        "fishing",
        ("fish", "a rule"),
        because,
    )


def test_a_missing_clause_is_named(fishing: RulePack) -> None:
    miss = classify(fishing, RuleText("News", "Cod again."), near_misses=True).near_misses[0]
    assert (miss.satisfied, miss.missing) == (("fish",), ("a rule",))


def test_near_misses_are_told_to_those_who_ask(fishing: RulePack) -> None:
    text = RuleText("Cod quota", "A recipe for the oven: a law on cod.")
    asked, plain = classify(fishing, text, near_misses=True), classify(fishing, text)
    assert [miss.topic for miss in asked.near_misses] == ["fishing"]
    assert plain == replace(asked, near_misses=())


def test_a_veto_is_named_with_its_words(fishing: RulePack) -> None:
    found = classify(fishing, RuleText("Cod quota", "A recipe for the oven."))
    assert "fishing" not in {match.topic for match in found.matches}
    (veto,) = found.vetoes
    assert (veto.name, veto.topic) == ("cooking", "fishing")
    assert [each.quote for each in veto.evidence] == ["recipe", "oven"]


def test_a_topic_yields_to_another(fishing: RulePack) -> None:
    assert [match.topic for match in classify(fishing, RuleText("Cod", "quota")).matches] == ["fishing"]


def test_a_text_without_a_word_of_the_rules_says_nothing(fishing: RulePack) -> None:
    found = classify(fishing, RuleText("", ""), near_misses=True)
    assert (found.matches, found.vetoes, found.near_misses) == ((), (), ())
    assert found.pack_version == fishing.version
