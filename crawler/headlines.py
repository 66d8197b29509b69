"""Which links of a section page lead to articles, told by the form of the URL and by the words of the link. Pure."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from crawler.novelty import day_in

_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|pdf|docx?|xlsx?|pptx?|zip|rar|mp[34]|m4a|avi|mov|webm|css|js|json|xml|rss|ics|apk)$",
    re.IGNORECASE,
)
#: path segments of what is about a site or a list itself, never an article
_SERVICE = re.compile(
    r"about|about-us|advertise|advertising|archives?|authors?|autor|categor(?:y|ies)|contacts?|contact-us"
    r"|cookies?|donate|events|faq|feeds?|gallery|help|imprint|impressum|jobs|login|logout|members?"
    r"|newsletter|pages?|photos?|privacy|profile|register|rss|search|sections?|share|sign-?in|sign-?up"
    r"|sitemap|subscribe|tags?|team|terms|topics?|users?|vacancies|videos?|wp-login.php"
)
#: those under which lists of articles, not articles, are found
_LISTS = re.compile(r"authors?|autor|categor(?:y|ies)|login|members?|pages?|search|tags?|topics?|users?")
#: what content systems make up for an id: letters and digits mixed
_ID = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{8,40}")
_NUMBER = re.compile(r"(?<!\d)\d{4,}(?!\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_WORD = re.compile(r"\w+", re.UNICODE)
#: Chinese, Japanese and Thai write without spaces between words
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")


def looks_like_article(url: str, text: str, *, in_heading: bool) -> bool:
    """Whether a link leads to an article rather than to a section, a service or a file.

    A URL that is clearly an article's needs a link with at least one word; one that may be either needs a headline.
    """
    parts = urlsplit(url)
    segments = [unquote(segment).lower() for segment in parts.path.split("/") if segment]
    if not segments and not parts.query:
        return False
    if _FILE.search(parts.path) or any(_LISTS.fullmatch(one) for one in segments):
        return False
    if segments and (_SERVICE.fullmatch(segments[-1]) or re.fullmatch(r"page[-_]?\d+|\d{1,3}", segments[-1])):
        return False
    return _score(url, segments, parts.query) + _headline(text, in_heading=in_heading) >= 3


def _score(url: str, segments: list[str], query: str) -> int:
    """0 to 3: how much the URL looks like one article's."""
    # some put a language, a section or `index.html` behind the article's own name
    names = [re.sub(r"\.\w{2,5}$", "", segment) for segment in segments[-2:]]
    words = max((len(re.findall(r"[^-_+\s]+", name)) for name in names), default=0)
    numbers = [number for number in _NUMBER.findall("?".join([*names, query])) if not _YEAR.fullmatch(number)]
    has_slug = words >= 4 or any(len(name) >= 30 for name in names)
    has_id = bool(numbers) or any(_ID.fullmatch(name) for name in names)
    if len(segments) >= 2 and (has_id or (day_in(url) and not names[-1].isdigit())):
        return 3
    return 2 if has_slug or has_id or day_in(url) else int(len(segments) >= 2 and words >= 2)


def _headline(text: str, *, in_heading: bool) -> int:
    """0 to 2: how much the link's words look like a headline."""
    words = len(_WORD.findall(text)) + len(_UNSPACED.findall(text)) // 2
    if words == 0:
        return 0
    return min(2, int(words >= 4) + int(words >= 7) + int(in_heading))
