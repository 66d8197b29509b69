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

from crawler.dates import read_loosely
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

#: more than any language writes with; a feed of all characters there are must not fill the memory
_CHARACTERS_KNOWN = 20_000


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a feed says.

    Attributes:
        entries: in the feed's order; their URLs may be of any scheme, whoever fetches decides.
        kind: as feedparser names it (``rss20``, ``atom10``, ...) or ``json``; empty when it is no feed.
        problem: one line about what was wrong, survivable or not; None when all was well.
        listed: entries in it, with those that link nowhere.
        wish_s: seconds for which the feed asks not to be read again; None when it does not.
    """

    entries: tuple[Entry, ...]
    kind: str
    problem: str | None = None
    listed: int = 0
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
    updated: str | None = None


def parsed_feed(raw: Iterable[RawEntry], base: str, kind: str, problem: str | None) -> ParsedFeed:
    """The feed with its entries cleaned: of more than `MAX_ENTRIES` the newest, in the feed's order.

    Entries that link nowhere are counted in `problem`.
    """
    listed = list(raw)
    chosen = _newest(listed)
    entries = [_clean_entry(entry, base) for entry in chosen]
    kept = tuple(entry for entry in entries if entry is not None)
    problems = [problem] if problem else []
    if len(chosen) < len(listed):
        problems.append(f"{len(listed)} entries, of which the newest {len(chosen)} are read")
    if len(kept) < len(entries):
        problems.append(f"{len(entries) - len(kept)} entries without a link")
    return ParsedFeed(kept, kind, "; ".join(problems) or None, len(listed))


def read_date(printed: str | None) -> datetime | None:
    """Aware UTC of a printed date; None without a zone, unreadable or out of `YEARS`.

    RFC 822 and ISO 8601, and what publishers make of them: months in their languages, zones by name, seconds since 1970.
    """
    if not printed:
        return None
    for read in (_read_rfc822, datetime.fromisoformat, read_loosely):
        try:
            moment = read(printed)
            if moment is not None and moment.tzinfo is not None:
                moment = moment.astimezone(UTC)
                return moment if moment.year in YEARS else None
        except (ValueError, OverflowError, TypeError):
            continue
    return None


def plain_text(markup: str | None, max_chars: int) -> str | None:
    """Text without tags, control characters and direction marks, on one line; None when nothing is left."""
    if not markup:
        return None
    text = _TAG.sub(" ", _BLOCK.sub(" ", markup[: max_chars * 20]))
    text = clean(html.unescape(text))
    return text[:max_chars].rstrip() or None


def clean(text: str) -> str:
    """On one line, in NFC, without control characters, surrogates, noncharacters and direction marks."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_CLEANING)).split())


class _Cleaning(dict[int, str | int | None]):
    """What becomes of each character: found out once (one by one for every text, it cost half of reading a feed)."""

    def __missing__(self, code: int) -> str | int | None:
        """The character, a blank in place of a control character, or None for one that is left out."""
        char = chr(code)
        made = " " if unicodedata.category(char) == "Cc" else code if _is_kept(char) else None
        if len(self) < _CHARACTERS_KNOWN:
            self[code] = made
        return made


def _is_kept(char: str) -> bool:
    code = ord(char)
    is_noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return char not in _BIDI and not 0xD800 <= code <= 0xDFFF and not is_noncharacter


_CLEANING = _Cleaning()


def is_web(text: str | None) -> bool:
    """Whether it is the beginning of a web address, as guids often are."""
    return (text or "").lower().startswith(("http://", "https://"))


def _newest(listed: list[RawEntry]) -> list[RawEntry]:
    """Those with the latest dates; undated ones by their place, which is mostly newest first."""
    if len(listed) <= MAX_ENTRIES:
        return listed
    moments = [read_date(clean(entry.published or "")) for entry in listed]
    if not any(moments):
        return listed[:MAX_ENTRIES]
    early = datetime.min.replace(tzinfo=UTC)
    ranked = sorted(range(len(listed)), key=lambda place: moments[place] or early, reverse=True)
    return [listed[place] for place in sorted(ranked[:MAX_ENTRIES])]


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
        updated=read_date(plain_text(raw.updated, 100)),
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
