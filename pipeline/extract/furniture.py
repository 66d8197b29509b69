"""Lines of a text that are no part of it, each with its name: credits of pictures, sections, reading times, notes on authors."""

from __future__ import annotations

import re

from pipeline.extract.title import plain

#: who took or owns the picture above: "Photo: AFP", "Фото: БЕЛТА", "图片来源：新华社"
_PICTURE_CREDIT = re.compile(
    r"^\W{0,2}(?:(?:file|main|cover|lead)\s+)?(?:photo(?:graph)?s?|images?|pictures?|video)(?:\s+(?:credit|source|by|courtesy)s?)?\s?[:：/©].{1,90}$"
    r"|^\W{0,2}(?:photo|image|picture)\s+(?:by|courtesy\s+of)\s.{1,70}$"
    r"|^\W{0,2}(?:foto|bild|bildquelle|fotos?|imagen|crédito|crédits?|quelle|фото|фатаграфія|источник\s+фото|источник\s+изображения"
    r"|şəkil|foto|صورة|الصورة|مصدر\s+الصورة|图|图片|图源|图片来源|圖|圖片來源)\s?[:：/©].{1,90}$"
    r"|^\W{0,2}(?:getty\s+images|afp|ap|reuters|epa|tass|ria\s+novosti)\s?/\s?.{2,60}$",
    re.IGNORECASE,
)
#: how long it takes, how many said something, what the template says to itself
_NOTICE = re.compile(
    r"^\W*(?:(?:reading\s+time\W+)?\d{1,3}\s?(?:min(?:ute)?s?|mins?)\s+(?:read|reading)|reading\s+time\W.{0,20}"
    r"|(?:lesedauer|lesezeit)\W.{0,24}|время\s+(?:на\s+)?чтени[яе]\W.{0,20}|час\s+чытання\W.{0,20}|oxuma\s+müddəti\W.{0,20}"
    r"|temps\s+de\s+lecture\W.{0,20}|lecture\s+\d{1,3}\s+min.{0,10}|tiempo\s+de\s+lectura\W.{0,20}|مدة\s+القراءة\W.{0,20}|阅读时间\W.{0,10}"
    r"|\d{1,6}\s+(?:comments?|kommentare?|commentaires?|comentarios?|комментари\w{1,3}|каментар\w{1,3}|şərh)|\d{1,6}"
    r"|(?:article|story)\s+(?:content|continues\s+below.{0,30})|loading\b.{0,30}(?:\.\.\.|…)|please\s+wait\W*|image\s+source\b.{0,60}"
    r"|(?:link|url)\s+(?:copied|kopiert).{0,30}|ссылка\s+скопирована\W*|copié\W*|enlace\s+copiado\W*"
    r"|get\s+(?:the\s+)?(?:latest|daily|our)\b.{0,90}(?:inbox|newsletters?|alerts?|news)\W*"
    r"|(?:want|do\s+you\s+want)\b.{0,90}\bsign\s+up\b.{0,60}"
    r"|follow\s+\S{2,30}(?:\s\S{2,20}){0,2}\s+on\s+(?:google\s+news|facebook|twitter|x|telegram|whatsapp|instagram)\b.{0,140}"
    r"|you\s+(?:must|need\s+to)\s.{0,60}\b(?:comment|commenting)\W*|(?:please\s+)?log\s?(?:in|out)\b.{0,90}"
    r"|(?:write|email|contact)\s+(?:to\s+)?(?:\S+\s){0,6}at\s\S+@\S+|(?:contact\s+us|tips?)\W.{0,60}\S+@\S+"
    r"|already\s+(?:a\s+subscriber|subscribed|registered|have\s+an\s+account)\b.{0,60}|déjà\s+abonné\w*\b.{0,60}|¿?ya\s+eres\s+suscriptor\w*.{0,60}"
    r"|(?:bereits|schon)\s+(?:abonnent\w*|registriert)\b.{0,60}|уже\s+(?:подписаны|есть\s+подписка)\b.{0,60}|已(?:是会员|订阅).{0,20}"
    r"|(?:нашли|заметили)\s+(?:ошибку|опечатку)\b.{0,90}|(?:знайшлі|заўважылі)\s+(?:памылку|абдрукоўку)\b.{0,90}|(?:spotted|found|see)\s+an?\s+(?:error|typo|mistake)\b.{0,90}"
    r"|fehler\s+(?:im\s+text\s+)?(?:gefunden|entdeckt|melden)\b.{0,60}|signaler\s+une\s+erreur\b.{0,40}|¿(?:ha|has)\s+(?:visto|encontrado)\s+(?:algún|un)\s+error\b.{0,60}"
    r"|səhv\s+(?:tapmısınız|görmüsünüz)\b.{0,60}|войдите\b.{0,80}|чтобы\s+оставить\s+комментарий\b.{0,60}|увійдзіце\b.{0,80}|esta\s+funcionalidad\s+es\b.{0,60}"
    r"|nous\s+(?:contacter|écrire)\W.{0,60}|melden\s+sie\s+sich\s+an\b.{0,80})\s*$",
    re.IGNORECASE,
)
#: what leads elsewhere says so with an arrow
_ARROW = re.compile(r"^(?:>{1,3}|»{1,3}|→|►|▶|➡|➤|☛|👉)\ufe0f?\s+[^«»]{3,200}$")
#: names of sections: "News / World", "Home › Politics › Europe"
_SECTIONS = re.compile(r"^[^\s/›»>|][^/›»>|.!?。]{0,28}(?:\s[/›»>|]\s[^/›»>|.!?。]{1,28}){1,4}\s?[/›»>|]?$")
_ABOUT_AUTHOR = re.compile(
    r"\b(?:is|was|are|has\s+been|covers?|writes?|reports?|joined|works?|worked|worked|lives?|based\s+in|teaches|author\s+of"
    r"|ist|war|schreibt|arbeitet|berichtet|leitet|studierte|est|écrit|couvre|travaille|es|fue|escribe|trabaja|cubre)\b"
    r"|является|пишет|работает|родил\w+|ведет|ведёт|піша|працуе|müəllifidir|işləyir|صحفي|كاتب|记者|撰稿人|作者",
    re.IGNORECASE,
)
_PROFESSION = re.compile(
    r"\b(?:reporter|correspondent|journalist|editor|writer|columnist|producer|professor|lecturer|fellow|analyst|director|researcher"
    r"|bureau\s+chief|freelance\w*|contributor|politics\s+and\b.{0,40}|redakteur\w*|korrespondent\w*|autor\w*|chefredakteur\w*|zuständig"
    r"|direktor\w*|publizist\w*|journaliste|rédact\w+|chroniqueu\w+|correspondant\w*|periodista|redactor\w*|corresponsal|analista"
    r"|корреспондент\w*|журналист\w*|обозревател\w+|редактор\w*|эксперт\w*|карэспандэнт\w*|рэдактар\w*|jurnalist\w*|müxbir\w*)\b"
    r"|مراسل|محرر|صحفي|记者|编辑|教授",
    re.IGNORECASE,
)
_AUTHOR_HEADING = re.compile(
    r"^\W*(?:about\s+the\s+authors?|the\s+authors?|über\s+d(?:ie|en)\s+autor\w*|(?:der|die)\s+autor(?:in|en|innen)?|об\s+авторе|пра\s+аўтара"
    r"|müəllif\s+haqqında|à\s+propos\s+de\s+l['’]auteur\w*|l['’]auteure?|sobre\s+(?:el|la)\s+autora?|عن\s+الكاتب|作者简介|关于作者)\W*$",
    re.IGNORECASE,
)
_BYLINE_OPENER = re.compile(
    r"^\W*(?:propos\s+recueillis\s+par|das\s+(?:interview|gespräch)\s+führten?|die\s+fragen\s+stellten?|ein\s+kommentar\s+von|(?:kommentar|analyse|gastbeitrag|kolumne)\s+von|(?:une\s+)?tribune\s+de|беседовал[аи]?|гутарыл[аі]?|söhbətləşdi"
    r"|interview(?:ed)?\s+by|entrevista\s+de|(?:(?:written|reported|story|text|words)\s+)?(?:by|von|par|por|автор\w?|аўтар|müəllif|بقلم|作者|记者|記者|текст|texte?|texto))\b\s?[:：]?\s*",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w")
_MAX_BYLINE, _MAX_NOTE, _NAME_WITHIN = 120, 700, 70


def is_furniture(line: str) -> bool:
    """Whether a line is furniture wherever it stands: a picture's credit, a notice, a pointer with an arrow, a rule."""
    if len(line) > 260:
        return False
    return (
        _WORD.search(line) is None
        or _PICTURE_CREDIT.match(line) is not None
        or _NOTICE.match(line) is not None
        or _ARROW.match(line) is not None
    )


def is_section_line(line: str) -> bool:
    """Whether a line is a path of section names, as pages have above their headline."""
    return len(line) <= 90 and _SECTIONS.match(line) is not None


def is_byline(line: str, authors: tuple[str, ...]) -> bool:
    """Whether a line names the authors and says hardly anything else."""
    if not authors or len(line) > _MAX_BYLINE:
        return False
    rest = _BYLINE_OPENER.sub("", line, count=1)
    opened = rest != line
    for name in authors:
        rest = re.sub(re.escape(name), " ", rest, flags=re.IGNORECASE)
    if len(rest) >= len(line) - 1 and not opened:
        return False
    named = any(plain(name) in plain(line) for name in authors)
    beside = line.startswith(authors) and not line.endswith((".", "!", "?", ":"))
    left = [word for word in re.findall(r"\w+", _PROFESSION.sub(" ", rest)) if len(word) > 2]
    return named and len(left) <= (2 if opened else 1 if beside else 0)


def is_author_note(line: str, authors: tuple[str, ...]) -> bool:
    """Whether a paragraph is about an author of the text: named in its first words, with a profession."""
    if len(line) > _MAX_NOTE:
        return False
    head = line[:_NAME_WITHIN].casefold()
    named = any(len(name) > 4 and name.casefold() in head for name in authors)
    return named and _ABOUT_AUTHOR.search(line) is not None and _PROFESSION.search(line) is not None


def is_author_heading(line: str) -> bool:
    """Whether a line heads a note on the author."""
    return _AUTHOR_HEADING.match(line) is not None


def repeats_title(line: str, title: str) -> bool:
    """Whether a line is the headline again: with a kicker, or without a part of it."""
    one, other = plain(line), plain(title)
    if min(len(one), len(other)) < 12 or line.endswith((".", "。")):
        return one == other and bool(one)
    if len(other) > 20 and one.endswith(other) and len(one) < 3 * len(other):
        return True  # behind a kicker
    short, long = sorted((one, other), key=len)
    return short in long and len(short) * 10 >= len(long) * 6
