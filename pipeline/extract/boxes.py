"""Boxes beside the article inside the article: "Read also", newsletters, tags: cut out of the tree before the text is taken."""

from __future__ import annotations

import re

from pipeline.extract.marks import linked_length, marked_off
from pipeline.extract.teasers import find_teasers
from pipeline.extract.tree import Element, length_of

#: what introduces links to other articles, in our languages; matched against a whole short line
RELATED_LINE = re.compile(
    r"^\W*(?:"
    r"(?:please\s+)?(?:read|see|watch|view)\s+(?:also|more|next)\b.{0,40}|also\s+read\b.{0,90}"
    r"|related(?:\s+(?:articles?|stories|news|posts?|topics?|content|links?|coverage|reading))?"
    r"|more\s+(?:on|from|about|in|stories|news)\b.{0,40}|more"
    r"|(?:you\s+may|you\s+might)\s+(?:also\s+)?like.{0,20}|recommended(?:\s+\w+){0,3}|latest(?:\s+\w+){0,2}"
    r"|most\s+(?:read|popular|viewed).{0,20}"
    r"|(?:read|up|watch)\s+next|trending(?:\s+\w+)?|don['’]t\s+miss|top\s+stories|popular(?:\s+\w+)?|in\s+other\s+news"
    r"|читайте\s+(?:также|ещё|еще|по теме).{0,30}|читать\s+(?:также|ещё|еще).{0,20}|по\s+теме"
    r"|материалы\s+по\s+теме|другие\s+новости|похожие\s+(?:новости|материалы|статьи)|ещё\s+по\s+теме"
    r"|еще\s+по\s+теме|смотрите\s+также|новости\s+по\s+теме|последние\s+новости|самое\s+читаемое"
    r"|чытайце\s+(?:таксама|яшчэ).{0,30}|па\s+тэме|глядзіце\s+таксама|іншыя\s+навіны|апошнія\s+навіны"
    r"|həmçinin\s+oxuyun.{0,20}|oxşar\s+xəbərlər|bunu\s+da\s+oxuyun|digər\s+xəbərlər|əlaqəli\s+xəbərlər"
    r"|son\s+xəbərlər|mövzu\s+ilə\s+bağlı.{0,20}"
    r"|(?:à\s+)?lire\s+(?:aussi|également|la\s+suite).{0,20}|à\s+lire.{0,30}|voir\s+aussi"
    r"|sur\s+le\s+même\s+(?:sujet|thème)|articles?\s+(?:liés|similaires|connexes)|dans\s+la\s+même\s+rubrique"
    r"|les\s+(?:plus|\+)\s+lus|à\s+découvrir"
    r"|lea?\s+(?:también|además|más).{0,20}|leer\s+más|te\s+puede\s+interesar.{0,10}|ver\s+también"
    r"|noticias?\s+relacionadas?|más\s+(?:noticias|información|leídas).{0,20}|artículos\s+relacionados"
    r"|relacionad[oa]s|lo\s+más\s+(?:leído|visto)"
    r"|(?:lesen|sehen)\s+sie\s+(?:auch|mehr).{0,30}|mehr\s+(?:zum\s+thema|dazu|lesen).{0,20}|auch\s+interessant"
    r"|das\s+könnte\s+sie\s+(?:auch\s+)?interessieren|weitere\s+(?:artikel|nachrichten|meldungen|themen)"
    r"|zum\s+thema|meistgelesen\w*|weiterlesen|mehr\s+von\b.{0,40}"
    r"|اقرأ\s+(?:أيضا|أيضًا|أيضاً|المزيد).{0,20}|مواضيع\s+(?:ذات\s+صلة|متعلقة)|أخبار\s+(?:ذات\s+صلة|متعلقة)"
    r"|شاهد\s+أيض\S{0,3}|ذات\s+صلة|الأكثر\s+قراءة"
    r"|相关(?:新闻|阅读|报道|文章|链接)|延伸阅读|推荐阅读|更多(?:新闻|阅读|报道)|相關(?:新聞|閱讀|報導)|延伸閱讀|热门(?:新闻|文章)"
    r")\s*[:：.…»>|]*\s*$",
    re.IGNORECASE,
)
_BOX_TAGS = (
    "div",
    "section",
    "aside",
    "ul",
    "ol",
    "nav",
    "p",
    "table",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "strong",
    "b",
    "span",
    "li",
)
_MAX_LABEL = 90


def cut_boxes(root: Element) -> int:
    """Cut related links and their like out of the tree (in place); returns how many were cut.

    A box is cut when it holds mostly links, or when it begins with "Read also:" or its like; never more than a third of the text.
    """
    body = root.find("body")
    if body is None:
        return 0
    total = length_of(body) - sum(map(length_of, body.iter("script")))
    doomed = dict.fromkeys(marked_off(body, total))
    for element in body.iter(*_BOX_TAGS):
        if _is_label(element):
            doomed.update(dict.fromkeys(_labelled(element)))
    doomed.update(dict.fromkeys(find_teasers(root)))
    cut = 0
    for element in doomed:
        # what holds the headline is no box
        if next(element.iter("h1"), None) is not None:
            continue
        if element.getparent() is not None and length_of(element) * 3 <= max(total, 600):
            element.drop_tree()
            cut += 1
    return cut


def _is_label(element: Element) -> bool:
    """Whether an element's own words introduce links to other articles."""
    text = (element.text or "").strip()
    if not text and len(element) == 1 and not (element[0].tail or "").strip():
        # <p><a>Read also</a></p>; deeper ones are met as elements of their own
        text = (element[0].text or "").strip() if element[0].tag == "a" else ""
    return 0 < len(text) <= _MAX_LABEL and RELATED_LINE.match(text) is not None


def _labelled(label: Element) -> list[Element]:
    """The label's block and the links it introduces: nothing when it introduces none."""
    block = label
    while block.tag in {"b", "strong", "span", "em"} and (parent := block.getparent()) is not None:
        if parent.tag == "body" or length_of(parent) > 3 * _MAX_LABEL:
            break
        block = parent
    found = [block]
    for sibling in block.itersiblings():
        if not isinstance(sibling.tag, str):
            continue
        if not (_is_links(sibling) or (sibling.tag in {"br", "hr"})):
            break
        found.append(sibling)
    if len(found) > 1 or next(block.iter("a"), None) is not None:
        return found
    parent = block.getparent()
    return (
        [parent]
        if parent is not None and parent.tag not in {"body", "article", "main"} and _is_link_box(parent)
        else []
    )


def _is_links(element: Element) -> bool:
    """Whether an element is nothing but links."""
    if element.tag in {"h1", "h2", "h3"} and next(element.iter("a"), None) is None:
        return False
    text = length_of(element)
    return text > 0 and linked_length(element) * 10 >= text * 8


def _is_link_box(element: Element) -> bool:
    text = length_of(element)
    return text == 0 or text < 60 or linked_length(element) * 2 >= text
