"""The newsroom's coverage as values: outlets and their articles, read from the TOML files beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from tipwatch.demo.wording import fill


class PageStyle(StrEnum):
    """How an outlet's pages carry the publication time."""

    JSON_LD = "json-ld"
    OPENGRAPH = "opengraph"
    VISIBLE = "visible"  # printed beside the headline, nowhere else
    MICRODATA = "microdata"


class FeedStyle(StrEnum):
    """What an outlet's feed is written in."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"
    RSS_CUT = "rss-cut"  # RSS that breaks off in the middle of its last item


class Answer(StrEnum):
    """How the outlet's server answers for an article."""

    PAGE = "page"
    ERROR = "error"  # HTTP 500
    HANG = "hang"  # a page with one tag that keeps HTML parsers busy for many seconds


@dataclass(frozen=True, slots=True)
class Piece:
    """One article as written.

    Attributes:
        path: on the outlet's host, starting with a slash.
        published: aware, in the outlet's zone, whole minutes.
        topic: id of the default topic it belongs to; None for near misses and other news.
        story: name shared by all reports of one event; None where it stands alone.
        near: for a near miss, what it could be mistaken over; None otherwise.
    """

    path: str
    title: str
    byline: str | None
    published: datetime
    paragraphs: tuple[str, ...]
    topic: str | None = None
    story: str | None = None
    near: str | None = None
    answer: Answer = Answer.PAGE


@dataclass(frozen=True, slots=True)
class Outlet:
    """An invented outlet.

    Attributes:
        timezone: IANA zone of its clock.
        robots: its whole robots.txt; empty when it has none (404).
        read_also: headline in the box beside every article: a trap for readers of the whole page.
        alive: False for the outlet whose server is down.
    """

    id: str
    name: str
    country: str
    language: str
    timezone: str
    page_style: PageStyle
    feed_style: FeedStyle
    sections: tuple[str, ...]
    read_also: str
    pieces: tuple[Piece, ...]
    robots: str = ""
    alive: bool = True


def read_outlets(now: datetime) -> tuple[Outlet, ...]:
    """Return all outlets of the newsroom, ordered by id, with dates counted back from `now` (aware)."""
    folder = resources.files("tipwatch.demo") / "newsroom"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return tuple(_outlet(tomllib.loads(f.read_text(encoding="utf-8")), now) for f in files)


def _outlet(table: Mapping[str, Any], now: datetime) -> Outlet:
    language = table["language"]
    zone = ZoneInfo(table["timezone"])
    opened = now.astimezone(zone).replace(second=0, microsecond=0)
    return Outlet(
        id=table["id"],
        name=table["name"],
        country=table["country"],
        language=language,
        timezone=table["timezone"],
        page_style=PageStyle(table["pages"]),
        feed_style=FeedStyle(table["feed"]),
        sections=tuple(table["sections"]),
        read_also=table["read_also"],
        pieces=tuple(_piece(row, language, opened) for row in table.get("article", ())),
        robots=table.get("robots", ""),
        alive=table.get("alive", True),
    )


def _piece(row: Mapping[str, Any], language: str, opened: datetime) -> Piece:
    paragraphs = (" ".join(block.split()) for block in row.get("text", "").split("\n\n"))
    return Piece(
        path=row["path"],
        title=row["title"],
        byline=row.get("byline"),
        published=_before(opened, row["ago"]),
        paragraphs=tuple(fill(p, language, opened.astimezone(UTC)) for p in paragraphs if p),
        topic=row.get("topic"),
        story=row.get("story"),
        near=row.get("near"),
        answer=Answer(row.get("answer", Answer.PAGE)),
    )


def _before(opened: datetime, ago: str) -> datetime:
    """Return the instant `ago` (``H:MM``) before `opened`, in its zone; counted in UTC: no clock changes."""
    hours, minutes = ago.split(":")
    at = opened.astimezone(UTC) - timedelta(hours=int(hours), minutes=int(minutes))
    return at.astimezone(opened.tzinfo)
