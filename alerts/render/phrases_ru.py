"""What a digest says in Russian; names are never declined, so that a phrase is right with any of them."""

from __future__ import annotations


def _count(one: str, few: str, many: str) -> dict[str, str]:
    """The forms after 1, 2 and 5; fractions take the one after 2."""
    return {"one": "{n} " + one, "few": "{n} " + few, "many": "{n} " + many, "other": "{n} " + few}


def _more(one: str, few: str, many: str) -> dict[str, str]:
    return {category: f"и ещё {form}" for category, form in _count(one, few, many).items()}


PHRASES: dict[str, str | dict[str, str]] = {
    # counts
    "stories": _count("сюжет", "сюжета", "сюжетов"),
    "updates": _count("дополнение", "дополнения", "дополнений"),
    "outlets": _count("издание", "издания", "изданий"),
    "origins": _count("первоисточник", "первоисточника", "первоисточников"),
    "languages": _count("язык", "языка", "языков"),
    "articles": _count("статья", "статьи", "статей"),
    "days": _count("день", "дня", "дней"),
    "hours": "{n} ч",
    "minutes": "{n} мин",
    "hours_minutes": "{n} ч {minutes:02d} мин",
    # times
    "long_day": "EEEE, d MMMM y",
    "zone_time": "время: {zone}",
    "time_unknown": "время не указано",
    "later": "на {lag} позже",
    "earlier": "на {lag} раньше",
    "same_time": "одновременно",
    # subject and summary
    "subject": "{title} · {counts}: {headline}",
    "subject_quiet": "{title} · без новостей: {since}",
    "subject_late": "{title} · нового нет, {late}, {day}",
    "since_days": _count(
        "день с последнего совпадения", "дня с последнего совпадения", "дней с последнего совпадения"
    ),
    "since_hours": "{n} ч с последнего совпадения",
    "nothing_yet": "пока ничего не найдено",
    "quiet": "За это время ничего нового.",
    "quiet_late": "За это время ничего нового; {late}.",
    "last_match": "Последнее совпадение: {at}.",
    "no_match_yet": "Совпадений пока не было.",
    "summary_late": "{summary}; {late}",
    "chart": "За {days}: {articles}; больше всего {day}: {most}",
    "chart_none": "За {days}: ни одной статьи",
    # a flood
    "flood_heading": "Намного больше обычного",
    "flood_usual": "Поступило: {stories}; обычно за такое время бывает {n}.",
    "flood_rare": "Поступило: {stories}; обычно за такое время бывает не больше одного.",
    "flood_new": "За это время поступило: {stories}.",
    "folded": "Показано сжато: {parts}.",
    "folded_full": "полностью – {n}",
    "folded_briefs": "одной строкой – {n}",
    "folded_listed": "в приложенном списке – {n}",
    "folded_counted": "только посчитано – {n}",
    # a story
    "relevance": "соответствие {n} %",
    "international": "международное издание",
    "why_here": "Почему это здесь",
    "citing": "Со ссылкой на: {names}",
    "also": "В других изданиях",
    "more_copies": _more("издание", "издания", "изданий"),
    "reprint": "перепечатка",
    "report": "собственный материал",
    "first": "Первая публикация: {outlet}",
    "first_lead": "Первая публикация: {outlet}, на {lag} раньше",
    "and_more": "{names} и ещё {n}",
    "in_brief": "Кратко",
    "stage": "Стадия: {stage}",
    "stage_announced": "объявлено",
    "stage_tabled": "внесено",
    "stage_negotiated": "обсуждается",
    "stage_adopted_committee": "принято в комитете",
    "stage_adopted": "принято",
    "stage_rejected": "отклонено",
    "stage_signed": "подписано",
    "stage_ratified": "ратифицировано",
    "stage_in_force": "действует",
    "warning": "Заголовок и текст расходятся.",
    "warning_committee_only": "В заголовке – «принято», а в тексте речь о комитете: "
    "пленарное заседание ещё не голосовало.",
    "warning_not_yet_adopted": "В заголовке – «принято», а по тексту документ только внесён или обсуждается.",
    "differ": "В чём сообщения расходятся",
    "differ_date": "Дата",
    "differ_votes": "Голоса",
    "differ_sponsors": "Соавторы",
    "differ_stage": "Стадия",
    # updates
    "updates_heading": "Новое в сюжетах, о которых вам уже сообщалось",
    "told": "Сообщалось {day}:",
    # found late
    "late": {
        "one": "{n} сюжет, найденный позднее",
        "few": "{n} сюжета, найденных позднее",
        "many": "{n} сюжетов, найденных позднее",
        "other": "{n} сюжета, найденных позднее",
    },
    "late_heading": "Найдено позднее (правила изменены {day})",
    "late_note": "Это не новости: статьи поступили раньше, когда правила их ещё не отбирали.",
    "late_seen": "впервые замечено {at}",
    # what is not shown
    "news_listed": _more(
        "сюжет за это время: в приложенном списке",
        "сюжета за это время: в приложенном списке",
        "сюжетов за это время: в приложенном списке",
    ),
    "news_counted": _more(
        "сюжет за это время, здесь не показан",
        "сюжета за это время, здесь не показаны",
        "сюжетов за это время, здесь не показаны",
    ),
    "updates_listed": _more(
        "дополнение: в приложенном списке",
        "дополнения: в приложенном списке",
        "дополнений: в приложенном списке",
    ),
    "updates_counted": _more(
        "дополнение, здесь не показано",
        "дополнения, здесь не показаны",
        "дополнений, здесь не показаны",
    ),
    "late_listed": _more(
        "сюжет, найденный позднее: в приложенном списке",
        "сюжета, найденных позднее: в приложенном списке",
        "сюжетов, найденных позднее: в приложенном списке",
    ),
    "late_counted": _more(
        "сюжет, найденный позднее, здесь не показан",
        "сюжета, найденных позднее, здесь не показаны",
        "сюжетов, найденных позднее, здесь не показаны",
    ),
    "attached": {
        category: f"Приложение: {{name}}, в нём {form}, не поместившихся в письмо"
        if category != "one"
        else "Приложение: {name}, в нём {n} сюжет, не поместившийся в письмо"
        for category, form in _count("сюжет", "сюжета", "сюжетов").items()
    },
    # the attached list
    "column_headline": "Заголовок",
    "column_outlet": "Издание",
    "column_country": "Страна",
    "column_language": "Язык",
    "column_published": "Опубликовано",
    "column_url": "Адрес",
    "column_topics": "Темы",
    "column_score": "Соответствие",
    "column_note": "Примечание",
    "note_update": "новое в сюжете, о котором уже сообщалось",
    "note_late": "найдено позднее, не новость",
    # the foot
    "read": "Прочитано: {articles} {sources}",
    "sources": {
        "one": "из {n} источника",
        "few": "из {n} источников",
        "many": "из {n} источников",
        "other": "из {n} источника",
    },
    "silent": "без ответа – {n}: {names}",
    "last_success": "последнее успешное чтение – {at}",
    "why_you": "Вы получаете это письмо, потому что ваш адрес есть в списке рассылки «{title}».",
    "times_are": "Указано время пояса «{zone}» (UTC{offset}).",
    "times_are_utc": "Указано время UTC.",
    "machine": "Отобрано по неизменным правилам из того, что опубликовали издания; слова, которые решили дело, выделены.",
}
