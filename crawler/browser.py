"""Pages that only a browser can show: rendered by a Chromium that has no network of its own. The only door to playwright.

Whatever a page asks for is handed to the crawl, which asks for it like for anything else: through the address guard, the
rules and the line of the host. The browser itself can resolve no name and reach no proxy, so what escapes goes nowhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.errors import CrawlError

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Playwright, Route, WebSocketRoute

#: kinds of requests that bring text or what makes it; pictures, films, fonts and styles are for eyes
_NEEDED = frozenset({"document", "script", "xhr", "fetch"})
#: requests of one page, its own included
MAX_REQUESTS = 40
_LOAD_S, _QUIET_S = 60.0, 20.0
_NOWHERE = "http://nowhere.invalid:1"
_ARGUMENTS = (
    f"--proxy-server={_NOWHERE}",
    "--proxy-bypass-list=<-loopback>",  # this machine is no exception
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--dns-prefetch-disable",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
)
#: gone before the page's own scripts run: they speak past the network that we answer for
_WITHOUT = "for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport']) delete window[name];"
_NAMES = ("chromium", "chromium-browser", "google-chrome")


class NoBrowserError(CrawlError):
    """There is no browser to render with; says what to do."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that a page asked for, as it came."""

    status: int
    content_type: str
    body: bytes


#: how a page's URL is asked for; None when it may not be had
AskFor = Callable[[str], Awaitable[Piece | None]]


class Renderer:
    """One browser for a crawl, started when it is needed first; renders one page at a time."""

    def __init__(self, user_agent: str) -> None:
        self._user_agent = user_agent
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._alone = asyncio.Lock()

    async def render(self, url: str, page: Piece, ask_for: AskFor) -> str:
        """The page as HTML once its scripts have run; what it was when they come to no end.

        Raises:
            NoBrowserError: playwright or Chromium is not installed, or does not start.
        """
        async with self._alone:
            browser = await self._started()
            context = await browser.new_context(
                user_agent=self._user_agent, service_workers="block", accept_downloads=False
            )
            try:
                return await _rendered(context, url, _Answers(url, page, ask_for))
            finally:
                with contextlib.suppress(Exception):  # a browser that died has closed it
                    await context.close()

    async def close(self) -> None:
        """End the browser, if it was started."""
        with contextlib.suppress(Exception):  # it is to be gone, and may be already
            if self._browser is not None:
                await self._browser.close()
        if self._playwright is not None:
            await self._playwright.stop()
        self._browser = self._playwright = None

    async def _started(self) -> Browser:
        if self._browser is not None and self._browser.is_connected():
            return self._browser
        try:
            from playwright.async_api import Error, async_playwright  # noqa: PLC0415 - an extra, and slow to load
        except ImportError as error:
            message = "a source is to be rendered: run ./tw setup browser, or install tipwatch[browser]"
            raise NoBrowserError(message) from error
        if self._playwright is None:
            self._playwright = await async_playwright().start()
        arguments = [*_ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        try:
            self._browser = await self._playwright.chromium.launch(
                executable_path=_chromium(), args=arguments, handle_sigterm=False, handle_sigint=False
            )
        except Error as error:
            message = f"no Chromium to render with: apt-get install chromium ({str(error).splitlines()[0]})"
            raise NoBrowserError(message) from error
        return self._browser


class _Answers:
    """Answers what one page asks for."""

    def __init__(self, url: str, page: Piece, ask_for: AskFor) -> None:
        self._url = url
        self._page: Piece | None = page
        self._ask_for = ask_for
        self._count = 0

    async def answer(self, route: Route) -> None:
        """Answer one request, or refuse it."""
        piece = await self._piece(route)
        with contextlib.suppress(Exception):  # the page may be gone meanwhile
            if piece is None:
                await route.abort("blockedbyclient")
            else:
                headers = {"Content-Type": piece.content_type, "Access-Control-Allow-Origin": "*"}
                await route.fulfill(status=piece.status, headers=headers, body=piece.body)

    async def _piece(self, route: Route) -> Piece | None:
        request = route.request
        self._count += 1
        if request.resource_type not in _NEEDED or request.method != "GET" or self._count > MAX_REQUESTS:
            return None
        if self._page is not None and request.url.partition("#")[0] == self._url.partition("#")[0]:
            page, self._page = self._page, None
            return page
        if request.is_navigation_request():  # a page that leads elsewhere is read where it is
            return None
        return await self._ask_for(request.url)


async def _rendered(context: BrowserContext, url: str, answers: _Answers) -> str:
    await context.add_init_script(_WITHOUT)
    await context.route("**/*", answers.answer)
    await context.route_web_socket("**/*", _hang_up)
    page = await context.new_page()
    with contextlib.suppress(Exception):  # too slow, or broken: it is read as far as it came
        await page.goto(url, wait_until="domcontentloaded", timeout=_LOAD_S * 1000)
        await page.wait_for_load_state("networkidle", timeout=_QUIET_S * 1000)
    async with asyncio.timeout(_QUIET_S):
        return await page.content()


async def _hang_up(socket: WebSocketRoute) -> None:
    await socket.close()


def _chromium() -> str | None:
    """The system's Chromium, else the one that playwright has installed, else None."""
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    names = ("chrome", "headless_shell")
    own: Any = (str(path) for name in names for path in folder.glob(f"chromium*/*/{name}"))
    return next(filter(None, map(shutil.which, _NAMES)), None) or next(own, None)
