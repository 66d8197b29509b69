from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.article import Article, Credit, Precision, Published, Role
from pipeline.store import ArticleRecord
from tipwatch.spread import first_report, origins_of, outlets_of

TEN = datetime(2026, 11, 11, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def report(
    outlet: str,
    role: Role = Role.REPORT,
    *credited: str,
    hours: float = 0,
    precision: Precision | None = Precision.MINUTE,
) -> ArticleRecord:
    at = TEN + hours * HOUR
    published = Published(at, precision, 0, "json-ld", "page", "printed") if precision else None
    article = Article(
        url=f"https://{outlet.lower()}.example/{hours}",
        canonical_url=f"https://{outlet.lower()}.example/{hours}",
        source_id=outlet.lower(),
        outlet=outlet,
        country=None,
        title="t",
        text="t",
        published=published,
        credits=tuple(Credit(name, name, -1, -1) for name in credited),
    )
    return ArticleRecord(int(hours * 100) + len(outlet), article, (), "s", role, TEN + 9 * HOUR)


def test_an_outlet_counts_once_however_many_articles_it_has_and_however_it_is_spelled() -> None:
    records = [report("BelTA", Role.FIRST), report("Azernews", hours=1), report("BELTA", hours=2)]
    assert outlets_of(records) == ("BelTA", "Azernews")


@pytest.mark.parametrize(
    ("records", "origins"),
    [
        ([report("BelTA", Role.FIRST)], {"belta"}),
        ([report("BelTA", Role.FIRST), report("Azernews", Role.REPRINT, hours=1)], {"belta"}),
        ([report("BelTA", Role.FIRST), report("Azernews", Role.REPORT, "BelTA", hours=1)], {"belta"}),
        ([report("BelTA", Role.FIRST), report("Trend", Role.REPORT, hours=1)], {"belta", "trend"}),
        ([report("Azernews", Role.FIRST, "BelTA"), report("Trend", Role.REPRINT, hours=1)], {"belta"}),
        (
            [report("BelTA", Role.FIRST), report("Trend", Role.REPRINT, "Azernews", "AFP", hours=1)],
            {"belta", "afp"},
        ),
        ([report("Trend", Role.REPRINT, hours=1), report("Day", Role.REPRINT, hours=2)], {"trend"}),
        ([], set()),
    ],
)
def test_an_origin_is_who_is_credited_or_else_the_outlet_itself(
    records: list[ArticleRecord], origins: set[str]
) -> None:
    assert origins_of(records) == origins


def test_who_had_it_first_is_named_with_its_lead() -> None:
    first, top = report("BelTA", Role.FIRST), report("Azernews", Role.REPRINT, hours=6)
    found = first_report(top, [top, first])
    assert found is not None
    assert (found.outlet, found.lead_s) == ("BelTA", 6 * 3600)


@pytest.mark.parametrize(
    ("first", "top"),
    [
        (report("BelTA", Role.FIRST), report("BelTA", hours=6)),  # the same outlet
        (report("BelTA", Role.FIRST, precision=None), report("Azernews", hours=6)),  # not known when
        (report("BelTA", Role.FIRST, hours=7), report("Azernews", hours=6)),  # its role contradicts its time
        (report("BelTA", Role.FIRST, precision=Precision.DAY), report("Azernews", hours=6)),  # the same day
    ],
)
def test_nobody_is_called_first_who_may_not_have_been(first: ArticleRecord, top: ArticleRecord) -> None:
    assert first_report(top, [first, top]) is None


def test_a_day_before_is_before_but_no_number_of_hours() -> None:
    first, top = report("BelTA", Role.FIRST, hours=-24, precision=Precision.DAY), report("Azernews")
    found = first_report(top, [first, top])
    assert found is not None
    assert found.lead_s is None
