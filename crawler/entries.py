"""What feeds print, cleaned into entries: text without markup, dates with a zone, absolute links. Pure."""

from __future__ import annotations

import email.utils
import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin

from crawler.page import Entry

#: entries read of one feed: an archive dump is not news, and 50,000 entries cost 10 s (measured)
MAX_ENTRIES = 1000
MAX_SUMMARY_CHARS = 2000
MAX_TITLE_CHARS = 500
#: dates outside are mistakes: there was no news on the web before, and no feed knows the far future
YEARS = range(1995, 2101)

_BLOCK = re.compile(r"<(script|style)\b[^<>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a feed says.

    Attributes:
        entries: in the feed's order; their URLs may be of any scheme, whoever fetches decides.
        kind: as feedparser names it (``rss20``, ``atom10``, ...) or ``json``; empty when it is no feed.
        problem: one line about what was wrong, survivable or not; None when all was well.
        wish_s: seconds for which the feed asks not to be read again; None when it does not.
    """

    entries: tuple[Entry, ...]
    kind: str
    problem: str | None = None
    wish_s: float | None = None


@dataclass(frozen=True, slots=True)
class RawEntry:
    """An entry as printed, before anything is cleaned; None where the feed says nothing."""

    url: str | None = None
    title: str | None = None
    published: str | None = None
    summary: str | None = None
    author: str | None = None
    guid: str | None = None
    language: str | None = None


def parsed_feed(raw: Iterable[RawEntry], base: str, kind: str, problem: str | None) -> ParsedFeed:
    """The feed with its entries cleaned; entries that link nowhere are counted in `problem`."""
    entries = [_clean_entry(entry, base) for entry in raw]
    kept = tuple(entry for entry in entries if entry is not None)
    problems = [problem] if problem else []
    if len(kept) < len(entries):
        problems.append(f"{len(entries) - len(kept)} entries without a link")
    return ParsedFeed(kept, kind, "; ".join(problems) or None)


def read_date(printed: str | None) -> datetime | None:
    """Aware UTC of a printed RFC 822 or ISO 8601 date; None without a zone, unreadable or out of `YEARS`."""
    if not printed:
        return None
    try:
        moment = _read_rfc822(printed) or datetime.fromisoformat(printed)
        if moment.tzinfo is None:
            return None
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None
    return moment if moment.year in YEARS else None


def plain_text(markup: str | None, max_chars: int) -> str | None:
    """Text without tags, control characters and direction marks, on one line; None when nothing is left."""
    if not markup:
        return None
    text = _TAG.sub(" ", _BLOCK.sub(" ", markup[: max_chars * 20]))
    text = clean(html.unescape(text))
    return text[:max_chars].rstrip() or None


def clean(text: str) -> str:
    """On one line, in NFC, without control characters, surrogates, noncharacters and direction marks."""
    kept = "".join(" " if unicodedata.category(char) == "Cc" else char for char in text if _is_kept(char))
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _is_kept(char: str) -> bool:
    code = ord(char)
    is_noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return char not in _BIDI and not 0xD800 <= code <= 0xDFFF and not is_noncharacter


def _clean_entry(raw: RawEntry, base: str) -> Entry | None:
    url = _absolute(raw.url, base)
    if url is None:
        return None
    printed = plain_text(raw.published, 100)
    return Entry(
        url=url,
        title=plain_text(raw.title, MAX_TITLE_CHARS),
        published=read_date(printed),
        published_raw=printed,
        summary=plain_text(raw.summary, MAX_SUMMARY_CHARS),
        author=plain_text(raw.author, 200),
        guid=(clean(raw.guid)[:500] or None) if raw.guid else None,
        language=_language(raw.language),
    )


def _absolute(link: str | None, base: str) -> str | None:
    cleaned = clean(link or "").replace(" ", "%20")
    try:
        return urljoin(base, cleaned) if cleaned else None
    except ValueError:  # such as an unclosed bracket: still somebody's link, to be refused by name
        return cleaned


def _language(tag: str | None) -> str | None:
    primary = re.match(r"[a-zA-Z]{2,3}(?=$|[-_])", (tag or "").strip())
    return primary.group().lower() if primary else None


def _read_rfc822(printed: str) -> datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(printed)
    except (ValueError, TypeError, IndexError):
        return None
    # RFC 5322, 3.3: `-0000` is UTC from a place that does not tell its own zone
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None and printed.endswith("-0000") else moment
