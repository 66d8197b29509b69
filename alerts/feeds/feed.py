"""A feed and its items as values, and how a story becomes an item: its words cleaned, its HTML our own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from alerts.channels.email import clean_header
from alerts.digest import Copy, DigestEntry, Segment
from alerts.render.links import safe_link
from alerts.render.words import direction

_LONGEST_TITLE = 400
#: what XML 1.0 (2.2) has no place for; surrogates among it
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_TONGUE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,5}")


@dataclass(frozen=True, slots=True)
class FeedItem:
    """A story in a feed.

    Attributes:
        id: a tag URI (RFC 4151), the same for ever.
        url: of the article on top, in ASCII; None when it is none that one may link to.
        html: our own: what stands in it is escaped.
        published_at: aware UTC; when the article was published, or first seen where that is not known.
        updated_at: aware UTC, not before a further article came.
    """

    id: str
    url: str | None
    title: str
    outlet: str
    language: str | None
    summary: str
    html: str
    topics: tuple[str, ...]
    published_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed.

    Attributes:
        id: a tag URI, the same for ever.
        home_url: a page about whoever publishes it, http, https or mailto.
        items: newest first.
    """

    id: str
    title: str
    description: str
    home_url: str
    items: tuple[FeedItem, ...]

    @property
    def updated_at(self) -> datetime:
        """When the latest item was; long ago without items, so that the same feed has the same bytes."""
        return max((item.updated_at for item in self.items), default=datetime(2000, 1, 1, tzinfo=UTC))


def clean(text: str) -> str:
    """The text without what XML cannot hold."""
    return _NOT_XML.sub("", text)


def clean_line(text: str) -> str:
    """One line of a title's length that XML can hold."""
    return clean(clean_header(text, _LONGEST_TITLE))


def tag_uri(authority: str, since: datetime, name: str) -> str:
    """A tag URI (RFC 4151) for something of ours.

    Args:
        authority: a domain that was ours on that day.
        since: aware; its day in UTC is part of the URI, and must never change.
        name: of letters, digits and ``-._:/``.
    """
    return f"tag:{authority},{since.astimezone(UTC):%Y-%m-%d}:{name}"


def item_of(entry: DigestEntry, authority: str, began_at: datetime, updated_at: datetime) -> FeedItem:
    """A story as an item.

    Args:
        entry: the story as a digest has it.
        authority: a domain of ours.
        began_at: when we first saw the story; never another one for this story.
        updated_at: when its latest article was found.
    """
    return FeedItem(
        id=tag_uri(authority, began_at, f"story:{entry.story_id}"),
        url=safe_link(entry.url),
        title=clean_line(_plain(entry.headline)) or clean_line(entry.outlet),
        outlet=clean_line(entry.outlet),
        language=_tongue(entry.language),
        summary=clean_line(_plain(entry.lead)),
        html=clean(_html(entry)),
        topics=tuple(clean_line(topic) for topic in entry.topics),
        published_at=min(entry.published_at or entry.first_seen_at, updated_at),
        updated_at=updated_at,
    )


def _html(entry: DigestEntry) -> str:
    lines = []
    if entry.lead:
        tongue = _tongue(entry.language)
        lang = f' lang="{tongue}"' if tongue else ""
        lines.append(f'<p dir="{direction(tongue)}"{lang}>{_marked(entry.lead)}</p>')
    if entry.why:
        lines += ["<ul>", *_reasons(entry), "</ul>"]
    if entry.copies:
        lines += ["<ul>", *(f"<li>{_copy(copy)}</li>" for copy in entry.copies), "</ul>"]
    return "\n".join(lines)


def _reasons(entry: DigestEntry) -> Iterable[str]:
    return (f"<li>{escape(one.label)}: <q>{_marked(one.quote)}</q></li>" for one in entry.why)


def _copy(copy: Copy) -> str:
    title = escape(clean_line(f"{copy.outlet}: {copy.title}"))
    url = safe_link(copy.url)
    return f'<a href="{escape(url)}" rel="noopener noreferrer">{title}</a>' if url else title


def _marked(segments: Sequence[Segment]) -> str:
    return "".join(f"<mark>{escape(one.text)}</mark>" if one.marked else escape(one.text) for one in segments)


def _tongue(language: str | None) -> str | None:
    """The language tag, if it is formed like one (BCP 47); pages declare anything."""
    return language if language and _TONGUE.fullmatch(language) else None


def _plain(segments: Sequence[Segment]) -> str:
    return "".join(segment.text for segment in segments)
