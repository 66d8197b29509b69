"""Teasers of other articles among the paragraphs of this one, told by their links alone: no word of any language is asked for."""

from __future__ import annotations

import re

from pipeline.extract.title import plain as letters_of
from pipeline.extract.tree import Element, length_of, text_of

_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_BLOCKS = (
    frozenset({"p", "li", "div", "td", "dd", "dt", "blockquote", "section", "article", "figure", "body"})
    | _HEADINGS
)
#: the least a headline has, the most a teaser has, and the most a card of headline and summary has (characters)
_MIN_HEADLINE, _MAX_TEASER, _MAX_CARD, _MAX_LABEL, _MAX_POINTS = 20, 220, 500, 110, 60
#: teasers of one kind may hold no more than one part in this many of a page's text, on all but the smallest pages
_MAX_SHARE, _SMALL_PAGE = 4, 2_000
#: what may stand before a linked headline: "Read more:", "Related |"
_MAX_LEAD_IN = 45
_LEAD_IN_END = re.compile(r"[:：|►▶→»>]\s*$")
#: a paragraph that is one link and still a sentence of the text
_SENTENCE_END = re.compile(r"[.。!।]\W{0,2}$")
#: an offer to subscribe tells a teaser from a whole article: it is left for that question
_OFFER = re.compile(
    r"subscri|abonn|suscri|подпис|падпіс|abunə|reading|lesen|اشترك|للمشتركين|订阅", re.IGNORECASE
)


def find_teasers(root: Element) -> list[Element]:
    """Elements that only lead to other articles.

    Lists of linked headlines with their label; linked headings with their summary; paragraphs that are one link.
    """
    own = letters_of(root.findtext("head/title") or "")
    seen: set[Element] = set()
    doomed: dict[tuple[str, str], list[Element]] = {}
    lists: dict[Element, None] = {}
    sizes: dict[Element, int] = {}
    for link in root.iter("a"):
        block = _block_of(link)
        if block is None or block in seen:
            continue
        seen.add(block)
        if block.tag == "li":
            lists.setdefault(block.getparent())
        elif _points_elsewhere(block) and not (own and letters_of(text_of(block)) in own):
            card = _card(block, sizes) if block.tag in _HEADINGS else block
            if card.tag not in _HEADINGS:
                doomed.setdefault((card.tag, card.get("class") or ""), []).append(card)
    for one in lists:
        if one is not None and _is_headline_list(one):
            doomed.setdefault((one.tag, one.get("class") or ""), []).extend([*_label_before(one), one])
    most = max(_SMALL_PAGE, length_of(root)) / _MAX_SHARE
    # where they are much of the page, they are what it is about
    return [one for group in doomed.values() if sum(map(length_of, group)) <= most for one in group]


def _block_of(link: Element) -> Element | None:
    """The nearest block around a link that may be nothing but a pointer; None when the link cannot be a headline."""
    if not _MIN_HEADLINE <= length_of(link) <= _MAX_CARD or (link.get("href") or "#").startswith("#"):
        return None
    element = link
    for _ in range(6):
        parent = element.getparent()
        if parent is None:
            return None
        element = parent
        if element.tag in _BLOCKS:
            return element if element.tag not in {"body", "td", "blockquote", "figure"} else None
    return None


def _points_elsewhere(block: Element) -> bool:
    """Whether a block is one linked headline, alone or after a few words that announce it."""
    size = length_of(block)
    if size > _MAX_TEASER + _MAX_LEAD_IN or (
        block.tag in {"div", "section", "article"} and _holds_blocks(block)
    ):
        return False
    links = [link for link in block.iter("a") if length_of(link) > 1]
    if not links or len(links) > 2:
        return False
    linked = sum(map(length_of, links))
    text = text_of(block)
    if _OFFER.search(text):
        return False
    if block.tag in _HEADINGS:
        # a kicker may stand beside the link
        return linked * 10 >= size * 6
    if linked * 10 >= size * 9:
        return not _SENTENCE_END.search(text)
    headline = text_of(links[-1])
    before, _, after = text.rpartition(headline)
    return (
        len(headline) >= _MIN_HEADLINE
        and len(headline.split()) >= (1 if not headline.isascii() else 4)
        and len(before) <= _MAX_LEAD_IN
        and not after.strip(" .…»>|")
        and _LEAD_IN_END.search(before) is not None
    )


def _holds_blocks(block: Element) -> bool:
    return any(element is not block for element in block.iter(*_BLOCKS))


def _card(heading: Element, sizes: dict[Element, int]) -> Element:
    """The small block that a linked heading and its summary make up; the heading itself when it stands in the text."""
    card = heading
    for _ in range(4):
        parent = card.getparent()
        if parent is None or parent.tag in {"body", "main"}:
            break
        # headings by the thousand may share one parent
        if parent not in sizes:
            sizes[parent] = length_of(parent)
        if sizes[parent] > _MAX_CARD:
            break
        if sum(1 for _ in parent.iter("h1", *_HEADINGS)) > 1:
            break
        card = parent
    return card


def _is_headline_list(element: Element) -> bool:
    """Whether each point of a list is nothing but a linked headline."""
    points = [point for point in element if point.tag == "li" and length_of(point)]
    sizes = [length_of(point) for point in points]
    if not points or max(sizes) > _MAX_CARD or sum(1 for _ in element.iter("li")) > _MAX_POINTS:
        return False
    # a list of one point is a card when its headline is a long one
    if sum(sizes) < _MIN_HEADLINE * max(len(points), 2):
        return False
    linked = [sum(map(length_of, point.iter("a"))) for point in points]
    # a kicker may stand before each link
    return sum(linked) * 10 >= sum(sizes) * 7 and all(
        share * 10 >= size * 4 for share, size in zip(linked, sizes, strict=True)
    )


def _label_before(element: Element) -> list[Element]:
    """The heading, or the line that ends in a colon, right before a list."""
    label = element.getprevious()
    if label is None or not isinstance(label.tag, str) or not 0 < length_of(label) <= _MAX_LABEL:
        return []
    if label.tag in _HEADINGS or (
        label.tag in {"p", "div", "strong", "b"} and text_of(label).endswith((":", "："))
    ):
        return [label]
    return []
