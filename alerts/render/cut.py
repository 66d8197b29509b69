"""Texts from anywhere, made fit to be shown: without what cannot or must not be seen, and cut to size."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from alerts.digest import Segment

#: controls, lone surrogates, private use; and the marks that turn the reading direction of what follows
_UNSHOWN = frozenset({"Cc", "Cs", "Co", "Zl", "Zp"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


_MARKS = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]"
#: more combining marks on one letter than any language puts there: they would cover the lines above
_PILED = re.compile(f"({_MARKS}{{4}}){_MARKS}+")


def _shown(text: str) -> str:
    text = _PILED.sub(r"\1", text)
    if text.isprintable():  # which nothing of the above is
        return text
    kept = (" " if unicodedata.category(c) in _UNSHOWN else c for c in text if c not in _TURNING)
    return "".join(kept)


def one_line(text: str, limit: int) -> str:
    """One line of at most `limit` characters."""
    line = " ".join(_shown(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def cut(segments: Iterable[Segment], limit: int) -> tuple[Segment, ...]:
    """The segments with single spaces, at most `limit` characters together; empty when there is no text."""
    kept: list[Segment] = []
    room = limit
    for segment in segments:
        text = _single_spaced(_shown(segment.text), at_start=not kept or kept[-1].text.endswith(" "))
        if len(text) > room:
            kept.append(Segment(text[: max(0, room - 1)].rstrip() + "…", segment.marked))
            break
        if text:
            kept.append(Segment(text, segment.marked))
            room -= len(text)
    return _close_up(kept) if any(segment.text.strip() for segment in kept) else ()


def around(segments: Iterable[Segment], limit: int) -> tuple[Segment, ...]:
    """At most about `limit` characters around the first marked runs, cut between words; all when that is enough."""
    runs = cut(segments, 10 * limit)
    text = "".join(run.text for run in runs)
    if len(text) <= limit:
        return runs
    start, end = _marked_span(runs, limit * 3 // 4)
    margin = max(0, limit - (end - start)) // 2
    left, right = max(0, start - margin), min(len(text), max(end, start + limit - margin))
    if left:
        left = text.find(" ", left, start) + 1 or left  # scripts without spaces are cut anywhere
    if right < len(text):
        space = text.rfind(" ", end, right + 1)
        right = space if space != -1 else right
    kept = [Segment("…\u00a0")] if left else []
    at = 0
    for run in runs:
        piece = run.text[max(0, left - at) : max(0, right - at)]
        at += len(run.text)
        if piece:
            kept.append(Segment(piece, run.marked))
    return (*kept, Segment("\u00a0…")) if right < len(text) else tuple(kept)


def _marked_span(runs: Iterable[Segment], limit: int) -> tuple[int, int]:
    """From the first marked run to the end of the last one that fits with it; 0, 0 when nothing is marked."""
    at, start, end = 0, -1, 0
    for run in runs:
        behind = at + len(run.text)
        if run.marked and (start < 0 or behind - start <= limit):
            start, end = (at if start < 0 else start), behind
        at = behind
    return max(0, start), end


def _close_up(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """An ellipsis never stands alone on a line."""
    return tuple(
        Segment(s.text.replace(" …", "\u00a0…").replace("… ", "…\u00a0"), s.marked) for s in segments
    )


def _single_spaced(text: str, *, at_start: bool) -> str:
    words = " ".join(text.split())
    if not words:
        return "" if at_start or not text else " "
    before = " " if text[0].isspace() and not at_start else ""
    return before + words + (" " if text[-1].isspace() else "")
