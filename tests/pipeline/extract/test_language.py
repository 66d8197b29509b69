"""The language of an article: the declaration, and the text that plainly says otherwise."""

# ruff: noqa: E501 - texts stand on their lines
from __future__ import annotations

from typing import Any

import pytest

from pipeline.extract.language import main_script
from pipeline.extract.telltale import told_by_marks

TEXTS = {
    "en": "The text was adopted by consensus on Friday evening in the large hall. Forty states had joined it as sponsors by then, and the chair thanked them all for their patience.",
    "ru": "Текст был принят консенсусом в большом зале. К тому времени к нему присоединились сорок государств, и председатель поблагодарил всех за терпение и работу.",
    "be": "Тэкст быў прыняты кансэнсусам у вялікай зале. Да таго часу да яго далучыліся сорак дзяржаў, і старшыня падзякаваў усім за цярпенне і працу.",
    "az": "Mətn böyük zalda konsensusla qəbul edildi. O vaxta qədər qırx dövlət ona həmmüəllif kimi qoşulmuşdu və sədr hamıya səbrinə görə təşəkkür etdi.",
    "fr": "Le texte a été adopté par consensus dans la grande salle. Quarante États s'y étaient joints à ce moment-là, et le président a remercié chacun de sa patience.",
    "es": "El texto fue aprobado por consenso en la gran sala. Cuarenta Estados se habían sumado para entonces, y el presidente agradeció a todos su paciencia.",
    "ar": "تم اعتماد النص بتوافق الآراء في القاعة الكبرى. وكانت أربعون دولة قد انضمت إليه حتى ذلك الحين، وشكر الرئيس الجميع على صبرهم وعملهم الطويل.",
    "zh": "该案文在大厅以协商一致方式获得通过。当时已有四十个国家加入成为共同提案国，主席对大家的耐心表示感谢。会议随后休会，代表们离开了会场。",
    "de": "Der Text wurde im großen Saal im Konsens angenommen. Vierzig Staaten hatten sich ihm bis dahin angeschlossen, und der Vorsitzende dankte allen für ihre Geduld.",
    "uk": "Текст було ухвалено консенсусом у великій залі. До того часу до нього приєдналися сорок держав, і голова подякував усім за терпіння.",
    "bg": "Текстът беше приет с консенсус в голямата зала. Дотогава към него се бяха присъединили четиридесет държави и председателят благодари на всички.",
    "sr": "Текст је усвојен консензусом у великој сали. До тада му се придружило четрдесет држава, а председавајући је свима захвалио на стрпљењу и раду.",
    "kk": "Мәтін үлкен залда консенсуспен қабылданды. Сол уақытқа дейін оған қырық мемлекет қосылып, төраға бәріне шыдамдылығы үшін алғыс айтты.",
    "tr": "Metin büyük salonda oy birliğiyle kabul edildi. O zamana kadar kırk devlet katılmıştı ve başkan herkese sabrı ve emeği için teşekkür etti.",
    "fa": "این متن در تالار بزرگ با اجماع تصویب شد. تا آن زمان چهل کشور به آن پیوسته بودند و رئیس از شکیبایی همه سپاسگزاری کرد.",
    "ur": "یہ متن بڑے ہال میں اتفاق رائے سے منظور کیا گیا۔ اس وقت تک چالیس ممالک اس میں شامل ہو چکے تھے اور صدر نے سب کے صبر کا شکریہ ادا کیا۔",
    "pt": "O texto foi adotado por consenso na grande sala. Quarenta Estados tinham aderido até então, e o presidente agradeceu a todos a sua paciência e o seu trabalho.",
    "nl": "De tekst werd bij consensus aangenomen in de grote zaal. Veertig staten hadden zich toen aangesloten, en de voorzitter bedankte iedereen voor het geduld.",
    "ja": "この文書は大会議場でコンセンサスにより採択された。それまでに四十か国が共同提案国に加わり、議長は全員の忍耐に感謝した。",
    "ko": "이 결의안은 대회의장에서 합의로 채택되었다. 그때까지 사십 개국이 공동 제안국으로 참여했으며 의장은 모두의 인내에 감사를 표했다.",
}


def page(text: str, declared: str | None) -> str:
    lang = f' lang="{declared}"' if declared is not None else ""
    return f"<html{lang}><head><title>4711</title></head><body><div><h1>4711</h1><p>{text}</p></div></body></html>"


@pytest.mark.parametrize("language", TEXTS)
def test_a_right_declaration_stands(read: Any, language: str) -> None:
    found = read(page(TEXTS[language], language))
    assert (found.language, found.language_origin) == (language, "declared")


@pytest.mark.parametrize("language", TEXTS)
def test_without_a_declaration_the_language_is_told_from_the_text(read: Any, language: str) -> None:
    found = read(page(TEXTS[language], None))
    assert (found.language, found.language_origin) == (language, "detected")


@pytest.mark.parametrize(
    ("language", "declared"),
    [
        *[(language, "en") for language in TEXTS if language != "en"],
        ("en", "de"), ("be", "ru"), ("ru", "be"), ("ru", "uk"), ("uk", "ru"), ("bg", "ru"), ("sr", "ru"), ("kk", "ru"), ("az", "tr"),
        ("tr", "az"), ("fa", "ar"), ("ur", "ar"), ("ar", "fa"), ("ja", "zh"), ("zh", "ja"), ("de", "nl"), ("nl", "de"), ("es", "pt"),
    ],
)  # fmt: skip
def test_a_text_plainly_in_another_language_outvotes_its_template(
    read: Any, language: str, declared: str
) -> None:
    found = read(page(TEXTS[language], declared))
    assert (found.language, found.language_origin) == (language, "detected")


@pytest.mark.parametrize("language", TEXTS)
def test_marks_of_a_language_tell_no_other(language: str) -> None:
    text = TEXTS[language]
    assert told_by_marks(text, main_script(text)) in {None, language}


@pytest.mark.parametrize("language", ["de", "ru", "ar", "zh"])
def test_most_texts_need_no_model(language: str) -> None:
    text = TEXTS[language]
    assert told_by_marks(text, main_script(text)) == language


def test_a_short_flash_keeps_its_declaration(read: Any) -> None:
    assert read(page("Der Rat hat den Text angenommen.", "nl")).language == "nl"


def test_a_quotation_in_another_language_does_not_outvote_the_declaration(read: Any) -> None:
    mixed = (
        TEXTS["en"]
        + " The chair said: \u201eDer Text wurde im Konsens angenommen, ich danke Ihnen allen.\u201c"
    )
    assert read(page(mixed, "en")).language == "en"


def test_a_near_tie_goes_to_a_language_of_the_source(read: Any) -> None:
    found = read(page(TEXTS["be"].replace("ў", "у"), "ru"), languages=("be", "ru"))
    assert found.language == "be"


@pytest.mark.parametrize(
    ("declared", "language"),
    [("en-GB", "en"), ("EN_us", "en"), ("eng", "en"), ("aze", "az"), ("by", "be")],
)
def test_codes_are_told_in_their_shortest_form(read: Any, declared: str, language: str) -> None:
    assert read(page(TEXTS[language], declared)).language == language


@pytest.mark.parametrize("declared", ["und", "", "x", "<b>", "de" * 40, "../../etc"])
def test_what_is_no_code_is_no_declaration(read: Any, declared: str) -> None:
    assert read(page(TEXTS["fr"], declared)).language_origin == "detected"
