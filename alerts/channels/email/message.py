"""A rendered digest as the bytes of a mail (RFC 5322, MIME), read back before anyone may send it."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from quopri import encodestring

import idna

from alerts.digest import RenderedMail
from alerts.errors import AlertError, UnsafeMailError
from alerts.subscription import Recipient

LONGEST_SUBJECT = 150
_LONGEST_NAME = 80

#: what would break a line (Zl, Zp, Cc) or the encoder (Cs)
_BREAKING = frozenset({"Cc", "Zl", "Zp", "Cs"})
#: invisible characters that turn the reading direction: a title must not rearrange the subject line
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_DOT_ATOM = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_ID_ATOM = re.compile(r"[A-Za-z0-9_-]{1,64}(?:\.[A-Za-z0-9_-]{1,64}){0,9}")
_HTTPS_URL = re.compile(r"https://[!-~]{1,900}", re.ASCII)
_BARE_BREAK = re.compile(rb"\r(?!\n)|(?<!\r)\n")


@dataclass(frozen=True, slots=True)
class Envelope:
    """All of a mail that is not its content.

    Attributes:
        message_id: with its angle brackets, as `message_id` makes it.
        date: aware; when the digest was made.
        list_id: identity of the mailing (RFC 2919), like a host name, e.g. ``desk.tipwatch.example.org``.
        list_name: what people call it; may be empty.
        unsubscribe: https URL taking a one-click POST (RFC 8058); None when there is none.
    """

    sender: Recipient
    recipient: Recipient
    message_id: str
    date: datetime
    list_id: str
    list_name: str = ""
    unsubscribe: str | None = None


def clean_header(text: str, limit: int = LONGEST_SUBJECT) -> str:
    """`text` as one harmless header line of at most `limit` characters.

    Controls, line separators and lone surrogates become spaces, marks that turn the reading direction go. The
    start of an RFC 2047 word is broken up: Python before 3.11.10 decodes it and writes what was in it as
    headers of their own (CVE-2024-6923).
    """
    kept = (" " if unicodedata.category(c) in _BREAKING else c for c in text if c not in _TURNING)
    line = " ".join("".join(kept).split()).replace("=?", "= ?")
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def wire_address(address: str) -> str:
    """The address as SMTP carries it: ASCII local part, domain in A-labels (RFC 5891).

    Raises:
        AlertError: it is not an address we can send to.
    """
    local, at, domain = address.rpartition("@")
    if not at or not _DOT_ATOM.fullmatch(local) or len(local) > 64:
        msg = f"{address!r} is not a mail address we can send to: the part before @ must be plain ASCII"
        raise AlertError(msg)
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"
    except (idna.IDNAError, UnicodeError) as error:
        msg = f"{address!r} is not a mail address we can send to: its domain is not a valid name"
        raise AlertError(msg) from error


def message_id(digest_id: str, recipient: Recipient, domain: str) -> str:
    """The Message-ID of a digest for a recipient: always the same, and it does not give the address away."""
    digest = digest_id if _ID_ATOM.fullmatch(digest_id) else _short_hash(digest_id)
    mark = hmac.new(
        digest_id.encode("utf-8", "replace"), recipient.address.lower().encode("utf-8", "replace"), "sha256"
    )
    return f"<d.{digest}.{mark.hexdigest()[:16]}@{idna.encode(domain, uts46=True).decode('ascii')}>"


def build_message(mail: RenderedMail, envelope: Envelope) -> bytes:
    """The mail as bytes: CRLF, ASCII only, lines within 998 bytes, text and HTML as alternatives.

    Raises:
        AlertError: an address cannot be sent to.
        UnsafeMailError: read back, the mail does not have exactly the headers it should have.
    """
    headers = _headers(mail, envelope)
    message = EmailMessage(policy=policy.SMTP)
    for name, value in headers.items():
        message[name] = value
    message.set_content(_printable(mail.text), cte=_encoding(mail.text))
    message.add_alternative(_printable(mail.html), subtype="html", cte=_encoding(mail.html))
    # "=_" occurs neither in quoted-printable nor in base64 (RFC 2045, 6.7): no content can end a part
    message.set_boundary(f"=_{_short_hash(envelope.message_id)}")
    raw = message.as_bytes()
    _check(raw, (*headers, "MIME-Version", "Content-Type"), wire_address(envelope.recipient.address))
    return raw


def size_as_sent(content: str) -> int:
    """Bytes that a part with this content takes in the mail, transfer encoding included."""
    return min(_encoded_sizes(content).values())


def _headers(mail: RenderedMail, envelope: Envelope) -> dict[str, str | Address]:
    list_name = clean_header(envelope.list_name, _LONGEST_NAME).translate({ord(c): None for c in '<>"\\()'})
    list_id = (
        clean_header(envelope.list_id)
        .encode("ascii", "ignore")
        .decode()
        .translate({ord(c): None for c in "<> "})
    )
    headers: dict[str, str | Address] = {
        "From": _mailbox(envelope.sender),
        "To": _mailbox(envelope.recipient),
        "Subject": clean_header(mail.subject),
        "Date": format_datetime(envelope.date),
        "Message-ID": clean_header(envelope.message_id, 300),
        "List-Id": f"{list_name} <{list_id}>".strip(),
        "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office answers
        "Precedence": "bulk",
    }
    if envelope.unsubscribe is not None:
        if not _HTTPS_URL.fullmatch(envelope.unsubscribe):
            msg = "the unsubscribe link must be an https URL in plain ASCII"
            raise AlertError(msg)
        headers["List-Unsubscribe"] = f"<{envelope.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _mailbox(person: Recipient) -> Address:
    return Address(clean_header(person.name, _LONGEST_NAME), addr_spec=wire_address(person.address))


def _printable(content: str) -> str:
    """Content without what cannot be encoded; surrogates come from mislabelled pages."""
    return content.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _encoded_sizes(content: str) -> dict[str, int]:
    plain = _printable(content).encode("utf-8")
    quoted = encodestring(plain)
    breaks = plain.count(b"\n")  # each becomes CRLF
    return {
        "quoted-printable": len(quoted) + quoted.count(b"\n"),
        "base64": (length := (len(plain) + breaks + 2) // 3 * 4) + 2 * (length // 76 + 1),
    }


def _encoding(content: str) -> str:
    """The shorter of the two encodings that keep lines short and ASCII; when level, quoted-printable."""
    sizes = _encoded_sizes(content)
    return min(sizes, key=lambda name: sizes[name])


def _check(raw: bytes, expected: tuple[str, ...], recipient: str) -> None:
    """Read the mail as a receiver would, and compare.

    Raises:
        UnsafeMailError: it says more, less or something else.
    """
    found = message_from_bytes(raw, policy=policy.default)
    head, _, _ = raw.partition(b"\r\n\r\n")
    problem = None
    if sorted(found.keys()) != sorted(expected):
        problem = f"headers are {sorted(found.keys())}, not {sorted(expected)}"
    elif _BARE_BREAK.search(head) or not raw.isascii() or max(map(len, raw.split(b"\r\n"))) > 998:
        problem = "lines are not as RFC 5322 has them"
    elif [mailbox.addr_spec for mailbox in found["To"].addresses] != [recipient]:
        problem = "it is not addressed to its recipient alone"
    elif [part.get_content_type() for part in found.walk()] != [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]:
        problem = "it does not consist of a text and an HTML part"
    if problem:
        msg = f"mail not built: {problem}"
        raise UnsafeMailError(msg)


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]
