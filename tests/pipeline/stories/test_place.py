from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.article import Precision, Role
from pipeline.store import NewArticle
from pipeline.stories import Known, Newcomer, closest, roles, story_id

NOON = datetime(2023, 11, 11, 12, tzinfo=UTC)
Make = Callable[..., NewArticle]


def newcomer(new: NewArticle, seen: datetime = NOON) -> Newcomer:
    return Newcomer(new.article, new.fingerprint, seen)


def known(new: NewArticle, article_id: int = 1, seen: datetime = NOON) -> Known:
    published = new.article.published
    return Known(
        article_id=article_id,
        story_id=f"story{article_id}",
        outlet=new.article.outlet,
        text_hash=new.fingerprint.text_hash,
        signature=new.fingerprint.signature,
        published_at=published.at if published else None,
        first_seen_at=seen,
    )


def test_the_same_text_at_another_outlet_joins_its_story(new_article: Make) -> None:
    first = known(new_article("https://a.example/1", outlet="A"))
    assert closest(newcomer(new_article("https://b.example/1", outlet="B")), [first]) == first


def test_the_most_alike_text_wins(new_article: Make, wire_text: str) -> None:
    exact = known(new_article("https://a.example/1", outlet="A"), 7)
    cut = known(new_article("https://c.example/1", outlet="C", text=wire_text[:-60]), 3)
    assert closest(newcomer(new_article("https://b.example/1", outlet="B")), [cut, exact]) == exact


def test_the_same_headline_over_another_text_opens_another_story(new_article: Make, wire_text: str) -> None:
    other = " ".join(reversed(wire_text.split()))
    first = known(new_article("https://a.example/1", outlet="A"))
    assert closest(newcomer(new_article("https://b.example/1", outlet="B", text=other)), [first]) is None


def test_next_years_report_is_another_story_even_word_for_word(new_article: Make) -> None:
    old = known(new_article("https://a.example/1", outlet="A", published_at=NOON - timedelta(days=1460)))
    assert closest(newcomer(new_article("https://b.example/2", outlet="B", published_at=NOON)), [old]) is None


@pytest.mark.parametrize(("days", "joins"), [(13, True), (15, False)])
def test_without_dates_the_days_on_which_we_saw_them_count(
    new_article: Make, *, days: int, joins: bool
) -> None:
    old = known(new_article("https://a.example/1", outlet="A"), seen=NOON - timedelta(days=days))
    assert (closest(newcomer(new_article("https://b.example/2", outlet="B")), [old]) is not None) is joins


def test_a_form_filled_in_anew_by_one_outlet_is_not_one_story(new_article: Make, wire_text: str) -> None:
    """Rates, weather, agendas: half the words are the same every day."""
    today = wire_text.replace("October", "June").replace("Saturday", "Monday").replace("victims", "farmers")
    first = known(new_article("https://a.example/1", outlet="A"))
    assert closest(newcomer(new_article("https://a.example/2", outlet="a", text=today)), [first]) is None
    assert closest(newcomer(new_article("https://b.example/2", outlet="B", text=today)), [first]) == first


def test_the_earlier_report_is_first_and_the_other_stands_back(new_article: Make) -> None:
    late = known(new_article("https://a.example/1", outlet="A", published_at=NOON))
    early = newcomer(new_article("https://b.example/1", outlet="B", published_at=NOON - timedelta(hours=6)))
    assert roles(early, late, late) == (Role.FIRST, Role.REPRINT)


def test_a_bare_day_is_not_taken_for_its_midnight(new_article: Make) -> None:
    first = known(new_article("https://a.example/1", outlet="A", published_at=NOON))
    midnight = NOON.replace(hour=0)
    same_day = new_article("https://b.example/1", outlet="B", published_at=midnight, precision=Precision.DAY)
    assert roles(newcomer(same_day), first, first) == (Role.REPRINT, Role.FIRST)
    day_before = new_article(
        "https://b.example/1", outlet="B", published_at=midnight - timedelta(days=1), precision=Precision.DAY
    )
    assert roles(newcomer(day_before), first, first) == (Role.FIRST, Role.REPRINT)


def test_an_undated_copy_never_takes_the_first_place(new_article: Make) -> None:
    first = known(new_article("https://a.example/1", outlet="A", published_at=NOON))
    assert roles(newcomer(new_article("https://b.example/1", outlet="B")), first, first)[0] is Role.REPRINT


def test_a_storys_id_is_short_and_stable() -> None:
    assert (
        story_id("https://a.example/1") == story_id("https://a.example/1") != story_id("https://a.example/2")
    )
    assert len(story_id("https://a.example/1")) == 12
