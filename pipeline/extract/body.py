"""The text of an article from its tree: trafilatura's fast precise reading, more thorough ones where that looks incomplete."""

from __future__ import annotations

import logging

from trafilatura import bare_extraction

from pipeline.extract.decode import clean_text
from pipeline.extract.prescan import Depth
from pipeline.extract.title import plain as letters_of
from pipeline.extract.tree import Element, Parsed, length_of, text_of

#: a text shorter than this share of the page's plain paragraphs is asked again (measured: flat between 0.3 and 0.6)
SUSPICIOUS_SHARE = 0.6
#: plain paragraphs left out, as a share of the text, from which on the broader reading is asked for them
_MISSED_SHARE = 0.1
#: a fast text shorter than this many characters, or than this share of the plain paragraphs, is read again thoroughly;
#: so is one with hardly any plain paragraph, as nothing bears it out (measured: the same texts, at half the cost)
_ENOUGH, _FAST_SHARE, _PLAIN_SHARE = 300, 0.5, 0.2
_MIN_PARAGRAPH = 60
_DEEP_LIMIT = 600
# what it cannot read is an outcome of ours; its own warnings would only say the same with less
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def read_body(parsed: Parsed, url: str, depth: Depth) -> str:
    """The article's text, paragraphs separated by a newline, boxes and comments left out; empty when there is none."""
    root = _flattened(parsed.root) if parsed.deep else parsed.root
    plain = _paragraphs(root)
    if root is None or (parsed.deep and _depth(root) > _DEEP_LIMIT):
        return plain
    fast = depth is Depth.FAST
    text = _trafilatura(root, url, precise=True, fast=True)
    if not (fast or _bears_out(text, plain) or 2 * len(text) > length_of(root)):
        text = _trafilatura(root, url, precise=True, fast=False)
    letters = letters_of(text)
    missed = [one for one in map(letters_of, plain.split("\n")) if one and one not in letters]
    if text and sum(map(len, missed)) <= _MISSED_SHARE * len(letters):
        return text
    if len(text) < SUSPICIOUS_SHARE * len(plain) or not text:
        return max(text, _trafilatura(root, url, precise=False, fast=fast), key=len) or plain
    # the fast reading is enough to tell whether a paragraph belongs
    return _with_missed(text, _trafilatura(root, url, precise=False, fast=True), set(missed))


def read_broadly(parsed: Parsed, url: str) -> str:
    """The text as the broader reading takes it, short lines and furniture included; empty for a page too deep for it."""
    return "" if parsed.deep else _trafilatura(parsed.root, url, precise=False, fast=True)


def _bears_out(text: str, plain: str) -> bool:
    """Whether the fast reading will do: the slow one compares with other algorithms, and only ever takes a much longer text."""
    return (
        len(text) >= _ENOUGH
        and len(text) >= _FAST_SHARE * len(plain)
        and len(plain) >= _PLAIN_SHARE * len(text)
    )


def _with_missed(text: str, other: str, missed: set[str]) -> str:
    """The precise text with those plain paragraphs that the broader reading takes for text too, in the page's order."""
    known = set(text.split("\n"))
    lines = [line for line in other.split("\n") if line in known or letters_of(line) in missed]
    # the broader reading may have left something out in its turn
    return "\n".join(lines) if known <= set(lines) else text


def _trafilatura(root: Element, url: str, *, precise: bool, fast: bool) -> str:
    try:
        document = bare_extraction(
            root,
            url=url,
            fast=fast,
            favor_precision=precise,
            include_comments=False,
            include_tables=True,
            with_metadata=False,
        )
    except RecursionError:
        return ""
    return clean_text(getattr(document, "text", None) or "")


def _paragraphs(root: Element) -> str:
    """Paragraphs with more words than links, as they stand: the measure of how much text a page has."""
    found = []
    for element in root.iter("p"):
        text = text_of(element)
        if len(text) < _MIN_PARAGRAPH or any(
            ancestor.tag in {"footer", "aside", "nav"} for ancestor in element.iterancestors()
        ):
            continue
        linked = sum(len(text_of(link)) for link in element.iter("a"))
        if linked * 2 < len(text):
            found.append(text)
    return "\n".join(dict.fromkeys(found))


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
