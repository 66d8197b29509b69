"""What an imported line becomes."""

from __future__ import annotations

from pathlib import Path

from pipeline.article import Article
from tipwatch.config import load_config
from tipwatch.jsonl import article_from


def test_control_characters_of_an_imported_line_are_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("sources: []\n", "utf-8")
    line = {
        "url": "https://courier.example/1",
        "title": "Committee\x00 adopts\x1b[31m a text\u202e",
        "text": "One.\x07\r\nTwo.",
    }
    article = article_from(line, load_config(path))
    assert isinstance(article, Article)
    assert (article.title, article.text) == ("Committee adopts[31m a text", "One.\nTwo.")


def test_an_imported_date_that_cannot_be_is_refused_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("sources: []\n", "utf-8")
    for printed in ("3026-01-01T00:00:00Z", "0001-01-01"):
        line = {"url": "https://courier.example/1", "title": "A", "text": "B.", "published_at": printed}
        article = article_from(line | {"country": "XX\x1b[0m"}, load_config(path))
        assert isinstance(article, Article)
        assert article.published is None
        assert article.published_problem == f"the imported line says {printed}, which cannot be"
        assert article.country == "XX [0m"
