"""Whole pages of our own writing, in nine languages and the layouts that trip extractors, against what a reader would say."""

# ruff: noqa: E501 - pages stand on their lines as they would be sent
from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.article import OutcomeKind, Precision

FILLER = {
    "en": "<p>Delegates spoke for two hours about help for survivors and about tracing the money of traffickers.</p><p>The chair thanked the interpreters, who had stayed late, and closed the meeting shortly before eight.</p>",
    "ru": "<p>Делегаты два часа говорили о помощи пострадавшим и о том, как отследить деньги торговцев людьми.</p><p>Председатель поблагодарила переводчиков и закрыла заседание незадолго до восьми вечера.</p>",
    "be": "<p>Дэлегаты дзве гадзіны гаварылі пра дапамогу пацярпелым і пра тое, як адсачыць грошы гандляроў.</p><p>Старшыня падзякавала перакладчыкам, якія засталіся ўвечары, і закрыла пасяджэнне.</p>",
    "az": "<p>Nümayəndələr iki saat ərzində zərərçəkənlərə yardım və cinayətkarların pullarının izlənməsi barədə danışdılar.</p><p>Sədr tərcüməçilərə təşəkkür etdi və iclası axşam saat səkkizə az qalmış bağladı.</p>",
    "fr": "<p>Les délégués ont parlé pendant deux heures de l'aide aux victimes et de l'argent des trafiquants.</p><p>La présidente a remercié les interprètes et levé la séance peu avant vingt heures.</p>",
    "es": "<p>Los delegados hablaron durante dos horas de la ayuda a las víctimas y del dinero de los tratantes.</p><p>La presidenta agradeció a los intérpretes y levantó la sesión poco antes de las ocho.</p>",
    "ar": "<p>تحدث المندوبون ساعتين عن مساعدة الضحايا وعن تعقب أموال المتاجرين بالبشر في المنطقة.</p><p>وشكرت الرئيسة المترجمين الذين بقوا حتى المساء ثم رفعت الجلسة قبل الثامنة بقليل.</p>",
    "zh": "<p>代表们用两个小时讨论了如何帮助受害者，以及如何追查人口贩子的资金流向，会场座无虚席。</p><p>主席感谢留到很晚的口译员，并在八点前不久宣布散会，下次会议定于周五上午举行。</p>",
    "de": "<p>Die Delegierten sprachen zwei Stunden lang über Hilfe für Betroffene und über das Geld der Händler.</p><p>Die Vorsitzende dankte den Dolmetschern und schloss die Sitzung kurz vor acht Uhr.</p>",
}


def visible_page(lang: str, title: str, date_line: str, lead: str) -> str:
    """A page whose date is printed for people only."""
    return (
        f'<html lang="{lang}"><head><meta charset="utf-8"><title>{title} | Evening Courier</title></head><body>'
        '<div id="menu"><a href="/">Home</a> <a href="/world">World</a></div>'
        f"<div><h1>{title}</h1><span>{date_line}</span><div><p>{lead}</p>{FILLER[lang]}</div></div></body></html>"
    )


VISIBLE: list[tuple[str, str, str, str, str, int | None, tuple[str, ...]]] = [
    ("en", "Panel backs text on trafficking in persons", "11 November 2023 20:45 (UTC+04:00)", "The panel backed the text on Friday, the Courier's sister paper reports, citing BelTA.", "2023-11-11T16:45", 240, ("BelTA",)),
    ("ru", "Комитет одобрил текст о торговле людьми", "11.11.2023, 13:41", "Комитет одобрил текст, сообщает БЕЛТА со ссылкой на пресс-службу МИД.", "2023-11-11T10:41", 180, ("BelTA", "пресс-служба МИД")),
    ("be", "Камітэт ухваліў тэкст супраць гандлю людзьмі", "11 лістапада 2023, 13:41", "Камітэт ухваліў тэкст, паведамляе БелТА. Дакумент падтрымалі ўсе ўдзельнікі.", "2023-11-11T10:41", 180, ("BelTA",)),
    ("az", "Komitə insan alverinə qarşı mətni təsdiqlədi", "Noyabr 11, 2023 14:05", "AZƏRTAC xəbər verir ki, komitə mətni səsverməsiz təsdiqləyib.", "2023-11-11T11:05", 180, ("AZERTAC",)),
    ("fr", "La commission adopte un texte contre la traite", "Publié le 11 novembre 2023 à 18h30", "Le texte a été adopté par consensus, d'après l'AFP, vendredi soir.", "2023-11-11T15:30", 180, ("AFP",)),
    ("es", "La comisión aprueba un texto contra la trata", "11 de noviembre de 2023 · 18:30", "El texto fue aprobado por consenso, según informó EFE, el viernes.", "2023-11-11T15:30", 180, ("EFE",)),
    ("ar", "اللجنة تعتمد نصا ضد الاتجار بالأشخاص", "١١ نوفمبر ٢٠٢٣", "اعتمدت اللجنة النص بتوافق الآراء، نقلا عن رويترز، مساء الجمعة.", "2023-11-10T21:00", 180, ("Reuters",)),
    ("zh", "委员会通过打击人口贩运文本", "2023年11月11日 18:30", "据新华社报道，委员会周五晚间以协商一致方式通过了该文本，各国代表表示欢迎。", "2023-11-11T15:30", 180, ("Xinhua",)),
    ("de", "Ausschuss billigt Text gegen Menschenhandel", "11. November 2023, 18:30 Uhr", "Der Ausschuss billigte den Text, berichtet dpa unter Berufung auf das Außenministerium.", "2023-11-11T15:30", 180, ("dpa", "Außenministerium")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "title", "date_line", "lead", "instant", "offset", "credited"),
    VISIBLE,
    ids=[row[0] for row in VISIBLE],
)
def test_a_date_printed_for_people_gives_the_instant_in_every_language(  # noqa: PLR0917 - one column of the table each
    read: Any,
    lang: str,
    title: str,
    date_line: str,
    lead: str,
    instant: str,
    offset: int | None,
    credited: tuple[str, ...],
) -> None:
    article = read(visible_page(lang, title, date_line, lead), timezone="Europe/Minsk")
    assert article.title == title
    assert article.language == lang
    assert article.published is not None
    assert article.published.at == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert article.published.offset_minutes == offset
    assert article.published.zone_origin == ("page" if "UTC" in date_line else "source")
    assert article.published.origin == "visible"
    assert tuple(credit.name for credit in article.credits) == credited
    assert all(article.text[one.start : one.end] == one.printed for one in article.credits)
    assert date_line not in article.text
    assert article.text.split("\n")[0] == lead
    assert len(article.text.split("\n")) == 3


JSON_LD = """<html lang="en"><head><title>Text adopted - Evening Courier</title>
<link rel="canonical" href="https://www.courier.example/world/text-adopted">
<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"Evening Courier"},
{"@type":"NewsArticle","headline":"Text adopted &amp; praised","datePublished":"2023-11-11T20:45:30+04:00",
"dateModified":"2023-11-11T21:00:00+04:00","inLanguage":"en-GB",
"author":[{"@type":"Person","name":"By Ana Sole"},{"@type":"Person","name":"Jon Roe, Vienna correspondent"}],},]}</script></head>
<body><article><h1>Text adopted &amp; praised</h1>FILL<aside class="related"><h3>Related</h3><ul>
<li><a href="/a">Police seize forty kilos of cocaine in a trafficking case</a></li>
<li><a href="/b">Road traffic restricted on the ring road this weekend</a></li></ul></aside></article></body></html>"""


def test_slightly_broken_json_ld_gives_everything_it_says(read: Any) -> None:
    article = read(JSON_LD.replace("FILL", FILLER["en"]))
    assert article.title == "Text adopted & praised"
    assert article.authors == ("Ana Sole", "Jon Roe")
    assert article.published.at == datetime(2023, 11, 11, 16, 45, 30, tzinfo=UTC)
    assert (article.published.precision, article.published.origin, article.published.zone_origin) == (
        Precision.SECOND,
        "json-ld",
        "page",
    )
    assert article.modified_at == datetime(2023, 11, 11, 17, tzinfo=UTC)
    assert (article.language, article.language_origin) == ("en", "declared")
    assert article.canonical_url == "https://www.courier.example/world/text-adopted"
    assert "cocaine" not in article.text


def test_open_graph_alone_is_enough(read: Any) -> None:
    article = read(
        '<html><head><meta property="og:title" content="Text adopted | Evening Courier"><meta property="og:site_name" content="Evening Courier">'
        '<meta property="article:published_time" content="2023-11-11T16:45:00Z"><meta property="og:locale" content="en_GB">'
        f'<meta name="author" content="Ana Sole and Jon Roe"></head><body><div><p>A lead with enough words to count.</p>{FILLER["en"]}</div></body></html>'
    )
    assert article.title == "Text adopted"
    assert article.authors == ("Ana Sole", "Jon Roe")
    assert (article.published.at, article.published.origin) == (
        datetime(2023, 11, 11, 16, 45, tzinfo=UTC),
        "opengraph",
    )


def test_a_read_also_box_in_the_text_never_reaches_the_rules(read: Any) -> None:
    box = (
        '<p><b>Read also:</b></p><ul><li><a href="/1">Police seize drugs in a trafficking case</a></li>'
        '<li><a href="/2">Assembly adopts resolution on trafficking in cultural property</a></li></ul>'
    )
    page = visible_page(
        "en",
        "Harbour bridge reopens",
        "11 November 2023 20:45",
        "The bridge reopened to walkers on Saturday.",
    )
    article = read(page.replace("<p>The chair", f"{box}<p>The chair"))
    assert "Read also" not in article.text
    assert "seize" not in article.text
    assert "cultural property" not in article.text
    assert article.text.endswith("shortly before eight.")


def test_a_date_line_inside_the_body_gives_the_time_and_leaves_the_text(read: Any) -> None:
    line = "date 2023-11-11 11 November 2023 20:45 (UTC+04:00)"
    article = read(
        f"<html><head><title>Text adopted</title></head><body><div><h2>Text adopted</h2><div><p>{line}</p><p>The text was adopted by consensus on Friday evening.</p>{FILLER['en']}</div></div></body></html>"
    )
    assert article.published.at == datetime(2023, 11, 11, 16, 45, tzinfo=UTC)
    assert (article.published.precision, article.published.offset_minutes) == (Precision.MINUTE, 240)
    assert article.text.startswith("The text was adopted")


def test_paragraphs_made_of_line_breaks_stay_paragraphs(read: Any) -> None:
    article = read(
        '<html lang="en"><head><title>Text adopted</title></head><body><div><h1>Text adopted</h1><p class="info">11.11.2023, 20:45 | Evening Courier</p>'
        "The text was adopted by consensus on Friday evening in the large hall.<br><br>Forty states had joined it as sponsors by the end of the day."
        "<br><br>The ministry welcomed the outcome in a short statement.</div></body></html>"
    )
    assert [line.split()[0] for line in article.text.split("\n")] == ["The", "Forty", "The"]


def test_an_article_below_depth_256_is_read(read: Any) -> None:
    page = visible_page(
        "en",
        "Text adopted in a deep place",
        "11 November 2023 20:45",
        "The text was adopted by consensus on Friday.",
    )
    deep = page.replace("<body>", "<body>" + "<div>" * 400).replace("</body>", "</div>" * 400 + "</body>")
    assert "adopted by consensus" in read(deep).text


def test_nesting_beyond_the_parser_s_limit_is_a_named_outcome(refuse: Any) -> None:
    found = refuse("<html><body>" + "<div>" * 5000 + "<p>Nobody will see this.</p></body></html>")
    assert found.kind is OutcomeKind.TOO_DEEP
    assert "2,000" in found.detail


def test_utf8_under_a_wrong_label_is_read_as_utf8(read: Any) -> None:
    page = visible_page(
        "ru", "Комитет одобрил текст", "11.11.2023, 13:41", "Комитет одобрил текст в пятницу вечером."
    )
    article = read(
        page.replace('charset="utf-8"', 'charset="iso-8859-1"'), content_type="text/html; charset=iso-8859-1"
    )
    assert article.title == "Комитет одобрил текст"


def test_a_windows_1251_page_is_read_by_its_label(read: Any) -> None:
    page = visible_page(
        "ru", "Комитет одобрил текст", "11.11.2023, 13:41", "Комитет одобрил текст в пятницу вечером."
    )
    body = page.replace('charset="utf-8"', 'charset="windows-1251"').encode("cp1251")
    assert read(body).text.startswith("Комитет одобрил")
    assert (
        read(body.replace(b'<meta charset="windows-1251">', b""), languages=("ru",)).title
        == "Комитет одобрил текст"
    )


def test_a_teaser_is_an_article_marked_partial(read: Any) -> None:
    page = (
        '<html lang="en"><head><title>Text adopted</title></head><body><article><h1>Text adopted</h1><p>The text was adopted by consensus on Friday evening, after two hours of talks.</p>'
        '<div class="paywall"><p>Subscribe to continue reading this article.</p></div></article></body></html>'
    )
    article = read(page)
    assert article.partial
    assert article.text.startswith("The text was adopted")


def test_a_flash_of_two_sentences_is_an_article(read: Any) -> None:
    article = read(
        '<html lang="en"><head><title>Text adopted</title></head><body><article><h1>Text adopted</h1>'
        "<p>The committee has adopted the text by consensus. Details will follow.</p></article></body></html>"
    )
    assert not article.partial
    assert article.text == "The committee has adopted the text by consensus. Details will follow."


LINKS = "".join(
    f'<li><a href="/story/{n}">A headline about the event number {n} of the day</a></li>' for n in range(30)
)


@pytest.mark.parametrize(
    ("page", "url", "reason"),
    [
        (f"<html><head><title>Evening Courier</title></head><body><h1>Evening Courier</h1><ul>{LINKS}</ul></body></html>", "https://courier.example/", "front page"),
        (f"<html><head><title>Tag: trafficking</title></head><body><h1>Tag: trafficking</h1><ul>{LINKS}</ul></body></html>", "https://courier.example/tag/trafficking", "list"),
        ("<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1><p>The page you asked for could not be found on this server.</p></body></html>", "https://courier.example/x", "error page"),
        ("<html><head><title>Before you continue</title></head><body><h1>Before you continue</h1><p>We use cookies to improve the site. Accept all cookies or manage your consent choices below.</p></body></html>", "https://courier.example/x", "cookie"),
        ('<html><head><title>Log in</title></head><body><h1>Log in</h1><p>Please log in with your name and password to go on.</p><form><input type="password"></form></body></html>', "https://courier.example/x", "login"),
        ('<html><head><title>Talks, the film</title><meta property="og:type" content="video.other"></head><body><h1>Talks, the film</h1><p>Watch the report of our team in the hall.</p></body></html>', "https://courier.example/video/7", "video"),
    ],
    ids=["front page", "tag page", "error with 200", "cookie wall", "login", "video"],
)  # fmt: skip
def test_what_is_no_article_is_refused_with_the_reason(refuse: Any, page: str, url: str, reason: str) -> None:
    found = refuse(page, url=url)
    assert found.kind is OutcomeKind.NOT_ARTICLE, found
    assert reason in found.detail


@pytest.mark.parametrize(
    "body", ["", "   ", "\x00\x00", "<html></html>", "<html><head><title>Only a title</title></head></html>"]
)
def test_an_empty_page_is_said_to_be_empty(refuse: Any, body: str) -> None:
    assert refuse(body).kind is OutcomeKind.EXTRACTION_EMPTY


def test_a_canonical_address_on_another_site_or_on_the_front_page_is_not_believed(read: Any) -> None:
    page = visible_page(
        "en", "Text adopted", "11 November 2023", "The text was adopted by consensus on Friday."
    )
    for href in (
        "https://elsewhere.example.org/world/1",
        "https://www.courier.example/",
        "javascript:alert(1)",
    ):
        linked = page.replace("<title>", f'<link rel="canonical" href="{href}"><title>')
        assert read(linked).canonical_url == "https://www.courier.example/world/4711"


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ana Sole and Jon Roe", ("Ana Sole", "Jon Roe")),
        ("Von Anna Vogel, Korrespondentin in Wien", ("Anna Vogel",)),
        ("Par Élodie March et Yann Goff", ("Élodie March", "Yann Goff")),
        ("Автор: Ирина Савва", ("Ирина Савва",)),
        ("Ana Sole | 11 November 2023", ("Ana Sole",)),
        ("By Ana Sole January 18, 2024", ("Ana Sole",)),
        ("Evening Courier", ()),
        ("https://www.courier.example/authors/ana", ()),
        ("editor", ()),
        ("Sole, Ana", ("Ana Sole",)),
        ("Reuters", ("Reuters",)),
    ],
)
def test_a_byline_gives_names_and_nothing_else(read: Any, byline: str, names: tuple[str, ...]) -> None:
    page = visible_page(
        "en", "Text adopted", "11 November 2023", "The text was adopted by consensus on Friday."
    )
    assert read(page.replace("<span>", f'<div class="byline">{byline}</div><span>')).authors == names


def test_a_flash_without_a_headline_is_headed_by_its_first_sentence(read: Any) -> None:
    article = read(
        "<html><body><div><p>The committee has adopted the text. Details will follow in the evening.</p></div></body></html>"
    )
    assert article.title == "The committee has adopted the text."


def test_a_saved_page_of_unknown_address_is_no_front_page(read: Any) -> None:
    page = visible_page(
        "en", "Text adopted", "11 November 2023", "The text was adopted by consensus on Friday."
    )
    article = read(page.replace("</body>", f"<ul>{LINKS}</ul></body>"), url="")
    assert (article.title, article.canonical_url) == ("Text adopted", "")
