"""Where an article belongs: the story of the text it is most alike to, or its own; and its role there."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from pipeline.article import Article, Precision, Published, Role
from pipeline.stories.fingerprint import Fingerprint, likeness

#: half of the three-word runs in common: a reprint with a new first paragraph keeps more than that, two
#: reporters writing about one event share less than a tenth
_ALIKE = 0.5
#: within one outlet, forms (rates, weather, the day's agenda) are alike without being one story
_ALIKE_AT_ONE_OUTLET = 0.8
#: next year's report on next year's resolution repeats this year's words: it is another story
_APART = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An article about to be placed."""

    article: Article
    fingerprint: Fingerprint
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """A stored article, as far as placing needs it."""

    article_id: int
    story_id: str
    outlet: str
    text_hash: bytes
    signature: bytes
    published_at: datetime | None
    first_seen_at: datetime


def story_id(url: str) -> str:
    """The id of the story that an article opens: 12 letters and digits, stable for its URL identity."""
    return (
        b32encode(blake2b(url.encode("utf-8", "surrogatepass"), digest_size=10).digest())
        .decode()[:12]
        .lower()
    )


def closest(newcomer: Newcomer, known: Iterable[Known]) -> Known | None:
    """The article whose story the newcomer joins; None when it opens its own."""
    scored = [(_likeness(newcomer, one), one) for one in known if _same_days(newcomer, one)]
    fitting = [(score, one) for score, one in scored if score >= _needed(newcomer, one)]
    return max(fitting, key=lambda pair: (pair[0], -pair[1].article_id))[1] if fitting else None


def roles(newcomer: Newcomer, alike: Known, first: Known) -> tuple[Role, Role]:
    """The roles of the newcomer, and of the story's first report so far.

    Args:
        newcomer: about to join the story.
        alike: what `closest` gave.
        first: the story's first report.
    """
    own = Role.REPORT if _one_outlet(newcomer, alike) else Role.REPRINT
    if _is_earlier(newcomer.article.published, first):
        return Role.FIRST, own
    return own, Role.FIRST


def _is_earlier(published: Published | None, first: Known) -> bool:
    """Whether it surely came before `first`: a bare day may mean its last minute."""
    if published is None:
        return False
    latest = published.at + timedelta(days=1) if published.precision is Precision.DAY else published.at
    return latest < (first.published_at or first.first_seen_at)


def _likeness(newcomer: Newcomer, one: Known) -> float:
    if newcomer.fingerprint.text_hash == one.text_hash:
        return 1.0
    return likeness(newcomer.fingerprint.signature, one.signature)


def _needed(newcomer: Newcomer, one: Known) -> float:
    return _ALIKE_AT_ONE_OUTLET if _one_outlet(newcomer, one) else _ALIKE


def _one_outlet(newcomer: Newcomer, one: Known) -> bool:
    return newcomer.article.outlet.casefold() == one.outlet.casefold()


def _same_days(newcomer: Newcomer, one: Known) -> bool:
    published = newcomer.article.published
    if published is None or one.published_at is None:
        return abs(newcomer.first_seen_at - one.first_seen_at) <= _APART
    return abs(published.at - one.published_at) <= _APART
