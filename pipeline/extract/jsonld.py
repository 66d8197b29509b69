"""schema.org JSON-LD of a page: found, repaired where it is slightly broken, and the node that is this article."""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from pipeline.extract.decode import clean_line
from pipeline.extract.repair import load_all

#: more is a body in disguise, and costs memory out of proportion (measured: 5 MB take 707 MB)
MAX_SCRIPT_CHARS = 512 * 1024
_MAX_NODES = 2_000
ARTICLE_TYPES = frozenset({
    "article", "newsarticle", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle", "report",
    "backgroundnewsarticle", "reviewnewsarticle", "asknewsarticle", "advertisercontentarticle", "satiricalarticle",
    "scholarlyarticle", "techarticle", "blogposting", "liveblogposting", "socialmediaposting", "discussionforumposting",
})  # fmt: skip
_PAGE_TYPES = frozenset({"webpage", "itempage"})
#: below these, a page lists other articles
_LISTING_KEYS = ("itemListElement", "item", "hasPart")
_DESCENDED = ("@graph", "mainEntity", "mainEntityOfPage", "about", *_LISTING_KEYS)
#: values that may be given as a reference to a node elsewhere
_REFERRED = ("author", "creator", "contributor", "publisher", "sourceOrganization", "provider")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,5}|[a-z]{2,8});", re.IGNORECASE)
_WORD = re.compile(r"\w{4,}|[\u3040-\u9fff\uac00-\ud7af]{2}")
_MAX_NAMES = 30

Node = dict[str, Any]


def read_scripts(scripts: list[str]) -> list[Node]:
    """All nodes of all scripts, @graph and nested ones included, in the order of the page; unreadable scripts give none."""
    return [node for node, _ in read_nodes(scripts)]


def read_nodes(scripts: list[str]) -> list[tuple[Node, bool]]:
    """As `read_scripts`, each with whether it stands in a list of others."""
    nodes: list[tuple[Node, bool]] = []
    for script in scripts:
        if len(script) <= MAX_SCRIPT_CHARS:
            for root in load_all(script):
                nodes.extend(_walk(root))
        if len(nodes) >= _MAX_NODES:
            break
    return nodes[:_MAX_NODES]


def article_node(nodes: list[tuple[Node, bool]], urls: Iterable[str | None], headings: Iterable[str]) -> Node:
    """The node about this page's article, its references resolved; empty when there is none.

    By address, else by headline, else the first that is not told of in a list. A node with another address and a headline that
    shares no word with the page is another article's.

    Args:
        nodes: as `read_nodes` gives them.
        urls: where the page is: its own address, and those it calls its own.
        headings: what it calls itself: headings and titles.
    """
    own = {_bare(url) for url in urls if url}
    said = [heading for heading in headings if heading]
    articles = [one for one in nodes if types_of(one[0]) & ARTICLE_TYPES] or [
        one
        for one in nodes
        if "datePublished" in one[0] and ("headline" in one[0] or types_of(one[0]) & _PAGE_TYPES)
    ]
    if not articles:
        return {}
    found = _by_address(articles, own) or _by_headline(articles, said)
    if not found:
        node = max((node for node, listed in articles if not listed), key=_worth, default={})
        found = node if not (said and _is_another(node, own, said)) else {}
    return _resolved(found, [node for node, _ in nodes]) if found else {}


def types_of(node: Node) -> set[str]:
    """The node's types, lower case, without the vocabulary's URL."""
    declared = node.get("@type")
    names = declared if isinstance(declared, list) else [declared]
    return {name.rpartition("/")[2].rpartition(":")[2].lower() for name in names if isinstance(name, str)}


def string(value: object) -> str:
    """A text value as text, tags and entities undone; the first of a list; empty for anything else."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or ""
    return _text(value) if isinstance(value, str) else ""


def names(value: object) -> list[str]:
    """Names of persons and organisations in an author or publisher value, nested lists flattened (at most 30)."""
    found: list[str] = []
    pending: deque[object] = deque([value])
    while pending and len(found) < _MAX_NAMES:
        one = pending.popleft()
        if isinstance(one, list):
            pending.extendleft(reversed(one[:_MAX_NAMES]))
        elif isinstance(one, dict):
            pending.appendleft(one.get("name"))
        elif isinstance(one, str):
            found.append(_text(one))
    return [name for name in map(clean_line, found) if name]


def _text(value: str) -> str:
    if "&" in value:
        value = html.unescape(value)
        if _ENTITY.search(value):
            # escaped for HTML, then for JSON-LD
            value = html.unescape(value)
    return _TAG.sub("", value) if "<" in value else value


def _walk(root: object) -> Iterator[tuple[Node, bool]]:
    """Every object below `root`, outermost first, without recursion; with whether it stands in a list."""
    pending: deque[tuple[object, bool]] = deque([(root, False)])
    seen = 0
    while pending and seen < _MAX_NODES:
        one, listed = pending.popleft()
        seen += 1
        if isinstance(one, list):
            pending.extendleft((item, listed) for item in reversed(one[:_MAX_NODES]))
        elif isinstance(one, dict):
            yield one, listed
            # a live blog has its updates as parts, and is an article all the same
            pending.extend(
                (one[key], listed or key in _LISTING_KEYS)
                for key in _DESCENDED
                if isinstance(one.get(key), (dict, list))
            )


def _by_address(articles: list[tuple[Node, bool]], own: set[str]) -> Node:
    return next((node for node, _ in articles if own & {_bare(place) for place in _places(node)}), {})


def _by_headline(articles: list[tuple[Node, bool]], said: list[str]) -> Node:
    folded = {heading.casefold() for heading in said}
    return next(
        (node for node, _ in articles if clean_line(string(node.get("headline"))).casefold() in folded), {}
    )


def _worth(node: Node) -> int:
    return ("datePublished" in node) + ("headline" in node)


def _is_another(node: Node, own: set[str], said: list[str]) -> bool:
    """Whether a node tells of another article: its address is another, and no word of its headline is on this page's head."""
    places = {_bare(place) for place in _places(node)}
    words = _words(string(node.get("headline")))
    return (
        bool(places and words and own) and not places & own and not any(words & _words(one) for one in said)
    )


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _resolved(node: Node, nodes: list[Node]) -> Node:
    """The node with people and publishers in the place of references to them."""
    referred = {key: node[key] for key in _REFERRED if key in node}
    if not any("@id" in one for value in referred.values() for one in _each(value)):
        return node
    known: dict[str, Node] = {}
    within = [one for other in nodes for key in _REFERRED for one in _each(other.get(key))]
    for one in [*nodes, *within]:
        name = one.get("@id")
        if isinstance(name, str) and one.get("name"):
            known.setdefault(name, one)
    return {**node, **{key: _named(value, known) for key, value in referred.items()}}


def _named(value: object, known: dict[str, Node]) -> object:
    """A value with each reference in it that has no name of its own replaced by the node it stands for."""
    if isinstance(value, list):
        return [_known(one, known) for one in value[:_MAX_NAMES]]
    return _known(value, known)


def _known(value: object, known: dict[str, Node]) -> object:
    """The node that a reference without a name stands for; anything else as it is."""
    if isinstance(value, dict) and not value.get("name") and isinstance(value.get("@id"), str):
        return known.get(value["@id"], value)
    return value


def _each(value: object) -> list[Node]:
    return [
        one for one in (value[:_MAX_NAMES] if isinstance(value, list) else [value]) if isinstance(one, dict)
    ]


def _places(node: Node) -> Iterator[str]:
    main = node.get("mainEntityOfPage")
    for value in (node.get("url"), node.get("@id"), main.get("@id") if isinstance(main, dict) else main):
        if isinstance(value, str) and value.partition("#")[0].strip("/"):
            yield value


def _bare(url: str) -> str:
    return url.partition("#")[0].partition("?")[0].rpartition("//")[2].removeprefix("www.").rstrip("/")
