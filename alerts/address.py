"""Mail addresses: how SMTP carries them, and the one spelling by which a mailbox is known again."""

from __future__ import annotations

import re

import idna

from alerts.errors import AlertError

_DOT_ATOM = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_LONGEST_LOCAL = 64  # bytes (RFC 5321, 4.5.3.1.1)
_LONGEST_ADDRESS = 254  # bytes: a path of 256 less its angle brackets (RFC 5321, 4.5.3.1.3)


def wire_address(address: str) -> str:
    """The address as SMTP carries it: ASCII local part, domain in A-labels (RFC 5891).

    Raises:
        AlertError: it is not an address we can send to.
    """
    local, at, domain = address.rpartition("@")
    if not at:
        msg = f"{address!r} is not a mail address we can send to: it has no @"
        raise AlertError(msg)
    if not _DOT_ATOM.fullmatch(local) or len(local) > _LONGEST_LOCAL:
        msg = (
            f"{address!r} is not a mail address we can send to: the part before @ must be plain ASCII, without "
            f"spaces or two dots in a row, {_LONGEST_LOCAL} characters at most"
        )
        raise AlertError(msg)
    try:
        known_as = idna.encode(domain.removesuffix("."), uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        msg = f"{address!r} is not a mail address we can send to: its domain is not a valid name"
        raise AlertError(msg) from error
    if len(local) + 1 + len(known_as) > _LONGEST_ADDRESS:
        msg = f"{address!r} is not a mail address we can send to: it is longer than {_LONGEST_ADDRESS} bytes"
        raise AlertError(msg)
    return f"{local}@{known_as}"


def mailbox_key(address: str) -> str:
    """The one spelling of a mailbox: as SMTP carries it, in small letters.

    RFC 5321 lets a server tell ``Desk@`` from ``desk@``; none is known that does. What is no mail address (the name
    of a channel) is only trimmed and lowered.
    """
    try:
        return wire_address(address.strip()).lower()
    except AlertError:
        return address.strip().lower()
