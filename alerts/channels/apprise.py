"""Digests to chat and a hundred other services, by the library apprise: an extra that need not be installed."""

from __future__ import annotations

import json
import logging
import re
from types import ModuleType
from typing import TYPE_CHECKING
from urllib.parse import unquote

from alerts.channels.chat import chat_text, cut, harmless, length
from alerts.channels.email import clean_header
from alerts.channels.kind import Channel, Endpoint, Kind
from alerts.digest import Digest, RenderedMail
from alerts.errors import AlertError
from alerts.outbox import Concern, SendResult
from alerts.subscription import Recipient

if TYPE_CHECKING:
    from apprise import Apprise, AppriseResult, NotifyBase

#: of one attempt, all its requests together; apprise itself waits 4 s for a connection and 4 s for an answer
TOTAL_S = 120.0

#: what a service takes when apprise cannot be asked: the least that common chat services do
_TITLE_UNITS, _BODY_UNITS = 250, 2_000
#: services count escapes as well (&amp; for &), and apprise puts things around: some room is left for that
_SHARE = 0.9
#: no chat message is longer, whatever the service would take: who wants it all takes the mail
_LONGEST_BODY = 20_000
_LONGEST_WORDS = 300

_MISSING = "channels of kind apprise need the extra of that name: `./tw setup apprise`, or pip install 'tipwatch[apprise]'"
_UNKNOWN_URL = (
    "its url is none that apprise knows: https://appriseit.com/services/ shows how each service's is written"
)

_STATUS = re.compile(r"error=([1-5]\d\d)\b")
#: what requests says when no connection was made: nothing was handed over
_NOT_CONNECTED = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|SSLError|SSLCertVerification|InvalidURL|ProxyError"
)
_IN_WORDS = (
    ("NameResolutionError", "no address is known for its host name"),
    ("certificate verify failed", "the certificate of its host is not valid"),
    ("SSLError", "no TLS with its host"),
    ("Connection refused", "nothing listens at its host on that port"),
    ("ConnectTimeout", "no answer from its host in time"),
    ("InvalidURL", "its url leads nowhere"),
)


class AppriseChannel:
    """Sends each message to one service, in one go."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Raises AlertError when apprise is not installed or does not know the url; touches no network."""
        library = _library()
        if library is None:
            raise AlertError(f"channel {endpoint.id}: {_MISSING}")
        service = _service(library, endpoint.url)
        if service is None:
            raise AlertError(f"channel {endpoint.id}: {_UNKNOWN_URL}")
        self._library = library
        self._service = service
        self._secrets = _secret_parts(endpoint.url)

    def send(self, raw: bytes, recipient: Recipient, name: str) -> SendResult:  # noqa: ARG002 - the URL says to whom
        """Hand the message to the service.

        Returns:
            accepted; refused when it answered so; unreachable when no connection was made; else unknown: a service
            that answered nothing may have taken it, and recognises no doubles.
        """
        said = json.loads(raw)
        title, body = _units(self._service, said["title"])
        sender: Apprise = self._library.Apprise(asset=self._service.asset)
        sender.add(self._service)
        result = sender.notify(
            title=cut(said["title"], title),
            body=cut(said["body"], body),
            body_format=self._library.NotifyFormat.TEXT,
            interpret_escapes=False,
            timeout=TOTAL_S,
            log_level=logging.DEBUG,  # only there it says what became of the connection; nothing of it is logged
        )
        return self._judged(result)

    def close(self) -> None:
        """Nothing is held open."""

    def _judged(self, result: AppriseResult) -> SendResult:
        service = str(self._service.service_name)
        if result:
            return SendResult.accepted(f"{service} took it")
        entries = list(result.logs())
        everything = "\n".join(entry.message for entry in entries)
        told = [entry.message for entry in entries if entry.level in {"WARNING", "ERROR", "CRITICAL"}]
        words = f"{service}: {self._scrubbed(' '.join(told)) or 'it was not taken, and nothing was said'}"
        if status := _STATUS.search(everything):
            code = int(status[1])
            concern = Concern.BUSY if code in {429, 503} else Concern.MAIL
            return SendResult.refused(code, words, permanent=False).about(concern)
        if _NOT_CONNECTED.search(everything):
            why = next((text for mark, text in _IN_WORDS if mark in everything), "no connection was made")
            return SendResult.unreachable(f"{service}: {why}")
        return SendResult.unknown(words)

    def _scrubbed(self, words: str) -> str:
        for secret in self._secrets:
            words = words.replace(secret, "…")
        return clean_header(words, _LONGEST_WORDS)


def _library() -> ModuleType | None:
    """The module, quietened; None when it is not installed."""
    try:
        import apprise  # noqa: PLC0415 - an extra, and a quarter of a second
    except ImportError:
        return None
    # its words, and those of the library it sends by, hold urls with tokens: they go to whoever asked, never to a log
    log = logging.getLogger("apprise")
    log.propagate = False
    log.setLevel(logging.DEBUG)  # or what is asked for with a message is not said
    if not log.handlers:
        log.addHandler(logging.NullHandler())
    logging.getLogger("urllib3").setLevel(logging.WARNING)
    return apprise


def _service(library: ModuleType, url: str) -> NotifyBase | None:
    asset = library.AppriseAsset(
        app_id="tipwatch",
        app_desc="tipwatch",
        app_url="",
        image_url_mask="",  # or messages come with a picture from somebody else's server
        image_url_logo="",
        async_mode=False,
        storage_mode="memory",
    )
    try:
        found: NotifyBase | None = library.Apprise.instantiate(
            url.strip(), asset=asset, suppress_exceptions=True
        )
    except Exception:  # the border: whatever a plugin makes of a wrong url, it is a wrong url
        return None
    return found


def _units(service: NotifyBase | None, title: str) -> tuple[int, int]:
    """UTF-16 units that the service takes for the title and, beside this title, for the text."""
    if service is None:
        return _TITLE_UNITS, int(_BODY_UNITS * _SHARE) - length(title) - 2
    titles, bodies = int(service.title_maxlen or 0), int(service.body_maxlen or 0) or _LONGEST_BODY
    shared = (
        titles <= 0 or service.overflow_amalgamate_title
    )  # the title is part of the text, or counts with it
    body = min(int(bodies * _SHARE), _LONGEST_BODY)
    if not shared:
        return titles, body
    kept = min(length(title), max(20, body // 2), titles if titles > 0 else body)
    return kept, max(0, body - kept - 2)


def _secret_parts(url: str) -> tuple[str, ...]:
    """The parts of the url that may be tokens, as written and decoded, longest first; and the whole."""
    parts = re.split(r"[/:@?&=+#]+", url.partition("://")[2])
    wanted = {form for part in (*parts, url) for form in (part, unquote(part)) if len(form) >= 6}
    return tuple(sorted(wanted, key=len, reverse=True))


def _payload(digest: Digest, mail: RenderedMail, endpoint: Endpoint) -> bytes:
    """Title and text, within what the service takes now."""
    library = _library()
    service = _service(library, endpoint.url) if library is not None else None
    subject = harmless(mail.subject)
    title, body = _units(service, subject)
    said = {"title": cut(subject, title), "body": chat_text(digest, body)}
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")


def _open(endpoint: Endpoint) -> Channel:
    return AppriseChannel(endpoint)


KIND = Kind("apprise", _payload, _open)
