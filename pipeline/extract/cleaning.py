"""The last cleaning of a text: repeated headline, date and byline lines at its head, pointers elsewhere at its tail."""

from __future__ import annotations

import re

from pipeline.extract.boxes import RELATED_LINE
from pipeline.extract.closing import speaks_for_page, without_contacts
from pipeline.extract.furniture import (
    is_author_heading,
    is_author_note,
    is_byline,
    is_furniture,
    is_section_line,
    repeats_title,
)
from pipeline.extract.labels import without_labels
from pipeline.extract.printed import find_moments
from pipeline.extract.title import plain

#: lines that only ever stand at the end (or the head) of a page's text, in our languages; matched against whole lines
_TAIL = re.compile(
    r"^\W*(?:subscribe\b.{0,80}|sign\s+up\b.{0,80}|follow\s+(?:us|our)\b.{0,80}|join\s+(?:us|our)\b.{0,60}(?:channel|telegram|whatsapp|newsletter)\b.{0,20}|share\s*(?:this|on|:).{0,60}|share(?:\s+(?:facebook|twitter|telegram|x|whatsapp|linkedin|email|vk))*"
    r"|tags?\s*:.{0,160}|topics?\s*:.{0,120}|keywords?\s*:.{0,120}|advertisement|sponsored(?:\s+content)?|all\s+rights\s+reserved.{0,60}|(?:copyright|©).{0,140}|(?:no\s+)?comments?(?:\s*\(\d+\)|\s+yet)?|(?:legal\s+)?disclaimer\s*:.{0,240}|leave\s+a\s+(?:reply|comment)|print(?:\s+this)?|view\s+comments"
    r"|(?:подписывай\w*|подпиш[иы]\w*|подписаться|подписка\s+на)\b.{0,80}|следите\s+за\b.{0,80}|поделиться.{0,40}|теги\s*:.{0,140}|все\s+права\s+защищены.{0,60}|реклама|комментарии.{0,10}|наш\s+telegram.{0,40}|присоединяйтесь\b.{0,60}|распечатать"
    r"|падпі(?:швайцеся|шыцеся|сацца|свайцеся|сывайцеся)\b.{0,80}|сачыце\s+за\b.{0,60}|падзяліцца.{0,40}|тэгі\s*:.{0,120}|усе\s+правы\s+абаронены.{0,40}"
    r"|abunə\s+olun.{0,60}|bizi\s+(?:izləyin|telegram).{0,60}|paylaş(?:ın|maq)?.{0,30}|bütün\s+hüquqlar.{0,60}"
    r"|abonnez-vous.{0,80}|suivez-nous.{0,60}|partager.{0,40}|mots-clés\s*:.{0,120}|tous\s+droits\s+réservés.{0,40}|publicité"
    r"|(?:suscríb\w+|suscribirse)\b.{0,80}|síguenos.{0,60}|compartir.{0,40}|etiquetas\s*:.{0,120}|todos\s+los\s+derechos.{0,40}|publicidad"
    r"|abonnieren\s+sie\b.{0,80}|folgen\s+sie\s+uns.{0,60}|teilen(?:\s+auf.{0,30})?|schlagw(?:ort|örter)\w*\s*:.{0,120}|alle\s+rechte\s+vorbehalten.{0,40}|anzeige|newsletter\b.{0,60}|zur\s+startseite"
    r"|تابعونا.{0,60}|اشترك.{0,60}|شارك.{0,30}|جميع\s+الحقوق.{0,40}|كلمات\s+(?:مفتاحية|دلالية).{0,100}"
    r"|(?:责任)?编辑[:：].{0,20}|分享到?.{0,20}|版权(?:所有|声明).{0,60}|关注我们.{0,30}|标签[:：].{0,60}|责编[:：].{0,20})\s*$",
    re.IGNORECASE,
)
_DATE_WORDS = re.compile(
    r"\b(?:date|published|posted|updated|publication|on|at|time|utc|gmt|am|pm|опубликовано|дата|обновлено|апублікавана|tarix|publié|le|à|"
    r"publicado|rédigé|par|lu|fois|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|el|veröffentlicht|am|uhr|stand|de|от|в|г)\b|نشر|发布时间|时间|发布|来源",
    re.IGNORECASE,
)
_HEAD_LINES = 6
_TAIL_LINES = 8
#: the headline is repeated, and sections stand, in the very first lines; notes on authors stand last, after some text
_TITLE_LINES, _NOTE_LINES, _LEAST_LINES = 3, 3, 3
_MAX_DATE_LINE = 120
#: a place whose date was cut off: "Madrid -"
_PLACE_LINE = re.compile(r"^[^\W\d_][\w .\u2019'-]{1,30}\s?[-\u2013\u2014|]$")
_MAX_NAMES, _MAX_NAME_WORDS = 60, 4


def clean_body(text: str, title: str, sites: list[str], authors: tuple[str, ...]) -> str:
    """The text without what repeats the page's furniture; paragraphs stay as they are."""
    lines = [line for line in (_unbulleted(line) for line in text.split("\n")) if line]
    lines = [line for line in lines if not (is_furniture(line) or speaks_for_page(line))] or lines
    lines = _without_head(lines, title, sites, authors)
    lines = _without_notes(_without_tail(without_contacts(lines), authors), authors)
    kept = [line for number, line in enumerate(lines) if not (number and line == lines[number - 1])]
    return "\n".join(
        line for line in kept if not (_TAIL.match(line) or RELATED_LINE.match(line)) or len(kept) == 1
    )


def without_signature(text: str, authors: tuple[str, ...]) -> str:
    """The text without a last line that only names its authors."""
    above, _, last = text.rpartition("\n")
    return above if above and is_byline(last, authors) else text


def is_date_line(line: str, names: tuple[str, ...] = ()) -> bool:
    """Whether a line holds a date and nothing else but the words around one and the given names."""
    if len(line) > _MAX_DATE_LINE or not any(char.isdigit() for char in line):
        return False
    moments = find_moments(line, month_first=True)
    if not moments:
        return False
    rest = line
    for start, end in sorted((moment.span for moment in moments), reverse=True):
        rest = rest[:start] + " " + rest[end:]
    for name in names:
        rest = re.sub(re.escape(name), " ", rest, flags=re.IGNORECASE)
    rest = re.sub(r"[+-]?\d{1,4}|[^\w\s]", " ", without_labels(rest))
    left = len(_DATE_WORDS.sub(" ", rest).split())
    # beside a date with its time, a few more words are a name: "11.11.2023, 13:41 | Evening Courier"
    timed = (
        moments[0].hour is not None
        and len(" ".join(_DATE_WORDS.sub(" ", rest).split())) <= _MAX_NAMES
        and not line.endswith((".", "!", "?", ":", "。"))
    )
    return left <= (_MAX_NAME_WORDS if timed else 1)


def _unbulleted(line: str) -> str:
    """A line without trafilatura's list mark."""
    return line.removeprefix("- ").strip()


def _without_head(lines: list[str], title: str, sites: list[str], authors: tuple[str, ...]) -> list[str]:
    names = (*authors, *sites)
    furniture = {plain(title), *map(plain, names)}
    head = [
        line
        for number, line in enumerate(lines[:_HEAD_LINES])
        if not (
            plain(line) in furniture
            or is_date_line(line, names)
            or (number < _TITLE_LINES and (repeats_title(line, title) or is_section_line(line)))
            or is_byline(line, authors)
            or _PLACE_LINE.match(line)
        )
    ]
    return head + lines[_HEAD_LINES:]


def _without_notes(lines: list[str], authors: tuple[str, ...]) -> list[str]:
    """The text without a closing note on its authors."""
    for number in range(max(_LEAST_LINES, len(lines) - _NOTE_LINES), len(lines)):
        if is_author_note(lines[number], authors) or (
            is_author_heading(lines[number]) and len(lines) - number <= _NOTE_LINES
        ):
            return lines[:number]
    return lines


def _without_tail(lines: list[str], authors: tuple[str, ...]) -> list[str]:
    """Cut from a "Read also" near the end on, and tail lines wherever they close the text."""
    for number in range(max(1, len(lines) - _TAIL_LINES), len(lines)):
        rest = lines[number + 1 :]
        if RELATED_LINE.match(lines[number]) and all(
            len(line) < 140 and not line.endswith((".", "。")) for line in rest
        ):
            lines = lines[:number]
            break
    while len(lines) > 1 and (
        _TAIL.match(lines[-1])
        or RELATED_LINE.match(lines[-1])
        or is_date_line(lines[-1])
        or is_byline(lines[-1], authors)
    ):
        lines = lines[:-1]
    return lines
