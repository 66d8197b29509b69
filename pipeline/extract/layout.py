"""Pages laid out in tables: cells that hold paragraphs and headlines are blocks, not data."""

from __future__ import annotations

from pipeline.extract.tree import Element, length_of

#: a cell with at least so many characters and a line break, a paragraph or a headline in it is no datum
_MIN_TEXT, _MAX_TABLES = 300, 400
_BLOCKS = ("p", "h1", "h2", "br", "div")
#: rows with text in several cells from which on a table is one of data
_MIN_RECORDS = 5
_PARTS = ("table", "thead", "tbody", "tfoot", "tr", "td", "th")


def unframe(root: Element) -> int:
    """Turn layout tables into blocks (in place), their menus cut; returns how many. Tables of data stay as they are."""
    frames = [table for table in list(root.iter("table"))[:_MAX_TABLES] if _is_frame(table)]
    for table in frames:
        for part in _own_parts(table):
            if part.tag == "td" and _only_links(part):
                part.drop_tree()
            else:
                part.tag = "div"
    return len(frames)


def _is_frame(table: Element) -> bool:
    """Whether one of its own cells holds running text or the page's headline, and it is not ruled like data."""
    parts = _own_parts(table)
    if any(part.tag == "th" for part in parts) or sum(map(_is_record, parts)) >= _MIN_RECORDS:
        return False
    for cell in parts:
        if cell.tag != "td":
            continue
        if next(cell.iter("h1"), None) is not None:
            return True
        if next(cell.iter(*_BLOCKS), None) is not None and length_of(cell) >= _MIN_TEXT:
            return True
    return False


def _is_record(part: Element) -> bool:
    """Whether a row has text in two cells or more."""
    return part.tag == "tr" and sum(length_of(cell) > 0 for cell in part if cell.tag == "td") > 1


def _only_links(cell: Element) -> bool:
    """Whether a cell holds several links and nothing else: the menu of such a page."""
    links = list(cell.iter("a"))
    return len(links) > 1 and sum(map(length_of, links)) * 10 >= length_of(cell) * 8


def _own_parts(table: Element) -> list[Element]:
    """The table and its rows and cells, without those of tables within."""
    found, pending = [], [table]
    while pending:
        element = pending.pop()
        found.append(element)
        pending.extend(child for child in element if child.tag in _PARTS and child.tag != "table")
    return found
