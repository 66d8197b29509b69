"""What Twisted and Scrapy leave open: how large headers may be (419 MB in 10 s, measured), how slow answers, how many files."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Hashable
from typing import Any, Self

from scrapy import Request, signals
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Response
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS
from twisted.web._newclient import Request as TxRequest
from twisted.web.client import HTTPConnectionPool
from twisted.web.iweb import IResponse

from crawler.middlewares.failures import RefusedError, TooSlowError, Trouble
from crawler.page import FailureKind

#: status line and headers of one answer
MAX_HEADER_BYTES = 64 * 1024
#: how often a body may be compressed over: nobody needs more than one (RFC 9110, 8.4 sets no bound)
MAX_LAYERS = 2
_GZIP = frozenset({b"gzip", b"x-gzip"})
#: an answer that has begun must bring so much a second, once it has taken so long
MIN_BYTES_PER_S, SLOW_AFTER_S = 1024, 10.0
#: connections kept open for the next request, over all hosts: each is an open file, of which a process may have 1,024
MAX_KEPT = 256


def is_too_slow(count: int, seconds: float) -> bool:
    """Whether so many bytes in so many seconds are too few to go on."""
    return seconds > SLOW_AFTER_S and count < MIN_BYTES_PER_S * seconds


class BoundedHeadersHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP handler with connections that are cut when headers do not end."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool = _Connections(crawler, self._pool)
        self._crawler_settings = crawler
        self._trusting: _TrustingHandler | None = None

    async def download_request(self, request: Request) -> Response:
        """The response; over a connection whose certificate is not verified only where the request says so."""
        if request.meta.get("verify_tls", True):
            return await super().download_request(request)
        if self._trusting is None:
            self._trusting = _TrustingHandler(self._crawler_settings)
        return await self._trusting.download_request(request)

    async def close(self) -> None:
        """Close all connections."""
        if self._trusting is not None:
            await self._trusting.close()
        await super().close()


class _TrustingHandler(HTTP11DownloadHandler):
    """The same for sources of which the operator says so; with connections of its own, which nobody else gets."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool = _Connections(crawler, self._pool)
        factory = _ScrapyClientContextFactory.from_crawler(crawler)
        factory._verify_certificates = False  # noqa: SLF001 - Scrapy has one setting for all; a test holds it
        self._contextFactory: Any = factory


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Counts what comes before the body."""

    header_bytes = 0
    kept_for: Hashable = None
    begun_at: float | None = None
    is_too_slow = False

    def request(self, request: TxRequest) -> Deferred[IResponse]:
        """Begin an exchange, and with it the count."""
        self.header_bytes, self.begun_at = 0, None
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Take in bytes of the wire, or cut the connection."""
        parser = self._parser
        if parser is not None and parser.state in {STATUS, HEADER} and self.transport is not None:
            self.header_bytes += len(data)
            self.begun_at = self.begun_at or time.monotonic()
            self.is_too_slow = is_too_slow(self.header_bytes, time.monotonic() - self.begun_at)
            # one read may carry the whole head and the beginning of the body
            if self.is_too_slow or self.header_bytes - len(data) > MAX_HEADER_BYTES:
                self.transport.abortConnection()
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]  # Twisted leaves it unannotated

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802 - Twisted's name
        """Tell why, where it was us."""
        super().connectionLost(Failure(TooSlowError()) if self.is_too_slow else reason)  # type: ignore[no-untyped-call]  # as above


class _BoundedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: IAddress | None) -> _BoundedProtocol:  # noqa: ARG002, N802 - Twisted's
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]  # as above


class _Connections(HTTPConnectionPool):
    """The connections of a crawl; of those that nobody uses, only the `MAX_KEPT` youngest stay open.

    Twisted keeps one for each host for four minutes: 1,000 hosts, and no file could be opened any more.
    """

    _factory = _BoundedFactory

    def __init__(self, crawler: Crawler, made: HTTPConnectionPool) -> None:
        super().__init__(made._reactor, persistent=True)  # type: ignore[no-untyped-call]  # Twisted's  # noqa: SLF001
        settings = crawler.settings
        # a proxy is one host to Twisted, whatever is asked for through it
        per_host = (
            "CONCURRENT_REQUESTS" if settings.get("GUARD_PROXY_HOST") else "CONCURRENT_REQUESTS_PER_DOMAIN"
        )
        self.maxPersistentPerHost = settings.getint(per_host)

    def _putConnection(self, key: Hashable, connection: _BoundedProtocol) -> None:  # noqa: N802 - Twisted's name
        connection.kept_for = key
        super()._putConnection(key, connection)  # type: ignore[no-untyped-call]  # as above
        if len(self._timeouts) > MAX_KEPT:
            oldest, timeout = next(iter(self._timeouts.items()))
            timeout.cancel()
            self._removeConnection(oldest.kept_for, oldest)  # type: ignore[no-untyped-call]  # as above


class FlowMiddleware:
    """Looks at bodies while they come: those that come too slowly are cut, those of which enough is there are ended."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it."""
        made = cls()
        crawler.signals.connect(made.look, signal=signals.bytes_received)
        return made

    def process_request(self, request: Request) -> None:
        """Begin to count, anew for a retry."""
        request.meta.pop("flow", None)

    def process_response(self, request: Request, response: Response) -> Response:
        """The response; what is decompressed now has a bound again.

        Raises:
            RefusedError: it is packed in more layers than anybody needs, each of which would be unpacked.
        """
        layers = b",".join(response.headers.getlist("Content-Encoding")).split(b",")
        if len(layers) > MAX_LAYERS:
            raise RefusedError(Trouble(FailureKind.TOO_LARGE, f"compressed {len(layers)} times over"))
        if layers[-1].strip().lower() in _GZIP and not response.body.startswith(b"\x1f\x8b"):
            del response.headers["Content-Encoding"]  # never compressed: some servers say so of everything
        if "enough_bytes" in request.meta:
            request.meta["download_maxsize"] = 2 * request.meta["enough_bytes"]
        return response

    def look(self, data: bytes, request: Request) -> None:
        """Note what came.

        Raises:
            StopDownload: what has come so far is the answer, or there is none.
        """
        now = asyncio.get_running_loop().time()
        begun_at, count = request.meta.get("flow", (now, 0))
        count += len(data)
        request.meta["flow"] = (begun_at, count)
        enough = request.meta.get("enough_bytes")
        if enough is not None and count > enough:
            raise StopDownload(fail=False)
        if is_too_slow(count, now - begun_at):
            raise StopDownload(fail=True)
