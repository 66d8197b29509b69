"""How the bytes of a page are to be read. Pure."""

from __future__ import annotations

import codecs
import re

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
