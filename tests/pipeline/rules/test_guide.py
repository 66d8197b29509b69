"""Every example of the guide does what the guide says."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.article import Classification
from pipeline.rules import lab, load_packs

GUIDE = (Path(__file__).parents[3] / "docs" / "how-to" / "write-a-rule.md").read_text(encoding="utf-8")
PACKS = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
ROWS = [re.findall(r"`([^`]+)`", line) for line in GUIDE.splitlines() if line.startswith("| `")]
EXAMPLES = [(row[0], row[-2], row[-1]) for row in ROWS]


def test_the_guide_has_packs_and_tables() -> None:
    assert len(PACKS) == 3
    assert len(EXAMPLES) == 26


@pytest.mark.parametrize(("query", "yes", "no"), EXAMPLES)
def test_a_row_of_the_guide_holds(
    answer: Callable[..., Classification], query: str, yes: str, no: str
) -> None:
    assert answer(query, yes).matches
    assert not answer(query, no).matches


@pytest.mark.parametrize("text", PACKS)
def test_a_pack_of_the_guide_passes_its_own_examples(tmp_path: Path, text: str) -> None:
    path = tmp_path / "guide.yaml"
    path.write_text(text, encoding="utf-8")
    pack = load_packs(["builtin", str(path)])
    assert [str(each) for each in lab.check_examples(pack)] == []
    assert [str(each) for each in lab.lint(pack) if each.spot.file == str(path)] == []
