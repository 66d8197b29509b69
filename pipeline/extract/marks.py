"""What class and id say of an element: boxes that hold links only, furniture that is never text, pictures with captions."""

from __future__ import annotations

import re

from pipeline.extract.tree import Element, length_of

_START, _END = r"(?:^|[\s_-])(?:", r")(?:$|[\s_-])"
#: cut when mostly links or short
_LINK_BOX = re.compile(
    _START
    + r"related(?:-?(?:articles?|posts?|stories|news|content|links?|topics?))?|read-?(?:also|more|next)|see-?also"
    r"|also-?read|recommend(?:ed|ations?)?|recirc|most-?(?:read|popular|viewed)|more-?(?:news|stories|from|on)"
    r"|latest-?(?:news|stories)?|trending|up-?next|popular|promo|teasers?|teaser-list|tags?|tags?-?list|article-?tags"
    r"|hashtags|topics|keywords|pagination|pager|prev-?next|social|follow|share-?tools|mini-info-list|jump-?links|toc"
    r"|table-of-contents" + _END,
    re.IGNORECASE,
)
#: cut whatever it holds, when it is small
_FURNITURE = re.compile(
    _START
    + r"newsletter(?:-?(?:signup|box|form|promo|teaser|widget))?|inline-?signup|sign-?up|outbrain|taboola|social-?share"
    r"|share-?(?:bar|buttons?|links?)|cookie-?(?:banner|consent|notice)|bread-?crumbs?|crumbs?"
    r"|author-?(?:bio|biography|box|info|card|content|description|about)|about-?(?:the-?)?author|bio|biography"
    r"|visually-?hidden|sr-only|screen-reader(?:-text)?|advert(?:isement)?|ad-?label|disclaimer|donat(?:e|ion)"
    r"|donation-?box|support-?(?:us|pay)|copyright|(?:photo|image|img)-?credits?|comment-?(?:form|count|respond)|respond"
    r"|toast(?:-?popup)?|(?:image|img|photo|bild|gallery|wp|figure)-?caption(?:-?text)?|(?<!has-)(?<!with-)caption|bildunterschrift"
    r"|rating|printfriendly|print-?only|no-?screen" + _END,
    re.IGNORECASE,
)
#: cut when it holds a picture and hardly anything else
_PICTURE = re.compile(
    _START
    + r"images?(?:-?(?:widget|box|block|wrapper|container|caption|holder))?|img(?:box\w?|-?wrap(?:per)?)?"
    r"|photo(?:-?(?:box|block|caption))?|pictures?|fig(?:ure)?|captions|legend|wp-caption|[a-z]{0,12}bild"
    r"|foto" + _END,
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MAX_FURNITURE, _MAX_CAPTION, _SHORT_BOX, _MAX_DASHES = 1_500, 400, 60, 3
#: what a figure may hold besides a picture, and is text
_FIGURED = ("table", "blockquote", "pre", "ul", "ol", "video")
#: elements of the same marks may hold no more than one part in this many of a page's text, on all but the smallest pages
_MAX_SHARE, _SMALL_PAGE = 5, 2_000
_MARKED_TAGS = ("div", "section", "aside", "ul", "ol", "nav", "table", "p", "span", "figure", "dl", "form")
_LINK_BOX_TAGS = frozenset({"div", "section", "aside", "ul", "ol", "nav", "table", "dl"})


def marked_off(body: Element, total: int) -> list[Element]:
    """Elements whose marks and what they hold agree that they are no text.

    Marks that cover much of the page are the words of its template for the text itself, and tell nothing.

    Args:
        body: where to look.
        total: characters of text in it.
    """
    kinds: dict[str, str] = {}
    found: dict[str, list[tuple[Element, int]]] = {}
    for element in body.iter(*_MARKED_TAGS):
        if element.tag == "figure":
            if length_of(element) <= _MAX_CAPTION and next(element.iter(*_FIGURED), None) is None:
                found.setdefault(f"figure {len(found)}", []).append((element, 0))
            continue
        marks = _marks_of(element)
        if marks == " ":
            continue
        kind = kinds.get(marks)
        if kind is None:
            kind = kinds[marks] = _kind(marks)
        if kind and (size := _fitting(element, kind)) is not None:
            found.setdefault(marks, []).append((element, size))
    return [
        element
        for group in found.values()
        if sum(size for _, size in group) * _MAX_SHARE <= max(total, _SMALL_PAGE)
        for element, _ in group
    ]


def _marks_of(element: Element) -> str:
    name = element.get("id") or ""
    # an id of many words is a headline, and speaks of its subject
    return f"{element.get('class') or ''} {'' if name.count('-') > _MAX_DASHES else name}"


def _fitting(element: Element, kind: str) -> int | None:
    """How much text that is not linked a marked element takes with it; None when it holds something else than it says."""
    size = length_of(element)
    if kind == "furniture":
        return size if size <= _MAX_FURNITURE else None
    if kind == "picture":
        pictured = size <= _MAX_CAPTION and next(element.iter("img", "picture", "figure"), None) is not None
        return size if pictured else None
    if element.tag not in _LINK_BOX_TAGS:
        return None
    linked = linked_length(element)
    return max(0, size - linked) if size < _SHORT_BOX or linked * 2 >= size else None


def linked_length(element: Element) -> int:
    """About how many characters of an element are linked; its first 200 links."""
    links = [element] if element.tag == "a" else list(element.iter("a"))
    return sum(map(length_of, links[:200]))


def _kind(marks: str) -> str:
    marks = _CAMEL.sub("-", marks)
    if _FURNITURE.search(marks):
        return "furniture"
    if _LINK_BOX.search(marks):
        return "links"
    return "picture" if _PICTURE.search(marks) else ""
