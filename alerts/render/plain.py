"""Lines of the text part: wrapped by the width that characters take, not by their number."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from alerts.digest import Segment

WIDTH = 74


def width_of(text: str) -> int:
    """Columns a text takes in a fixed-width font (UAX 11): wide ones two, marks and format characters none."""
    return sum(_columns(c) for c in text)


def wrapped(text: str | Iterable[Segment], indent: int = 0) -> str:
    """The text in lines of at most `WIDTH` columns, each indented; marked segments in asterisks."""
    return _lines(_as_text(text), " " * indent, " " * indent)


def bulleted(text: str | Iterable[Segment], indent: int = 0, bullet: str = "- ") -> str:
    """As `wrapped`, the first line starting with a bullet and the others under its text."""
    return _lines(_as_text(text), " " * indent + bullet, " " * (indent + len(bullet)))


def reasoned(label: str, quote: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """A label and its quote as one run of text."""
    return (Segment(f"{label}: " if quote else label), *quote)


def _as_text(text: str | Iterable[Segment]) -> str:
    if isinstance(text, str):
        return text
    return "".join(_starred(s.text) if s.marked else s.text for s in text)


def _starred(text: str) -> str:
    bare = text.strip()
    return text.replace(bare, f"*{bare}*", 1) if bare else text


def _columns(c: str) -> int:
    if unicodedata.combining(c) or unicodedata.category(c) in {"Cf", "Me", "Mn"}:
        return 0
    return 2 if unicodedata.east_asian_width(c) in {"W", "F"} else 1


def _lines(text: str, first_indent: str, indent: str) -> str:
    room = WIDTH - len(first_indent)
    lines: list[str] = []
    line, used = "", 0
    for gap, atom in _atoms(text, room):
        joint = gap if line else ""
        width = width_of(joint + atom)
        if line and used + width > room:
            lines.append(line)
            line, used, joint, width = "", 0, "", width_of(atom)
        line, used = line + joint + atom, used + width
    lines.append(line)
    return "\n".join((indent if n else first_indent) + line for n, line in enumerate(lines))


def _atoms(text: str, room: int) -> Iterator[tuple[str, str]]:
    """What a line is not broken within, each with the gap before it: words, or single wide characters.

    A wide character keeps the punctuation that follows it. What is wider than a line is cut.
    """
    for word in text.split():
        gap, atom = " ", ""
        for c in word:
            breakable = bool(atom) and _columns(c) == 2 and not unicodedata.category(c).startswith("P")
            after_wide = bool(atom) and _columns(atom[-1]) == 2 and unicodedata.category(c)[0] in "LN"
            if breakable or after_wide or width_of(atom) + _columns(c) > room:
                yield gap, atom
                gap, atom = "", ""
            atom += c
        yield gap, atom
