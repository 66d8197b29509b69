"""How fast a channel may be used: at most so many messages in any minute."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Protocol, runtime_checkable

_MINUTE_S = 60.0
#: how long we sleep before we ask again whether to stop
_NAP_S = 0.25


@runtime_checkable
class Paced(Protocol):
    """A channel that may not be used as fast as we can; `per_minute` is at least 1."""

    @property
    def per_minute(self) -> int:
        """Messages that it may be given in any minute."""


def per_minute_of(channel: object) -> int | None:
    """Messages that the channel may be given in any minute; None: as many as it takes."""
    return max(1, channel.per_minute) if isinstance(channel, Paced) else None


class Pace:
    """Lets through at most `per_minute` messages in any minute of this process; all at once for None."""

    def __init__(
        self,
        per_minute: int | None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._limited = per_minute is not None
        self._last: deque[float] = deque(maxlen=per_minute)

    def ready(self, stop: Callable[[], bool]) -> bool:
        """Sleep until the next message may go; False when `stop` said so meanwhile."""
        while (wait_s := self.wait_s()) > 0:
            self._sleep(min(wait_s, _NAP_S))
            if stop():
                return False
        return True

    def wait_s(self) -> float:
        """Seconds until the next message may go; 0 when it may go now."""
        if not self._limited or len(self._last) < (self._last.maxlen or 1):
            return 0.0
        return max(0.0, self._last[0] + _MINUTE_S - self._monotonic())

    def count(self) -> None:
        """A message went."""
        if self._limited:
            self._last.append(self._monotonic())
