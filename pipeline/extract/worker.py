"""Many pages, all cores busy, in order: extraction in killable workers."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future

from crawler.worker import Broken, Done, Workers
from pipeline.article import Article, OutcomeKind
from pipeline.extract.page import PageInput, Unreadable
from pipeline.extract.record import extract

#: a normal page takes 20 ms, the slowest real one measured 0.5 s
TIMEOUT_S = 8.0
#: pages submitted ahead of the one waited for: enough to keep every core busy while one page runs into its limit
_LOOK_AHEAD = 64
#: what a worker imports before it is forked
PRELOAD = ("pipeline.extract.record",)


def extract_all(
    pages: Iterable[PageInput], workers: Workers, timeout_s: float = TIMEOUT_S
) -> Iterator[Article | Unreadable]:
    """One result per page, in order; a page that costs more than `timeout_s` or the workers' memory is EXTRACTION_KILLED."""
    ahead: deque[Future[Done[Article | Unreadable] | Broken]] = deque()
    for page in pages:
        ahead.append(workers.submit(extract, page, timeout_s=timeout_s))
        if len(ahead) >= _LOOK_AHEAD:
            yield settled(ahead.popleft().result())
    while ahead:
        yield settled(ahead.popleft().result())


def settled(ended: Done[Article | Unreadable] | Broken) -> Article | Unreadable:
    """A worker's answer, with a death told as an outcome."""
    if isinstance(ended, Broken):
        return Unreadable(OutcomeKind.EXTRACTION_KILLED, f"{ended.why.value}: {ended.detail}")
    return ended.value
