"""Packs: wrong rules are errors with a place; right ones add up."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline.rules import RuleError, RulePack, RuleText, classify, lab, load_packs

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
        ("topics:\n  a: {title: A, query: abc, treshold: 1}", "2:29", "did you mean threshold?"),
        (
            "topics:\n  a:\n    title: A\n    query: >\n      one\n\n      AND two three\n",
            "7:15",
            "operator is missing",
        ),
        ("topics:\n  a:\n    title: A\n    query: one\n      AND two three\n", "5:15", "operator is missing"),
        ("topics:\n  a:\n    title: A\n    query: 'don''t AND two three'\n", "4:28", "operator is missing"),
        ('topics:\n  a:\n    title: A\n    query: "abc \\" two"\n', "4:12", "quotation mark"),
        ("topics:\n  a: {title: A, query: '(abc OR def'}", "2:25", "not closed"),
        ("topics:\n  a: {title: A, query: abc, unless: [a]}", "2:3", "circle"),
        (
            "topics:\n  a: {title: A, query: '@fish'}\nentities: {fish: {names: {en: [cod]}}}",
            "2:25",
            "did you mean #fish?",
        ),
        (
            "topics:\n  a: {title: A, query: '#kind:orgn'}\nentities: {x: {kind: organ, names: {en: [cod]}}}",
            "2:25",
            "mean organ?",
        ),
        (
            "topics:\n  a: {title: A, query: '#kind:state'}\nentities: {x: {kind: organ, names: {en: [cod]}}}",
            "2:25",
            "kinds are organ",
        ),
        ("entities:\n  x: {names: {en: [cod]}, from: soon}\ntopics: {}", "2:33", "a day is expected"),
        (
            "entities:\n  x: {names: {en: [cod]}, from: 2026-02-02, to: 2026-02-01}\ntopics: {}",
            "2:49",
            "before 'from'",
        ),
        ("entities:\n  x: {names: {en: [cod]}, wikidata: 1065}\ntopics: {}", "2:37", "no Wikidata id"),
        ("entities:\n  x: {names: {en: [cod]}, kind: '?'}\ntopics: {}", "2:33", "cannot be a kind"),
        ("concepts:\n  c: {how: extend, patterns: {en: [abc]}}\ntopics: {}", "2:3", "nothing to extend"),
        ("concepts:\n  c: {how: append}\ntopics: {}", "2:12", "extend, replace, remove"),
        (
            "concepts:\n  c: {label: c, query: abc, except: {en: [abc]}}\ntopics: {}",
            "2:37",
            "goes with 'patterns'",
        ),
        ("extends: nothing.yaml\ntopics: {}", "1:10", "no nothing.yaml to extend"),
        ("extends: rules.yaml\ntopics: {}", "1:10", "cannot extend each other"),
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


BASE = """
concepts:
  fish: {label: fish, patterns: {en: [cod, herring], de: [dorsch]}}
  wet: {label: wet, query: "rain OR sea"}
entities:
  board: {kind: authority, label: Board, names: {en: [fish board]}}
topics:
  sea:
    title: Sea
    description: Of the sea.
    query: "@fish"
    base: 0.4
    weights:
      - {query: "title:@fish", points: 0.3}
    veto:
      cooking: recipe
      film: cinema
    must:
      - text: A cod.
        title: Cod
  lake: {title: Lake, query: "lake AND NOT @fish"}
"""


@pytest.fixture
def extending(tmp_path: Path) -> Callable[[str], RulePack]:
    """Loads a pack of one's own that extends another."""
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")

    def load(text: str) -> RulePack:
        own = tmp_path / "own.yaml"
        own.write_text(f"extends: base.yaml\n{text}", encoding="utf-8")
        return load_packs([str(own)])

    return load


def matched(pack: RulePack, text: str, title: str = "") -> set[str]:
    return {match.topic for match in classify(pack, RuleText(title, text)).matches}


def test_a_pack_of_ones_own_adds_and_takes_away_patterns(extending: Load) -> None:
    pack = extending("concepts:\n  fish: {how: extend, patterns: {fr: [morue]}, remove: [herring]}\n")
    assert matched(pack, "La morue.", "Morue") == {"sea"}
    assert matched(pack, "A cod.", "Cod") == {"sea"}
    assert not matched(pack, "A herring.", "Herring")


def test_a_pack_of_ones_own_changes_what_it_names_of_a_topic(extending: Load) -> None:
    pack = extending(
        "topics:\n  sea:\n    how: extend\n    threshold: 0.2\n    veto: {cooking: off, toys: toy}\n"
        "    weights: [{query: 'title:@fish', points: 0.1}, {query: boat, points: 0.2}]\n    must_not: [{text: no}]\n"
    )
    topic = pack.topics["sea"]
    assert (topic.title, topic.base, topic.threshold) == ("Sea", 0.4, 0.2)
    assert [veto.name for veto in topic.vetoes] == ["film", "toys"]
    assert {weight.clause: weight.points for weight in topic.weights} == {"title:@fish": 0.1, "boat": 0.2}
    assert (len(topic.must), len(topic.must_not)) == (1, 1)
    assert matched(pack, "A cod recipe.") == {"sea"}
    assert not matched(pack, "A cod toy.")


def test_a_pack_of_ones_own_replaces_removes_and_adds_topics(extending: Load) -> None:
    pack = extending(
        "topics:\n  sea: {how: replace, title: Meer, query: dorsch}\n  lake: {how: remove}\n"
        "  pond: {title: Pond, query: pond}\n"
    )
    assert {topic.id: topic.title for topic in pack.topics.values()} == {"sea": "Meer", "pond": "Pond"}


def test_a_pack_of_ones_own_gives_an_entity_more_names(extending: Load) -> None:
    pack = extending(
        "entities:\n  board: {how: extend, names: {de: [fischamt]}}\ntopics:\n  it: {title: It, query: '#board'}\n"
    )
    assert matched(pack, "Das Fischamt.") == matched(pack, "The fish board.") == {"it"}
    assert pack.label("#board") == "Board"


def test_what_extends_comes_after_what_it_extends_and_each_is_read_once(
    tmp_path: Path, extending: Load
) -> None:
    version = extending("topics: {}\n").version
    own, base = str(tmp_path / "own.yaml"), str(tmp_path / "base.yaml")
    assert load_packs([base]).version != version
    (tmp_path / "more.yaml").write_text("extends: [base.yaml, own.yaml]\ntopics: {x: {title: X, query: xyz}}")
    assert set(load_packs([str(tmp_path / "more.yaml")]).topics) == {"sea", "lake", "x"}
    assert load_packs([own]).version == load_packs([base, own]).version == version
    assert extending("topics: {}\n\n").version != version


def test_a_change_of_the_extended_pack_changes_the_version(tmp_path: Path, extending: Load) -> None:
    version = extending("topics: {}\n").version
    (tmp_path / "base.yaml").write_text(BASE.replace("cinema", "movie"), encoding="utf-8")
    assert load_packs([str(tmp_path / "own.yaml")]).version != version


def test_the_built_in_pack_can_be_extended_by_name(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("extends: builtin\ntopics: {x: {title: X, query: '@trafficking'}}")
    assert "x" in load_packs([str(own)]).topics
    assert "x" in load_packs(["builtin", str(own)]).topics


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("concepts:\n  fih: {how: extend, patterns: {en: [abc]}}", "3:3", "did you mean @fish?"),
        ("concepts:\n  fish: {how: extend, remove: [hering]}", "3:32", "did you mean herring?"),
        ("concepts:\n  wet: {how: extend, patterns: {en: [abc]}}", "3:3", "is a query"),
        ("concepts:\n  fish: {how: extend, query: abc}", "3:30", "has patterns"),
        ("concepts:\n  fish: {how: remove}", "11:13", "@fish is not defined"),
        ("concepts:\n  fish: {label: f, patterns: {en: [abc]}}", "3:3", "defined already in"),
        ("entities:\n  bord: {how: replace, names: {en: [abc]}}", "3:3", "did you mean #board?"),
        ("topics:\n  see: {how: extend, threshold: 0.1}", "3:3", "did you mean sea?"),
        ("topics:\n  sea: {how: extend, veto: {coking: off}}", "3:29", "did you mean cooking?"),
        ("topics:\n  sea: {how: extend, thresold: 0.1}", "3:22", "did you mean threshold?"),
        ("topics:\n  sea: {how: remove, title: x}", "3:22", "unknown key"),
        ("topics:\n  sea: {title: S, query: abc}", "3:3", "how: extend"),
    ],
)
def test_an_extension_of_what_is_not_there_says_so(
    extending: Load, text: str, place: str, words: str
) -> None:
    with pytest.raises(RuleError) as caught:
        extending(text)
    assert f".yaml:{place}: " in str(caught.value).split("\n")[0]
    assert words in str(caught.value)


def test_two_packs_named_one_after_the_other_add_up_too(tmp_path: Path) -> None:
    base, own = tmp_path / "base.yaml", tmp_path / "own.yaml"
    base.write_text(BASE, encoding="utf-8")
    own.write_text("concepts:\n  fish: {how: extend, patterns: {de: [hering]}}\n")
    assert matched(load_packs([str(base), str(own)]), "Hering", "Hering") == {"sea"}
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


OFFICE = """
entities:
  minister-a:
    kind: person
    names: {en: [Minister Alpha], ru: [альф*]}
    aliases: {en: [Alpha]}
    from: 2024-05-01
    to: 2025-03-31
  minister-b: {kind: person, names: {en: [Beta]}, from: 2025-04-01}
  alfa-bank: {kind: state bank, names: {en: [Alpha Bank]}}
topics:
  it: {title: It, query: "#kind:person"}
  bank: {title: Bank, query: "#kind:state-bank"}
"""


@pytest.mark.parametrize(
    ("day", "quotes"),
    [
        (None, ["Alpha", "Beta"]),
        ("2024-04-30", []),
        ("2024-05-01", ["Alpha"]),
        ("2025-03-31", ["Alpha"]),
        ("2025-04-01", ["Beta"]),
        ("2031-01-01", ["Beta"]),
    ],
)
def test_people_in_office_count_on_the_days_of_their_office(
    rules_from: Load, day: str | None, quotes: list[str]
) -> None:
    published = date.fromisoformat(day) if day else None
    found = classify(rules_from(OFFICE), RuleText("", "Alpha met Beta.", published=published))
    assert [each.quote for match in found.matches for each in match.evidence] == quotes


def test_a_kind_stands_for_all_its_entities_and_evidence_names_which(rules_from: Load) -> None:
    pack = rules_from(OFFICE)
    found = classify(pack, RuleText("", "Beta at the Alpha Bank."))
    assert [(match.topic, match.evidence[0].clause) for match in found.matches] == [
        ("it", "#minister-b"),
        ("bank", "#alfa-bank"),
    ]
    assert (pack.label("#minister-b"), pack.label("#kind:person")) == ("Beta", "person")


def test_a_kind_may_stand_in_proximity(rules_from: Load) -> None:
    pack = rules_from(OFFICE + "  near: {title: N, query: '#kind:person SENT vote'}\n")
    assert "near" in matched(pack, "Beta called a vote.")
    assert "near" not in matched(pack, "Beta came. A vote failed.")


def test_a_query_is_tried_with_the_concepts_of_a_pack(rules_from: Load) -> None:
    pack = lab.query_pack(rules_from(OFFICE), "#kind:person AND treaty")
    assert classify(pack, RuleText("", "Beta signed the treaty.")).matches
    with pytest.raises(RuleError, match=r"query:2:1: #minister-c is not defined; did you mean"):
        lab.query_pack(rules_from(OFFICE), "treaty AND\n#minister-c")
    with pytest.raises(RuleError, match=r"query:1:8: an operator is missing"):
        lab.query_pack(rules_from(OFFICE), "treaty bank")


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"  c{n}: {{label: c, query: '@c{n - 1} OR @c{n - 1}'}}\n" for n in range(30, 0, -1)),
        "".join(f"  c{n}: {{label: c, query: '@c{n - 1}'}}\n" for n in range(1, 200)),
        "".join(f"  c{n}: {{label: c, query: '@c{n - 1}'}}\n" for n in range(1999, 0, -1)),
    ],
)
def test_concepts_that_grow_without_end_are_refused(rules_from: Load, text: str) -> None:
    base = "concepts:\n  c0: {label: c, patterns: {en: [abc]}}\n"
    with pytest.raises(RuleError, match=r"deep|parts"):
        rules_from(f"{base}{text}topics: {{t: {{title: T, query: '@c30'}}}}\n")


def test_proximity_between_very_many_terms_is_refused(rules_from: Load) -> None:
    many = " OR ".join(f"word{number}" for number in range(150))
    with pytest.raises(RuleError, match="joins 150 with 150 terms"):
        rules_from(f"topics: {{t: {{title: T, query: '({many}) NEAR/5 ({many})'}}}}\n")
