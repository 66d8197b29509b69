"""One page -> what it says and what that means: extraction, rules and fingerprint in one job of a killable worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.article import Article
from pipeline.errors import PipelineError
from pipeline.extract import PageInput, Unreadable, extract
from pipeline.rules import RulePack, RuleText, classify, load_packs
from pipeline.store import NewArticle
from pipeline.store.columns import clean_text
from pipeline.stories import fingerprint

#: the rules of this process, loaded once by `prepare`
_prepared: list[RulePack] = []


def prepare(pack_names: Sequence[str]) -> None:
    """Load the rules this process works with: the `setup` of its `crawler.worker.Workers`.

    Args:
        pack_names: ``builtin`` or paths of YAML files.

    Raises:
        RuleError: a pack cannot be read.
    """
    _prepared[:] = [load_packs(pack_names)]


def understand(page: PageInput, page_url: str, tier: int | None = None) -> NewArticle | Unreadable:
    """What a page says, ready to be kept; or why it is no article. May take long: run it where it can be killed.

    Args:
        page: as fetched.
        page_url: the URL asked for, whose outcome this decides (`page.url` is where redirects led).
        tier: of the source, 1 to 3; None when not graded.

    Raises:
        PipelineError: `prepare` was not called in this process.
    """
    if not _prepared:
        message = "no rules are loaded in this process: give Workers setup=prepare, setup_args=(pack_names,)"
        raise PipelineError(message)
    read = extract(page)
    if isinstance(read, Unreadable):
        return read
    return replace(understand_article(read, _prepared[0], tier), page_url=page_url)


def understand_article(article: Article, pack: RulePack, tier: int | None = None) -> NewArticle:
    """An article, however we came by it, ready to be kept: classified, and with its fingerprint."""
    article = replace(article, title=clean_text(article.title), text=clean_text(article.text))
    text = RuleText(
        title=article.title,
        text=article.text,
        url=article.url,
        source=article.source_id,
        language=article.language,
        country=article.country,
        tier=tier,
        published=article.published.day if article.published else None,
    )
    return NewArticle(
        page_url=article.url,
        article=article,
        classification=classify(pack, text),
        fingerprint=fingerprint(article.text, article.title),
    )
