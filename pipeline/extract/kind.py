"""Whether a page is an article at all. Losing one is worse than keeping a page too many: each reason needs two signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline.extract.jsonld import ARTICLE_TYPES, types_of
from pipeline.extract.metadata import Metadata
from pipeline.extract.tree import Element, text_of

_ERROR = re.compile(
    r"\b(?:404|403|410|500|502|503)\b|page\s+not\s+found|not\s+found|access\s+denied|forbidden"
    r"|no\s+longer\s+available|service\s+unavailable|"
    r"just\s+a\s+moment|attention\s+required|страница\s+не\s+найдена|старонка\s+не\s+знойдзена"
    r"|səhifə\s+tapılmadı|page\s+introuvable|página\s+no\s+encontrada|"
    r"seite\s+(?:wurde\s+)?nicht\s+gefunden|الصفحة\s+غير\s+موجودة|页面不存在|找不到",
    re.IGNORECASE,
)
_COOKIE = re.compile(
    r"\bcookies?\b|consent|privacy\s+(?:settings|choices|policy)|файлы\s+cookie|datenschutz|einwilligung"
    r"|cookie-|zustimm|consentement|consentimiento",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"\b(?:log\s?in|sign\s?in|password|войти|вход|пароль|anmelden|connexion|mot\s+de\s+passe|contraseña|daxil\s+ol)\b",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"subscribe\s+to\s+(?:continue|read|keep)|to\s+(?:continue|keep)\s+reading|already\s+a\s+subscriber"
    r"|for\s+subscribers\s+only|subscribers?[- ]only|"
    r"become\s+a\s+(?:subscriber|member)\s+to|this\s+(?:article|content)\s+is\s+(?:for|only|reserved)|"
    r"(?:полный\s+текст|материал)\s+доступ\w+\s+(?:только\s+)?(?:по\s+подписке|подписчикам)|оформите\s+подписку|"
    r"réservé\s+(?:aux|à\s+nos)\s+abonnés|il\s+vous\s+reste\s+\d+|lire\s+la\s+suite\s+de\s+(?:cet|l['’])\s?article|"
    r"(?:exclusivo|solo)\s+para\s+suscriptores|suscríbete\s+para\s+(?:seguir|continuar)|"
    r"(?:jetzt|weiter)\s*lesen\s+mit|nur\s+für\s+abonnenten|mit\s+\S{2,20}\s*(?:plus|\+)\s+weiterlesen"
    r"|abonnenten\s+lesen\s+weiter|"
    r"abunəçilər\s+üçün|للمشتركين\s+فقط|订阅后继续阅读|仅限订阅",
    re.IGNORECASE,
)
#: words of the offers above, one of which each of them has; asked first, as the offers take long to look for
_PAYWALL_CUES = (
    "subscri", "reading", "member", "this article", "this content", "доступ", "подписк", "abonn", "il vous reste",
    "lire la suite", "suscri", "suscrí", "lesen", "abunə", "للمشتركين", "订阅",
)  # fmt: skip
_VIDEO_PATH = re.compile(r"/(?:video|videos|watch|live-?tv|mediathek)/", re.IGNORECASE)
_LIST_PATH = re.compile(
    r"/(?:tag|tags|topic|topics|category|categories|author|authors|search|archive|rubric|section|label)(?:/|$)",
    re.IGNORECASE,
)
_LIST_TYPES = frozenset({"collectionpage", "searchresultspage", "profilepage"})
SHORT_CHARS = 400


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the judgement rests on; `links` are the headline links before boxes were cut."""

    root: Element
    found: Metadata
    url: str
    title: str
    text: str
    links: list[str]


def not_article(page: PageFacts) -> str | None:
    """Why this is no article, in one line; None when it may be one."""
    for reason in (_error, _wall, _login, _front_page, _list, _video):
        if problem := reason(page):
            return problem
    return None


def is_teaser(page: PageFacts) -> bool:
    """Whether only the beginning of the article was on the page: declared so, or short and followed by an offer to subscribe."""
    free = page.found.article.get("isAccessibleForFree")
    closed = free is False or (isinstance(free, str) and free.strip().lower() == "false")
    tier = (page.found.first("article:content_tier") or "").lower()
    if closed or tier in {"locked", "metered"}:
        return len(page.text) < 1_500
    if len(page.text) >= 1_500:
        return False
    end = text_of(page.root)[-12_000:]
    folded = end.lower()
    offered = any(cue in folded for cue in _PAYWALL_CUES) and _PAYWALL.search(end) is not None
    return offered and _marked_wall(page.root)


def declares_article(found: Metadata) -> bool:
    """Whether JSON-LD or OpenGraph call the page an article."""
    return bool(types_of(found.article) & ARTICLE_TYPES) or (found.first("og:type") or "").lower().endswith(
        "article"
    )


def _marked_wall(root: Element) -> bool:
    """Whether an element stands for the wall, so that a footer's offer to subscribe is not taken for one."""
    for element in root.iter("div", "section", "p", "aside", "span", "a", "h2", "h3", "strong"):
        marks = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
        if any(
            word in marks
            for word in (
                "paywall",
                "regwall",
                "piano",
                "subscri",
                "premium",
                "locked",
                "metered",
                "abo-",
                "teaser-end",
            )
        ):
            return True
        if element.text and _PAYWALL.search(element.text[:300]):
            return True
    return False


def _short(page: PageFacts) -> bool:
    return len(page.text) < SHORT_CHARS


def _error(page: PageFacts) -> str | None:
    said = _ERROR.search(page.title) or _ERROR.search(page.found.page_title)
    if said and _short(page) and not declares_article(page.found):
        return f"an error page: {said[0].strip()}"
    return None


def _wall(page: PageFacts) -> str | None:
    if not (_short(page) or _COOKIE.search(page.title)):
        return None
    if declares_article(page.found) and not _COOKIE.search(page.title):
        return None
    mentions = len(_COOKIE.findall(f"{page.title}\n{page.text}"))
    if mentions >= 2 and mentions * 250 >= len(page.text):
        return "a cookie or consent wall"
    return None


def _login(page: PageFacts) -> str | None:
    if (
        page.found.password_field
        and _short(page)
        and not declares_article(page.found)
        and _LOGIN.search(f"{page.title}\n{page.text}")
    ):
        return "a login page"
    return None


def _front_page(page: PageFacts) -> str | None:
    parts = urlsplit(page.url)
    bare = (
        bool(parts.netloc)
        and parts.path.strip("/").lower() in {"", "index.html", "index.php", "home"}
        and not parts.query
    )
    if bare and not types_of(page.found.article) & ARTICLE_TYPES and len(page.links) >= 4:
        return "a front page"
    return None


def _list(page: PageFacts) -> str | None:
    if declares_article(page.found):
        return None
    listed = any(types_of(node) & _LIST_TYPES for node in page.found.nodes) or _LIST_PATH.search(
        urlsplit(page.url).path
    )
    teasers = page.links
    if listed and len(teasers) >= 5 and _sentences(page.text) < 5:
        return f"a list of {len(teasers)} articles"
    # three letters stand for one sign of Chinese
    weight = len(page.text) + 2 * len(re.findall("[\u4e00-\u9fff]", page.text))
    if len(teasers) >= 12 and sum(map(len, teasers)) > 3 * weight and _sentences(page.text) < 3:
        return f"a list of {len(teasers)} articles"
    return None


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


def headline_links(root: Element) -> list[str]:
    """Link texts long enough to be headlines, outside header, footer and navigation."""
    found: dict[str, None] = {}
    for link in root.iter("a"):
        if len(found) >= 200:
            break
        text = text_of(link)
        if len(text) >= 25 and not any(
            one.tag in {"nav", "footer", "header"} for one in link.iterancestors()
        ):
            found[text] = None
    return list(found)


def _sentences(text: str) -> int:
    return len(re.findall(r"[。！？؟]|[.!?](?:\s|$|[^\w\s])", text))
