"""What loads but cannot be meant, and what a text lacks to be on a topic."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.rules import RuleError, RulePack, RuleText, classify, lab, load_packs
from pipeline.rules.lacking import Lack, lacking

CONCEPTS = """
concepts:
  fish:
    label: fish
    patterns: {en: [fish, herring*], de: [fisch*]}
    except: {en: [fish and chips]}
  vote: {label: a vote, patterns: {en: [adopt*, vote], de: [angenommen]}}
  decided: {label: decided, query: "@fish SENT @vote"}
"""


def pack_of(folder: Path, text: str) -> RulePack:
    path = folder / "rules.yaml"
    path.write_text(text)
    return load_packs([str(path)])


def linted(folder: Path, patterns: str, *, hints: bool = False) -> list[str]:
    pack = pack_of(
        folder,
        f"concepts:\n  a: {{label: a, patterns: {patterns}, except: {{en: [river bank]}}}}\n"
        'topics:\n  t: {title: T, query: "@a"}\n',
    )
    return [each.what for each in lab.lint(pack, hints=hints)]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("fish AND and", ["and"]),
        ("fish NEAR/2 Or", ["Or"]),
        ("fish OR (not SENT boat)", ["not"]),
        ('fish AND NOT ("and" OR boat)', []),
        ("fish AND nothing", []),
    ],
)
def test_an_operator_in_small_letters_is_named_where_it_is_read_as_a_word(
    tmp_path: Path, query: str, words: list[str]
) -> None:
    pack = pack_of(tmp_path, f"topics:\n  t:\n    title: T\n    query: '{query}'\n")
    found = [each for each in lab.lint(pack) if "looked for as a word" in each.what]
    assert [each.what.split("'")[1] for each in found] == words
    assert [(each.spot.line, each.serious) for each in found] == [(4, False)] * len(words)


@pytest.mark.parametrize(
    ("patterns", "says"),
    [
        ("{en: [river bank]}", "can never match: an exception takes away"),
        ("{en: [the]}", "stands in almost every text"),
        ("{en: [un]}", "is a word of 2 letters and will mean other things too: an abbreviation is =UN"),
        ("{ru: [тор*]}", "begins words of any meaning: give at least 4 letters before the star"),
        ("{zh: [贩]}", "is one Chinese character"),
        ("{en: [bank, bank]}", "'bank' is given 2 times under en"),
    ],
)
def test_a_pattern_that_cannot_be_meant_is_named(tmp_path: Path, patterns: str, says: str) -> None:
    (what,) = linted(tmp_path, patterns)
    assert says in what


@pytest.mark.parametrize(
    "patterns",
    [
        "{en: [bank, =UN, credit*, bank of the river]}",
        "{ru: [торг*, 'торговл* людьми', 'купл*-продаж*'], ar: [نص, 'طرح*'], zh: [贩运], de: ['nahm * an']}",
        "{az: ['İnsan alveri*'], be: ['ўхвал*'], fr: [\"l'accord\"]}",
    ],
)
def test_patterns_that_can_be_meant_are_left_alone(tmp_path: Path, patterns: str) -> None:
    assert linted(tmp_path, patterns) == []


def test_a_pattern_that_a_shorter_one_finds_is_a_hint(tmp_path: Path) -> None:
    assert linted(tmp_path, "{en: [treat*, treaty, treaties]}") == []
    (what,) = linted(tmp_path, "{en: [treat*, treaty, treaties]}", hints=True)
    assert what == "@a: shorter patterns find these already: treaty (treat*), treaties (treat*)"


def test_a_concept_that_only_unreached_concepts_use_is_unreached_too(tmp_path: Path) -> None:
    pack = pack_of(
        tmp_path,
        'concepts:\n  a: {label: a, patterns: {en: [apple]}}\n  b: {label: b, query: "@a"}\n  c: {label: c, query: "@b"}\n'
        "topics:\n  t: {title: T, query: pear}\n",
    )
    assert [each.what for each in lab.lint(pack)] == [f"@{n} is used by no query of a topic" for n in "abc"]


def test_a_query_is_tried_with_the_concepts_it_names_and_no_others(tmp_path: Path) -> None:
    pack = pack_of(tmp_path, CONCEPTS + "topics:\n  t: {title: T, query: '@fish'}\n")
    tried = lab.query_pack(pack, "@decided OR squid")
    assert set(tried.concepts) == {"@fish", "@vote", "@decided"}
    assert set(lab.query_pack(pack, "@vote").concepts) == {"@vote"}
    (match,) = classify(tried, RuleText(title="Herrings adopted", text="")).matches
    assert (match.topic, match.score) == (lab.TRIED, 1.0)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("@fsih", "query:1:1: @fsih is not defined; did you mean @fish?"),
        ("fish vote", "query:1:6: an operator is missing before 'vote'"),
        ("fish AND\n(", "query:2:"),
        ("NOT fish", "query:1:1: nothing here has to be found"),
        ("", "query:1:1: the query is empty"),
    ],
)
def test_a_query_that_is_wrong_is_shown_with_its_place(tmp_path: Path, query: str, says: str) -> None:
    pack = pack_of(tmp_path, CONCEPTS + "topics:\n  t: {title: T, query: '@fish'}\n")
    with pytest.raises(RuleError) as raised:
        lab.query_pack(pack, query)
    assert says in str(raised.value)


def test_a_label_may_be_any_topic_or_none(tmp_path: Path) -> None:
    pack = pack_of(
        tmp_path, CONCEPTS + "topics:\n  t: {title: T, query: '@fish'}\n  u: {title: U, query: squid}\n"
    )
    texts = [
        lab.LabelledText("1", RuleText(title="", text="fish and squid", language="en"), ("u",)),
        lab.LabelledText("2", RuleText(title="", text="nothing", language="en"), ("t",)),
        lab.LabelledText("3", RuleText(title="", text="fish", language="de"), (lab.NO_TOPIC,)),
        lab.LabelledText("4", RuleText(title="", text="nothing", language="de"), (lab.NO_TOPIC,)),
    ]
    measures = lab.measure(pack, texts)
    assert [(each.id, each.wanted, each.given) for each in measures.confusions] == [
        ("2", "t", None),
        ("3", "none", "t"),
    ]
    assert (measures.tallies["t", "*"].wrong, measures.tallies["t", "*"].missed) == (1, 1)
    assert measures.tallies["u", "*"].right == 1


def lack_of(folder: Path, topic: str, title: str, text: str, language: str = "en") -> Lack:
    pack = pack_of(folder, CONCEPTS + f"topics:\n  t: {{title: T, {topic}}}\n")
    (lack,) = lacking(pack, RuleText(title=title, text=text, language=language, country="BY"))
    return lack


@pytest.mark.parametrize(
    ("query", "text", "why", "examples"),
    [
        ("@fish AND @vote", "A vote.", "not found", ("fish", "herring*")),
        ("@decided", "Fish. A vote.", "“Fish” and “vote” are both there, but in no one sentence", ()),
        ("@decided", "Fish only.", "“Fish” is there, a vote is not", ("adopt*", "vote")),
        ("@decided", "Nothing.", "neither fish nor a vote is found", ("fish", "herring*", "adopt*", "vote")),
        ("@fish ONEAR/2 @vote", "A vote on fish.", "not within 2 words in this order", ()),
        ("title:@fish AND @vote", "A vote on fish.", "found (“fish”), but not in the title", ()),
        (
            "ATLEAST/3 @fish",
            "Fish and herrings.",
            "found 2 of 3 times (“Fish”, “herrings”)",
            ("fish", "herring*"),
        ),
        ("@fish AND NOT @vote", "A vote on fish.", "“vote” must not be there", ()),
        ("@fish AND country:AZ", "Fish.", "this text's country is BY", ()),
        (
            "@fish",
            "Fish and chips.",
            "found only where it does not count (“Fish and chips”)",
            ("fish", "herring*"),
        ),
        ("@fish NOT SENT @vote", "A vote on fish.", "“fish” stands with a vote only", ()),
        ("squid OR @decided", "Fish. A vote.", "are both there, but in no one sentence", ()),
    ],
)
def test_a_clause_that_does_not_hold_says_what_stands_in_its_way(
    tmp_path: Path, query: str, text: str, why: str, examples: tuple[str, ...]
) -> None:
    lack = lack_of(tmp_path, f"query: '{query}'", "", text)
    (want,) = lack.wants
    assert why in want.why
    assert want.examples == examples
    assert lack.changes == 1


def test_examples_are_in_the_language_of_the_text(tmp_path: Path) -> None:
    lack = lack_of(tmp_path, "query: '@fish'", "", "Nichts.", "de")
    assert lack.wants[0].examples == ("fisch*",)


def test_a_score_too_low_names_what_would_raise_it(tmp_path: Path) -> None:
    topic = "query: '@fish', base: 0.3, weights: [{query: 'title:@fish', points: 0.3}, {query: squid, points: -0.2}]"
    lack = lack_of(tmp_path, topic, "", "Fish and squid.")
    assert (lack.score, lack.threshold, lack.wants) == (0.1, 0.5, ())
    assert lack.lifts == ("fish in the title (+0.3)", "no squid (+0.2)")


def test_a_veto_is_named_and_what_matches_lacks_nothing(tmp_path: Path) -> None:
    topic = "query: '@fish', veto: {a book: novel}"
    assert lack_of(tmp_path, topic, "", "A novel on fish.").vetoes == ("a book",)
    assert lack_of(tmp_path, topic, "", "On fish.").changes == 0


def test_the_topic_that_needs_the_least_comes_first(tmp_path: Path) -> None:
    pack = pack_of(
        tmp_path,
        CONCEPTS
        + "topics:\n  far: {title: F, query: '@fish AND @vote AND squid'}\n  near: {title: N, query: '@fish AND @vote'}\n",
    )
    assert [lack.topic for lack in lacking(pack, RuleText(title="", text="Fish."))] == ["near", "far"]


def test_a_topic_lacks_something_exactly_when_a_text_is_not_on_it(builtin_rules: RulePack) -> None:
    texts = [example for topic in builtin_rules.topics.values() for example in (*topic.must, *topic.must_not)]
    assert len(texts) > 20
    for each in texts:
        text = RuleText(title=each.title, text=each.text, language=each.language)
        matched = {match.topic for match in classify(builtin_rules, text).matches}
        for lack in lacking(builtin_rules, text):
            ahead = matched.intersection(builtin_rules.topics[lack.topic].unless)
            assert (lack.changes == 0) == (lack.topic in matched) or ahead, each.text
