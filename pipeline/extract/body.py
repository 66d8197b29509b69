"""The text of an article from its tree: a fast reading, a thorough one where that looks wrong, and what either left out."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from trafilatura import bare_extraction

from pipeline.extract.decode import clean_text
from pipeline.extract.prescan import Depth
from pipeline.extract.title import plain as letters_of
from pipeline.extract.tree import Element, Parsed, length_of, text_of

#: a fast text shorter than this many characters, or than this share of the plain paragraphs, is read again thoroughly;
#: so is one with hardly any plain paragraph, as nothing bears it out (measured: the same texts, at half the cost)
_ENOUGH, _FAST_SHARE, _PLAIN_SHARE = 300, 0.5, 0.4
_SMALL_PAGE, _LEAST_SHARE = 3_000, 0.3
#: how many lines may stand between two paragraphs of the page in a text
_AHEAD = 40
#: longer texts are left as they are: each paragraph is looked for in all of the text
_MAX_MENDED = 300_000
_MIN_PARAGRAPH = 60
_DEEP_LIMIT = 600
#: a short text comes in one line from the last resort of the reading; paragraphs looked at, and their share of such a line
_SHORT_TEXT, _MAX_GLUED, _GLUED_SHARE = 1_500, 60, 0.6
# what it cannot read is an outcome of ours; its own warnings would only say the same with less
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def read_body(parsed: Parsed, url: str, depth: Depth, stated: str = "") -> str:
    """The article's text, paragraphs separated by a newline, boxes and comments left out; empty when there is none.

    Args:
        parsed: the page; boxes are cut already.
        url: where it was found.
        depth: how much work it may be given.
        stated: the text as the page's own metadata give it: not taken for the text, but it tells what belongs to it.
    """
    root = _flattened(parsed.root) if parsed.deep else parsed.root
    plain = _paragraphs(root)
    if parsed.deep and _depth(root) > _DEEP_LIMIT:
        return _joined(plain)
    size = sum(len(one.text) + 1 for one in plain)
    text = _trafilatura(root, url, fast=True)
    if depth is Depth.FULL and not (_bears_out(text, size) or _is_all(text, root, size)):
        text = _trafilatura(root, url, fast=False)
    return _with_missed(_unglued(text, root), plain, stated) if text else _joined(plain)


def read_broadly(parsed: Parsed, url: str) -> str:
    """The text as the broader reading takes it, short lines and furniture included; empty for a page too deep for it."""
    return "" if parsed.deep else _trafilatura(parsed.root, url, fast=True, broad=True)


def _bears_out(text: str, size: int) -> bool:
    """Whether the fast reading will do: the slow one compares with other algorithms, and only ever takes a much longer text."""
    return len(text) >= _ENOUGH and len(text) >= _FAST_SHARE * size and size >= _PLAIN_SHARE * len(text)


def _is_all(text: str, root: Element, size: int) -> bool:
    """Whether a text is nearly all there is on a small page, so that no reading could find another."""
    return _LEAST_SHARE * size <= len(text) <= _SMALL_PAGE and 2 * len(text) > length_of(root)


def _unglued(text: str, root: Element) -> str:
    """A short text with lines that hold several of the page's paragraphs, and what stood between them, cut into those."""
    if len(text) > _SHORT_TEXT:
        return text
    printed = [one for one in (text_of(each) for each in islice(root.iter("p"), _MAX_GLUED)) if one]
    lines: list[str] = []
    for line in text.split("\n"):
        letters = letters_of(line)
        within = [one for one in printed if (own := letters_of(one)) and own in letters]
        share = sum(len(letters_of(one)) for one in within)
        glued = len(within) > 1 and _GLUED_SHARE * len(letters) <= share <= len(letters)
        lines.extend(within if glued else [line])
    return "\n".join(lines)


def _with_missed(text: str, plain: list[_Paragraph], stated: str) -> str:
    """The text with paragraphs that were left out although they belong to it, in the page's order.

    A paragraph belongs when it stands in the same kind of container, below the same heading, as most that were taken
    (an article cut into several containers), or when the page's own metadata have it in the article's text.
    """
    if len(text) > _MAX_MENDED:
        return text
    letters, said = letters_of(text), letters_of(stated[:_MAX_MENDED])
    known = [letters_of(one.text) for one in plain]
    taken = [one in letters for one in known]
    if all(taken):
        return text
    kinds: Counter[tuple[str, ...]] = Counter()
    left: Counter[tuple[str, ...]] = Counter()
    for one, was in zip(plain, taken, strict=True):
        (kinds if was else left)[one.kind] += len(one.text)
    agreed = bool(said) and sum(was and one in said for one, was in zip(known, taken, strict=True)) >= 2
    first = taken.index(True) if True in taken else len(taken)
    belongs = {
        number
        for number, one in enumerate(plain)
        if not taken[number]
        and (
            (agreed and known[number] in said)
            or (one.kind and number > first and kinds[one.kind] * 2 >= left[one.kind])
        )
    }
    return _inserted(text, plain, belongs) if belongs else text


def _inserted(text: str, plain: list[_Paragraph], belongs: set[int]) -> str:
    """The text with the paragraphs of those numbers, each after the one that it follows on the page."""
    lines, at = text.split("\n"), 0
    places = [letters_of(line) for line in lines]
    result: list[str] = []
    for number, one in enumerate(plain):
        if number in belongs:
            result.append(one.text)
            continue
        letters = letters_of(one.text)
        for place in range(at, min(at + _AHEAD, len(places))):
            if letters in places[place]:
                result += lines[at : place + 1]
                at = place + 1
                break
    return "\n".join(result + lines[at:])


def _trafilatura(root: Element, url: str, *, fast: bool, broad: bool = False) -> str:
    try:
        document = bare_extraction(
            root,
            url=url,
            fast=fast,
            favor_recall=broad,
            include_comments=False,
            include_tables=True,
            with_metadata=False,
        )
    except RecursionError:
        return ""
    return clean_text(getattr(document, "text", None) or "")


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph as it stands; `kind` says in what kind of container, and after which of the page's headings."""

    text: str
    kind: tuple[str, ...]


def _paragraphs(root: Element) -> list[_Paragraph]:
    """Paragraphs with more words than links, each once: the measure of how much text a page has."""
    found: dict[str, _Paragraph] = {}
    headings, outside = 0, set[Element]()
    for element in root.iter("p", "h1", "aside", "footer", "nav"):
        if element.tag == "h1":
            headings += 1
        elif element.tag != "p":
            outside.update(element.iter("p"))
        elif element not in outside and (text := _prose(element)):
            parent = element.getparent()
            marks = parent.get("class") if parent is not None else None
            kind = (str(headings), parent.tag, marks) if marks else ()
            found.setdefault(text, _Paragraph(text, kind))
    return list(found.values())


def _prose(element: Element) -> str:
    """A paragraph's text; empty for a short one and for one that is mostly links."""
    text = text_of(element)
    if len(text) < _MIN_PARAGRAPH:
        return ""
    linked = sum(len(text_of(link)) for link in element.iter("a"))
    return text if linked * 2 < len(text) else ""


def _joined(plain: list[_Paragraph]) -> str:
    return "\n".join(one.text for one in plain)


def _flattened(root: Element) -> Element:
    """A deeply nested tree with elements that only wrap one other element unwrapped (in place)."""
    body = root.find("body")
    if body is None:
        return root
    for element in list(
        body.iterdescendants(
            "div", "span", "section", "font", "b", "i", "center", "table", "tbody", "tr", "td"
        )
    ):
        alone = len(element) == 1 and not (element.text or "").strip() and not (element[0].tail or "").strip()
        if alone and element.getparent() is not None:
            element.drop_tag()
    return root


def _depth(root: Element) -> int:
    deepest, level = 0, {root: 0}
    for element in root.iterdescendants():
        parent = element.getparent()
        level[element] = level[parent] + 1 if parent is not None else 0
        deepest = max(deepest, level[element])
    return deepest
