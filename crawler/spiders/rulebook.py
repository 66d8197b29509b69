"""The rules of all origins of a crawl: asked for once, in the line of their host, and kept to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from scrapy.http import Response

from crawler.middlewares.failures import Trouble
from crawler.middlewares.robots import (
    FRESH_FOR,
    UNREACHABLE_FOR,
    Rules,
    copy_of,
    origin_of,
    rules_of,
    was_read,
)
from crawler.page import RobotsCopy
from crawler.source import Manners
from crawler.spiders.tour import Tour
from crawler.urls import host_of


class Rulebook:
    """The rules of all origins of a crawl, each read once, in the line of its own host.

    Args:
        ask: how a robots.txt is asked for: like any URL, with its redirects, but under no rules.
    """

    def __init__(self, tour: Tour, ask: Callable[[str, Manners], Awaitable[Response | Trouble]]) -> None:
        self._tour = tour
        self._ask = ask
        self._reading: dict[str, asyncio.Future[Rules]] = {}

    async def refusal(self, url: str, manners: Manners) -> Trouble | None:
        """Why this URL may not be asked for; None when it may. Its host's Crawl-delay is kept from here on.

        Raises:
            StoppedError: the crawl is to stop.
        """
        if not manners.obey_robots:
            return None
        origin = origin_of(url)
        if origin not in self._reading:
            # a task of its own: others wait for it, also if this request is given up
            self._reading[origin] = asyncio.ensure_future(self._read(origin, manners))
        rules = await asyncio.shield(self._reading[origin])
        if rules.delay_s:
            self._tour.pace.agree(host_of(url), manners).robots_delay_s = rules.delay_s
        return rules.refusal(url)

    async def _read(self, origin: str, manners: Manners) -> Rules:
        remembered = self._tour.settings.robots.get(origin)
        if remembered is not None and self._is_fresh(remembered):
            return rules_of(remembered)
        answer = await self._ask(f"{origin}/robots.txt", manners)
        copy = copy_of(origin, answer, remembered, self._tour.clock())
        try:
            await self._tour.intake.remember_robots(copy)
        except Exception as error:  # ours, not the host's: it ends the crawl and is raised from there
            self._tour.fail(error)
        rules = rules_of(copy)
        if rules.trouble is not None and isinstance(answer, Trouble):
            return Rules(trouble=Trouble(answer.why, f"robots.txt: {answer.detail}", answer.status))
        return rules

    def _is_fresh(self, copy: RobotsCopy) -> bool:
        age = self._tour.clock() - copy.fetched_at
        return age < (FRESH_FOR if was_read(copy) else UNREACHABLE_FOR)
