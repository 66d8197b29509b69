"""Many pages, all cores busy, in order: extraction in killable workers."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from crawler.worker import Broken, BrokenWhy, Done, Workers
from pipeline.article import Article, OutcomeKind
from pipeline.extract.page import PageInput, Unreadable
from pipeline.extract.record import extract

K = TypeVar("K")
Read = Callable[[PageInput], Article | Unreadable]
Ended = Done[Article | Unreadable] | Broken

#: a normal page takes 20 ms, the slowest real one measured 0.5 s
TIMEOUT_S = 8.0
#: what a worker imports before it is forked, with the model by which languages are told apart
PRELOAD = ("pipeline.extract.preload",)


@dataclass(frozen=True, slots=True)
class Window:
    """How far the pages handed out may be ahead of the one whose turn it is: so far, memory grows, and no further.

    Attributes:
        pages: enough for all other cores to go on while one page runs into its limit (8 s at 50 pages a second).
        size: bytes of pages that wait for a worker, and of answers that wait for their turn.
    """

    pages: int = 1_000
    size: int = 48 << 20


def extract_all(
    pages: Iterable[PageInput], workers: Workers, timeout_s: float = TIMEOUT_S
) -> Iterator[Article | Unreadable]:
    """One result per page, in order; a page that costs more than `timeout_s` or the workers' memory is EXTRACTION_KILLED."""
    for _, found in answer_all(((None, page) for page in pages), workers, timeout_s):
        assert found is not None  # each came with a page
        yield found


def answer_all(
    asked: Iterable[tuple[K, PageInput | None]],
    workers: Workers,
    timeout_s: float = TIMEOUT_S,
    window: Window = Window(),
    read: Read = extract,
) -> Iterator[tuple[K, Article | Unreadable | None]]:
    """The same for questions that carry a name, and may have no page (then no answer), each answered once its turn comes.

    `asked` is read in a thread of its own: a slow one, such as a pipe, holds back no answer. What it raises is raised here,
    after the answers to what came before. `read` is what a worker does with a page.
    """
    line: _Line[K] = _Line(window)

    def submit(page: PageInput) -> Future[Ended]:
        return workers.submit(read, page, timeout_s=timeout_s)

    threading.Thread(
        target=_hand_out, args=(asked, submit, line), name="extract-hand-out", daemon=True
    ).start()
    try:
        while (one := line.take()) is not None:
            yield one.name, None if one.ended is None else settled(one.ended.result())
    finally:
        line.close()


def settled(ended: Ended) -> Article | Unreadable:
    """A worker's answer, with a death told as an outcome, and an error of ours as FAILED."""
    if isinstance(ended, Done):
        return ended.value
    if ended.why is BrokenWhy.RAISED:
        return Unreadable(OutcomeKind.FAILED, f"internal: {ended.detail}")
    return Unreadable(OutcomeKind.EXTRACTION_KILLED, f"{ended.why.value}: {ended.detail}")


@dataclass(slots=True, eq=False)
class _Place(Generic[K]):
    """A question in the line; `size` is that of its page, then of its answer."""

    name: K
    ended: Future[Ended] | None
    size: int


@dataclass(slots=True, eq=False)
class _Line(Generic[K]):
    """Questions in their order, between the thread that hands pages out and the one that takes answers."""

    window: Window
    places: deque[_Place[K]] = field(default_factory=deque)
    size: int = 0
    complete: bool = False
    closed: bool = False
    error: BaseException | None = None
    changed: threading.Condition = field(default_factory=threading.Condition)

    def wait_for_room(self) -> bool:
        """Once there is room for one more; False when nobody takes answers any more."""
        with self.changed:
            self.changed.wait_for(lambda: self.closed or not self._is_full)
            return not self.closed

    @property
    def _is_full(self) -> bool:
        return len(self.places) >= self.window.pages or (self.size >= self.window.size and bool(self.places))

    def add(self, name: K, ended: Future[Ended] | None, size: int) -> None:
        """Put a question at the end."""
        place = _Place(name, ended, size)
        with self.changed:
            self.places.append(place)
            self.size += size
            self.changed.notify_all()
        if ended is not None:
            ended.add_done_callback(lambda _: self._resize(place))

    def _resize(self, place: _Place[K]) -> None:
        """From the size of the page, which is gone now, to that of the answer. Runs in a thread of the workers'."""
        answer = _size_of(place.ended) if place.ended is not None else 0
        with self.changed:
            if place.size:
                self.size += answer - place.size
                place.size = answer
                self.changed.notify_all()

    def take(self) -> _Place[K] | None:
        """The first question, once there is one; None when all have been taken. Raises what ended the questions."""
        with self.changed:
            self.changed.wait_for(lambda: bool(self.places) or self.complete)
            if self.places:
                place = self.places[0]
            elif self.error is not None:
                raise self.error
            else:
                return None
        if place.ended is not None:
            place.ended.exception()  # it keeps its place, and its room, until it is answered
        with self.changed:
            self.places.popleft()
            self.size -= place.size
            place.size = 0
            self.changed.notify_all()
        return place

    def end(self, error: BaseException | None = None) -> None:
        """No more questions will come."""
        with self.changed:
            self.complete, self.error = True, error
            self.changed.notify_all()

    def close(self) -> None:
        """No more answers will be taken."""
        with self.changed:
            self.closed = True
            self.changed.notify_all()


def _hand_out(
    asked: Iterable[tuple[K, PageInput | None]],
    submit: Callable[[PageInput], Future[Ended]],
    line: _Line[K],
) -> None:
    try:
        for name, page in asked:
            if not line.wait_for_room():
                return
            if page is None:
                line.add(name, None, 0)
            else:
                line.add(name, submit(page), len(page.body))
    except BaseException as error:
        line.end(error)
    else:
        line.end()


def _size_of(ended: Future[Ended]) -> int:
    """About what an answer holds in memory, bytes."""
    if ended.cancelled() or ended.exception() is not None:
        return 1
    outcome = ended.result()
    found = outcome.value if isinstance(outcome, Done) else None
    return 2 * len(found.text) + 2_000 if isinstance(found, Article) else 500
