"""Lines by which a page speaks for itself amid or after a text: calls to channels, disclaimers, contacts, downloads, counts."""

from __future__ import annotations

import re

_MAX_CALL, _MAX_DISCLAIMER, _MAX_CONTACT = 220, 330, 130
#: a channel that readers can join
_CHANNEL = re.compile(
    r"\b(?:telegram|whats\s?app|viber|google\s+news|newsletters?|messenger|app)\b|\b(?:т[еэ]л[еэ]гра[мм]\w*|вотсап\w*|ватсап\w*|вайбер\w*|рассылк\w*|рассылцы)"
    r"|вацап\w*|\bинстаграм\w*|واتساب|الواتساب|تلغرام|تيليجرام|تليجرام|جوجل\s+نيوز|微信公众号|公众号|客户端|客戶端|(?<![a-z])app(?![a-z])",
    re.IGNORECASE,
)
#: the call to do so, in the imperative
_CALL = re.compile(
    r"\b(?:sign\s+up|subscribe|join\s+(?:us|our)|follow\s+(?:us|our)|download\s+(?:our|the))\b|\b(?:подпи(?:ши|сывай)тесь|присоединяйтесь|читайте\s+нас|следите\s+за\s+нами|скачайте|вступайте)\b"
    r"|\b(?:далуч(?:ы|ай)цеся|падпі(?:шыцеся|свайцеся|сывайцеся)|чытайце\s+нас|сачыце)\b|\b(?:qoşulun|abunə\s+olun|izləyin|yükləyin)\b"
    r"|\b(?:rejoignez|abonnez-vous|suivez|téléchargez|inscrivez-vous)\b|\b(?:s[uú]mate|[uú]nete|s[ií]guenos|seguinos|suscr[ií]bete|suscribite|descarg[aá])\b"
    r"|\b(?:abonnieren\s+sie|folgen\s+sie|melden\s+sie\s+sich|laden\s+sie)\b|تابعونا|تابعنا|لمتابعة|اشترك|انضم|[下下][载載]|[关關]注|[订訂][阅閱]",
    re.IGNORECASE,
)
#: whose opinions a text is not
_DISCLAIMER = re.compile(
    r"\b(?:views?|opinions?)\b.{0,60}\b(?:are|those|do\s+not)\b.{0,80}\b(?:authors?|necessarily)\b"
    r"|\bмнени[ея]\b.{0,60}\b(?:автор\w*|редакции)\b.{0,60}\b(?:не\s+совпада\w+|может|могут)|\bмнени[ея]\b.{0,40}\bможет\s+не\s+совпадать\b"
    r"|\b(?:меркаванне|погляды)\b.{0,60}\b(?:аўтара|рэдакцыі)\b.{0,60}\b(?:не\s+супада\w+|можа|могуць)"
    r"|\bfikirlər\b.{0,40}\bmüəllif\w*\b.{0,80}|\bn[’']engagent?\s+que\b.{0,60}|\bne\s+reflètent?\s+pas\b.{0,60}"
    r"|\b(?:opini(?:ón|ones))\b.{0,60}\b(?:responsabilidad|no\s+reflejan?|autora?)\b|\bmeinung\w*\b.{0,60}\b(?:nicht\s+(?:unbedingt|notwendig\w*)|des\s+autors|der\s+autor\w*)\b"
    r"|(?:الآراء|المقالات?)\s.{0,60}(?:عن\s+رأي|لا\s+تعبر|بالضرورة)|(?:仅代表|僅代表)作者.{0,20}",
    re.IGNORECASE,
)
_DISCLAIMS = re.compile(
    r"^\W*(?:the\s+)?(?:views?|opinions?|disclaimer|мнени[ея]|меркаванн[еі]|погляды|yazıda|məqalədə|les\s+(?:tribunes|opinions|propos|points)|las?\s+opini\w+|los\s+artículos|die\s+(?:hier\s+)?(?:geäußerte|meinung|im\s+text)\w*"
    r"|الآراء|المقال|本文|文章|以上)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    # files to take home
    r"^.{1,80}\((?:(?:pdf|docx?|xlsx?|mp3|zip)\W{1,3})?\s?\d{1,4}(?:[.,]\d{1,2})?\s?(?:[KMG]B|[КМ]б|[КМ]Б)\b.{0,20}$"
    # the desk that closes a text with its name
    r"|^\W*(?:additional\s+)?(?:reporting|writing)\s+by\s[^.]{3,80};?\s?(?:additional\s+|writing\s+|editing\s+)?.{0,20}\bediting\s+by\s.{3,80}$"
    r"|^\W*(?:пресс-служба|прэс-служба|press\s+service|mətbuat\s+(?:xidməti|və\s)|pressestelle|servicio\s+de\s+prensa|service\s+de\s+presse)\b[^.!?:,]{0,70}$"
    # the paper that it was printed in
    r"|^\W*[《《]\s?[\u4e00-\u9fff]{2,14}\s?》?\W{0,3}[（(]\s?\d{4}年.{4,24}版\s?[)）]\W*$"
    # the programme that it was broadcast in
    r"|^\W*(?:dieses\s+thema\s+im\s+programm|über\s+dieses\s+thema\s+berichtete)\b.{0,160}$"
    # the picture's author, where it is the author's
    r"|^\W*(?:фот[оа]|foto|photo)\s+(?:аўтара|автора|autora?|müəllifindir|von\s+der\s+autorin|de\s+l[’']auteure?)\W*$"
    # what asks for money
    r"|^.{0,90}\b(?:je\s+fais\s+un\s+don|faites\s+un\s+don|faire\s+un\s+don|donate\s+(?:now|today|here)|jetzt\s+spenden|haz\s+(?:tu|una)\s+donaci[oó]n)\b\W*$"
    r"|^.{0,90}\b(?:подпи(?:шитесь|сывайтесь)\s+на\s+(?:ежемесячн\w+\s+)?(?:поддержк|пожертвован)\w+|(?:поддержите|помогите)\s+(?:нам|нас|нашу|работу|редакцию)\b.{0,40})\W*$"
    # what brings news to one's letter box
    r"|^\W*(?:[订訂][阅閱].{0,12}|.{0,12}(?:送到|发送到|發送到)[您你]的(?:邮箱|郵箱|信箱).{0,8})$"
    # advertisements, by their name
    r"|^\W*(?:anuncio|publicité|pub|reklam|реклама|рэклама|إعلان|广告|廣告)\W*$"
    r"|^\W*(?:copyright|©|\(c\))\W*(?:19|20)\d\d\b.{0,320}$"
    r"|^\W*(?:(?:click|tap)\s+here|cliquez\s+ici|нажмите\s+сюда|hacé\s+clic\s+acá|haga\s+clic\s+aquí|hier\s+klicken|اضغط\s+هنا|点击这里)\W*$",
    re.IGNORECASE,
)
#: how many looked, how many said something
_COUNT = re.compile(
    r"^\W*(?:(?:views?|просмотр\w{0,3}|прагляд\w{0,3}|baxış\w{0,4}|şərh\w{0,3}|комментари\w{1,2}|каментары\w?|vues|lectures?|visitas|aufrufe|المشاهدات|عدد\s+(?:القراء|المشاهدات)|阅读|閱讀|浏览|瀏覽|点击)"
    r"\s?[:：]?\s?\d[\d\s]{0,9}|\d[\d\s.,]{0,9}\s?(?:views|просмотр\w{0,3}|прагляд\w{0,3}|baxış|vues|visitas|aufrufe|مشاهدة|次(?:阅读|浏览)))\W*$",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"(?:\b(?:tel|tél|phone|telephone|téléphone|teléfono|telefon|mob|e-?mail|fax|тел|телефон|тэл|факс)\b|هاتف|电话|電話)\W{0,4}\+?\s?[\d(]|\S@\S{3,}",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?。！？؟]\W{0,2}$")
_CONTACT_HEADING = re.compile(
    r"^\W*(?:(?:press|media)\s+)?(?:contacts?(?:\s+(?:us|presse?|information))?|contact\s+(?:de\s+)?presse|contactos?(?:\s+de\s+prensa)?|(?:presse)?kontakte?|(?:ansprechpartner\w*)"
    r"|контакт\w{0,4}(?:\s+для\s+(?:прессы|сми))?|кантакт\w{0,3}|əlaqə|للتواصل|للاتصال|联系(?:方式|我们)|媒体联系)\W*$",
    re.IGNORECASE,
)


def speaks_for_page(line: str) -> bool:
    """Whether a line, wherever it stands, is the page's own word to its readers and no part of the text."""
    size = len(line)
    if size > _MAX_DISCLAIMER:
        return False
    if size <= _MAX_CALL and _CHANNEL.search(line) and _CALL.search(line) and not _is_reported(line):
        return True
    return (
        _OTHER.match(line) is not None
        or _COUNT.match(line) is not None
        or (_DISCLAIMS.match(line) is not None and _DISCLAIMER.search(line) is not None)
    )


def without_contacts(lines: list[str]) -> list[str]:
    """A text without the contacts that close it: their heading on, else single lines with a number or an address."""
    for number in range(max(1, len(lines) - 5), len(lines)):
        rest = lines[number + 1 :]
        if (
            _CONTACT_HEADING.match(lines[number])
            and rest
            and all(len(line) <= _MAX_CONTACT for line in rest)
            and any(map(_CONTACT.search, rest))
        ):
            return lines[:number]
    while len(lines) > 1 and len(lines[-1]) <= _MAX_CONTACT and _is_contact(lines[-1]):
        lines = lines[:-1]
    return lines


def _is_contact(line: str) -> bool:
    return _CONTACT.search(line) is not None and _SENTENCE.search(line) is None


def _is_reported(line: str) -> bool:
    """Whether somebody else is said to have called: the call stands in quotes after other words, or late in a line of prose."""
    call = _CALL.search(line)
    return call is None or (call.start() > 110 and not line.endswith(("!", "here", "here.")))
