"""Pages that stand in for the one asked for, sent under status 200: errors, bot checks, redirects, logins, consent walls.

News is made of the same words ("Access denied: aid convoy turned back", "404 migrants rescued"): a page is only taken for one of
these when the words are nearly all of its heading, or when its few lines speak to the reader rather than of the world.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.extract.sites import plain

#: longer texts stand in for nothing
MAX_CHARS = 400
MAX_CONSENT_CHARS = 1_500
#: share of a heading's letters that a phrase must be, and of the text's lines that must say it or speak to the reader
_HEADING_SHARE, _TEXT_SHARE = 0.6, 0.5
_PAGE = r"(?:page|address|url|document|link|content|article|story)"
_ERROR = re.compile(
    r"(?:(?:error|http|status|ошибка|памылка|хата|fehler|erreur|xəta|خطأ|错误|錯誤)\W{0,3}){0,2}\b(?:40[0-5]|410"
    r"|451|429|50[0-4]|52\d)\b(?:\s*[-:|.!]?\s*(?:error|not\s+found|forbidden|ошибка))?"
    rf"|\b{_PAGE}\b.{{0,60}}?\b(?:not\s+(?:be\s+)?found|(?:does\s+not|doesn['’]t|no\s+longer)\s+exists?"
    rf"|no\s+longer\s+(?:available|here)|(?:was|been)\s+(?:moved|removed|deleted))"
    r"|^\W*(?:not\s+found|forbidden|unavailable)\W*$|nothing\s+(?:here|(?:was\s+)?found)\b"
    r"|request\s+unsuccessful|\bincident\s+id\b|access\s+(?:denied"
    r"|to\s+this\s+page\s+has\s+been\s+denied)|permission\s+to\s+access"
    r"|(?:bad\s+gateway|gateway\s+time-?out|internal\s+server\s+error|service\s+(?:temporarily\s+)?unavailable)"
    r"|(?:down\s+for|under(?:going)?|scheduled)\s+maintenance|not\s+available\s+in\s+your\s+(?:region|country"
    r"|location)|(?:something\s+went|has\s+gone)\s+wrong"
    r"|страниц\w*(?:,?\s+(?:котор\w+|вы|ищете|искали|запросили|по|этому|данному|такому|указанному|адресу|больше"
    r"|уже|сайта)){0,6}\s+(?:не\s+(?:найден|существует|доступн)\w*|удал[её]н\w*)"
    r"|так(?:ой|ая)\s+страниц[аы]\s+(?:нет|не\s+\w+)|доступ\s+(?:запрещ[её]н"
    r"|ограничен)|технически\w+\s+работ\w*"
    r"|старонк\w*.{0,40}?(?:не\s+(?:знойдзен|існуе|даступн)\w*|выдален\w*)|доступ\s+забаронен\w*"
    r"|səhifə\w*.{0,40}?(?:tapılma\w*|mövcud\s+deyil|silinib)|giriş\s+qadağandır|texniki\s+işlər"
    r"|page.{0,50}?(?:n['’]existe\s+(?:pas|plus)|introuvable|n['’]a\s+pas\s+été\s+trouvée|n['’]est\s+(?:pas"
    r"|plus)\s+disponible|déplacée|supprimée)|accès\s+(?:refusé|interdit)"
    r"|página.{0,50}?(?:no\s+(?:existe|encontrada|se\s+(?:encuentra|ha\s+encontrado|encontró)"
    r"|está\s+disponible)|eliminada)|acceso\s+denegado"
    r"|seite.{0,50}?(?:nicht\s+(?:gefunden|vorhanden|verfügbar|mehr)|existiert\s+nicht"
    r"|gibt\s+es\s+(?:leider\s+)?nicht(?:\s+mehr)?)|zugriff\s+verweigert|wartungsarbeiten"
    r"|الصفحة.{0,40}?(?:غير\s+(?:موجودة|متاحة|متوفرة)|لم\s+يتم\s+العثور)|لم\s+يتم\s+العثور\s+على\s+الصفحة"
    r"|(?:قيد|تحت)\s+الصيانة|أعمال\s+(?:ال)?صيانة|en\s+(?:cours\s+de\s+)?maintenance|en\s+mantenimiento|тэхнічны\w+\s+работ\w*|(?:系统|系統|网站|網站)(?:正在)?(?:维护|維護)|(?:页面|頁面|网页|網頁|内容|文章|稿件|新闻|新聞).{0,8}?(?:不存在|找不到|已被?删除|已被?刪除|无法访问|無法訪問)|找不到.{0,8}?(?:页面|頁面)|访问被拒绝",
    re.IGNORECASE,
)
_CHECK = re.compile(
    r"^\W*just\s+a\s+moment\W*$|checking\s+(?:if\s+the\s+site|your\s+browser).{0,60}|(?:verify|verifying"
    r"|confirm|prove).{0,20}\b(?:human|not\s+a\s+(?:ro)?bot)"
    r"|are\s+you\s+a\s+(?:human|robot)|review\s+the\s+security\s+of\s+your\s+connection"
    r"|javascript\s+and\s+cookies\s+to\s+continue|unusual\s+(?:traffic|activity)|pardon\s+our\s+interruption"
    r"|attention\s+required|security\s+(?:check|verification)|ddos\W?(?:guard|protection)|\bcaptcha\b"
    r"|проверк\w+\s+(?:вашего\s+)?браузера|(?:подтвердите,?\s+что\s+)?вы\s+не\s+робот|вы\s+не\s+робат|праверк\w+\s+браўзера"
    r"|robot\s+olmadığınız\w*|que\s+vous\s+(?:êtes\s+(?:un\s+)?humain|n['’]êtes\s+pas\s+un\s+robot)|(?:eres"
    r"|es)\s+humano|no\s+(?:eres|es)\s+un\s+robot"
    r"|(?:kein|dass\s+sie\s+(?:kein|ein))\s+(?:roboter|mensch)\b|sicherheits(?:über)?prüfung|لست\s+(?:روبوت"
    r"|برنامج)\S*|التحقق\s+من\s+أنك"
    r"|(?:完成)?安全验证|人机验证|安全驗證|不是机器人|不是機器人|输入验证码",
    re.IGNORECASE,
)
_SCRIPTS = re.compile(
    r"(?:enable|turn\s+on|activate)\s+javascript|javascript\s+(?:is\s+)?(?:required|disabled|turned\s+off"
    r"|must\s+be)|(?:requires?|needs?|nécessite|benötigt|requiere|necesita|требуется|патрэбны|需要)\s*javascript|without\s+javascript"
    r"|включ\w+\s+(?:поддержку\s+)?javascript|уключ\w+\s+javascript|javascript\s+(?:aktivieren|отключ[её]н"
    r"|выключен|aktiv\w*)|aktivieren\s+sie\s+(?:bitte\s+)?javascript"
    r"|activer\s+(?:le\s+)?javascript|(?:activ[ae]r?|habilit[ae]r?)\s+(?:el\s+)?javascript|(?:启用|开启|啟用)\s*javascript|(?:تفعيل|تمكين)\s+(?:javascript|جافا)",
    re.IGNORECASE,
)
_REDIRECT = re.compile(
    r"(?:being|be|not|are)\s+redirected|^\W*redirect(?:ing|ion)?\W*$|перенаправл\w*|переадресац\w*"
    r"|перанакіраван\w*|redirig[ée]\w*|redirección|weitergeleitet|weiterleitung"
    r"|(?:自动|正在|即将)(?:跳转|跳轉)|إعادة\s+توجيه\S*|yönləndiril\w*",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"\b(?:(?:log|sign)[\s-]?(?:in|on)(?:\s+to\s+(?:your\s+account|continue|read))?|password|войти"
    r"|(?:войдите|авторизуйтесь|зарегистрируйтесь|увайдзіце)(?:,?\s+(?:чтобы|каб)\s+(?:продолжить|читать|працягнуць|чытаць))?"
    r"|connectez-vous(?:\s+pour\s+(?:continuer|lire))?|inici[ae]\s+sesión(?:\s+para\s+(?:continuar|leer))?|melden\s+sie\s+sich\s+(?:bitte\s+)?an"
    r"|вход(?:\s+в\s+личный\s+кабинет|\s+на\s+сайт)?|логин|пароль|уваход|увайсці|anmelden|anmeldung|einloggen"
    r"|passwort|se\s+connecter|connexion|mot\s+de\s+passe"
    r"|iniciar?\s+sesión|contraseña|daxil\s+ol\w*|şifrə)\b|تسجيل\s+الدخول|كلمة\s+(?:المرور|السر)|登录|登入|密码|密碼",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"\bcookies?\b|consent\b|privacy\s+(?:settings|choices|policy|preferences)|before\s+you\s+continue"
    r"|файл\w*\s+cookie|персональн\w+\s+данн\w+|datenschutz|einwilligung|zustimm\w*"
    r"|consentement|vie\s+privée|consentimiento|privacidad|kukilər|ملفات\s+(?:تعريف\s+الارتباط|الارتباط)|隐私",
    re.IGNORECASE,
)
#: what a consent wall offers; an article about cookies offers nothing
_OFFER = re.compile(
    r"\b(?:accept|agree|reject|manage|allow)\b|\b(?:we|our|your)\b|прин(?:ять|имаю)|соглас\w*|мы\s+использ"
    r"|мы\s+выкарыст|akzeptier\w*|einverstanden|\b(?:wir|ihre[rn]?)\b|widerruf\w*"
    r"|accept(?:er|ez|ar)|refuser|\b(?:nous|vos|votre|nuestros?|tus?)\b|qəbul|istifadə\s+edirik|نستخدم|قبول|موافق|我们|接受|同意",
    re.IGNORECASE,
)
#: words that speak to whoever looks at the page
_ADDRESS = re.compile(
    r"\b(?:you|your|please|sorry|whoops|(?:it\s+)?looks\s+like|it\s+seems|we|we['’]ll|our|click\s+here|try\s+again|oops)\b|\b(?:вы|вас|вам|ваш\w*"
    r"|пожалуйста|к\s+сожалению|попробуйте|перейдите|вернитесь|введите|нажмите|извините|приносим\s+извинения|возможно|необходимо|подтвердите)\b"
    r"|\b(?:калі\s+ласка|на\s+жаль|паспрабуйце|вярніцеся|увядзіце|націсніце|магчыма|прабачце)\b|\b(?:siz\w*"
    r"|zəhmət|üzr|təəssüf|axtardığınız|qayıdın|edin|basın)\b"
    r"|\b(?:vous|votre|vos|veuillez|désolés?|oups)\b|\b(?:usted|tu|su|buscas?|lo\s+sentimos|por\s+favor"
    r"|vuelv[ae]|haz\s+clic|introduzca|introduce)\b"
    r"|\b(?:bitte|leider|ihre?[mnrs]?|gesuchte)\b|(?:عذرا|يمكنك|يرجى|الرجاء|أدخل|انقر|نأسف|بريدك)|[您请請]|抱歉|对不起|對不起|点击|點擊",
    re.IGNORECASE,
)
_REFRESH = re.compile(r"^\s*(\d{1,2})\s*;\s*url\s*=\s*\S", re.IGNORECASE)
_MAX_REFRESH_S, _MAX_REDIRECT_CHARS = 10, 200
_ONE_CONSENT_IN = 250


_STAND_INS = (
    ("a bot check", _CHECK),
    ("a page that wants JavaScript", _SCRIPTS),
    ("a redirect", _REDIRECT),
    ("an error page", _ERROR),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows: headings (its title among them), its text, and what it asks of the browser.

    Attributes:
        headings: the title first.
        text: as extracted; may be empty.
        password_field: it has a field for a password.
        refreshes: contents of its ``<meta http-equiv="refresh">``.
        claimed: it calls itself an article, in a way that many pages do: then only its heading is believed.
    """

    headings: list[str]
    text: str
    password_field: bool
    refreshes: list[str]
    claimed: bool = False


def stands_in(shown: Shown) -> str | None:
    """What a page is instead of an article, in words; None when it is no stand-in."""
    if len(shown.text) <= MAX_CHARS:
        for name, phrase in _STAND_INS:
            if said := _said(phrase, shown):
                return f"{name}: {said}"
        if shown.password_field and _said(_LOGIN, shown):
            return "a login page"
        if (
            len(shown.text) <= _MAX_REDIRECT_CHARS
            and not shown.claimed
            and any(map(_leads_on, shown.refreshes))
        ):
            return "a redirect: the page leads on by itself"
    return "a cookie or consent wall" if _is_consent(shown) else None


def _said(phrase: re.Pattern[str], shown: Shown) -> str:
    """The words by which the page says so: nearly all of a heading, or in lines that speak to the reader; else empty."""
    for heading in shown.headings:
        if said := _fills(phrase, heading):
            return said
    found = phrase.search(shown.text)
    if found is None or shown.claimed:
        return ""
    lines = shown.text.split("\n")
    spoken = sum(len(line) for line in lines if phrase.search(line) or _ADDRESS.search(line))
    addressed = any(_ADDRESS.search(line) for line in lines)
    return found[0].strip() if addressed and spoken >= _TEXT_SHARE * len(shown.text) else ""


def _fills(phrase: re.Pattern[str], heading: str) -> str:
    found = list(phrase.finditer(heading))
    said = " ".join(one[0].strip() for one in found)
    # words of regret and the like are no news either
    rest = _ADDRESS.sub(" ", phrase.sub(" ", heading))
    return said if found and len(plain(said)) >= _HEADING_SHARE * len(plain(said) + plain(rest)) else ""


def _is_consent(shown: Shown) -> bool:
    if len(shown.text) > MAX_CONSENT_CHARS or (
        shown.claimed and not _CONSENT.search("".join(shown.headings[:1]))
    ):
        return False
    whole = "\n".join([*shown.headings[:1], shown.text])
    mentions = len(_CONSENT.findall(whole))
    return (
        mentions >= 2
        and mentions * _ONE_CONSENT_IN >= len(shown.text)
        and len(_OFFER.findall(shown.text)) >= 2
    )


def _leads_on(refresh: str) -> bool:
    found = _REFRESH.match(refresh)
    return found is not None and int(found[1]) <= _MAX_REFRESH_S


def headings_of(title: str, others: Iterable[str]) -> list[str]:
    """Each heading once, the title first."""
    return list(dict.fromkeys(one for one in (title, *others) if one))[:6]
