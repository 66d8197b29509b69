"""The words with which newsrooms say whom they have a report from, in nine languages: lists to be read and added to.

All are matched on the text as `agencies.fold_letters` leaves it, so they are written here in any case and spelling of a letter.
"""

from __future__ import annotations

import re

from pipeline.extract.agencies import fold_letters


def _phrases(*lines: str) -> str:
    """An alternation of phrases separated by bars, longest first; a space stands for one white space."""
    phrases = {phrase.strip() for line in lines for phrase in fold_letters(line).split("|") if phrase.strip()}
    return "|".join(
        re.escape(one).replace(r"\ ", r"\s") for one in sorted(phrases, key=lambda one: (-len(one), one))
    )


#: the cues that may begin with a word: a lead has hundreds of words, and next to none of them begins any
_BEGINNING: dict[str, list[re.Pattern[str]]] = {}
_FIRST_WORD = re.compile(r"\w+")


def _cue(phrases: str, behind: str, *, first: str = "") -> re.Pattern[str]:
    """A pattern that `find_cues` looks for; `first` gives the words its phrases begin with, where they are no plain list."""
    pattern = re.compile(rf"(?<!\w)(?:{phrases}){behind}")
    for word in {found[0] for one in (first or phrases).split("|") if (found := _FIRST_WORD.match(one))}:
        _BEGINNING.setdefault(word, []).append(pattern)
    return pattern


def find_cues(plain: str, most: int) -> dict[re.Pattern[str], list[re.Match[str]]]:
    """Where a text has cues, by their pattern (CITING, BEFORE, TOLD, SPOKEN_TO, AFTER, CITED_BEFORE): the first of each kind.

    Args:
        plain: the text as `agencies.fold_letters` leaves it.
        most: no more than so many of a kind.
    """
    found: dict[re.Pattern[str], list[re.Match[str]]] = {}
    for word in _FIRST_WORD.finditer(plain):
        for pattern in _BEGINNING.get(word[0], ()):
            before = found.setdefault(pattern, [])
            if len(before) >= most or (before and word.start() < before[-1].end()):
                continue
            if cue := pattern.match(plain, word.start()):
                before.append(cue)
    return found


#: "with reference to": whoever is named next is whom the report comes from
CITING = _cue(
    _phrases(
        "citing|quoting|with reference to|referring to|which cites|which cited|which quotes|which quoted|who cites",
        "со ссылкой на|ссылаясь на|ссылается на|ссылаются на|с ссылкой на",
        "са спасылкай на|з спасылкай на|спасылаючыся на|спасылаецца на|спасылаюцца на",
        "unter Berufung auf|mit Verweis auf|unter Verweis auf|mit Bezug auf|unter Bezug auf"
        "|unter Hinweis auf|beruft sich auf"
        "|beruft sich dabei auf|unter Bezugnahme auf",
        "citant|en citant|qui cite|se référant à|en référence à|s'appuyant sur|reprenant",
        "citando a|citando al|citando|con base en|en referencia a|que cita a|que cita|que citó a",
        "نقلا عن|نقلاً عن|نقلًا عن|بالاشارة الى|استنادا الى",
    ),
    r"(?=\s)",
)
#: attribution to the name that follows
BEFORE = _cue(
    _phrases(
        "according to|reported by|as reported by|first reported by|reports from|published by|quoted by|cited by|carried by"
        "|seen by|obtained by|reporting by",
        "передает|передают|передал|передала|передало|передали|сообщает|сообщают|сообщил|сообщила|сообщило|сообщили"
        "|информирует|информируют|проинформировали|проинформировала|пишет|пишут|по данным|по сообщению|по сообщениям"
        "|по информации|по материалам|согласно данным|сообщили в|сообщается на сайте|рассказали в"
        "|проинформировали в|привели в|на брифинге в|говорится в сообщении|отмечается в сообщении"
        "|сказано в сообщении|говорится в пресс-релизе|следует из сообщения"
        "|цитирует|приводит|приводят",
        "гаворыцца ў паведамленні|паведамляе|паведамляюць|паведаміла|паведаміў|паведамілі|паведаміў"
        "|перадае|перадаюць|піша|пішуць|інфармуе"
        "|паводле інфармацыі|паводле звестак|паводле паведамлення|паводле даных|паводле|па звестках|па інфармацыі"
        "|паведамілі ў|паведамілі у|расказалі ў|расказалі у|цытуе",
        "selon|d'après|rapporte|rapportait|rapportent|a rapporté|ont rapporté|indique|a indiqué|annonce"
        "|a annoncé|écrit|relate"
        "|révèle|a révélé|fait savoir|a fait savoir|cité par|cités par|citées par|auprès de|auprès du"
        "|citée par|cités par|publié par|diffusé par",
        "según|según informa|según informó|según publica|según recoge|según indica|de acuerdo con"
        "|de acuerdo a|informó|informa"
        "|informan|informaron|reportó|reporta|publica|publicó|difundió|difundido por|difundida por"
        "|citado por|citados por|citadas por|difundidos por|difundidas por|citada por"
        "|recogido por|recogidas por|adelantó|indicó|señaló|anunció|confirmó",
        "berichtet|berichtete|berichten|berichteten|meldet|meldete|melden|meldeten|schreibt|schrieb|teilt|teilte|laut"
        "|nach Angaben|nach Informationen|nach einem Bericht|zitiert von",
        "ذكرت|افادت|افاد|ذكر|اوردت|نقلت|نشرت|بثت|وفقا|وفق|بحسب|حسب|حسبما ذكرت|حسبما افادت|حسبما نقلت|حسب ما ذكرت|كما ذكرت"
        "|وذكرت|وافادت|ونقلت|واوردت|نقلته|قالت|وقالت|قال|وقال",
    ),
    r"(?=\s|$)",
)
#: spoken to the one that follows
TOLD = _cue(
    _phrases(
        "told|tells|via|in an interview with|interview to|in comments to|in a statement to|speaking to",
        "рассказал|рассказала|рассказали|заявил|заявила|заявили|сообщил|сообщила|сообщили|в интервью|в беседе с"
        "|в комментарии|в разговоре с|стало известно|уточнили|подтвердили",
        "расказаў|расказала|расказалі|заявіў|заявіла|заявілі|паведаміў|паведаміла|паведамілі|у гутарцы з"
        "|у інтэрв'ю|стала вядома",
        "a déclaré à|ont déclaré à|a confié à|a indiqué à|a dit à|a appris|ont indiqué à|interrogé par|auprès de",
        "dijo a|declaró a|dijeron a|en declaraciones a|declaraciones a|confirmó a|indicó a|explicó a|informó a",
        "sagte|sagten|gegenüber|erfuhr|bestätigte",
        "في تصريح|في حديث|تصريحات",
    ),
    r"(?=\s)",
)
#: attribution to the name that stands before
AFTER = _cue(
    _phrases(
        "reports|reported|informs|informed|writes|wrote|said|says|announced|confirmed|has learned|has learnt",
        "сообщает|передает|информирует|пишет|сообщило|сообщила|сообщил|сообщили|рассказали|рассказал"
        "|рассказала|стало известно",
        "расказала|расказаў|расказалі|заявіў|заявіла|заявілі|паведамляе|перадае|піша|інфармуе|паведаміла"
        "|паведаміў|паведамілі",
        "xəbər verir|xəbər verib|xəbər verirlər|məlumat verir|məlumat verib|bildirir|yazır|yazıb"
        "|məlumatına görə|məlumatlarına görə"
        "|xəbərinə görə|verdiyi xəbərə görə|verdiyi məlumata görə|məlumat yayıb|bildirilib|məlumat verilib|deyilib|yayıb",
        "rapporte|rapportait|indique|écrit|révèle|informó|informa|reportó|publicó",
        "erfuhr|erfahren hat|berichtet|berichtete|berichten|meldet|meldete|melden|schreibt|zufolge",
    ),
    r"(?!\w)",
)
#: Azerbaijani puts "with reference to" behind the name
CITED_BEFORE = _cue(_phrases("istinadən|istinadla|istinad edərək|sitat gətirərək"), r"(?!\w)")

_MEDIUM = _phrases(
    "news agency|press agency|news service|agency|newspaper|daily|broadcaster|channel|website|news site"
    "|portal|magazine|news wire"
    "|news outlet|outlet|radio|tv channel|weekly|correspondent|newswire|station",
    "агентство|агентству|агентства|информагентство|информагентству|информагентства|госагентство|газета|газете|газету|газеты"
    "|портал|порталу|портала|издание|изданию|издания|телеканал|телеканалу|телеканала|корр.|корреспондент"
    "|корреспонденту|журнал"
    "|журналу|журнала|сайт|ИА|АМИ|МИА|НИАТ|РИА|ТРК|телекомпания|радио|канал|сайте|телеграм-канал|Telegram-канал",
    "агенцтва|агенцтву|газета|газеце|газету|газеты|партал|парталу|выданне|выданню|тэлеканал|карэспандэнт"
    "|карэспандэнту|часопіс|сайт",
    "agentliyi|agentliyinin|agentliyinə|qəzeti|qəzetinin|qəzetinə|portalı|telekanalı|saytı|nəşri|nəşrinə",
    "agence de presse|agence d'information|agence|journal|quotidien|chaîne|site|hebdomadaire|magazine|radio|média",
    "agencia de noticias|agencia|diario|periódico|cadena|canal|portal|revista|semanario|medio",
    "Nachrichtenagentur|Presseagentur|Agentur|Zeitung|Tageszeitung|Sender|Magazin|Nachrichtenmagazin|Portal|Blatt|Rundfunk"
    "|Nachrichtenportal|Fernsehsender",
    "وكاله انباء|وكاله الانباء|وكاله|صحيفه|قناه|موقع|جريده|مجله|اذاعه|شبكه|تلفزيون",
)
_ARTICLE = _phrases(
    "the|a|an|la|le|les|el|los|al|del|de|du|des|une|un|l'|d'|der|die|das|den|dem|des|von|eine|einer"
    "|einem|ein|vom|zum|zur|by|of|from"
    "|to|que|à|a|ce|este|lunes|martes|miércoles|jueves|viernes|ل|لـ|عن|о|в|у|ў|са"
)
_PAPER = _phrases(
    "report|statement|data|figures|press release|dispatch|study|survey",
    "rapport|dépêche|communiqué|bilan|étude|communiqué de presse|chiffres",
    "informe|comunicado|nota|nota de prensa|boletín|estudio|datos|reporte",
    "Bericht|Mitteilung|Pressemitteilung|Meldung|Angaben|Studie|Lagebild",
    "сообщение|доклад|данные|докладе|сообщении|отчет",
    "تقرير|بيان|بيانات",
)
_OWNED = r"[\w-]{2,20}'s|" + _phrases(
    "state|state-run|state-owned|official|semi-official|private|independent|local|german|french|russian"
    "|chinese|turkish|iranian"
    "|государственное|российское|белорусское|азербайджанское|дзяржаўнае|беларускае|staatliche"
    "|staatlichen|officielle|oficial|estatal"
)
#: what may stand between a cue and the name: quotation marks, an article, "a report by", "the state news agency"
BETWEEN = re.compile(
    r"[\s,«„“\"'(:]*"
    rf"(?:(?:{_ARTICLE})(?:\s|(?<='))){{0,2}}"
    rf"(?:(?:[\w-]{{1,20}}\s){{0,2}}?(?:{_PAPER})\s(?:(?:{_ARTICLE})(?:\s|(?<='))){{0,2}})?"
    rf"(?:(?:{_OWNED})\s){{0,2}}"
    rf"(?:(?:[\w-]{{1,20}}\s){{0,2}}?(?:{_MEDIUM})\s)?"
    r"(?:لـ|ل|ب)?[«„“\"']*"
)
#: the same before a name that no gazetteer knows; `medium` when the words say that it is an outlet
LEAD_IN = re.compile(
    rf"[\s,:(]*(?:(?:{_ARTICLE})(?:\s|(?<='))){{0,1}}(?:(?:[\w-]{{1,20}}\s){{0,1}}?(?:{_PAPER})\s)?(?:(?:am\s\w{{4,12}}|jeudi|lundi|mardi|mercredi|vendredi|samedi|dimanche|hoy|ayer)\s)?(?:(?:{_ARTICLE})(?:\s|(?<='))){{0,3}}"
    rf"(?P<medium>(?:[\w-]{{1,20}}\s){{0,2}}?(?:{_MEDIUM})\s)?(?:لـ|ل(?=وزار|هيئ|لن|لش)|ل(?=لم))?"
)
#: what may stand between a name and the verb behind it: its case ending, its kind, when it said so
BEHIND = re.compile(
    r"(?:[^\W\d_]{1,4})?[»“”\"']{0,2}-?(?:[a-zəğıöüşç]{1,4})?(?:'s)?[)]?"
    rf"(?:\s(?:{_MEDIUM}))?,?\s"
    r"(?:(?:bu barədə|bu haqda|bununla bağlı|that|also|later|on \w{6,9}|am \w{6,9}|hat|die|en)\s){0,2}"
    r"(?:(?:unter berufung auf|mit verweis auf|со ссылкой на|са спасылкай на)[^.!?\n]{1,70}\s)?"
    r"(?:(?:aus|von|vom|unter) [^.!?\n,]{1,40}\s)?"
    r"(?:[^.!?\n,]{0,90}(?:istinad\w{2,3}|nd[əa]n)\s)?".replace("ı", "i")
)
#: an everyday word is an agency's name only at the beginning of a clause
CLAUSE_START = re.compile(
    r"(?:^|[.!?,;:\n«„“\"]|(?:barədə|haqda|agency|agence|agencia|agentur|агентство|агентства)\s?)\s*$"
)
#: and where its clause ends with it
CLAUSE_END = re.compile(
    r"\s*(?:[,.;:!?»“”\")\n،。]|$|(?:on|citing|quoting|via|under|unter|that|que|dass|ki|что|со|са)\b|-)"
)
#: generic sources, which nobody could look up
UNNAMED = re.compile(
    r"(?:"
    + _phrases(
        "Diplomaten|Kreise|Regierungskreise|Sicherheitskreise|Quellen|Behörden|Polizei|Medien"
        "|Medienberichte|Augenzeugen|Teilnehmer"
        "|Ermittler|Anwälte|Beamte|Polizeiangaben|Insider|Experten",
        "own|sources|source|officials|witnesses|police|media|local media|state media",
        "собственные источники|источник|источники|источника",
    )
    + r")(?!\w)"
)
#: cues that let a body or an agency speak, but after which a name alone may be anybody's
WEAK = re.compile(
    r"(?:"
    + _phrases(
        "according to|auprès de|auprès du|говорится в сообщении|отмечается в сообщении"
        "|сказано в сообщении|гаворыцца ў паведамленні|selon|d'après|según|de acuerdo con|de acuerdo a|laut|nach angaben"
        "|nach informationen|по данным|по информации"
        "|согласно данным|паводле|па інфармацыі|вفقا|وفقا|وفق|بحسب|حسب|señaló|indicó|indique|a indiqué"
        "|annonce|a annoncé|teilte|teilt|anunció"
        "|confirmó|informó|قال|قالت|وقال|وقالت|ذكر|fait savoir|a fait savoir|сообщили в|рассказали в"
        "|проинформировали в|на брифинге в|на брыфінгу ў|привели в|seen by|obtained by"
    )
    + r")$"
)
#: after these, in the lead, any name is an outlet's
SURE = re.compile(
    r"(?:" + _phrases("según informa|según publica|as reported by|first reported by|según recoge") + r")$"
)
#: verbs with which the people of a press service speak
PRESS_SERVICE = re.compile(
    r"(?:^|[.!?\n]\s?)(?:в|у|ў)\s(п(?:ресс|рэс)-службе[^,.;:\n]{0,60}?)\s(?:отметили|сообщили|рассказали|заявили|уточнили|добавили"
    r"|подчеркнули|адзначылі|паведамілі|расказалі|заявілі|удакладнілі)(?!\w)"
)
#: what makes of "X said" a statement by X about itself
ITSELF = re.compile(r"\s(?:it|its|he|she|they|in\sits|a\sprofit|a\sloss|profits?)(?!\w)")
#: "... indicated a source to AFP": whom somebody spoke to stands far behind the verb
SPOKEN_TO = _cue(
    r"(?:a|ont)\s(?:indiqué|déclaré|dit|confié|affirmé|expliqué|précisé|confirmé|assuré)\s[^.!?\n,]{1,80}?\sà"
    r"|(?:dijo|declaró|dijeron|explicó|confirmó|aseguró|afirmó|indicó)\s[^.!?\n,]{1,60}?\sa"
    r"|(?:sagte|sagten|erklärte|bestätigte)\s(?:(?!(?:vor|in|im|an|am|bei|beim|aus|neben|hinter)\s)[\w.-]{1,24}\s){1,5}?(?:der|dem)",
    r"(?=\s)",
    first="a|ont|dijo|declaró|dijeron|explicó|confirmó|aseguró|afirmó|indicó|sagte|sagten|erklärte|bestätigte",
)
#: "X citing Y reports": the name directly before this is Y
ONLY_CITED = re.compile(r"(?:[^\W\d_]{1,4})?[»“”\"']{0,2}-?(?:[^\W\d_]{1,4})?\sistinad")
#: kinds of papers and stations that, with a capital, begin the name of one
OWN_MEDIUM = re.compile(
    r"(?:Daily|Weekly|Radio|Radyo|Радио|Радыё|Channel|Canal|Diario|Journal|Agence|Agencia|Agency)\s$"
)
