"""Which pages are articles: small pages in nine languages, as hosts send them under status 200, and what is told of each."""

# ruff: noqa: E501 - pages stand on their lines as they would be sent, in their own letters
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from pipeline.article import OutcomeKind

#: three paragraphs of a report by language
REPORT = {
    "en": ("The committee backed a text against trafficking in persons on Friday without a vote.", "Its sponsors asked states to train border guards and to pay for shelters, and to report back within two years.", "The chair thanked the interpreters, who had stayed late, and closed the meeting before eight."),
    "ru": ("Комитет в пятницу без голосования поддержал текст против торговли людьми.", "Авторы просят государства обучать пограничников, оплачивать приюты и отчитаться через два года.", "Председатель поблагодарила переводчиков и закрыла заседание незадолго до восьми часов."),
    "be": ("Камітэт у пятніцу без галасавання падтрымаў тэкст супраць гандлю людзьмі.", "Аўтары просяць дзяржавы вучыць памежнікаў, аплачваць прытулкі і справаздачыцца праз два гады.", "Старшыня падзякавала перакладчыкам і закрыла пасяджэнне незадоўга да васьмі гадзін."),
    "az": ("Komitə cümə günü insan alverinə qarşı mətni səsvermədən dəstəklədi.", "Müəlliflər dövlətləri sərhədçiləri öyrətməyə, sığınacaqları maliyyələşdirməyə və iki ildən sonra hesabat verməyə çağırır.", "Sədr tərcüməçilərə təşəkkür etdi və iclası saat səkkizə az qalmış bağladı."),
    "fr": ("La commission a soutenu vendredi, sans vote, un texte contre la traite des personnes.", "Ses auteurs demandent aux États de former les gardes-frontières, de financer des foyers et de rendre compte dans deux ans.", "La présidente a remercié les interprètes et levé la séance un peu avant vingt heures."),
    "es": ("La comisión respaldó el viernes, sin votación, un texto contra la trata de personas.", "Sus autores piden a los Estados formar a los guardias fronterizos, pagar refugios e informar en dos años.", "La presidenta agradeció a los intérpretes y levantó la sesión poco antes de las ocho."),
    "ar": ("أيدت اللجنة يوم الجمعة دون تصويت نصا لمكافحة الاتجار بالأشخاص.", "ويطلب مقدمو النص من الدول تدريب حرس الحدود وتمويل الملاجئ وتقديم تقرير بعد عامين.", "وشكرت الرئيسة المترجمين ورفعت الجلسة قبل الثامنة مساء بقليل."),
    "zh": ("委员会周五未经表决支持了一项打击人口贩运的案文。", "提案国要求各国培训边防人员，为庇护所提供资金，并在两年后提交报告。", "主席感谢留到很晚的口译员，并在八点前宣布散会。"),
    "de": ("Der Ausschuss stützte am Freitag ohne Abstimmung einen Text gegen Menschenhandel.", "Die Verfasser bitten die Staaten, Grenzbeamte zu schulen, Unterkünfte zu bezahlen und in zwei Jahren zu berichten.", "Die Vorsitzende dankte den Dolmetschern und schloss die Sitzung kurz vor acht Uhr."),
}  # fmt: skip
HEADLINE = {
    "en": "Committee backs text against trafficking",
    "ru": "Комитет поддержал текст против торговли людьми",
    "be": "Камітэт падтрымаў тэкст супраць гандлю людзьмі",
    "az": "Komitə insan alverinə qarşı mətni dəstəklədi",
    "fr": "La commission soutient un texte contre la traite",
    "es": "La comisión respalda un texto contra la trata",
    "ar": "اللجنة تؤيد نصا ضد الاتجار بالأشخاص",
    "zh": "委员会支持打击人口贩运的案文",
    "de": "Ausschuss stützt Text gegen Menschenhandel",
}
STORY_URL = "https://www.courier.example/world/2023/11/committee-backs-text-4711"
#: what surrounds every page: a head with a login, a foot with cookies and subscriptions
HEAD = '<header><a href="/">Courier</a><nav><a href="/world">World</a> <a href="/sport">Sport</a> <a href="/login">Log in</a></nav></header>'
FOOT = '<footer><p>We use cookies. <a href="/privacy">Privacy policy and cookie settings</a></p><p><a href="/subscribe">Subscribe to our newsletter</a></p></footer>'
ARTICLE_LD = '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"%s","datePublished":"2023-11-11T09:00:00Z"%s}</script>'


@dataclass(frozen=True)
class Case:
    """A page as it would be sent, and what is to be told of it: a word of the reason, or that it is an article."""

    name: str
    html: str
    reason: str | None = None
    partial: bool = False
    url: str = STORY_URL


def page(lang: str, title: str, inner: str, *, head: str = "", framed: bool = True) -> str:
    """A whole page around `inner`."""
    top, bottom = (HEAD, FOOT) if framed else ("", "")
    return f'<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{top}{inner}{bottom}</body></html>'


def story(lang: str, *, paragraphs: int = 3, more: str = "", head: str = "", title: str = "") -> str:
    """A report of so many paragraphs, with what follows it."""
    title = title or HEADLINE[lang]
    text = "".join(f"<p>{one}</p>" for one in REPORT[lang][:paragraphs])
    return page(
        lang, f"{title} | Courier", f"<main><h1>{title}</h1><div>{text}{more}</div></main>", head=head
    )


def said(lang: str, title: str, *lines: str, head: str = "", framed: bool = True) -> str:
    """A page that says a few lines under a heading."""
    inner = f"<main><h1>{title}</h1>{''.join(f'<p>{one}</p>' for one in lines)}</main>"
    return page(lang, title, inner, head=head, framed=framed)


def teasers(lang: str, number: int, *, leads: bool = False) -> str:
    """Cards that lead to other articles."""
    lead = f"<p>{REPORT[lang][1]}</p>" if leads else ""
    cards = "".join(
        f'<div class="card"><h3><a href="/story/{n}">{HEADLINE[lang]}: {n}</a></h3><span>{n}.11.2023</span>{lead}</div>'
        for n in range(1, number + 1)
    )
    return f'<div class="cards">{cards}</div>'


ERRORS = [
    Case("404 in English, with other stories", page("en", "Page not found | Courier", f"<main><h1>Page not found</h1><p>Sorry, we looked everywhere. The address may be wrong, or the story was moved.</p><h2>Popular today</h2>{teasers('en', 6)}</main>"), "error page"),
    Case("404 in Russian, in the heading only", page("ru", "Курьер", "<main><h1>Ошибка 404</h1><p>К сожалению, запрашиваемая страница не найдена. Перейдите на главную страницу.</p></main>"), "error page"),
    Case("404 in Belarusian", said("be", "Старонка не знойдзена", "Магчыма, яна была выдалена або перанесена. Паспрабуйце пошук па сайце."), "error page"),
    Case("404 in Azerbaijani", said("az", "Səhifə tapılmadı", "Axtardığınız səhifə silinib və ya ünvan dəyişib. Ana səhifəyə qayıdın."), "error page"),
    Case("404 in French", said("fr", "Oups, cette page n'existe pas", "La page que vous cherchez a été déplacée ou supprimée. Retournez à l'accueil."), "error page"),
    Case("404 in Spanish", said("es", "Lo sentimos", "La página que buscas no existe o ha cambiado de dirección. Vuelve a la portada."), "error page"),
    Case("404 in Arabic", said("ar", "خطأ 404", "عذرا، الصفحة المطلوبة غير موجودة. يمكنك العودة إلى الصفحة الرئيسية."), "error page"),
    Case("404 in Chinese", said("zh", "抱歉，您访问的页面不存在", "页面可能已被删除或移动，请返回首页。"), "error page"),
    Case("404 in German", said("de", "Diese Seite gibt es leider nicht", "Die gesuchte Seite wurde nicht gefunden. Vielleicht hilft die Suche weiter."), "error page"),
    Case("access denied", said("en", "Access Denied", "You don't have permission to access this page on this server.", "Reference #18.2ab41.1699700000", framed=False), "error page"),
    Case("service unavailable", said("en", "We'll be back soon", "The site is down for maintenance. Please try again in a few minutes.", framed=False), "error page"),
    Case("closed to the region", said("en", "Unavailable", "We recognise you are visiting from a country where this content is not available in your region due to legal reasons.", framed=False), "error page"),
    Case("a server's own error", said("en", "502 Bad Gateway", "nginx", framed=False), "error page"),
]  # fmt: skip
CHECKS = [
    Case("a bot check", said("en", "Just a moment...", "www.courier.example needs to review the security of your connection before proceeding.", "Enable JavaScript and cookies to continue", framed=False), "bot check"),
    Case("an older bot check", said("en", "Checking your browser before accessing courier.example", "This process is automatic. Your browser will redirect to your requested content shortly. Please allow up to 5 seconds.", framed=False), "bot check"),
    Case("a bot check in Russian", said("ru", "Проверка браузера", "Проверка браузера перед переходом на сайт courier.example. Это займёт несколько секунд.", framed=False), "bot check"),
    Case("a captcha in Russian", said("ru", "Подтвердите, что вы не робот", "С вашего адреса поступает много запросов. Введите символы с картинки.", framed=False), "bot check"),
    Case("a captcha in Chinese", said("zh", "安全验证", "请完成安全验证后继续访问。", framed=False), "bot check"),
    Case("a shell that wants scripts", page("en", "Courier", '<noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div><p>You need to enable JavaScript to run this app.</p>', framed=False), "JavaScript"),
    Case("a shell that wants scripts, in German", said("de", "Kurier", "Bitte aktivieren Sie JavaScript in Ihrem Browser, um diese Seite zu nutzen.", framed=False), "JavaScript"),
    Case("a shell that wants scripts, in Russian", said("ru", "Курьер", "Для работы сайта необходимо включить JavaScript в вашем браузере.", framed=False), "JavaScript"),
    Case("a redirect page", page("en", "Redirecting", '<p>If you are not redirected automatically, <a href="/en/4711">click here</a>.</p>', head='<meta http-equiv="refresh" content="0; url=/en/4711">', framed=False), "redirect"),
    Case("a redirect page in Russian", page("ru", "Перенаправление", '<p>Если вы не были перенаправлены автоматически, <a href="/ru/4711">нажмите здесь</a>.</p>', framed=False), "redirect"),
    Case("a redirect page in French", page("fr", "Redirection", '<p>Vous allez être redirigé dans quelques secondes. Sinon, <a href="/fr/4711">cliquez ici</a>.</p>', framed=False), "redirect"),
    Case("a login page in German", page("de", "Anmelden", '<main><h1>Anmelden</h1><p>Melden Sie sich mit E-Mail und Passwort an, um fortzufahren.</p><form><input name="mail"><input type="password"></form></main>'), "login"),
    Case("a login page in Russian", page("ru", "Вход", '<main><h1>Вход в личный кабинет</h1><p>Введите логин и пароль.</p><form><input type="password"></form></main>'), "login"),
    Case("a login page in Arabic", page("ar", "تسجيل الدخول", '<main><h1>تسجيل الدخول</h1><p>أدخل بريدك وكلمة المرور للمتابعة.</p><form><input type="password"></form></main>'), "login"),
    Case("a consent wall", said("en", "Before you continue", "We and our 842 partners store cookies on your device.", "Accept all cookies or manage your consent choices below."), "consent"),
    Case("a consent wall in German", said("de", "Weiter mit Werbung oder Abo", "Besuchen Sie uns wie gewohnt mit Werbung und Cookies. Mit Ihrer Zustimmung verarbeiten wir Cookies.", "Ihre Einwilligung können Sie im Datenschutz-Center widerrufen."), "consent"),
    Case("a consent wall in French", said("fr", "Votre vie privée", "Nous et nos partenaires utilisons des cookies. Continuer sans accepter, ou donner votre consentement à tous les cookies."), "consent"),
]  # fmt: skip
LISTS = [
    Case("a front page", page("en", "Courier: news from the harbour", teasers("en", 20)), "front page", url="https://www.courier.example/"),
    Case("a front page of one language", page("en", "Courier: news from the harbour", teasers("en", 20, leads=True)), "front page", url="https://www.courier.example/en/"),
    Case("a front page in Chinese", page("zh", "信使网", teasers("zh", 24)), "front page", url="https://www.courier.example/index.shtml"),
    Case("a front page with a leading story and few links", page("en", "Courier", f"<main><h2><a href='/story/1'>{HEADLINE['en']}</a></h2>{''.join(f'<p>{one}</p>' for one in REPORT['en'])}</main>", head='<meta property="og:type" content="website">'), "front page", url="https://www.courier.example/"),
    Case("a section in Russian, with leads", page("ru", "Политика | Курьер", f"<h1>Политика</h1>{teasers('ru', 25, leads=True)}"), "list", url="https://www.courier.example/politics/"),
    Case("a tag page in French", page("fr", "ONU | Courrier", f"<h1>ONU</h1>{teasers('fr', 12)}"), "list", url="https://www.courier.example/tag/onu"),
    Case("search results in Spanish", page("es", "Resultados para: trata", f"<h1>Resultados de la búsqueda: trata</h1><p>12 resultados</p>{teasers('es', 12, leads=True)}"), "list", url="https://www.courier.example/buscar?q=trata"),
    Case("an author's page in Azerbaijani", page("az", "Leyla Quliyeva", f"<h1>Leyla Quliyeva</h1><p>Müxbir.</p>{teasers('az', 10)}"), "list", url="https://www.courier.example/author/leyla"),
    Case("a section in Arabic", page("ar", "أخبار العالم", f"<h1>أخبار العالم</h1>{teasers('ar', 20)}<a href='?page=2'>المزيد</a>"), "list", url="https://www.courier.example/world"),
    Case("a section in Belarusian", page("be", "Грамадства", f"<h1>Грамадства</h1>{teasers('be', 18, leads=True)}"), "list", url="https://www.courier.example/hramadstva/"),
    Case("a collection that says so", page("en", "Human rights", f"<h1>Human rights</h1>{teasers('en', 9, leads=True)}", head='<script type="application/ld+json">{"@type":"CollectionPage","name":"Human rights"}</script>'), "list", url="https://www.courier.example/human-rights"),
    Case("a video page", page("en", "Talks in the hall | Courier", "<main><h1>Talks in the hall</h1><p>Watch our team's report from the hall.</p></main>", head='<script type="application/ld+json">{"@type":"VideoObject","name":"Talks in the hall","uploadDate":"2023-11-11"}</script>'), "video"),
    Case("a video page in Russian", page("ru", "Сюжет: заседание комитета", "<main><h1>Заседание комитета</h1><p>Смотрите сюжет нашего корреспондента.</p></main>", head='<meta property="og:type" content="video.other">'), "video", url="https://www.courier.example/video/88"),
    Case("a gallery", page("en", "In pictures: the week | Courier", "<main><h1>In pictures: the week</h1>" + "".join(f'<figure><img src="/{n}.jpg"><figcaption>Photo {n} of 12</figcaption></figure>' for n in range(1, 13)) + "</main>"), "gallery", url="https://www.courier.example/gallery/99"),
    Case("a gallery in German", page("de", "Bilder der Woche", "<main><h1>Bilder der Woche</h1>" + "".join(f'<figure><img src="/{n}.jpg"><figcaption>{n}/9 Foto: dpa</figcaption></figure>' for n in range(1, 10)) + "</main>", head='<script type="application/ld+json">{"@type":"ImageGallery","name":"Bilder der Woche"}</script>'), "gallery", url="https://www.courier.example/bilder/12"),
]  # fmt: skip
FLASHES = [Case(f"a flash of one sentence, {lang}", story(lang, paragraphs=1)) for lang in REPORT]
RECORDED = "".join(f"<p>The representative of delegation number {n} said that her country had joined the consensus and would train {n} judges.</p>" for n in range(1, 15))  # fmt: skip
OPERATIVE = "".join(f"<li><p>{n}. <em>Urges</em> Member States to ratify the Protocol and to protect victim group {n};</p></li>" for n in range(1, 12))  # fmt: skip
UPDATES = "".join(f'<div class="update"><time datetime="2023-11-11T{n:02}:05:00Z">{n:02}:05</time><p>Update {n}: {REPORT["en"][n % 3]}</p></div>' for n in range(8, 20))  # fmt: skip
ARTICLES = [
    *FLASHES,
    Case("a live blog", page("en", "Live: the committee votes | Courier", f"<main><h1>Live: the committee votes</h1>{UPDATES}</main>", head='<script type="application/ld+json">{"@type":"LiveBlogPosting","headline":"Live: the committee votes","datePublished":"2023-11-11T08:00:00Z"}</script>'), url="https://www.courier.example/live/12"),
    Case("a live blog that declares nothing", page("en", "Live: the committee votes", f"<main><h1>Live: the committee votes</h1>{UPDATES}</main>")),
    Case("a meeting record", page("en", "Third Committee approves drafts | Meetings Coverage", f'<div><h1>Third Committee Approves Six Drafts</h1><div class="field">GA/SHC/9999</div>{RECORDED}</div>'), url="https://press.un.example/en/2023/gashc9999.doc.htm"),
    Case("a resolution", page("en", "A/RES/99/211 - E - Undocs", f"<div><h1>99/211. Improving the coordination of efforts against trafficking in persons</h1><p><em>The General Assembly</em>,</p><p><em>Recalling</em> all its earlier resolutions on this matter,</p><ol>{OPERATIVE}</ol></div>"), url="https://docs.un.example/A/RES/99/211"),
    Case("a document with its abstract", page("en", "Report on trafficking routes", '<main><h1>Report on trafficking routes</h1><p>This report describes routes used by traffickers in the region and what states have done to close them since 2019.</p><object data="/r.pdf" type="application/pdf"><p><a href="/r.pdf">Download the document (PDF, 2 MB)</a></p></object></main>'), url="https://www.osce.example/documents/4711"),
    Case("an article about cookies", page("en", "Court rules on cookies without consent | Courier", "<main><h1>Court rules on cookies without consent</h1><p>The court said on Friday that cookies may not be set without consent, even when a banner mentions them.</p><p>The newspaper that had sued a data broker over cookies welcomed the ruling and asked the regulator to act before the summer recess.</p></main>", head=ARTICLE_LD % ("Court rules on cookies without consent", ""))),
    Case("an article about cookies that declares nothing", page("en", "Court rules on cookies without consent", "<main><h1>Court rules on cookies without consent</h1><p>The court said on Friday that cookies may not be set without consent, even when a banner mentions them.</p><p>The newspaper that had sued a data broker over cookies welcomed the ruling and asked the regulator to act before the summer recess.</p></main>")),
    Case("404 people in the headline", said("en", "404 migrants rescued off the coast", "Coast guards brought 404 people ashore on Friday night, most of them from two boats.")),
    Case("access denied in the headline", said("en", "Access denied: aid convoy turned back at the border", "Soldiers turned back a convoy of twelve lorries at the crossing on Friday, the aid group said.")),
    Case("not found in the headline", said("en", "Missing girl not found after third day of search", "Volunteers will go on searching the forest on Saturday, the police said.")),
    Case("forbidden in the headline", said("en", "Forbidden love, forced marriage: a survivor speaks", "She was fourteen when her uncle sold her. Now she tells her story to lawmakers.")),
    Case("robots in a Russian headline", said("ru", "Робот проверил паспорта на границе", "Система впервые проверила документы без участия пограничника, сообщили в ведомстве.")),
    Case("a password leak", page("de", "Passwörter von Tausenden im Netz", '<main><h1>Passwörter von Tausenden im Netz</h1><p>Nach einem Angriff auf ein Ministerium stehen die Passwörter von 4000 Beamten im Netz, wie die Behörde am Freitag mitteilte.</p></main><form><input type="password"></form>')),
    Case("a short report with a film", page("en", "Talks in the hall | Courier", f"<main><h1>Talks in the hall</h1>{''.join(f'<p>{one}</p>' for one in REPORT['en'])}</main>", head='<script type="application/ld+json">{"@type":"VideoObject","name":"Talks in the hall"}</script><meta property="og:type" content="video.other">')),
    Case("a flash among many links", page("en", "Harbour closed | Courier", f"<main><article><h1>Harbour closed</h1><p>The harbour was closed on Friday after a ship ran aground, the port authority said. No one was hurt.</p></article></main><aside><h2>More</h2>{teasers('en', 8)}</aside>")),
    Case("a flash among many links that says it is one", page("en", "Harbour closed | Courier", f"<main><article><h1>Harbour closed</h1><p>The harbour was closed on Friday.</p></article></main><div>{teasers('en', 30)}</div>", head=ARTICLE_LD % ("Harbour closed", ""))),
    Case("an article under a topic's path", story("en"), url="https://www.courier.example/topics/trafficking/committee-backs-text"),
    Case("an article addressed by number", page("en", "Committee backs text", f"<main><h1>Committee backs text</h1>{''.join(f'<p>{one}</p>' for one in REPORT['en'])}{teasers('en', 10)}</main>"), url="https://www.courier.example/?p=4711"),
    Case("a Russian article addressed by number under index.php", story("ru", more=teasers("ru", 6)), url="https://www.courier.example/index.php?id=4711"),
    Case("a list of sponsors", page("en", "Sponsors of the draft", "<main><h1>Sponsors of the draft</h1><p>The following states sponsor the draft resolution on trafficking in persons:</p><ul>" + "".join(f"<li>State number {n}</li>" for n in range(1, 40)) + "</ul></main>")),
    Case("a round-up with links", page("en", "Five things to know on Friday", "<main><h1>Five things to know on Friday</h1>" + "".join(f'<p>{n}. <a href="/s/{n}">{HEADLINE["en"]}</a>. {REPORT["en"][1]}</p>' for n in range(1, 6)) + "</main>")),
    Case("an article that quotes an error", story("en", more="<p>Whoever opened the ministry's site on Friday read only: page not found.</p>")),
    Case("an article that asks for scripts in passing", story("fr", more="<noscript>Veuillez activer JavaScript.</noscript><p>Veuillez activer JavaScript pour voir cette vidéo.</p>")),
    Case("an article in pictures", page("es", "La comisión en imágenes", "<main><h1>La comisión en imágenes</h1>" + "".join(f'<figure><img src="/{n}.jpg"><figcaption>{one}</figcaption></figure><p>{one}</p>' for n, one in enumerate(REPORT["es"])) + "</main>"), url="https://www.courier.example/galeria/comision"),
    Case("a report on a closed site", said("en", "Website of ministry unavailable after attack", "The site of the ministry was down for maintenance on Friday after an attack, officials said.", "It is expected to return on Monday.")),
    Case("a report on a captcha", said("zh", "网站推出新的安全验证", "该公司周五宣布推出新的安全验证方式，以防止机器人批量注册账户，用户对此表示欢迎。")),
    Case("an offer of a newsletter below an article", story("es", more="<p>Suscríbete a nuestro boletín.</p>")),
    Case("a whole article for subscribers", page("en", "Committee backs text", f"<main><h1>Committee backs text</h1>{''.join(f'<p>{n}. {one}</p>' for n in range(9) for one in REPORT['en'])}</main>", head=ARTICLE_LD % ("Committee backs text", ',"isAccessibleForFree":false'))),
    Case("free articles left, text in full", story("en", more='<p class="meter">You have 2 free articles left this month.</p>' + "".join(f"<p>{one} Again, number {n}.</p>" for n in range(8) for one in REPORT["en"]))),
]  # fmt: skip
WALLS = {
    "en": "Subscribe to continue reading. Already a subscriber? Log in.",
    "ru": "Продолжение доступно только подписчикам.",
    "be": "Працяг даступны толькі падпісчыкам.",
    "az": "Məqalənin davamını oxumaq üçün abunə olun.",
    "fr": "Il vous reste 80 % de cet article à lire. La suite est réservée aux abonnés.",
    "es": "Este contenido es exclusivo para suscriptores.",
    "ar": "لقراءة المقال كاملا اشترك الآن.",
    "zh": "登录后阅读全文，本文仅供订阅用户阅读。",
    "de": "Weiterlesen mit Kurier Plus. Sie sind bereits Abonnent?",
}
TEASERS = [
    *(Case(f"a teaser before a wall, {lang}", story(lang, paragraphs=1, more=f'<div class="offer"><p>{wall}</p></div>'), partial=True) for lang, wall in WALLS.items()),
    Case("a teaser that JSON-LD tells", story("en", paragraphs=1, head=ARTICLE_LD % (HEADLINE["en"], ',"isAccessibleForFree":"False"')), partial=True),
    Case("a teaser whose closed part JSON-LD tells", story("de", paragraphs=2, head=ARTICLE_LD % (HEADLINE["de"], ',"isAccessibleForFree":false,"hasPart":{"@type":"WebPageElement","isAccessibleForFree":false,"cssSelector":".paid"}')), partial=True),
    Case("a teaser that a tag tells", story("en", paragraphs=1, head='<meta property="article:content_tier" content="locked">'), partial=True),
    Case("an excerpt that leads elsewhere", story("en", paragraphs=1, more='<p><a href="https://daily.example/4711">Read the full article</a></p>'), partial=True),
    Case("an excerpt in Russian that leads elsewhere", story("ru", paragraphs=1, more='<p><a href="https://daily.example/4711">Читать полностью</a></p>'), partial=True),
    Case("the last free article is over", story("en", paragraphs=1, more='<div class="meter-wall"><p>You have reached your limit of free articles this month.</p></div>'), partial=True),
]  # fmt: skip

MORE_SHELLS = [
    Case("nothing found in a blog", said("en", "Nothing here", "It looks like nothing was found at this location. Maybe try a search?"), "error page"),
    Case("a gone story", said("en", "410 Gone", "The story you requested has been removed at the request of the publisher."), "error page"),
    Case("a broken application", said("en", "Whoops, looks like something went wrong.", framed=False), "error page"),
    Case("a firewall's refusal", said("en", "Request unsuccessful", "Request unsuccessful. Incident ID: 877000120-4711. Please contact the owner of the site.", framed=False), "error page"),
    Case("a missing page in French, with its number", said("fr", "Erreur 404", "La page demandée est introuvable."), "error page"),
    Case("a missing page in Spanish", said("es", "Página no encontrada | Diario", "No hemos encontrado lo que buscabas. Prueba con el buscador."), "error page"),
    Case("a missing page in German", said("de", "Hoppla!", "Die von Ihnen aufgerufene Seite konnte leider nicht gefunden werden."), "error page"),
    Case("a missing page in Arabic", said("ar", "عفوا", "عفوا، الصفحة التي تبحث عنها غير متوفرة حاليا. يرجى العودة إلى الرئيسية."), "error page"),
    Case("a missing page in Chinese", said("zh", "404", "您访问的页面已经不存在！5秒后返回首页。"), "error page"),
    Case("a missing page in Russian", said("ru", "Такой страницы нет", "Возможно, вы ошиблись адресом, или материал был удалён."), "error page"),
    Case("a missing page in Azerbaijani", said("az", "404", "Təəssüf ki, axtardığınız səhifə mövcud deyil."), "error page"),
    Case("technical works in Russian", said("ru", "Технические работы", "На сайте ведутся технические работы. Приносим извинения, зайдите позже."), "error page"),
    Case("a check for humans", said("en", "www.courier.example", "Verifying you are human. This may take a few seconds.", framed=False), "bot check"),
    Case("an interruption", said("en", "Pardon Our Interruption", "As you were browsing something about your browser made us think you were a bot.", framed=False), "bot check"),
    Case("a check in French", said("fr", "Vérification", "Veuillez confirmer que vous n'êtes pas un robot.", framed=False), "bot check"),
    Case("a check in Spanish", said("es", "Un momento", "Estamos comprobando que no eres un robot. Espera, por favor.", framed=False), "bot check"),
    Case("a check in German", said("de", "Sicherheitsprüfung", "Bitte bestätigen Sie, dass Sie ein Mensch sind.", framed=False), "bot check"),
    Case("a site that needs scripts", said("fr", "Courrier", "Ce site nécessite JavaScript. Veuillez l'activer dans votre navigateur.", framed=False), "JavaScript"),
    Case("a redirect in German", said("de", "Weiterleitung", "Sie werden in Kürze weitergeleitet.", framed=False), "redirect"),
    Case("a redirect in Chinese", said("zh", "提示", "正在跳转，请稍候……如果没有自动跳转，请点击这里。", framed=False), "redirect"),
    Case("a login page in Spanish", page("es", "Iniciar sesión | Diario", "<main><h1>Iniciar sesión</h1><p>Introduce tu correo y tu contraseña.</p><form><input type='password'></form></main>"), "login"),
    Case("a login page in Chinese", page("zh", "用户登录", "<main><h1>用户登录</h1><p>请输入手机号和密码。</p><form><input type='password'></form></main>"), "login"),
    Case("a consent wall in Spanish", said("es", "Tu privacidad", "Nosotros y nuestros socios usamos cookies. Puedes aceptar todas las cookies o gestionar tu consentimiento."), "consent"),
    Case("a consent wall in Russian", said("ru", "Файлы cookie", "Мы используем файлы cookie. Нажимая «Принять», вы соглашаетесь на обработку персональных данных."), "consent"),
    Case("an archive of days", page("en", "Archive: 11 November 2023", "<h1>Archive</h1><ul>" + "".join(f'<li>{n}:00 <a href="/s/{n}">{HEADLINE["en"]}: part {n}</a></li>' for n in range(8, 22)) + "</ul>"), "list", url="https://www.courier.example/archive/2023/11/11/"),
    Case("a section of linked cards", page("de", "Politik", "<h1>Politik</h1><div class='grid'>" + "".join(f'<a class="card" href="/p/{n}"><h3>{HEADLINE["de"]} {n}</h3><p>{REPORT["de"][n % 3]}</p></a>' for n in range(12)) + "</div>"), "list", url="https://www.courier.example/politik/"),
    Case("a section in Chinese", page("zh", "国际新闻", "<h1>国际新闻</h1><ul>" + "".join(f'<li><a href="/n/{n}">{HEADLINE["zh"]}（{n}）</a><em>11-{n}</em></li>' for n in range(1, 21)) + "</ul>"), "list", url="https://www.courier.example/world/"),
]  # fmt: skip
MORE_ARTICLES = [
    Case("service unavailable in the headline", said("en", "Service unavailable: hotline for victims fails for third day", "The hotline did not answer on Friday, an aid group said. You could hear only a tone, its head told reporters.")),
    Case("a page of history", said("ru", "Страница истории: как отменяли рабство", "В архиве открылась выставка о последних законах о рабстве, сообщили организаторы.")),
    Case("an archive that was not found", said("ru", "Пропавшая страница летописи не найдена", "Поиски страницы рукописи продолжаются, сообщил в пятницу директор архива.")),
    Case("captcha farms", said("en", "Captcha farms exploit trafficked workers", "Workers held in a compound solve puzzles twelve hours a day, a report says.")),
    Case("cookies for readers", said("en", "What the cookie ruling means for you", "You will see fewer banners from March. Sites may no longer ask again when you have said no to cookies once, the court ruled on Friday.", "Fines can reach four per cent of turnover.")),
    Case("advice to readers", said("en", "What to do if you suspect trafficking", "Call the hotline. Please do not confront anyone. Your call stays confidential, police say.")),
    Case("a login scandal", said("es", "Roban contraseñas de un ministerio", "Un grupo publicó las contraseñas de 300 funcionarios, según informó la policía.")),
    Case("a new consent law", said("de", "Bundestag beschließt neues Gesetz zur Einwilligung", "Nur Ja heißt Ja: Der Bundestag hat am Freitag ein Gesetz zur Einwilligung beschlossen.")),
    Case("denied entry", said("fr", "Accès refusé aux observateurs", "Les observateurs n'ont pas pu entrer dans le camp vendredi, a indiqué la mission.")),
    Case("diverted flights", said("de", "Flüge nach Wien weitergeleitet", "Wegen Nebels wurden am Freitag zwölf Flüge nach Wien weitergeleitet, teilte der Flughafen mit.")),
    Case("redirected aid", said("en", "Aid redirected to shelters for victims", "The ministry said on Friday that unspent aid had been redirected to six shelters.")),
    Case("a flash in capitals", said("en", "UN ASSEMBLY ADOPTS TRAFFICKING TEXT", "The text was adopted by consensus.")),
    Case("a statement without a date", said("be", "Заява дэлегацыі", "Дэлегацыя вітае прыняцце рэзалюцыі і дзякуе ўсім суаўтарам за падтрымку.")),
    Case("a page of minutes in table rows", page("fr", "Procès-verbal", "<main><h1>Procès-verbal de la séance</h1><table>" + "".join(f"<tr><td>{n} h</td><td>{REPORT['fr'][n % 3]}</td></tr>" for n in range(1, 10)) + "</table></main>")),
    Case("an address of 451 in the headline", said("en", "451 people charged in raids across Europe", "Police in six countries charged 451 people with trafficking, Europol said.")),
]  # fmt: skip


@pytest.mark.parametrize("case", [*ERRORS, *CHECKS, *LISTS, *MORE_SHELLS], ids=lambda case: case.name)
def test_what_is_no_article_is_refused_with_its_reason(refuse: Any, case: Case) -> None:
    found = refuse(case.html, url=case.url)
    assert found.kind is OutcomeKind.NOT_ARTICLE, found
    assert case.reason is not None
    assert case.reason in found.detail


@pytest.mark.parametrize("case", [*ARTICLES, *MORE_ARTICLES, *TEASERS], ids=lambda case: case.name)
def test_an_article_is_kept_and_a_teaser_marked(read: Any, case: Case) -> None:
    article = read(case.html, url=case.url)
    assert article.partial is case.partial
    assert article.text
