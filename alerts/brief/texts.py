"""Texts from anywhere as runs of a document: without what must not be seen, cut to size, links only where they are safe."""

from __future__ import annotations

from collections.abc import Iterable

from alerts.brief.blocks import Line, Run
from alerts.digest import Segment
from alerts.render.cut import around, cut, one_line
from alerts.render.links import safe_link, shown_domain
from alerts.render.words import direction

LONGEST_NAME = 80
LONGEST_HEADLINE = 220
LONGEST_QUOTE = 420

#: code points that are no characters; XML has no place for them
_NO_CHARACTERS = frozenset(
    chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
) | {chr(point) for point in range(0xFDD0, 0xFDF0)}


def name(text: str, limit: int = LONGEST_NAME) -> str:
    """A name in one line of at most `limit` characters."""
    return one_line(_sound(text), limit)


def linked(text: str, url: str, language: str | None = None, *, limit: int = LONGEST_HEADLINE) -> Run:
    """A text that leads to `url`, or nowhere where that address is not safe to link."""
    safe = safe_link(url)
    shown = name(text, limit) or (shown_domain(safe) if safe else "–")
    return Run(shown, url=safe, language=tag(language), rtl=direction(language) == "rtl")


def quoted(segments: Iterable[Segment], language: str | None, limit: int = LONGEST_QUOTE) -> Line:
    """A quotation around its marked words; empty when there is no text."""
    sound = tuple(Segment(_sound(one.text), one.marked) for one in segments)
    rtl = direction(language) == "rtl"
    return tuple(
        Run(one.text, marked=one.marked, language=tag(language), rtl=rtl)
        for one in around(cut(sound, 10 * limit), limit)
    )


def plain(segments: Iterable[Segment]) -> str:
    """The text of the segments."""
    return "".join(one.text for one in segments)


def domain(url: str) -> str:
    """Whose address it is; empty when it may not be linked."""
    safe = safe_link(url)
    return shown_domain(safe) if safe else ""


def tag(language: str | None) -> str | None:
    """A language tag fit for an attribute; None when it is none."""
    if language and language.isascii() and language.replace("-", "").isalnum() and 2 <= len(language) <= 20:
        return language
    return None


def _sound(text: str) -> str:
    return "".join(" " if c in _NO_CHARACTERS else c for c in text)
