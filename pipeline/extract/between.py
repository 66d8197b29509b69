"""Headings and lists between the paragraphs of a text, which a last-resort reading leaves out: taken where they belong to it."""

from __future__ import annotations

from pipeline.extract.boxes import RELATED_LINE
from pipeline.extract.title import plain as letters_of
from pipeline.extract.tree import Element, length_of, text_of

_HEADINGS = frozenset({"h2", "h3", "h4", "h5"})
_LISTS = frozenset({"ul", "ol"})
_TEXTS = frozenset({"p", "blockquote"})
#: the longest heading; paragraphs and points looked at; letters that tell a paragraph
_MAX_HEADING, _MAX_PARAGRAPHS, _MAX_POINTS, _ENOUGH = 160, 400, 60, 12


def with_between(text: str, root: Element, title: str) -> str:
    """The text with the headings right above, and the lists right between, paragraphs that it has already.

    Args:
        text: paragraphs, one a line.
        root: the page, boxes are cut already.
        title: the headline, which is no heading within the text.
    """
    lines = text.split("\n")
    places = {letters_of(line): number for number, line in reversed(list(enumerate(lines)))}
    own = letters_of(title)
    known = set(places)
    before: dict[int, list[str]] = {}
    after: dict[int, list[str]] = {}
    for paragraph in _first(root):
        letters = letters_of(text_of(paragraph)) if length_of(paragraph) else ""
        place = places.get(letters)
        if place is None or len(letters) < _ENOUGH:
            continue
        for one in (paragraph.getprevious(), paragraph.getnext()):
            if one is None or not isinstance(one.tag, str) or _is_linked(one):
                continue
            if one.tag in _HEADINGS and one.getnext() is paragraph:
                heading = text_of(one)
                new = letters_of(heading) not in known and letters_of(heading) not in {own, ""}
                if new and len(heading) <= _MAX_HEADING and not RELATED_LINE.match(heading):
                    before.setdefault(place, []).append(heading)
                    known.add(letters_of(heading))
            elif one.tag in _LISTS and one.getprevious() is paragraph and _goes_on(one, paragraph):
                points = [text_of(point) for point in one if point.tag == "li"][:_MAX_POINTS]
                if not any(letters_of(point) in known for point in points):
                    after.setdefault(place, []).extend(filter(None, points))
    if not before and not after:
        return text
    result: list[str] = []
    for number, line in enumerate(lines):
        result += [*before.get(number, ()), line, *after.get(number, ())]
    return "\n".join(result)


def _first(root: Element) -> list[Element]:
    found: list[Element] = []
    for paragraph in root.iter(*_TEXTS):
        found.append(paragraph)
        if len(found) >= _MAX_PARAGRAPHS:
            break
    return found


def _goes_on(points: Element, paragraph: Element) -> bool:
    """Whether a list is announced by the paragraph above it, or the text goes on below it."""
    following = points.getnext()
    return text_of(paragraph).endswith((":", "：")) or (following is not None and following.tag in _TEXTS)


def _is_linked(element: Element) -> bool:
    return sum(map(length_of, element.iter("a"))) * 2 > length_of(element)
