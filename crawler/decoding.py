"""How the bytes of a page are to be read. Pure."""

from __future__ import annotations

import codecs
import re
import zlib

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)


def is_utf8(body: bytes) -> bool:
    """Whether it has characters beyond ASCII, and all of them are UTF-8: no other encoding looks like that."""
    try:
        return not body.isascii() and bool(body.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def html_encoding(body: bytes, content_type: str | None) -> str | None:
    """The encoding to parse an HTML page with: what the bytes prove, else what its header says; None: what it says itself."""
    if is_utf8(body):
        return "utf-8"
    labelled = _CHARSET.search(content_type or "")
    if labelled is None:
        return None
    try:
        return codecs.lookup(labelled[1]).name
    except (LookupError, ValueError):
        return None


def unpacked(body: bytes, max_bytes: int) -> tuple[bytes, str | None]:
    """The body, at most `max_bytes` of it, unpacked when it is a gzip file; and what was wrong with that, None if nothing."""
    if not body.startswith(b"\x1f\x8b"):
        return (body, None) if len(body) <= max_bytes else (body[:max_bytes], _cut(max_bytes))
    unpacker = zlib.decompressobj(wbits=31)
    try:
        text = unpacker.decompress(body, max_bytes)
    except zlib.error as error:
        return b"", f"a broken gzip file: {error}"[:200]
    if unpacker.eof:
        return text, None
    return text, _cut(max_bytes) if unpacker.unconsumed_tail else "a gzip file that breaks off"


def _cut(max_bytes: int) -> str:
    return f"only the first {max_bytes >> 20} MiB were read"
