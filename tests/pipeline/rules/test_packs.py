"""The built-in packs on texts labelled before the rules read them; their scores, names and states."""

from __future__ import annotations

import importlib.util
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.rules import RulePack, RuleText, classify, lab, load_packs
from pipeline.rules.pack import BUILTIN

HERE = Path(__file__).parent
TOOL = HERE.parents[2] / "tools" / "states_from_cldr.py"
RESOLUTIONS, NEWS, SMUGGLING = "trafficking-resolutions", "trafficking-news", "migrant-smuggling"


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def texts(name: str) -> list[lab.LabelledText]:
    return [
        lab.LabelledText(
            row["id"], RuleText(row["title"], row["text"], language=row["language"]), (row["label"],)
        )
        for row in rows(name)
    ]


#: Precision/recall on resolutions at first sight, before the rules were mended with what the texts taught: hard_texts_2
#: 1.00/0.78; second_texts 0.88/0.96 (other news 0.96/0.96); second_texts_2, told as features and buried in round-ups,
#: 1.00/0.63 (0.60/1.00); second_texts_3, headlines that hide what is traded and reviews of a week, 0.89/1.00 (1.00/0.80).
#: What they taught is in the rules since, so the floors say only that it is not forgotten.
LABELLED = [
    ("hard_texts_2.jsonl", 2, 0.95),
    ("fresh_texts.jsonl", 4, 0.95),
    ("second_texts.jsonl", 2, 0.95),
    ("second_texts_2.jsonl", 3, 0.88),
    ("second_texts_3.jsonl", 1, 0.8),
]


@pytest.mark.parametrize(("name", "most_wrong", "floor"), LABELLED)
def test_texts_labelled_beforehand_come_out_as_labelled(
    builtin_rules: RulePack, name: str, most_wrong: int, floor: float
) -> None:
    measures = lab.measure(builtin_rules, texts(name))
    assert len(measures.confusions) <= most_wrong, measures.confusions
    for topic in (RESOLUTIONS, NEWS):
        tally = measures.tallies[topic, "*"]
        assert min(tally.precision, tally.recall) >= floor, measures.confusions


@pytest.mark.parametrize("name", [name for name, _, _ in LABELLED])
def test_smuggling_of_migrants_is_a_topic_of_its_own(builtin_rules: RulePack, name: str) -> None:
    for row in rows(name):
        found = classify(builtin_rules, RuleText(row["title"], row["text"], language=row["language"]))
        is_on_it = SMUGGLING in {match.topic for match in found.matches}
        assert row["smuggling"] in ("maybe", is_on_it), row["id"]


ACT = (
    "The General Assembly's Third Committee on Friday adopted by consensus a resolution against human trafficking, "
    "tabled by Freedonia with 61 co-sponsors."
)
ROUND_UP = (
    "Delegates spoke of ageing, sport and the right to water before lunch, and the chair asked for patience.\n"
    "A text on albinism passed by 99 votes to 3. A text on drought was withdrawn.\n"
    "They also agreed a decision on victims of human trafficking in supply chains.\n"
    "The chair thanked the interpreters, who had worked through the night without a break."
)


def score(pack: RulePack, title: str, text: str) -> float:
    return max((match.score for match in classify(pack, RuleText(title, text)).matches), default=0.0)


def test_an_act_in_headline_and_lead_scores_high_and_a_buried_one_lower(builtin_rules: RulePack) -> None:
    assert score(builtin_rules, "UN committee adopts resolution against human trafficking", ACT) > 0.8
    assert 0.5 <= score(builtin_rules, "A week at the United Nations", ROUND_UP) <= 0.8


NAMED = [
    ("Делегация Белоруссии голосовала против.", "#state-by"),
    ("Azərbaycanın təklifi qəbul edildi.", "#state-az"),
    ("Генеральной Ассамблее ООН доложили.", "#unga"),
    ("Паводле АБСЕ, гэта не так.", "#osce"),
    ("Der Deutsche Bundestag tagt.", "#bundestag"),
    ("联大第三委员会开会。", "#third-committee"),
    ("صرح غوتيريش أمس.", "#person-guterres"),
]
NOT_NAMED = [
    ("Того же мнения чадо.", "#kind:state"),
    ("Orada mali yardım qatarla gəldi.", "#kind:state"),
    ("Greta walks at a steady pace.", "#greta"),
    ("Greta walks at a steady pace.", "#pace"),
]


@pytest.fixture(scope="module")
def names_pack(tmp_path_factory: pytest.TempPathFactory) -> RulePack:
    """The built-in rules with a topic for each name asked for."""
    lines = ["topics:"]
    for number, (_, entity) in enumerate((*NAMED, *NOT_NAMED)):
        lines += [f"  it-{number}:", f"    title: {number}", f'    query: "{entity}"']
    path = tmp_path_factory.mktemp("names") / "names.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load_packs(["builtin", str(path)])


@pytest.mark.parametrize(("number", "text"), [(n, text) for n, (text, _) in enumerate((*NAMED, *NOT_NAMED))])
def test_bodies_states_and_people_are_found_as_the_press_writes_them(
    names_pack: RulePack, number: int, text: str
) -> None:
    found = classify(names_pack, RuleText("", text, published=date(2025, 10, 1)))
    assert (f"it-{number}" in {match.topic for match in found.matches}) == (number < len(NAMED))


def test_a_person_is_in_office_for_a_time_only(names_pack: RulePack) -> None:
    later = classify(names_pack, RuleText("", NAMED[-1][0], published=date(2031, 1, 1)))
    assert not later.matches


def test_the_states_are_what_their_script_makes_of_cldr(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = importlib.util.spec_from_file_location("states_from_cldr", TOOL)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    monkeypatch.setattr(tool, "TARGET", tmp_path / "states.yaml")
    tool.main()
    made = (tmp_path / "states.yaml").read_text(encoding="utf-8")
    assert made == (BUILTIN / "65-states.yaml").read_text(encoding="utf-8")
