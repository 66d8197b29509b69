"""A publishing round: the newest stories of each topic as feeds in a folder, for whoever reads along without mail."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from alerts.feeds import Feed, FeedForm, FeedItem, item_of, tag_uri, written
from pipeline.rules import RulePack
from pipeline.store import Store, StoryRecord
from tipwatch.config import Config, Publish
from tipwatch.entries import Wording, entry_of
from tipwatch.errors import UsageError

#: since when our tag URIs name feeds; part of their ids, and so never another day
_FEEDS_SINCE = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Published:
    """What a publishing round did.

    Attributes:
        written: files that say something new; the others were left alone, so that nobody fetches them in vain.
        unchanged: how many were left alone.
        problem: why the folder could not be written, one line for people; empty when nothing is wrong.
    """

    written: tuple[Path, ...] = ()
    unchanged: int = 0
    problem: str = ""


def publish_round(config: Config, store: Store, pack: RulePack) -> Published:
    """Bring the feeds in the configured folder up to date; nothing where none is configured."""
    publish = config.publish
    if publish is None:
        return Published()
    files = (file for topic in pack.topics for file in files_of(config, store, pack, topic, publish))
    new: list[Path] = []
    unchanged = 0
    try:
        publish.folder.mkdir(parents=True, exist_ok=True)
        for path, content in files:
            if replaced(path, content):
                new.append(path)
            else:
                unchanged += 1
    except OSError as error:
        problem = f"feeds cannot be written to {publish.folder}: {error.strerror or error}"
        return Published(tuple(new), unchanged, problem)
    return Published(tuple(new), unchanged)


def files_of(
    config: Config, store: Store, pack: RulePack, topic: str, publish: Publish
) -> Iterator[tuple[Path, bytes]]:
    """The files of one topic, by their paths."""
    feed = topic_feed(config, store, pack, topic, publish.entries)
    for form in FeedForm:
        name = f"{topic}.{form}"
        self_url = f"{publish.base_url}/{name}" if publish.base_url else None
        yield publish.folder / name, written(feed, form, self_url)


def topic_feed(config: Config, store: Store, pack: RulePack, topic: str, entries: int) -> Feed:
    """The newest stories of a topic, at most so many."""
    title = pack.topics[topic].title
    items = []
    for newest in store.newest.on_topic(topic, entries):
        story = store.stories.find(newest.story_id)
        if story is not None and (told := of_topics(story, frozenset({topic}))) is not None:
            items.append(story_item(config, pack, told, newest.found_at))
    return feed_of(config, f"feed:{topic}", title, items)


def newest_items(
    config: Config, store: Store, pack: RulePack, since: datetime | None, most: int
) -> tuple[list[FeedItem], int]:
    """The newest stories on any topic as items, at most so many, and how many older ones were left out.

    `since`: only stories with an article first seen then or later; None: all.
    """
    kept: deque[StoryRecord] = deque(maxlen=most)
    left_out = 0
    for story in store.stories.listed(since=since):
        if (told := of_topics(story, frozenset(pack.topics))) is not None:
            left_out += len(kept) == most
            kept.append(told)
    items = [story_item(config, pack, told, max(one.first_seen_at for one in told.members)) for told in kept]
    return items, left_out


def feed_of(config: Config, name: str, title: str, items: Iterable[FeedItem]) -> Feed:
    """A feed of ours, its items newest first."""
    return Feed(
        id=tag_uri(config.mail.public_name, _FEEDS_SINCE, name),
        title=f"{title} · tipwatch",
        description=f"{title}: what outlets reported, with the words that decided",
        home_url=home_url(config),
        items=tuple(sorted(items, key=lambda item: (item.updated_at, item.id), reverse=True)),
    )


def story_item(config: Config, pack: RulePack, story: StoryRecord, updated_at: datetime) -> FeedItem:
    """A story as an item of a feed; each of its members has a match."""
    titles = {topic.id: topic.title for topic in pack.topics.values()}
    wording = Wording(pack.label, lambda topic: titles.get(topic, topic), pack.decisive)
    return item_of(entry_of(story, wording), config.mail.public_name, story.first_seen_at, updated_at)


def of_topics(story: StoryRecord, topics: frozenset[str]) -> StoryRecord | None:
    """The story, its members those on the topics with these matches only; None when no article is on any."""
    everybody = (*story.members, *story.others)
    asked = [
        replace(record, matches=tuple(match for match in record.matches if match.topic in topics))
        for record in everybody
    ]
    members = tuple(record for record in asked if record.matches)
    if not members:
        return None
    others = tuple(record for record, narrowed in zip(everybody, asked, strict=True) if not narrowed.matches)
    return replace(story, members=members, others=others)


def home_url(config: Config) -> str:
    """A page or mailbox of whoever publishes: where the feeds lie, else the contact."""
    if config.publish is not None and config.publish.base_url:
        return config.publish.base_url
    contact = config.contact
    return contact if "://" in contact or contact.startswith("mailto:") else f"mailto:{contact}"


def replaced(path: Path, content: bytes) -> bool:
    """Let the file say this, whole or not at all; False, and the file not touched, when it does already.

    Raises:
        OSError: it cannot be written.
        UsageError: in its place there is something that is no file.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder: a feed is to be written there")
    if path.exists() and path.read_bytes() == content:
        return False
    half = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with half.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
    return True
