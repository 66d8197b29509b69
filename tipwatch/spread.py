"""How far a story spread: which outlets carry it, from how many independent origins, and who had it first. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from alerts.digest import FirstReport
from pipeline.article import Article, Precision, Published, Role
from pipeline.store import ArticleRecord

#: no news page of the web is older; extraction refuses what says so (`pipeline.extract.verdict`)
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
#: known to the minute
TIMED = frozenset({Precision.SECOND, Precision.MINUTE})


def outlets_of(records: Sequence[ArticleRecord]) -> tuple[str, ...]:
    """The outlets that carry a story, each once, in the order of its articles."""
    names: dict[str, str] = {}
    for record in records:
        names.setdefault(same_name(record.article.outlet), record.article.outlet)
    return tuple(names.values())


def origins_of(records: Sequence[ArticleRecord]) -> frozenset[str]:
    """The independent origins of a story, as names without case; at least one where there is an article.

    An article that says whom it has its report from stands for that origin, the farthest it names; a reprint without
    a credit for that of the first report; any other for its own outlet.
    """
    if not records:
        return frozenset()
    first = first_of(records)
    return frozenset(origin(record.article, first.article, record.role) for record in records)


def origin(article: Article, first: Article, role: Role) -> str:
    """Where an article has its report from, as a name without case; `first`: its story's first report."""
    if article.credits:
        return same_name(article.credits[-1].name)
    if role is not Role.REPRINT or article is first:
        return same_name(article.outlet)
    return same_name(first.credits[-1].name if first.credits else first.outlet)


def same_name(name: str) -> str:
    """A name as it is compared."""
    return " ".join(name.split()).casefold()


def first_of(records: Sequence[ArticleRecord]) -> ArticleRecord:
    """The first report: the one with that role, else the earliest published."""
    return min([record for record in records if record.role is Role.FIRST] or records, key=publication_order)


def publication_order(record: ArticleRecord) -> tuple[float, int]:
    """Sort key: by publication time, then by when we stored it.

    Unknown times, and those that cannot be (imported articles may say any), by when we first saw the article.
    """
    published, seen = record.article.published, record.first_seen_at
    can_be = published is not None and EARLIEST <= published.at <= seen + timedelta(days=1)
    return ((published.at if published and can_be else seen).timestamp(), record.id)


def first_report(top: ArticleRecord, records: Sequence[ArticleRecord]) -> FirstReport | None:
    """Who had the story before the article shown on top; None when nobody surely had, or the same outlet did."""
    first = first_of(records)
    if same_name(first.article.outlet) == same_name(top.article.outlet):
        return None
    if not surely_before(first.article.published, top.article.published):
        return None
    return FirstReport(
        first.article.outlet, first.article.url, lead_s(first.article.published, top.article.published)
    )


def surely_before(one: Published | None, other: Published | None) -> bool:
    """Whether it was published before the other; of a bare day only its last moment is sure."""
    if one is None or other is None:
        return False
    over = one.at if one.precision in TIMED else one.at + timedelta(days=1)
    return one.at < other.at and over <= other.at


def lead_s(one: Published | None, other: Published | None) -> float | None:
    """Seconds between two publications; None unless both are known to the minute."""
    if one is None or other is None or one.precision not in TIMED or other.precision not in TIMED:
        return None
    return (other.at - one.at).total_seconds()
