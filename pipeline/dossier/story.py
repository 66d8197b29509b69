"""Acts of a story's articles -> the act of the story, and where its reports differ. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from alerts.digest import Discrepancy, Stage
from pipeline.dossier.act import Act, Votes


@dataclass(frozen=True, slots=True)
class Report:
    """What one article of a story tells.

    Attributes:
        outlet: its name, as shown.
        origin: where the report comes from; reports of one origin say it once.
        act: as read.
    """

    outlet: str
    origin: str
    act: Act


def act_of_story(reports: Sequence[Report]) -> Act | None:
    """The act that most origins tell, nearest the first report where as many tell another; None when none is told.

    `reports`: the first report first.
    """
    tellers: dict[Stage, set[str]] = {}
    for report in reports:
        if report.act.stage is not None:
            tellers.setdefault(report.act.stage, set()).add(report.origin)
    if not tellers:
        return None
    most = max(len(origins) for origins in tellers.values())
    stage = next(stage for stage, origins in tellers.items() if len(origins) == most)
    return next(report.act for report in reports if report.act.stage is stage)


def discrepancies(reports: Sequence[Report]) -> tuple[Discrepancy, ...]:
    """Where reports of one story differ: on the stage, and on the votes of what is at the same stage."""
    act = act_of_story(reports)
    same = [report for report in reports if act is not None and report.act.stage is act.stage]
    found = (
        _differing("stage", reports, lambda told: told.stage.value if told.stage else ""),
        _differing("votes", same, lambda told: _printed(told.votes) if told.votes else ""),
    )
    return tuple(each for each in found if each is not None)


def _differing(what: str, reports: Sequence[Report], say: Callable[[Act], str]) -> Discrepancy | None:
    """What was said by which outlets, most outlets first; None unless two things were said by different origins."""
    said: dict[str, list[str]] = {}
    origins: dict[str, set[str]] = {}
    for report in reports:
        words = say(report.act)
        if words:
            outlets = said.setdefault(words, [])
            origins.setdefault(words, set()).add(report.origin)
            if report.outlet not in outlets:
                outlets.append(report.outlet)
    if len(said) < 2 or len(set().union(*origins.values())) < 2:
        return None
    ordered = sorted(said.items(), key=lambda item: -len(item[1]))
    return Discrepancy(what, tuple((words, tuple(outlets)) for words, outlets in ordered))


def _printed(votes: Votes) -> str:
    return ":".join(str(count) for count in votes if count is not None)
