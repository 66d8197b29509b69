"""Whether a page is an article at all. Losing one is worse than keeping a page too many: each reason needs two signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline.extract.jsonld import ARTICLE_TYPES, types_of
from pipeline.extract.listing import Listing
from pipeline.extract.metadata import Metadata
from pipeline.extract.shells import Shown, headings_of, stands_in
from pipeline.extract.tree import Element

_VIDEO_PATH = re.compile(r"/(?:video|videos|watch|live-?tv|mediathek)/", re.IGNORECASE)
_LIST_PATH = re.compile(
    r"/(?:tags?|topics?|categor(?:y|ies)|authors?|search|archives?|rubrics?|sections?|labels?|etiquetas?|temas?|secci[oó]n(?:es)?|categor[ií]as?|autor(?:es|en)?"
    r"|buscar|mots?-cl(?:e|é)s?|themes?|rubriques?|auteurs?|recherche|themen?|schlagw(?:ort|orte|örter)|rubrik(?:en)?|kategorien?|suche|tegi?|t[eè]gs|metk[ai]"
    r"|rubrik[ai]|poisk|kateqoriya|axtar(?:is|ış)?)(?:/|$)",
    re.IGNORECASE,
)
_GALLERY_PATH = re.compile(
    r"/(?:galler(?:y|ies|ie|ien)|galer[iií]as?|photos?|photo-?gallery|fotos?|foto(?:strecken?|galer[ií]e?|report\w*)|bilder\w*|diaporamas?|slideshows?|in-pictures)(?:/|$)",
    re.IGNORECASE,
)
_GALLERY_TYPES = frozenset({"imagegallery", "mediagallery"})
#: the front page, or that of one of its languages
_FRONT_PATH = re.compile(
    r"^/?(?:[a-z]{2}(?:[-_][a-z]{2})?|eng|rus|home|main|news|portal)?/?(?:(?:index|default|home|main)\.\w{3,5})?/?$",
    re.IGNORECASE,
)
#: an address of one article: by its number, or by the words of its headline
_NAMES_ONE = re.compile(r"\d{5,}|(?:-\w+){4}")
_LIST_TYPES = frozenset({"collectionpage", "searchresultspage", "profilepage"})
SHORT_CHARS = 400
#: cards that make a list, on a page that says it is one and on any other; and the share of the text that stands in them
_FEW_CARDS, _MANY_CARDS, _LISTED_SHARE = 4, 8, 0.7


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the judgement rests on; `listing` is as the page stood before boxes were cut."""

    root: Element
    found: Metadata
    url: str
    title: str
    text: str
    listing: Listing


def not_article(page: PageFacts) -> str | None:
    """Why this is no article, in one line; None when it may be one."""
    for reason in (_stand_in, _front_page, _list, _gallery, _video):
        if problem := reason(page):
            return problem
    return None


def is_stated(found: Metadata) -> bool:
    """Whether JSON-LD tells of the article: the one sign that is never set on every page of a site."""
    return bool(types_of(found.article) & ARTICLE_TYPES)


def declares_article(found: Metadata) -> bool:
    """Whether JSON-LD or OpenGraph call the page an article."""
    return is_stated(found) or (found.first("og:type") or "").lower().endswith("article")


def _stand_in(page: PageFacts) -> str | None:
    found = page.found
    if is_stated(found):
        return None
    headings = headings_of(page.title, [found.page_title, *found.main_headings])
    # og:type is the same on all pages of some sites
    claimed = declares_article(found)
    return stands_in(Shown(headings, page.text, found.password_field, found.every("refresh"), claimed))


def _short(page: PageFacts) -> bool:
    return len(page.text) < SHORT_CHARS


def _front_page(page: PageFacts) -> str | None:
    parts = urlsplit(page.url)
    bare = bool(parts.netloc) and _FRONT_PATH.match(parts.path) is not None and not parts.query
    enough = 4 if parts.path.strip("/") == "" else 8
    says_so = parts.path.strip("/") == "" and (page.found.first("og:type") or "").lower() == "website"
    listed = len(page.listing.links) >= enough or not page.text or says_so
    if bare and listed and not is_stated(page.found):
        return "a front page"
    return None


def _list(page: PageFacts) -> str | None:
    """Cards that lead elsewhere, and hardly a line of text outside them."""
    listed = any(types_of(node) & _LIST_TYPES for node in page.found.nodes)
    # og:type is the same on all pages of some sites: JSON-LD knows better
    if is_stated(page.found) or (declares_article(page.found) and not listed):
        return None
    path = urlsplit(page.url).path
    says_so = listed or _LIST_PATH.search(path)
    if not says_so and _NAMES_ONE.search(path):
        return None
    if page.listing.cards >= (_FEW_CARDS if says_so else _MANY_CARDS) and (
        page.listing.holds(page.text) >= _LISTED_SHARE or (_is_profile(page.found) and _short(page))
    ):
        return f"a list of {page.listing.cards} articles"
    return None


def _is_profile(found: Metadata) -> bool:
    """Whether the page says that it is about one of its authors: a few words on the person, and a list."""
    return (found.first("og:type") or "").lower() == "profile" or any(
        "profilepage" in types_of(node) for node in found.nodes
    )


def _gallery(page: PageFacts) -> str | None:
    """Pictures and their numbers, without a sentence."""
    if declares_article(page.found) or _sentences(page.text) > 1 or not _short(page):
        return None
    says_so = any(types_of(node) & _GALLERY_TYPES for node in page.found.nodes) or _GALLERY_PATH.search(
        urlsplit(page.url).path
    )
    return "a gallery of pictures" if says_so else None


def _video(page: PageFacts) -> str | None:
    video = (page.found.first("og:type") or "").lower().startswith("video") or any(
        "videoobject" in types_of(node) for node in page.found.nodes
    )
    if video and len(page.text) < 250 and not declares_article(page.found):
        return "a video page"
    if (
        _VIDEO_PATH.search(urlsplit(page.url).path)
        and len(page.text) < 200
        and not declares_article(page.found)
    ):
        return "a video page"
    return None


def _sentences(text: str) -> int:
    return len(re.findall(r"[。！？؟]|[.!?](?:\s|$|[^\w\s])", text))
