from __future__ import annotations

import string
from dataclasses import replace
from datetime import date, timedelta

import pytest

from alerts.brief.blocks import Document, Heading, Items, Paragraph, Quotation, Table, Voice
from alerts.brief.compose import document_of
from alerts.brief.phrases import PHRASES, Phrase
from alerts.brief.values import Bodies, Brief
from alerts.brief.words import BRIEF_LANGUAGES, words_for
from alerts.errors import AlertError


def fields(phrase: Phrase) -> set[str]:
    texts = [phrase] if isinstance(phrase, str) else list(phrase.values())
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


def lines(document: Document, voice: Voice) -> list[str]:
    return [
        "".join(run.text for run in block.runs)
        for block in document.blocks
        if isinstance(block, Paragraph) and block.voice is voice
    ]


def headings(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 2]


def texts(table: Table) -> list[list[str]]:
    return [
        [" / ".join("".join(run.text for run in line) for line in cell.lines) for cell in row]
        for group in table.groups
        for row in group.rows
    ]


@pytest.mark.parametrize("language", BRIEF_LANGUAGES)
def test_every_language_has_every_phrase_with_the_same_places(language: str) -> None:
    phrases, english = PHRASES[language], PHRASES["en"]
    assert set(phrases) == set(english)
    free = {"n"}  # a plural form may do without its number
    assert [name for name in english if fields(phrases[name]) - free != fields(english[name]) - free] == []


def test_the_week_stands_in_three_lines(week_brief: Brief) -> None:
    document = document_of(week_brief)
    assert lines(document, Voice.LEAD) == [
        "8 stories: 21 articles in 9 outlets, in 5 languages, from 5 countries.",
        "The week before: 4 stories, 30 articles (stories +4, articles −9).",
        "Bodies named most: UN General Assembly (4), OSCE (2). Not named in the 4 weeks before: OSCE.",
    ]
    assert document.title == "Trafficking resolutions: Weekly brief, 16–22 November 2026"


def test_the_sections_stand_in_their_order(week_brief: Brief) -> None:
    assert headings(document_of(week_brief)) == [
        "The week in three lines",
        "Stories by stage",
        "Spread",
        "Day by day",
        "In their words",
        "Sources",
        "How this brief was made",
        "Annex: further stories",
    ]


def test_stories_stand_by_stage_and_say_what_the_headline_claims_too_much(week_brief: Brief) -> None:
    table = next(block for block in document_of(week_brief).blocks if isinstance(block, Table))
    assert [(group.head, len(group.rows)) for group in table.groups] == [
        ("Adopted in committee", 2),
        ("Under negotiation", 1),
        ("Stage not stated", 2),
    ]
    first = texts(table)[0]
    assert first[0].endswith("it was a committee; the body itself is still to vote.")
    assert first[1:] == ["Third Committee / UN General Assembly", "20 Nov 2026, 19:45", "Beresta Wire", "12"]
    assert texts(table)[2][0].endswith("Russian · began before this period")
    assert texts(table)[3][2] == "20 Nov 2026"


def test_without_a_stage_there_are_no_groups(week_brief: Brief) -> None:
    stories = tuple(replace(one, entry=replace(one.entry, stage=None)) for one in week_brief.stories)
    document = document_of(replace(week_brief, stories=stories))
    table = next(block for block in document.blocks if isinstance(block, Table))
    assert [group.head for group in table.groups] == [""]
    assert "Stories" in headings(document)


def test_days_stand_in_order_and_quiet_ones_in_one_line(week_brief: Brief) -> None:
    document = document_of(week_brief)
    days = [block.text for block in document.blocks if isinstance(block, Heading) and "Nov" in block.text]
    assert days == [
        "Wednesday, 18 November: 4 articles",
        "Thursday, 19 November: 5 articles",
        "Friday, 20 November: 9 articles",
    ]
    assert [len(block.items) for block in document.blocks if isinstance(block, Items)] == [1, 1, 3]
    notes = lines(document, Voice.NOTE)
    assert "Nothing was found on Monday, 16 November; Sunday, 22 November." in notes
    assert any(
        note.endswith("Tuesday, 17 November: 2 articles; Saturday, 21 November: 1 article.") for note in notes
    )


def test_a_quotation_marks_its_words_and_names_its_outlet(week_brief: Brief) -> None:
    quotes = [block for block in document_of(week_brief).blocks if isinstance(block, Quotation)]
    assert [run.text for run in quotes[0].runs if run.marked] == [
        "adopted by consensus",
        "trafficking in persons",
    ]
    assert quotes[0].source[0].url == "https://lantern.example.az/region/218001.html"
    assert quotes[0].source[1].text == " · example.az · Azerbaijan · 20 Nov 2026"
    assert [run.rtl for run in quotes[2].runs] == [True] * 3
    assert len(quotes) == 4, "a story without a sentence is not quoted"


def test_sources_that_fail_and_how_stories_were_chosen_are_told(week_brief: Brief) -> None:
    document = document_of(week_brief)
    body = " ".join(lines(document, Voice.BODY))
    assert "37 of 40 sources brought an article in this period." in body
    assert "Answered, and brought nothing new: Quiet Gazette." in body
    assert "412 articles came in; the rules are those of version abc123def456." in body
    assert (
        "Only articles in English, Russian; outlets of Azerbaijan; what the rules are at least 50 % sure of."
        in body
    )
    assert "between 16 Nov 2026, 00:00 and 23 Nov 2026, 00:00 (Minsk time, UTC+3)" in body
    failing = [
        block for block in document.blocks if isinstance(block, Table) and "did not answer" in block.caption
    ]
    assert texts(failing[0]) == [["Ruh News", "never", "3"], ["Harbour Post", "20 Nov 2026, 08:00", "2"]]


def test_an_empty_week_says_so(empty_brief: Brief) -> None:
    document = document_of(empty_brief)
    assert lines(document, Voice.LEAD) == [
        "Nothing was found on Trafficking resolutions.",
        "There is nothing to compare with: no article was read in the time before.",
        "No body is named.",
    ]
    assert headings(document) == ["The week in three lines", "Sources", "How this brief was made"]


def test_a_period_that_is_not_over_and_reading_that_just_began_are_said(week_brief: Brief) -> None:
    early = replace(week_brief, made_at=week_brief.end - timedelta(hours=12), before=None)
    document = document_of(early)
    assert lines(document, Voice.NOTE)[0] == (
        "The period is not over: this brief holds what had come in by 22 Nov 2026, 12:00, Minsk time."
    )
    assert lines(document, Voice.LEAD)[1] == (
        "There is nothing to compare with: articles are read since 1 Sep 2026, 03:00 only."
    )


def test_bodies_are_not_called_new_where_nothing_came_before(week_brief: Brief) -> None:
    document = document_of(replace(week_brief, bodies=Bodies((("OSCE", 1),), (), 0)))
    assert lines(document, Voice.LEAD)[2] == "Bodies named most: OSCE (1)."


def test_other_spans_than_a_week_are_no_week(week_brief: Brief) -> None:
    document = document_of(replace(week_brief, first_day=date(2026, 10, 28)))
    assert document.title == "Trafficking resolutions: Brief, 28 October – 22 November 2026"
    assert lines(document, Voice.LEAD)[1].startswith("The 26 days before: ")
    assert headings(document)[0] == "The period in three lines"


@pytest.mark.parametrize(
    ("language", "title", "counted"),
    [
        (
            "ru",
            "Недельный обзор, 16–22 ноября 2026",
            "8 сюжетов: 21 статья в 9 изданиях, на 5 языках, из 5 стран.",
        ),
        ("az", "Həftəlik icmal, 16–22 noyabr 2026", "8 xəbər: 21 məqalə, 9 nəşrdə, 5 dildə, 5 ölkədən."),
    ],
)
def test_the_frame_is_written_in_other_languages(
    week_brief: Brief, language: str, title: str, counted: str
) -> None:
    document = document_of(replace(week_brief, language=language))
    assert document.title == f"Trafficking resolutions: {title}"
    assert lines(document, Voice.LEAD)[0] == counted


def test_a_language_without_words_is_refused(week_brief: Brief) -> None:
    with pytest.raises(AlertError, match="choose one of en, ru, az"):
        document_of(replace(week_brief, language="xx"))


def test_languages_begin_with_a_capital_of_their_own() -> None:
    assert words_for("az", "UTC").tongue("en") == "İngilis"
    assert words_for("ru", "UTC").tongue("az") == "Азербайджанский"


def test_the_zone_is_called_as_in_the_digest_in_each_language() -> None:
    assert words_for("ru", "Europe/Minsk").zone_name() == "Минск"
    assert words_for("en", "Asia/Baku").zone_name() == "Baku"
    assert words_for("az", "Asia/Baku").zone_name() == "Bakı"
