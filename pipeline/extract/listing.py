"""Links to other articles on a page, and the cards they stand in: what a section, a tag page or search results are made of."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from pipeline.extract.sites import plain
from pipeline.extract.tree import Element, length_of, text_of

_SIGN = re.compile("[\u3040-\u9fff]")
_OUTSIDE = frozenset({"nav", "footer", "header"})
_BLOCKS = frozenset(
    {"h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "td", "dd", "dt", "div", "article", "section", "body"}
)
_MAX_LINKS, _MIN_WEIGHT = 200, 25
#: cards beside each other that make a list, and the longest that one may be (characters)
_MIN_ROW, _MAX_CARD = 3, 1_000


@dataclass(frozen=True, slots=True)
class Listing:
    """What a page lists.

    Attributes:
        links: texts long enough to be headlines, outside header, footer and navigation, each once.
        cards: number of cards, each with one such link on a line of its own.
        within: the cards' texts, compared by `plain`.
    """

    links: list[str]
    cards: int
    within: str

    def holds(self, text: str) -> float:
        """Share of a text's letters whose lines stand in cards; 1 for no text."""
        lines = [line for line in map(plain, text.split("\n")) if line]
        inside = sum(len(line) for line in lines if line in self.within)
        return inside / sum(map(len, lines)) if lines else 1.0


NO_LISTING = Listing([], 0, "")


def weight_of(text: str) -> int:
    """Letters, where one sign of Chinese counts for three."""
    return len(text) + 2 * len(_SIGN.findall(text))


def read_listing(root: Element) -> Listing:
    """What the page lists, as it stands; asked before boxes are cut, of pages that may be no article."""
    texts: dict[str, None] = {}
    alone: list[Element] = []
    lengths: dict[Element, int] = {}
    for link in root.iter("a"):
        if len(texts) >= _MAX_LINKS:
            break
        text = text_of(link)
        if weight_of(text) >= _MIN_WEIGHT and not any(one.tag in _OUTSIDE for one in link.iterancestors()):
            texts[text] = None
            if _is_alone(link, lengths):
                alone.append(link)
    cards = _cards(alone) if len(alone) >= _MIN_ROW else []
    return Listing(list(texts), len(cards), "\n".join(plain(text_of(card, gap=" ")) for card in cards))


def _is_alone(link: Element, lengths: dict[Element, int]) -> bool:
    """Whether a link is all there is on its line: in a sentence, it belongs to the text. `lengths` of blocks met before."""
    block = link
    while block.tag not in _BLOCKS and (parent := block.getparent()) is not None:
        block = parent
    if block not in lengths:
        lengths[block] = length_of(block)
    # a link around a whole card is alone too
    return (
        lengths[block] <= length_of(link) + _MIN_WEIGHT
        or next(link.iterdescendants(*_BLOCKS), None) is not None
    )


def _cards(alone: list[Element]) -> list[Element]:
    """The largest elements about one such link each, where several stand beside each other."""
    targets: dict[Element, set[str]] = defaultdict(set)
    for link in alone:
        for ancestor in link.iterancestors():
            targets[ancestor].add(link.get("href") or "")
    found: dict[Element, None] = {}
    for link in alone:
        card = link
        while (parent := card.getparent()) is not None and len(targets[parent]) == 1:
            card = parent
        found[card] = None
    small = [card for card in found if length_of(card) <= _MAX_CARD]
    rows = Counter(card.getparent() for card in small)
    return [card for card in small if rows[card.getparent()] >= _MIN_ROW]
