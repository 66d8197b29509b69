"""A look at the raw bytes before any parser sees them: what would cost minutes is refused in milliseconds."""

from __future__ import annotations

import re
from enum import Enum

#: above this, nothing but title and metadata would be affordable (measured: 5 MB of paragraphs take 23-38 s)
MAX_BYTES = 5 * 1024 * 1024
#: above this only the fast extraction is affordable (measured: 1 MB takes 1.3 s, fast 0.6 s)
FULL_BYTES = 2 * 1024 * 1024
#: libxml2 is quadratic in the attributes of one tag (measured: 200,000 take more than 40 s)
MAX_TAG_BYTES = 64 * 1024
MAX_TAG_ATTRIBUTES = 2_000
#: 100,000 links take more than 40 s, 20,000 take 1.1 s
MAX_LINKS = 20_000
MAX_TAGS = 150_000

_LONG = 8_000
# A quoted value may hold ">" and megabytes of inline image: it counts towards the tag's attributes, not its length.
_LONG_TAG = re.compile(rb"[a-zA-Z][a-zA-Z0-9:-]{0,30}[\s/][^<>]{%d}" % _LONG)
_LINK = re.compile(rb"<a[\s>]", re.IGNORECASE)
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")


#: how files begin that are no page, whatever their server calls them
_SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"PK\x03\x04", "an archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "compressed data"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound or video file"),
)
_FEED = re.compile(rb"<(rss|rdf:RDF|feed|urlset|sitemapindex|opml)[\s>]", re.IGNORECASE)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_HEAD_BYTES = 1_000


class Depth(Enum):
    """How much work a page's body may be given."""

    FULL = "full"
    FAST = "fast"


def prescan(body: bytes) -> Depth | str:
    """How deep to read, or one line that says why the page is not to be parsed at all."""
    if len(body) > MAX_BYTES:
        return f"more than {MAX_BYTES // 1024**2} MiB; no more of a page is read"
    if body.count(b"<") > MAX_TAGS:
        return f"more than {MAX_TAGS:,} tags"
    if problem := _overgrown_tag(body):
        return problem
    links = sum(1 for _ in _LINK.finditer(body)) if body.count(b"<a") > MAX_LINKS else 0
    if links > MAX_LINKS:
        return f"{links:,} links; at most {MAX_LINKS:,} are read"
    return Depth.FULL if len(body) <= FULL_BYTES else Depth.FAST


def foreign(body: bytes) -> str | None:
    """What a file is that is no page, told by its first bytes; None for what may be one."""
    head = body[:_HEAD_BYTES]
    start = head.lstrip(b"\xef\xbb\xbf\r\n\t ")
    for signature, name in _SIGNATURES:
        if start.startswith(signature):
            return name
    if head[4:8] == b"ftyp" or (head[:4] == b"RIFF" and head[8:12] in {b"WEBP", b"WAVE", b"AVI "}):
        return "a picture, sound or video file"
    if start.startswith(b"<") and _FEED.search(head) and not _HTML.search(head):
        return "a feed or sitemap"
    return None


def _overgrown_tag(body: bytes) -> str | None:
    """What is wrong with the first tag that is too long or has too many attributes; None when all are fine."""
    for tag in body.split(b"<")[1:]:
        if len(tag) <= _LONG or _LONG_TAG.match(tag) is None:
            continue
        if _attributes(tag) > MAX_TAG_ATTRIBUTES:
            return f"a tag with more than {MAX_TAG_ATTRIBUTES:,} attributes"
        bare = _QUOTED.sub(b"", tag)
        if len(bare.partition(b">")[0]) > MAX_TAG_BYTES:
            return f"a tag longer than {MAX_TAG_BYTES:,} bytes"
    return None


def _attributes(tag: bytes) -> int:
    return _QUOTED.sub(b"", tag).partition(b">")[0].count(b"=")
