from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pipeline.article import Article, Classification, Credit, OutcomeKind, Precision, Published, Role
from pipeline.errors import StoreError
from pipeline.store import NewArticle, Store
from pipeline.stories import fingerprint

Make = Callable[..., NewArticle]
URL = "https://morning.example/1"


def test_every_field_of_an_article_comes_back(store: Store, noon: datetime, new_article: Make) -> None:
    new = new_article(URL)
    full = Article(
        url=URL,
        canonical_url="https://morning.example/canonical",
        source_id="morning-paper",
        outlet="Morning Paper",
        country="BY",
        title="Titel",
        text=new.article.text,
        authors=("A. Writer", "Политика"),
        published=Published(noon, Precision.DAY, 240, "visible", "source", "11.11.2023"),
        published_problem=None,
        modified_at=noon + timedelta(hours=1),
        language="en",
        language_origin="declared",
        credits=(Credit("BelTA", "БЕЛТА", 4, 9),),
        partial=True,
    )
    outcome = store.articles.add(replace(new, article=full), noon)
    assert (outcome.kind, outcome.topics) == (OutcomeKind.KEPT, ("resolutions",))
    record = store.articles.find(URL)
    assert record is not None
    assert record.article == full
    assert record.matches == new.classification.matches
    assert (record.role, record.first_seen_at, record.revised_at) == (Role.FIRST, noon, None)
    assert store.articles.find(record.id) == record
    assert store.articles.find("https://morning.example/canonical?utm_source=x") == record
    assert store.articles.find("https://morning.example/unknown") is None


def test_the_same_page_again_changes_nothing(store: Store, noon: datetime, new_article: Make) -> None:
    first = store.articles.add(new_article(URL), noon)
    again = store.articles.add(new_article(f"{URL}?utm_source=x"), noon + timedelta(days=1))
    assert again == first
    assert store.pages.counts() == {OutcomeKind.KEPT: 1}
    assert len(list(store.articles.export(matched_only=False))) == 1


def test_the_same_text_of_the_same_outlet_at_another_url_is_a_duplicate(
    store: Store, noon: datetime, new_article: Make, wire_text: str
) -> None:
    kept = store.articles.add(new_article(URL), noon)
    twin = store.articles.add(new_article("https://morning.example/2", text=wire_text.upper()), noon)
    assert (twin.kind, twin.article_id) == (OutcomeKind.DUPLICATE, kept.article_id)
    assert store.articles.find("https://morning.example/2") == store.articles.find(URL)


def test_the_same_text_at_another_outlet_is_a_reprint_in_the_same_story(
    store: Store, noon: datetime, new_article: Make
) -> None:
    store.articles.add(new_article(URL, published_at=noon), noon)
    reprint = new_article(
        "https://evening.example/9", outlet="Evening Post", published_at=noon + timedelta(hours=2)
    )
    assert store.articles.add(reprint, noon).kind is OutcomeKind.KEPT
    first, second = store.articles.export()
    assert first.story_id == second.story_id
    assert (first.role, second.role) == (Role.FIRST, Role.REPRINT)


def test_the_agency_that_comes_in_late_takes_the_first_place(
    store: Store, noon: datetime, new_article: Make
) -> None:
    store.articles.add(new_article(URL, published_at=noon), noon)
    agency = new_article("https://wire.example/5", outlet="Wire", published_at=noon - timedelta(hours=6))
    store.articles.add(agency, noon + timedelta(hours=3))
    paper, wire = store.articles.export()
    assert (paper.role, wire.role) == (Role.REPRINT, Role.FIRST)
    story = store.stories.find(wire.story_id)
    assert story is not None
    assert [member.id for member in story.members] == [wire.id, paper.id]


def test_two_editions_four_years_apart_are_two_stories(
    store: Store, noon: datetime, new_article: Make
) -> None:
    store.articles.add(new_article(URL, published_at=noon - timedelta(days=1460)), noon)
    store.articles.add(new_article("https://wire.example/5", outlet="Wire", published_at=noon), noon)
    first, second = store.articles.export()
    assert first.story_id != second.story_id
    assert (first.role, second.role) == (Role.FIRST, Role.FIRST)


def test_a_new_text_at_the_same_url_is_a_revision_and_the_old_one_is_history(
    store: Store, noon: datetime, new_article: Make, wire_text: str
) -> None:
    kept = store.articles.add(new_article(URL, topics=(), published_at=noon), noon)
    later = noon + timedelta(hours=5)
    revised = store.articles.add(
        new_article(URL, text=wire_text + "\nUpdated with a vote.", title="Updated"), later
    )
    assert (revised.kind, revised.article_id, revised.topics) == (
        OutcomeKind.REVISION,
        kept.article_id,
        ("resolutions",),
    )
    record = store.articles.find(URL)
    assert record is not None
    assert (record.article.title, record.revised_at, record.first_seen_at) == ("Updated", later, noon)
    assert record.article.published is not None  # known once, and not on the new page: not forgotten
    assert store.articles.history(record.id) == (("Committee adopts resolution", wire_text, later),)
    assert store.pages.counts() == {OutcomeKind.REVISION: 1}
    assert (
        store.articles.add(
            new_article(URL, text=wire_text + "\nUpdated with a vote.", title="Updated"), later
        )
        == revised
    )


def test_a_shared_canonical_url_is_believed_only_between_texts_that_are_akin(
    store: Store, noon: datetime, new_article: Make, wire_text: str
) -> None:
    """Some sites name their front page as the canonical URL of every page."""
    front = "https://morning.example/"
    store.articles.add(new_article(URL, canonical_url=front), noon)
    other = " ".join(f"quite{number} different" for number in range(60))
    second = new_article("https://morning.example/2", canonical_url=front, text=other, title="Harvest")
    assert store.articles.add(second, noon).kind is OutcomeKind.KEPT
    print_page = new_article(f"{URL}/print", canonical_url=front, text=wire_text + " Printed.")
    assert store.articles.add(print_page, noon).kind is OutcomeKind.REVISION


def test_export_streams_oldest_first_and_filters(
    store: Store, noon: datetime, new_article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.store.articles._BATCH", 7)
    for number in range(45):
        words = " ".join(f"n{number}w{word}" for word in range(25))
        topics = ("resolutions",) if number % 2 else ()
        seen = noon + timedelta(minutes=number)
        store.articles.add(new_article(f"https://morning.example/{number}", text=words, topics=topics), seen)
    everything = list(store.articles.export(matched_only=False))
    assert [record.id for record in everything] == sorted(record.id for record in everything)
    assert len(everything) == 45
    assert len(list(store.articles.export())) == 22
    assert len(list(store.articles.export(since=noon + timedelta(minutes=40)))) == 2


def test_nul_and_surrogates_are_replaced_one_for_one(store: Store, noon: datetime, new_article: Make) -> None:
    bad = new_article(URL, title="a\0b\ud800c", text="x\0y " * 30)
    store.articles.add(bad, noon)
    record = store.articles.find(URL)
    assert record is not None
    assert record.article.title == "a\ufffdb\ufffdc"
    assert len(record.article.text) == len(bad.article.text)
    assert record.matches[0].evidence[0].quote == "a\ufffdb\ufffdc"


def test_a_naive_publication_time_is_refused_and_nothing_is_kept(
    store: Store, noon: datetime, new_article: Make
) -> None:
    with pytest.raises(StoreError, match="has no time zone"):
        store.articles.add(new_article(URL, published_at=noon.replace(tzinfo=None)), noon)
    assert store.pages.total() == 0
    assert list(store.stories.listed(matched_only=False)) == []


def test_very_short_texts_with_other_titles_are_not_duplicates(store: Store, noon: datetime) -> None:
    kinds = []
    for number, title in enumerate(("Talks begin", "Talks end", "Talks end")):
        url = f"https://paper.example/{number}"
        article = Article(url, url, "paper", "Paper", None, title, "Subscribe to read on.", partial=True)
        new = NewArticle(url, article, Classification(), fingerprint(article.text, title))
        kinds.append(store.articles.add(new, noon).kind)
    assert kinds == [OutcomeKind.NO_MATCH, OutcomeKind.NO_MATCH, OutcomeKind.DUPLICATE]
