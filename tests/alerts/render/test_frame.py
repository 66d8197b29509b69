"""What stands around the stories: the day in one line, the chart, a flood, a quiet day, and the foot."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from lxml import html as lxml_html

from alerts.digest import DayCount, Digest, Discrepancy, FirstReport, Flood
from alerts.render import render
from alerts.render.chart import HIGHEST_PX, chart_of
from alerts.render.words import Words
from alerts.windows import zone_named

ENGLISH = Words("en", zone_named("UTC"))


def days(*counts: int) -> tuple[DayCount, ...]:
    first = date(2026, 11, 23) - timedelta(days=len(counts) - 1)
    return tuple(DayCount(first + timedelta(days=n), count) for n, count in enumerate(counts))


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_chart_says_in_words_what_its_bars_show() -> None:
    chart = chart_of(days(0, 9, 1, 2), ENGLISH)
    assert chart is not None
    assert chart.caption == "4 days: 12 articles; most on 21 November: 9"
    assert [bar.height for bar in chart.bars] == [0, HIGHEST_PX, 4, 9]
    assert "".join(bar.block for bar in chart.bars) == "·█▁▂"
    assert (chart.first_day, chart.last_day) == ("20 Nov", "23 Nov: 2")


def test_one_article_among_thousands_is_still_seen() -> None:
    chart = chart_of(days(5000, 1), ENGLISH)
    assert chart is not None
    assert chart.bars[1].height >= 3
    assert chart.bars[1].block == "▁"


def test_a_month_without_articles_is_said_and_no_days_draw_nothing() -> None:
    chart = chart_of(days(0, 0), ENGLISH)
    assert chart is not None
    assert chart.caption == "2 days: no articles"
    assert chart_of((), ENGLISH) is None


def test_the_bars_are_cells_that_need_no_style_sheet_and_are_not_read_aloud(full_day: Digest) -> None:
    page = lxml_html.document_fromstring(render(full_day).html)
    (bars,) = page.xpath("//table[contains(@class, 'bars')]")
    assert bars.get("aria-hidden") == "true"
    drawn = bars.xpath(".//table")
    assert len(bars.xpath("./tbody/tr/td")) == 30
    assert len(drawn) == 18
    assert all(table.get("bgcolor") and int(table.xpath(".//td/@height")[0]) > 0 for table in drawn)
    assert [table.get("class") for table in drawn].count("now") == 1
    assert bars.text_content().strip() == ""


def test_a_quiet_window_is_told_in_one_line_with_the_days_in_the_subject(quiet_day: Digest) -> None:
    mail = render(quiet_day)
    assert mail.subject == "Trafficking resolutions, daily · quiet: 3 days since the last match"
    assert "Nothing new in this window. The last match was found on 20 Nov 2026, 04:15." in flat(mail.text)
    assert "412 articles read from 37 sources; 2 silent: Ruh News, Harbour Post; last success 05:58." in flat(
        mail.text
    )
    assert "30 days: 35 articles" in mail.text
    assert mail.attachments == ()


@pytest.mark.parametrize(
    ("ago", "since"),
    [
        (timedelta(hours=5, minutes=50), "5 h since the last match"),
        (timedelta(days=1), "1 day since the last match"),
        (timedelta(days=12, hours=23), "12 days since the last match"),
        (timedelta(seconds=-5), "0 h since the last match"),
        (None, "nothing yet"),
    ],
)
def test_the_subject_of_a_quiet_window_counts_from_the_last_match(
    quiet_day: Digest, ago: timedelta | None, since: str
) -> None:
    last = None if ago is None else quiet_day.window_end - ago
    assert render(replace(quiet_day, last_match_at=last)).subject.endswith(f" · quiet: {since}")


def test_a_success_of_another_day_is_named_with_its_day(quiet_day: Digest) -> None:
    long_ago = replace(quiet_day, last_success_at=quiet_day.window_end - timedelta(days=2))
    assert "last success 21 Nov 2026, 07:30." in flat(render(long_ago).text)


def test_what_the_foot_does_not_know_it_leaves_out(quiet_day: Digest) -> None:
    bare = replace(quiet_day, sources_read=0, silent_sources=(), last_success_at=None)
    assert "read from" not in render(bare).text
    only_silent = render(replace(bare, silent_sources=("Ruh News",))).text
    assert "1 silent: Ruh News." in only_silent


def test_updates_stand_under_what_was_told_and_are_counted_apart(full_day: Digest) -> None:
    mail = render(full_day)
    assert "5 stories, 2 updates, 10 outlets, 6 languages; 1 story found late" in mail.text
    assert mail.subject.startswith("Trafficking resolutions, daily · 5 stories, 2 updates: UN adopts")
    text = flat(mail.text)
    assert (
        text.index("多国代表")
        < text.index("More about stories you were told")
        < text.index("Told on 21 Nov: Parliament in Chișinău votes on protocol tonight")
        < text.index("Moldova's president signs law")
        < text.index("Found late")
    )


def test_a_digest_of_updates_only_says_so(updates_day: Digest) -> None:
    mail = render(updates_day)
    assert mail.subject == (
        "Trafficking resolutions, daily · 2 updates: "
        "Moldova's president signs law on ratification of the protocol"
    )
    assert "Nothing new" not in mail.text
    assert "and 3 more updates, not shown" in render(replace(updates_day, updates_left_out=3)).text


def test_a_story_says_how_far_it_came_who_had_it_first_and_how_far_it_went(full_day: Digest) -> None:
    text = flat(render(full_day).text)
    assert "[Stage: adopted in committee]" in text
    assert "BelTA first, 6 h 04 min before; 12 outlets, 2 origins" in text
    assert "the text speaks of a committee: the plenary has not voted yet." in text
    assert "Where reports differ - Sponsors: more than 40 (Azernews, BelTA); 38 (MENAFN)" in text


def test_no_lead_is_claimed_that_is_not_known_to_the_minute(full_day: Digest) -> None:
    first = replace(full_day.entries[0], first=FirstReport("BelTA", "no link", None))
    for lead in (None, 12.0):
        entry = replace(first, first=FirstReport("BelTA", "no link", lead))
        text = flat(render(replace(full_day, entries=(entry,))).text)
        assert "BelTA first; 12 outlets, 2 origins" in text


def test_a_story_that_one_outlet_has_is_not_counted(full_day: Digest) -> None:
    alone = replace(full_day.entries[0], first=None, outlets=1, origins=1, copies=())
    text = render(replace(full_day, entries=(alone,), updates=())).text
    assert "origin" not in text


def test_points_are_named_in_words_and_stages_among_them_too(full_day: Digest) -> None:
    points = (
        Discrepancy("stage", (("adopted", ("A",)), ("adopted_committee", ("B",)))),
        Discrepancy("place of the vote", (("Geneva", ("A",)), ("New York", ("B", "C")))),
        Discrepancy("votes", (("112", ("A",)),)),
    )
    entry = replace(full_day.entries[0], discrepancies=points)
    text = flat(render(replace(full_day, entries=(entry,)), language="ru").text)
    assert "Стадия: принято (A); принято в комитете (B)" in text
    assert "Place of the vote: Geneva (A); New York (B, C)" in text
    assert "112" not in text, "nobody differs there"


@pytest.mark.parametrize(
    ("flood", "said"),
    [
        (Flood(12.3, 187), "187 stories came; 12 are usual for such a window."),
        (Flood(1.2, 187), "187 stories came; 1 is usual for such a window."),
        (Flood(0.2, 187), "187 stories came; usually such a window brings one at most."),
        (Flood(None, 187), "187 stories came in this window."),
    ],
)
def test_a_flood_says_what_is_usual_and_how_it_is_folded(flood_day: Digest, flood: Flood, said: str) -> None:
    mail = render(replace(flood_day, flood=flood))
    assert f"{said} Shown folded: 10 in full, 177 in the attached list." in flat(mail.text)
    assert mail.subject.startswith("Trafficking resolutions, daily · 187 stories: UN adopts")


def test_the_language_of_the_digest_is_the_language_of_the_frame(full_day: Digest) -> None:
    russian = render(replace(full_day, language="ru"))
    assert russian == render(full_day, language="ru")
    page = lxml_html.document_fromstring(russian.html)
    assert page.get("lang") == "ru"
    assert page.xpath("//body/div[@lang='ru']"), "some clients drop what html says of itself"
