"""The text of an article from its tree: trafilatura's precise reading, a second opinion when that is suspiciously short."""

from __future__ import annotations

import logging

from trafilatura import bare_extraction

from pipeline.extract.decode import clean_text
from pipeline.extract.prescan import Depth
from pipeline.extract.tree import Element, Parsed, text_of

#: a text shorter than this share of the page's plain paragraphs is asked again (measured: flat between 0.3 and 0.6)
SUSPICIOUS_SHARE = 0.6
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
    text = _trafilatura(root, url, precise=True, fast=depth is Depth.FAST)
    if len(text) < SUSPICIOUS_SHARE * len(plain) or not text:
        other = _trafilatura(root, url, precise=False, fast=depth is Depth.FAST)
        text = max(text, other, key=len)
    return text or plain


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
