"""What class and id say of an element: boxes that hold links only, furniture that is never text, pictures with captions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.extract.tree import Element, length_of


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: cut when mostly links or short; words of a mark stand joined, so that "related-news" and "relatedNews" are one
_LINK_BOX = _set_of(
    """related relatedarticle relatedarticles relatedpost relatedposts relatedstories relatednews relatedcontent relatedlinks
    relatedlink relatedtopics relatedtopic readalso readmore readnext seealso alsoread recommend recommended recommendation
    recommendations recirc mostread mostpopular mostviewed morenews morestories morefrom moreon latest latestnews lateststories
    trending upnext popular promo teaser teasers teaserlist tag tags taglist tagslist articletags hashtags topics keywords
    pagination pager prevnext social follow sharetools miniinfolist jumplink jumplinks toc tableofcontents"""
)
#: cut whatever it holds, when it is small
_FURNITURE = _set_of(
    """newsletter newslettersignup newsletterbox newsletterform newsletterpromo newsletterteaser newsletterwidget inlinesignup
    signup outbrain taboola socialshare sharebar sharebutton sharebuttons sharelink sharelinks cookiebanner cookieconsent
    cookienotice breadcrumb breadcrumbs crumb crumbs authorbio authorbiography authorbox authorinfo authorcard authorcontent
    authordescription authorabout aboutauthor abouttheauthor bio biography visuallyhidden sronly screenreader screenreadertext
    advert advertisement adlabel disclaimer donate donation donationbox supportus supportpay copyright photocredit
    photocredits imagecredit imagecredits imgcredit imgcredits commentform commentcount commentrespond comm respond toast
    toastpopup imagecaption imgcaption photocaption bildcaption gallerycaption wpcaption figurecaption captiontext
    bildunterschrift autorenkasten autorenbox autorbox autorinfo rating printfriendly printonly noscreen"""
)
_CAPTION = "caption"
#: cut when it holds a picture and hardly anything else
_PICTURE = _set_of(
    """image images imagewidget imagebox imageblock imagewrapper imagecontainer imageholder img imgbox imgboxa imgwrap imgwrapper
    photo photobox photoblock picture pictures fig figure captions legend bild foto"""
)
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_MAX_WORDS, _JOINED = 60, 4
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


@lru_cache(maxsize=8_192)
def _kind(marks: str) -> str:
    """What marks say: ``furniture``, ``links``, ``picture`` or nothing; asked once for the marks of a site."""
    words = set(_joined_words(marks))
    if words & _FURNITURE or _CAPTION in words:
        return "furniture"
    if words & _LINK_BOX:
        return "links"
    return "picture" if words & _PICTURE or any(word.endswith("bild") for word in words) else ""


def _joined_words(marks: str) -> Iterator[str]:
    """The words of each mark, alone and joined with those that follow; "has-caption" speaks of another element."""
    for mark in marks.split()[:_MAX_WORDS]:
        words = [word.lower() for word in _WORDS.findall(mark[:200])]
        for start in range(len(words)):
            if start and words[start - 1] in {"has", "with", "no"}:
                continue
            for end in range(start + 1, min(start + _JOINED, len(words)) + 1):
                yield "".join(words[start:end])
