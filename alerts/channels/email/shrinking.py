"""A mail made small, for a server that found it too large (552): the same mail, as text alone."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart

from alerts.channels.email.message import header_problem, printable, size_as_sent, text_part
from alerts.errors import UnsafeMailError

#: bytes of the text as sent; no server in use takes less than 64 kB
LARGEST_SHRUNK = 40_000
_CUT = "\n[…]\n"
#: headers that say how the content is written down, and are written anew with it
_OF_CONTENT = frozenset({"mime-version", "content-type", "content-transfer-encoding", "content-disposition"})


def shrunk(raw: bytes, note: str) -> bytes | None:
    """The same mail with its text alone: no HTML, nothing attached, the text cut at a line to `LARGEST_SHRUNK` bytes.

    All headers that are not about the content are kept byte by byte, the Message-ID with them, so that the mail can
    be threaded and is known again.

    Args:
        raw: a mail as `build_message` makes it.
        note: said above the text: what was left out, and where it is found.

    Returns:
        None when the mail is as small as that already, or is none of ours.

    Raises:
        UnsafeMailError: read back, the small mail does not have the headers of the large one.
    """
    head, end, _ = raw.partition(b"\r\n\r\n")
    found = message_from_bytes(raw, policy=policy.default)
    part = found.get_body(preferencelist=("plain",))
    if not end or part is None or not found["To"]:
        return None
    text = _text_of(part)
    if not found.is_multipart() and size_as_sent(text) <= LARGEST_SHRUNK:
        return None
    kept = [field for field in _fields(head) if _name(field) not in _OF_CONTENT]
    small = b"".join(field + b"\r\n" for field in kept) + text_part(_fitting(text, note)).as_bytes()
    _check(small, found)
    return small


def _text_of(part: MIMEPart) -> str:
    return str(part.get_content()).replace("\r\n", "\n")


def _fields(head: bytes) -> list[bytes]:
    """The header fields as they stand, each with its folded lines, without the last CRLF."""
    fields: list[bytes] = []
    for line in head.split(b"\r\n"):
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1] += b"\r\n" + line
        else:
            fields.append(line)
    return fields


def _name(field: bytes) -> str:
    return field.partition(b":")[0].strip().lower().decode("latin-1")


def _fitting(text: str, note: str) -> str:
    """Note and text within `LARGEST_SHRUNK` bytes as sent, the text cut after a line where there is one."""
    said = " ".join(printable(note).split())[:1000]
    whole = f"{said}\n\n{text}" if said else text
    if size_as_sent(whole) <= LARGEST_SHRUNK:
        return whole
    low, high = 0, len(whole)  # so many characters fit; so many do not
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if size_as_sent(whole[:middle] + _CUT) <= LARGEST_SHRUNK else (low, middle)
    at_line = whole.rfind("\n", len(said) + 2, low)
    return (whole[:at_line] if at_line > 0 else whole[:low]) + _CUT


def _check(small: bytes, large: EmailMessage) -> None:
    found = message_from_bytes(small, policy=policy.default)
    names = [name for name, _ in large.items() if name.lower() not in _OF_CONTENT]
    names += ["MIME-Version", "Content-Type", "Content-Transfer-Encoding"]
    problem = header_problem(small, found, names, large["To"].addresses[0].addr_spec)
    if problem is not None:
        msg = f"mail not made smaller: {problem}"
        raise UnsafeMailError(msg)
