"""schema.org JSON-LD of a page: found, repaired where it is slightly broken, and the node that is this article."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from pipeline.extract.decode import clean_line

#: more is a body in disguise, and costs memory out of proportion (measured: 5 MB take 707 MB)
MAX_SCRIPT_CHARS = 512 * 1024
_MAX_NODES = 2_000
ARTICLE_TYPES = frozenset(
    {
        *(
            "article",
            "newsarticle",
            "reportagenewsarticle",
            "analysisnewsarticle",
            "opinionnewsarticle",
            "report",
        ),
        *(
            "backgroundnewsarticle",
            "reviewnewsarticle",
            "asknewsarticle",
            "advertisercontentarticle",
            "satiricalarticle",
        ),
        *("scholarlyarticle", "techarticle", "blogposting", "liveblogposting", "socialmediaposting"),
        "discussionforumposting",
    }
)
_COMMENT = re.compile(r"<!--|-->|/?\*?<!\[CDATA\[\*?/?|/?\*?\]\]>\*?/?")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")

Node = dict[str, Any]


def read_scripts(scripts: list[str]) -> list[Node]:
    """All nodes of all scripts, @graph and nested ones included, in the order of the page; unreadable scripts give none."""
    nodes: list[Node] = []
    for script in scripts:
        if len(script) <= MAX_SCRIPT_CHARS:
            nodes.extend(_walk(_load(script)))
        if len(nodes) >= _MAX_NODES:
            break
    return nodes[:_MAX_NODES]


def article_node(nodes: list[Node], url: str, headings: set[str]) -> Node:
    """The node about this page's article: by URL, else by headline, else the first; empty when there is none."""
    articles = [node for node in nodes if types_of(node) & ARTICLE_TYPES]
    if not articles:
        articles = [
            node for node in nodes if types_of(node) & {"webpage", "itempage"} and "datePublished" in node
        ]
    if len(articles) < 2:
        return articles[0] if articles else {}
    wanted = _bare(url)
    for node in articles:
        if wanted in {_bare(place) for place in _places(node)}:
            return node
    for node in articles:
        if clean_line(string(node.get("headline"))).casefold() in headings:
            return node
    return max(articles, key=lambda node: ("datePublished" in node) + ("headline" in node))


def types_of(node: Node) -> set[str]:
    """The node's types, lower case, without the vocabulary's URL."""
    declared = node.get("@type")
    names = declared if isinstance(declared, list) else [declared]
    return {name.rpartition("/")[2].rpartition(":")[2].lower() for name in names if isinstance(name, str)}


def string(value: object) -> str:
    """A text value as text with entities undone; the first of a list; empty for anything else."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or ""
    return html.unescape(value) if isinstance(value, str) else ""


def names(value: object) -> list[str]:
    """Names of persons and organisations in an author or publisher value, nested lists flattened (at most 30)."""
    found: list[str] = []
    pending: list[object] = [value]
    while pending and len(found) < 30:
        one = pending.pop(0)
        if isinstance(one, list):
            pending = list(one[:30]) + pending
        elif isinstance(one, dict):
            pending.insert(0, one.get("name"))
        elif isinstance(one, str):
            found.append(html.unescape(one))
    return [name for name in map(clean_line, found) if name]


def _load(script: str) -> object:
    text = _COMMENT.sub("", script).strip().rstrip(";")
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text), html.unescape(text)):
        try:
            # strict=False: line breaks inside strings are the commonest fault
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    try:
        return json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None


def _walk(root: object) -> Iterator[Node]:
    """Every object below `root`, outermost first, without recursion."""
    pending, seen = [root], 0
    while pending and seen < _MAX_NODES:
        one = pending.pop(0)
        seen += 1
        if isinstance(one, list):
            pending = one[:_MAX_NODES] + pending
        elif isinstance(one, dict):
            yield one
            pending.extend(
                one[key]
                for key in (
                    "@graph",
                    "mainEntity",
                    "mainEntityOfPage",
                    "hasPart",
                    "about",
                    "itemListElement",
                    "item",
                )
                if isinstance(one.get(key), (dict, list))
            )


def _places(node: Node) -> Iterator[str]:
    main = node.get("mainEntityOfPage")
    for value in (node.get("url"), node.get("@id"), main.get("@id") if isinstance(main, dict) else main):
        if isinstance(value, str):
            yield value


def _bare(url: str) -> str:
    return url.partition("#")[0].partition("?")[0].rpartition("//")[2].removeprefix("www.").rstrip("/")
