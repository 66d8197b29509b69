"""Sources to and from OPML subscription lists (http://opml.org/spec2.opml)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import quoteattr

from crawler.opml import read_opml
from crawler.source import Manners, Source
from crawler.urls import host_of, is_fetchable, same_site
from tipwatch.sources_identity import country_of, free_id, id_of

#: what XML 1.0 cannot hold (2.2)
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Imported:
    """What a list holds: `sources` that are new, and feeds `known` already."""

    sources: tuple[Source, ...]
    known: tuple[str, ...] = ()
    unusable: tuple[str, ...] = ()


def import_opml(document: bytes, manners: Manners, configured: Sequence[Source]) -> Imported:
    """The feeds of an OPML list as sources: those of one name on one site together, those we have left out.

    Raises:
        CrawlError: it is not XML, or holds no feed.
    """
    ours = {feed for source in configured for feed in source.feeds}
    known: list[str] = []
    unusable: list[str] = []
    grouped: list[Source] = []
    for one in read_opml(document, manners):
        feed = one.feeds[0]
        if feed in ours:
            known.append(feed)
        elif not is_fetchable(feed):
            unusable.append(feed)
        else:
            add(grouped, one)
    return Imported(identified(grouped, {source.id for source in configured}), tuple(known), tuple(unusable))


def add(grouped: list[Source], one: Source) -> None:
    """Put the feed to the source of its name on its site, else make it one of its own."""
    for place, held in enumerate(grouped):
        if held.name == one.name and same_site(held.feeds[0], one.feeds[0]):
            grouped[place] = replace(held, feeds=(*held.feeds, *one.feeds))
            return
    grouped.append(one)


def identified(sources: Iterable[Source], taken: Collection[str]) -> tuple[Source, ...]:
    """The sources with short ids of their own, and their country where their address says it."""
    used = set(taken)
    made = []
    for source in sources:
        url = source.feeds[0]
        short = id_of(url, ())
        source_id = free_id((short, host_of(url), source.name), used)
        used.add(source_id)
        made.append(replace(source, id=source_id, country=country_of(url)))
    return tuple(made)


def as_opml(sources: Sequence[Source], now: datetime) -> str:
    """OPML 2.0: one outline per feed, in the order of the sources. Sitemaps and listings have no place in it."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "  <head>",
        "    <title>tipwatch sources</title>",
        f"    <dateCreated>{format_datetime(now, usegmt=True)}</dateCreated>",
        "  </head>",
        "  <body>",
    ]
    lines += [outline(source, feed) for source in sources for feed in source.feeds]
    return "\n".join([*lines, "  </body>", "</opml>"]) + "\n"


def outline(source: Source, feed: str) -> str:
    """A subscription. `type` is ``rss`` for any kind of feed, as the specification has it."""
    name = quoted(source.name)
    language = f" language={quoted(source.languages[0])}" if source.languages else ""
    country = f" category={quoted('/country/' + source.country)}" if source.country else ""
    return f'    <outline type="rss" text={name} title={name} xmlUrl={quoted(feed)}{language}{country}/>'


def quoted(text: str) -> str:
    """As the value of an attribute."""
    return quoteattr(_NO_XML.sub("\ufffd", text), {"\n": " ", "\r": " ", "\t": " "})
