"""A week's brief of our own writing in five languages, with stages, a warning, quotations and sources that fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from alerts.brief.values import (
    Bodies,
    Brief,
    BriefStory,
    Counts,
    ListedStory,
    Method,
    Share,
    SourcesHealth,
    SourceState,
    Spread,
)
from alerts.digest import Copy, DayCount, DigestEntry, FirstReport, Segment, Stage
from alerts.digest import Warning as Claim

MONDAY = date(2026, 11, 16)


def marked(text: str) -> tuple[Segment, ...]:
    """`text` cut at its asterisks: what stands between two of them is marked."""
    return tuple(Segment(part, n % 2 == 1) for n, part in enumerate(text.split("*")) if part)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def entry(headline: str, outlet: str, place: tuple[str, str, str], when: str | None) -> DigestEntry:
    language, country, url = place
    return DigestEntry(
        story_id=f"story of {outlet}",
        headline=marked(headline),
        url=url,
        outlet=outlet,
        country=country,
        language=language,
        published_at=moment(when) if when else None,
        precision="minute" if when else None,
        lead=(),
        why=(),
        score=0.9,
        topics=("Trafficking resolutions",),
        credits=(),
        copies=(),
        first_seen_at=moment(when or "2026-11-20T06:00"),
    )


def _stories() -> tuple[BriefStory, ...]:
    committee = replace(
        entry(
            "UN adopts text on coordinating action against *trafficking in persons*",
            "Caspian Lantern",
            ("en", "AZ", "https://lantern.example.az/region/218001.html"),
            "2026-11-20T16:45",
        ),
        stage=Stage.ADOPTED_COMMITTEE,
        warning=Claim.COMMITTEE_ONLY,
        first=FirstReport("Beresta Wire", "https://beresta.example.by/1", 4 * 3600.0),
        copies=(Copy("Meridian Post", "https://meridian.example/1", "UN text", "en", "GB", "reprint", None),),
        outlets=12,
    )
    return (
        BriefStory(
            committee,
            date(2026, 11, 20),
            ("Third Committee", "UN General Assembly"),
            marked(
                "The Third Committee *adopted by consensus* a resolution against *trafficking in persons*."
            ),
        ),
        BriefStory(
            replace(
                entry(
                    "В Минске обсудили план действий против *торговли людьми*",
                    "Утро Приозерья",
                    ("ru", "BY", "https://utro.example.by/700001"),
                    "2026-11-18T04:12",
                ),
                stage=Stage.NEGOTIATED,
            ),
            date(2026, 11, 18),
            (),
            marked("Речь шла о помощи пострадавшим от *торговли людьми*."),
            continued=True,
        ),
        BriefStory(
            replace(
                entry(
                    "لجنة أممية تعتمد قرارا بشأن مكافحة *الاتجار بالأشخاص*",
                    "Manarat Alwadi",
                    ("ar", "EG", "https://manarat.example.eg/5512"),
                    "2026-11-20T12:00",
                ),
                stage=Stage.ADOPTED_COMMITTEE,
            ),
            date(2026, 11, 20),
            ("Third Committee",),
            marked("وافقت اللجنة الثالثة على نص في مواجهة *الاتجار بالأشخاص*، وذلك من دون تصويت."),
        ),
        BriefStory(
            entry(
                "*İnsan alverinə* qarşı yeni qətnamə layihəsi müzakirəyə çıxarıldı",
                "Xəzər Ləpəsi",
                ("az", "AZ", "https://lepe.example.az/insan-alveri"),
                None,
            ),
            date(2026, 11, 20),
        ),
        BriefStory(
            entry(
                "多国代表呼吁落实打击*人口贩运*全球行动计划",
                "蓝桥晨讯",
                ("zh", "CN", "https://lanqiao.example.cn/plan"),
                "2026-11-19T01:30",
            ),
            date(2026, 11, 19),
            ("UN General Assembly",),
            marked("与会代表表示，各国应当为打击*人口贩运*提供资金。"),
        ),
    )


@pytest.fixture
def week_brief() -> Brief:
    return Brief(
        title="Trafficking resolutions",
        start=moment("2026-11-15T21:00"),
        end=moment("2026-11-22T21:00"),
        first_day=MONDAY,
        last_day=MONDAY + timedelta(days=6),
        timezone="Europe/Minsk",
        made_at=moment("2026-11-23T05:00"),
        method=Method(("Trafficking resolutions",), "abc123def456", 412, ("en", "ru"), ("AZ",), (), 0.5),
        counts=Counts(8, 21, 9, 5, 5),
        before=Counts(4, 30, 12, 5, 5),
        read_since=moment("2026-09-01T00:00"),
        bodies=Bodies((("UN General Assembly", 4), ("OSCE", 2)), ("OSCE",), 4),
        stories=_stories(),
        further=(
            ListedStory(
                date(2026, 11, 17), "A protocol is explained", "https://vesper.example/1", "Vesper", "en", 2
            ),
            ListedStory(
                date(2026, 11, 19), "لجنة أممية تجتمع", "https://manarat.example.eg/6", "Manarat", "ar", 1
            ),
        ),
        uncounted=1,
        spread=Spread(
            (Share("AZ", 12, 3), Share("BY", 6, 2), Share("INT", 2, 1), Share(None, 1, 1)),
            (Share("en", 10, 3), Share("ru", 6, 2), Share("az", 5, 2)),
            tuple(Share(f"Paper {number}", 9 - number, 1) for number in range(9)),
        ),
        days=tuple(DayCount(MONDAY + timedelta(days=n), (0, 2, 4, 5, 9, 1, 0)[n]) for n in range(7)),
        health=SourcesHealth(
            40,
            37,
            (SourceState("Ruh News", None, 3), SourceState("Harbour Post", moment("2026-11-20T05:00"), 2)),
            (SourceState("Quiet Gazette", moment("2026-11-23T04:00")),),
            moment("2026-11-23T04:58"),
        ),
    )


@pytest.fixture
def empty_brief(week_brief: Brief) -> Brief:
    return replace(
        week_brief,
        counts=Counts(),
        before=None,
        read_since=None,
        bodies=Bodies(),
        stories=(),
        further=(),
        uncounted=0,
        spread=Spread(),
        days=tuple(replace(day, articles=0) for day in week_brief.days),
        health=SourcesHealth(),
    )


HOSTILE = (
    '<script>alert(1)</script> {{ 7*7 }} {% raw %} #import "@preview/x:1.0.0" #read("/etc/passwd") $x$ *b* _i_ '
    "@label <label> \\u{41} // /* [a](b) \x00\x01\x08\x0b\x1f\x7f\x85\ud800\udfff\ufffe\uffff\ufdd0\U0001ffff "
    "\u202egnp.exe\u202c\u2066\u2069 \t\r\n\u2028\u2029 ]]> &amp; ' \" ` ~ ^ %"
)


@pytest.fixture
def hostile_brief(week_brief: Brief) -> Brief:
    """Every text that comes from outside is as bad as it can be."""
    bad = HOSTILE + "x" * 10_000
    stories = tuple(
        replace(
            story,
            bodies=(bad,),
            quote=(Segment(HOSTILE), Segment(HOSTILE, marked=True), Segment("y" * 10_000)),
            entry=replace(
                story.entry,
                headline=(Segment(HOSTILE, marked=True), Segment(bad)),
                url="javascript:alert(1)" if number % 2 else f"https://a.example/{HOSTILE}",
                outlet=bad,
                language='"><script>' if number % 2 else "zz\x00",
                country="<Q>",
                first=FirstReport(bad, "data:text/html,x", None),
            ),
        )
        for number, story in enumerate(week_brief.stories)
    )
    return replace(
        week_brief,
        title=bad,
        stories=stories,
        further=(ListedStory(MONDAY, bad, "file:///etc/passwd", bad, "\ud800", 1),),
        bodies=Bodies(((bad, 2),), (bad,), 3),
        spread=Spread((Share(bad, 1, 1),), (Share(bad, 1, 1), Share("x" * 300, 1, 1)), (Share(bad, 1, 1),)),
        method=replace(week_brief.method, topics=(bad,), outlets=(bad,), rules_version=bad),
        health=SourcesHealth(2, 1, (SourceState(bad, None, 1),), (SourceState(bad, None),), None),
    )


@pytest.fixture
def long_brief(week_brief: Brief) -> Callable[[int, int], Brief]:
    """A brief with so many stories told in full, and so many in its annex."""

    def make(told: int, further: int) -> Brief:
        one, line = week_brief.stories[0], week_brief.further[0]
        return replace(
            week_brief,
            stories=tuple(
                replace(one, entry=replace(one.entry, headline=(Segment(f"Told story {number}"),)))
                for number in range(told)
            ),
            further=tuple(replace(line, headline=f"Listed story {number}") for number in range(further)),
            uncounted=7,
            counts=Counts(told + further + 7, 900, 80, 20, 9),
        )

    return make
