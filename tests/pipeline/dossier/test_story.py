from __future__ import annotations

from alerts.digest import Discrepancy, Stage
from pipeline.dossier import Act, Report, act_of_story, discrepancies

COMMITTEE, BODY = Act(Stage.ADOPTED_COMMITTEE), Act(Stage.ADOPTED)


def report(outlet: str, act: Act, origin: str = "") -> Report:
    return Report(outlet, origin or outlet, act)


def test_a_story_is_at_the_stage_that_most_origins_tell() -> None:
    told = [report("A", BODY), report("B", COMMITTEE), report("C", COMMITTEE)]
    assert act_of_story(told) == COMMITTEE


def test_reports_of_one_origin_count_once_and_the_first_report_decides_a_tie() -> None:
    told = [report("A", BODY), report("B", COMMITTEE, "wire"), report("C", COMMITTEE, "wire")]
    assert act_of_story(told) == BODY


def test_reports_that_tell_no_stage_do_not_count() -> None:
    assert act_of_story([report("A", Act(None)), report("B", COMMITTEE)]) == COMMITTEE
    assert act_of_story([report("A", Act(None))]) is None
    assert act_of_story([]) is None


def test_a_difference_names_what_was_said_by_whom_most_outlets_first() -> None:
    told = [report("A", BODY), report("B", COMMITTEE), report("C", COMMITTEE), report("D", Act(None))]
    assert discrepancies(told) == (
        Discrepancy("stage", (("adopted_committee", ("B", "C")), ("adopted", ("A",)))),
    )


def test_votes_are_compared_at_the_same_stage_only() -> None:
    told = [
        report("A", Act(Stage.ADOPTED, votes=(110, 3, 12))),
        report("B", Act(Stage.ADOPTED, votes=(110, 2, 12))),
        report("C", Act(Stage.ADOPTED)),
    ]
    assert discrepancies(told) == (Discrepancy("votes", (("110:3:12", ("A",)), ("110:2:12", ("B",)))),)


def test_outlets_that_agree_or_one_origin_alone_make_no_difference() -> None:
    assert discrepancies([report("A", BODY), report("B", BODY)]) == ()
    assert discrepancies([report("A", BODY, "wire"), report("B", COMMITTEE, "wire")]) == ()
    assert discrepancies([]) == ()
