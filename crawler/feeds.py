"""Feed bytes -> entries: the door to feedparser. Pure, without the network; runs inside a worker process."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import feedparser

from crawler.entries import MAX_ENTRIES, ParsedFeed, RawEntry, clean, parsed_feed
from crawler.jsonfeed import parse_json_feed

_BAD_REFERENCE = re.compile(rb"&#(?:[xX][0-9a-fA-F]+|[0-9]+);?")
_INTERNAL_SUBSET = re.compile(rb"<!DOCTYPE[^>\[]*\[.*?\]\s*>", re.DOTALL)


def parse_feed(body: bytes, url: str, content_type: str | None) -> ParsedFeed:
    """The entries of a feed of any kind, however broken; never raises for what the document does.

    Args:
        body: as fetched, decompressed.
        url: where it was read; relative links are resolved against it.
        content_type: the header's value, whose charset counts; None when missing.
    """
    if body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return parse_json_feed(body, url)
    return _parse_xml_feed(body, url, content_type)


def _parse_xml_feed(body: bytes, url: str, content_type: str | None) -> ParsedFeed:
    headers = {"content-location": url}
    if _is_utf8(body):  # whatever it is labelled as: without a charset, labels mean Latin to feedparser
        headers["content-type"] = "application/xml; charset=utf-8"
    elif content_type:
        headers["content-type"] = content_type
    problem = None
    try:
        feed = _parse(body, headers)
    except Exception as error:  # feedparser raises many kinds on hostile documents: measured, 4 ways
        problem = f"{type(error).__name__} at first"
        try:
            feed = _parse(_without_traps(body), headers)
        except Exception as second:  # the same border, second try
            return ParsedFeed((), "", f"{type(second).__name__}: {second}"[:200])
    raw = [_raw_entry(entry, feed.feed) for entry in feed.entries[:MAX_ENTRIES]]
    kind = feed.get("version") or ""  # missing where the body was empty
    problem = problem or (_complaint(feed) if feed.bozo or not kind else None)
    return parsed_feed(raw, url, kind, problem)


def _parse(body: bytes, headers: Mapping[str, str]) -> Any:
    # only ever a stream: handed a string, feedparser opens files and fetches URLs
    return feedparser.parse(BytesIO(body), response_headers=dict(headers), sanitize_html=False)


def _is_utf8(body: bytes) -> bool:
    """Whether it has characters beyond ASCII, and all of them are UTF-8: no other encoding looks like that."""
    try:
        return not body.isascii() and bool(body.decode("utf-8"))
    except UnicodeDecodeError:
        return False


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
    return RawEntry(
        url=dict.get(entry, "link") or (guid if _is_web(guid) else None),
        title=dict.get(entry, "title"),
        published=dict.get(entry, "published") or dict.get(entry, "updated"),
        summary=dict.get(entry, "summary"),
        author=dict.get(entry, "author"),
        guid=guid,
        language=own_language or dict.get(feed, "language"),
    )


def _is_web(text: str | None) -> bool:
    return bool(text) and str(text).lower().startswith(("http://", "https://"))
