"""The names in one printed byline: people and desks, without job titles, places, dates, addresses, agencies and photographers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.extract.agencies import AgencyKind, find_agency
from pipeline.extract.decode import clean_line
from pipeline.extract.months import month_number
from pipeline.extract.title import plain

MAX_AUTHORS, MAX_NAME_CHARS, _MAX_WORDS, _MAX_BYLINE_CHARS = 12, 60, 7, 400

_CAP = r"[^\W\d_a-zà-öø-ÿа-яёўіґїєəçğıöşüāčđēėęěģīķłļńņňōőœřśšşťūůűźżž]"
_WRITTEN = (
    r"(?:written|posted|reported|story|text|report|words|article|published|review|reviewed|analysis|opinion|comment|commentary"
    r"|interview|exclusive|feature|created|submitted|contributed)\s+by"
    r"|(?:ein\s+|eine\s+)?(?:kommentar|gastbeitrag|interview|analyse|bericht|reportage|beitrag|artikel|text|kolumne|essay|geschrieben"
    r"|erstellt|verfasst|protokoll)\s+von|(?:propos\s+recueillis|écrit|publié|rédigé|article\s+écrit)\s+par"
    r"|(?:escrito|publicado|redactado)\s+por|автор\s+(?:текста|статьи|материала)"
)
_LABEL = (
    r"by|von|par|por|de|da|от|автор[ы]?|аўтар[ы]?|müəllif(?:lər)?|müxbir|autor(?:es|in|en)?|auteure?s?|authors?|text[eo]?|текст|тэкст|words"
    r"|بقلم|كتب(?:ت)?|الكاتب|إعداد|تحرير|quelle|source|источник|作者|本报记者|本报通讯员|通讯员|记者|記者|文|編輯|编辑|責編|责编|撰文|글|di|av|af|door"
)
_OPENER = re.compile(
    rf"^\W*(?:(?:{_WRITTEN})\s*[:：]?\s*|(?:{_LABEL})(?:\s*[:：/／|]\s*|\s+))", re.IGNORECASE
)
_LOWER_LEAD = re.compile(rf"^[a-zà-öø-ÿ][\w-]{{1,20}}\s(?:von|by|par|por)\s(?={_CAP})")
_ONLY_LABEL = re.compile(
    rf"^\W*(?:{_LABEL}|{_WRITTEN}|and|und|et|y|и|і|və|with|mit|avec|con)\W*$", re.IGNORECASE
)
_NOT_HERS = re.compile(
    r"(?:\b(?:photos?|pictures?|photograph(?:s|y|ed)?(?:\sby)?|images?|fotos?|foto-?grafías?|bild(?:er)?|bildquelle|illustration(?:en)?|video|"
    r"crédit\sphoto|imágenes|edited\sby|editing\sby|fact-checked\sby|translated\sby|aus\sdem\s\w+\svon|übersetz\w+\svon|updated|published"
    r"|veröffentlicht|aktualisiert|mis\sà\sjour|publié\sle|actualizado|datum|date|stand|updated\son|posted\son|posted\sat"
    r"|last\smodified|lesezeit|min\sread|minutes?\sread|views|follow|contact)\b"
    r"|(?:фото|видео|иллюстрация|фота|şəkil|صورة|تصوير|摄影|攝影|图片|图|责任编辑|編輯|编辑)\s?[:：/／])",
    re.IGNORECASE,
)
_PHOTO = re.compile(
    r"^(?:photos?|pictures?|images?|fotos?|bild(?:er)?|фото|фота|foto|istock\w*|getty(?:\simages)?|shutterstock|unsplash|pixabay|picture[\s-]alliance"
    r"|imago(?:\simages)?|illustration|video|видео|alamy|depositphotos|adobe\s?stock|pexels)(?!\w)",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w.-]{2,64}|(?<!\w)@\w{2,30}")
_SPLIT = re.compile(
    r"\s*(?:[;|•·、\n]|(?<!\w)/|/(?!\w)|/|\s(?:and|und|et|y|и|і|й|və|و|og|och|e|en|ja|a|&)\s|,\s(?:and|und|et|y|и|і|və)\s|\s[-–—]\s)\s*",
    re.IGNORECASE,
)
_WITH = re.compile(
    rf"\s*[(\[,]?\s?(?<!\w)(?i:with|mit|avec|con|при\sучастии|additional\sreporting\sby)\s(?={_CAP})"
)
#: between two Chinese names, which hold no space
_HAN_GAP = re.compile(r"(?<=[\u4e00-\u9fff]{2})\s(?=[\u4e00-\u9fff]{2,4}(?:\s|$))")
_HAN_LABEL = re.compile(r"^\W*(?:本报|本報|特约|特約)?(?:记者|通讯员|通訊員|作者|撰稿)\s?[:：]?\s?")
_COMMA = re.compile(r"\s*[,，]\s*")
_BRACKETS = re.compile(r"\s*[(（\[][^)）\]]{0,80}[)）\]]?")
_JOB = re.compile(
    r"(?<!\w)(?:(?:chief\s|senior\s|special\s|staff\s|political\s|foreign\s|diplomatic\s|deputy\s|managing\s|associate\s|contributing\s"
    r"|freelance\s|lead\s|world\s|news\s|digital\s|legal\s|health\s|science\s|business\s)*(?:correspondent|reporter|editor|journalist|writer|columnist"
    r"|producer|contributor|editor-in-chief|analyst|bureau\schief|chief)s?|staff"
    r"|(?:\w{0,20})(?:redakteur(?:in)?|korrespondent(?:in)?|reporter(?:in)?)|chefredakt\w+|journalist(?:in)?|journalistes?|rédact(?:eur|rice)s?"
    r"|correspondante?|envoyée?s?\sspéciale?s?|cheffe?\sde\sservice|redactora?|corresponsal|periodista|enviad[oa]\sespecial"
    r"|(?:спец)?корреспондент|обозреватель|редактор|журналист(?:ка)?|карэспандэнт|рэдактар|аглядальнік|журналіст(?:ка)?|müxbir|redaktor|jurnalist"
    r"|مراسل(?:ة)?|محرر(?:ة)?|корр\.)(?!\w)",
    re.IGNORECASE,
)
_KOREAN_JOB = re.compile(
    r"\s*(?:인턴)?(?:기자|특파원|논설위원|선임기자|객원기자|앵커|PD)(?:\s*외\s*\d+명)?\s*$"
)
_HAN_JOB = re.compile(
    r"^(?:本报|新华社|中新社|特约)?(?:记者|記者|通讯员|特派员)\s*|\s*(?:记者|記者|报道|報道)$"
)
_DEGREE = re.compile(
    r"^(?:MA|MD|PhD|Ph\.D\.?|MSc|BSc|BA|RN|MPH|Esq\.?|Jr\.?|Sr\.?|II|III|M\.D\.?|MBA|LLM|MS|CFA|Dr\.?)(?:\s.*)?$"
)
_PLACE_TAIL = re.compile(rf"\s(?:in|aus|from|à|au|en|из|в|з|at)\s{_CAP}[\w .,'’-]{{1,40}}$")
_NO_NAME = re.compile(
    r"[@:=<>{}#\\，。！？!?;]|\d{3,}|^(?:admin|administrator|super\s?user|editor|unknown|n/?a|none|null|undefined|anonymous|author|автор|webmaster|"
    r"user\d*|guest|"
    r"(?:last\s)?updated|published|print|follow author|share|more|read more|home|news|nachrichten|facebook|twitter|comments?|"
    r"view all posts|see all|view comments|profile|biography|all articles|contributors?|log in|subscribe|menu|reply"
    r"|default|test|root)$|^\d",
    re.IGNORECASE,
)
_DOMAIN = re.compile(r"\.(?:com|org|net|ru|by|az|de|fr|is|uk|info)$", re.IGNORECASE)
_MONTH_DAY = re.compile(r"\s(?:[-–—|•·,]\s*)?([^\W\d_]{3,12})\.?\s\d{1,2}\b")
_DAY_FIRST = re.compile(
    r"[\s,|•·(–—-]+(?:\d{1,4}\s?[./年-]\s?\d{1,2}|\d{1,2}(?:st|nd|rd|th|er)?\.?\s[^\W\d_]{3,12}\.?,?\s\d{2,4}|on\s\d|am\s\d|vom\s\d|(?:le\s(?:lun|mar|mercre|jeu|vendre|same)di|am\s(?:mon|diens|donners|frei|sams|sonn)tag|el\s(?:lunes|martes|jueves|viernes|s[aá]bado|domingo))\b|le\s\d|el\s\d|at\s\d|vor\s\d|il\sy\sa\s|hace\s\d|\d{1,2}:\d\d).*$",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"\s(?:\d+\s?(?:seconds?|mins?|minutes?|hours?|days?|weeks?|months?|years?|[hd])\sago.*|(?:on|at|in|am))$"
)
_INITIAL_END = re.compile(r"(?:^|\s)(?:[^\W\d_]|Jr|Sr)\.$")
_WEEKDAY = re.compile(r"\s(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?:,.*)?$")
#: what people call themselves to log in
_LOGIN = re.compile(r"^[a-z0-9.-]*_[a-z0-9_.-]*$")
_STAFF_DESK = re.compile(r"(?<!\w)staff(?!\w)|^(?:newsroom|news desk|web desk)$", re.IGNORECASE)


@dataclass(slots=True)
class Names:
    """What printed bylines name, each once and in order: people and desks, agencies, outlets, their unnamed staff."""

    people: dict[str, str] = field(default_factory=dict)
    agencies: dict[str, str] = field(default_factory=dict)
    house: dict[str, str] = field(default_factory=dict)
    staff: dict[str, str] = field(default_factory=dict)

    @property
    def authors(self) -> tuple[str, ...]:
        """People and desks."""
        return tuple(self.people.values())[:MAX_AUTHORS]


def read_names(printed: list[str], own: set[str], *, listed: bool = False) -> Names:
    """Names of `printed` bylines; `own` (as `plain`) are names of the outlet; `listed`: each entry was declared as one author."""
    found = Names()
    for one in printed:
        for name in _names_in(clean_line(one[:_MAX_BYLINE_CHARS]), own, found, listed=listed):
            found.people.setdefault(plain(name), name)
    return found


def _names_in(text: str, own: set[str], found: Names, *, listed: bool) -> list[str]:
    if plain(text) in own:
        found.house.setdefault(plain(text), text)
        return []
    if (label := _HAN_LABEL.match(text)) is not None:
        text = text[: label.end()] + _HAN_GAP.sub("、", text[label.end() :])
    whole = text
    text = _without_opener(_HANDLE.sub(" ", text)).strip()
    hers = _NOT_HERS.split(text, maxsplit=1)[0]
    # a declared name may begin with such a word ("Video Games Chronicle")
    text = _without_date(hers if hers.strip() or not listed else text)
    pieces = [piece for piece in _pieces(text) if not _taken_elsewhere(piece, own, found)]
    bare = [name for name in map(_bare_name, pieces) if is_name(name)]
    # "Anna Vogel, Berlin": a lone word beside full names is where they are
    full = any(" " in name for name in bare)
    names = [name for name in bare if not full or " " in name or (listed and len(pieces) == 1)]
    if not names and _STAFF_DESK.search(whole) and is_name(whole):
        found.staff.setdefault(plain(whole), whole)
    return names


def _taken_elsewhere(piece: str, own: set[str], found: Names) -> bool:
    """Whether a piece is an agency or an outlet: noted as such."""
    if plain(piece) in own:
        found.house.setdefault(plain(piece), piece)
        return True
    bare = _JOB.sub("", piece).strip(" -–—:.()[]")
    agency = find_agency(bare) if bare else None
    if agency is None or agency.kind is AgencyKind.INSTITUTION:
        return False
    if agency.kind is AgencyKind.OUTLET and bare == piece:
        found.house.setdefault(plain(piece), piece)
    else:
        found.agencies.setdefault(agency.id, bare)
    return True


def _without_opener(text: str) -> str:
    for _ in range(2):
        shorter = _LOWER_LEAD.sub("", _OPENER.sub("", text, count=1), count=1)
        if shorter == text:
            break
        text = shorter
    return text


def _without_date(text: str) -> str:
    """A byline without the date that follows it."""
    for match in _MONTH_DAY.finditer(text):
        if month_number(match[1]):
            text = text[: match.start()]
            break
    return _AGO.sub("", _DAY_FIRST.sub("", text))


def _pieces(text: str) -> list[str]:
    """The parts of one printed byline that may be names."""
    found: list[str] = []
    for part in _SPLIT.split(_WITH.sub("|", text)):
        pieces = [piece for piece in _COMMA.split(_BRACKETS.sub("", part)) if piece]
        # "Vogel, Anna" is one name; "Anna Vogel, Jan Roth" are two; "Anna Vogel, Reporter" is one with a job
        if len(pieces) == 2 and all(_is_single(piece) for piece in pieces):
            found.append(f"{pieces[1]} {pieces[0]}")
        else:
            found.extend(pieces)
    return [_without_opener(piece) for piece in found if not _ONLY_LABEL.match(piece)]


def _is_single(piece: str) -> bool:
    agency = find_agency(piece)
    return (
        " " not in piece
        and piece[:1].isalpha()
        and not piece.isupper()
        and _JOB.search(piece) is None
        and _DEGREE.match(piece) is None
        and (agency is None or agency.kind is AgencyKind.INSTITUTION)
    )


def _bare_name(piece: str) -> str:
    """A name without job title, degree and place; empty when nothing of a name is left."""
    if _PHOTO.match(piece) or _DEGREE.match(piece):
        return ""
    name = _HAN_JOB.sub("", _KOREAN_JOB.sub("", piece))
    job = _JOB.search(name)
    if job is not None:
        # "Anna Vogel Korrespondentin in Wien" keeps the name, "Reporter Anna Vogel" as well; "Moscow correspondent" keeps nothing
        before, after = name[: job.start()].strip(" -–—,("), name[job.end() :].strip(" -–—,:(")
        name = before if len(before.split()) >= 2 else after if _looks_full(after) and not before else ""
    if len(name.split()) > 2:
        name = _PLACE_TAIL.sub("", _WEEKDAY.sub("", name))
    name = name.strip(" -–—:,()[]*\"“”„«»'’")
    return name if _INITIAL_END.search(name) else name.rstrip(".")


def _looks_full(name: str) -> bool:
    words = name.split()
    return 2 <= len(words) <= 4 and all(word[:1].isupper() for word in words)


def is_name(name: str) -> bool:
    """Whether this may be a person's or a desk's name: letters, 2 to 60 characters, at most seven words."""
    if not 2 <= len(name) <= MAX_NAME_CHARS or len(name.split()) > _MAX_WORDS:
        return False
    if (
        _NO_NAME.search(name)
        or _LOGIN.match(name)
        or _DOMAIN.search(name)
        or _ONLY_LABEL.match(name)
        or _PHOTO.match(name)
    ):
        return False
    return any(letter.isalpha() for letter in name)
