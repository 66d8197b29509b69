"""The frame's languages: every phrase in each of them, with the names it needs and the plurals its grammar has."""

from __future__ import annotations

from datetime import UTC, datetime
from string import Formatter

import pytest
from babel import Locale

from alerts.digest import Stage
from alerts.digest import Warning as HeadlineWarning
from alerts.render import FRAME_LANGUAGES, phrases_az, phrases_en, phrases_ru
from alerts.render.words import Words
from alerts.windows import zone_named

PHRASES = {"en": phrases_en.PHRASES, "ru": phrases_ru.PHRASES, "az": phrases_az.PHRASES}
#: phrases that are nothing but names and signs, or the same word in both
SAME_IN_ALL = {"subject", "summary_late", "long_day", "column_url"}


def forms(phrase: str | dict[str, str]) -> list[str]:
    return [phrase] if isinstance(phrase, str) else list(phrase.values())


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_all_frame_languages_are_written() -> None:
    assert frozenset(PHRASES) == FRAME_LANGUAGES == {"en", "ru", "az"}


@pytest.mark.parametrize("language", ["ru", "az"])
def test_every_phrase_is_there_in_every_language_and_nothing_else(language: str) -> None:
    assert sorted(PHRASES[language]) == sorted(PHRASES["en"])


@pytest.mark.parametrize("phrase", sorted(phrases_en.PHRASES))
@pytest.mark.parametrize("language", ["en", "ru", "az"])
def test_a_phrase_has_its_names_and_a_form_for_each_plural_of_its_language(
    language: str, phrase: str
) -> None:
    written = PHRASES[language][phrase]
    model = names_in(" ".join(forms(phrases_en.PHRASES[phrase])))
    categories = {Locale(language).plural_form(n) for n in (*range(200), 1.5)}
    if isinstance(written, dict):
        assert set(written) == {*categories, "other"}
    for form in forms(written):
        assert form.strip() == form != ""
        assert names_in(form) == model
    if language != "en" and phrase not in SAME_IN_ALL:
        assert not set(forms(written)) & set(forms(phrases_en.PHRASES[phrase]))


@pytest.mark.parametrize("language", ["en", "ru", "az"])
def test_each_stage_and_warning_has_its_words(language: str) -> None:
    words = Words(language, zone_named("UTC"))
    stages = [words.say(f"stage_{stage}") for stage in Stage]
    warnings = [words.say(f"warning_{warning}") for warning in HeadlineWarning]
    assert len({*stages, *warnings}) == len(Stage) + len(HeadlineWarning)


@pytest.mark.parametrize(
    ("language", "n", "said"),
    [
        ("ru", 1, "1 сюжет"),
        ("ru", 3, "3 сюжета"),
        ("ru", 11, "11 сюжетов"),
        ("ru", 21, "21 сюжет"),
        ("ru", 0, "0 сюжетов"),
        ("az", 1, "1 xəbər"),
        ("az", 5, "5 xəbər"),
        ("en", 1, "1 story"),
        ("en", 0, "0 stories"),
    ],
)
def test_counts_follow_the_grammar(language: str, n: int, said: str) -> None:
    assert Words(language, zone_named("UTC")).say("stories", n) == said


def test_days_and_zones_are_named_as_the_language_has_them() -> None:
    at = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
    russian, azeri = (Words(language, zone_named("Asia/Baku")) for language in ("ru", "az"))
    assert russian.long_day(at) == "Понедельник, 23 ноября 2026"
    assert azeri.long_day(at) == "23 noyabr 2026, bazar ertəsi"
    assert (russian.zone_name(), azeri.zone_name()) == ("Баку", "Bakı")
    assert Words("en", zone_named("America/Argentina/Buenos_Aires")).zone_name() == "Buenos Aires"
    assert (russian.country("BY"), azeri.tongue("ar")) == ("Беларусь", "ərəb")
