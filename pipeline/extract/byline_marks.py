"""The visible byline: elements marked as one, a line "By ...", the line with the date, and how a text is signed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extract.agencies import AgencyKind, find_agency
from pipeline.extract.person_names import is_name
from pipeline.extract.title import plain
from pipeline.extract.tree import Element, text_of

_MAX_CHARS, _MAX_LOOKED_AT, _MAX_LINES, _DATELINE_CHARS = 160, 4_000, 12, 220
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MARK = re.compile(
    r"(?:^|[\s_-])(?:authors?(?:name|names|line|link|info|list|short)?|bylines?|by-line|writers?|autor(?:e[sn]?|in)?(?:zeile|name)?|auteurs?"
    r"|avtor|created-?by|contributors?|redaktor|muellif|journalist)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"comment|related|recommend|sidebar|footer|(?:^|[\s_-])bio(?:graphy)?(?:$|[\s_-])|avatar|social|share|teaser|newsletter|caption"
    r"|most-read|newsticker|popular|subscribe|follow|icon|image|photo|figure|promo|widget|signature-block",
    re.IGNORECASE,
)
_BOX = re.compile(
    r"(?:^|[\s_-])(?:related|recommend\w*|teasers?|comments?|commentlist|sidebar|popular|newsticker)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ELSEWHERE = ("aside", "nav", "footer", "figure", "figcaption", "blockquote", "form")
_TAGS = (
    "a",
    "span",
    "div",
    "p",
    "address",
    "li",
    "em",
    "strong",
    "ul",
    "h1",
    "h3",
    "h4",
    "h5",
    "h6",
    "b",
    "td",
    "cite",
    "small",
    "dd",
)
_OPENERS = (
    "by ", "by:", "von ", "von:", "par ", "por ", "author:", "autor:", "autorin:", "autora:", "auteur :", "auteur:", "text:",
    "texte :", "texto:", "words:", "written by", "автор:", "автор ", "авторы:", "текст:", "аўтар:", "тэкст:", "müəllif:",
    "müxbir:", "بقلم", "作者", "记者", "文／", "文/", "por:", "par:", "verfasst von", "geschrieben von", "escrito por",
    "words by", "story by", "autor ", "reported by",
)  # fmt: skip
_NAME_LINE = re.compile(
    r"^\W{0,2}(?i:by|von|par|por|author|autor(?:in|a|en|es)?|auteure?|texte?o?|words|written\sby|words\sby|story\sby|reported\sby"
    r"|verfasst\svon|geschrieben\svon|escrito\spor|автор[ы]?|текст|аўтар|тэкст|müəllif|müxbir)\s?:?\s"
    r"(?=[^\W\d_a-zа-яёўі][\w'’.-]*\s(?:[\w'’.-]+\s){0,2}[^\W\d_a-zа-яёўі])"
    r"|^بقلم\s?[:：/]?\s?|^(?:作者|记者|記者|文)\s?[:：/／]?\s?[\u4e00-\u9fff·]{2,5}(?:$|[\s、　])"
)
_LABEL_ONLY = re.compile(
    r"^\W*(?:author|autor(?:in|a|en|es)?|auteure?|texte?o?|words|von|by|par|por|автор|текст|аўтар|müəllif|作者)\s?[:：]\s*$",
    re.IGNORECASE,
)
#: a name in a line of labels: "2023-11-11 10:20　来源：...　作者：...", "記者...／台北報導"
_HAN_NAMED = re.compile(
    r"(?:作者|记者|記者|撰文|文)\s?[:：／/]\s?([\u4e00-\u9fff·]{2,4})(?![\u4e00-\u9fff])|[记記]者([\u4e00-\u9fff·]{2,4})\s?[／/]"
)
_DATE_PART = re.compile(r"\d{1,2}[./:]\d{1,2}|\d{4}")
#: the number of a document: "No. 187/2025"
_NUMBERED = re.compile(r"(?<![\d/.])\d{1,5}/(?:19|20)\d\d(?![\d/])")
_BAR = re.compile(r"\s[|•·]\s|\s[-–—]\s")


def marked_bylines(root: Element) -> Iterator[list[str]]:
    """The texts of elements that are marked as the article's byline, those after the headline first."""
    known: dict[str, bool] = {"": False}  # the same few classes come again and again
    before: list[list[str]] = []
    seen_heading = False
    for element in root.iter(*_TAGS):
        if element.tag == "h1":
            seen_heading = True
        rel, prop = element.get("rel"), element.get("itemprop")
        marks = " ".join(
            filter(None, (element.get("class"), element.get("id"), rel, prop, element.get("data-testid")))
        )
        if marks not in known:
            split = _CAMEL.sub("-", marks)
            known[marks] = _MARK.search(split) is not None and not _NOT.search(split)
        if not known[marks]:
            continue
        texts = _texts(element)
        if texts and not _is_elsewhere(element, sure="author" in {rel, prop}):
            if seen_heading:
                yield texts
            else:
                before.append(texts)
    yield from before


def _is_elsewhere(element: Element, *, sure: bool = False) -> bool:
    """Whether an element belongs to a box about other articles, or to a picture; a `sure` mark may stand in an aside."""
    for place, parent in enumerate(element.iterancestors()):
        if place > 6 or parent.tag in {"body", "main", "article"}:
            return False
        if (parent.tag in _ELSEWHERE and not sure) or _BOX.search((parent.get("class") or "")[:200]):
            return True
    return False


def _texts(element: Element) -> list[str]:
    """The text of a byline; one by one where its children are full names."""
    text = text_of(element)
    if not 2 < len(text) <= _MAX_CHARS:
        return []
    links = [text_of(one) for one in element.iter("a")]
    # <a>Anna Vogel</a><span>Lawyer</span>
    if len(links) == 1 and len(links[0].split()) > 1 and text.removeprefix(links[0])[:1].isalpha():
        return links
    children = [one for one in map(text_of, element.iter("a", "span")) if one]
    alone = list(dict.fromkeys(one for one in children if len(one.split()) >= 2))
    if len(alone) > 1 and not any(a is not b and a in b for a in alone for b in alone):
        left = text
        for one in alone:
            left = left.replace(one, " ", 1)
        # nothing but "By", commas and "and" is left of it
        if len(left.split()) <= 3:
            return alone
    return [text]


def opened_bylines(root: Element) -> Iterator[list[str]]:
    """The texts of short elements that begin "By Anna Vogel", "Автор: ..."; the name behind a bold "Autor:"."""
    for place, element in enumerate(
        root.iter("p", "div", "span", "h3", "h4", "h5", "em", "strong", "b", "i", "td", "small")
    ):
        if place > _MAX_LOOKED_AT:
            break
        start = (element.text or "").lstrip()[:14].lower()
        if not start.startswith(_OPENERS):
            continue
        text = text_of(element)
        if _LABEL_ONLY.match(text):
            text = f"{text} {_behind(element)}"
        if len(text) <= _MAX_CHARS and _NAME_LINE.match(text) and not _is_elsewhere(element):
            yield [text]


def _behind(element: Element) -> str:
    """What stands on the line after a label."""
    if tail := " ".join((element.tail or "").split()):
        return tail
    for following in element.itersiblings():
        if text := text_of(following):
            return text
        if tail := " ".join((following.tail or "").split()):
            return tail
    return ""


def dated_bylines(lines: list[str], own: set[str]) -> Iterator[list[str]]:
    """The names in lines like "13.12.2022, 10:25 | Example Post | Anna Vogel"."""
    for line in lines[:_MAX_LINES]:
        if _NUMBERED.search(line[:_MAX_CHARS]):
            continue
        if named := _HAN_NAMED.search(line[:_MAX_CHARS]):
            yield [named[1] or named[2]]
            continue
        parts = [part.strip() for part in _BAR.split(line[:_MAX_CHARS]) if part.strip()]
        if not 2 <= len(parts) <= 4 or not any(_DATE_PART.search(part) for part in parts):
            continue
        if len(parts) == 2 and not own and _DATE_PART.search(parts[0]):
            continue  # "13.12.2022 | Example Post": on a page that names no outlet, this may be it
        names = [
            part
            for part in parts
            if not _DATE_PART.search(part) and plain(part) not in own and _is_full_name(part)
        ]
        if len(names) == 1:
            yield names


def _is_full_name(part: str) -> bool:
    words = part.split()
    return (
        2 <= len(words) <= 4
        and is_name(part)
        and all(word[:1].isupper() for word in words)
        and not part.isupper()
    )


_SIGNED = re.compile(
    r"^\W{0,3}([^\W\d_][\w .'’-]{3,50}?)\s?[,/–—-]\s?([^\W\d_][\w .«»“”\"'’-]{1,40}?)\W{0,3}$"
)
_IN_DATELINE = (
    re.compile(
        r"/\s?([^\W\d_a-zа-яёўі][\w'’.-]{0,20}(?:\s[^\W\d_a-zа-яёўі][\w'’-]{1,24}){1,2})\s?[-–—,]\s?([^\W\d_]{2,20})\s?/"
    ),
    re.compile(r"[（(](?:记者|記者)\s?([\u4e00-\u9fff·]{2,8}(?:[、\s][\u4e00-\u9fff·]{2,8}){0,3})[）)]"),
    re.compile(r"/[^/\n]{2,20},\s(?:müxbir|korr\.?|корр\.)\s([^\W\d_][\w.'’ -]{2,30})/"),
)


#: a last line that is a name and nothing else, below a sentence: "Anna VOGEL", "Anna Vogel."
_SIGNED_ALONE = re.compile(
    r"[.!?»”\"…]\s?\n([^\W\d_a-zа-яёўі][\w'’-]{1,20}\s[^\W\d_a-zа-яёўі][\w'’-]{2,24})\.?$"
)


def signatures(text: str) -> Iterator[list[str]]:
    """People who sign a text with their agency: in its dateline ("/Anna Vogel - BelTA/"), first or last line."""
    head = text[:_DATELINE_CHARS]
    for pattern in _IN_DATELINE:
        match = pattern.search(head)
        if match is not None and (match.lastindex == 1 or _is_agency(match[2])):
            yield [match[1]]
    if len(text) < _DATELINE_CHARS:
        return
    if named := _SIGNED_ALONE.search(text):
        yield [named[1]]
    for line in (text[: text.find("\n") + 1].strip(), text[text.rfind("\n") + 1 :]):
        match = _SIGNED.match(line) if len(line) <= 90 else None
        if match is not None and _is_full_name(match[1]) and _is_agency(match[2]):
            yield [match[1]]


def _is_agency(printed: str) -> bool:
    agency = find_agency(printed)
    return agency is not None and agency.kind is not AgencyKind.INSTITUTION
