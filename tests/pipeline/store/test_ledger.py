"""The ledger of deliveries and the house, asked of real databases of both kinds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, text, update

from alerts.subscription import Recipient
from pipeline.article import OutcomeKind
from pipeline.store import Asked, DigestKind, NewDelivery, NewDigest, Store
from pipeline.store.tables import articles, digests, matches, outbox, stories, told

DAY = timedelta(days=1)


def article(store: Store, number: int, at: datetime, topic: str = "fruit") -> None:
    key = number.to_bytes(16, "big")
    with store.ledger.database.writing() as connection:
        connection.execute(insert(stories), {"id": f"s{number}", "first_seen_at": at})
        connection.execute(
            insert(articles),
            {
                "id": number,
                "url_key": key,
                "canonical_key": key,
                "url": f"https://paper.example/{number}",
                "canonical_url": f"https://paper.example/{number}",
                "source_id": "paper",
                "outlet": "Paper",
                "title": "Title",
                "text": "Text",
                "authors": [],
                "language": "en",
                "language_origin": "feed",
                "credits": [],
                "partial": False,
                "text_hash": key,
                "signature": b"",
                "first_seen_at": at,
                "story_id": f"s{number}",
                "role": "first",
            },
        )
        connection.execute(
            insert(matches),
            {
                "article_id": number,
                "topic": topic,
                "score": 0.5,
                "evidence": [],
                "pack_version": "v",
                "found_at": at,
            },
        )


def tell(store: Store, number: int, end: datetime, *article_ids: int, **other: object) -> None:
    mails = tuple(
        NewDelivery(
            Recipient(f"{name}@example.org"), "smtp", f"<{number}.{name}@x>", "s", f"{number}{name}", b"raw"
        )
        for name in ("first", "second")
    )
    new = NewDigest(
        f"d{number}", "desk", end - DAY, end, article_ids, asked=Asked(("fruit",), min_score=0.25), **other
    )  # type: ignore[arg-type]
    assert store.digests.save(new, mails, end)


def unguarded(store: Store, *statements: object) -> None:
    """Statements on a database whose foreign keys do not hold for once."""
    with store.ledger.database.writing() as connection:
        if store.ledger.database.postgres:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]


def test_a_digest_is_given_back_with_what_was_asked_and_its_rows(store: Store, noon: datetime) -> None:
    store.digests.register(["desk"], noon - DAY)
    article(store, 1, noon - timedelta(hours=1))
    tell(store, 1, noon, 1)
    (one,) = store.ledger.digests("desk")
    assert one.asked == Asked(("fruit",), min_score=0.25)
    assert (one.articles, one.mails, one.told, one.kind) == (1, 2, 1, DigestKind.DIGEST)
    assert [row.recipient for row in one.rows] == ["first@example.org", "second@example.org"]
    assert [row.state for row in one.rows] == ["pending", "pending"]
    assert store.ledger.digests("other") == []
    assert store.ledger.subscriptions() == {"desk": noon - DAY}
    assert store.ledger.last_window_end("desk", DigestKind.DIGEST) == noon
    assert store.ledger.last_window_end("desk", DigestKind.OPERATOR) is None


def test_articles_asked_for_and_articles_told_are_both_accounted_for(store: Store, noon: datetime) -> None:
    store.digests.register(["desk"], noon - DAY)
    for number, topic in ((1, "fruit"), (2, "fruit"), (3, "roots"), (4, "roots")):
        article(store, number, noon - timedelta(hours=number), topic)
    tell(store, 1, noon, 1, 3)
    found = {one.id: one for one in store.ledger.articles("desk", ["fruit"])}
    assert sorted(found) == [1, 2, 3], "the third was told, and is asked for no more"
    assert (found[1].told_in, found[1].told_to, found[1].way) == ("d1", "desk", "entry")
    assert [match.topic for match in found[1].matches] == ["fruit"]
    assert (found[2].told_in, found[2].told_to, found[2].way) == (None, None, None)
    assert found[3].matches == ()
    recent = store.ledger.articles("desk", ["fruit"], noon - timedelta(minutes=90))
    assert [one.id for one in recent] == [1, 3]
    assert [one.subscription_id for one in store.ledger.tellings([1, 2])] == ["desk"]


def test_rows_that_belong_to_nothing_and_rows_too_many_are_found(store: Store, noon: datetime) -> None:
    store.digests.register(["desk", "other"], noon - 3 * DAY)
    for number in (1, 2, 3):
        article(store, number, noon - 3 * DAY + timedelta(hours=number))
        tell(store, number, noon - (3 - number) * DAY, number)
    assert store.ledger.strays() == []
    unguarded(
        store,
        update(outbox).where(outbox.c.id == 2).values(recipient="first@example.org", channel="folder"),
        update(outbox).where(outbox.c.digest_id == "d2").values(message_id="<one@x>"),
        update(told).where(told.c.digest_id == "d2").values(subscription_id="other"),
    )
    assert {stray.what for stray in store.ledger.strays()} == {
        "two message ids",
        "one message id",
        "told elsewhere",
    }


def test_rows_whose_digest_is_gone_are_found(store: Store, noon: datetime) -> None:
    if not store.ledger.database.postgres:
        with store.ledger.database.engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
    store.digests.register(["desk"], noon - DAY)
    article(store, 1, noon - timedelta(hours=1))
    tell(store, 1, noon, 1)
    unguarded(store, delete(digests).where(digests.c.id == "d1"))
    found = sorted((stray.what, stray.digest_id, stray.article_id) for stray in store.ledger.strays())
    assert found == [
        ("delivery without digest", "d1", None),
        ("delivery without digest", "d1", None),
        ("told without digest", "d1", 1),
    ]


def test_the_bytes_of_all_mails_are_given_a_few_at_a_time(store: Store, noon: datetime) -> None:
    store.digests.register(["desk"], noon - 60 * DAY)
    for number in range(1, 41):
        tell(store, number, noon - (40 - number) * DAY)
    mails = list(store.ledger.mails())
    assert len(mails) == 80
    assert mails[0].raw == b"raw"
    assert len(list(store.ledger.mails(noon - DAY))) == 4


def test_the_house_says_how_much_was_done_and_how_large_it_is(store: Store, noon: datetime) -> None:
    article(store, 1, noon)
    article(store, 2, noon + timedelta(hours=1))
    done = store.house.work(noon, noon + DAY)
    assert (done.read, done.kept, done.matched) == (0, 1, 1), "after the beginning, up to the end"
    assert store.house.size_bytes() > 10_000
    assert store.house.pages_without([OutcomeKind.FAILED], noon, noon + DAY) == []
    assert (store.house.file is None) == store.ledger.database.postgres


def test_what_is_written_of_a_digest_can_be_read_by_people(
    store: Store, noon: datetime, clock: Callable[[], datetime]
) -> None:
    store.digests.register(["desk"], clock() - DAY)
    tell(store, 1, noon)
    with store.ledger.database.reading() as connection:
        row = connection.execute(select(digests.c.asked, digests.c.articles, digests.c.mails)).one()
    assert row.asked == {
        "topics": ["fruit"],
        "languages": [],
        "countries": [],
        "outlets": [],
        "min_score": 0.25,
    }
    assert (row.articles, row.mails) == (0, 2)
