"""How fast each host is asked: one line per host, in which requests wait for their turn."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from crawler.source import Manners


class StoppedError(Exception):
    """The crawl is to stop: what waits for its turn does not get one."""


@dataclass(slots=True, eq=False)
class HostPace:
    """What a host may expect of us; `robots_delay_s` is what its robots.txt asks for.

    Attributes:
        delay_s: seconds between the starts of two requests: the largest that any source of the host says.
        per_host: requests in flight: the smallest that any source of the host says.
    """

    delay_s: float
    per_host: int
    robots_delay_s: float = 0.0
    in_flight: int = 0
    next_at: float = 0.0
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)

    @property
    def gap_s(self) -> float:
        """Seconds between the starts of two requests, all wishes considered."""
        return max(self.delay_s, self.robots_delay_s)

    def wake(self, *, everyone: bool = False) -> None:
        """Let the first one in line (or all) look whether there is a place."""
        while self.waiting:
            first = self.waiting.popleft()
            if not first.done():
                first.set_result(None)
                if not everyone:
                    return


class Pace:
    """The lines of all hosts of a crawl; lives in the crawl's event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._hosts: dict[str, HostPace] = {}
        self._stopping = asyncio.Event()

    def agree(self, host: str, manners: Manners) -> HostPace:
        """The host's pace, slowed down to these manners where they ask for less."""
        known = self._hosts.get(host)
        if known is None:
            known = self._hosts[host] = HostPace(manners.delay_s, max(1, manners.per_host))
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

    @asynccontextmanager
    async def turn(self, host: str, manners: Manners) -> AsyncIterator[None]:
        """Holds one of the host's places, not before its delay is over.

        Raises:
            StoppedError: the crawl is to stop.
        """
        pace = self.agree(host, manners)
        while pace.in_flight >= pace.per_host and not self.stopping:
            place = asyncio.get_running_loop().create_future()
            pace.waiting.append(place)
            await place
        self._go_on()
        pace.in_flight += 1
        start_at = max(self._clock(), pace.next_at)
        pace.next_at = start_at + pace.gap_s
        try:
            await self._wait(start_at - self._clock())
            yield
        finally:
            pace.in_flight -= 1
            # counted from the answer: when the request reached the host is not ours to know, and a host that
            # answers slowly should not be asked faster for it. robots.txt may have been read meanwhile, too.
            pace.next_at = max(pace.next_at, self._clock() + pace.gap_s)
            pace.wake()

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
