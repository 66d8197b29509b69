"""The standfirst: the lines between headline and text that sum an article up, often left out with the page's header."""

from __future__ import annotations

import re

from pipeline.extract.boxes import RELATED_LINE
from pipeline.extract.cleaning import is_date_line
from pipeline.extract.jsonld import string
from pipeline.extract.metadata import Metadata
from pipeline.extract.title import plain as letters_of
from pipeline.extract.tree import Element, length_of, text_of

#: what templates call it (class or id), whole words
_MARK = re.compile(
    r"(?:^|[\s_-])(?:standfirst|stand-first|sub-?title|sub-?head(?:line|ing|er)?|dek|deck|lead|lede|teaser-?text|headers-standard__teaser"
    r"|intro(?:duction)?|excerpt|summary|abstract|kicker-text|chapo|chapeau|entradilla|bajada|copete|sumario|vorspann|anriss|unterzeile"
    r"|article-description|post-description|synopsis|preamble|ingress)(?:$|[\s_-])",
    re.IGNORECASE,
)
_TEASER = re.compile(r"(?:^|[\s_-])teaser(?:$|[\s_-])", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_CUT = re.compile(r"\W*(?:\.\.\.|\u2026)\W*$")
_PLACES = ("p", "div", "h2", "h3", "h4", "span", "strong", "b", "em", "li", "section")
_BLOCKS = ("p", "div", "ul", "ol", "h1", "h2", "h3", "h4", "table", "section", "article", "form", "figure")
#: characters of a standfirst, and how many elements after the headline it may stand
_MIN, _MAX, _REACH = 40, 700, 60
#: a declared description shorter than this agrees with too much
_MIN_DECLARED = 40
#: the first paragraph of at least so many characters begins the text, and no standfirst comes after it
_PROSE = 90
#: a reading may put it no further down, as a line
_MAX_PLACE = 8


def read_standfirst(root: Element, title: str, found: Metadata) -> str:
    """The standfirst as printed; empty when there is none.

    It stands within a few elements after the headline, and is marked as what it is, or is declared as the description.

    Args:
        root: the page, boxes are cut already.
        title: the headline.
        found: the page's metadata, for the description they declare.
    """
    heading = _headline(root, title)
    if heading is None:
        return ""
    wanted = _declared(found)
    for element in _after(heading):
        if length_of(element) < _MIN or next(element.iterdescendants(*_BLOCKS), None) is not None:
            continue
        text = text_of(element)
        if _is_standfirst(element, text, wanted):
            return "" if letters_of(text) == letters_of(title) else text
        if len(text) >= _PROSE and element.tag in {"p", "div"} and not _is_linked(element):
            break
    return ""


def _is_standfirst(element: Element, text: str, wanted: list[str]) -> bool:
    """Whether a leaf of the page is marked as the standfirst, or is what the metadata describe the article with."""
    if len(text) > _MAX or _is_linked(element) or is_date_line(text) or RELATED_LINE.match(text):
        return False
    letters = letters_of(text)
    return _is_marked(element) or any(letters.startswith(one) or one.startswith(letters) for one in wanted)


def with_standfirst(text: str, standfirst: str, root: Element) -> str:
    """The text headed by the standfirst, unless it has it already; one that stands too far down is put back."""
    lines = text.split("\n")
    if standfirst in lines[1:_MAX_PLACE]:
        page = letters_of(text_of(root, gap=" "))
        if 0 <= page.find(letters_of(standfirst)) < page.find(letters_of(lines[0])):
            lines.remove(standfirst)
            return "\n".join([standfirst, *lines])
    if not text or not standfirst or letters_of(standfirst)[:80] in letters_of(text):
        return text
    return f"{standfirst}\n{text}"


def _declared(found: Metadata) -> list[str]:
    """Letters of the descriptions in the metadata, what was cut off left open."""
    descriptions = (string(found.article.get("description")), *found.every("og:description", "description"))
    letters = [letters_of(_CUT.sub("", one)) for one in descriptions if one]
    return [one for one in letters if len(one) >= _MIN_DECLARED]


def _headline(root: Element, title: str) -> Element | None:
    wanted = letters_of(title)
    return next((one for one in root.iter("h1", "h2") if wanted and letters_of(text_of(one)) == wanted), None)


def _after(heading: Element) -> list[Element]:
    """The places in document order after the headline, no further than a few steps up the tree."""
    found: list[Element] = []
    element = heading
    for _ in range(5):
        for sibling in element.itersiblings():
            if isinstance(sibling.tag, str):
                for one in sibling.iter(*_PLACES):
                    found.append(one)
                    if len(found) >= _REACH:
                        return found
        parent = element.getparent()
        if parent is None or parent.tag in {"body", "main"}:
            break
        element = parent
    return found


def _is_marked(element: Element) -> bool:
    """Whether the element, or the block that holds nothing else, is marked as a standfirst."""
    one: Element | None = element
    size = length_of(element)
    for _ in range(3):
        if one is None or one.tag in {"body", "main", "article"} or length_of(one) > size + 20:
            return False
        marks = _CAMEL.sub("-", f"{one.get('class') or ''} {one.get('id') or ''} {one.get('itemprop') or ''}")
        # a paragraph alone may be called a teaser where boxes of other articles are as well
        if _MARK.search(marks) or (one is element and one.tag == "p" and _TEASER.search(marks)):
            return True
        one = one.getparent()
    return False


def _is_linked(element: Element) -> bool:
    return sum(length_of(link) for link in element.iter("a")) * 2 > length_of(element)
