"""Short pieces of text near the headline: where pages print their date and byline for people."""

from __future__ import annotations

import re
from itertools import islice

from pipeline.extract.decode import clean_line
from pipeline.extract.labels import ends_with_change_label
from pipeline.extract.title import plain
from pipeline.extract.tree import Element, length_of, text_of

_DATE_MARK = re.compile(
    r"date|time|publish|posted|timestamp|meta\b|byline|autor|author|created|tarix|fecha|datum|дата|info",
    re.IGNORECASE,
)
#: first words of class names and ids of what is not about this article
_OTHER_BOX = re.compile(
    r"^(?:comments?|comment-?list|disqus\w*|related\w*|recommend\w*|sidebar|copyright|teasers?|trending|popular|most-?(?:read|viewed|popular)|"
    r"ticker|weather|also|read-?also|read-?more|promo|current-?(?:date|time)|header-?date|today\w*|clock|latest\w*)(?:$|[-_])",
    re.IGNORECASE,
)
_OTHER_TAGS = frozenset({"nav", "aside"})
_DIGIT = re.compile(r"\d")
_SKIPPED = frozenset({"script", "style", "noscript", "option", "select", "textarea", "template", "svg"})
#: lines looked at for a headline that is no heading
_MAX_LINES = 600
_LISTS = frozenset({"ul", "ol", "dl"})
_BEFORE, _AFTER, _MAX_PIECE, _MAX_MARKED, _MAX_RELATIVE = 8, 24, 160, 6, 24
#: longer before it is cleaned, and it is no short piece after
_MAX_RAW = 2 * _MAX_PIECE


def date_texts(root: Element, title: str) -> list[str]:
    """Pieces that may hold a date of this article, nearest to the headline first; each at most 160 characters."""
    near = _around_heading(root, title)
    pieces = [piece for piece in [*near, *_marked(root)] if _may_be_date(piece)]
    return list(dict.fromkeys(pieces))


def in_other_box(element: Element) -> bool:
    """Whether an element stands in a part of the page that is not the article: comments, other articles, the footer."""
    for above in (element, *element.iterancestors()):
        if above.tag in {"body", "html"}:
            break
        marks = f"{above.get('class') or ''} {above.get('id') or ''}".split()
        # a name in the template's own words may still mean the whole page: "sidebar-right"
        if (above.tag in _OTHER_TAGS or any(map(_OTHER_BOX.match, marks))) and above.find(".//h1") is None:
            return True
    return False


def text_before(element: Element) -> str:
    """The words that stand right before an element on its line, at most the last 60 characters; often a label."""
    before = element.getprevious()
    parent = element.getparent()
    if before is not None:
        found = (before.tail or "").strip() or (text_of(before) if length_of(before) <= _MAX_PIECE else "")
    else:
        found = (parent.text or "") if parent is not None else ""
    return clean_line(found)[-60:]


def _may_be_date(piece: str) -> bool:
    return 4 <= len(piece) <= _MAX_PIECE and (_DIGIT.search(piece) is not None or len(piece) <= _MAX_RELATIVE)


def _around_heading(root: Element, title: str) -> list[str]:
    """Pieces of text after the article's heading, then those before it; empty when the heading is not found."""
    body = root.find("body")
    wanted = plain(title)
    if body is None or not wanted:
        return []
    heading = next((one for one in body.iter("h1", "h2", "h3") if plain(text_of(one)) == wanted), None)
    if heading is None:
        lines = islice(body.iter("h4", "b", "strong", "font", "td"), _MAX_LINES)
        heading = next(
            (one for one in lines if length_of(one) <= 2 * len(title) and plain(text_of(one)) == wanted), None
        )
    if heading is None:
        return []
    return _pieces(heading, _AFTER) + _pieces_before(heading)


def _pieces(heading: Element, limit: int) -> list[str]:
    """Texts of blocks that follow the heading, up the tree until enough are found."""
    found: list[str] = []
    element: Element | None = heading
    for _ in range(4):
        if element is None or element.tag == "body":
            break
        if element is not heading and element.tail and element.tail.strip():
            found.append(clean_line(element.tail)[:_MAX_PIECE])
        for sibling in element.itersiblings():
            found.extend(_short_texts(sibling, limit - len(found)))
            if len(found) >= limit:
                return found
        element = element.getparent()
    return found


def _pieces_before(heading: Element) -> list[str]:
    found: list[str] = []
    element: Element | None = heading
    for _ in range(3):
        if element is None or element.tag == "body":
            break
        for sibling in element.itersiblings(preceding=True):
            found.extend(_short_texts(sibling, _BEFORE - len(found)))
            if len(found) >= _BEFORE:
                return found
        element = element.getparent()
    return found


def _short_texts(block: Element, limit: int) -> list[str]:
    """A block's text when it is short, else the short texts of the elements in it."""
    if limit <= 0 or not isinstance(block.tag, str) or block.tag in _SKIPPED:
        return []
    if length_of(block) <= _MAX_RAW:
        whole = _points(block) if block.tag in _LISTS else text_of(block, gap=" ")
        if len(whole) <= _MAX_PIECE:
            return [whole] if whole and not _is_others(block, whole) else []
    found: list[str] = []
    for element in block.iter():
        if (
            isinstance(element.tag, str)
            and element.tag not in _SKIPPED
            and element.text
            and element.text.strip()
        ):
            # the first words of a long paragraph may be a date line as well
            text = clean_line(element.text)[:_MAX_PIECE]
            if not _is_others(element, text):
                found.append(text)
            if len(found) >= limit:
                break
    return found


def _points(block: Element) -> str:
    """A list on one line, its points parted by bars."""
    return " | ".join(text for point in block if (text := text_of(point, gap=" ")))


def _is_others(element: Element, text: str) -> bool:
    """Whether a text with numbers is of comments or of other articles; of a text without, it does not matter."""
    return _DIGIT.search(text) is not None and in_other_box(element)


def _marked(root: Element) -> list[str]:
    """Short texts of elements whose class, id or itemprop speaks of a date."""
    found: list[str] = []
    known: dict[str, bool] = {"": False}  # the same few classes come again and again
    for element in root.iter("span", "div", "p", "time", "li", "small", "td", "em", "i", "b"):
        marks = " ".join(filter(None, (element.get("class"), element.get("id"), element.get("itemprop"))))
        if marks not in known:
            known[marks] = _DATE_MARK.search(marks) is not None
        if (element.tag == "time" or known[marks]) and length_of(element) <= _MAX_RAW:
            text = text_of(element, gap=" ")
            if _may_be_date(text) and _DIGIT.search(text) and not in_other_box(element):
                label = text_before(element)
                found.append(f"{label} {text}" if ends_with_change_label(label) else text)
                if len(found) >= _MAX_MARKED:
                    break
    return found
