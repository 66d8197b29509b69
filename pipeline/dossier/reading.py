"""An article -> how far its act has come, by the rules of `stages.yaml`. Pure, but for reading that pack once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

from alerts.digest import Stage, Warning  # noqa: A004 - the word readers know
from pipeline.article import Evidence, Match
from pipeline.dossier.act import Act, Votes
from pipeline.dossier.votes import read_votes
from pipeline.rules import RulePack, RuleText, classify, load_packs

#: what is told in the headline or the lead goes before what is told further down
_ON_TOP = 0.9
#: the most advanced first; what ended without success last
_MOST_ADVANCED = (
    Stage.IN_FORCE,
    Stage.RATIFIED,
    Stage.SIGNED,
    Stage.ADOPTED,
    Stage.ADOPTED_COMMITTEE,
    Stage.REJECTED,
    Stage.NEGOTIATED,
    Stage.TABLED,
    Stage.ANNOUNCED,
)
_ADOPTIONS = frozenset({Stage.ADOPTED, Stage.ADOPTED_COMMITTEE})
_DECISIONS = _ADOPTIONS | {Stage.REJECTED, Stage.RATIFIED}
_EARLY = frozenset({Stage.ANNOUNCED, Stage.TABLED, Stage.NEGOTIATED})
_COMMITTEES = ("#third-committee", "#ccpcj", "@committee_word")
_BODIES = ("#unga", "#unsc", "#hrc", "@parliament", "@plenum")
_NAMES = {"@committee_word": "committee", "@parliament": "parliament", "@plenum": "plenary"}
_MANNERS = ("consensus", "unanimous", "vote")
#: how far from the verb a manner or a count of votes may stand (characters): its sentence and the one after
_BEFORE, _AFTER = 200, 260


class Told(Protocol):
    """What is read of an article: `pipeline.article.Article`, or the text of a line."""

    @property
    def title(self) -> str:
        """The headline."""

    @property
    def text(self) -> str:
        """The text."""

    @property
    def language(self) -> str | None:
        """ISO 639; None when not known."""


@cache
def stage_pack() -> RulePack:
    """The rules on stages, read once per process (0.15 s)."""
    return load_packs([str(Path(__file__).parent / "stages.yaml")])


def read_act(article: Told, pack: RulePack | None = None) -> Act | None:
    """What an article tells of an act; None when it tells nothing of one.

    Args:
        article: on an act; of another article nothing sensible is read.
        pack: the rules on stages; by default those of `stage_pack`.
    """
    read = classify(
        pack or stage_pack(), RuleText(title=article.title, text=article.text, language=article.language)
    )
    found = {match.topic: match for match in read.matches}
    if not found:
        return None
    stage, match = _stage(found)
    evidence = match.evidence if match else ()
    if stage is Stage.ADOPTED and "adopted" not in found and "adopted_headline" in found:
        evidence = found["adopted_headline"].evidence
    organ, label = _organ(stage, evidence)
    manner, votes = _manner(article, stage, evidence, found)
    return Act(
        stage=stage,
        organ=organ,
        organ_label=label,
        manner=manner,
        votes=votes,
        evidence=evidence,
        headline_by_body="headline_body" in found,
        headline_adopted="headline_adopted" in found or "headline_body" in found,
        told_adopted=not {"adopted_committee", "adopted"}.isdisjoint(found),
    )


def headline_warning(act: Act | None) -> Warning | None:
    """What the headline claims beyond the text; None when nothing, or no act was read."""
    if act is None:
        return None
    if act.stage is Stage.ADOPTED_COMMITTEE and act.headline_by_body:
        return Warning.COMMITTEE_ONLY
    if act.stage in _EARLY and act.headline_adopted and not act.told_adopted:
        return Warning.NOT_YET_ADOPTED
    return None


def _stage(found: Mapping[str, Match]) -> tuple[Stage | None, Match | None]:
    """The most advanced stage that is told on top, else further down; None where two tellings cannot both be news."""
    told = [(stage, found[stage.value]) for stage in _MOST_ADVANCED if stage.value in found]
    on_top = [each for each in told if each[1].score >= _ON_TOP]
    chosen = on_top or told
    if not chosen:
        headline = found.get("adopted_headline")
        return (Stage.ADOPTED, headline) if headline else (None, None)
    stages = {stage for stage, _ in told}
    if chosen[0][0] in _ADOPTIONS and stages >= _ADOPTIONS:
        return _which_adopted(found)
    return chosen[0]


def _which_adopted(found: Mapping[str, Match]) -> tuple[Stage | None, Match | None]:
    """Both a committee and the body are said to have adopted: only one can be today's news."""
    body, committee = found[Stage.ADOPTED.value], found[Stage.ADOPTED_COMMITTEE.value]
    if "still_to_vote" in found:
        return Stage.ADOPTED_COMMITTEE, committee
    if body.score >= _ON_TOP > committee.score:
        return None, None  # a careless first sentence, or an earlier step told at the end: both are common
    if committee.score >= _ON_TOP > body.score:
        return Stage.ADOPTED_COMMITTEE, committee
    return None, None


def _organ(stage: Stage | None, evidence: Sequence[Evidence]) -> tuple[str | None, str]:
    """Id and words of the body that acted, as the evidence names it."""
    if stage not in _DECISIONS:
        return None, ""
    for clause in _COMMITTEES if stage is Stage.ADOPTED_COMMITTEE else _BODIES:
        for each in evidence:
            if each.clause == clause:
                return _NAMES.get(clause, clause[1:]), each.quote
    return None, ""


def _manner(
    article: Told, stage: Stage | None, evidence: Sequence[Evidence], found: Mapping[str, Match]
) -> tuple[str | None, Votes | None]:
    """How it was decided, where that stands beside the decision."""
    places = [each for each in evidence if each.field == "text"]
    if stage not in _DECISIONS or not places:
        return None, None
    begin = max(0, min(each.start for each in places) - _BEFORE)
    first = min(each.end for each in places)
    end = max([each.end for each in places if each.start < first + _AFTER], default=first) + _AFTER
    votes = read_votes(article.text[begin:end])
    if votes:  # those in favour of a rejection are not those in favour of the text: not told apart
        return "vote", None if stage is Stage.REJECTED else votes
    for manner in _MANNERS:
        match = found.get(f"manner_{manner}")
        clause = {"consensus": "@by_consensus", "unanimous": "@by_all", "vote": "@by_vote"}[manner]
        if match and any(
            each.clause == clause and (each.field == "title" or begin <= each.start <= end)
            for each in match.evidence
        ):
            return manner, None
    return None, None
