"""The text of a page that draws itself in the browser: HTML kept as a string in its scripts. Asked when the page shows none."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from pipeline.extract.body import read_body
from pipeline.extract.boxes import cut_boxes
from pipeline.extract.prescan import Depth
from pipeline.extract.tree import Element, Parsed, lighten, parse

#: more script than this is not looked through, as with JSON-LD
MAX_CHARS = 1024 * 1024
#: shorter strings are labels, and a text has more than one paragraph or line
_MIN_CHARS, _MIN_BREAKS = 200, 2
_MAX_TRIED, _MAX_FAULTS = 3, 20
#: React Server Components as Next.js sends them: one stream, cut anywhere into calls of this function
_STREAMED = re.compile(r"^\s*self\.__next_f\.push\(\[1,(?=\")")
#: a row of that stream that holds text as it stands: its number, then its length in bytes, hexadecimal
_TEXT_ROW = re.compile(rb"[0-9a-f]{1,6}:T([0-9a-f]{1,7}),")
_JSON = json.JSONDecoder(strict=False)
_BREAK = re.compile(r"<(?:p|br)\b", re.IGNORECASE)


def embedded_text(root: Element, url: str) -> str:
    """The longest text among the HTML strings in a page's scripts; empty when there is none. `root` keeps its scripts."""
    fragments = {one for one in _strings(_scripts(root)) if len(_BREAK.findall(one)) >= _MIN_BREAKS}
    texts = [_read(one, url) for one in sorted(fragments, key=lambda one: (-len(one), one))[:_MAX_TRIED]]
    return max(texts, key=len, default="")


def _read(fragment: str, url: str) -> str:
    parsed = parse(f"<html><body><article>{fragment}</article></body></html>")
    if not isinstance(parsed, Parsed):
        return ""
    lighten(parsed.root)
    cut_boxes(parsed.root)
    return read_body(parsed, url, Depth.FULL)


def _scripts(root: Element) -> list[str]:
    """The page's own scripts, the pieces of a stream put together; the first million characters of all."""
    left, scripts, stream = MAX_CHARS, [], []
    for script in root.iter("script"):
        source = (script.text or "")[:left]
        left -= len(source)
        if start := _STREAMED.match(source):
            stream += [piece for piece, _ in _literals(source, start.end())][:1]
        elif source:
            scripts.append(source)
    return [*scripts, "".join(stream)]


def _strings(sources: list[str]) -> Iterator[str]:
    """Long strings in scripts, and those in strings that are JSON themselves."""
    for source in sources:
        as_bytes = source.encode("utf-8", "ignore")
        for row in _TEXT_ROW.finditer(as_bytes):
            yield as_bytes[row.end() : row.end() + int(row[1], 16)].decode("utf-8", "ignore")
        for text, _ in _literals(source):
            if len(text) < _MIN_CHARS:
                continue
            if text.lstrip()[:1] in {"{", "["}:
                yield from (inner for inner, _ in _literals(text) if len(inner) >= _MIN_CHARS)
            else:
                yield text


def _literals(source: str, start: int = 0) -> Iterator[tuple[str, int]]:
    """Each double-quoted string and where it ends; gives up on a script that is mostly something else."""
    faults, at = 0, source.find('"', start)
    while at >= 0 and faults < _MAX_FAULTS:
        try:
            text, end = _JSON.raw_decode(source, at)
            yield text, end
        except ValueError:
            faults, end = faults + 1, at + 1
        at = source.find('"', end)
