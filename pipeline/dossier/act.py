"""What one article tells of an act, as a frozen value."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.digest import Stage
from pipeline.article import Evidence

#: the topic whose articles tell of acts
ACT_TOPIC = "trafficking-resolutions"
#: in favour, against, abstained; None where it is not printed
Votes = tuple[int, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Act:
    """How far an act has come, as one article tells it.

    Attributes:
        stage: None when the article does not say it clearly: no stage is better than a wrong one.
        organ: id of the body that acted (``unga``), or ``committee``, ``parliament``, ``plenary``; None when not told.
        organ_label: the body as the text has it; empty without an organ.
        manner: ``consensus``, ``unanimous``, ``vote`` or None when not told.
        votes: as printed; None when not printed, or not all of for and against can be told.
        evidence: what was read, in the order of the text; each quotes it exactly.
        headline_by_body: the headline says that the body itself (or "the UN") adopted.
        headline_adopted: the headline says that a text was adopted, by whomever.
        told_adopted: the text itself tells an adoption as news.
    """

    stage: Stage | None
    organ: str | None = None
    organ_label: str = ""
    manner: str | None = None
    votes: Votes | None = None
    evidence: tuple[Evidence, ...] = ()
    headline_by_body: bool = False
    headline_adopted: bool = False
    told_adopted: bool = False
