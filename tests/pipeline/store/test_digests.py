from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from alerts.outbox import DeliveryState
from alerts.subscription import Recipient
from pipeline.errors import StoreError
from pipeline.store import NewArticle, NewDelivery, NewDigest, Store, StoryQuery, StoryRecord

Make = Callable[..., NewArticle]
HOUR = timedelta(hours=1)


def mail(address: str, digest_id: str = "d1") -> NewDelivery:
    who = Recipient(address, "Reader")
    return NewDelivery(
        who, "email", f"<d.{digest_id}@x>", "News", f"{digest_id}-{address}", b"raw \x00\xff bytes"
    )


def told(store: Store, query: StoryQuery, digest_id: str = "d1") -> bool:
    ids = tuple(member.id for story in store.stories.between(query) for member in story.members)
    new = NewDigest(digest_id, query.subscription_id, query.start, query.end, ids)
    return store.digests.save(new, [mail("a@example.org", digest_id)], query.end)


def window(noon: datetime, hours: int = 2, **more: object) -> StoryQuery:
    return StoryQuery("desk", noon, noon + hours * HOUR, ("resolutions",), **more)  # type: ignore[arg-type]  # fields


def urls(stories: list[StoryRecord]) -> list[str]:
    return [member.article.url for story in stories for member in story.members]


@pytest.fixture
def desk(store: Store, noon: datetime) -> Store:
    store.digests.register(["desk"], noon)
    return store


def test_a_subscription_starts_when_it_is_first_seen(store: Store, noon: datetime) -> None:
    store.digests.register(["desk", "desk"], noon)
    store.digests.register(["desk", "other"], noon + HOUR)
    state = store.digests.state("desk")
    assert (state.since, state.last_window_end, state.digests) == (noon, None, 0)
    with pytest.raises(StoreError, match="'nobody' is not known"):
        store.digests.state("nobody")


def test_a_window_is_open_at_its_start_and_closed_at_its_end(
    desk: Store, noon: datetime, new_article: Make
) -> None:
    for number, at in enumerate(
        (noon, noon + HOUR, noon + 2 * HOUR, noon + 2 * HOUR + timedelta(microseconds=1))
    ):
        text = " ".join(f"{number}word{word}" for word in range(30))
        desk.articles.add(new_article(f"https://p.example/{number}", text=text), at)
    assert urls(desk.stories.between(window(noon))) == ["https://p.example/1", "https://p.example/2"]


def test_a_story_is_told_once_and_new_copies_say_that_it_was(
    desk: Store, noon: datetime, new_article: Make
) -> None:
    desk.articles.add(new_article("https://a.example/1", outlet="A"), noon + HOUR)
    assert told(desk, window(noon))
    assert desk.stories.between(window(noon)) == []
    desk.articles.add(new_article("https://b.example/1", outlet="B"), noon + 3 * HOUR)
    (story,) = desk.stories.between(window(noon, 4))
    assert story.already_told
    assert [member.article.outlet for member in story.members] == ["B"]
    assert [other.article.outlet for other in story.others] == ["A"]
    other_desk = StoryQuery("other", noon, noon + 4 * HOUR, ("resolutions",))
    (fresh,) = desk.stories.between(other_desk)
    assert (len(fresh.members), fresh.already_told) == (2, False)


def test_languages_countries_score_and_topics_narrow_what_is_told(
    desk: Store, noon: datetime, new_article: Make
) -> None:
    cases = {"en": ("BY", 0.9), "ru": ("RU", 0.4), "az": ("AZ", 0.9)}
    for number, (language, (country, score)) in enumerate(cases.items()):
        text = " ".join(f"{number}word{word}" for word in range(30))
        new = new_article(
            f"https://{language}.example/", text=text, language=language, country=country, score=score
        )
        desk.articles.add(new, noon + HOUR)
    assert len(desk.stories.between(window(noon))) == 3
    assert urls(desk.stories.between(window(noon, languages=("ru",)))) == ["https://ru.example/"]
    assert urls(desk.stories.between(window(noon, countries=("AZ", "FR")))) == ["https://az.example/"]
    assert len(desk.stories.between(window(noon, min_score=0.5))) == 2
    assert desk.stories.between(StoryQuery("desk", noon, noon + 2 * HOUR, ("news",))) == []


def test_an_article_that_came_to_the_topic_by_a_revision_is_told_then(
    desk: Store, noon: datetime, new_article: Make, wire_text: str
) -> None:
    desk.articles.add(new_article("https://a.example/1", text="Nothing yet. " * 20, topics=()), noon + HOUR)
    assert told(desk, window(noon))
    desk.articles.add(new_article("https://a.example/1", text=wire_text), noon + 3 * HOUR)
    after = StoryQuery("desk", noon + 2 * HOUR, noon + 4 * HOUR, ("resolutions",))
    assert urls(desk.stories.between(after)) == ["https://a.example/1"]


def test_an_article_committed_just_after_its_window_was_told_is_not_lost(
    desk: Store, noon: datetime, new_article: Make
) -> None:
    assert told(desk, window(noon))
    late = noon + 2 * HOUR - timedelta(seconds=5)  # its clock was read before the window ended
    desk.articles.add(new_article("https://a.example/1"), late)
    after = StoryQuery("desk", noon + 2 * HOUR, noon + 4 * HOUR, ("resolutions",))
    assert urls(desk.stories.between(after)) == ["https://a.example/1"]


def test_nothing_from_before_the_subscription_is_told_unless_asked_for(
    store: Store, noon: datetime, new_article: Make
) -> None:
    store.articles.add(new_article("https://a.example/1"), noon - timedelta(minutes=5))
    store.digests.register(["desk"], noon)
    assert store.stories.between(window(noon)) == []
    back_issue = StoryQuery("desk", noon - HOUR, noon, ("resolutions",))
    assert urls(store.stories.between(back_issue)) == ["https://a.example/1"]


def test_a_window_has_one_digest(desk: Store, noon: datetime, new_article: Make) -> None:
    desk.articles.add(new_article("https://a.example/1"), noon + HOUR)
    assert told(desk, window(noon))
    assert not told(desk, window(noon), "d2")
    state = desk.digests.state("desk")
    assert (state.last_window_end, state.digests) == (noon + 2 * HOUR, 1)
    assert desk.digests.show("d2") is None
    assert desk.outbox.counts() == {DeliveryState.PENDING: 1}


def test_an_article_is_told_once_even_by_overlapping_windows(
    desk: Store, noon: datetime, new_article: Make
) -> None:
    article_id = desk.articles.add(new_article("https://a.example/1"), noon + HOUR).article_id
    assert article_id is not None
    assert told(desk, window(noon))
    overlapping = NewDigest("d2", "desk", noon, noon + 3 * HOUR, (article_id,))
    assert not desk.digests.save(overlapping, [mail("a@example.org", "d2")], noon)
    assert desk.digests.listed("desk") == [desk.digests.show("d1")]
    assert [digest.id for digest in desk.digests.telling(article_id)] == ["d1"]


def test_a_digest_shows_its_mails_and_keeps_their_bytes(desk: Store, noon: datetime) -> None:
    new = NewDigest("d1", "desk", noon, noon + HOUR, ())
    assert desk.digests.save(new, [mail("a@example.org"), mail("b@example.org")], noon + HOUR)
    shown = desk.digests.show("d1")
    assert shown is not None
    assert [one.recipient for one in shown.deliveries] == [
        Recipient("a@example.org", "Reader"),
        Recipient("b@example.org", "Reader"),
    ]
    assert {one.state for one in shown.deliveries} == {DeliveryState.PENDING}
    assert desk.outbox.raw(shown.deliveries[0].id) == b"raw \x00\xff bytes"
    assert desk.outbox.raw(999_999) is None


def test_a_digest_that_cannot_be_kept_whole_is_not_kept_at_all(desk: Store, noon: datetime) -> None:
    new = NewDigest("d1", "desk", noon, noon + HOUR, ())
    with pytest.raises(StoreError):
        desk.digests.save(new, [mail("a@example.org"), mail("a@example.org")], noon)
    assert desk.digests.show("d1") is None
    assert desk.outbox.listed() == []


def test_facts_count_what_was_read_in_the_window(desk: Store, noon: datetime, new_article: Make) -> None:
    desk.articles.add(new_article("https://a.example/1", outlet="A", topics=()), noon + HOUR)
    desk.articles.add(new_article("https://b.example/1", outlet="B"), noon + HOUR)
    desk.articles.add(new_article("https://c.example/1", outlet="C"), noon)
    facts = desk.digests.facts(noon, noon + 2 * HOUR)
    assert (facts.articles_read, facts.sources_read, facts.silent_sources) == (2, 2, ())
