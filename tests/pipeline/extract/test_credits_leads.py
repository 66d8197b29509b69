"""Short leads in nine languages: whom the report is from, and whom it only mentions or lets speak."""

# ruff: noqa: E501 - a lead stands on its line as it would be printed
from __future__ import annotations

import pytest

from pipeline.extract.credits import read_credits

LEADS: list[tuple[str, str, tuple[str, ...]]] = [
    # English
    ("Example Post", "At least nine people were detained in a raid on a call centre, the state news agency BelTA reported on Friday.", ("BelTA",)),
    ("Example Post", "KYIV, June 3 (Ukrinform) - Parliament has ratified the convention.", ("Ukrinform",)),
    ("Example Post", "The convention enters into force next month, according to Mr Petrov, who chaired the talks.", ()),
    ("Example Post", "\"We are ready to sign,\" said the minister, Anna Kovacs, in the Reuters building in Canary Wharf.", ()),
    ("Example Post", "TASS has dismissed forty correspondents, the trade union said on Monday.", ()),
    ("Example Post", "A new report says that victims are younger than before. The Report said children made up a third.", ()),
    ("Example Post", "The upward Trend continued in May. Trend lines for June are flat.", ()),
    ("Example Post", "Baku will host the forum in October, Trend reports.", ("Trend",)),
    ("Example Post", "The delegation has arrived in Geneva, a spokesman told AFP on Sunday.", ("AFP",)),
    ("Example Post", "GENEVA (Reuters) — Delegates agreed on the text.\nThe vote is on Friday.\n(Reporting by Jane Roe; editing by John Doe)", ("Reuters",)),
    ("Example Post", "The draft was changed last week, the Kommersant newspaper reports with reference to the Ministry of Justice.", ("Kommersant", "Ministry of Justice")),
    ("Example Post", "According to the Kyodo news agency, the bill has passed the upper house.", ("Kyodo",)),
    ("MENAFN", "(MENAFN - IANS) Forty workers were freed from a kiln.", ("IANS",)),
    ("Example Post", "The plan of action was renewed.\nIt runs for five years.\nSource: UN News", ("UN News",)),
    ("Example Post", "Officers from twelve countries took part in the operation, Europol said in a statement on Tuesday.", ("Europol",)),
    ("Example Post", "Police said the suspects were arrested at dawn.", ()),
    # Russian
    ("Пример", "Суд приговорил организатора канала к восьми годам, пишет Kun.uz.", ("Kun.uz",)),
    ("Пример", "Закон внесут осенью. Об этом «Интерфаксу» сообщил источник в правительстве.", ("Interfax",)),
    ("Пример", "Как стало известно РИА Новости, документ внесут осенью.", ("RIA Novosti",)),
    ("Пример", "«Мы подпишем документ», – заявил Иванов журналистам у здания ТАСС.", ()),
    ("Пример", "11 ноября, Минск /Корр. БЕЛТА/. Проект резолюции внесен.", ("BelTA",)),
    ("Пример", "Полиция задержала четверых, передаёт корреспондент Kazinform.", ("Kazinform",)),
    ("Пример", "По данным Следственного комитета, потерпевшими признаны сорок человек.", ("Следственный комитет",)),
    ("Пример", "Решение принято.\nОно вступит в силу осенью.\nИсточник: Укринформ", ("Ukrinform",)),
    ("Пример", "По словам Анны Петровой, помощь получили сто человек.", ()),
    ("Пример", "БИШКЕК, 4 мар – ИА «24.kg». Депутаты одобрили законопроект.", ("24.kg",)),
    ("Пример", "Доклад опубликован, сообщает агентство Франс Пресс со ссылкой на дипломатов.", ("AFP",)),
    # Belarusian
    ("Прыклад", "Затрыманы трое. Пра гэта піша «Наша Ніва» са спасылкай на МУС.", ("Nasha Niva", "МУС")),
    ("Прыклад", "Як паведаміла БелТА, дакумент ухвалены аднагалосна.", ("BelTA",)),
    ("Прыклад", "Паводле інфармацыі агенцтва БелаПАН, суд адкладзены.", ("BelaPAN",)),
    ("Прыклад", "Паводле слоў Марыі Корзун, дапамогу атрымалі сто чалавек.", ()),
    ("Прыклад", "30 ліпеня, Мінск /Аліна Кот - БЕЛТА/. Адкрылася выстава.", ("BelTA",)),
    ("Прыклад", "Дакумент ухвалены.\nКрыніца: Звязда", ("Zviazda",)),
    # Azerbaijani
    ("Nümunə", "Üç nəfər saxlanılıb. Bu barədə “Report”a Daxili İşlər Nazirliyindən bildirilib.", ("Report", "Daxili İşlər Nazirliyi")),
    ("Nümunə", "APA-nın məlumatına görə, sənəd mayda imzalanacaq.", ("APA",)),
    ("Nümunə", "Azərbaycan, Bakı, 8 may /Trend, müxbir M.Əliyev/. Sənəd qəbul olunub.", ("Trend",)),
    ("Nümunə", "Trend bu il müsbətdir, deyə iqtisadçı Rəna Quliyeva bildirib.", ()),
    ("Nümunə", "“Reuters”ə istinadən Modern.az xəbər verir ki, sənəd qəbul olunub.", ("Modern.az", "Reuters")),
    ("Nümunə", "Sənəd qəbul olunub.\nMənbə: AZƏRTAC", ("AZERTAC",)),
    # French
    ("L'Exemple", "PARIS, 3 juin 2024 (AFP) - Le texte a été adopté.", ("AFP",)),
    ("L'Exemple", "Douze personnes ont été arrêtées, a annoncé jeudi le ministère de l'Intérieur, cité par l'agence TAP.", ("TAP", "ministère de l'Intérieur")),
    ("L'Exemple", "Selon une dépêche de l'agence Belga, le procès est reporté.", ("Belga",)),
    ("L'Exemple", "Selon M. Dupont, le texte sera voté en juin.", ()),
    ("L'Exemple", "Le ministre a reçu les journalistes de l'AFP avant le vote.", ()),
    ("L'Exemple", "Le texte a été adopté.\nIl sera publié lundi.\nAvec AFP", ("AFP",)),
    ("L'Exemple", "La réforme est repoussée, rapporte Le Monde, qui cite deux diplomates.", ("Le Monde",)),
    # Spanish
    ("El Ejemplo", "MADRID 12 Jul. (EUROPA PRESS) - El pleno aprobó el texto.", ("Europa Press",)),
    ("El Ejemplo", "Cinco personas fueron rescatadas, informó la agencia Andina.", ("Andina",)),
    ("El Ejemplo", "Según el alcalde Ramón Pérez, la calle reabrirá en mayo.", ()),
    ("El Ejemplo", "Seis personas fueron detenidas, según un comunicado del Ministerio del Interior difundido por Télam.", ("Télam", "Ministerio del Interior")),
    ("El Ejemplo", "El texto fue aprobado.\nFuente: Prensa Latina", ("Prensa Latina",)),
    # Arabic
    ("المثال", "بغداد – (واع) – أعلنت الوزارة نتائج الحملة.", ("INA",)),
    ("المثال", "ذكرت وكالة الأنباء السعودية (واس) أن القرار صدر بالإجماع.", ("SPA",)),
    ("المثال", "قال الوزير خلال مؤتمر صحفي إن القانون سيصدر قريبا.", ()),
    ("المثال", "نقلت وكالة رويترز عن دبلوماسيين قولهم إن النص جاهز.", ("Reuters",)),
    ("المثال", "اعتمد النص بالإجماع.\nالمصدر: الأناضول", ("Anadolu",)),
    # Chinese
    ("示例报", "中新网9月1日电（记者 王林）联合国大会通过决议。", ("China News Service",)),
    ("示例报", "据法新社援引联合国毒品和犯罪问题办公室的数据，受害者人数上升。", ("AFP", "UNODC")),
    ("示例报", "决议获得通过。\n来源：人民日报", ("People's Daily",)),
    ("示例报", "警方在路透社大楼附近逮捕了两名男子。", ()),
    # German
    ("Beispielblatt", "Berlin (dpa) - Der Bundestag hat das Gesetz beschlossen.", ("dpa",)),
    ("Beispielblatt", "Laut Polizei wurden zwei Männer festgenommen.", ()),
    ("Beispielblatt", "Der Prozess beginnt im Mai, wie die Nachrichtenagentur APA meldet.", ("APA",)),
    ("Beispielblatt", "Das Gesetz gilt ab Mai.\nQuelle: KNA", ("KNA",)),
    ("Beispielblatt", "„Wir warten ab“, sagte Müller vor dem Gebäude der Nachrichtenagentur AFP.", ()),
    ("Beispielblatt", "Der Vertrag ist unterschrieben, berichtet die „Süddeutsche Zeitung“ unter Berufung auf das Auswärtige Amt.", ("Süddeutsche Zeitung", "Auswärtiges Amt")),
]  # fmt: skip


@pytest.mark.parametrize(("outlet", "text", "expected"), LEADS)
def test_a_lead_credits_whom_it_has_its_report_from(
    outlet: str, text: str, expected: tuple[str, ...]
) -> None:
    found = read_credits(text, (), [outlet])
    assert tuple(credit.name for credit in found) == expected
    assert all(text[credit.start : credit.end] == credit.printed for credit in found)
