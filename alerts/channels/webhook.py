"""Digests to a program: one POST each, signed after Standard Webhooks, at most once taken for new by the receiver."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import http.client
import ipaddress
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from alerts.channels.document import document
from alerts.channels.email import clean_header
from alerts.channels.https import Answer, Limits, Request, post
from alerts.channels.kind import Channel, Endpoint, Kind
from alerts.digest import Digest, RenderedMail
from alerts.errors import AlertError
from alerts.outbox import Concern, SendResult
from alerts.subscription import Recipient

_LONGEST_ANSWER = 300  # characters of a receiver's words that we keep

#: answers that may be another one later (RFC 9110, RFC 6585); what else begins with 4 stays as it is
_LATER = frozenset({408, 409, 425, 429})

_BAD_KEY = (
    "the secret of a webhook is 24 to 64 random bytes in base64, with or without whsec_ before it: make one with "
    "`openssl rand -base64 32` and give it to both sides"
)
_NOT_FOLLOWED = "a webhook goes nowhere but where it was configured to go: write the final address into url"
_WHO = "the receiver does not know us: compare the url and the secret on both sides"
_NOT_THERE = "nothing takes digests at this url: compare it with what the receiver gave out"

_LATER_BY_ITSELF = "the receiver has too much to do just now: digests are tried again by themselves"
_FAULT_THERE = "the fault is at the receiver, whose log says more: digests are tried again by themselves"

#: what answers are about, and what to do
_MEANING: Mapping[int, tuple[Concern, str]] = {
    401: (Concern.CHANNEL, _WHO),
    403: (Concern.CHANNEL, _WHO),
    404: (Concern.CHANNEL, _NOT_THERE),
    405: (Concern.CHANNEL, _NOT_THERE),
    410: (Concern.CHANNEL, "the receiver wants no more: take the channel out of the configuration"),
    413: (Concern.MAIL, "the receiver takes shorter documents only: lower max_entries, or raise its limit"),
    429: (Concern.BUSY, _LATER_BY_ITSELF),
    502: (Concern.CHANNEL, _FAULT_THERE),
    503: (Concern.BUSY, _LATER_BY_ITSELF),
    504: (Concern.CHANNEL, _FAULT_THERE),
}


def signing_key(secret: str) -> bytes:
    """The bytes that a secret stands for.

    Raises:
        AlertError: it is none, or too short to be one.
    """
    try:
        key = base64.b64decode(secret.strip().removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise AlertError(_BAD_KEY) from error
    if not 24 <= len(key) <= 64:
        raise AlertError(_BAD_KEY)
    return key


def signature(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of ``webhook-signature`` (Standard Webhooks 1.0, symmetric): HMAC-SHA256 over id, time and body."""
    signed = hmac.new(key, b".".join((message_id.encode(), str(timestamp).encode(), body)), hashlib.sha256)
    return f"v1,{base64.b64encode(signed.digest()).decode()}"


def webhook_id(name: str) -> str:
    """The id by which a receiver recognises a delivery: the same at every attempt, with no dot in it."""
    return f"msg_{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:32]}"


class WebhookChannel:
    """POSTs each document over a connection of its own."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        cafile: Path | None = None,
        limits: Limits = Limits(),  # noqa: B008 - a frozen value
    ) -> None:
        """Prepare, and touch no network.

        Args:
            endpoint: where to; without a secret nothing is signed.
            clock: aware UTC; asked at every attempt, whose time is signed.
            cafile: PEM file of the authority to trust instead of the system's.
            limits: how long an attempt may take.

        Raises:
            AlertError: the address or the secret cannot be used.
        """
        self._target = target_of(endpoint)
        self._key = signing_key(endpoint.secret) if endpoint.secret else None
        self._contact = clean_header(endpoint.contact).encode("ascii", "ignore").decode()
        self._clock = clock
        self._cafile = cafile
        self._limits = limits

    def send(self, raw: bytes, recipient: Recipient, name: str) -> SendResult:  # noqa: ARG002 - the URL says to whom
        """POST the document.

        Returns:
            accepted on 2xx; refused on any other answer, for good where a further attempt would be answered alike;
            unreachable when nothing was handed over; unknown when no answer came.
        """
        now = self._clock()
        request = Request(self._target, self._headers(raw, name, now), raw, self._cafile, self._limits)
        answer = post(request)
        return _judged(answer, request.host, now) if isinstance(answer, Answer) else answer

    def close(self) -> None:
        """Nothing is held open."""

    def _headers(self, raw: bytes, name: str, now: datetime) -> Mapping[str, str]:
        message_id, timestamp = webhook_id(name), int(now.timestamp())
        agent = f"tipwatch/{version('tipwatch')}"
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"{agent} (+{self._contact})" if self._contact else agent,
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
        }
        if self._key is not None:
            headers["webhook-signature"] = signature(self._key, message_id, timestamp, raw)
        return headers


def target_of(endpoint: Endpoint) -> SplitResult:
    """The parts of a webhook's address.

    Raises:
        AlertError: it is none we may POST to. The message does not repeat the address, which may hold a token.
    """
    url, who = endpoint.url.strip(), f"channel {endpoint.id}"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        usable = parts.scheme in {"http", "https"} and bool(host) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not url.isascii() or not url.isprintable() or " " in url:
        msg = f"{who}: its url is not a web address in plain ASCII, such as https://example.org/hook"
        raise AlertError(msg)
    if parts.username is not None:
        msg = f"{who}: a webhook takes no user name in its url; what it sends is signed with its secret"
        raise AlertError(msg)
    if parts.scheme == "http" and not _is_loopback(host):
        msg = f"{who}: http is for this machine only; use https for {host}"
        raise AlertError(msg)
    return parts


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _judged(answer: Answer, host: str, now: datetime) -> SendResult:
    status = answer.status
    if 200 <= status <= 299:
        return SendResult.accepted(f"{host} answered {status}")
    wait_s = _seconds(answer.retry_after, now)
    if 300 <= status <= 399:
        sent_on = SendResult.refused(status, f"{host} sends us on to another address", permanent=False)
        return sent_on.about(Concern.CHANNEL, _NOT_FOLLOWED, wait_s=wait_s)
    words = f"{host}: {http.client.responses.get(status, 'an answer that no standard knows')}"
    if said := clean_header(answer.said, _LONGEST_ANSWER):
        words += f": {said}"
    concern, advice = _MEANING.get(status, (Concern.MAIL, _FAULT_THERE if status >= 500 else ""))
    permanent = 400 <= status <= 499 and status not in _LATER
    return SendResult.refused(status, words, permanent=permanent).about(concern, advice, wait_s=wait_s)


def _seconds(retry_after: str | None, now: datetime) -> float | None:
    """What Retry-After asks for (RFC 9110, 10.2.3: seconds or a date), in seconds; None when nothing usable."""
    asked = (retry_after or "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked[:9])
    try:
        until = parsedate_to_datetime(asked)
    except ValueError:
        return None
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())


def _payload(digest: Digest, mail: RenderedMail, endpoint: Endpoint) -> bytes:  # noqa: ARG001 - the same for all
    return document(digest, mail)


def _open(endpoint: Endpoint) -> Channel:
    return WebhookChannel(endpoint)


KIND = Kind("webhook", _payload, _open, takes_secret=True)
