"""Whether only the beginning of an article was on its page: said by its metadata, by a wall, or by a link to the rest."""

from __future__ import annotations

import re
from itertools import islice

from pipeline.extract.metadata import Metadata
from pipeline.extract.tree import Element, length_of, text_of

#: a text this long is an article, whatever is offered below it
WHOLE_CHARS = 1_500
#: a text with fewer words than this share of those declared is a part
_WHOLE_SHARE = 0.6
_WALL = re.compile(
    r"subscribe\s+to\s+(?:continue|read|keep|unlock)|to\s+(?:continue|keep)\s+reading"
    r"|already\s+a\s+(?:subscriber|member)|for\s+subscribers\s+only|subscribers?[- ]only"
    r"|become\s+a\s+(?:subscriber|member)\s+to|this\s+(?:article|content|story)\s+is\s+(?:for|only|reserved"
    r"|available\s+to)|(?:reached|used)\s+(?:your|the)\s+.{0,20}(?:limit|free\s+articles?)"
    r"|log\s*in\s+to\s+read|register\s+to\s+(?:read|continue)"
    r"|(?:полн\w+\s+текст|полная\s+версия|материал|продолжение"
    r"|статья)\s+доступ\w+\s+(?:только\s+)?(?:по\s+подписке|подписчикам|для\s+подписчиков|зарегистрированн)"
    r"|оформите\s+подписку|только\s+для\s+подписчиков"
    r"|(?:працяг|матэрыял|поўны\s+тэкст|артыкул)\s+даступ\w+\s+(?:толькі\s+)?(?:па\s+падпісцы|падпісчык\w*"
    r"|для\s+падпісчыкаў)|аформіце\s+падпіску"
    r"|(?:davamını|tam\s+mətni|ardını)\s+oxumaq\s+üçün|abunəçilər\s+üçün|yalnız\s+abunəçi"
    r"|réservée?s?\s+(?:aux|à\s+nos)\s+abonnés|il\s+vous\s+reste\s+\d+|(?:pour\s+lire"
    r"|lire)\s+la\s+suite\s*(?:,|de\s+(?:cet|l['’])\s?article)|abonnez-vous\s+pour\s+(?:lire|continuer)|déjà\s+abonné"
    r"|(?:exclusiv[oa]|solo)\s+para\s+(?:suscriptores|abonados)|suscríbete\s+para\s+(?:seguir|continuar|leer)"
    r"|para\s+seguir\s+leyendo|ya\s+(?:eres|soy)\s+suscriptor"
    r"|(?:jetzt|weiter)\s*lesen\s+mit|nur\s+für\s+abonnenten|mit\s+\S{2,20}\s*(?:plus|\+)\s+(?:weiter)?lesen"
    r"|abonnenten\s+lesen\s+weiter|(?:schon|bereits)\s+(?:digital-?)?abonnent|exklusiv\s+für\s+abonnenten"
    r"|للمشتركين\s+فقط|لقراءة\s+(?:المقال|بقية|باقي|المزيد)\s*(?:كاملا|كاملاً|كامل)?.{0,15}(?:اشترك|سجل)"
    r"|اشترك\s+(?:الآن\s+)?(?:لقراءة|لمتابعة)"
    r"|订阅后(?:继续|可)?阅读|仅限订阅|(?:登录|订阅|登入|訂閱)后?(?:即可)?(?:阅读|查看|閱讀)(?:全文|更多)|仅供(?:订阅|付费|会员)",
    re.IGNORECASE,
)
#: words of the offers above, one of which each of them has; asked first, as the offers take long to look for
_CUES = (
    "subscri", "reading", "member", "this article", "this content", "this story", "free articles", "limit",
    "to read", "to continue",
    "доступ", "подписк", "подписчик", "даступ", "падпіск", "oxumaq", "abunə", "abonn", "il vous reste", "la suite",
    "suscri", "suscrí", "leyendo", "lesen", "اشترك", "لقراءة", "للمشتركين", "订阅", "訂閱", "登录", "登入", "仅供",
)  # fmt: skip
#: a link to the rest of the text, elsewhere; matched against its whole words
_REST = re.compile(
    r"^\W*(?:(?:read|view|see)\s+(?:the\s+)?(?:full|whole|entire|complete|original)\s+(?:article|story|text"
    r"|post|report|statement|version)\b.{0,40}|continue\s+reading\b.{0,60}|keep\s+reading"
    r"|читать\s+(?:полностью|далее|дальше|целиком)|полный\s+текст(?:\s+статьи)?|чытаць\s+(?:цалкам|далей"
    r"|поўнасцю)|davamını\s+oxu\w*|(?:tam|ətraflı)\s+oxu\w*"
    r"|lire\s+(?:l['’]article\s+(?:complet|en\s+entier|original)|la\s+suite)|leer\s+(?:el\s+)?(?:artículo"
    r"|texto|noticia)\s+complet[oa]|(?:seguir|continuar)\s+leyendo"
    r"|(?:ganzen|vollständigen|kompletten)\s+(?:artikel|text|beitrag)\s+lesen|weiterlesen|zum\s+(?:ganzen"
    r"|vollständigen)\s+(?:artikel|beitrag)"
    r"|(?:اقرأ|قراءة)\s+(?:المقال|الخبر|النص)\s+(?:كاملا|كاملاً|الكامل|كامل)|متابعة\s+القراءة|(?:阅读|查看|閱讀)(?:全文|原文))\W*$",
    re.IGNORECASE,
)
_REST_WORDS = re.compile(
    r"full|whole|entire|complete|original|reading|полн|дал|даль|цел|цалкам|поўн|oxu|lire|leer|leyendo|lesen|artikel|beitrag|كامل|القراءة|文",
    re.IGNORECASE,
)
_WALL_MARKS = (
    "paywall",
    "regwall",
    "piano",
    "meter-wall",
    "subscription-wall",
    "locked-content",
    "teaser-end",
)
_TOLD_OF = ("div", "section", "p", "aside", "span", "a", "h2", "h3", "h4", "strong")
_HEADINGS = ("h2", "h3", "h4", "h5")
_BOXES = frozenset({"li", "aside", "nav", "footer", "header", "h1", *_HEADINGS})
_LOCKED_TIERS = frozenset({"locked", "metered"})
#: links and marked blocks looked at: a page has few
_TRIED = 20
_MAX_LINES, _MIN_OFFER, _MAX_REST, _MAX_CARD = 300, 8, 90, 500


def ends_elsewhere(root: Element) -> bool:
    """Whether a paragraph of the page is nothing but a link to the rest of its text. Asked before such links are cut."""
    for link in islice(filter(_says_rest, root.iter("a")), _TRIED):
        parent = link.getparent()
        # a card of another article has such a link too
        if parent is not None and length_of(parent) < 2 * _MAX_REST and not _in_card(link):
            return True
    return False


def is_teaser(root: Element, found: Metadata, text: str, *, continued: bool) -> bool:
    """Whether the text is only the beginning of the article.

    Args:
        root: the page, boxes cut.
        found: what it declares.
        text: the article's text.
        continued: a link leads to the rest, as `ends_elsewhere` says.
    """
    closed = _is_closed(found)
    if closed and _is_part(text, found):
        return True
    if len(text) >= WHOLE_CHARS:
        return False
    return closed or continued or _has_wall(root)


def _says_rest(link: Element) -> bool:
    words = (link.text or "").strip()
    if not 2 < len(words) <= _MAX_REST or not _REST_WORDS.search(words) or not _REST.match(words):
        return False
    return not (link.get("href") or "#").startswith("#")


def _is_closed(found: Metadata) -> bool:
    free = found.article.get("isAccessibleForFree")
    if free is False or (isinstance(free, str) and free.strip().lower().rpartition("/")[2] == "false"):
        return True
    return (found.first("article:content_tier") or "").lower() in _LOCKED_TIERS


def _is_part(text: str, found: Metadata) -> bool:
    """Whether the text has far fewer words than the page says the article has."""
    declared = found.article.get("wordCount")
    count = (
        int(declared)
        if isinstance(declared, (int, str)) and str(declared).isdigit() and len(str(declared)) < 7
        else 0
    )
    return len(text.split()) < _WHOLE_SHARE * count


def _has_wall(root: Element) -> bool:
    """Whether a block says that the rest is to be paid for, or is marked as saying it; an offer of a newsletter does not."""
    folded = "".join(root.itertext()).lower()
    cues = [cue for cue in _CUES if cue in folded]
    if not cues:
        return False
    known: dict[str, bool] = {"": False}  # the same few classes come again and again
    marked = 0
    for element in root.iter(*_TOLD_OF):
        words = (element.text or "")[:_MAX_LINES]
        if len(words) >= _MIN_OFFER and any(cue in words.lower() for cue in cues) and _WALL.search(words):
            return True
        marks = f"{element.get('class') or ''}{element.get('id') or ''}"
        if marks not in known:
            known[marks] = any(mark in marks.lower() for mark in _WALL_MARKS)
        marked += known[marks]
        if known[marks] and marked <= _TRIED and any(cue in text_of(element).lower() for cue in cues):
            return True
    return False


def _in_card(link: Element) -> bool:
    """Whether a link stands in a list or a box, or in a small block with a heading or another link of its own."""
    for ancestor in link.iterancestors():
        if ancestor.tag in _BOXES:
            return True
        if ancestor.tag == "body" or next(ancestor.iter("h1"), None) is not None:
            return False
        if length_of(ancestor) <= _MAX_CARD and any(
            other is not link for other in ancestor.iter("a", *_HEADINGS)
        ):
            return True
    return False
