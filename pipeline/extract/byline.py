"""Who wrote an article: names of people, desks and agencies; no job titles, no links, no outlet."""

from __future__ import annotations

import re

from pipeline.extract.decode import clean_line
from pipeline.extract.jsonld import names
from pipeline.extract.metadata import Metadata
from pipeline.extract.printed import month_number
from pipeline.extract.title import plain
from pipeline.extract.tree import Element, text_of

MAX_AUTHORS = 12
_BYLINE_MARK = re.compile(
    r"(^|[\s_-])(author|authors|byline|by-line|writer|autor|auteur|avtor|author-name|contributor)s?($|[\s_-])",
    re.IGNORECASE,
)
_NOT_BYLINE = re.compile(r"comment|related|recommend|sidebar|footer|bio\b|avatar|social|share", re.IGNORECASE)
_OPENER = re.compile(
    r"^\W*(?:(?:written|posted|reported|story|text|report|words)\s+by|by|von|par|por|de|da|от|автор[ы]?|аўтар[ы]?|müəllif|"
    r"autor(?:es|in)?|auteurs?|text|texto|texte|текст|بقلم|كتب(?:ت)?|quelle|source|источник|作者|记者|編輯|编辑|責編|责编)(?:\s*[:：]\s*|\s+)",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:[;|/•·、]|\s+(?:and|und|et|y|и|і|й|və|و|og|och|e|&)\s+|,\s+(?:and|und|et|y|и|і|və)\s+)\s*",
    re.IGNORECASE,
)
_COMMA = re.compile(r"\s*[,，]\s*")
_JOB = re.compile(
    r"\b(?:correspondent|reporter|editor|journalist|writer|staff|columnist|producer|bureau chief|chief|contributor|"
    r"redakteur(?:in)?|korrespondent(?:in)?|journaliste?(?:in)?|rédact(?:eur|rice)|correspondante?|envoyée? spéciale?|"
    r"redactora?|corresponsal|periodista|корреспондент|обозреватель|редактор|журналист(?:ка)?|карэспандэнт|рэдактар|"
    r"müxbir|redaktor|مراسل(?:ة)?|محرر)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?:)?//|www\.|[\w.+-]+@[\w-]+\.", re.IGNORECASE)
_NO_NAME = re.compile(
    r"[:=<>{}]|www\.|@|\.(?:com|org|net|ru|by|az|de|fr)\b|\d{3,}|^(?:admin|administrator|editor|redaktion|redacci[oó]n|staff|"
    r"unknown|n/?a|none|null|undefined|anonymous|author|автор|webmaster"
    r"|user\d*|guest|(?:last\s+)?updated|published|print|follow author)$|^\d",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(r"\s+(?:[-–—|•·,]\s*)?([^\W\d_]{3,12})\.?\s+\d{1,2}\b")
_BRACKETS = re.compile(r"\s*[(\[].*$")
_DATE_TAIL = re.compile(
    r"\s+(?:[-–—|•·,]\s*)?(?:\d{1,2}[./ ]|on\s+\d|published|updated|am\s+\d|vom\s+\d|le\s+\d).*$",
    re.IGNORECASE,
)


def read_authors(page: Metadata, root: Element, sites: list[str], feed_author: str | None) -> tuple[str, ...]:
    """Names in the order of the byline: JSON-LD, else meta, else the visible byline, else the feed; empty when none is given."""
    own = {plain(site) for site in sites}
    for candidates in (
        names(page.article.get("author")),
        [
            *_labelled(page),
            *page.every(
                "author",
                "article:author",
                "dc.creator",
                "parsely-author",
                "sailthru.author",
                "byl",
                "citation_author",
            ),
        ],
        _visible(root),
        [feed_author] if feed_author else [],
    ):
        if found := split_names(candidates, own):
            return found
    return ()


def split_names(printed: list[str], own: set[str]) -> tuple[str, ...]:
    """Each name once, in order; `own` (compared by `plain`) are names of the outlet itself, left out."""
    found: dict[str, str] = {}
    for one in printed:
        if _ADDRESS.match(one.strip()):
            continue
        for name in _names_in(_without_date(_strip_opener(clean_line(one)))):
            if _is_name(name) and plain(name) not in own:
                found.setdefault(plain(name), name)
    return tuple(found.values())[:MAX_AUTHORS]


def _without_date(text: str) -> str:
    """A byline without the date that follows it."""
    for found in _MONTH_DAY.finditer(text):
        if month_number(found[1]):
            text = text[: found.start()]
            break
    return _DATE_TAIL.sub("", text)


def _strip_opener(text: str) -> str:
    return _OPENER.sub("", text, count=1)


def _names_in(text: str) -> list[str]:
    """The names in one printed byline."""
    parts: list[str] = []
    for part in _SPLIT.split(text):
        pieces = [piece for piece in _COMMA.split(part) if piece]
        # "Vogel, Anna" is one name; "Anna Vogel, Jan Roth" are two; "Anna Vogel, Reporter" is one with a job
        if len(pieces) == 2 and all(" " not in piece for piece in pieces) and not _JOB.search(part):
            parts.append(f"{pieces[1]} {pieces[0]}")
        else:
            parts.extend(pieces)
    return [_without_job(_BRACKETS.sub("", part).strip(" -–—:.()[]")) for part in parts]


def _without_job(name: str) -> str:
    """A name without a job title; empty when it was nothing but one."""
    found = _JOB.search(name)
    if found is None:
        return name
    # "Anna Vogel Korrespondentin in Wien" keeps the name; "Moscow correspondent" keeps nothing
    before = name[: found.start()].strip(" -–—,(")
    return before if len(before.split()) >= 2 else ""


def _is_name(name: str) -> bool:
    if not 2 <= len(name) <= 60 or len(name.split()) > 6 or _NO_NAME.search(name):
        return False
    return any(letter.isalpha() for letter in name)


def _labelled(page: Metadata) -> list[str]:
    """The name under a "Written by" label in the tags for link previews."""
    label = (page.first("twitter:label1") or "").casefold()
    name = page.first("twitter:data1")
    return (
        [name]
        if name
        and any(
            word in label
            for word in ("written by", "author", "autor", "verfasst", "écrit", "escrito", "автор")
        )
        else []
    )


def _visible(root: Element) -> list[str]:
    """Texts of elements that are marked as the byline; the first place that has any."""
    known: dict[str, bool] = {"": False}  # the same few classes come again and again
    for element in root.iter("a", "span", "div", "p", "address", "li", "em", "strong"):
        marks = " ".join(
            filter(
                None, (element.get("class"), element.get("id"), element.get("rel"), element.get("itemprop"))
            )
        )
        if marks not in known:
            known[marks] = _BYLINE_MARK.search(marks) is not None and not _NOT_BYLINE.search(marks)
        if not known[marks]:
            continue
        text = text_of(element)
        if 2 < len(text) <= 120:
            return [text]
    return []
