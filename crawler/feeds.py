"""Feed bytes -> entries: the door to feedparser. Pure, without the network; runs inside a worker process."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

import feedparser

from crawler.decoding import is_utf8, unpacked
from crawler.entries import ParsedFeed, RawEntry, clean, is_web, parsed_feed
from crawler.jsonfeed import parse_json_feed

#: of a feed that is a gzip file
MAX_BYTES = 15 << 20
#: entries read at each end of an archive
_END = 2000
_ITEM = re.compile(rb"<(?:\w{1,20}:)?(?:item|entry)[\s>]")
_WEB_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_PERIODS_S = {
    "hourly": 3600.0,
    "daily": 86400.0,
    "weekly": 604800.0,
    "monthly": 2592000.0,
    "yearly": 31536000.0,
}
_BAD_REFERENCE = re.compile(rb"&#(?:[xX][0-9a-fA-F]+|[0-9]+);?")
_INTERNAL_SUBSET = re.compile(rb"<!DOCTYPE[^>\[]*\[.*?\]\s*>", re.DOTALL)


def parse_feed(body: bytes, url: str, content_type: str | None) -> ParsedFeed:
    """The entries of a feed of any kind, however broken; never raises for what the document does.

    Args:
        body: as fetched, decompressed; it may be a gzip file all the same.
        url: where it was read; relative links are resolved against it.
        content_type: the header's value, whose charset counts; None when missing.
    """
    text, problem = unpacked(body, MAX_BYTES)
    if text[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        feed = parse_json_feed(text, url)
    else:
        feed = _parse_xml_feed(text, url, content_type)
    return feed if problem is None else replace(feed, problem=problem)


def _parse_xml_feed(body: bytes, url: str, content_type: str | None) -> ParsedFeed:
    headers = {"content-location": url}
    if is_utf8(body):  # whatever it is labelled as: without a charset, labels mean Latin to feedparser
        headers["content-type"] = "application/xml; charset=utf-8"
    elif content_type:
        headers["content-type"] = content_type
    body, problem = _ends_of_archive(body)
    try:
        feed = _parse(body, headers)
    except Exception as error:  # feedparser raises many kinds on hostile documents: measured, 4 ways
        problem = f"{type(error).__name__} at first"
        try:
            feed = _parse(_without_traps(body), headers)
        except Exception as second:  # the same border, second try
            return ParsedFeed((), "", f"{type(second).__name__}: {second}"[:200])
    raw = [_raw_entry(entry, feed.feed) for entry in feed.entries]
    kind = feed.get("version") or ""  # missing where the body was empty
    if not kind and _WEB_PAGE.search(body, 0, 2000):
        problem = "a web page, not a feed: `tipwatch sources discover` with its address looks for its feeds"
    problem = problem or (_complaint(feed) if feed.bozo or not kind else None)
    return replace(parsed_feed(raw, url, kind, problem), wish_s=_wish(feed.feed))


def _ends_of_archive(body: bytes) -> tuple[bytes, str | None]:
    """An archive without its middle: 50,000 entries cost 10 s (measured), and the newest are at one of its ends."""
    starts = [found.start() for found in _ITEM.finditer(body)]
    if len(starts) <= 2 * _END:
        return body, None
    return body[: starts[_END]] + body[
        starts[-_END] :
    ], f"{len(starts)} entries: only those at both ends are read"


def _parse(body: bytes, headers: Mapping[str, str]) -> Any:
    # only ever a stream: handed a string, feedparser opens files and fetches URLs
    return feedparser.parse(BytesIO(body), response_headers=dict(headers), sanitize_html=False)


def _without_traps(body: bytes) -> bytes:
    """Without the references and declarations that make feedparser raise."""
    return _BAD_REFERENCE.sub(_keep_good_reference, _INTERNAL_SUBSET.sub(b"", body))


def _keep_good_reference(found: re.Match[bytes]) -> bytes:
    digits = found.group().strip(b"&#;").decode("ascii").lower()
    try:
        code = int(digits[1:], 16) if digits.startswith("x") else int(digits)
    except ValueError:  # more digits than Python converts
        return b""
    is_character = code < 0x110000 and not 0xD800 <= code <= 0xDFFF and code >= 0x20
    return found.group() if is_character or code in {9, 10, 13} else b""


def _complaint(feed: Any) -> str | None:
    error = feed.get("bozo_exception")
    if isinstance(error, feedparser.exceptions.NonXMLContentType):  # feeds are labelled in any way
        error = None
    if not feed.get("version"):
        return "not a feed"
    return clean(f"{type(error).__name__}: {error}")[:200] if error else None


def _raw_entry(entry: dict[str, Any], feed: dict[str, Any]) -> RawEntry:
    # `dict.get`: feedparser's own `get` answers with other fields when one is missing
    guid = dict.get(entry, "id")
    title = dict.get(entry, "title_detail") or {}
    own_language = dict.get(entry, "language") or title.get("language")
    updated = dict.get(entry, "updated")
    return RawEntry(
        url=_link(entry, guid),
        title=dict.get(entry, "title"),
        published=dict.get(entry, "published") or dict.get(entry, "created") or updated,
        summary=dict.get(entry, "summary"),
        author=dict.get(entry, "author"),
        guid=guid,
        language=own_language or dict.get(feed, "language"),
        updated=updated,
    )


def _link(entry: dict[str, Any], guid: str | None) -> str | None:
    """Where the article is: what a relay says the link was before, the link, the guid, else whatever it links to."""
    original = dict.get(entry, "feedburner_origlink")
    if is_web(original):
        return str(original)
    link = dict.get(entry, "link") or (guid if is_web(guid) else None)
    if link:
        return str(link)
    others = [*(dict.get(entry, "links") or ()), *(dict.get(entry, "enclosures") or ())]
    targets = [
        one.get("href") or one.get("url") for one in others if one.get("rel") not in ("hub", "license")
    ]
    sources = [one.get("src") for one in dict.get(entry, "content") or ()]
    return next((str(target) for target in (*sources, *targets) if target), None)


def _wish(feed: dict[str, Any]) -> float | None:
    """Seconds that the feed asks to be left alone: RSS `ttl` (minutes), or RSS 1.0's syndication module."""
    wishes = []
    ttl = str(dict.get(feed, "ttl") or "").strip()
    if ttl.isdecimal() and len(ttl) < 7:
        wishes.append(int(ttl) * 60.0)
    period = _PERIODS_S.get(str(dict.get(feed, "sy_updateperiod") or "").strip().lower())
    if period is not None:
        frequency = str(dict.get(feed, "sy_updatefrequency") or "1").strip()
        times = int(frequency) if frequency.isdecimal() and len(frequency) < 5 else 1
        wishes.append(period / max(1, times))
    return max(wishes, default=None)
