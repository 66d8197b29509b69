from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.article import Article


@pytest.fixture(scope="session")
def labelled_acts():
    """Reads a file of labelled reports that lies beside the tests."""

    def read(name: str) -> list[dict[str, Any]]:
        return yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8"))

    return read


@pytest.fixture(scope="session")
def told_article():
    """Makes an article of a title and a text."""

    def make(title: str, text: str, language: str | None = "en") -> Article:
        return Article(
            url="https://gazette.example/1",
            canonical_url="https://gazette.example/1",
            source_id="gazette",
            outlet="Gazette",
            country=None,
            title=title,
            text=text,
            language=language,
        )

    return make
