"""The line that says whose text it is: "Source: X", "Источник: X", "来源：X", and the link to the original."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any, cast
from urllib.parse import urlsplit

from lxml import etree

from pipeline.extract.agencies import usual_name
from pipeline.extract.metadata import Metadata
from pipeline.extract.tree import Element, text_of

_LABELS = (
    *(
        "Source",
        "SOURCE",
        "Quelle",
        "Источник",
        "ИСТОЧНИК",
        "Крыніца",
        "Mənbə",
        "Fuente",
        "FUENTE",
        "المصدر",
        "مصدر",
    ),
    *("来源", "來源", "稿源"),
)
_LABELLED = etree.XPath(
    "//text()["
    + " or ".join(f"contains(., '{label}')" for label in (*_LABELS, "riginal", "оригинал", "原文", "ource"))
    + "]"
)
_LINE = re.compile(rf"(?:^|[\s|·（(])(?:{'|'.join(_LABELS)})\s?[:：]\s*(.{{0,60}})", re.DOTALL)
#: a link that says no more than what it leads to
_LINKED = re.compile(
    r"^\W*(?:(?:read\s+the\s+)?(?:original|full)\s+(?:article|text|story)|read\s+the\s+original|source|original|quelle|originalartikel|источник"
    r"|первоисточник|оригинал(?:\s+статьи)?|крыніца|mənbə|fuente(?:\s+original)?|lire\s+l['’]original|المصدر|原文(?:链接|連結)?|来源|來源)\W*$",
    re.IGNORECASE,
)
#: whether looking for lines is worth while: most pages have none
_MAY_NAME = re.compile(rf"(?:{'|'.join(_LABELS)})\s?[:：]")
_END = re.compile(r"[|·•,，;；()（）\n\t\u3000]|\s[-–—]\s|\s{2,}|(?<=[\u4e00-\u9fff])\s")
_META = (
    "source",
    "news_source",
    "original-source",
    "syndication-source",
    "dc.source",
    "article:source",
    "contentsource",
)
#: pictures and charts have sources of their own
_NOT_OF_THE_TEXT = frozenset(
    {"figure", "figcaption", "nav", "footer", "aside", "table", "script", "style", "title", "head"}
)
_PICTURE = re.compile(r"caption|photo|image|picture|gallery|chart|comment|related", re.IGNORECASE)
_MAX_LOOKED_AT, _MAX_FOUND, _MAX_UP = 40, 3, 6


def read_source_lines(root: Element, found: Metadata) -> tuple[str, ...]:
    """Names of agencies and outlets of the gazetteer that the page gives as its source, as printed, at most three.

    Args:
        root: the page before anything is cut from it.
        found: its metadata, which some publishers name their source in.
    """
    names: dict[str, str] = {}
    for printed in (*_printed(root), *found.every(*_META)):
        if name := usual_name(printed):
            names.setdefault(name, printed)
    return tuple(islice(names.values(), _MAX_FOUND))


def _printed(root: Element) -> list[str]:
    if not _may_have_lines(root):
        return []
    places = cast("list[Any]", _LABELLED(root))
    found: list[str] = []
    for place in places[:_MAX_LOOKED_AT]:
        parent = place.getparent()
        element = parent if not place.is_tail else parent.getparent()
        if element is None or _is_elsewhere(element):
            continue
        text = str(place)
        if match := _LINE.search(text):
            named = _END.split(match[1].strip(), maxsplit=1)[0].strip(" .。»\"'”")
            found.extend([named] if named else _linked(place, parent))
        elif _LINKED.match(text):
            found.extend(_target(element if element.tag == "a" else next(element.iterancestors("a"), None)))
    return found


def _may_have_lines(root: Element) -> bool:
    """Whether some text may be labelled as a source, or some link says no more than that it leads to one."""
    text = "\n".join(root.itertext())
    if any(label in text for label in _LABELS) and _MAY_NAME.search(text):
        return True
    return any(_LINKED.match(words) for link in root.iter("a") for words in link.itertext())


def _linked(place: Any, parent: Element) -> list[str]:
    """What the element behind a bare label is called, and where it leads."""
    behind = parent.getnext() if place.is_tail else next(iter(parent), None)
    if behind is None and not place.is_tail:
        behind = parent.getnext()
    if behind is None or not isinstance(behind.tag, str):
        return []
    return [text_of(behind)[:60], *_target(behind if behind.tag == "a" else behind.find(".//a"))]


def _target(link: Element | None) -> list[str]:
    """The host a link leads to, with and without its first label."""
    try:
        host = urlsplit(link.get("href") or "").hostname or "" if link is not None else ""
    except ValueError:
        return []
    bare = host.removeprefix("www.")
    return [one for one in (bare, bare.partition(".")[2]) if one.count(".")]


def _is_elsewhere(element: Element) -> bool:
    for above in islice((element, *element.iterancestors()), _MAX_UP):
        if above.tag in {"body", "article", "main"}:
            return False
        if above.tag in _NOT_OF_THE_TEXT or _PICTURE.search(
            f"{above.get('class') or ''} {above.get('id') or ''}"
        ):
            return True
    return False
