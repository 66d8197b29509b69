"""Dates as people print them: every line reads as a reader of that language would read it."""

# ruff: noqa: E501 - lines stand as pages print them
from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from babel.dates import format_date, format_time, get_datetime_format
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import Article, Precision
from pipeline.extract.ago import find_relative
from pipeline.extract.labels import Said, labelled_parts
from pipeline.extract.months import month_number
from pipeline.extract.printed import find_moments

FETCHED_AT = datetime(2023, 11, 11, 18, tzinfo=UTC)
TEXTS = {
    "en": "The text was adopted by consensus on Friday evening in the large hall. Forty states had joined it by then.",
    "ru": "Текст был принят консенсусом в большом зале. К тому времени к нему присоединились сорок государств.",
    "be": "Тэкст быў прыняты кансэнсусам у вялікай зале. Да таго часу да яго далучыліся сорак дзяржаў.",
    "az": "Mətn böyük zalda konsensusla qəbul edildi. O vaxta qədər qırx dövlət ona həmmüəllif kimi qoşulmuşdu.",
    "fr": "Le texte a été adopté par consensus dans la grande salle. Quarante États s'y étaient joints à ce moment-là.",
    "es": "El texto fue aprobado por consenso en la gran sala. Cuarenta Estados se habían sumado para entonces.",
    "ar": "تم اعتماد النص بتوافق الآراء في القاعة الكبرى. وكانت أربعون دولة قد انضمت إليه حتى ذلك الحين.",
    "zh": "该案文在大厅以协商一致方式获得通过。当时已有四十个国家加入成为共同提案国，主席对大家的耐心表示感谢。",
    "de": "Der Text wurde im großen Saal im Konsens angenommen. Vierzig Staaten hatten sich ihm bis dahin angeschlossen.",
    "it": "Il testo è stato adottato per consenso nella grande sala. Quaranta Stati vi si erano uniti.",
    "pt": "O texto foi adotado por consenso na grande sala. Quarenta Estados tinham aderido até então.",
    "nl": "De tekst werd bij consensus aangenomen in de grote zaal. Veertig staten hadden zich toen aangesloten.",
    "pl": "Tekst został przyjęty w drodze konsensusu w wielkiej sali. Czterdzieści państw przyłączyło się do niego.",
    "uk": "Текст було ухвалено консенсусом у великій залі. До того часу до нього приєдналися сорок держав.",
    "tr": "Metin büyük salonda oy birliğiyle kabul edildi. O zamana kadar kırk devlet katılmıştı.",
    "ko": "이 결의안은 대회의장에서 합의로 채택되었다. 그때까지 사십 개국이 공동 제안국으로 참여했다.",
    "ja": "この文書は大会議場でコンセンサスにより採択された。それまでに四十か国が共同提案国に加わった。",
}
LINES = """
en|Published: 11 November 2023 20:45 (UTC+04:00)|2023-11-11T20:45+04:00
en|Saturday, November 4, 2023 at 3:48 p.m. EDT|2023-11-04T15:48-04:00
en|Nov 9th, 2023 09:05 GMT|2023-11-09T09:05+00:00
en|9 Sept 2023, 6.15pm BST|2023-09-09T18:15+01:00
en|By Mara Holt | October 23, 2023 12:01 AM ET|2023-10-23T00:01-04:00
en|03/04/2023 10:00|-
en|Last updated on 10 November 2023 at 08:12 UTC|changed 2023-11-10T08:12Z
en|First published 8 November 2023, 07:30 GMT. Updated 9 November 2023, 10:00 GMT|2023-11-08T07:30+00:00
en|2 hours ago|2023-11-11
en|35 minutes ago|2023-11-11T17:25+00:00
en|Yesterday at 18:05|2023-11-10T18:05
en|© 2023 Evening Courier. All rights reserved|-
en|2023-11-11 16:45:00 UTC|2023-11-11T16:45:00+00:00
en|Tue 7 Nov 2023 11.20 CET|2023-11-07T11:20+01:00
en|The 1st of October, 2023|2023-10-01
ru|11 ноября 2023 г., 13:41 (МСК)|2023-11-11T13:41+03:00
ru|11.11.2023, 13:41|2023-11-11T13:41
ru|10 ноя 2023 в 09:05 по московскому времени|2023-11-10T09:05+03:00
ru|Сегодня, 13:41|2023-11-11T13:41
ru|вчера в 18:05|2023-11-10T18:05
ru|Обновлено: 11.11.2023 15:20 GMT+3|changed 2023-11-11T12:20Z
ru|Опубликовано 09.11.23 17:40|2023-11-09T17:40
ru|18:30 08.11.2023 (обновлено: 19:02 08.11.2023)|2023-11-08T18:30
ru|3 часа назад|2023-11-11
ru|Суббота, 4 ноября 2023, 16:10 MSK+4|2023-11-04T16:10+07:00
be|11 лістапада 2023, 13:41|2023-11-11T13:41
be|9 лістапада 2023 г. у 20:05 па мінскім часе|2023-11-09T20:05+03:00
be|Учора, 18:05|2023-11-10T18:05
be|5 верасня 2023 года|2023-09-05
be|Абноўлена 10 лістапада 2023 10:15|changed 2023-11-10T10:15Z
be|27 студзеня 2023, 07:00|2023-01-27T07:00
be|2 гадзіны таму|2023-11-11
az|Noyabr 11, 2023|2023-11-11
az|11 noyabr 2023 20:45 (UTC+04:00)|2023-11-11T20:45+04:00
az|11 Noyabr 2023, 14:05 (Bakı vaxtı ilə)|2023-11-11T14:05+04:00
az|bu gün 09:30|2023-11-11T09:30
az|Dünən, 18:05|2023-11-10T18:05
az|Dərc olunub: 10.11.2023 | 17:22|2023-11-10T17:22
az|7 iyul 2023-cü il 11:00|2023-07-07T11:00
az|2 saat əvvəl|2023-11-11
fr|Publié le 11 novembre 2023 à 14h05|2023-11-11T14:05
fr|Le 1er août 2023 à 9h, heure de Paris|2023-08-01T09:00+02:00
fr|Mis à jour le 10/11/2023 à 18:22|changed 2023-11-10T18:22Z
fr|Publié le 03/04/2023 à 10h00, mis à jour le 04/04/2023 à 11h30|2023-04-03T10:00
fr|Hier à 18:05|2023-11-10T18:05
fr|il y a 3 heures|2023-11-11
fr|sam. 4 févr. 2023 - 07:45 GMT|2023-02-04T07:45+00:00
fr|13 déc. 2022 | 21 h 12 HNE|2022-12-13T21:12-05:00
es|11 de noviembre de 2023, 14:05 h|2023-11-11T14:05
es|3 de marzo de 2023 - 07:30 CET|2023-03-03T07:30+01:00
es|Actualizado: 10/11/2023 09:41|changed 2023-11-10T09:41Z
es|10 nov 2023 Actualizado a las 11:15 (hora de Madrid)|2023-11-10
es|Hace 2 horas|2023-11-11
es|Hoy, 12:20|2023-11-11T12:20
es|Sábado 4 de noviembre del 2023 | 5:30 p. m.|2023-11-04T17:30
es|Madrid, 04/11/2023 a las 13:05h.|2023-11-04T13:05
ar|١١ نوفمبر ٢٠٢٣|2023-11-11
ar|١١ نوفمبر ٢٠٢٣ - ٢٠:٤٥ بتوقيت غرينتش|2023-11-11T20:45+00:00
ar|السبت 11 تشرين الثاني 2023 14:30|2023-11-11T14:30
ar|نُشر في 5 كانون الأول/ديسمبر 2022|2022-12-05
ar|منذ 3 ساعات|2023-11-11
ar|قبل ساعتين|2023-11-11
ar|آخر تحديث: 10 نوفمبر 2023 09:15 GMT|changed 2023-11-10T09:15Z
ar|9 نونبر 2023 - 6:20 مساءً|2023-11-09T18:20
zh|2023年11月11日 20:45|2023-11-11T20:45
zh|2023年11月11日 下午3:05 北京时间|2023-11-11T15:05+08:00
zh|２０２３年１１月９日０９时３０分|2023-11-09T09:30
zh|發布時間：民國112年11月8日|2023-11-08
zh|今天 13:41|2023-11-11T13:41
zh|2小时前|2023-11-11
zh|昨天 18:05|2023-11-10T18:05
zh|更新时间：2023-11-10 08:20|changed 2023-11-10T08:20Z
zh|2023-11-10 08:20:31 来源：晚报|2023-11-10T08:20:31
de|Stand: 11.11.2023 14:30 Uhr|changed 2023-11-11T14:30Z
de|11. November 2023, 14:30 Uhr MEZ|2023-11-11T14:30+01:00
de|Veröffentlicht am 3. März 2023 um 7:30 Uhr|2023-03-03T07:30
de|heute, 14:30 Uhr|2023-11-11T14:30
de|vor 2 Stunden|2023-11-11
de|Sa., 4. Nov. 2023, 16 Uhr|2023-11-04T16:00
de|05.11.23 | 18.40 Uhr|2023-11-05T18:40
en|Posted on Wed., Nov. 8, 2023 | 7:02 a.m. PT|2023-11-08T07:02-08:00
en|8th November 2023 • 2:15pm|2023-11-08T14:15
en|Updated 3 hours ago|-
en|Written by A. Sole, 7 Nov 2023 5:30 PM IST|2023-11-07T17:30
en|November 6, 2023 / 9:48 PM EST / CBS|2023-11-06T21:48-05:00
en|Published 11/14/2022|2022-11-14
en|an hour ago|2023-11-11
ru|08 ноября 2023, 19:04 (обновлено 09 ноября 2023, 08:10)|2023-11-08T19:04
ru|Дата публикации: 7 ноября 2023 в 14:20 по минскому времени|2023-11-07T14:20+03:00
ru|9 ноября, 21:15|2023-11-09T21:15
ru|07.11.2023 | 12:33 (UTC+3)|2023-11-07T12:33+03:00
ru|5 минут назад|2023-11-11T17:55+00:00
ru|Изменено 10.11.2023, 16:00|changed 2023-11-10T16:00Z
be|Сёння, 10:20|2023-11-11T10:20
be|Апублікавана: 7 кастрычніка 2023 г., 18:44|2023-10-07T18:44
be|08.11.2023 / 12:05|2023-11-08T12:05
be|3 снежня 2022 года ў 9:30|2022-12-03T09:30
az|2023-cü il 8 noyabr, 16:40|2023-11-08T16:40
az|08 Noyabr 2023 - 10:55|2023-11-08T10:55
az|Yenilənib: 09.11.2023 13:00 (GMT+4)|changed 2023-11-09T09:00Z
az|Bu gün, 15:10|2023-11-11T15:10
fr|Publié le mercredi 8 novembre 2023 à 06h45 (heure de Paris)|2023-11-08T06:45+01:00
fr|08/11/2023 - 18:30 Modifié le 08/11/2023 - 18:32|2023-11-08T18:30
fr|Aujourd’hui à 10h05|2023-11-11T10:05
fr|il y a 20 minutes|2023-11-11T17:40+00:00
es|Miércoles, 8 de noviembre de 2023 a las 21:10 hs|2023-11-08T21:10
es|08 NOV 2023 - 20:15 CET|2023-11-08T20:15+01:00
es|Publicado a las 10:30 h. del 7 de noviembre de 2023|2023-11-07T10:30
es|Ayer, 22:01|2023-11-10T22:01
ar|الأربعاء ٨ نوفمبر ٢٠٢٣ الساعة ٩:٣٠ ص بتوقيت مكة المكرمة|2023-11-08T09:30+03:00
ar|8 تشرين الثاني 2023 | 17:05|2023-11-08T17:05
ar|أمس 20:10|2023-11-10T20:10
ar|2023/11/08 14:22|2023-11-08T14:22
zh|2023年11月8日 星期三 上午9:08|2023-11-08T09:08
zh|发布于 2023-11-08 21:30|2023-11-08T21:30
zh|5分钟前|2023-11-11T17:55+00:00
de|Mittwoch, 08.11.2023, 20:15 Uhr (aktualisiert: 21:00 Uhr)|2023-11-08T20:15
de|gestern um 18:30 Uhr|2023-11-10T18:30
de|Erschienen am 8.11.2023 | 6.05 Uhr|2023-11-08T06:05
uk|8 листопада 2023, 14:30|2023-11-08T14:30
pl|Opublikowano: 8 listopada 2023, godz. 14:30|2023-11-08T14:30
it|8 novembre 2023 alle 14:30|2023-11-08T14:30
tr|08 Kasım 2023 Çarşamba - 14:30|2023-11-08T14:30
pt|8 de novembro de 2023 às 14h30|2023-11-08T14:30
ja|2023年11月8日(水) 14時30分|2023-11-08T14:30
ko|입력 2023.11.08 14:30 수정 2023.11.08 15:00|2023-11-08T14:30
nl|wo 8 nov 2023, 14.30 uur|2023-11-08T14:30
"""


def _line(line: str) -> tuple[str, str, str]:
    language, rest = line.split("|", 1)
    return language, *rest.rsplit("|", 1)  # type: ignore[return-value]  # three parts by the form of the lines


def shown(article: Article) -> str:
    """The time of publication as the lines write it: as exact as known, on its own clock, with its offset where there is one."""
    published = article.published
    if published is None:
        return "-" if article.modified_at is None else f"changed {article.modified_at:%Y-%m-%dT%H:%M}Z"
    local = published.at + timedelta(minutes=published.offset_minutes or 0)
    if published.precision is Precision.DAY:
        return f"{local:%Y-%m-%d}"
    clock = (
        f"{local:%Y-%m-%dT%H:%M:%S}" if published.precision is Precision.SECOND else f"{local:%Y-%m-%dT%H:%M}"
    )
    if published.offset_minutes is None:
        return clock
    sign, minutes = ("-" if published.offset_minutes < 0 else "+"), abs(published.offset_minutes)
    return f"{clock}{sign}{minutes // 60:02}:{minutes % 60:02}"


@pytest.mark.parametrize(("language", "line", "expected"), list(map(_line, LINES.strip().splitlines())))
def test_a_printed_line_reads_as_its_readers_read_it(
    read: Any, language: str, line: str, expected: str
) -> None:
    text = TEXTS[language]
    page = f'<html lang="{language}"><head><title>4711</title></head><body><div><h1>4711</h1><span class="date">{line}</span><p>{text}</p></div></body></html>'
    assert shown(read(page, fetched_at=FETCHED_AT)) == expected


LOCALES = """en en_GB ru be az fr fr_CA es es_MX ar ar_EG ar_LB ar_MA ar_DZ zh zh_TW de de_AT it pt nl pl uk tr ko ja ro sr sr_Latn cs
    hr hu el bg sv lt lv ka kk he th"""


@pytest.mark.parametrize("locale", LOCALES.split())
@given(local=st.datetimes(min_value=datetime(1996, 1, 1), max_value=datetime(2049, 1, 1)))  # noqa: DTZ001 - hypothesis draws naive ones
@settings(max_examples=12, deadline=None)
def test_what_cldr_prints_is_read_back(locale: str, local: datetime) -> None:
    for width in ("medium", "long", "full"):
        for clock in ("short", "medium"):
            frame = str(get_datetime_format(width, locale=locale)).replace("'", "")
            printed = frame.replace("{0}", format_time(local, clock, locale=locale)).replace(
                "{1}", format_date(local, width, locale=locale)
            )
            moment = find_moments(printed, month_first=False, language=locale[:2])[0]
            assert (moment.day, moment.hour, moment.minute) == (local.date(), local.hour, local.minute), (
                printed
            )
            assert moment.second == (local.second if clock == "medium" else None), printed


@given(st.text(max_size=300), st.sampled_from([*TEXTS, None]))
@settings(max_examples=300, deadline=None)
def test_no_text_makes_the_readers_fail(text: str, language: str | None) -> None:
    find_moments(text, month_first=None, language=language)
    find_relative(text, FETCHED_AT, language)
    labelled_parts(text)


@given(st.text(alphabet="0123456789 .:/-,年月日hT+amp\u200f٣é", max_size=120))
@settings(max_examples=400, deadline=None)
def test_what_looks_like_a_date_stands_where_it_is_said_to_stand(text: str) -> None:
    for moment in find_moments(text, month_first=None):
        start, end = moment.span
        assert 0 <= start < end <= len(text)


@pytest.mark.parametrize(
    "piece",
    ["1", "11.11.", "11.11.2023 ", "updated ", "11 nov ", " ", "год ", "2023 a 1 ", "今天", "(11:11 "],
)
def test_a_megabyte_is_read_in_no_time(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    began = time.perf_counter()
    find_moments(text, month_first=None)
    find_relative(text, FETCHED_AT, "en")
    labelled_parts(text)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("word", "language", "number"),
    [("listopada", "pl", 11), ("listopada", "hr", 10), ("листопада", "uk", 11), ("Kasım", "tr", 11), ("maj", "sv", 5), ("лістапада", None, 11)],
)  # fmt: skip
def test_a_month_is_looked_up_in_the_page_s_own_language(
    word: str, language: str | None, number: int
) -> None:
    assert month_number(word, language) == number


@pytest.mark.parametrize("language", ["xx", "zz", "de-DE", "", "../en"])
def test_an_unknown_language_has_no_months_of_its_own(language: str) -> None:
    assert month_number("November", language) == 11
    assert month_number("kasım", language) is None


@pytest.mark.parametrize(
    "text",
    ["IP 10.11.12.13", "version 10.11.12", "10:00-12:00 on 45.45.2023", "call 11 22 2023", "12.500.2023", "chapter 3.11.23.4"],
)  # fmt: skip
def test_numbers_that_are_no_dates_are_not_read_as_dates(text: str) -> None:
    assert find_moments(text, month_first=False) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("11.11.2023 18:40", [Said.NOTHING]),
        ("Published 8 May 2023. Updated 9 May 2023", [Said.PUBLISHED, Said.CHANGED]),
        ("11.11.2023 18:40 published | 11.11.2023 18:49 updated", [Said.PUBLISHED, Said.CHANGED]),
        ("18:30 08.11.2023 (обновлено: 19:02)", [Said.NOTHING, Said.CHANGED]),
        ("Standing room only on 8 May 2023", [Said.NOTHING]),
    ],
)
def test_a_label_governs_its_own_date(line: str, said: list[Said]) -> None:
    assert [one for one, _ in labelled_parts(line)] == said


def test_an_offset_is_not_the_end_of_a_stretch_of_time() -> None:
    assert find_moments("11.11.2023 10:00-12:00", month_first=False)[0].offset_minutes is None
    assert find_moments("11.11.2023 10:00 -0500", month_first=False)[0].offset_minutes == -300
    assert find_moments("11.11.2023 10:00 +04", month_first=False)[0].offset_minutes == 240


def test_a_place_s_time_has_the_offset_of_that_date() -> None:
    summer, winter = (
        find_moments(f"11.{month}.2023 10:00 ET", month_first=False)[0] for month in ("07", "12")
    )
    assert (summer.offset_minutes, winter.offset_minutes) == (-240, -300)
