"""One POST, with every wait bounded and every failure told in words; never redirected, certificates always verified."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult

from alerts.outbox import SendResult

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection
    from urllib3.response import BaseHTTPResponse

ANSWER_BYTES = 2_000  # of an answer's body that are read: enough to say why something was refused

#: what the certificate of a host may have, by OpenSSL's number (X509_V_ERR)
_CERTIFICATE = {
    9: "is not valid yet",
    10: "has expired",
    18: "is self-signed",
    19: "is signed by an authority we do not know",
    20: "is signed by an authority we do not know, or comes without those between",
    62: "is for another host name",
    64: "is for another IP address",
}

#: what an exception on the way means; the first that fits counts
_IN_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (socket.gaierror, "no address is known for the host name {host}"),
    (ssl.SSLError, "no TLS with {host}: is the port the right one for https?"),
    (ConnectionRefusedError, "nothing listens at {host} on that port"),
    (TimeoutError, "no answer from {host} in time"),
    (ConnectionError, "{host} closed the connection"),
    (http.client.IncompleteRead, "{host} closed the connection"),
    (http.client.HTTPException, "what {host} answers is no HTTP"),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a POST may take.

    Attributes:
        connect_s: for each address of the host, and each step of TLS.
        answer_s: for each piece of the answer. Standard Webhooks asks senders to wait 15 to 30 s.
        total_s: for all of it. Far below the lease of a delivery.
    """

    connect_s: float = 10.0
    answer_s: float = 60.0
    total_s: float = 180.0


@dataclass(frozen=True, slots=True)
class Request:
    """What is POSTed where.

    Attributes:
        target: an http or https address.
        cafile: PEM file of the authority to trust instead of the system's; None for the system's.
    """

    target: SplitResult
    headers: Mapping[str, str]
    body: bytes
    cafile: Path | None = None
    limits: Limits = Limits()

    @property
    def host(self) -> str:
        """The host's name, for messages."""
        return self.target.hostname or ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the host answered.

    Attributes:
        said: the begin of the body; empty when it did not come.
        retry_after: the header of that name; None without it.
    """

    status: int
    said: str
    retry_after: str | None


def post(request: Request) -> Answer | SendResult:
    """POST once.

    Returns:
        what was answered; else unreachable (certainly not taken over) or unknown (handed over, and no answer).
    """
    connection = _connection(request)
    handed_over = False
    watch = threading.Timer(request.limits.total_s, _cut, (connection,))
    watch.daemon = True
    watch.start()
    try:
        connection.connect()
        connection.timeout = request.limits.answer_s
        handed_over = True  # from here on the other side may have it all
        _hand_over(connection, request)
        return _answer(connection.getresponse())
    except _failures() as error:
        words = in_words(error, request.host)
        if handed_over:
            return SendResult.unknown(f"no answer after it was handed over: {words}")
        return SendResult.unreachable(words)
    finally:
        watch.cancel()
        connection.close()


def in_words(error: BaseException, host: str) -> str:
    """What went wrong on the way to a host; without its address, which may hold a token."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"the certificate of {host} {_CERTIFICATE.get(cause.verify_code, 'is not valid')}"
    for kind, words in _IN_WORDS:
        if any(isinstance(cause, kind) for cause in causes):
            return words.format(host=host)
    return f"no conversation with {host} ({type(error).__name__})"


def _causes(error: BaseException) -> list[BaseException]:
    """The error and what it was made of: urllib3 wraps the exceptions of sockets, mostly as the cause."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting and len(found) < 10:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and one not in found:
            found.append(one)
            waiting += [one.__cause__, one.__context__, *one.args]
    return found


def _connection(request: Request) -> HTTPConnection:
    from urllib3.connection import HTTPConnection, HTTPSConnection  # noqa: PLC0415 - 100 ms, and few post anything

    target, connect_s = request.target, request.limits.connect_s
    if target.scheme == "http":
        return HTTPConnection(request.host, target.port, timeout=connect_s)
    context = ssl.create_default_context(cafile=str(request.cafile) if request.cafile else None)
    return HTTPSConnection(request.host, target.port, timeout=connect_s, ssl_context=context)


def _failures() -> tuple[type[Exception], ...]:
    from urllib3.exceptions import HTTPError  # noqa: PLC0415 - as above

    return HTTPError, http.client.HTTPException, OSError, ValueError


def _cut(connection: HTTPConnection) -> None:
    """End the wait for a host that sends its answer a byte at a time."""
    sock = connection.sock
    if sock is None:
        return
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is closed: there is no wait to end


def _hand_over(connection: HTTPConnection, request: Request) -> None:
    path = (request.target.path or "/") + (f"?{request.target.query}" if request.target.query else "")
    try:
        connection.request("POST", path, body=request.body, headers=request.headers, preload_content=False)
    except (BrokenPipeError, ConnectionResetError):
        # who has read enough may answer and hang up before all is sent: the answer counts
        if connection.sock is None:
            raise


def _answer(response: BaseHTTPResponse) -> Answer:
    try:
        said = response.read(ANSWER_BYTES, decode_content=False).decode("utf-8", "replace")
    except _failures():
        said = ""
    return Answer(response.status, said, response.headers.get("Retry-After"))
