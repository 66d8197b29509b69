"""What a page says about itself outside its text: one walk over the tree collects it all."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin

from pipeline.extract import jsonld
from pipeline.extract.decode import clean_line
from pipeline.extract.tree import Element, length_of, text_of

_MAX_META_CHARS = 2_000
_MAX_HEADINGS = 40
#: between the parts of a title; the least characters of a headline in it, and the elements looked at for one
_PART = re.compile(r"\s[|:»›—–-]{1,2}\s|\s?\|\s?")
_MIN_ECHO, _MAX_LOOKED_AT = 24, 600


@dataclass(slots=True)
class Metadata:
    """Everything declared on one page, as printed; nothing is decided here.

    Attributes:
        meta: content by lower-case name, property or itemprop, in the order of the page.
        article: the JSON-LD node of the article; empty when there is none.
        scripts: JSON-LD as it stands; nodes: all its objects.
        times: (printed, element) of every ``<time>`` with a datetime.
        echo: a part of `page_title` that a lower heading or a bold line repeats, where no h1 and no h2 does; else empty.
        headings: the first h1 and h2; tops: the h1 among them that say something, with their text.
    """

    url: str
    meta: dict[str, list[str]] = field(default_factory=dict)
    nodes: list[jsonld.Node] = field(default_factory=list)
    article: jsonld.Node = field(default_factory=dict)
    times: list[tuple[str, Element]] = field(default_factory=list)
    headings: list[Element] = field(default_factory=list)
    tops: list[tuple[str, Element]] = field(default_factory=list)
    page_title: str = ""
    echo: str = ""
    canonical: str | None = None
    html_lang: str | None = None
    password_field: bool = False
    scripts: list[str] = field(default_factory=list)

    def first(self, *keys: str) -> str | None:
        """The first non-empty content among these names, in their order."""
        for key in keys:
            for value in self.meta.get(key, ()):
                if value:
                    return value
        return None

    def every(self, *keys: str) -> list[str]:
        """All contents under these names, in their order."""
        return [value for key in keys for value in self.meta.get(key, ()) if value]

    @property
    def main_headings(self) -> list[str]:
        """Texts of the h1 elements."""
        return [text for text, _ in self.tops]


def read_metadata(root: Element, url: str) -> Metadata:
    """Walk the tree once and collect what it declares."""
    found = Metadata(url=url, html_lang=root.get("lang") or root.get("xml:lang"))
    for element in root.iter(*_READERS):
        _READERS[element.tag](found, element)
    found.tops = [(text, one) for one in found.headings if one.tag == "h1" and (text := text_of(one))]
    found.echo = _echo(root, found)
    nodes = jsonld.read_nodes(found.scripts)
    found.nodes = [node for node, _ in nodes]
    headings = [*found.main_headings, found.first("og:title"), found.page_title]
    found.article = jsonld.article_node(
        nodes, [url, found.canonical, found.first("og:url")], [one for one in headings if one]
    )
    return found


def _echo(root: Element, found: Metadata) -> str:
    """The longest part of the page's title, cut at a separator, that the page prints below the rank of its main headings."""
    title = found.page_title
    parts = [part for part in _PART.split(title) if len(part) >= _MIN_ECHO]
    if not parts or any(_is_within(text_of(one), title) for one in found.headings):
        return ""
    for place, element in enumerate(root.iter("h3", "h4", "b", "strong", "font", "td")):
        if place >= _MAX_LOOKED_AT:
            break
        if _MIN_ECHO <= length_of(element) <= len(title) and (text := text_of(element)) in parts:
            return text
    return ""


def _is_within(heading: str, title: str) -> bool:
    return len(heading) >= _MIN_ECHO and heading in title


def _read_meta(found: Metadata, element: Element) -> None:
    content = element.get("content")
    if not content:
        return
    value = clean_line(html.unescape(content[:_MAX_META_CHARS]))
    for attribute in ("property", "name", "itemprop", "http-equiv"):
        if key := element.get(attribute):
            found.meta.setdefault(key.strip().lower(), []).append(value)


def _read_link(found: Metadata, element: Element) -> None:
    href = element.get("href")
    if href and found.canonical is None and "canonical" in (element.get("rel") or "").lower().split():
        found.canonical = _absolute(found.url, href)


def _read_script(found: Metadata, element: Element) -> None:
    if "ld+json" in (element.get("type") or "").lower() and element.text:
        found.scripts.append(element.text)


def _read_time(found: Metadata, element: Element) -> None:
    if printed := clean_line((element.get("datetime") or "")[:80]):
        found.times.append((printed, element))


def _read_heading(found: Metadata, element: Element) -> None:
    # h2 come by the hundred on some pages, and the h1 of the article after them
    room = _MAX_HEADINGS if element.tag == "h2" else 2 * _MAX_HEADINGS
    if len(found.headings) < room:
        found.headings.append(element)
    if "headline" in (element.get("itemprop") or "").lower().split():
        found.meta.setdefault("headline", []).append(text_of(element))


def _read_title(found: Metadata, element: Element) -> None:
    parent = element.getparent()
    # an svg has titles as well
    if not found.page_title and parent is not None and parent.tag in {"head", "html", "body"}:
        found.page_title = text_of(element)[:500]


def _read_input(found: Metadata, element: Element) -> None:
    if (element.get("type") or "").lower() == "password":
        found.password_field = True


def _absolute(base: str, href: str) -> str | None:
    try:
        address = urljoin(base, href.strip())
    except ValueError:
        return None
    return address if address.startswith(("http://", "https://")) else None


_READERS: dict[str, Callable[[Metadata, Element], None]] = {
    "meta": _read_meta,
    "link": _read_link,
    "script": _read_script,
    "time": _read_time,
    "h1": _read_heading,
    "h2": _read_heading,
    "title": _read_title,
    "input": _read_input,
}
