"""Fixtures of the rules' tests: the built-in pack, and packs written on the spot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.article import Classification
from pipeline.rules import RulePack, RuleText, classify, load_packs


@pytest.fixture(scope="session")
def builtin_rules() -> RulePack:
    return load_packs(["builtin"])


@pytest.fixture
def rules_from(tmp_path: Path) -> Callable[[str], RulePack]:
    """Loads a pack from YAML text."""

    def load(text: str) -> RulePack:
        path = tmp_path / "rules.yaml"
        path.write_text(text, encoding="utf-8")
        return load_packs([str(path)])

    return load


@pytest.fixture
def answer(rules_from: Callable[[str], RulePack]) -> Callable[..., Classification]:
    """Classifies a text by a single query."""

    def ask(query: str, text: str, title: str = "", **facts: str | int) -> Classification:
        pack = rules_from(f"topics:\n  it:\n    title: It\n    query: |\n      {query}\n")
        return classify(pack, RuleText(title=title, text=text, **facts))  # type: ignore[arg-type]  # str and int by name

    return ask
