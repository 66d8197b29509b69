"""Digests of all kinds, of our own writing, and a browser to look at them with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from alerts import digest as told
from alerts.digest import (
    Copy,
    DayCount,
    Digest,
    DigestEntry,
    Discrepancy,
    FirstReport,
    Flood,
    FoundLate,
    Reason,
    Segment,
    Stage,
    StoryUpdate,
)

#: articles a day up to and with 23 November 2026
COVERAGE = (0, 1, 0, 0, 2, 1, 3, 0, 0, 1, 1, 0, 2, 0, 0, 1, 4, 2, 9, 3, 1, 0, 0, 1, 2, 0, 1, 0, 2, 4)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def segments(text: str) -> tuple[Segment, ...]:
    """`text` cut at its asterisks: what stands between two of them is marked."""
    return tuple(Segment(part, n % 2 == 1) for n, part in enumerate(text.split("*")) if part)


def day_counts(last: date, counts: tuple[int, ...] = COVERAGE) -> tuple[DayCount, ...]:
    first = last - timedelta(days=len(counts) - 1)
    return tuple(DayCount(first + timedelta(days=n), count) for n, count in enumerate(counts))


def ratified() -> StoryUpdate:
    entry = DigestEntry(
        story_id="u1",
        headline=segments("Moldova's president signs law on *ratification* of the *protocol*"),
        url="https://moldnews.example.md/society/protocol-signed",
        outlet="Moldnews",
        country="MD",
        language="en",
        published_at=at("2026-11-23T03:40"),
        precision="minute",
        lead=segments(
            "With the signature the *protocol against trafficking in persons* is *ratified*; the papers go to "
            "New York this week."
        ),
        why=(
            Reason("Ratified", segments("… the *protocol against trafficking in persons* is *ratified* …")),
        ),
        score=0.88,
        topics=("Trafficking resolutions",),
        credits=(),
        copies=(
            Copy(
                "Vocea",
                "https://vocea.example.md/lege",
                "Legea a fost promulgată",
                "ro",
                "MD",
                "report",
                at("2026-11-23T04:05"),
                "minute",
            ),
        ),
        first_seen_at=at("2026-11-21T08:00"),
        stage=Stage.RATIFIED,
        outlets=5,
        origins=3,
    )
    return StoryUpdate("Parliament in Chișinău votes on protocol tonight", at("2026-11-21T05:30"), entry)


def arabic_update() -> StoryUpdate:
    entry = DigestEntry(
        story_id="u2",
        headline=segments("البرلمان يحيل مشروع قانون *مكافحة الاتجار بالبشر* إلى اللجنة"),
        url="https://www.alsabah.example.com.eg/news/5600",
        outlet="الصباح",
        country="EG",
        language="ar",
        published_at=at("2026-11-22T22:00"),
        precision="day",
        lead=(),
        why=(Reason("Trafficking in persons", segments("… مشروع قانون *مكافحة الاتجار بالبشر* …")),),
        score=0.7,
        topics=("Trafficking news",),
        credits=(),
        copies=(),
        first_seen_at=at("2026-11-22T22:30"),
        stage=Stage.TABLED,
        warning=told.Warning.NOT_YET_ADOPTED,
    )
    return StoryUpdate("الحكومة توافق على مشروع القانون", at("2026-11-20T05:30"), entry)


def late_entry() -> DigestEntry:
    return DigestEntry(
        story_id="l1",
        headline=segments("Seminar in Almaty on *labour exploitation* closes with a joint *declaration*"),
        url="https://steppe.example.kz/seminar",
        outlet="Steppe Herald",
        country="KZ",
        language="en",
        published_at=at("2026-10-30T10:00"),
        precision="minute",
        lead=(),
        why=(Reason("Declaration", segments("… closes with a joint *declaration* that …")),),
        score=0.64,
        topics=("Trafficking news",),
        credits=(),
        copies=(),
        first_seen_at=at("2026-10-30T10:20"),
    )


@pytest.fixture
def full_day(day_digest: Digest) -> Digest:
    """A day with everything that a digest can say, but no flood."""
    committee, russian, *others = day_digest.entries
    committee = replace(
        committee,
        headline=segments(
            "*UN* adopts *Belarus* text on coordinating action against *trafficking in persons*"
        ),
        stage=Stage.ADOPTED_COMMITTEE,
        warning=told.Warning.COMMITTEE_ONLY,
        first=FirstReport("BelTA", "https://eng.belta.by/politics/view/third-committee", 6 * 3600 + 4 * 60),
        outlets=12,
        origins=2,
        discrepancies=(
            Discrepancy("sponsors", (("more than 40", ("Azernews", "BelTA")), ("38", ("MENAFN",)))),
            Discrepancy("date", (("10 November", ("BelTA",)), ("11 November", ("SB. Belarus Today",)))),
        ),
    )
    russian = replace(russian, stage=Stage.NEGOTIATED, outlets=3, origins=1)
    return replace(
        day_digest,
        entries=(committee, russian, *others),
        left_out=0,
        days=day_counts(date(2026, 11, 23)),
        updates=(ratified(), arabic_update()),
        last_match_at=at("2026-11-23T04:12"),
        last_success_at=at("2026-11-23T02:58"),
        found_late=(FoundLate(at("2026-11-22T09:00"), (late_entry(),)),),
    )


@pytest.fixture
def quiet_day(full_day: Digest) -> Digest:
    """A window without anything."""
    return replace(
        full_day,
        entries=(),
        updates=(),
        found_late=(),
        days=day_counts(date(2026, 11, 23), (*COVERAGE[2:27], 0, 1, 0, 0, 0)),
        last_match_at=at("2026-11-20T01:15"),
    )


@pytest.fixture
def updates_day(full_day: Digest) -> Digest:
    """Nothing new but more about what was told."""
    return replace(full_day, entries=(), found_late=())


@pytest.fixture
def arabic_day(full_day: Digest) -> Digest:
    """Stories in Arabic only, with all that may stand beside one."""
    arabic = replace(
        full_day.entries[2],
        outlet="الصباح",
        stage=Stage.ADOPTED_COMMITTEE,
        warning=told.Warning.COMMITTEE_ONLY,
        first=FirstReport("وكالة أنباء الشرق الأوسط", "https://mena.example.eg/1", 5400),
        outlets=4,
        origins=2,
        discrepancies=(Discrepancy("votes", (("بالإجماع", ("الصباح",)), ("112", ("MENA", "新闻晨报")))),),
    )
    return replace(full_day, entries=(arabic,), updates=(arabic_update(),), found_late=())


@pytest.fixture
def long_day(full_day: Digest) -> Digest:
    """More than fits in full: the others are told in one line each."""
    many = (
        replace(full_day.entries[n % 5], story_id=f"b{n}", url=f"https://example.org/{n}") for n in range(30)
    )
    return replace(full_day, entries=tuple(many))


@pytest.fixture
def flood_day(full_day: Digest) -> Digest:
    """187 stories where 12 are usual: ten shown, the others in the attached list."""
    many = tuple(
        replace(
            full_day.entries[n % 5],
            story_id=f"f{n}",
            url=f"https://example.org/{n}",
            stage=None,
            warning=None,
            first=None,
            discrepancies=(),
            copies=(),
        )
        for n in range(187)
    )
    return replace(
        full_day,
        entries=many[:10],
        unlisted=many[10:],
        updates=(),
        found_late=(),
        flood=Flood(12.3, 187),
        days=day_counts(date(2026, 11, 23), (*COVERAGE[:-1], 187)),
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium for the tests of one file: its loop is the thread's running one until it closes, so no longer."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=_installed_chromium(), args=arguments)
        yield running
        running.close()


def _installed_chromium() -> str:
    """The system's Chromium, or one that playwright has installed.

    On a machine without any, CI fails (.ci/run installs it); a person runs all other tests and is told what is missing.
    """
    names = ("chromium", "chromium-browser", "google-chrome")
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    fetched = (
        str(path) for name in ("chrome", "headless_shell") for path in folder.glob(f"chromium*/*/{name}")
    )
    found = next(filter(None, map(shutil.which, names)), None) or next(fetched, None)
    if found is not None:
        return found
    missing = "no Chromium to look at the digest with: apt-get install chromium, or .venv/bin/playwright install chromium"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.fixture
def open_mail(browser: Browser) -> Iterator[Callable[[str, int, str], Any]]:
    """Shows that HTML in a window so wide, light or dark; `asked_for` of the page are the addresses it loads."""
    pages = []

    def opened(html: str, width: int, scheme: str) -> Any:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        pages.append(page)
        page.asked_for = []
        page.on("request", lambda request: page.asked_for.append(request.url))
        page.set_content(html)
        return page

    yield opened
    for page in pages:
        page.close()
