"""The headers of a mail, written by us: folded, encoded and escaped so that each says one thing and no more.

Python's own folding is not used for them. Before 3.11.10 it drops the quotes of a long name, so that its commas
part it into several recipients; it loses spaces between encoded words of a subject; and it encodes identifiers and
URLs longer than a line, which nobody then finds again (measured with 3.11.7).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from urllib.parse import quote

import idna

from alerts.address import wire_address
from alerts.errors import AlertError
from alerts.subscription import Recipient

LONGEST_SUBJECT = 150
_LONGEST_NAME = 80
#: earlier mails named in References: the first, and the latest so many less one (RFC 5537, 3.4.4 cuts the same way)
MOST_REFERENCES = 20
#: characters of a line we fold ourselves (RFC 5322, 2.1.1)
_LINE = 76

#: what would break a line (Zl, Zp, Cc) or the encoder (Cs)
_BREAKING = frozenset({"Cc", "Zl", "Zp", "Cs"})
#: invisible characters that turn the reading direction: a title must not rearrange the subject line
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_ID_ATOM = re.compile(r"[A-Za-z0-9_-]{1,64}(?:\.[A-Za-z0-9_-]{1,64}){0,9}")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._+$=-]{1,200}@[A-Za-z0-9.-]{1,253}>")
_LIST_ID = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,20}")
#: the characters of RFC 3986 and no others
_HTTPS_URL = re.compile(r"https://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]{1,900}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
_PLAIN_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


@dataclass(frozen=True, slots=True)
class Envelope:
    """All of a mail that is not its content.

    Attributes:
        message_id: with its angle brackets, as `message_id` makes it.
        date: aware; when the digest was made.
        list_id: identity of the mailing (RFC 2919), like a host name, e.g. ``desk.tipwatch.example.org``.
        list_name: what people call it; may be empty.
        unsubscribe: https URL taking a one-click POST (RFC 8058), as `alerts.unsubscribe` makes it; None when there
            is none. A relay that signs must sign both List-Unsubscribe headers.
        unsubscribe_to: a mailbox that takes requests to leave, read by people; None when there is none.
        in_reply_to: Message-ID of the mail that this one continues; None for a mail of its own.
        references: Message-IDs of the thread so far, oldest first; `in_reply_to` is added when it is missing, and
            beyond `MOST_REFERENCES` those after the first are left out.
        language: of the frame (RFC 5646), for Content-Language; None: not said.
    """

    sender: Recipient
    recipient: Recipient
    message_id: str
    date: datetime
    list_id: str
    list_name: str = ""
    unsubscribe: str | None = None
    unsubscribe_to: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    language: str | None = None


def clean_header(text: str, limit: int = LONGEST_SUBJECT) -> str:
    """`text` as one harmless header line of at most `limit` characters.

    Controls, line separators and lone surrogates become spaces, marks that turn the reading direction go. The
    start of an RFC 2047 word is broken up: Python before 3.11.10 decodes it and writes what was in it as
    headers of their own (CVE-2024-6923), and a relay of ours may be one.
    """
    kept = (" " if unicodedata.category(c) in _BREAKING else c for c in text if c not in _TURNING)
    line = " ".join("".join(kept).split()).replace("=?", "= ?")
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def message_id(digest_id: str, recipient: Recipient, domain: str) -> str:
    """The Message-ID of a digest for a recipient: always the same, and it does not give the address away."""
    digest = digest_id if _ID_ATOM.fullmatch(digest_id) and len(digest_id) <= 150 else short_hash(digest_id)
    mark = hmac.new(
        digest_id.encode("utf-8", "replace"), recipient.address.lower().encode("utf-8", "replace"), "sha256"
    )
    return f"<d.{digest}.{mark.hexdigest()[:16]}@{idna.encode(domain, uts46=True).decode('ascii')}>"


def header_fields(subject: str, envelope: Envelope) -> dict[str, str]:
    """The headers by name, in order, each value folded with CRLF and ASCII only.

    Raises:
        AlertError: something in the envelope cannot be said in a header; the message says what.
    """
    if envelope.date.tzinfo is None:
        msg = "the date of a mail needs a time zone"
        raise AlertError(msg)
    fields = {
        "From": _mailbox(envelope.sender),
        "To": _mailbox(envelope.recipient),
        "Subject": _text(clean_header(subject), "Subject"),
        "Date": format_datetime(envelope.date),
        "Message-ID": _identifier(envelope.message_id),
        **_thread(envelope),
        "List-Id": _phrase(envelope.list_name, "List-Id") + f"<{_list_id(envelope.list_id)}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office answers
        "Precedence": "bulk",
        **_leaving(envelope),
    }
    if envelope.language is not None:
        if not _LANGUAGE.fullmatch(envelope.language):
            msg = f"{envelope.language!r} is not the tag of a language"
            raise AlertError(msg)
        fields["Content-Language"] = envelope.language
    return fields


def short_hash(text: str) -> str:
    """24 hexadecimal digits that stand for a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _mailbox(person: Recipient) -> str:
    address = wire_address(person.address)
    phrase = _phrase(person.name, "From")
    return f"{phrase}<{address}>" if phrase else address


def _phrase(name: str, header: str) -> str:
    """A name before an angle bracket, with the white space between; empty when there is no name."""
    clean = clean_header(name, _LONGEST_NAME)
    if not clean:
        return ""
    if not clean.isascii():
        return _encoded(clean, header) + "\r\n "
    if _PLAIN_PHRASE.fullmatch(clean):
        return clean + (" " if len(clean) <= 40 else "\r\n ")
    quoted = clean.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"' + (" " if len(quoted) <= 40 else "\r\n ")


def _text(clean: str, header: str) -> str:
    """Free text: ASCII as it stands, folded between words; anything else as encoded words (RFC 2047)."""
    if not clean.isascii():
        return _encoded(clean, header)
    lines = [""]
    room = _LINE - len(header) - 2
    for word in clean.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append(word)
            room = _LINE - 1
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return "\r\n ".join(lines)


def _encoded(clean: str, header: str) -> str:
    return Header(clean, "utf-8", _LINE, header).encode(linesep="\r\n")


def _identifier(text: str) -> str:
    if not _MESSAGE_ID.fullmatch(text):
        msg = f"{text!r} is not a Message-ID of ours"
        raise AlertError(msg)
    return text


def _thread(envelope: Envelope) -> dict[str, str]:
    named = [*envelope.references, *([envelope.in_reply_to] if envelope.in_reply_to else [])]
    earlier = [_identifier(one) for one in dict.fromkeys(named) if one != envelope.message_id]
    if len(earlier) > MOST_REFERENCES:
        earlier = [earlier[0], *earlier[1 - MOST_REFERENCES :]]
    if not earlier:
        return {}
    # without a parent of its own the mail continues the latest of the thread
    parent = envelope.in_reply_to if envelope.in_reply_to in earlier else earlier[-1]
    return {"In-Reply-To": parent, "References": "\r\n ".join(earlier)}


def _list_id(text: str) -> str:
    """A dot-atom: as given, with an international domain in A-labels, or else a hash."""
    if _LIST_ID.fullmatch(text) and len(text) <= 253:
        return text
    try:
        return idna.encode(text, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return short_hash(text)


def _leaving(envelope: Envelope) -> dict[str, str]:
    """How to leave the mailing (RFC 2369), in one click where a URL takes that (RFC 8058)."""
    ways = []
    if envelope.unsubscribe is not None:
        if not _HTTPS_URL.fullmatch(envelope.unsubscribe) or "=?" in envelope.unsubscribe:
            msg = "the unsubscribe link must be an https URL in plain ASCII"
            raise AlertError(msg)
        ways.append(f"<{envelope.unsubscribe}>")
    if envelope.unsubscribe_to is not None:
        to = quote(wire_address(envelope.unsubscribe_to), safe="@.+-_")
        ways.append(f"<mailto:{to}?subject=unsubscribe%20{quote(_list_id(envelope.list_id), safe='.')}>")
    fields = {"List-Unsubscribe": ",\r\n ".join(ways)} if ways else {}
    if envelope.unsubscribe is not None:
        fields["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return fields
