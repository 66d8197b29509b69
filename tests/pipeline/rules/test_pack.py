"""Packs: wrong rules are errors with a place; right ones add up."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.rules import RuleError, RulePack, RuleText, classify, load_packs

Load = Callable[[str], RulePack]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("", "1:1", "empty"),
        ("topics: {a: {title: A, query: 'x AND OR y'}}", "1:38", "both sides"),
        (
            "topics:\n  a:\n    title: A\n    query: |\n      one\n      AND two three\n",
            "6:15",
            "operator is missing",
        ),
        ("topics:\n  a:\n    title: A\n    quer: x\n", "4:5", "unknown key 'quer'"),
        ("topics:\n  a:\n    query: x\n", "3:5", "'title' is missing"),
        (
            "topics:\n  a: {title: A, query: '@traficking'}\nconcepts:\n  trafficking: {label: t, patterns: {en: [abc]}}",
            "2:25",
            "did you mean @trafficking?",
        ),
        ("topics:\n  a: {title: A, query: abc, threshold: 2}", "2:40", "not between 0 and 1"),
        ("topics:\n  a: {title: A, query: abc, threshold: high}", "2:40", "a number is expected"),
        ("topics:\n  a: {title: A, query: abc, unless: [b]}", "2:3", "does not exist"),
        ("topics:\n  A b: {title: A, query: abc}", "2:3", "cannot be a name"),
        ("topics:\n  a: {title: A, query: abc}\n  a: {title: A, query: abc}", "3:3", "given twice"),
        ("concepts:\n  c: {label: c, patterns: {en: [ab, 'x*']}}\ntopics: {}", "2:37", "almost anything"),
        ("concepts:\n  c: {label: c}\ntopics: {}", "2:3", "either 'patterns' or 'query'"),
        (
            "concepts:\n  a: {label: a, query: '@b'}\n  b: {label: b, query: '@a'}\ntopics: {t: {title: T, query: '@a'}}",
            "2:24",
            "cannot contain itself",
        ),
        (
            "concepts:\n  a: {label: a, query: 'xyz AND abc'}\ntopics: {t: {title: T, query: '@a SENT b'}}",
            "3:32",
            "stands inside",
        ),
        ("topics: &a {x: *a}", "1:16", "aliases"),
        ("topics: [a", "2:1", "not YAML"),
        ("topics: {}", "1:1", "no topic"),
        ("- a", "1:1", "mapping"),
    ],
)
def test_a_wrong_pack_says_where_and_what_to_do(
    rules_from: Load, tmp_path: Path, text: str, place: str, words: str
) -> None:
    with pytest.raises(RuleError) as caught:
        rules_from(text)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'rules.yaml'}:{place}: ")
    assert words in message


def test_the_caret_points_at_the_word(rules_from: Load) -> None:
    with pytest.raises(RuleError) as caught:
        rules_from("topics:\n  a: {title: A, query: 'human trafficking'}")
    _, line, caret = str(caught.value).split("\n")
    assert line[caret.index("^") :].startswith("trafficking'")


def test_a_missing_file_is_named() -> None:
    with pytest.raises(RuleError, match=r"nowhere\.yaml:1:1: cannot be read"):
        load_packs(["nowhere.yaml"])


def test_a_pack_of_ones_own_extends_and_replaces(tmp_path: Path) -> None:
    base, own = tmp_path / "base.yaml", tmp_path / "own.yaml"
    base.write_text(
        "concepts:\n  fish: {label: fish, patterns: {en: [cod]}}\ntopics:\n  sea: {title: Sea, query: '@fish'}\n"
    )
    own.write_text(
        "concepts:\n  fish: {how: extend, patterns: {de: [dorsch]}}\n"
        "topics:\n  sea: {how: replace, title: Meer, query: '@fish'}\n"
    )
    pack = load_packs([str(base), str(own)])
    assert pack.topics["sea"].title == "Meer"
    assert classify(pack, RuleText("", "Dorsch")).matches
    assert classify(pack, RuleText("", "cod")).matches
    assert pack.version != load_packs([str(base)]).version


def test_defining_again_without_saying_so_is_an_error(tmp_path: Path) -> None:
    base = tmp_path / "base.yaml"
    base.write_text(
        "concepts:\n  fish: {label: fish, patterns: {en: [cod]}}\ntopics:\n  sea: {title: Sea, query: '@fish'}\n"
    )
    with pytest.raises(RuleError, match="how: extend"):
        load_packs([str(base), str(base)])


def test_labels_are_a_readers_words(builtin_rules: RulePack) -> None:
    assert builtin_rules.label("@trafficking") == "trafficking in persons"
    assert builtin_rules.label('="PACE"') == "PACE"
    assert builtin_rules.label("resolution*") == "resolution*"


def test_the_built_in_pack_loads_at_once_and_the_same_each_time(builtin_rules: RulePack) -> None:
    began = time.monotonic()
    again = load_packs(["builtin"])
    assert time.monotonic() - began < 5  # a generous ceiling: 0.1 s measured
    assert again.version == builtin_rules.version
    assert list(again.topics) == list(builtin_rules.topics)


def test_entities_are_found_by_their_names(rules_from: Load) -> None:
    pack = rules_from(
        "entities:\n  unodc: {kind: organ, label: UNODC, wikidata: Q1231009, names: {en: [=UNODC], ru: [юнодк]}}\n"
        "topics:\n  it: {title: It, query: '#unodc'}\n"
    )
    assert classify(pack, RuleText("", "ЮНОДК сообщает")).matches[0].evidence[0].clause == "#unodc"
    assert pack.label("#unodc") == "UNODC"
