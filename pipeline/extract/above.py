"""What stands above the headline, and the list of data right below it: sections, kickers, menus, dates: no part of the text."""

from __future__ import annotations

import re

from pipeline.extract.marks import linked_length
from pipeline.extract.printed import find_moments
from pipeline.extract.title import plain as letters_of
from pipeline.extract.tree import Element, length_of, text_of

#: a longer block above the headline may be text, and so may many of them; a point of a list of data is shorter
_MAX_BLOCK, _MAX_ABOVE, _MAX_POINT, _MAX_POINTS, _LEVELS = 160, 400, 40, 8, 3
#: how far below the headline a list of data stands, in siblings, and where the text begins (characters of a block)
_REACH, _TEXT = 6, 90
_SURE = 20
_HEADINGS = ("h1", "h2", "h3")
_CLOCK = re.compile(r"(?<!\d)[0-2]?\d[:.][0-5]\d(?!\d)")
_LISTS = frozenset({"ul", "ol", "dl"})


def cut_above(root: Element, title: str) -> int:
    """Cut short blocks above the headline, and a list of short data below it, out of the tree (in place); returns how many.

    Nothing is cut where the headline does not stand on the page, or longer blocks stand above it as well.
    """
    wanted = letters_of(title)
    body = root.find("body")
    if body is None or not wanted:
        return 0
    heading = next((one for one in body.iter(*_HEADINGS) if _holds(one, wanted)), None)
    if heading is None:
        return 0
    doomed = _above(heading)
    doomed += _data_below(heading)
    for element in doomed:
        element.drop_tree()
    return len(doomed)


def _holds(heading: Element, wanted: str) -> bool:
    """Whether a heading is the headline, or ends in it behind a kicker."""
    letters = letters_of(text_of(heading))
    return letters == wanted or (len(wanted) > _SURE and letters.endswith(wanted))


def _above(heading: Element) -> list[Element]:
    """The blocks before the headline, up the tree; none at all where one is long enough to be text."""
    found: list[Element] = []
    element, unlinked = heading, 0
    for _ in range(_LEVELS):
        if element.tag == "body":
            break
        for sibling in element.itersiblings(preceding=True):
            size = length_of(sibling) if isinstance(sibling.tag, str) else 0
            if size and not _is_menu(sibling):
                unlinked += size
                if size > _MAX_BLOCK or unlinked > _MAX_ABOVE:
                    return []
            if size:
                found.append(sibling)
        parent = element.getparent()
        if parent is None:
            break
        element = parent
    return found


def _is_menu(block: Element) -> bool:
    """Whether a block is mostly links."""
    return linked_length(block) * 2 >= length_of(block)


def _data_below(heading: Element) -> list[Element]:
    """Lists of a few short points, a date or a time among them, before the text begins."""
    element = heading
    for _ in range(3):
        for place, sibling in enumerate(element.itersiblings()):
            if place >= _REACH or not isinstance(sibling.tag, str):
                break
            if sibling.tag in _LISTS and _is_data(sibling):
                return [sibling]
            if length_of(sibling) >= _TEXT:
                return []
        parent = element.getparent()
        if parent is None or parent.tag == "body":
            break
        element = parent
    return []


def _is_data(points: Element) -> bool:
    texts = [text_of(point) for point in points]
    return (
        2 <= len(texts) <= _MAX_POINTS
        and max(map(len, texts)) <= _MAX_POINT
        and any(_CLOCK.search(text) or find_moments(text, month_first=True) for text in texts)
    )
