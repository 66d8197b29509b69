"""The small chart above a digest: coverage by day, as bars and in words."""

from __future__ import annotations

from collections.abc import Sequence

from alerts.digest import DayCount
from alerts.render.page import Bar, ChartView
from alerts.render.words import Words

MOST_DAYS = 60
HIGHEST_PX = 40
_LOWEST_PX = 3  # one article among hundreds is still seen
_BLOCKS = "▁▂▃▄▅▆▇█"
_NO_BLOCK = "·"


def chart_of(days: Sequence[DayCount], words: Words) -> ChartView | None:
    """The last `MOST_DAYS` of these days, oldest first; None when there are none."""
    shown = days[-MOST_DAYS:]
    if not shown:
        return None
    most = max(day.articles for day in shown)
    return ChartView(
        bars=tuple(_bar(day.articles, most) for day in shown),
        caption=_caption(shown, words),
        first_day=words.brief_day(shown[0].day),
        last_day=f"{words.brief_day(shown[-1].day)}: {shown[-1].articles}",
    )


def _bar(articles: int, most: int) -> Bar:
    if articles <= 0:
        return Bar(0, _NO_BLOCK)
    share = articles / most
    return Bar(
        height=max(_LOWEST_PX, round(HIGHEST_PX * share)),
        block=_BLOCKS[max(0, round(len(_BLOCKS) * share) - 1)],
    )


def _caption(shown: Sequence[DayCount], words: Words) -> str:
    """What the bars show, in one sentence; of several highest days the latest."""
    stretch = words.say("days", len(shown))
    total = sum(day.articles for day in shown)
    if not total:
        return words.say("chart_none", days=stretch)
    highest = max(shown, key=lambda day: (day.articles, day.day))
    return words.say(
        "chart",
        days=stretch,
        articles=words.say("articles", total),
        day=words.plain_day(highest.day),
        most=highest.articles,
    )
