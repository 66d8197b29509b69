"""A rendered digest as the bytes of a mail (RFC 5322, MIME), read back before anyone may send it."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from quopri import encodestring

from alerts.address import wire_address
from alerts.channels.email.headers import Envelope, header_fields, short_hash
from alerts.digest import Attachment, RenderedMail
from alerts.errors import AlertError, UnsafeMailError

#: bytes of a whole mail: what every mail server takes, and a phone fetches without asking
LARGEST_MAIL = 1_000_000
_LONGEST_FILE_NAME = 80

_BARE_BREAK = re.compile(rb"\r(?!\n)|(?<!\r)\n")
_UNSAFE_IN_FILE_NAME = re.compile(r"[^A-Za-z0-9._-]+")
#: discrete types only: a ``message/`` or ``multipart/`` part would be read as further mail
_MEDIA_TYPE = re.compile(r"(?:text|image|audio|video|application|font)/[a-z0-9][a-z0-9.+-]{0,80}")


def build_message(mail: RenderedMail, envelope: Envelope) -> bytes:
    """The mail as bytes: CRLF, ASCII only, lines within 998 bytes, text and HTML as alternatives, files beside them.

    The same mail in the same envelope gives the same bytes.

    Raises:
        AlertError: an address cannot be sent to, something cannot be said in a header, or the whole is larger than
            `LARGEST_MAIL`; the message says what.
        UnsafeMailError: read back, the mail does not have exactly the headers, the recipient and the parts it should.
    """
    fields = header_fields(mail.subject, envelope)
    files = [(name, attached) for name, attached in zip(_file_names(mail), mail.attachments, strict=True)]
    body = _body(mail, files, short_hash(envelope.message_id))
    raw = header_block(fields) + body.as_bytes()
    _check(raw, fields, files, wire_address(envelope.recipient.address))
    if len(raw) > LARGEST_MAIL:
        msg = (
            f"the mail is {len(raw):,} bytes large, more than the {LARGEST_MAIL:,} a mail may have: "
            "let fewer stories be shown, or attach less"
        )
        raise AlertError(msg)
    return raw


def header_block(fields: dict[str, str]) -> bytes:
    """Headers as bytes, each with its CRLF; values are folded already."""
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode("ascii")


def size_as_sent(content: str) -> int:
    """Bytes that a part with this content takes in the mail, transfer encoding included."""
    return min(_encoded_sizes(content).values())


def attachment_size_as_sent(content: bytes) -> int:
    """Bytes that an attached file takes in the mail, transfer encoding and its own headers included, at most."""
    length = (len(content) + 2) // 3 * 4
    return length + 2 * (length // 76 + 1) + 400


def text_part(content: str) -> EmailMessage:
    """Plain text as a MIME entity, in the shorter of the two encodings that keep lines short and ASCII."""
    part = EmailMessage(policy=policy.SMTP)
    part.set_content(printable(content), cte=_encoding(content))
    return part


def printable(content: str) -> str:
    """Content without what cannot be encoded; surrogates come from mislabelled pages."""
    return content.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def file_name(name: str) -> str:
    """The name of an attached file as every mail program and file system takes it: ASCII, no path, suffix kept."""
    stem, dot, suffix = _UNSAFE_IN_FILE_NAME.sub("_", name).lstrip("._-").rpartition(".")
    if not dot:
        return suffix[:_LONGEST_FILE_NAME] or "attached"
    suffix = suffix[:12]
    return f"{stem[: _LONGEST_FILE_NAME - 1 - len(suffix)]}.{suffix}".rstrip(".")


def _file_names(mail: RenderedMail) -> list[str]:
    """Safe names, each once: two files of one name would be one file when saved."""
    names: list[str] = []
    for attached in mail.attachments:
        plain = file_name(attached.name)
        stem, dot, suffix = plain.rpartition(".")
        name, number = plain, 2
        while name.lower() in {taken.lower() for taken in names}:
            name = f"{stem}-{number}.{suffix}" if dot else f"{plain}-{number}"
            number += 1
        names.append(name)
    return names


def _body(mail: RenderedMail, files: list[tuple[str, Attachment]], mark: str) -> EmailMessage:
    """Text and HTML as alternatives; with files, both and the files as parts of a whole.

    No content can end a part: ``=_`` occurs neither in quoted-printable nor in base64 (RFC 2045, 6.7).
    """
    body = text_part(mail.text)
    body.add_alternative(printable(mail.html), subtype="html", cte=_encoding(mail.html))
    body.set_boundary(f"=_{mark}")
    for name, attached in files:
        if not _MEDIA_TYPE.fullmatch(attached.media_type):
            msg = f"{attached.media_type!r} is not a media type that may be attached"
            raise AlertError(msg)
        maintype, subtype = attached.media_type.split("/")
        body.add_attachment(
            attached.content,
            maintype=maintype,
            subtype=subtype,
            filename=name,
            cte="base64",
            params={"charset": "utf-8"} if maintype == "text" else None,
        )
    if files:
        body.set_boundary(f"=_m{mark}")
    return body


def _encoded_sizes(content: str) -> dict[str, int]:
    plain = printable(content).encode("utf-8")
    quoted = encodestring(plain)
    breaks = plain.count(b"\n")  # each becomes CRLF
    return {
        "quoted-printable": len(quoted) + quoted.count(b"\n"),
        "base64": (length := (len(plain) + breaks + 2) // 3 * 4) + 2 * (length // 76 + 1),
    }


def _encoding(content: str) -> str:
    """The shorter of the two encodings; when level, quoted-printable."""
    sizes = _encoded_sizes(content)
    return min(sizes, key=lambda name: sizes[name])


def _check(raw: bytes, fields: dict[str, str], files: list[tuple[str, Attachment]], recipient: str) -> None:
    """Read the mail as a receiver would, and compare.

    Raises:
        UnsafeMailError: it says more, less or something else.
    """
    found = message_from_bytes(raw, policy=policy.default)
    problem = header_problem(raw, found, [*fields, "MIME-Version", "Content-Type"], recipient)
    if problem is None:
        parts = [part.get_content_type() for part in found.walk()]
        expected = ["multipart/alternative", "text/plain", "text/html"]
        if files:
            expected = ["multipart/mixed", *expected, *(attached.media_type for _, attached in files)]
        attached = [(part.get_filename(), part.get_payload(decode=True)) for part in found.iter_attachments()]
        if parts != expected:
            problem = f"its parts are {parts}, not {expected}"
        elif files and attached != [(name, one.content) for name, one in files]:
            problem = "what is attached is not what was to be attached"
    if problem is not None:
        msg = f"mail not built: {problem}"
        raise UnsafeMailError(msg)


def header_problem(raw: bytes, found: EmailMessage, expected: list[str], recipient: str) -> str | None:
    """What is wrong with the headers of a mail read back, in words; None when they are exactly the expected ones."""
    head, _, _ = raw.partition(b"\r\n\r\n")
    if sorted(found.keys()) != sorted(expected):
        return f"headers are {sorted(found.keys())}, not {sorted(expected)}"
    if _BARE_BREAK.search(head) or not raw.isascii() or max(map(len, raw.split(b"\r\n"))) > 998:
        return "lines are not as RFC 5322 has them"
    if [mailbox.addr_spec for mailbox in found["To"].addresses] != [recipient]:
        return "it is not addressed to its recipient alone"
    return None
