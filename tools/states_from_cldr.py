# ruff: noqa: INP001  # a script, not a package
"""Writes the states' names of the built-in rules, from CLDR, inflected: `python tools/states_from_cldr.py`.

Belarusian, Russian and Azerbaijani press inflects names: the forms are spelled out, since a mere prefix would find "maliyyə"
(finance) for Mali or "чадо" (child) for Chad. What is a common word as well (Того, Georgia's neighbours in zh) is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from babel import Locale

TARGET = Path(__file__).parent.parent / "pipeline" / "rules" / "builtin" / "65-states.yaml"
#: members of the United Nations, the two observers, and two parties to conventions that are neither
STATES = """
AF AL DZ AD AO AG AR AM AU AT AZ BS BH BD BB BY BE BZ BJ BT BO BA BW BR BN BG BF BI CV KH CM CA CF TD CL CN CO KM CG CD CR CI
HR CU CY CZ DK DJ DM DO EC EG SV GQ ER EE SZ ET FJ FI FR GA GM GE DE GH GR GD GT GN GW GY HT HN HU IS IN ID IR IQ IE IL IT JM
JP JO KZ KE KI KP KR KW KG LA LV LB LS LR LY LI LT LU MG MW MY MV ML MT MH MR MU MX FM MD MC MN ME MA MZ MM NA NR NP NL NZ NI
NE NG MK NO OM PK PW PA PG PY PE PH PL PT QA RO RU RW KN LC VC WS SM ST SA SN RS SC SL SG SK SI SB SO ZA SS ES LK SD SR SE CH
SY TJ TZ TH TL TG TO TT TN TR TM TV UG UA AE GB US UY UZ VU VE VN YE ZM ZW PS VA XK CK
""".split()  # noqa: SIM905  # 196 quotation marks more would hide the codes
#: names the press uses beside CLDR's
PRESS = {
    "BY": {"en": ["Byelorussia"], "ru": ["Белоруссия"], "fr": ["Bélarus"], "es": ["Belarús"], "de": ["Weißrussland"],
           "ar": ["بيلاروسيا", "روسيا البيضاء"]},
    "US": {"en": ["United States of America", "=USA"], "ru": ["=США"], "be": ["=ЗША"], "az": ["=ABŞ"],
           "es": ["Estados Unidos", "=EE.UU"], "de": ["=USA"], "zh": ["美利坚"]},
    "GB": {"en": ["Britain"], "ru": ["Британия"], "be": ["Брытанія"], "az": ["Böyük Britaniya"],
           "fr": ["Grande-Bretagne"], "es": ["Gran Bretaña"], "de": ["Großbritannien"], "ar": ["بريطانيا"]},
    "AE": {"en": ["=UAE"], "ru": ["=ОАЭ"], "be": ["=ААЭ"], "az": ["=BƏƏ"], "fr": ["Émirats"], "es": ["Emiratos"],
           "de": ["=VAE"], "ar": ["الإمارات"], "zh": ["阿联酋"]},
    "KR": {"en": ["Republic of Korea"], "ru": ["Южная Корея"]},
    "CI": {"en": ["Ivory Coast"], "de": ["Elfenbeinküste"], "ar": ["كوت ديفوار"]},
    "MD": {"ru": ["Молдавия"], "be": ["Малдавія"], "de": ["Moldau"]},
    "KG": {"ru": ["Киргизия"], "be": ["Кыргызстан", "Кіргізія"]},
    "NL": {"de": ["Holland"], "en": ["Holland"]},
    "CZ": {"en": ["Czech Republic"], "ru": ["Чешская Республика"], "de": ["Tschechische Republik"]},
    "MM": {"en": ["Burma"], "es": ["Birmania"], "fr": ["Birmanie"]},
    "VA": {"en": ["Holy See"], "ru": ["Святой Престол"], "fr": ["Saint-Siège"], "es": ["Santa Sede"],
           "de": ["Heiliger Stuhl"], "ar": ["الكرسي الرسولي"], "zh": ["教廷"]},
    "PS": {"en": ["State of Palestine", "Palestine"], "ru": ["Палестина"], "be": ["Палесціна"], "az": ["Fələstin"],
           "fr": ["Palestine"], "es": ["Palestina"], "de": ["Palästina"], "ar": ["فلسطين"], "zh": ["巴勒斯坦"]},
    "CD": {"en": ["Democratic Republic of the Congo", "=DRC"], "ru": ["=ДРК"], "fr": ["=RDC"], "es": ["=RDC"],
           "zh": ["刚果（金）"]},
    "RU": {"en": ["Russian Federation"], "ru": ["Российская Федерация"], "fr": ["Fédération de Russie"],
           "es": ["Federación de Rusia"], "de": ["Russische Föderation"], "ar": ["الاتحاد الروسي"]},
}  # fmt: skip
#: CLDR names that are common words of some language too
COMMON = {
    "ru": {"Гана", "Куба", "Мали", "Перу", "Того", "Чад"},
    "be": {"Гана", "Куба", "Малі", "Перу", "Тога", "Чад"},
    "az": {"Kuba", "Toqo", "Çad"},
    "en": {"Jordan"},
    "zh": {"阿曼"},
    "ar": {"بنما", "تشاد", "عمان", "غانا", "كوبا", "مالي"},
}  # fmt: skip
#: names that are found only as written: "mali" is financial and "qatar" a train in Azerbaijani
EXACT = {
    "Mali",
    "Qatar",
    "Turkey",
    "Georgia",
    "Chad",
    "Oman",
    "Niger",
    "Guinea",
    "Malta",
    "Togo",
    "Maurice",
    "Samoa",
    "Chile",
}
#: Wikidata items that are beyond doubt
ITEMS = {
    "BY": 184, "AZ": 227, "RU": 159, "UA": 212, "KZ": 232, "PL": 36, "DE": 183, "FR": 142, "ES": 29, "IT": 38, "GB": 145,
    "US": 30, "CN": 148, "CA": 16, "JP": 17, "NO": 20, "IE": 27, "HU": 28, "BE": 31, "LU": 32, "FI": 33, "SE": 34, "DK": 35,
    "LT": 37, "CH": 39, "AT": 40, "GR": 41, "TR": 43, "PT": 45, "NL": 55, "EG": 79, "MX": 96, "KE": 114, "ET": 115,
    "BR": 155, "IS": 189, "EE": 191, "LV": 211, "CZ": 213, "SK": 214, "SI": 215, "MD": 217, "RO": 218, "BG": 219,
    "AL": 222, "GE": 230, "UZ": 265, "AU": 408, "AR": 414, "IN": 668, "IR": 794, "IQ": 796, "IL": 801,
}  # fmt: skip

_VOWELS = "aeiouəıöüâ"
_RU_VOWELS = "аяеёиоуыэюіў"


def _territories(locale: str) -> Mapping[str, str]:
    names: Mapping[str, str] = Locale.parse(locale).territories
    return names


def slavic(name: str) -> list[str]:
    """The name's cases; names of several words with every word's ending open."""
    if " " in name or "-" in name:
        words = name.replace("-", " ").split()
        return [" ".join(word if len(word) <= 4 else f"{word[: max(4, len(word) - 2)]}*" for word in words)]
    if name.endswith(("ия", "ія")):
        return [name[:-1] + end for end in ("я", name[-2], "ю", "ей", "яй")]
    if name.endswith("ь"):
        return [name[:-1] + end for end in ("ь", "и", "і", "ью", "ю")]
    if name.endswith(("а", "я")):
        return [name[:-1] + end for end in ("а", "я", "ы", "и", "і", "е", "у", "ю", "ой", "ай", "ей")]
    if name[-1] in _RU_VOWELS:
        return [name]
    return [name + end for end in ("", "а", "у", "ом", "ам", "е")]


def azerbaijani(name: str) -> list[str]:
    """The name with its case endings, by vowel harmony; a long one with an open end."""
    if len(name) >= 7:
        return [name + "*"]
    last = next((letter for letter in reversed(name.casefold()) if letter in _VOWELS), "a")
    a = "a" if last in "aıou" else "ə"
    i = {"a": "ı", "ı": "ı", "o": "u", "u": "u", "ö": "ü", "ü": "ü"}.get(last, "i")
    if name[-1].casefold() in _VOWELS:
        ends = ("", f"n{i}n", f"y{a}", f"n{i}", f"d{a}", f"d{a}n", f"yl{a}")
    else:
        ends = ("", f"{i}n", a, i, f"d{a}", f"d{a}n", f"l{a}")
    return [name + end for end in ends]


def german(name: str) -> list[str]:
    """The name and its genitive; adjectives before a noun with their endings open."""
    words = name.split()
    if len(words) > 1 and words[0].endswith(("e", "es", "er")):
        return [" ".join([words[0].rstrip("srn").rstrip("e") + "*", *words[1:]])]
    return [name] if name.endswith("s") else [name, name + "s"]


def unchanged(name: str) -> list[str]:
    """The name alone: the language does not inflect it, or the rules see to that."""
    return [name]


def names_of(state: str, language: str) -> list[str]:
    """CLDR's name (without what it puts in brackets) and the press's, in all their forms."""
    named = [_territories(language)[state]]
    if language == "zh":
        named.append(_territories("zh_Hant")[state])
    named = [
        name for name in named if name not in COMMON.get(language, ()) and "(" not in name and "–" not in name
    ]
    named += PRESS.get(state, {}).get(language, [])
    inflect = {"ru": slavic, "be": slavic, "az": azerbaijani, "de": german}.get(language, unchanged)
    forms: list[str] = []
    for name in named:
        plain = name.replace("’", "'").replace("*", "").strip()
        written = [plain] if plain.startswith("=") else inflect(plain)
        forms += [f"={form}" for form in written] if plain in EXACT else written
    return list(dict.fromkeys(forms))


def quoted(text: str) -> str:
    """A YAML flow scalar."""
    return (
        '"' + text.replace('"', '\\"') + '"'
        if set(text) & set("'=,:#&[]{}*") or text in {"NO", "No"}
        else text
    )


def main() -> None:
    """Write the file."""
    english = _territories("en")
    lines = [
        "# States by name, in nine languages, inflected. Made by tools/states_from_cldr.py from CLDR; change that, not this.",
        "entities:",
    ]
    for state in STATES:
        lines += [f"  state-{state.lower()}:", f"    label: {quoted(english[state])}", "    kind: state"]
        if state in ITEMS:
            lines.append(f"    wikidata: Q{ITEMS[state]}")
        lines.append("    names:")
        for language in ("en", "ru", "be", "az", "fr", "es", "ar", "zh", "de"):
            forms = names_of(state, language)
            if forms:
                lines.append(f"      {language}: [{', '.join(map(quoted, forms))}]")
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
