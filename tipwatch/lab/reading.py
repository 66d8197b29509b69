"""An article as the rules read it."""

from __future__ import annotations

from pipeline.article import Article
from pipeline.rules import RuleText
from tipwatch.config import Config


def rule_text(config: Config, article: Article) -> RuleText:
    """What the rules read of an article, with what the configuration knows of its source."""
    source = config.source(article.source_id)
    return RuleText(
        title=article.title,
        text=article.text,
        url=article.url,
        source=article.source_id,
        language=article.language,
        country=article.country,
        tier=source.tier if source else None,
        published=article.published.day if article.published else None,
    )
