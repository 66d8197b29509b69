"""Rules: what an article is about, and why. `load_packs` once per process, then `classify` each article."""

from __future__ import annotations

from pipeline.rules.classify import classify
from pipeline.rules.errors import RuleError
from pipeline.rules.pack import RulePack, load_packs
from pipeline.rules.text import RuleText

__all__ = ["RuleError", "RulePack", "RuleText", "classify", "load_packs"]
