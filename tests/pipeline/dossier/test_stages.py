from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.digest import Stage, Warning  # noqa: A004 - the word readers know
from pipeline.dossier import headline_warning, read_act
from pipeline.rules import RuleText

THIRD = "The Third Committee adopted by consensus a resolution on trafficking in persons."


@pytest.mark.parametrize(
    ("name", "least_right"), [("acts", 30), ("acts_held_out", 29), ("acts_traps", 26), ("acts_fresh", 20)]
)
def test_stages_are_read_as_labelled_and_hardly_ever_wrongly(
    name, least_right, labelled_acts, told_article
) -> None:
    cases = labelled_acts(name)
    wrong, right = [], 0
    for case in cases:
        act = read_act(told_article(case["title"], case["text"], case["language"]))
        stage = act.stage.value if act and act.stage else None
        right += stage == case["stage"]
        if stage not in {None, case["stage"]}:
            wrong.append((case["id"], stage))
    assert wrong == []
    assert right >= least_right


@pytest.mark.parametrize("name", ["acts", "acts_held_out", "acts_traps", "acts_fresh"])
def test_no_headline_is_warned_of_that_is_borne_out(name, labelled_acts, told_article) -> None:
    for case in labelled_acts(name):
        warning = headline_warning(read_act(told_article(case["title"], case["text"], case["language"])))
        assert warning in {None, case.get("warning")}, case["id"]


@pytest.mark.parametrize("name", ["acts", "acts_held_out"])
def test_headlines_that_claim_too_much_are_warned_of(name, labelled_acts, told_article) -> None:
    for case in labelled_acts(name):
        if case.get("warning"):
            act = read_act(told_article(case["title"], case["text"], case["language"]))
            assert headline_warning(act) == case["warning"], case["id"]


@pytest.mark.parametrize("name", ["acts", "acts_held_out"])
def test_organ_manner_and_votes_are_read_as_labelled(name, labelled_acts, told_article) -> None:
    for case in labelled_acts(name):
        act = read_act(told_article(case["title"], case["text"], case["language"]))
        for known in {"organ", "manner"} & case.keys():
            assert getattr(act, known) == case[known], (case["id"], known)
        votes = tuple(case["votes"]) if "votes" in case else None
        assert (act.votes if act else None) == votes, case["id"]


@pytest.mark.parametrize("name", ["acts", "acts_held_out"])
def test_all_evidence_quotes_the_article_exactly(name, labelled_acts, told_article) -> None:
    for case in labelled_acts(name):
        article = told_article(case["title"], case["text"], case["language"])
        act = read_act(article)
        for each in act.evidence if act else ():
            field = article.title if each.field == "title" else article.text
            assert field[each.start : each.end] == each.quote
        assert not (act and act.stage) or act.evidence


def test_a_careful_headline_is_not_warned_of(told_article) -> None:
    for title in ("UN committee adopts text on trafficking", "Text on trafficking adopted at the UN"):
        act = read_act(told_article(title, THIRD))
        assert act is not None
        assert act.stage is Stage.ADOPTED_COMMITTEE
        assert headline_warning(act) is None


def test_a_headline_that_names_the_un_is_warned_of_when_a_committee_acted(told_article) -> None:
    act = read_act(told_article("UN adopts resolution on trafficking in persons", THIRD))
    assert headline_warning(act) is Warning.COMMITTEE_ONLY


def test_the_bodys_act_counts_where_the_committees_is_told_as_the_step_before(told_article) -> None:
    text = (
        "The General Assembly on Tuesday adopted a resolution on trafficking in persons. "
        "Its Third Committee had approved it in November."
    )
    act = read_act(told_article("Assembly adopts text on trafficking", text))
    assert act is not None
    assert (act.stage, act.organ) == (Stage.ADOPTED, "unga")


def test_two_adoptions_told_as_today_give_no_stage(told_article) -> None:
    text = f"The General Assembly adopted a resolution on trafficking in persons. {THIRD} Forty states sponsored it."
    act = read_act(told_article("UN adopts resolution on trafficking", text))
    assert act is not None
    assert act.stage is None
    assert headline_warning(act) is None


def test_a_text_on_nothing_of_the_kind_tells_no_act() -> None:
    assert read_act(RuleText(title="Rain in the north", text="It will be wet until Friday.")) is None


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from([THIRD, "by 3 votes to", "UN", "通过", "за 5", "\n", "!", "٣", "…"]), max_size=30
    )
)
def test_whatever_is_written_something_is_answered_and_quoted_exactly(words) -> None:
    text = " ".join(words)
    act = read_act(RuleText(title=text[:200], text=text))
    for each in act.evidence if act else ():
        assert (text[:200] if each.field == "title" else text)[each.start : each.end] == each.quote
