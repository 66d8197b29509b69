"""What went wrong with a request -> which of the closed set of failures it is."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy import exceptions as scrapy_errors
from twisted.internet import error as net_errors
from twisted.web.client import ResponseFailed

from crawler.page import FailureKind

#: how the detail begins when an answer passed the bound of its request; whoever knows the bound names it
LARGER = "larger than we read"
#: how it begins when an answer came too slowly
SLOW = "slower than 1 KiB/s"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a request gave no answer worth reading; `status` is None when there was none."""

    why: FailureKind
    detail: str
    status: int | None = None


class RefusedError(scrapy_errors.IgnoreRequest):
    """We decided not to ask, or not to go on asking."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.detail)
        self.trouble = trouble


class TooSlowError(net_errors.ConnectionAborted):
    """Headers came so slowly that we hung up."""


_KINDS: tuple[tuple[type[BaseException], FailureKind, str], ...] = (
    (scrapy_errors.CannotResolveHostError, FailureKind.DNS, "the host's name has no address"),
    (net_errors.DNSLookupError, FailureKind.DNS, "the host's name has no address"),
    (scrapy_errors.DownloadTimeoutError, FailureKind.TIMEOUT, "no answer in time"),
    (TimeoutError, FailureKind.TIMEOUT, "no answer in time"),
    (net_errors.TimeoutError, FailureKind.TIMEOUT, "no connection in time"),
    (scrapy_errors.DownloadCancelledError, FailureKind.TOO_LARGE, LARGER),
    (scrapy_errors.ResponseDataLossError, FailureKind.TRUNCATED, "the answer broke off"),
    (scrapy_errors.DownloadConnectionRefusedError, FailureKind.CONNECT, "connection refused"),
    (scrapy_errors.UnsupportedURLSchemeError, FailureKind.URL, "not an http(s) URL"),
    (scrapy_errors.NotSupported, FailureKind.URL, "not an http(s) URL"),
    (net_errors.ConnectError, FailureKind.CONNECT, "no connection"),
    (net_errors.ConnectionLost, FailureKind.CONNECT, "connection lost"),
    (net_errors.ConnectionDone, FailureKind.CONNECT, "connection closed without an answer"),
    (scrapy_errors.DownloadFailedError, FailureKind.CONNECT, "connection lost"),
    (ResponseFailed, FailureKind.CONNECT, "connection lost"),
    (ValueError, FailureKind.URL, "not a URL that can be asked for"),
)
#: whose errors say that a body is not what its Content-Encoding says
_UNPACKERS = ("zlib", "gzip", "brotli", "backports.zstd", "compression.zstd")


def trouble_of(error: BaseException) -> Trouble:
    """Which failure an exception of a download is; INTERNAL when we did not expect it."""
    if isinstance(error, RefusedError):
        return error.trouble
    text = _one_line(error)
    if isinstance(error, scrapy_errors.StopDownload) or _is_among_reasons(error, TooSlowError):
        return Trouble(FailureKind.TIMEOUT, f"{SLOW} for more than 10 s")
    if isinstance(error, scrapy_errors.IgnoreRequest):
        return _ignored(error, text)
    return _failed(error, text)


def _failed(error: BaseException, text: str) -> Trouble:
    if _is_about_tls(error):
        return Trouble(FailureKind.TLS, f"no secure connection: {text}")
    if type(error).__module__.startswith(_UNPACKERS):
        return Trouble(FailureKind.TRUNCATED, f"the body cannot be unpacked: {text}")
    if _is_among_reasons(error, net_errors.ConnectionAborted):
        return Trouble(
            FailureKind.TOO_LARGE, "more than 64 KiB of headers"
        )  # nothing but our bound on them aborts
    for kind, why, words in _KINDS:
        if isinstance(error, kind):
            return Trouble(why, f"{words}: {text}" if text else words)
    return Trouble(FailureKind.INTERNAL, f"{type(error).__name__}: {text}")


def _ignored(error: BaseException, text: str) -> Trouble:
    if error.__cause__ is not None and "MaxSize" in type(error.__cause__).__name__:
        return Trouble(FailureKind.TOO_LARGE, f"{LARGER}, decompressed")
    return Trouble(FailureKind.INTERNAL, text)


def _is_about_tls(error: BaseException) -> bool:
    """Twisted wraps OpenSSL's errors in several layers; the innermost names itself."""
    modules = (type(one).__module__ for one in _reasons(error))
    return any(module.startswith(("OpenSSL", "service_identity")) for module in modules)


def _is_among_reasons(error: BaseException, kind: type[BaseException]) -> bool:
    return any(isinstance(reason, kind) for reason in _reasons(error))


def _reasons(error: BaseException) -> list[object]:
    """The error and those it stands for; Twisted keeps some of them in lists of failures."""
    seen = [one for one in (error, error.__cause__, error.__context__) if one is not None]
    inner = [getattr(why, "value", why) for one in seen for why in getattr(one, "reasons", None) or ()]
    return [*seen, *inner]


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
