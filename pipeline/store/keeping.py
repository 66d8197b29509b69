"""Keeping an article: known, duplicate, revision or new; its matches; its story. One transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from crawler.urls import identity
from pipeline.article import Outcome, OutcomeKind, Role
from pipeline.store.keys import page_key
from pipeline.store.records import NewArticle
from pipeline.store.rows import article_values, match_values
from pipeline.store.tables import AnyRow, articles, bands, matches, pages, revisions, scorings, stories
from pipeline.store.verdicts import Reread, change_matches, mark_read
from pipeline.stories import Known, Newcomer, closest, likeness, roles, story_id

#: a page that claims another one's canonical URL must share this much with it, or its title, to be believed:
#: some sites name their front page on every page
_AKIN = 0.3
#: texts compared with a newcomer at most, newest first: a form that all outlets use must not cost more
_MOST_COMPARED = 200

_KNOWN = (
    articles.c.id,
    articles.c.story_id,
    articles.c.outlet,
    articles.c.text_hash,
    articles.c.signature,
    articles.c.published_at,
    articles.c.first_seen_at,
)
_FOUND = (articles.c.url_key, articles.c.url, articles.c.title, articles.c.source_id, *_KNOWN)

_AT_URL = (
    select(*_FOUND)
    .where(
        or_(
            articles.c.url_key.in_(bindparam("url_keys", expanding=True)),
            articles.c.canonical_key == bindparam("own_key"),
        )
    )
    .order_by(articles.c.id)
    .limit(_MOST_COMPARED)
)
_SAME_TEXT = (
    select(*_FOUND)
    .where(articles.c.text_hash == bindparam("hash"))
    .order_by(articles.c.id.desc())
    .limit(_MOST_COMPARED)
)
_SHARING_A_BAND = (
    select(*_FOUND)
    .where(
        articles.c.id.in_(
            select(bands.c.article_id).where(bands.c.value.in_(bindparam("bands", expanding=True))).distinct()
        )
    )
    .order_by(articles.c.id.desc())
    .limit(_MOST_COMPARED)
)
_FIRST_OF = select(*_FOUND).where(
    articles.c.story_id == bindparam("story"), articles.c.role == Role.FIRST.value
)
_SET_ROLE = update(articles).where(articles.c.id == bindparam("row_id")).values(role=bindparam("new_role"))


def keep(connection: Connection, new: NewArticle, now: datetime) -> Outcome:
    """Store what is new in `new`; the outcome of its page, not yet recorded."""
    same = _same_place(connection, new)
    if same is not None:
        if same.text_hash != new.fingerprint.text_hash:
            return _revise(connection, same, new, now)
        return _standing(connection, same, new)
    same_text = connection.execute(_SAME_TEXT, {"hash": new.fingerprint.text_hash}).all()
    twin = next((row for row in reversed(same_text) if _one_outlet(row, new)), None)
    if twin is not None:
        return Outcome(OutcomeKind.DUPLICATE, f"same text as {twin.url}", twin.id)
    return _add(connection, new, same_text, now)


def _same_place(connection: Connection, new: NewArticle) -> AnyRow | None:
    """The stored article at this URL, or at the URL that this page says is its own."""
    url_key = page_key(new.article.url)
    canonical_key = page_key(new.article.canonical_url)
    found = connection.execute(
        _AT_URL, {"url_keys": [url_key, canonical_key], "own_key": canonical_key}
    ).all()
    for row in found:
        if row.url_key == url_key:
            return row
    return next((row for row in found if _one_outlet(row, new) and _akin(row, new)), None)


def _akin(row: AnyRow, new: NewArticle) -> bool:
    same = row.text_hash == new.fingerprint.text_hash or row.title == new.article.title
    return same or likeness(row.signature, new.fingerprint.signature) >= _AKIN


def _one_outlet(row: AnyRow, new: NewArticle) -> bool:
    same_source: bool = row.source_id == new.article.source_id
    return same_source or row.outlet.casefold() == new.article.outlet.casefold()


def _standing(connection: Connection, same: AnyRow, new: NewArticle) -> Outcome:
    """The outcome of a page whose article is stored as it is: what it was, or a duplicate."""
    key = page_key(new.page_url)
    row = connection.execute(
        select(pages.c.outcome, pages.c.detail).where(pages.c.key == key, pages.c.article_id == same.id)
    ).first()
    if row is None:
        return Outcome(OutcomeKind.DUPLICATE, f"same article as {same.url}", same.id)
    kind = OutcomeKind(row.outcome)
    topics = _topics(new) if kind in {OutcomeKind.KEPT, OutcomeKind.REVISION} else ()
    return Outcome(kind, row.detail, same.id, topics)


def _revise(connection: Connection, same: AnyRow, new: NewArticle, now: datetime) -> Outcome:
    """Keep the old text as history, and let the article say what it says now. Its place and its URL stay."""
    old = connection.execute(select(articles.c.title, articles.c.text).where(articles.c.id == same.id)).one()
    connection.execute(
        insert(revisions).values(article_id=same.id, title=old.title, text=old.text, replaced_at=now)
    )
    values = article_values(new.article, new.fingerprint)
    for standing in ("url_key", "canonical_key", "url", "canonical_url", "source_id", "outlet", "country"):
        del values[standing]
    if new.article.published is None:  # what was known once is not forgotten
        values = {name: value for name, value in values.items() if not name.startswith("published_")}
    connection.execute(update(articles).where(articles.c.id == same.id).values(**values, revised_at=now))
    connection.execute(delete(bands).where(bands.c.article_id == same.id))
    _insert_bands(connection, same.id, new)
    _replace_matches(connection, same.id, new, now)
    return Outcome(OutcomeKind.REVISION, f"new text of {same.url}", same.id, _topics(new))


def _replace_matches(connection: Connection, article_id: int, new: NewArticle, now: datetime) -> None:
    """The new text's matches; a topic matched before keeps when and how it was found, one matched no more is withdrawn."""
    said = new.classification
    mark_read(connection, article_id, said.pack_version)
    change_matches(connection, Reread(article_id, said.matches, said.pack_version, now), told=False)


def _add(connection: Connection, new: NewArticle, same_text: Sequence[AnyRow], now: datetime) -> Outcome:
    newcomer = Newcomer(new.article, new.fingerprint, now)
    alike = closest(newcomer, _known([*same_text, *_alike(connection, new)]))
    if alike is None:
        story, role = story_id(identity(new.article.url)), Role.FIRST
        connection.execute(insert(stories), {"id": story, "first_seen_at": now})
    else:
        story, role = alike.story_id, _join(connection, newcomer, alike)
    values = article_values(new.article, new.fingerprint)
    values |= {"first_seen_at": now, "story_id": story, "role": role.value}
    result = connection.execute(insert(articles), values)
    assert result.inserted_primary_key is not None
    article_id: int = result.inserted_primary_key[0]
    _insert_bands(connection, article_id, new)
    connection.execute(
        insert(scorings), {"article_id": article_id, "pack_version": new.classification.pack_version}
    )
    rows = [match_values(article_id, match, now) for match in new.classification.matches]
    if rows:
        connection.execute(insert(matches), rows)
    kind = OutcomeKind.KEPT if rows else OutcomeKind.NO_MATCH
    return Outcome(kind, "", article_id, _topics(new))


def _alike(connection: Connection, new: NewArticle) -> Sequence[AnyRow]:
    """Stored articles that share a band with the new one."""
    values = new.fingerprint.bands()
    return connection.execute(_SHARING_A_BAND, {"bands": values}).all() if values else ()


def _join(connection: Connection, newcomer: Newcomer, alike: Known) -> Role:
    """The newcomer's role; the story's first report may have to stand back."""
    row = connection.execute(_FIRST_OF, {"story": alike.story_id}).one()
    (first,) = _known([row])
    own, firsts = roles(newcomer, alike, first)
    if firsts is not Role.FIRST:
        connection.execute(_SET_ROLE, {"row_id": first.article_id, "new_role": firsts.value})
    return own


def _known(rows: Iterable[AnyRow]) -> list[Known]:
    return [
        Known(
            article_id=row.id,
            story_id=row.story_id,
            outlet=row.outlet,
            text_hash=row.text_hash,
            signature=bytes(row.signature),
            published_at=row.published_at,
            first_seen_at=row.first_seen_at,
        )
        for row in rows
    ]


def _insert_bands(connection: Connection, article_id: int, new: NewArticle) -> None:
    values = set(new.fingerprint.bands())
    if values:
        connection.execute(insert(bands), [{"value": value, "article_id": article_id} for value in values])


def _topics(new: NewArticle) -> tuple[str, ...]:
    return tuple(match.topic for match in new.classification.matches)
