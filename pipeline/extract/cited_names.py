"""Sources that no gazetteer knows: where a phrase names a body or an outlet (never a person), and its dictionary form."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MAX_CHARS, _MAX_WORDS = 90, 9
#: an upper case letter of any script with cases (re has no \p{Lu})
_CAP = r"[^\W\d_a-zà-öø-ÿа-яёўіґїєəçğıöşüāăąćčďđēėęěīłńňōőœřśšťūůűźżž]"
_WORD = r"[\w'’&-]{1,30}"

_QUOTED = re.compile(rf"[«„“\"]({_CAP}[^«»„“”\"\n]{{1,50}})[»“”\"]")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9-]{2,30}\.){1,2}[A-Za-z]{2,5}(?![\w.]*\w)")
#: initials and names in mixed case: КазТАГ, AKIpress
_INITIALS = re.compile(
    r"(?:[^\W\d_a-zа-яёўі]{3,8}|[^\W\d_a-zа-яёўі]\w{0,8}[^\W\d_a-zа-яёўі]{2}\w{0,6})(?![\w-])"
)
_OUTLET = re.compile(
    rf"(?:{_CAP}{_WORD} ){{0,4}}{_CAP}{_WORD}(?=[\s,.;:)]|$)",
)
_OUTLET_WORD = re.compile(
    r"\b(?:News|Times|Post|Herald|Tribune|Gazette|Journal|Ledger|Press|Daily|Chronicle|Telegraph|Courier|Review|Observer|Star|Sun"
    r"|Mirror|Guardian|Standard|Mail|Express|Dispatch|Monitor|Bulletin|Examiner|Record|Wire|TV|Radio|FM|Online|Today|Weekly"
    r"|Zeitung|Anzeiger|Nachrichten|Kurier|Tagblatt|Tageblatt|Rundschau|Presse|Bote|Abendbote|Blatt|Merkur|Allgemeine|Echo"
    r"|Diario|Noticias|Heraldo|Gaceta|Prensa|Correo|Mundo|Tiempo|Universal|Informador|Televisión|Crónica|Periódico"
    r"|Matin|Dépêche|Gazette|Quotidien|Soir|Voix|Libre|Parisien|Courrier)\b"
)

_TAIL = r"(?:\s[\w'’«»\"-]{1,30}){0,7}"
_BODIES = (
    # en
    (
        rf"(?:press\s(?:service|office)\sof\s(?:the\s)?)?(?:{_CAP}[\w'’.-]{{1,20}}\s){{1,5}}(?:Ministry|Department|Office|Bureau|Commission|"
        r"Embassy|Directorate|Secretariat|Agency|Police|Prosecutor|Committee|Authority|Institute|Foundation|Service)(?:'s\sOffice)?"
        r"(?!\w)(?:\s(?:of|for|on|against)(?:\s(?:the|of|for|and|on|in|[A-Z][\w'’-]{1,20})){1,8})?"
    ),
    (
        r"(?:press\s(?:service|office)\sof\s(?:the\s)?)?(?:Ministry|Department|Office|Bureau|Embassy|Directorate|Secretariat|Institute|Commission)"
        r"\s(?:of|for|on|against)(?:\s(?:the|of|for|and|on|in|[A-Z][\w'’-]{1,20})){1,8}"
    ),
    rf"press\s(?:service|office)\sof\s(?:the\s)?{_CAP}[\w'’-]{{1,20}}(?:\s(?:of|for|and|the|[A-Z][\w'’-]{{1,20}})){{0,8}}",
    # ru, be
    (
        rf"(?:[Пп]р[еэ]сс?-(?:служб|цэнтр|центр)\w{{0,3}}|[Мм]и?і?ни?і?ст[еэ]рств\w{{0,2}}|(?:{_CAP}\w{{4,20}}\s)?(?:комит?е?т|прокуратур|служб|управлени|"
        r"инспекци|департамент)\w{0,3}|[Пп]осольств\w{0,2}|[Пп]асольств\w{0,2}|[Гг]лавн\w{2,3}\s(?:следственн\w{2,3}\s)?управлени\w{1,2}|"
        r"[Уу]правлени\w{1,2}|[Уу]праўленн\w{1,2}|[Сс]ледственн\w{2,3}\sкомитет\w{0,2}|[Сс]ледчы\sкамітэт|[Сс]ледчага\sкамітэта|"
        r"[Гг]енеральн\w{2,3}\sпрокуратур\w{1,2}|[Гг]енпрокуратур\w{1,2}|[Гг]осдеп\w{0,10}|[Гг]оскомитет\w{0,2}|Мин[а-яё]{3,12}|"
        rf"МИД\w?|МВД|МЧС|МЗС|МУС|ФСБ|КГБ|КДБ|СБУ|ГУВД|УВД|УМВД|ГКНБ|СК){_TAIL}"
    ),
    # az
    (
        rf"(?:{_CAP}[\w'’-]{{1,20}}\s){{0,5}}(?:mətbuat\sxidməti|mətbuat\smərkəzi|Nazirliyi|Komitəsi|Xidməti|İdarəsi|Prokurorluğu|Agentliyi"
        r"|Komissiyası|nazirliyi)(?:nin\s(?:mətbuat\sxidməti|Mətbuat\sxidməti)|nin)?"
    ),
    # fr
    (
        rf"(?:ministère|parquet|préfecture|ambassade|présidence|secrétariat|gendarmerie|service\sde\spresse|Haut-Commissariat|Office|"
        rf"Commission|Conseil|Agence)\s{_WORD}{_TAIL}"
    ),
    # es
    (
        rf"(?:Ministerio|Cancillería|Fiscalía|Secretaría|Procuraduría|Defensoría|Policía|Embajada|Presidencia|Consejería|Comisión|"
        rf"Instituto|Oficina|Guardia|Consejo|Dirección)(?!\w){_TAIL}"
    ),
    # de
    (
        rf"(?:[A-ZÄÖÜ][\w-]{{0,30}}(?:ministeri(?:um|ums)|behörde|staatsanwaltschaft|kriminalamt(?:s|es)?|landesamt(?:s|es)?)"
        rf"|Staatsanwaltschaft\s(?:in\s)?{_CAP}\w{{2,30}}|Polizei\s{_CAP}\w{{2,30}}|Pressestelle\s{_WORD})"
        r"(?:\s(?:der|des|für|von|und)(?:\s[A-ZÄÖÜ][\w-]{1,30}){1,3}){0,2}"
    ),
    # ar
    r"(?:وزارة|النيابة|الشرطة|المكتب|المديرية|هيئة|رئاسة)(?:\s\w{2,20}){1,3}",
    # zh
    r"[\u4e00-\u9fff]{0,12}(?:外交部|公安部|公安厅|公安局|检察院|法院|司法部|警察署|移民局|办公室|委员会|总局|大使馆)",
)
_BODY = [re.compile(one) for one in _BODIES]
#: words that end a body's name: verbs, adverbs of time, prepositions that begin something new
_STOP = re.compile(
    r"\s(?:as|that|who|which|said|says|reported?s?|on|at|in\s(?:a|an|its)|"
    r"в|во|у|ў|на|о|об|со|с|из|что|как|после|под|сообщ\w+|передаёт|передает|заяв\w+|отмети\w+|информир\w+|рассказ\w+|четверг|сегодня|"
    r"са|з|пра|што|паведам\w+|адзначы\w+|"
    r"dass|am|mit|gestern|heute|qui|que|dans|sur|ce|cet|cette|cité\w?|a|ont|est|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|"
    r"par|este|lunes|martes|miércoles|jueves|viernes|difundid\w+|citad\w+|en|ha|tras|"
    r"أن|إن|في|عن|إنها|أنها|بأن|على)(?:\s|$)"
)
_FUNCTION_END = re.compile(
    r"(?:\s(?:of|for|on|against|the|and|in|der|des|für|von|und|de|du|des|la|le|les|del|y|et|и|і|по|па))+$"
)
_NAMED = re.compile(rf"(?:{_CAP}|[Пп]р[еэ]сс?-)")
_TITLES = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|Prof|Sir|President|Minister|Prime|Premier|Foreign Minister|Ambassador|Judge|Inspector|Captain|Colonel"
    r"|General|Senator|Secretary|M|Mme|Don|Doña|Herr|Frau)(?![\w-])"
)


@dataclass(frozen=True, slots=True)
class Cited:
    """A name as printed at `start`..`end`, and in the form in which a dictionary has it where a small rule is sure."""

    start: int
    end: int
    printed: str
    name: str
    institution: bool


def body_at(text: str, start: int) -> Cited | None:
    """The institution named at `start`; None when none is, or one without a name of its own ("the police")."""
    window = text[start : start + _MAX_CHARS + 60]
    for pattern in _BODY:
        if match := pattern.match(window):
            return _trimmed(text, start, match[0])
    return None


def _trimmed(text: str, start: int, phrase: str) -> Cited | None:
    if stop := _STOP.search(phrase):
        phrase = phrase[: stop.start()]
    phrase = _FUNCTION_END.sub("", " ".join(phrase.split(" ")[:_MAX_WORDS])).rstrip(" '’-.&")
    quotes = phrase.count("«") - phrase.count("»")
    if quotes > 0:
        phrase = phrase[: phrase.rindex("«")].rstrip()
    if not 3 <= len(phrase) <= _MAX_CHARS or not (
        _NAMED.search(phrase) or (not phrase.isascii() and _is_uncased(phrase))
    ):
        return None
    printed = text[start : start + len(phrase)]
    return Cited(start, start + len(phrase), printed, dictionary_form(printed), institution=True)


def _is_uncased(phrase: str) -> bool:
    return phrase.lower() == phrase.upper()


def quoted_name_at(text: str, start: int) -> Cited | None:
    """A name in quotation marks at `start`, at most five words."""
    match = _QUOTED.match(text, start)
    if match is None or len(match[1].split()) > 5 or match[1].rstrip()[-1:] in ",.!?":
        return None
    return Cited(match.start(1), match.end(1), match[1], match[1], institution=False)


def marked_name_at(text: str, start: int) -> Cited | None:
    """A site's address, initials or an outlet's name at `start`: what cannot be a person."""
    for pattern in (_DOMAIN, _INITIALS):
        match = pattern.match(text, start)
        if match and not _is_uncased(match[0]):
            return Cited(start, match.end(), match[0], match[0], institution=False)
    match = _OUTLET.match(text, start)
    if match and _OUTLET_WORD.search(match[0]) and not _TITLES.match(match[0]):
        printed = match[0].rstrip(".")
        return Cited(start, start + len(printed), printed, printed, institution=False)
    return None


def any_name_at(text: str, start: int) -> Cited | None:
    """A capitalised name at `start`, whatever it is: only where the words before leave no doubt that it is an outlet."""
    match = _OUTLET.match(text, start)
    if match is None or _TITLES.match(match[0]) or len(match[0]) < 3:
        return None
    printed = match[0].rstrip(".")
    if _is_uncased(printed):
        # nothing shows where a name without capitals ends: two words, up to one that begins something else
        stop = _STOP.search(printed)
        printed = " ".join((printed[: stop.start()] if stop else printed).split(" ")[:2])
    return Cited(start, start + len(printed), printed, printed, institution=False)


_DICTIONARY = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (r"^([Пп]ресс-служб|[Пп]рэс-служб)(?:у|ы|е|ой|ай)(?!\w)", r"\1а"),
        (r"^([Пп]ресс-центр|[Пп]рэс-цэнтр)(?:а|у|е|ом|ы)(?!\w)", r"\1"),
        (r"^([Мм]инистерств|[Пп]осольств|[Аа]гентств)(?:а|у|е|ом)(?!\w)", r"\1о"),
        (r"^([Мм]іністэрств|[Пп]асольств|[Аа]генцтв)(?:у|е|ам)(?!\w)", r"\1а"),
        (r"^([Уу]правлени)(?:я|ю|и|ем)(?!\w)", r"\1е"),
        (
            r"^([Гг]лавн)(?:ого|ому|ом|ым)\s(следственн)(?:ого|ому|ом|ым)\s(управлени)(?:я|ю|и|ем)(?!\w)",
            r"\1ое \2ое \3е",
        ),
        (r"^([Гг]лавн)(?:ого|ому|ом|ым)\s(управлени)(?:я|ю|и|ем)(?!\w)", r"\1ое \2е"),
        (r"^([Сс]ледственн)(?:ого|ому|ом|ым)\s(комитет)(?:а|у|е|ом)(?!\w)", r"\1ый \2"),
        (r"^([Сс]ледч)(?:ага|аму|ым)\s(камітэт)(?:а|у|ам)(?!\w)", r"\1ы \2"),
        (r"^([Гг]енеральн)(?:ой|ую)\s(прокуратур)(?:ы|у|е|ой)(?!\w)", r"\1ая \2а"),
        (r"^([Гг]енпрокуратур|[Пп]рокуратур)(?:ы|у|е|ой)(?!\w)", r"\1а"),
        (
            r"^([Гг]осдепартамент|[Гг]осдеп|[Гг]оскомитет|Мин(?:юст|здрав|труд|обороны|спорт|транс|энерго|фин|образования))(?:а|у|е|ом)(?!\w)",
            r"\1",
        ),
        (r"^МИД(?:а|у|е|ом)(?!\w)", "МИД"),
        (r"^([A-ZÄÖÜ][\w-]*ministerium)s(?!\w)", r"\1"),
        (r"^([A-ZÄÖÜ][\w-]*amt)(?:s|es)(?!\w)", r"\1"),
        (
            r"(Nazirliy|xidmət|Xidmət|Komitəs|İdarəs|Prokurorluğ|mərkəz|Agentliy)(i|u)(?:nin|nun|nə|na|ndən|ndan)$",
            r"\1\2",
        ),
    )
)


def dictionary_form(printed: str) -> str:
    """A body's name in the nominative, where the first words show the case beyond doubt; else as printed."""
    for pattern, form in _DICTIONARY:
        changed, times = pattern.subn(form, printed, count=1)
        if times:
            return changed
    return printed
