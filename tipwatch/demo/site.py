"""The newsroom on loopback: one server per outlet on 127.0.0.1, and what to expect of each article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from crawler.source import Manners, Source
from tipwatch.demo.coverage import Answer, Outlet, PageStyle, Piece, read_outlets
from tipwatch.demo.feeds import FEED_PATH
from tipwatch.demo.server import Access, AccessLog, outlet_served


@dataclass(frozen=True, slots=True)
class Expected:
    """What a watch should make of one article.

    Attributes:
        topic: id of the default topic it belongs to; None for near misses and other news.
        story: shared by all reports of one event; None where it stands alone.
        near: for a near miss, what it could be mistaken over.
        published: aware UTC, whole minutes.
        answer: how its server answers; anything but PAGE is never read as an article.
        forbidden: robots.txt closes its path.
        style: where the page carries the time.
    """

    source_id: str
    language: str
    title: str
    topic: str | None
    story: str | None
    near: str | None
    published: datetime
    answer: Answer
    forbidden: bool
    style: PageStyle

    @property
    def readable(self) -> bool:
        """Whether a polite watch ends up with this article's text."""
        return self.answer is Answer.PAGE and not self.forbidden


class Newsroom:
    """The newsroom while it is served: its sources, the truth by article URL, and who asked for what."""

    def __init__(self, sources: tuple[Source, ...], truth: Mapping[str, Expected], log: AccessLog) -> None:
        self.sources = sources
        self.truth = truth
        self._log = log

    def accesses(self) -> tuple[Access, ...]:
        """Return every request answered so far, oldest first."""
        return self._log.read()


@contextmanager
def serve(port: int = 0, *, now: datetime) -> Iterator[Newsroom]:
    """Serve the newsroom until the block ends.

    Args:
        port: of the first outlet; the others follow. 0 takes whatever ports are free.
        now: aware; articles are dated back from it.

    Raises:
        OSError: a port asked for is taken.
    """
    log = AccessLog()
    sources: list[Source] = []
    truth: dict[str, Expected] = {}
    with ExitStack() as open_servers:
        for number, outlet in enumerate(read_outlets(now)):
            wanted = port + number if port else 0
            base_url = open_servers.enter_context(outlet_served(outlet, wanted, log))
            sources.append(_source(outlet, base_url))
            truth.update({base_url + p.path: _expected(outlet, p) for p in outlet.pieces})
        yield Newsroom(tuple(sources), MappingProxyType(truth), log)


def _source(outlet: Outlet, base_url: str) -> Source:
    return Source(
        id=outlet.id,
        name=outlet.name,
        feeds=(base_url + FEED_PATH[outlet.feed_style][0],),
        country=outlet.country,
        languages=(outlet.language,),
        timezone=outlet.timezone,
        manners=Manners(delay_s=0.0, per_host=4),
    )


def _expected(outlet: Outlet, piece: Piece) -> Expected:
    closed = [
        line.split(":", 1)[1].strip() for line in outlet.robots.splitlines() if line.startswith("Disallow:")
    ]
    return Expected(
        source_id=outlet.id,
        language=outlet.language,
        title=piece.title,
        topic=piece.topic,
        story=piece.story,
        near=piece.near,
        published=piece.published.astimezone(UTC),
        answer=piece.answer,
        forbidden=any(path and piece.path.startswith(path) for path in closed),
        style=outlet.page_style,
    )
