"""Text -> tree, once; deep pages are read too, within libxml2's hard limit, and what lies deeper is said."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias, cast

from lxml import etree
from lxml import html as lxml_html

from pipeline.extract.decode import clean_line

#: an `lxml.html.HtmlElement`; the stubs know it only by half
Element: TypeAlias = Any

_DEPTH_MESSAGE = "Excessive depth"
#: NUL, U+FFFE and U+FFFF in UTF-8: no characters of a page, and the parser stops at some
_NO_CHARACTERS = (b"\x00", b"\xef\xbf\xbe", b"\xef\xbf\xbf")
#: elements that never hold the article, nor anything asked for once the metadata are read
_UNREAD = (
    "style", "svg", "iframe", "noscript", "nav", "footer", "select", "input", "textarea", "button", "link", "meta", "map",
    "object", "embed", "canvas", "audio", "video", "source",
)  # fmt: skip
_SILENT = ("script", "style", "noscript")
_BLOCKS = (
    "br",
    "div",
    "p",
    "li",
    "time",
    "td",
    "h1",
    "h2",
    "h3",
    "h4",
    "section",
    "article",
    "ul",
    "dd",
    "dt",
)
_SPOKEN = etree.XPath(
    ".//text()[not(parent::script or parent::style or parent::noscript)]", smart_strings=False
)
#: no article has so many elements: the longest of 565 real pages has 9,014. What follows is not read
MAX_ELEMENTS = 15_000
_MAX_DROP_CAPS = 1_000
_XML_SPACE = " \t\r\n"
_LENGTH = etree.XPath("string-length(normalize-space())")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed page.

    Attributes:
        root: the html element.
        deep: nested deeper than 255 elements: body algorithms that walk up and down must be kept off.
    """

    root: Element
    deep: bool = False


def parse(text: str) -> Parsed | str | None:
    """The tree; None when there is nothing to parse; a line that says so when nested beyond libxml2's limit (2,048).

    libxml2 drops what lies below depth 255 and only notes it in its log (measured): the log is asked, and the page read again.
    """
    source = text.strip().encode("utf-8", "ignore")
    for sequence in _NO_CHARACTERS:
        source = source.replace(sequence, b"")
    if not source:
        return None
    root, cut = _read(source, huge=False)
    if not cut:
        return None if root is None else Parsed(root)
    root, cut = _read(source, huge=True)
    if root is None or cut:
        return "elements are nested more than 2,000 deep"
    return Parsed(root, deep=True)


def _read(source: bytes, *, huge: bool) -> tuple[Element | None, bool]:
    """Root (None when nothing was found) and whether something was cut off for its depth."""
    parser = lxml_html.HTMLParser(
        encoding="utf-8",
        collect_ids=False,
        default_doctype=False,  # type: ignore[call-arg]  # the stubs do not know it
        remove_comments=True,
        remove_pis=True,
        huge_tree=huge,
    )
    try:
        root = lxml_html.document_fromstring(source, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        root = None
    return root, any(_DEPTH_MESSAGE in entry.message for entry in parser.error_log)


def text_of(element: Element, *, gap: str | None = None) -> str:
    """All text inside an element on one line, scripts and styles left out; cleaned.

    Args:
        element: where to read; its tail is not part of it.
        gap: what stands between two pieces; None: a space where the element holds blocks or line breaks, else nothing.
    """
    if not len(element):
        return "" if element.tag in _SILENT else clean_line(element.text or "")
    if gap is None:
        gap = "" if next(element.iterdescendants(*_BLOCKS), None) is None else " "
    silent = next(element.iter(*_SILENT), None) is not None
    pieces: Any = _SPOKEN(element) if silent else element.itertext()
    return clean_line(gap.join(pieces))


def length_of(element: Element) -> int:
    """About how many characters of text are inside an element, scripts and styles counted: many times cheaper than `text_of`."""
    return int(cast("float", _LENGTH(element)))


def lighten(root: Element) -> bool:
    """Drop (in place) what is no part of any text: every later step walks over the tree again. JSON-LD stays.

    Returns whether elements were cut off that follow the first MAX_ELEMENTS.
    """
    stated = [script for script in root.iter("script") if "ld+json" in (script.get("type") or "").lower()]
    for script in stated:
        script.tag = "stated"
    etree.strip_elements(root, "script", *_UNREAD, with_tail=False)
    for script in stated:
        script.tag = "script"
    for letter in list(islice(filter(_is_drop_cap, root.iter("span")), _MAX_DROP_CAPS)):
        _join(letter)
    return _cut_off(root)


def _is_drop_cap(element: Element) -> bool:
    """Whether a span is a first letter set apart for its size."""
    letter, rest = element.text, element.tail
    if not letter or not rest or len(element) or len(letter.strip(_XML_SPACE)) != 1:
        return False
    return letter.isupper() and rest[0].islower() and next(element.iterancestors("p"), None) is not None


def _join(element: Element) -> None:
    """Put an element without children back into the text about it; unlike `drop_tag`, not by its number among its siblings."""
    parent, before = element.getparent(), element.getprevious()
    text = (element.text or "") + (element.tail or "")
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    parent.remove(element)


def _cut_off(root: Element) -> bool:
    """Drop all that follows the first MAX_ELEMENTS elements, in the order of the page; returns whether there was more."""
    last: Element | None = next(islice(root.iter(), MAX_ELEMENTS, None), None)
    if last is None:
        return False
    doomed = [last]
    while last is not None:
        doomed += last.itersiblings()
        last = last.getparent()
    for element in doomed:
        if (parent := element.getparent()) is not None:
            parent.remove(element)
    return True
