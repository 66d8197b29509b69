"""What an article tells of an act: how far it has come, by whose decision, and where headline and text differ."""

from __future__ import annotations

from pipeline.dossier.act import ACT_TOPIC, Act
from pipeline.dossier.reading import headline_warning, read_act, stage_pack
from pipeline.dossier.story import Report, act_of_story, discrepancies

__all__ = [
    "ACT_TOPIC",
    "Act",
    "Report",
    "act_of_story",
    "discrepancies",
    "headline_warning",
    "read_act",
    "stage_pack",
]
