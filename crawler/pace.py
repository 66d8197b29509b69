"""How fast each host is asked: one line per host, in which requests wait for their turn, also from crawl to crawl."""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from crawler.page import HostMemory
from crawler.source import Manners

#: a shorter wish to be left alone is waited out; for a longer one the crawl goes on without the host
MAX_WAIT_S = 10.0
#: bounds of a wish that is kept for later crawls: one host said 99,999,999,999 s
KEPT_MIN_S, KEPT_MAX_S = 60.0, 86_400.0
#: how long a host is left alone that is busy and does not say how long
UNSAID_S = 600.0


class StoppedError(Exception):
    """The crawl is to stop: what waits for its turn does not get one."""


class RestingError(Exception):
    """The host asked to be left alone for longer than we wait."""

    def __init__(self, why: str, seconds: float | None) -> None:
        super().__init__(why)
        self.why = why
        self.seconds = seconds


@dataclass(slots=True, eq=False)
class HostPace:
    """What a host may expect of us; `robots_delay_s` is what its robots.txt asks for.

    Attributes:
        delay_s: seconds between the starts of two requests: the largest that any source of the host says.
        per_host: requests in flight: the smallest that any source of the host says.
        next_at: no request starts before (monotonic); rest_until: none at all is made before.
        answered_at: when it answered last (monotonic); None: not that we know.
        memory: what is kept of it for later crawls.
    """

    delay_s: float
    per_host: int
    robots_delay_s: float = 0.0
    in_flight: int = 0
    next_at: float = -math.inf
    rest_until: float = -math.inf
    answered_at: float | None = None
    memory: HostMemory = field(default_factory=lambda: HostMemory(""))
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)

    @property
    def gap_s(self) -> float:
        """Seconds between the starts of two requests, all wishes considered."""
        return max(self.delay_s, self.robots_delay_s)

    def reserve(self, now: float) -> float:
        """When the next request may start; the one after it waits for the gap from there."""
        answered = -math.inf if self.answered_at is None else self.answered_at + self.gap_s
        start_at = max(now, self.next_at, answered)
        self.next_at = start_at + self.gap_s
        return start_at

    def wake(self, *, everyone: bool = False) -> None:
        """Let the first one in line (or all) look whether there is a place."""
        while self.waiting:
            first = self.waiting.popleft()
            if not first.done():
                first.set_result(None)
                if not everyone:
                    return


def utc_now() -> datetime:
    """The time, aware UTC."""
    return datetime.now(UTC)


class Pace:
    """The lines of all hosts of a crawl; lives in the crawl's event loop.

    Args:
        known: what earlier crawls left of hosts.
        clock: monotonic seconds; wall: aware UTC, for what is kept.
    """

    def __init__(
        self,
        known: Mapping[str, HostMemory] = MappingProxyType({}),
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], datetime] = utc_now,
    ) -> None:
        self._known = known
        self._clock = clock
        self._wall = wall
        self._hosts: dict[str, HostPace] = {}
        self._changed: set[str] = set()
        self._stopping = asyncio.Event()

    def agree(self, host: str, manners: Manners) -> HostPace:
        """The host's pace, slowed down to these manners where they ask for less."""
        known = self._hosts.get(host)
        if known is None:
            known = self._hosts[host] = self._remembered(host, manners)
        known.delay_s = max(known.delay_s, manners.delay_s)
        known.per_host = max(1, min(known.per_host, manners.per_host))
        return known

    @property
    def stopping(self) -> bool:
        """Whether `stop` was called."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """From now on nobody gets a turn; those who wait are told by `StoppedError`."""
        self._stopping.set()
        for host in self._hosts.values():
            host.wake(everyone=True)

    def rest(self, host: str, seconds: float | None, why: str, manners: Manners) -> bool:
        """The host asked to be left alone for so long (None: it did not say); whether that is waited out.

        Waited out is a short wish, once a crawl; after any other nothing more is asked of the host in this crawl, and
        for 60 s to a day in later ones.
        """
        pace = self.agree(host, manners)
        is_short = seconds is not None and seconds <= MAX_WAIT_S and pace.rest_until == -math.inf
        if seconds is not None and is_short:
            pace.rest_until, kept_s = self._clock() + seconds, seconds
        else:
            pace.rest_until = math.inf
            kept_s = min(KEPT_MAX_S, max(KEPT_MIN_S, UNSAID_S if seconds is None else seconds))
        until = self._wall() + timedelta(seconds=kept_s)
        pace.memory = HostMemory(host, pace.memory.asked_at, until, why)
        self._changed.add(host)
        return is_short

    def take_changed(self) -> list[HostMemory]:
        """What is to be kept of the hosts that were asked, or asked something of us, since this was called last."""
        changed = [self._hosts[host].memory for host in sorted(self._changed)]
        self._changed.clear()
        return changed

    @asynccontextmanager
    async def turn(self, host: str, manners: Manners) -> AsyncIterator[None]:
        """Holds one of the host's places, not before its delay is over.

        Raises:
            StoppedError: the crawl is to stop.
            RestingError: the host is to be left alone.
        """
        pace = self.agree(host, manners)
        while pace.in_flight >= pace.per_host and not self.stopping:
            place = asyncio.get_running_loop().create_future()
            pace.waiting.append(place)
            await place
        self._go_on()
        pace.in_flight += 1
        has_begun = False
        try:
            self._refuse_to_wait(pace)
            await self._wait(pace.reserve(self._clock()) - self._clock())
            while pace.rest_until > self._clock():  # asked for by an answer that came meanwhile
                self._refuse_to_wait(pace)
                await self._wait(pace.rest_until - self._clock())
            has_begun = True
            yield
        finally:
            pace.in_flight -= 1
            if has_begun:
                self._answered(host, pace)
            pace.wake()

    def _answered(self, host: str, pace: HostPace) -> None:
        # counted from the answer: when the request reached the host is not ours to know, and a host that
        # answers slowly should not be asked faster for it. robots.txt may have been read meanwhile, too.
        pace.answered_at = self._clock()
        kept = pace.memory
        pace.memory = HostMemory(host, self._wall(), kept.busy_until, kept.why)
        self._changed.add(host)

    def _remembered(self, host: str, manners: Manners) -> HostPace:
        memory = self._known.get(host) or HostMemory(host)
        pace = HostPace(manners.delay_s, max(1, manners.per_host), memory=memory)
        now, wall = self._clock(), self._wall()
        if memory.asked_at is not None:  # in the future, where the clock was set back: then it was just now
            pace.answered_at = now - max(0.0, (wall - memory.asked_at).total_seconds())
        if memory.busy_until is not None and memory.busy_until > wall:
            pace.rest_until = now + min((memory.busy_until - wall).total_seconds(), KEPT_MAX_S)
        return pace

    def _refuse_to_wait(self, pace: HostPace) -> None:
        if pace.rest_until - self._clock() > MAX_WAIT_S:
            until = pace.memory.busy_until
            left_s = None if until is None else max(0.0, (until - self._wall()).total_seconds())
            raise RestingError(pace.memory.why, left_s)

    async def _wait(self, seconds: float) -> None:
        if seconds > 0:
            try:
                await asyncio.wait_for(self._stopping.wait(), seconds)
            except TimeoutError:
                return
        self._go_on()

    def _go_on(self) -> None:
        if self.stopping:
            raise StoppedError
