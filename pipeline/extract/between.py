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
    known = {*places, letters_of(title), ""}
    before: dict[int, str] = {}
    after: dict[int, list[str]] = {}
    for paragraph in _first(root):
        letters = letters_of(text_of(paragraph))
        place = places.get(letters)
        if place is None or len(letters) < _ENOUGH:
            continue
        if (heading := _heading_above(paragraph)) and letters_of(heading) not in known:
            before[place] = heading
            known.add(letters_of(heading))
        points = _points_below(paragraph)
        if points and known.isdisjoint(map(letters_of, points)):
            after.setdefault(place, points)
    result: list[str] = []
    for number, line in enumerate(lines):
        result += [*filter(None, [before.get(number)]), line, *after.get(number, ())]
    return "\n".join(result)


def _heading_above(paragraph: Element) -> str:
    """The heading right above a paragraph; empty when there is none, or it leads elsewhere."""
    heading = paragraph.getprevious()
    if heading is None or heading.tag not in _HEADINGS or _is_linked(heading):
        return ""
    text = text_of(heading)
    return "" if len(text) > _MAX_HEADING or RELATED_LINE.match(text) else text


def _points_below(paragraph: Element) -> list[str]:
    """The points of a list right below a paragraph that announces it, or below which the text goes on."""
    points = paragraph.getnext()
    if points is None or points.tag not in _LISTS or _is_linked(points) or not _goes_on(points, paragraph):
        return []
    texts = (text_of(point) for point in points if point.tag == "li")
    return [text for text in texts if text][:_MAX_POINTS]


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
